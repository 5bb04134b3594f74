"""Photos whose file lost its end without a decoder's complaint.

A file that is simply shorter is refused by every decoder. What they let pass: the space for a file
was set aside before a transfer that never ended, so that it goes on in zeros; or another program
closed a JPEG that was cut off, and decoders paint what is missing grey.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_EMPTY = 1024
"""Zero bytes at the end; compressed pixels have no such runs."""
_JPEG, _PNG, _RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF"
_BOXES = b"ftyp"  # HEIC and AVIF, behind the length of the first box
_ENDS = {_JPEG: b"\xff\xd9", _PNG: b"IEND\xaeB`\x82"}
"""What a whole file ends with. Some cameras fill it up with zeros to the next block of the card."""
_BLOCK = 1 << 16

_NOTHING, _ALIKE = 128, 3
"""The grey of a block without data, and levels by which a colour profile may shift it."""
_LEAST = 0.02
"""Share of the height or width that must be grey."""


def ends_early(path: Path, pixels: npt.NDArray[np.uint8]) -> bool:
    """Whether a photo, whose upright pixels are given at any scale, lost its end."""
    try:
        return ends_in_nothing(path) or is_grey_at_one_side(pixels)
    except OSError:  # gone since it was decoded
        return False


def ends_in_nothing(path: Path) -> bool:
    """Whether a compressed picture ends in zeros where its pixels should go on. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(12)
        if not (start.startswith((_JPEG, _PNG, _RIFF)) or start[4:8] == _BOXES):
            return False
        end = file.seek(0, 2)
        if start.startswith(_RIFF):  # says how long it is
            end = min(end, 8 + int.from_bytes(start[4:8], "little"))
        file.seek(max(0, end - _EMPTY))
        if file.read(_EMPTY).strip(b"\0"):
            return False
        whole = next((mark for kind, mark in _ENDS.items() if start.startswith(kind)), None)
        return whole is None or not _before_zeros(file, end).endswith(whole)


def _before_zeros(file: BinaryIO, end: int) -> bytes:
    """The bytes before the zeros at the end, however many those are."""
    kept = b""
    while end > 0 and not kept:
        begin = max(0, end - _BLOCK)
        file.seek(max(0, begin - 8))  # a mark may begin in the block before
        kept = file.read(end - max(0, begin - 8)).rstrip(b"\0")
        end = begin
    return kept


def is_grey_at_one_side(pixels: npt.NDArray[np.uint8]) -> bool:
    """Whether one side of a picture, and no other, is the grey of blocks without data.

    It is the lower side of the stored picture, so any side of the upright one. A frame has more
    than one grey side.

    Args:
        pixels: uint8, shape (height, width, 3).
    """
    sides = (pixels, pixels[::-1], pixels.transpose(1, 0, 2), pixels[:, ::-1].transpose(1, 0, 2))
    return sum(_begins_grey(side) for side in sides) == 1


def _begins_grey(pixels: npt.NDArray[np.uint8]) -> bool:
    rows = max(2, round(_LEAST * len(pixels)))
    if len(pixels) <= rows or not _is_nothing(pixels[0]):
        return False
    return _is_nothing(pixels[:rows])


def _is_nothing(pixels: npt.NDArray[np.uint8]) -> bool:
    low, high = int(pixels.min()), int(pixels.max())
    return low >= _NOTHING - _ALIKE and high <= _NOTHING + _ALIKE
