"""Weights of networks that know ImageNet, put into the program so that `transfer` works offline."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from landmark_gui.core import backbones
from landmark_gui.core.backbones import Backbone
from landmark_gui.core.errors import TrainingError

SMALLEST_SIDE = 32
"""Of pictures, to see whether a network takes its weights; they are the same for every side."""


def gather(wanted: Iterable[str], folder: Path) -> list[Path]:
    """Have in `folder` these weights and no others, under the names that the program looks for.

    Args:
        wanted: files of weights, or titles of networks such as "MobileNetV2 0.35", whose weights
            Keras has already or downloads.

    Raises:
        TrainingError: in words, if one cannot be had or is of no network that the program knows.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return [_put(name, folder) for name in wanted]


def _put(name: str, folder: Path) -> Path:
    path = Path(name)
    titled = None if path.is_file() else _titled(name)

    from landmark_gui.training import weights  # Keras takes some seconds

    if titled is not None:
        path = weights.file_of(titled, lambda event: None)
    known, _ = weights.from_file(path, SMALLEST_SIDE)
    old_form, new_form = backbones.shipped_names(known)
    target = folder / (new_form if path.name.endswith(".weights.h5") else old_form)
    return Path(shutil.copyfile(path, target))


def _titled(title: str) -> Backbone:
    for known in backbones.ALL:
        if known.title.casefold() == title.casefold():
            return known
    titles = ", ".join(known.title for known in backbones.ALL)
    raise TrainingError(f"“{title}” is neither a file nor a network. These are known: {titles}.")
