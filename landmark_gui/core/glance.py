"""What a list of projects says of each, without reading all of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.errors import ProjectError
from landmark_gui.core.paths import under
from landmark_gui.core.store import ProjectStore


@dataclass(frozen=True)
class Glance:
    """A project as it lies on the disk.

    Attributes:
        changed: when its file was last written, in seconds since 1970.
        photos: how many there are that can be read.
        done: how many of them are done.
        picture: one of its photos, if it has any; a labelled one if there is one.
    """

    changed: float
    photos: int = 0
    done: int = 0
    picture: Path | None = None


def glance(path: Path) -> Glance | None:
    """What a project holds; None if there is no file. One that cannot be read has no photos.

    Slow where the disk is: call it off the GUI thread.
    """
    try:
        changed = path.stat().st_mtime
    except OSError:
        return None
    try:
        with ProjectStore.open(path, read_only=True) as store:
            photos, done, relative = store.summary()
            picture = under(store.photos_dir, relative) if relative else None
    except (ProjectError, OSError):
        return Glance(changed)
    return Glance(changed, photos, done, picture)
