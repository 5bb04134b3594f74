"""The names of crops' files: from a pattern, safe on every system, each one different."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from string import Formatter

from landmark_gui.core.crops.cutting import whole_pixels
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import NAME_FIELDS, FileSettings
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import composed, safe_name
from landmark_gui.core.project import SPLITS

LONGEST = 80
"""Characters of a name without its extension; `safe_name` would cut off the rest."""
LONGEST_BYTES = 200
LEAST = 8
"""Characters of a photo's or a landmark's name that a pattern must leave room for."""
_TELLING = ("photo", "box", "number", "hash")
"""Of these a pattern needs one, or all crops of a landmark would have one name."""
_FREE = ("photo", "landmark")
"""Fields of any length; the others are as long as they are."""
_PIXELS = 1
"""Raised when the same settings come to mean other pixels: all files are then written anew."""

LABELS = "labels.txt"
Parts = tuple[tuple[str, str], ...]
"""A pattern in pieces: a text, and the field that follows it or ""."""


def targets(
    crops: Sequence[Crop], settings: FileSettings, strangers: Collection[str] = ()
) -> dict[str, Crop]:
    """The file of each crop, as "SPLIT/LANDMARK/NAME.jpg".

    Names that are the same, or would be on a disk that ignores case, get a number. Older photos
    choose first, so that a new one does not rename the files of the others.

    Args:
        strangers: paths of files that are not ours, and are no name for ours.

    Raises:
        DatasetError: if the pattern cannot be obeyed.
    """
    parts = parsed(settings.pattern)
    folders = class_folders(crop.landmark for crop in crops)
    taken = {key(name) for name in strangers}
    tried: dict[str, int] = {}
    numbers: dict[str, int] = defaultdict(int)
    found: dict[str, Crop] = {}
    for crop in sorted(crops, key=lambda crop: crop.photo_id):
        folder = f"{crop.split}/{folders[crop.landmark]}"
        numbers[folder] += 1
        stem = _stem(parts, _values(crop, settings, numbers[folder]))
        name = _free(f"{folder}/{stem}", settings.extension, taken, tried)
        taken.add(key(name))
        found[name] = crop
    return found


def tree(crops: Iterable[Crop]) -> list[str]:
    """The folders of an export: one for each landmark in every split, though it may be empty."""
    folders = class_folders(crop.landmark for crop in crops).values()
    return [path for split in SPLITS for path in _under(split, sorted(folders))]


def _under(split: str, folders: Sequence[str]) -> Iterator[str]:
    if folders:
        yield split
    for folder in folders:
        yield f"{split}/{folder}"


def example_name(settings: FileSettings) -> str:
    """What a file's name looks like with these settings, without its folder.

    Raises:
        DatasetError: if the pattern cannot be obeyed, with the reason in plain words.
    """
    values = {
        "photo": "IMG_1234",
        "box": "3f2b8c1a",
        "landmark": "Eiffel Tower",
        "split": "train",
        "number": "0001",
        "hash": "0a1b2c3d4e",
    }
    return _stem(parsed(settings.pattern), values) + settings.extension


def parsed(pattern: str) -> Parts:
    """A pattern in pieces. Raises DatasetError if it cannot be obeyed."""
    try:
        pieces = list(Formatter().parse(pattern))
    except ValueError as error:
        raise DatasetError(
            tr(
                "The file name {pattern} has a brace without its partner. "
                "Write a field as {field}.",
                pattern=pattern,
                field="{photo}",
            )
        ) from error
    for text, field, form, conversion in pieces:
        if field is not None and (field not in NAME_FIELDS or form or conversion):
            raise DatasetError(_unknown_field(field, form, conversion))
        if "/" in text or "\\" in text:
            raise DatasetError(
                tr("A file name must not hold / or \\: the folders are SPLIT/LANDMARK already.")
            )
    parts = tuple((text, field or "") for text, field, _, _ in pieces)
    _check_telling(parts)
    _check_length(parts)
    return parts


def _unknown_field(field: str, form: str | None, conversion: str | None) -> str:
    whole = field + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
    return tr(
        "A file name knows no field {field}. There are: {fields}.",
        field=f"{{{whole}}}",
        fields=", ".join(f"{{{name}}}" for name in NAME_FIELDS),
    )


def _check_telling(parts: Parts) -> None:
    if not any(field in _TELLING for _, field in parts):
        raise DatasetError(
            tr(
                "Nothing in the file name tells two crops apart. Add one of: {fields}.",
                fields=", ".join(f"{{{name}}}" for name in _TELLING),
            )
        )


def _check_length(parts: Parts) -> None:
    longest = {"box": "x" * 8, "split": "validation", "number": "0" * 6, "hash": "x" * 10}
    if min(_room(parts, longest)) < LEAST:
        raise DatasetError(
            tr(
                "The file name is too long: at most {highest} characters, of which each name of a "
                "photo or landmark needs {least}.",
                highest=LONGEST,
                least=LEAST,
            )
        )


def _room(parts: Parts, values: Mapping[str, str]) -> tuple[int, int]:
    """How many characters and bytes are left for each field of any length."""
    fixed = "".join(
        text + ("" if field in _FREE else values.get(field, "")) for text, field in parts
    )
    count = sum(field in _FREE for _, field in parts)
    characters, size = LONGEST - len(fixed), LONGEST_BYTES - len(fixed.encode("utf-8", "replace"))
    if count == 0:  # nothing to share out: it fits or it does not
        return (LEAST, LEAST) if min(characters, size) >= 0 else (-1, -1)
    return characters // count, size // count


def _stem(parts: Parts, values: Mapping[str, str]) -> str:
    characters, size = _room(parts, values)
    shown = {
        field: _cut(safe_name(value), characters, size) if field in _FREE else value
        for field, value in values.items()
    }
    return safe_name("".join(text + shown.get(field, "") for text, field in parts))


def _cut(text: str, characters: int, size: int) -> str:
    return text[:characters].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def _values(crop: Crop, settings: FileSettings, number: int) -> dict[str, str]:
    return {
        "photo": crop.path.stem,
        "box": (crop.box_id or "photo")[:8],
        "landmark": crop.landmark,
        "split": crop.split,
        "number": f"{number:04}",
        "hash": fingerprint(crop, settings)[:10],
    }


def _free(stem: str, extension: str, taken: Collection[str], tried: dict[str, int]) -> str:
    """The first free name. `tried` has the last number of each stem: thousands may be alike."""
    number = tried.get(stem, 0) + 1
    while key(name := _numbered(stem, number) + extension) in taken:
        number += 1
    tried[stem] = number
    return name


def _numbered(stem: str, number: int) -> str:
    return f"{stem} ({number})" if number > 1 else stem


def key(name: str) -> str:
    """The same for names that some file system takes for one."""
    return composed(composed(name).casefold())


def class_folders(landmarks: Iterable[str]) -> dict[str, str]:
    """A folder name for each landmark; names that would share one get a number."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for landmark in sorted(set(landmarks)):
        folders[landmark] = _free(safe_name(landmark), "", taken, {})
        taken.add(key(folders[landmark]))
    return folders


