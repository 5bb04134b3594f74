"""Keeping a file under another name before a new one takes its place."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import free_path, is_same_file

BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file NAME under the name NAME-journal and so on."""


def keep_aside(path: Path, why: str) -> Path:
    """Give `path` a second name, "NAME.why-DATE.EXT", so that replacing it loses nothing.

    What SQLite left beside it goes along: it must not be applied to the new file.

    Raises:
        OSError: from any step.
    """
    aside = path.with_name(f"{path.stem}.{why}-{datetime.now():%Y-%m-%d}{path.suffix}")
    if not is_same_file(path, aside):  # an attempt before may have been cut short
        aside = free_path(aside)
        try:
            os.link(path, aside)
        except OSError:  # a drive without links
            shutil.copy2(path, aside)
    for ending in BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").replace(f"{aside}{ending}")
    return aside


def identity(path: Path) -> tuple[int, int] | None:
    """What stays the same as long as `path` is the same file; None if there is no file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def moved_in_words(path: Path, aside: Path | None) -> str:
    """What happened to an open project that is no longer where it was."""
    if aside is None:
        return tr("{path} was moved or deleted while it was open. It was written anew.", path=path)
    return tr(
        "Another program replaced {path} while it was open. Your project was written anew; the "
        "other file was kept as {aside}.",
        path=path,
        aside=aside,
    )
