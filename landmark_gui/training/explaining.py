"""Where a network looks: Grad-CAM (Selvaraju et al., ICCV 2017, https://arxiv.org/abs/1610.02391).

How much a class gains by a feature map is its gradient; the maps, so weighted, are added up, and
what speaks against the class is left out. The paper takes the mean of the gradient over each map.
Where maps are averaged, as in all our networks but the log's, it is the same everywhere anyway. In
the log's, each cell has weights of its own, and the mean would put heat on places that play no
part; so the gradient is taken as it is, which is exact in both cases (HiResCAM; Draelos and Carin,
https://arxiv.org/abs/2011.08891).
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from landmark_gui.core import images
from landmark_gui.core.errors import BundleError, LandmarkError, TrainingError
from landmark_gui.core.heat import HeatMap
from landmark_gui.core.i18n import tr
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.parts import Box, part_of, render_part
from landmark_gui.inference.rendering import Pixels
from landmark_gui.training.bundle_reader import load_keras

Event = dict[str, Any]
Numbers = npt.NDArray[np.float32]


class GradCam:
    """A model that is asked where it looks.

    The maps are the last ones of the network, of a backbone those that it ends with. The gradient
    is that of the class's value before the softmax, as in the paper: that of its probability
    would vanish where the model is sure.

    Args:
        model: a chain of layers from pixels, shape (batch, size, size, 3), to the softmax of a
            dense layer; one of its layers may be a backbone.

    Raises:
        TrainingError: if it is of another kind, or its maps are a single cell.
    """

    def __init__(self, model: keras.Model) -> None:
        last = model.layers[-1]
        maps = _last_maps(model)
        if not _is_softmax(last) or maps is None:
            raise TrainingError(tr("This kind of network does not tell where it looks."))
        if maps.shape[1] * maps.shape[2] == 1:
            raise TrainingError(
                tr("Its pictures are so small that the network does not tell places apart.")
            )
        self._last = last
        self._parts = keras.Model(model.inputs, [maps, last.input])

    def heat(self, image: Pixels, index: int | None = None) -> tuple[Numbers, int]:
        """Where the model looks on a picture for a class.

        Args:
            image: uint8, shape (size, size, 3), as `core.crops.render` makes it.
            index: of the class; None is the most probable one.

        Returns:
            The map, float32, shape (h, w) of the network's last maps, 0 to 1, and the class.
        """
        pixels = tf.convert_to_tensor(image[np.newaxis], tf.float32)
        with tf.GradientTape() as tape:
            maps, features = self._parts(pixels, training=False)
            values = tf.cast(features, tf.float32) @ self._last.kernel + self._last.bias
            index = int(tf.argmax(values[0])) if index is None else index
            value = values[0, index]
        gains = tape.gradient(value, maps)
        heat = np.maximum(tf.reduce_sum(gains * maps, axis=-1)[0].numpy(), 0)
        return (heat / (heat.max() or 1)).astype(np.float32), index


class Answering:
    """Answers the questions of `jobs.explainer`; the last model stays loaded until it changes."""

    def __init__(self) -> None:
        self._loaded: _Loaded | None = None

    def answer(self, command: Event) -> Event:
        """The event "heat" for a command "explain", or "unexplained", which says why not.

        Args:
            command: `id`, `model`, `photo`, `box` ([x, y, w, h] in pixels of the upright photo, or
                null) and `label` (or null for the most probable one).
        """
        id_ = command.get("id")
        try:
            heat = self._heat(command)
        except LandmarkError as error:
            return {"event": "unexplained", "id": id_, "message": str(error)}
        except Exception as error:  # the next question may have an answer
            traceback.print_exc()
            detail = f"{type(error).__name__}: {error}"
            message = tr(
                "{path} could not be explained: {reason}",
                path=command.get("photo"),
                reason=detail,
            )
            return {"event": "unexplained", "id": id_, "message": message}
        values = [round(float(value), 4) for value in heat.values.ravel()]
        return {
            "event": "heat",
            "id": id_,
            "label": heat.label,
            "shape": list(heat.values.shape),
            "values": values,
            "part": heat.part,
        }

    def _heat(self, command: Event) -> HeatMap:
        loaded = self._model(Path(command["model"]))
        labels = loaded.bundle.labels
        label = command.get("label")
        if label is not None and label not in labels:
            raise TrainingError(
                tr("{path} does not know {label}.", path=loaded.bundle.path, label=label)
            )
        photo, box = Path(command["photo"]), _box(command)
        image = render_part(loaded.bundle, photo, box)
        values, index = loaded.grad_cam.heat(image, None if label is None else labels.index(label))
        return HeatMap(values, labels[index], box and _part(loaded.bundle, photo, box))

    def _model(self, path: Path) -> _Loaded:
        mark = _mark(path)
        if self._loaded is None or self._loaded.mark != mark:
            self._loaded = None  # two models at a time would take the memory twice
            self._loaded = _Loaded(path, mark)
        return self._loaded


class _Loaded:
    """A model file in memory, and by what one sees that the file is another."""

    def __init__(self, path: Path, mark: tuple[Any, ...]) -> None:
        self.mark = mark
        self.bundle: Bundle = read_bundle(path)
        try:
            self.grad_cam = GradCam(load_keras(self.bundle))
        except TrainingError as error:
            raise BundleError(f"{path}: {error}") from error


def _box(command: Event) -> Box | None:
    if command.get("box") is None:
        return None
    x, y, w, h = map(float, command["box"])
    return x, y, w, h


def _part(bundle: Bundle, photo: Path, box: Box) -> Box:
    header = images.header(photo)
    rect = part_of(bundle, photo, box, header.width, header.height)
    return rect.x, rect.y, rect.w, rect.h


def _mark(path: Path) -> tuple[Any, ...]:
    try:
        status = path.stat()
    except OSError:  # reading it tells why
        return (path,)
    return path, status.st_mtime_ns, status.st_size, status.st_ino


def _last_maps(model: keras.Model) -> keras.KerasTensor | None:
    """What the last layer that is given feature maps is given."""
    for layer in reversed(model.layers):
        given = layer.input
        if isinstance(given, keras.KerasTensor) and len(given.shape) == 4:
            return given
    return None


def _is_softmax(layer: keras.Layer) -> bool:
    return isinstance(layer, keras.layers.Dense) and layer.activation is keras.activations.softmax
