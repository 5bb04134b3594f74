"""What a network shows of itself while it trains: dead units, confusion, and how well it knows
the photos that it learns from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

Logs = Mapping[str, float] | None
Seen = tuple[npt.NDArray[Any], npt.NDArray[Any]]

EVERY, FIRST = 5, 2
"""Epochs between two looks, and the first one: a rate that is too high kills at once."""
LOOKED_AT, PORTION = 64, 16
"""Training photos of a look, and how many at a time, so that it takes no more memory than a
step does."""


class ConfusionAccuracy(keras.metrics.Metric):
    """Accuracy that remembers which class was taken for which.

    After the validation of an epoch it holds the confusion matrix of the validation photos, so
    nothing is predicted twice.

    Args:
        classes: outputs of the model.
        name: in the history.
    """

    def __init__(self, classes: int, name: str = "accuracy") -> None:
        super().__init__(name=name)
        self.classes = classes
        self.counts = self.add_variable(
            (classes, classes), initializer="zeros", dtype="float32", name="counts"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Labels are class indices, or rows of shares of which the largest counts. Weights are
        passed over, as Keras' own unweighted metrics do."""
        ops = keras.ops
        if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == self.classes > 1:
            y_true = ops.argmax(y_true, axis=-1)
        given = ops.one_hot(ops.reshape(ops.cast(y_true, "int32"), (-1,)), self.classes)
        said = ops.one_hot(ops.argmax(y_pred, axis=-1), self.classes)
        self.counts.assign_add(ops.matmul(ops.transpose(given), said))

    def result(self) -> Any:
        total = keras.ops.sum(self.counts)
        return keras.ops.trace(self.counts) / keras.ops.maximum(total, 1)

    def matrix(self) -> list[list[int]]:
        """Counts by true class (row) and verdict (column)."""
        return np.rint(keras.ops.convert_to_numpy(self.counts)).astype(int).tolist()


class Health(keras.callbacks.Callback):
    """Looks at the network after epochs; must come before `ProgressEvents` in the callbacks.

    Args:
        seen: training examples as they are, as inputs of the model that is fitted, with their
            class indices or rows of shares of classes.
        epochs: of the whole training, the last of which is looked at too.
        validates: whether each epoch ends with a validation.

    Attributes:
        figures: of the last epoch, for its event: `confusion` if it changed, `dead`,
            `train_eval_accuracy` and `train_eval_examples` after a look.
    """

    def __init__(self, seen: Seen, epochs: int, validates: bool) -> None:
        super().__init__()
        self.figures: dict[str, Any] = {}
        inputs, labels = seen
        chosen = np.linspace(0, len(labels) - 1, min(LOOKED_AT, len(labels))).astype(int)
        self._inputs, self._labels = inputs[chosen], _indices(labels[chosen])
        self._epochs, self._validates = epochs, validates
        self._confusion: list[list[int]] = []

    def set_model(self, model: keras.Model) -> None:
        super().set_model(model)
        self._names, self._inside = _with_rectifiers(model)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        number = epoch + 1
        self.figures = self._new_confusion() if self._validates else {}
        if number == FIRST or number % EVERY == 0 or number == self._epochs:
            self.figures |= self._look()

    def _new_confusion(self) -> dict[str, Any]:
        metrics = [one for each in self.model.metrics for one in getattr(each, "metrics", [each])]
        for each in metrics:
            if isinstance(each, ConfusionAccuracy) and each.matrix() != self._confusion:
                self._confusion = each.matrix()
                return {"confusion": self._confusion}
        return {}

    def _look(self) -> dict[str, Any]:
        right, fired = 0, None
        for start in range(0, len(self._labels), PORTION):
            rows = slice(start, start + PORTION)
            portion = self._inputs[rows].astype(np.float32)
            given = self._inside(portion, training=False)
            *rectified, said = given if self._names else [given]
            right += int((np.argmax(said, axis=-1) == self._labels[rows]).sum())
            now = [_fires(np.asarray(values)) for values in rectified]
            fired = now if fired is None else [a | b for a, b in zip(fired, now, strict=True)]
        return {
            "train_eval_accuracy": right / len(self._labels),
            "train_eval_examples": len(self._labels),
            "dead": dead_shares(self._names, fired or []),
        }


def dead_shares(
    names: Sequence[str], fired: Sequence[npt.NDArray[np.bool_]]
) -> list[dict[str, Any]]:
    """The part of each layer's units that did not fire, in the order of the layers."""
    return [
        {"layer": name, "share": float(1 - units.mean())}
        for name, units in zip(names, fired, strict=True)
    ]


def _fires(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which units (of a convolution: channels) give more than 0 anywhere."""
    return np.asarray((values > 0).any(axis=tuple(range(values.ndim - 1))))


def _with_rectifiers(model: keras.Model) -> tuple[list[str], keras.Model]:
    """The names of a model's rectifiers, and a model of their outputs and its own.

    Those inside a nested backbone are left out: they come with trained weights.
    """
    found = [layer for layer in model.layers if _is_rectifier(layer)]
    outputs = [layer.output for layer in found]
    return [layer.name for layer in found], keras.Model(model.input, [*outputs, model.output])


def _is_rectifier(layer: keras.Layer) -> bool:
    """ReLU and the like, which give 0, and so learn nothing, below a bound. Not those with a slope
    there (leaky, PReLU, ELU, GELU)."""
    if isinstance(layer, layers.ReLU):
        return not layer.negative_slope
    activation = getattr(layer, "activation", None)
    return activation in (keras.activations.relu, keras.activations.relu6)


def _indices(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return labels.argmax(axis=-1) if labels.ndim > 1 else labels
