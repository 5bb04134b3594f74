"""Boxes as YOLO: one text file a photo, a line a box: class, centre x, centre y, width, height.

The class is an index into `classes.txt` or `data.yaml`; the others are fractions of the photo.
See https://docs.ultralytics.com/datasets/detect/.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path, PurePosixPath

from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.class_lists import (
    CLASSES,
    DATA,
    ClassList,
    class_files,
    find_classes,
    name_of,
    odd_names,
)
from landmark_gui.core.formats.common import BoxRow, ExportReport, Remark, Rows
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.formats.reading import extent, numbers, read_text, rows_of_files, shown
from landmark_gui.core.formats.turning import UNIT
from landmark_gui.core.formats.writing import (
    LabelFolder,
    boxed_photos,
    label_names,
    not_kept,
    write_label_files,
    written_boxes,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo, Project


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of a label file, or of all in a folder.

    Args:
        path: the class list may be given as well; it stands for its folder.

    Raises:
        FormatError: if nothing can be read.
    """
    if path.is_file() and (path.name == CLASSES or path.suffix in (".yaml", ".yml", ".names")):
        path = path.parent
    top = path if path.is_dir() else None

    @cache
    def classes_of(folder: Path) -> ClassList | None:
        return find_classes(folder, top)

    told: set[str] = set()
    for row in rows_of_files(
        path,
        ".txt",
        "YOLO",
        lambda file, root: _rows(file, root, classes_of(file.parent)),
        progress,
    ):
        if not isinstance(row, Remark) or row.text not in told:
            yield row
        if isinstance(row, Remark):
            told.add(row.text)


def _rows(file: Path, root: Path | None, classes: ClassList | None) -> Rows:
    if file.name == CLASSES:
        return
    lines = [(n, line.split()) for n, line in enumerate(read_text(file, "YOLO").split("\n"), 1)]
    lines = [(n, words) for n, words in lines if words]
    if lines and numbers(lines[0][1]) is None:
        yield tr("{file}: it is no YOLO label file", file=shown(file, root))
        return
    if classes is not None and classes.remark:
        yield Remark(classes.remark)
    ref = Ref.beside(file, file.with_suffix("").name, root, stem=True)
    for number, words in lines:
        where = tr("{file}, line {n}", file=shown(file, root), n=number)
        yield _row(words, ref, classes, where)


def _row(words: list[str], ref: Ref, classes: ClassList | None, where: str) -> BoxRow | str:
    values = numbers(words)
    if values is None or not (len(values) in (5, 6) or (len(values) >= 7 and len(values) % 2)):
        return tr("{where}: it must hold a class and four numbers", where=where)
    index, *sides = values
    try:
        name = name_of(classes, index)
    except FormatError as error:
        return f"{where}: {error}"
    remarks = []
    if len(sides) > 5:
        x, y, w, h = extent(list(zip(sides[::2], sides[1::2], strict=True)))
        remarks.append(tr("its polygon became the box around it"))
    else:
        x, y, w, h = sides[0] - sides[2] / 2, sides[1] - sides[3] / 2, sides[2], sides[3]
    if len(sides) == 5:
        remarks.append(tr("its confidence is not kept"))
    return BoxRow(ref, name, x, y, w, h, where, UNIT, tuple(remarks))


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write a text file for each photo with a box, and the class list, into the folder `path`.

    A copy of `classes.txt` goes into each sub-folder, where labelImg looks for it.

    Args:
        folder: the photo folder, for `data.yaml`.

    Raises:
        FormatError: if a class list of others stands in the way: the numbers would mean other
            landmarks.
        Cancelled, OSError: see `write_label_files`.
    """
    marks = project.ordered_landmarks()
    index = {mark.id: number for number, mark in enumerate(marks)}
    names, photos = label_names(project, ".txt", {CLASSES}), boxed_photos(project)
    report = ExportReport(problems=not_kept(project, "YOLO", needs_size=True))
    report.problems += odd_names([mark.name for mark in marks])
    out = LabelFolder(path, "yolo")
    lists = class_files([mark.name for mark in marks], _photos_from(path, folder))
    folders = {PurePosixPath(names[photo.id]).parent for photo in photos} | {PurePosixPath()}
    _put_lists(out, lists, folders)
    files = [(photo, names[photo.id], _lines(project, photo, index)) for photo in photos]
    report.problems += write_label_files(out, files, progress, cancel)
    report.boxes = written_boxes(out, project, names)
    return report


def _put_lists(out: LabelFolder, lists: dict[str, str], folders: set[PurePosixPath]) -> None:
    wanted = {DATA: lists[DATA], **{str(f / CLASSES): lists[CLASSES] for f in sorted(folders)}}
    for name, content in wanted.items():
        if not out.may_put(name, content):
            raise FormatError(
                tr(
                    "{path} is not from an earlier export, or was changed since. Its classes may "
                    "be others: choose another folder.",
                    path=out.folder / name,
                )
            )
    out.announce(wanted)
    for name, content in wanted.items():
        out.put(name, content)


def _photos_from(here: Path, folder: Path | None) -> str:
    if folder is None:
        return "images"
    try:
        return Path(os.path.relpath(folder, here)).as_posix()
    except ValueError:  # another drive on Windows
        return folder.as_posix()


def _lines(project: Project, photo: Photo, index: dict[int, int]) -> str:
    lines = []
    for box in project.boxes_of(photo.id):
        rect = box.rect
        x, y = (rect.x + rect.w / 2) / photo.width, (rect.y + rect.h / 2) / photo.height
        sides = (x, y, rect.w / photo.width, rect.h / photo.height)
        # Twelve digits: what labelImg writes, six, is a pixel off on a photo of many megapixels.
        lines.append(f"{index[box.landmark_id]} " + " ".join(f"{side:.12f}" for side in sides))
    return "\n".join(lines) + "\n"
