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

ExportKind = Literal["folder", "zip", "tfrecord", "imagefolder"]


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


def refuse_among_photos(out: Path, photos_dir: Path) -> None:
    """Raises DatasetError for a folder whose crops would be taken for new photos of the project."""
    if is_listed(photos_dir, out):
        raise DatasetError(
            tr(
                "{out} lies in the photo folder, where crops would be taken for new photos. "
                "Choose a folder outside of {photos}.",
                out=out,
                photos=photos_dir,
            )
        )
