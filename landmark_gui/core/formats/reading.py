"""Reading files that may come from anyone: what is wrong with them is said in words."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from landmark_gui.core.errors import FormatError, Progress
from landmark_gui.core.formats.common import Rows
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import natural_key

LARGEST = 1e9
"""No picture has so many pixels a side; a larger number is damage."""
DEEPEST_XML = 50


def unreadable(path: Path, form: str, detail: object) -> FormatError:
    """The error of a file that is not of the form that it should have."""
    if isinstance(detail, OSError):
        detail = detail.strerror or detail
    return FormatError(
        tr("{path} could not be read as {form}: {detail}", path=path, form=form, detail=detail)
    )


def read_text(path: Path, form: str) -> str:
    """A UTF-8 file; a byte-order mark is fine. Raises FormatError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, form, error) from error


def read_json(path: Path, form: str) -> Any:
    """The JSON value in a file. Raises FormatError."""
    try:
        return json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except RecursionError as error:
        raise unreadable(path, form, tr("it is nested too deep")) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, form, error) from error


def read_xml(path: Path, form: str) -> Element:
    """The root element of an XML file. Raises FormatError.

    A document type is refused, and with it entities: they can grow without bound, or name
    other files (see docs/adr/0010).
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise unreadable(path, form, tr("it is nested too deep"))
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_: object) -> NoReturn:
        raise unreadable(path, form, tr("it declares a document type, which is not safe to read"))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(path.read_bytes(), True)
        return builder.close()
    except (OSError, expat.ExpatError, ValueError, LookupError) as error:
        raise unreadable(path, form, error) from error


def number(value: object) -> float | None:
    """A finite number, also one that is written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= LARGEST else None


def numbers(values: object, count: int | None = None) -> list[float] | None:
    """A list of finite numbers, `count` of them if given; None for anything else."""
    if not isinstance(values, list | tuple) or (count is not None and len(values) != count):
        return None
    found = [number(value) for value in values]
    return None if None in found else [value for value in found if value is not None]


def stated_size(width: object, height: object) -> tuple[float, float] | None:
    """A size that a file states for its picture; None if it states none."""
    w, h = number(width), number(height)
    return (w, h) if w is not None and h is not None and w >= 1 and h >= 1 else None


def extent(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Left, top, width and height of what encloses the points; there must be one at least."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def files_under(folder: Path, *suffixes: str) -> list[Path]:
    """The files with one of `suffixes` under a folder, in natural order; hidden ones are not."""
    found = []
    for parent, names, files in os.walk(folder):
        names[:] = [n for n in names if not n.startswith(".") and not n.endswith(".data")]
        found += [Path(parent, n) for n in files if not n.startswith(".")]
    wanted = [path for path in found if path.suffix.lower() in suffixes]
    return sorted(wanted, key=lambda path: natural_key(path.as_posix()))


def rows_of_files(
    path: Path,
    suffix: str,
    form: str,
    read: Callable[[Path, Path | None], Rows],
    progress: Progress,
) -> Rows:
    """The rows of one label file, or of all in a folder.

    In a folder a file that cannot be read is named, and the others come in.

    Args:
        read: called with a label file and the folder that is imported, if it is one.

    Raises:
        FormatError: if the one file cannot be read, or the folder has none.
    """
    if not path.is_dir():
        yield from read(path, None)
        return
    files = files_under(path, suffix)
    if not files:
        raise FormatError(
            tr("There is no {suffix} file in {path}.", suffix=f"*{suffix}", path=path)
        )
    for done, file in enumerate(files, 1):
        try:
            yield from read(file, path)
        except FormatError as error:
            yield str(error)
        progress(done, len(files))


def shown(file: Path, root: Path | None) -> str:
    """The file as messages name it: from the imported folder on."""
    return file.name if root is None else file.relative_to(root).as_posix()


def iterate(value: object) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list with their number from 1; nothing if it is no list."""
    return enumerate(value, 1) if isinstance(value, list) else iter(())
