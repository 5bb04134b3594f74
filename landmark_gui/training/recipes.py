"""The two ways to make a model, with the defaults of each and the reason for them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import h5py
import keras

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import Recipe, TrainConfig
from landmark_gui.training import models
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import mixes
from landmark_gui.training.fitting import Phase
from landmark_gui.training.health import ConfusionAccuracy

LEARNING_RATES: dict[Recipe, float] = {"transfer": 1e-3, "scratch": 1e-3}
"""Adam's own default (https://arxiv.org/abs/1412.6980) for both.

Measured over seeds on 130 photos of 3 landmarks and 350 of 7: for `transfer`, accuracy differs by
at most 0.012 from 3e-4 to 1e-2; `scratch` loses 0.02 to 0.04 at 3e-3."""

_LAST_KERNELS = {
    (1, 1, 112, 1280): 0.35,
    (1, 1, 160, 1280): 0.5,
    (1, 1, 240, 1280): 0.75,
    (1, 1, 320, 1280): 1.0,
    (1, 1, 416, 1664): 1.3,
    (1, 1, 448, 1792): 1.4,
}
"""Shape of MobileNetV2's last convolution, which each width has to itself."""

DOWNLOAD_SILENCE = 15.0
"""Seconds without a byte after which a download counts as failed."""

Log = Callable[[str], None]


def built_model(config: TrainConfig, classes: int, log: Log) -> keras.Model:
    """The model of a config's recipe, not yet compiled.

    Args:
        classes: number of outputs.
        log: told what the person may want to know, such as the width of a weights file.

    Raises:
        TrainingError: if the weights of `transfer` cannot be had or do not fit.
    """
    if config.recipe == "scratch":
        return models.scratch(
            config.image_size,
            classes,
            config.activation,
            config.batch_normalization,
            config.dropout,
        )
    backbone = _backbone(config, log)
    return models.transfer(config.image_size, classes, backbone, config.dropout)


def phases_of(config: TrainConfig) -> tuple[Phase, ...]:
    """How the model of a config is trained."""

    def prepare(model: keras.Model, steps: int) -> None:
        rate = config.learning_rate or LEARNING_RATES[config.recipe]
        model.compile(
            optimizer=keras.optimizers.Adam(float(rate)),
            loss=_loss(config),
            metrics=[ConfusionAccuracy(model.output_shape[-1])],
        )

    return (Phase(config.epochs, prepare),)


def _loss(config: TrainConfig) -> keras.losses.Loss:
    """Of class indices, or of shares of classes where crops are mixed with their labels."""
    if mixes(augmentation_of(config)):
        return keras.losses.CategoricalCrossentropy()
    return keras.losses.SparseCategoricalCrossentropy()


def _backbone(config: TrainConfig, log: Log) -> keras.Model:
    if config.weights is None:
        return downloaded_backbone(config.image_size, config.alpha)
    path = Path(config.weights)
    alpha = width_of(path)
    if alpha != config.alpha:
        log(tr("{path} holds weights of width {alpha}, which is used.", path=path, alpha=alpha))
    return loaded_backbone(path, config.image_size)


def loaded_backbone(path: Path, size: int) -> keras.Model:
    """The MobileNetV2 of a weights file. Raises TrainingError if the file does not fit."""
    return _loaded(path, models.mobilenet_v2(size, width_of(path)))


def backbone_at_hand(config: TrainConfig, size: int, log: Log) -> keras.Model | None:
    """The backbone of a config, from its weights file or from Keras' cache; never downloaded.

    Returns:
        None if it is not here.
    """
    if config.weights is not None:
        return _backbone(replace(config, image_size=size), log)
    for path in _keras_cache().glob(_cached_name(config.alpha)):
        try:
            return loaded_backbone(path, size)
        except TrainingError as error:
            log(str(error))
    return None


def width_of(path: Path) -> float:
    """The width multiplier (alpha) of the MobileNetV2 whose weights a file holds.

    Raises:
        TrainingError: if the file cannot be read or holds something else.
    """
    found = {_LAST_KERNELS[shape] for shape in _shapes(path) if shape in _LAST_KERNELS}
    if len(found) != 1:
        raise _misfit(path, tr("its layers are not those of MobileNetV2"))
    return found.pop()


def _shapes(path: Path) -> list[tuple[int, ...]]:
    shapes: list[tuple[int, ...]] = []

    def visit(_: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            shapes.append(tuple(item.shape))

    try:
        with h5py.File(path, "r") as file:
            file.visititems(visit)
    except FileNotFoundError as error:
        raise _misfit(path, tr("there is no such file")) from error
    except OSError as error:
        raise _misfit(path, tr("it is not a weights file, or it is damaged")) from error
    return shapes


def _loaded(path: Path, model: keras.Model) -> keras.Model:
    try:
        model.load_weights(path)
    except (ValueError, OSError, KeyError, TypeError) as error:
        reason = tr("its layers do not match; it may have been saved with its top")
        raise _misfit(path, reason) from error
    return model


def _misfit(path: Path, reason: str) -> TrainingError:
    return TrainingError(
        tr(
            "The weights file {path} cannot be used: {reason}. What fits is a .weights.h5 or .h5 "
            "file of MobileNetV2 saved by Keras without its top (include_top=False).",
            path=path,
            reason=reason,
        )
    )


def downloaded_backbone(size: int, alpha: float) -> keras.Model:
    """MobileNetV2 with ImageNet weights from Keras' own download, kept in its cache.

    Raises:
        TrainingError: if they are not in the cache and cannot be downloaded.
    """
    backbone = models.mobilenet_v2(size, alpha)
    try:
        donor = _from_keras(alpha)
    except Exception as error:  # Keras raises a bare Exception for a failed download
        raise TrainingError(
            tr(
                "The ImageNet weights of MobileNetV2 could not be downloaded ({detail}). Connect "
                "to the internet, or choose a weights file (--weights FILE), or choose the "
                "recipe “scratch”, which needs none.",
                detail=error,
            )
        ) from error
    backbone.set_weights(donor.get_weights())
    return backbone


def _from_keras(alpha: float) -> keras.Model:
    """Weights for 224 pixels: every width has them, and one file serves all image sizes."""

    def ask() -> keras.Model:
        with _impatient():
            return keras.applications.MobileNetV2(
                input_shape=(224, 224, 3), alpha=alpha, include_top=False, weights="imagenet"
            )

    try:
        return ask()
    except Exception:
        # A download that was killed leaves a part under the final name, and Keras believes it.
        damaged = list(_keras_cache().glob(_cached_name(alpha)))
        if not damaged:
            raise
        for path in damaged:
            path.unlink()
        return ask()


def _cached_name(alpha: float) -> str:
    return f"mobilenet_v2_*_{alpha}_224_no_top.h5"


def _keras_cache() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models"


@contextmanager
def _impatient() -> Iterator[None]:
    """Give up on a server that says nothing: Keras itself would wait for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_SILENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
