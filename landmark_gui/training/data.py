"""The examples of a training: rendered once, as network inputs with their labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop, split_counts
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import Cancel, Progress, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.inference.rendering import Pixels, render_crops
from landmark_gui.training.pixel_store import Log, pixel_array

Labels = npt.NDArray[np.int32]
Probabilities = npt.NDArray[np.float32]

NO_PIXELS: Pixels = np.empty((0, 0, 0, 3), np.uint8)
NO_LABELS: Labels = np.empty(0, np.int32)


@dataclass(frozen=True)
class LabelledImages:
    """Network inputs, uint8 of shape (n, size, size, 3), with their n class indices.

    Attributes:
        crops: what they were rendered from, where that is known.
        features: what the frozen backbone that is trained on makes of them, shape (n, d), where
            that is known already.
    """

    images: Pixels
    labels: Labels
    crops: Sequence[Crop] = ()
    features: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class LearningData:
    """What a training learns from and is steered by; the test split stays outside.

    Attributes:
        counts: planned examples of each split and class: {"train": {class: n}, …}.
        whole: photos, some of both splits, that crops were cut from; nothing learns from them.
        strangers: pictures of none of the classes, uint8 of shape (n, size, size, 3); nor from
            these.
    """

    classes: tuple[str, ...]
    train: LabelledImages
    validation: LabelledImages
    counts: dict[str, dict[str, int]]
    whole: LabelledImages = field(default_factory=lambda: LabelledImages(NO_PIXELS, NO_LABELS))
    strangers: Pixels = field(default_factory=lambda: NO_PIXELS)

    def at_hand(self, size: int) -> dict[Crop, Pixels]:
        """The crops that need not be rendered again, if `size` is that of this training."""
        parts = [part for part in (self.train, self.validation) if part.images.shape[1] == size]
        return {
            crop: image
            for part in parts
            for crop, image in zip(part.crops, part.images[: len(part.crops)], strict=True)
        }


def pixels_hash(parts: Iterable[tuple[Labels, Pixels]]) -> str:
    """Of examples as a network gets them: their labels and pixels, part by part.

    Returns:
        32 hexadecimal digits (BLAKE2b-128).
    """
    digest = hashlib.blake2b(digest_size=16)
    for labels, images in parts:
        digest.update(np.ascontiguousarray(labels).data)
        for image in images:
            digest.update(np.ascontiguousarray(image).data)
    return digest.hexdigest()


def render_examples(
    examples: Examples,
    size: int,
    log: Log,
    progress: Progress,
    cancel: Cancel,
    whole: Sequence[Crop] = (),
    strangers: Sequence[Crop] = (),
) -> LearningData:
    """Render the training and validation examples of a project, into memory or a file.

    Photos that cannot be read are named in the log and left out.

    Args:
        whole: photos that crops are cut from, as a whole.
        strangers: parts of the same photos that show none of the landmarks.

    Raises:
        Cancelled: between two photos.
        TrainingError: if fewer than two landmarks have a readable training example.
    """
    parts = (examples.of("train"), examples.of("validation"), whole, strangers)
    chosen = [crop for part in parts for crop in part]
    images = pixel_array(len(chosen), size, log)
    rendered = render_crops(chosen, size, progress, cancel, images)
    for path, reason in dict.fromkeys((*examples.left_out, *rendered.skipped)):
        log(tr("{path} was left out: {reason}", path=path, reason=reason))
    readable = set(rendered.crops)
    edges = np.cumsum([0, *(sum(crop in readable for crop in part) for part in parts)])

    def labelled(number: int) -> LabelledImages:  # a view, not a copy
        rows = slice(edges[number], edges[number + 1])
        crops = rendered.crops[rows]
        labels = np.array(examples.labels(crops), np.int32)
        return LabelledImages(rendered.images[rows], labels, crops)

    train = labelled(0)
    if len(np.unique(train.labels)) < 2:
        raise TrainingError(
            tr("Fewer than two landmarks have a readable photo to learn from. Add photos first.")
        )
    return LearningData(
        examples.classes,
        train,
        labelled(1),
        split_counts(examples.crops, examples.classes),
        labelled(2),
        rendered.images[edges[3] :],
    )
