"""The forms in which crops leave the program, behind one function."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from landmark_gui.core.crops.folder import CropReport, export
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.errors import (
    Cancel,
    DatasetError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.listing import is_listed
from landmark_gui.core.project import SPLITS

ExportKind = Literal["folder", "zip", "tfrecord", "imagefolder"]
OF_FILES: tuple[ExportKind, ...] = ("folder", "imagefolder")
"""Those that are a picture file for each crop."""


def export_as(
    kind: ExportKind,
    crops: Iterable[Crop],
    files: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> CropReport:
    """Write the planned crops.

    Args:
        kind: "folder" is `SPLIT/LANDMARK/NAME.jpg`, "zip" one file of the same tree, "tfrecord" a
            folder with a file of `tf.train.Example`s for each split, "imagefolder" the tree with
            the lists that Hugging Face's `datasets` reads.
        out: the folder, or for "zip" the file.

    Raises:
        Cancelled: a folder keeps what was written, of the others nothing is left.
        DatasetError: if `out` cannot be written, or the pattern of names cannot be obeyed.
    """
    if kind == "zip":
        from landmark_gui.core.crops.archive import export_zip

        return export_zip(crops, files, out, progress, cancel)
    if kind == "tfrecord":
        from landmark_gui.core.crops.tfrecord import export_tfrecord

        return export_tfrecord(crops, files, out, progress, cancel)
    if kind == "imagefolder":
        from landmark_gui.core.crops.imagefolder import export_imagefolder

        return export_imagefolder(crops, files, out, progress, cancel)
    return export(crops, files, out, progress, cancel)


def refuse_among_photos(kind: ExportKind, out: Path, photos_dir: Path) -> None:
    """Refuse a place where crops would be taken for new photos of the project; links are followed.

    Raises:
        DatasetError: if it is one.
    """
    if is_among_photos(kind, out.resolve(), photos_dir.resolve()):
        raise DatasetError(among_photos(out, photos_dir))


def is_among_photos(kind: ExportKind, out: Path, photos_dir: Path) -> bool:
    """As `refuse_among_photos`, by the paths alone: reads nothing, follows no link."""
    if kind not in OF_FILES:
        return False
    splits = [out / split for split in SPLITS]
    lies_in = any(is_listed(photos_dir, place) for place in (out, *splits))
    return lies_in or any(photos_dir.is_relative_to(place) for place in splits)


def among_photos(out: Path, photos_dir: Path) -> str:
    """What to say of such a place."""
    return tr(
        "Crops in {out} would be taken for new photos of {photos}. Choose a folder elsewhere.",
        out=out,
        photos=photos_dir,
    )
