"""The class names of a YOLO data set: `classes.txt`, `*.names`, or `names` in a `data.yaml`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.errors import FormatError
from landmark_gui.core.formats.reading import read_text
from landmark_gui.core.i18n import tr

CLASSES, DATA = "classes.txt", "data.yaml"
YAML = (".yaml", ".yml")
FOLDERS_UP = 2
"""How far above the label files the list may lie: `data.yaml` over `labels/train`."""

_NAMES = re.compile(r"""^["']?names["']?\s*:(.*)""", re.DOTALL)
_ITEM = re.compile(r"""\s*(?:(\d+)\s*:\s*)?("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\[\]{}\n#]+)""")
_BLOCK = re.compile(r"^\s*(?:-|(\d+)\s*:)\s+(.+)$")
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class ClassList:
    """The names by their index, and where they were found."""

    names: dict[int, str]
    path: Path
    remark: str = ""


def find_classes(folder: Path, top: Path | None) -> ClassList | None:
    """The list that counts for label files in `folder`: there, or in a folder above it.

    Args:
        top: the folder that is imported, which may lie further up.

    Raises:
        FormatError: if there is a list that cannot be read.
    """
    above = [folder, *folder.absolute().parents]
    depth = above.index(top.absolute()) if top is not None and top.absolute() in above else 0
    nearest: ClassList | None = None
    for parent in above[: depth + FOLDERS_UP + 1]:
        for found in filter(None, map(read_classes, _candidates(parent))):
            if nearest is None:
                nearest = found
            elif _agree(found, nearest):
                if found.path.suffix in YAML:
                    return found  # it can hold names that a line cannot
            elif found.path.parent == nearest.path.parent:
                remark = tr("{a} and {b} differ; {a} was used", a=nearest.path, b=found.path)
                nearest = ClassList(nearest.names, nearest.path, remark)
    return nearest


def _agree(found: ClassList, nearest: ClassList) -> bool:
    lines = {index: _one_line(name) for index, name in found.names.items()}
    return lines == nearest.names


def _candidates(folder: Path) -> list[Path]:
    yaml = sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")), key=lambda p: p.name != DATA)
    names = [folder / CLASSES, *sorted(folder.glob("*.names")), *yaml]
    return [path for path in names if path.is_file()]


def read_classes(path: Path) -> ClassList | None:
    """The names in one file; None for a YAML file without any. Raises FormatError."""
    text = read_text(path, "YOLO")
    if path.suffix in YAML:
        names = _yaml_names(text)
        return ClassList(names, path) if names else None
    lines = [line.strip("\r") for line in text.rstrip("\r\n").split("\n")]
    return ClassList(dict(enumerate(lines)), path)


def _yaml_names(text: str) -> dict[int, str]:
    """`names` as a list or a mapping, in one line or many. Not YAML as a whole: just this key."""
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        if found := _NAMES.match(line):
            rest = found[1].strip()
            if rest[:1] in ("[", "{"):
                return _flow("\n".join((rest, *lines[number + 1 :])))
            return _block(lines[number + 1 :])
    return {}


def _flow(text: str) -> dict[int, str]:
    names: dict[int, str] = {}
    position = 1
    while position < len(text) and text[position] not in "]}":
        found = _ITEM.match(text, position)
        if found is None:
            position += 1
            continue
        if found[2].strip():
            names[_index(found[1], names)] = _scalar(found[2])
        position = found.end()
    return names


def _block(lines: list[str]) -> dict[int, str]:
    names: dict[int, str] = {}
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _BLOCK.match(line)
        if found is None:
            break
        names[_index(found[1], names)] = _scalar(found[2])
    return names


def _index(written: str | None, names: dict[int, str]) -> int:
    return len(names) if written is None else int(written[:9])


def _scalar(text: str) -> str:
    text = text.strip()
    if text.startswith("'") and "'" in text[1:]:
        return text[1 : text.rindex("'")].replace("''", "'")
    if text.startswith('"'):
        try:
            return str(json.JSONDecoder().raw_decode(text)[0])
        except ValueError:
            return text.strip('"')
    return text.split(" #")[0].strip()


def class_files(names: list[str], photos: str) -> dict[str, str]:
    """`classes.txt` and `data.yaml` for these names.

    Args:
        photos: the photo folder as seen from the label files.
    """
    lines = [f"train: {_quoted(photos)}", f"val: {_quoted(photos)}", f"nc: {len(names)}", "names:"]
    lines += [f"  {number}: {_quoted(name)}" for number, name in enumerate(names)]
    return {
        CLASSES: "".join(f"{_one_line(name)}\n" for name in names),
        DATA: "\n".join(lines) + "\n",
    }


def _quoted(text: str) -> str:
    """A string as JSON and YAML both read it."""
    plain = json.dumps(text, ensure_ascii=False)
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def _one_line(name: str) -> str:
    return " ".join(re.split("[\r\n]+", name))


def odd_names(names: list[str]) -> list[str]:
    """In words which names `classes.txt` cannot hold."""
    return [
        tr(
            "the name {name} has several lines; in {file} it is written as {new}",
            name=repr(name),
            file=CLASSES,
            new=_one_line(name),
        )
        for name in names
        if _one_line(name) != name
    ]


def name_of(classes: ClassList | None, index: float) -> str:
    """The name of a class. Raises FormatError, without the place, if there is none."""
    if classes is None:
        raise FormatError(
            tr("there is no {classes} or {data} beside it", classes=CLASSES, data=DATA)
        )
    if index not in classes.names:
        raise FormatError(
            tr(
                "{path} has no class {index} (it counts from 0 to {last})",
                path=classes.path.name,
                index=f"{index:g}",
                last=max(classes.names, default=-1),
            )
        )
    return classes.names[int(index)]
