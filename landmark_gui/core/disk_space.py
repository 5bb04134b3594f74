"""Whether a disk has room for what is about to be written: said before, not in the midst."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.crops import Crop, FileSettings
    from landmark_gui.core.runs import TrainConfig

LOW = 200_000_000
"""Bytes below which a disk is nearly full: it is kept free, so that edits can be saved."""
_OF_TRAINING = 20_000_000
_WEIGHTS = 8
"""Copies of the weights that a training leaves (see `training.keeping`)."""
_SCRATCH_BYTES = 2_000_000
"""Of the weights of the small network, at most."""
_MODELS = 6
"""As large as a model file is what its export takes, with what is made on the way."""
_BYTES_OF_PIXEL = {"jpeg": 0.6, "png": 2.0}
"""Of photographs; JPEG at its best quality takes twice as much."""
_BYTES_OF_FILE = 4_096
_MEMORY_SHARE = 0.25
"""Of the free memory; a training keeps crops that take more in a file (`training.pixel_store`)."""


@dataclass(frozen=True)
class Need:
    """So many bytes on the disk of `place`, which need not exist yet."""

    place: Path
    bytes: int


def free_bytes(place: Path) -> int | None:
    """What is free on the disk of `place`; None if nobody knows."""
    there = _existing(place)
    try:
        return None if there is None else shutil.disk_usage(there).free
    except OSError:
        return None


def shortage(needs: Iterable[Need]) -> str:
    """What is missing, in a sentence; "" if there is room, or nobody knows."""
    sums: dict[int, Need] = {}
    for need in needs:
        disk = _disk(need.place)
        known = sums.get(disk, Need(need.place, 0))
        sums[disk] = Need(known.place, known.bytes + need.bytes)
    for need in sums.values():
        free = free_bytes(need.place)
        if free is not None and need.bytes and free < need.bytes + LOW:
            return tr(
                "About {need} are needed on the disk of {path}, and {free} are free. Free some "
                "space or choose another disk.",
                need=amount(need.bytes),
                free=amount(free),
                path=need.place,
            )
    return ""


def amount(size: float) -> str:
    """Bytes in megabytes or gigabytes, for a sentence."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


class LowSpace:
    """Says once that the disk of `path` is nearly full, and again after there was room."""

    def __init__(self, path: Path) -> None:
        self._path, self._said = path, False

    def is_low(self, more: int = 0) -> bool:
        """Whether the disk is nearly full, or would be with `more` bytes on it."""
        free = free_bytes(self._path)
        return free is not None and free < LOW + more

    def notice(self) -> str:
        """A sentence if it has to be said now, otherwise "". Looks at the disk."""
        low = self.is_low()
        said, self._said = self._said, low
        if not low or said:
            return ""
        return tr(
            "The disk of {path} is nearly full. Your edits are saved so far; free some space, for "
            "example by deleting old runs.",
            path=self._path,
        )


def of_training(config: TrainConfig, examples: int, run_folder: Path) -> list[Need]:
    """What a training writes: the model, its run, and crops that do not fit into the memory."""
    from landmark_gui.core.backbones import backbone
    from landmark_gui.core.memory import free_memory
    from landmark_gui.core.thumbnail_cache import cache_folder

    weights = _SCRATCH_BYTES
    if config.recipe != "scratch":
        weights = 4 * backbone(config.backbone, config.alpha).parameters
    crops = 3 * examples * config.image_size**2
    return [
        Need(Path(config.out).parent, 2 * weights),
        Need(run_folder, _OF_TRAINING + (_WEIGHTS - 2) * weights),
        Need(cache_folder(), crops if crops > free_memory() * _MEMORY_SHARE else 0),
    ]


def of_crops(crops: Iterable[Crop], files: FileSettings, out: Path) -> list[Need]:
    """What the files of crops take."""
    pixels = count = 0
    for crop in crops:
        width, height = crop.sides
        scale = 1.0 if files.size is None else min(1.0, files.size / max(width, height, 1.0))
        pixels += round(width * height * scale**2)
        count += 1
    return [Need(out, round(pixels * _BYTES_OF_PIXEL[files.form]) + count * _BYTES_OF_FILE)]


def of_copies(files: Iterable[Path], folder: Path, *, move: bool = False) -> list[Need]:
    """What copies of files take; those that are moved on one disk take nothing. Reads the disk."""
    disk, size = _disk(folder), 0
    for file in files:
        with suppress(OSError):
            stat = file.stat()
            size += 0 if move and stat.st_dev == disk else stat.st_size
    return [Need(folder, size)]


def of_model_export(model: Path, dest: Path) -> list[Need]:
    """What a model takes in another form, with what is made on the way. Reads the disk."""
    with suppress(OSError):
        return [Need(dest, _MODELS * model.stat().st_size)]
    return []


def _existing(place: Path) -> Path | None:
    """The nearest folder that exists."""
    folders: Sequence[Path] = (place, *place.absolute().parents)
    return next((folder for folder in folders if folder.is_dir()), None)


def _disk(place: Path) -> int:
    there = _existing(place)
    try:
        return -1 if there is None else there.stat().st_dev
    except OSError:
        return -1
