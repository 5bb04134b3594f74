"""Naming the landmark on a photo, with LiteRT."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.core.errors import BundleError
from landmark_gui.core.i18n import tr
from landmark_gui.core.unknown import NEAREST
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.parts import render_part

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    Probabilities = npt.NDArray[np.float32]

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Verdict:
    """What the model says about one picture.

    Attributes:
        path: the photo, or None for pixels that came from elsewhere.
        label: the most probable class, also when `unknown`.
        confidence: its probability, 0 to 1.
        unknown: whether the score is under the threshold.
        top: the most probable classes with their probabilities, best first.
        score: how much the picture looks like what the model has learned, 0 to 1.
        box: the part that was asked about: x, y, width and height in oriented pixels of the
            photo; None if it was taken whole.
    """

    path: Path | None
    label: str
    confidence: float
    unknown: bool
    top: tuple[tuple[str, float], ...]
    score: float
    box: Box | None = None

    def at(self, threshold: float) -> Verdict:
        """The same answer, judged by another threshold than the bundle's."""
        return replace(self, unknown=self.score < threshold)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: `top` becomes a list of `{"label", "confidence"}`."""
        return {
            "path": None if self.path is None else str(self.path),
            "label": self.label,
            "confidence": self.confidence,
            "unknown": self.unknown,
            "top": [{"label": label, "confidence": share} for label, share in self.top],
            "score": self.score,
            "box": None if self.box is None else list(self.box),
        }


@dataclass(frozen=True)
class Answers:
    """What a network says of n images.

    Attributes:
        probabilities: float32, shape (n, classes); each row adds up to 1.
        scores: how familiar each image looks, by the bundle's rule, 0 to 1, shape (n,).
    """

    probabilities: Probabilities
    scores: Probabilities


class Classifier:
    """A loaded model. May be called from any thread; calls run one after the other.

    Args:
        bundle: the model file, read.
        threads: how many cores one prediction may use; None means all.

    Raises:
        BundleError: if LiteRT cannot run the model, or it does not fit the bundle's labels.
    """

    def __init__(self, bundle: Bundle, threads: int | None = None) -> None:
        self.bundle = bundle
        self._threshold = bundle.threshold
        self._lock = threading.Lock()
        self._interpreter = _interpreter(bundle, threads or os.cpu_count() or 1)
        self._input = self._interpreter.get_input_details()[0]
        side, classes = bundle.size, len(bundle.labels)
        self._probabilities = self._output([1, classes])
        self._familiarity = self._output([1, 1]) if bundle.rule.kind == NEAREST else None
        if list(self._input["shape"]) != [1, side, side, 3]:
            raise self._misfit()

    def predict(self, images: Pixels) -> Probabilities:
        """The probability of each class for each image.

        Args:
            images: uint8, shape (n, size, size, 3), as `core.preprocess.to_input` makes them.

        Returns:
            float32, shape (n, classes); each row adds up to 1.
        """
        return self.ask(images).probabilities

    def ask(self, images: Pixels) -> Answers:
        """As `predict`, with the score of each image."""
        import numpy as np

        answers = np.empty((len(images), len(self.bundle.labels)), np.float32)
        scores = np.empty(len(images), np.float32)
        # One at a time: batches are no faster on a CPU and need their own allocation.
        with self._lock:
            for index, image in enumerate(images):
                self._interpreter.set_tensor(
                    self._input["index"], image[np.newaxis].astype(np.float32)
                )
                self._interpreter.invoke()
                answers[index] = self._interpreter.get_tensor(self._probabilities)[0]
                if self._familiarity is not None:
                    scores[index] = self._interpreter.get_tensor(self._familiarity)[0, 0]
        return Answers(answers, answers.max(axis=1) if self._familiarity is None else scores)

    def classify(self, path: Path, top_k: int = 3, box: Box | None = None) -> Verdict:
        """Name the landmark on a photo.

        Args:
            path: a photo of any format that `core.images` reads.
            top_k: how many of the most probable classes to report.
            box: x, y, width and height in oriented pixels, to ask about this part alone, cut as
                the training cut boxes; None takes the photo whole.

        Raises:
            ImageError: if the photo cannot be read, or has less than a pixel of the box.
        """
        return self._verdict(render_part(self.bundle, path, box), top_k, path, box)

    def classify_image(self, image: Pixels, top_k: int = 3) -> Verdict:
        """As `classify`, for RGB pixels: uint8, shape (height, width, 3)."""
        from landmark_gui.core.preprocess import to_input

        return self._verdict(to_input(image, self.bundle.size), top_k)

    def judge(
        self,
        probabilities: Probabilities,
        score: float,
        top_k: int = 3,
        path: Path | None = None,
        box: Box | None = None,
    ) -> Verdict:
        """What an answer means by the bundle's rule.

        Args:
            probabilities: a row of `Answers.probabilities`.
            score: that of the same image.
        """
        best_first = probabilities.argsort(kind="stable")[::-1][: max(1, top_k)]
        top = tuple((self.bundle.labels[i], float(probabilities[i])) for i in best_first)
        label, confidence = top[0]
        return Verdict(path, label, confidence, score < self._threshold, top, score, box)

    def _verdict(
        self, image: Pixels, top_k: int, path: Path | None = None, box: Box | None = None
    ) -> Verdict:
        answers = self.ask(image[None])
        return self.judge(answers.probabilities[0], float(answers.scores[0]), top_k, path, box)

    def _output(self, shape: list[int]) -> int:
        """The tensor of the one output of this shape."""
        found = [
            output["index"]
            for output in self._interpreter.get_output_details()
            if list(output["shape"]) == shape
        ]
        if len(found) != 1:
            raise self._misfit()
        return int(found[0])

    def _misfit(self) -> BundleError:
        return BundleError(
            tr("{path} cannot be used: its parts do not fit each other.", path=self.bundle.path)
        )


def _interpreter(bundle: Bundle, threads: int) -> Any:
    import numpy as np
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=bundle.litert, num_threads=threads)
        interpreter.allocate_tensors()
        details = [*interpreter.get_input_details()[:1], *interpreter.get_output_details()]
        if len(details) < 2 or any(detail["dtype"] != np.float32 for detail in details):
            raise ValueError(tr("it does not answer pixels with numbers"))
    except (ValueError, RuntimeError, MemoryError) as error:
        raise BundleError(
            tr("{path} holds no model that can run here: {detail}", path=bundle.path, detail=error)
        ) from error
    return interpreter
