"""Boxes as CSV: columns file, class, x, y, w, h, named in a header, and perhaps split.

Others are ignored.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path

from landmark_gui.core.atomic import replacing
from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.common import BoxRow, ExportReport, ImportPlan, Rows, read_rows
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.formats.reading import unreadable
from landmark_gui.core.formats.writing import not_kept
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project

COLUMNS = ("file", "class", "x", "y", "w", "h")
SPLIT_COLUMNS = ("split", "subset", "set")
"""What a column may be called that says where a photo is pinned; the first that is there counts."""


def read(path: Path, project: Project) -> ImportPlan:
    """Plan the import of a CSV file of boxes.

    Args:
        path: UTF-8 text (a byte-order mark is fine), comma- or semicolon-separated.
            `file` is a path relative to the photo folder, or a name that only one photo has;
            x, y, w, h are pixels of the EXIF-oriented photo.
        project: what the boxes are matched with.

    Raises:
        FormatError: if the file cannot be read or lacks a column. A single bad line is listed
            in the plan instead.
    """
    return read_rows(rows, path, project)


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of a CSV file. Raises FormatError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(file, path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise unreadable(path, "CSV", error) from error


def _rows(lines: Iterable[str], path: Path) -> Rows:
    iterator = iter(lines)
    header = next(iterator, "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise FormatError(
            tr(
                "{path} has no column {missing}. Its first line must name: {columns}",
                path=path,
                missing=", ".join(missing),
                columns=", ".join(COLUMNS),
            )
        )
    reader = csv.DictReader(iterator, names, delimiter=delimiter)
    split = next((name for name in SPLIT_COLUMNS if name in names), None)
    for entry in reader:
        yield _row(entry, reader.line_num + 1, (split and entry.get(split)) or "")


def _row(entry: dict[str, str], line: int, split: str) -> BoxRow | str:
    try:
        x, y, w, h = (float(entry[name]) for name in ("x", "y", "w", "h"))
        file, landmark = entry["file"].strip(), entry["class"].strip()
    except (TypeError, ValueError, AttributeError):
        return tr("line {line}: x, y, w and h must be numbers", line=line)
    if not all(map(math.isfinite, (x, y, w, h))) or not file or not landmark:
        return tr("line {line}: file or class is empty, or a number is not finite", line=line)
    where = tr("line {line}", line=line)
    return BoxRow(Ref(file), landmark, x, y, w, h, where, split=split)


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write all boxes, and the splits if a photo with a box is pinned. Raises OSError."""
    report = ExportReport(problems=not_kept(project, "CSV", unused=True, splits=True))
    pinned = any(photo.split and project.boxes_of(photo.id) for photo in project.photos.values())
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, "split"] if pinned else COLUMNS)
        for photo in project.ordered_photos():
            for box in project.boxes_of(photo.id):
                name = project.landmarks[box.landmark_id].name
                rect = box.rect
                line = [photo.path, name, rect.x, rect.y, rect.w, rect.h]
                writer.writerow([*line, photo.split] if pinned else line)
                report.boxes += 1
    return report


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
