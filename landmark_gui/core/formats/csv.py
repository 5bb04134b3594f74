"""Boxes as CSV: columns file, class, x, y, w, h, named in a header; others are ignored."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from landmark_gui.core.atomic import replacing
from landmark_gui.core.errors import FormatError
from landmark_gui.core.formats.common import BoxRow, ImportPlan, plan_import
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project

COLUMNS = ("file", "class", "x", "y", "w", "h")


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
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return plan_import(project, _rows(file, path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FormatError(
            tr("{path} could not be read as CSV: {detail}", path=path, detail=error)
        ) from error


def _rows(lines: Iterable[str], path: Path) -> Iterator[BoxRow | str]:
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
    for entry in reader:
        yield _row(entry, reader.line_num + 1)


def _row(entry: dict[str, str], line: int) -> BoxRow | str:
    try:
        x, y, w, h = (float(entry[name]) for name in ("x", "y", "w", "h"))
        file, landmark = entry["file"].strip(), entry["class"].strip()
    except (TypeError, ValueError, AttributeError):
        return tr("line {line}: x, y, w and h must be numbers", line=line)
    if not all(map(math.isfinite, (x, y, w, h))) or not file or not landmark:
        return tr("line {line}: file or class is empty, or a number is not finite", line=line)
    name = PurePosixPath(file.replace("\\", "/")).as_posix()
    return BoxRow(name, landmark, x, y, w, h, tr("line {line}", line=line))


def write(path: Path, project: Project) -> int:
    """Write all boxes; the number written. Raises OSError."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        count = 0
        for photo in project.ordered_photos():
            for box in project.boxes_of(photo.id):
                name = project.landmarks[box.landmark_id].name
                rect = box.rect
                writer.writerow([photo.path, name, rect.x, rect.y, rect.w, rect.h])
                count += 1
    return count


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
