"""One training of a study: fitted on its part of a round, measured on the photos held out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import keras
import numpy as np

from landmark_gui.core.errors import Cancel, Cancelled
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies.rounds import Round
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import Batches
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import LabelledImages
from landmark_gui.training.features import BATCH, Features, feature_model, looking, pooled
from landmark_gui.training.fitting import fit
from landmark_gui.training.recipes import Log, built_model, phases_of
from landmark_gui.training.study_data import Look, StudyData, View, learning_data, look_of


@dataclass(frozen=True)
class Frozen:
    """A network whose backbone never learns, and what that makes of each example as it is.

    Attributes:
        model: of `built_model`; its head is not used.
        features: rows of shape (n, d).
    """

    model: keras.Model
    features: View


class Trials:
    """Trains the variants of a study, one at a time; what they share is computed once.

    A trial depends on its config and its round alone, not on those before it: a study that was
    stopped goes on to the same result.

    Args:
        data: of `study_data.load`.
        emit: told of the features, as "preparing" events.
    """

    def __init__(self, data: StudyData, emit: Emit) -> None:
        self._data = data
        self._emit = emit
        self._frozen: dict[Look, Frozen] = {}

    def accuracy(self, config: TrainConfig, at: Round, emit: Emit, cancelled: Cancel) -> float:
        """The share of the photos held out that a new training names rightly.

        Args:
            config: with the seed of the trial.
            emit: told what `fit` tells.

        Raises:
            LandmarkError: in words, if the weights or the training are at fault.
            Cancelled: between two batches.
        """
        view = self._data.views[look_of(config)]
        frozen = self._frozen_of(config, view, cancelled) if _is_shared(config) else None
        # Old graphs go, and with them Keras' seed; so it is set after that, for each trial.
        keras.backend.clear_session()
        keras.utils.set_random_seed(config.seed)
        if frozen is not None:
            return self._with_features(frozen, config, at, emit, cancelled)
        model = built_model(config, len(self._data.classes), _log(emit))
        held = self._fitted(model, view, config, at, emit, cancelled)
        return _share_right(model, held, config.batch_size, cancelled)

    def _with_features(
        self, frozen: Frozen, config: TrainConfig, at: Round, emit: Emit, cancelled: Cancel
    ) -> float:
        """Train a new head: on the shared features, or on those of crops that are varied."""
        model = _with_new_head(frozen.model)
        head = keras.Model(pooled(model), model.outputs[0], name="head")
        if augmentation_of(config) is None:
            held = self._fitted(head, frozen.features, config, at, emit, cancelled)
        else:
            view = self._data.views[look_of(config)]
            self._fitted(model, view, config, at, emit, cancelled)
            held = frozen.features.parts(at)[2]
        return _share_right(head, held, config.batch_size, cancelled)

    def _fitted(
        self,
        model: keras.Model,
        view: View,
        config: TrainConfig,
        at: Round,
        emit: Emit,
        cancelled: Cancel,
    ) -> LabelledImages:
        """Fit a model to its part of a round. Returns the part that is held out."""
        train, validation, held = view.parts(at)
        data = learning_data(self._data.classes, train, validation)
        fit(model, phases_of(config), config, data, emit, cancelled)
        return held

    def _frozen_of(self, config: TrainConfig, view: View, cancelled: Cancel) -> Frozen:
        look = look_of(config)
        if look not in self._frozen:
            model = built_model(config, len(self._data.classes), _log(self._emit))
            rows = self._features(model, view, cancelled)
            self._frozen[look] = Frozen(model, replace(view, rows=rows))
        return self._frozen[look]

    def _features(self, model: keras.Model, view: View, cancelled: Cancel) -> Features:
        look, rows, total = looking(feature_model(model)), [], len(view.rows)
        for start in range(0, total, BATCH):
            if cancelled():
                raise Cancelled
            rows.append(look(view.rows[start : start + BATCH].astype(np.float32)))
            done = min(start + BATCH, total)
            self._emit({"event": "preparing", "done": done, "total": total, "features": True})
        return np.concatenate(rows)


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


def _share_right(
    model: keras.Model, held: LabelledImages, batch_size: int, cancelled: Cancel
) -> float:
    """Not by `predict`, which would trace the network for a handful of batches."""
    right = 0
    with Batches(held, batch_size) as batches:
        for step in range(len(batches)):
            if cancelled():
                raise Cancelled
            pixels, labels = batches[step]
            answers = np.asarray(model(pixels, training=False)).argmax(axis=1)
            right += int((answers == labels).sum())
    return right / len(held)


def _log(emit: Emit) -> Log:
    return lambda text: emit({"event": "log", "message": text})