def fingerprint(crop: Crop, settings: FileSettings) -> str:
    """A hash of everything that shapes the bytes of a crop's file, hexadecimal."""
    area = whole_pixels(crop, crop.photo_size)
    return _digest(crop.photo_hash, crop.photo_size, area, settings_fingerprint(settings))


@lru_cache(maxsize=8)
def settings_fingerprint(settings: FileSettings) -> str:
    """A hash of the settings that shape the bytes of every file, hexadecimal."""
    quality = settings.quality if settings.form == "jpeg" else None
    return _digest(_PIXELS, settings.size, settings.resampling, settings.form, quality)


def _digest(*values: object) -> str:
    return hashlib.blake2b(repr(values).encode("utf-8", "replace"), digest_size=16).hexdigest()


def shown_rect(crop: Crop) -> Rect:
    """The crop in its photo, all of it for a whole photo."""
    return crop.rect or Rect(0, 0, *crop.photo_size)


def label_text(names: Sequence[str]) -> str:
    """`labels.txt`: the name of each label, a line each, from label 0."""
    return "".join(f"{name}\n" for name in names)


def form_of(name: str) -> str:
    """The form of a file by its name: "jpeg" or "png"."""
    return "jpeg" if PurePosixPath(name).suffix == ".jpg" else "png"
