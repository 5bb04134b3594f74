"""Boxes as Pascal VOC: one XML file a photo.

The numbers are written and read as labelImg does, which takes them for the box's borders in
pixels from 0, with fractions; the original data set counts pixels from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.common import BoxRow, ExportReport, Rows
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.formats.reading import (
    numbers,
    read_xml,
    rows_of_files,
    shown,
    stated_size,
)
from landmark_gui.core.formats.turning import Size
from landmark_gui.core.formats.writing import (
    LabelFolder,
    boxed_photos,
    label_names,
    not_kept,
    write_label_files,
    written_boxes,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo, Project

SIDES = ("xmin", "ymin", "xmax", "ymax")
FLAGS = ("difficult", "truncated", "occluded")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of an XML file, or of all in a folder. Raises FormatError."""
    return rows_of_files(path, ".xml", "Pascal VOC", _rows, progress)


def _rows(file: Path, root: Path | None) -> Rows:
    top = read_xml(file, "Pascal VOC")
    if top.tag != "annotation":
        raise FormatError(tr("{path} is no Pascal VOC file.", path=file))
    name = _text(top, "filename") or file.with_suffix("").name
    path, folder = _text(top, "path"), _text(top, "folder")
    others = tuple(filter(None, (path, folder and f"{folder}/{name}")))
    ref = Ref.beside(file, name, root, others=others)
    size = stated_size(_text(top, "size/width"), _text(top, "size/height"))
    for number, entry in enumerate(top.findall("object"), 1):
        where = tr("{file}, object {n}", file=shown(file, root), n=number)
        yield _row(entry, ref, size, where)


def _text(entry: Element, path: str) -> str:
    return (entry.findtext(path) or "").strip()


def _row(entry: Element, ref: Ref, size: Size | None, where: str) -> BoxRow | str:
    sides = numbers([_text(entry, f"bndbox/{side}") for side in SIDES])
    name = _text(entry, "name")
    if entry.find("robndbox") is not None and sides is None:
        return tr("{where}: a turned box (robndbox) has no place here", where=where)
    if sides is None or not name:
        return tr("{where}: it needs a name, and {sides}", where=where, sides=", ".join(SIDES))
    x0, y0, x1, y1 = sides
    remarks = [tr("{what} is set, which is not kept", what=what) for what in _extras(entry)]
    return BoxRow(ref, name, x0, y0, x1 - x0, y1 - y0, where, size, tuple(remarks))


def _extras(entry: Element) -> Iterator[str]:
    yield from (flag for flag in FLAGS if _text(entry, flag) not in ("", "0"))
    if _text(entry, "pose") not in ("", "Unspecified"):
        yield "pose"
    yield from (part for part in ("part", "polygon", "robndbox") if entry.find(part) is not None)


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write an XML file for each photo with a box into the folder `path`.

    Raises:
        Cancelled, OSError: see `write_label_files`.
    """
    report = ExportReport(problems=not_kept(project, "Pascal VOC", unused=True, needs_size=True))
    report.problems += list(_odd_names(project))
    names, photos = label_names(project, ".xml"), boxed_photos(project)
    out = LabelFolder(path, "voc")
    files = [(photo, names[photo.id], _document(project, photo, folder)) for photo in photos]
    report.problems += write_label_files(out, files, progress, cancel)
    report.boxes = written_boxes(out, project, names)
    return report


def _odd_names(project: Project) -> Iterator[str]:
    for mark in project.ordered_landmarks():
        if _NOT_XML.search(mark.name):
            yield tr(
                "the name {name} holds a character that XML cannot hold; it was written as {new}",
                name=repr(mark.name),
                new=_xml_text(mark.name),
            )


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _document(project: Project, photo: Photo, folder: Path | None) -> str:
    path = PurePosixPath(photo.path)
    parent = path.parent.name or (folder.name if folder else "")
    top = Element("annotation")
    for tag, text in (("folder", parent), ("filename", path.name), ("path", photo.path)):
        SubElement(top, tag).text = _xml_text(text)
    SubElement(SubElement(top, "source"), "database").text = "Landmark GUI"
    size = SubElement(top, "size")
    for tag, value in (("width", photo.width), ("height", photo.height), ("depth", 3)):
        SubElement(size, tag).text = str(value)
    SubElement(top, "segmented").text = "0"
    for box in project.boxes_of(photo.id):
        _add_object(top, project.landmarks[box.landmark_id].name, box.rect)
    ElementTree.indent(top, "\t")
    return ElementTree.tostring(top, encoding="unicode") + "\n"


def _add_object(top: Element, name: str, rect: Rect) -> None:
    entry = SubElement(top, "object")
    SubElement(entry, "name").text = _xml_text(name)
    SubElement(entry, "pose").text = "Unspecified"
    for flag in ("truncated", "difficult"):
        SubElement(entry, flag).text = "0"
    sides = SubElement(entry, "bndbox")
    for tag, value in zip(SIDES, (rect.x, rect.y, rect.right, rect.bottom), strict=True):
        SubElement(sides, tag).text = repr(value)
