"""Where the crops of a training are kept: in memory, or in a file if they are many."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.memory import free_memory
from landmark_gui.core.thumbnail_cache import cache_folder
from landmark_gui.inference.rendering import Pixels

Log = Callable[[str], None]

MEMORY_SHARE = 0.25
"""Of the free memory: the rest is for the network, for batches and for other programs."""
_BLOCK = 1 << 24


def pixel_array(count: int, size: int, log: Log, folder: Path | None = None) -> Pixels:
    """An array for `count` crops of `size` × `size` pixels, and a sentence on where it is.

    Up to `MEMORY_SHARE` of the memory that is free it is in memory; above, it is a file mapped
    into memory, of which the system keeps as much at hand as there is room for. The file never
    has a name (on Windows it goes with its last user), so nothing is left of it after a crash.

    Args:
        folder: for the file. Default: the platform's cache folder, since the one for temporary
            files is in memory on many systems.

    Returns:
        uint8, shape (count, size, size, 3), not filled yet.

    Raises:
        TrainingError: if there is no room for the file.
    """
    shape = (count, size, size, 3)
    needed, free = int(np.prod(shape, dtype=np.int64)), free_memory()
    if needed <= free * MEMORY_SHARE:
        log(tr("The crops take {size} and are kept in memory.", size=amount(needed)))
        return np.empty(shape, np.uint8)
    folder = folder or cache_folder()
    log(
        tr(
            "The crops take {size}, which is much of the {free} of memory that are free: they are "
            "kept in a file in {folder} until the training ends.",
            size=amount(needed),
            free=amount(free),
            folder=folder,
        )
    )
    try:
        return _in_file(shape, needed, folder)
    except OSError as error:
        raise TrainingError(
            tr(
                "The crops take {size}, and there is no room for them in {folder}: {detail}. Free "
                "some, or choose a smaller image size.",
                size=amount(needed),
                folder=folder,
                detail=error.strerror or error,
            )
        ) from error


def amount(size: int) -> str:
    """Bytes in megabytes or gigabytes."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _in_file(shape: tuple[int, ...], size: int, folder: Path) -> Pixels:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        _reserve(file.fileno(), size)
        return np.memmap(file, np.uint8, "r+", shape=shape)


def _reserve(descriptor: int, size: int) -> None:
    """Take the room now: a full disk that shows in the middle would end the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    zeros = bytes(_BLOCK)
    for start in range(0, size, _BLOCK):
        os.write(descriptor, zeros[: size - start])
