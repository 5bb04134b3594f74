"""One training of a study: fitted on its part of a round, measured on the photos held out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from landmark_gui.core.errors import Cancel, Cancelled, OutOfMemory
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import HIGHEST_SEED, TrainConfig
from landmark_gui.core.studies.rounds import Round
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import LabelledImages
from landmark_gui.training.features import BATCH, Features, feature_model, looking, pooled
from landmark_gui.training.fitting import fit
from landmark_gui.training.recipes import Log, built_model, phases_of
from landmark_gui.training.study_data import StudyData, View, learning_data, look_of
from landmark_gui.training.weights import fetch

SHAPING = ("use", "image_size", "backbone", "alpha", "weights", "dropout", "mixed_precision")
"""Settings on which a network with a frozen backbone depends, and its features."""


def seeded(config: TrainConfig, number: int) -> TrainConfig:
    """A training with the seed of a round, from 0."""
    return replace(config, seed=(config.seed + number) % (HIGHEST_SEED + 1))


@dataclass(frozen=True)
class Frozen:
    """A network whose backbone never learns, and what that makes of each example as it is.

    Attributes:
        model: of `built_model`; its head is not used.
        view: the examples with their features.
    """

    model: keras.Model
    view: View


class Trials:
    """Trains the variants of a study, one at a time; what they share is computed once.

    A trial depends on its config and its round alone, not on those before it: a study that was
    stopped goes on to the same result.

    Args:
        data: of `study_data.load`.
        emit: told of the features, as "preparing" events, and of weights, as `weights.fetch` does.
    """

    def __init__(self, data: StudyData, emit: Emit) -> None:
        self._data = data
        self._emit = emit
        self._frozen: dict[tuple[Any, ...], Frozen] = {}

    def accuracy(self, config: TrainConfig, at: Round, emit: Emit, cancelled: Cancel) -> float:
        """The share of the photos held out that a new training names rightly.

        Args:
            config: with the seed of the trial.
            emit: told what `fit` tells.

        Raises:
            LossLost, OutOfMemory: if this config cannot be trained here.
            LandmarkError: in words, if the weights or the training are at fault.
            Cancelled: between two batches.
        """
        with memory_in_words():
            return self._accuracy(config, at, emit, cancelled)

    def _accuracy(self, config: TrainConfig, at: Round, emit: Emit, cancelled: Cancel) -> float:
        frozen = self._frozen_of(config, cancelled) if _is_shared(config) else None
        _begin_anew(config.seed)
        if frozen is not None:
            model, view = _with_new_head(frozen.model), frozen.view
        else:
            model = self._built(config, emit, cancelled)
            view = self._data.views[look_of(config)]
        train, validation, held = view.parts(at)
        data = learning_data(self._data.classes, train, validation)
        fitted = fit(model, phases_of(config), config, data, emit, cancelled)
        return _share_right(fitted.model, held, cancelled)

    def _frozen_of(self, config: TrainConfig, cancelled: Cancel) -> Frozen:
        key = tuple(getattr(config, name) for name in SHAPING)
        if key not in self._frozen:
            model = self._built(config, self._emit, cancelled)
            view = self._data.views[look_of(config)]
            features = self._features(model, view, cancelled)
            self._frozen[key] = Frozen(model, replace(view, features=features))
        return self._frozen[key]

    def _built(self, config: TrainConfig, told: Emit, cancelled: Cancel) -> keras.Model:
        fetch(config, self._emit, cancelled)  # a search may come to another recipe only now
        return built_model(config, len(self._data.classes), _log(told))

    def _features(self, model: keras.Model, view: View, cancelled: Cancel) -> Features:
        look, rows, total = looking(feature_model(model)), [], len(view.rows)
        for start in range(0, total, BATCH):
            if cancelled():
                raise Cancelled
            rows.append(look(view.rows[start : start + BATCH].astype(np.float32)))
            done = min(start + BATCH, total)
            self._emit({"event": "preparing", "done": done, "total": total, "features": True})
        return np.concatenate(rows)


@contextmanager
def memory_in_words() -> Iterator[None]:
    """Raises OutOfMemory if NumPy or TensorFlow find no memory."""
    try:
        yield
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise OutOfMemory(tr("Memory ran out. Try a smaller batch size or image size.")) from error


def _begin_anew(seed: int) -> None:
    """Let go of the graphs of older trials; Keras forgets its seed and its settings with them."""
    keras.backend.clear_session()
    keras.config.disable_interactive_logging()
    keras.utils.set_random_seed(seed)


def _is_shared(config: TrainConfig) -> bool:
    """Whether the backbone is the same in every trial. That of "fine-tune" learns."""
    return config.recipe == "transfer" and config.feature_cache


def _with_new_head(model: keras.Model) -> keras.Model:
    """The model with the same backbone and, above it, layers that have learned nothing yet."""
    reached = pooled(model)
    head = keras.models.clone_model(keras.Model(reached, model.outputs[0]))
    for layer in head.layers[1:]:  # a chain; the first one is its input
        reached = layer(reached)
    return keras.Model(model.inputs, reached, name=model.name)


def _share_right(model: keras.Model, held: LabelledImages, cancelled: Cancel) -> float:
    """Not by `predict`, which would trace the network for a handful of batches."""
    rows: npt.NDArray[Any] = held.images
    if held.features is not None:
        model, rows = keras.Model(pooled(model), model.outputs[0]), held.features
    right = 0
    for start in range(0, len(held), BATCH):
        if cancelled():
            raise Cancelled
        chosen = slice(start, start + BATCH)
        answers = np.asarray(model(rows[chosen].astype(np.float32), training=False))
        right += int((answers.argmax(axis=1) == held.labels[chosen]).sum())
    return right / len(held)


def _log(emit: Emit) -> Log:
    return lambda text: emit({"event": "log", "message": text})
