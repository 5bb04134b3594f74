"""The weights of a backbone: from a file, as they came with the program, from Keras' cache, or
downloaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np

from landmark_gui.core import backbones
from landmark_gui.core.backbones import Backbone
from landmark_gui.core.errors import Cancel, Cancelled, TrainingError, never_cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.backbones import built
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.download import download, has_hash

Log = Callable[[str], None]
Loaded = tuple[Backbone, keras.Model]


def fetch(config: TrainConfig, emit: Emit, cancelled: Cancel = never_cancelled) -> None:
    """Have the weights of a config here, downloaded if need be.

    Args:
        emit: receives the state "downloading" and the events of `download`.

    Raises:
        TrainingError: in words, if they cannot be had.
        Cancelled: between two blocks.
    """
    if config.recipe != "scratch" and config.weights is None:
        file_of(backbones.backbone(config.backbone, config.alpha), emit, cancelled)


def file_of(known: Backbone, emit: Emit, cancelled: Cancel = never_cancelled) -> Path:
    """The file of a backbone's weights, downloaded if need be. As `fetch`."""
    path = _at_hand(known)
    if path is None:
        emit({"event": "state", "state": "downloading"})
        path = _fetched(known, emit, cancelled)
    return path


def loaded(config: TrainConfig, size: int, log: Log) -> Loaded:
    """The backbone of a config with its weights, for pictures of `size` pixels.

    Raises:
        TrainingError: if the weights cannot be had or do not fit.
    """
    if config.weights is not None:
        return _from_file(config, Path(config.weights), size, log)
    known = backbones.backbone(config.backbone, config.alpha)
    return known, _filled(file_of(known, lambda event: None), built(known, size))


def at_hand(config: TrainConfig, size: int, log: Log) -> Loaded | None:
    """As `loaded`, but never downloaded: None if the weights are not here."""
    if config.weights is not None:
        return loaded(config, size, log)
    known = backbones.backbone(config.backbone, config.alpha)
    return None if _at_hand(known) is None else loaded(config, size, log)


def from_file(path: Path, size: int) -> Loaded:
    """The backbone whose weights a file holds. Raises TrainingError if the file does not fit."""
    known = recognised(path)
    return known, _filled(path, built(known, size))


def recognised(path: Path) -> Backbone:
    """Which backbone a file holds the weights of: no two have as many numbers.

    Raises:
        TrainingError: if the file cannot be read or holds something else.
    """
    count = _numbers(path)
    found = next((known for known in backbones.ALL if known.parameters == count), None)
    if found is None:
        reason = tr("its layers are not those of such a network, or it was saved with its top")
        raise _misfit(path, reason)
    return found


def _from_file(config: TrainConfig, path: Path, size: int, log: Log) -> Loaded:
    known = recognised(path)
    if known != backbones.backbone(config.backbone, config.alpha):
        log(tr("{path} holds weights of {title}, which is used.", path=path, title=known.title))
    return known, _filled(path, built(known, size))


def _at_hand(known: Backbone) -> Path | None:
    return next((path for path in backbones.weights_files(known) if _is_whole(path, known)), None)


def _is_whole(path: Path, known: Backbone) -> bool:
    """Whether a file is what it should be: another program may have left a part of one in Keras'
    cache. Those that come with the program may have been saved by anyone, so no hash is known."""
    expected = known.hash if path.parent == backbones.weights_folder() else ""
    try:
        return has_hash(path, expected) and recognised(path) == known
    except (OSError, TrainingError):
        return False


def _fetched(known: Backbone, emit: Emit, cancelled: Cancel) -> Path:
    try:
        return download(known, emit, cancelled)
    except Cancelled:
        raise
    except Exception as error:  # Keras raises a bare Exception for a failed download
        raise TrainingError(
            tr(
                "The ImageNet weights of {title} could not be downloaded ({detail}). Connect to "
                "the internet, or choose a weights file, or the recipe “scratch”, which needs "
                "none.",
                title=known.title,
                detail=error,
            )
        ) from error


def _numbers(path: Path) -> int:
    """How many numbers the layers of a weights file hold; counters of random draws are none."""
    count = 0

    def visit(name: str, item: object) -> None:
        nonlocal count
        if not isinstance(item, h5py.Dataset) or name.startswith("optimizer"):
            return
        if np.issubdtype(item.dtype, np.floating):
            count += item.size

    try:
        with h5py.File(path, "r") as file:
            file.visititems(visit)
    except FileNotFoundError as error:
        raise _misfit(path, tr("there is no such file")) from error
    except OSError as error:
        raise _misfit(path, tr("it is not a weights file, or it is damaged")) from error
    return count


def _filled(path: Path, model: keras.Model) -> keras.Model:
    try:
        model.load_weights(path)
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise _misfit(path, tr("its layers do not match")) from error
    return model


def _misfit(path: Path, reason: str) -> TrainingError:
    titles = dict.fromkeys(known.title.rsplit(" ", 1)[0] for known in backbones.ALL)
    return TrainingError(
        tr(
            "The weights file {path} cannot be used: {reason}. What fits is a .weights.h5 or .h5 "
            "file of one of these networks, saved by Keras without its top (include_top=False): "
            "{titles}.",
            path=path,
            reason=reason,
            titles=", ".join(titles),
        )
    )
