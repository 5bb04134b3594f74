"""The formats of boxes that can be imported and exported, behind one door."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from landmark_gui.core import images
from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    LandmarkError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats import (
    FOLDERS,
    TITLES,
    coco,
    createml,
    csv,
    dump,
    labelme,
    voc,
    yolo,
)
from landmark_gui.core.formats.common import ExportReport, ImportPlan, read_rows
from landmark_gui.core.formats.reading import read_json
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.core.suffixes import PROJECT_SUFFIX

Read = Callable[[Path, Project, Path | None, Progress, Cancel], ImportPlan]
Write = Callable[[Path, Project, Path | None, Progress, Cancel], ExportReport]


@dataclass(frozen=True)
class Format:
    """What is known of a format of `TITLES`.

    Attributes:
        suffix: of its file, or of each file of its folder.
    """

    key: str
    suffix: str
    read: Read
    write: Write

    @property
    def title(self) -> str:
        return TITLES[self.key]

    @property
    def folder(self) -> bool:
        """Whether an export is a folder of files, one a photo."""
        return self.key in FOLDERS


FORMATS = {
    made.key: made
    for made in (
        Format("csv", ".csv", partial(read_rows, csv.rows), csv.write),
        Format("coco", ".json", partial(read_rows, coco.rows), coco.write),
        Format("yolo", ".txt", partial(read_rows, yolo.rows), yolo.write),
        Format("voc", ".xml", partial(read_rows, voc.rows), voc.write),
        Format("createml", ".json", partial(read_rows, createml.rows), createml.write),
        Format("labelme", ".json", partial(read_rows, labelme.rows), labelme.write),
        Format("json", ".json", dump.read, dump.write),
    )
}


def import_boxes(
    key: str,
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ImportPlan:
    """Plan the import of a file, or of a folder of a format that has one.

    Args:
        key: of `FORMATS`.
        folder: the photo folder.
        progress: called for each file of a folder.

    Raises:
        FormatError: if it cannot be read, in words.
        Cancelled: if `cancel` says so.
    """
    form = FORMATS[key]
    if path.is_dir() and not form.folder:
        raise FormatError(
            tr("{path} is a folder, and {form} is a single file.", path=path, form=form.title)
        )
    return form.read(path, project, folder, progress, cancel)


def export_boxes(
    key: str,
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write the boxes. A single file is replaced in one step; a folder keeps what others wrote.

    Args:
        key: of `FORMATS`.
        folder: the photo folder, which label files may be written into.

    Raises:
        LandmarkError: if it cannot be written, in words.
        Cancelled: if `cancel` says so; label files that were written stay.
    """
    form = FORMATS[key]
    _check_destination(form, path)
    try:
        return form.write(path, project, folder, progress, cancel)
    except OSError as error:
        raise LandmarkError(_why_not_written(path, error)) from error


def _check_destination(form: Format, path: Path) -> None:
    if form.folder and path.exists() and not path.is_dir():
        raise LandmarkError(
            tr(
                "{path} is a file, and {form} needs a folder. Choose another name.",
                path=path,
                form=form.title,
            )
        )
    if not form.folder and path.is_dir():
        raise LandmarkError(
            tr("{path} is a folder, and {form} is a single file.", path=path, form=form.title)
        )
    if path.is_file() and (path.suffix == PROJECT_SUFFIX or images.is_photo(path)):
        raise LandmarkError(tr("{path} is a photo or a project. It was left as it is.", path=path))


def _why_not_written(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return tr("{path} could not be written: the disk is full. Free some space.", path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return tr(
            "{path} could not be written: it may not be written to. Choose a folder of your own.",
            path=path,
        )
    return tr("{path} could not be written: {detail}", path=path, detail=error.strerror or error)


def detect(path: Path) -> str | None:
    """The format of a file by what it holds; None if it is none of ours.

    Raises:
        FormatError: if it is JSON by its name, and cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _json_format(read_json(path, "JSON"))
    by_suffix = {".csv": "csv", ".xml": "voc", ".txt": "yolo", ".yaml": "yolo", ".yml": "yolo"}
    return by_suffix.get(suffix)


def _json_format(document: object) -> str | None:
    if isinstance(document, list):
        return "createml"
    if not isinstance(document, dict):
        return None
    if document.get("format") == dump.FORMAT:
        return "json"
    if "annotations" in document or "images" in document:
        return "coco"
    return "labelme" if "shapes" in document else None
