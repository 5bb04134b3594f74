"""Where each kind of export goes, and what is wrong with a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from landmark_gui.core.crops import OF_FILES, among_photos, is_among_photos
from landmark_gui.core.i18n import tr
from landmark_gui.gui.choices import Kind

_NAMES: Mapping[Kind, str] = {
    "folder": "crops",
    "zip": "crops.zip",
    "tfrecord": "crops-tfrecord",
    "imagefolder": "crops-imagefolder",
}


def own_place(data_folder: Path, kind: Kind) -> Path:
    """Where crops go unless the person chooses another place."""
    return data_folder / _NAMES[kind]


def place_problem(out: Path | None, kind: Kind, photos: Path) -> str:
    """Why crops cannot go to `out`, in words; "" if they can."""
    if out is None:
        if kind == "zip":
            return tr("Choose a file for the crops.")
        return tr("Choose a folder for the crops.")
    if not out.is_absolute():
        return tr("Give the whole path of the place for the crops.")
    if kind == "zip" and out.suffix.lower() != ".zip":
        return tr("The name of the file must end in .zip.")
    return among_photos(out, photos) if is_among_photos(kind, out, photos) else ""


def shown_folder(out: Path, kind: Kind) -> Path:
    """What the system's file manager shows of an export."""
    return out.parent if kind == "zip" else out


def cancelled_text(kind: Kind) -> str:
    """What a cancelled export has left."""
    if kind in OF_FILES:
        return tr("Cancelled. Crops that were written stay; the next saving goes on from there.")
    return tr("Cancelled. Nothing was written.")
