"""All pairs of pictures whose perceptual hashes differ in few bits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from landmark_gui.core.quality.phash import BITS, DIGITS, MIRROR

LOWEST = 16
"""So many of the 64 lowest frequencies, which say what a picture is of, may differ in any case."""
_ROWS, _COLUMNS = 64, 4096
"""What is compared at once: two megabytes, which stay in a core's cache."""

Hashes = npt.NDArray[np.uint64]
"""Of shape (n, 4)."""
Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
Pairs = tuple[Places, Places, npt.NDArray[np.intp]]


def near_pairs(hashes: Sequence[str], distance: int) -> Pairs:
    """All pairs of pictures that look alike, each once.

    The whole of one is compared with the whole, the inside and the inside of the border of the
    other; with its mirror image as well, but within half the distance, since what is symmetrical
    resembles its mirror image. Every picture meets every other, on all cores: NumPy's
    `bitwise_count` needs no index for tens of thousands (ADR 0017).

    Args:
        hashes: of `perceptual_hash`; flat pictures ("") are like no other.
        distance: of `BITS`, how many bits may differ.

    Returns:
        (a, b, bits): the places of both in `hashes`, a < b, ordered by a and then b, and in how
        many bits they differ.
    """
    told = np.array([place for place, text in enumerate(hashes) if text], np.intp)
    whole, inner = (_view(hashes, told, number) for number in (0, 1))
    framed = np.array([place for place in told if len(hashes[place]) > 2 * DIGITS], np.intp)
    inside = _view(hashes, framed, 2)
    mirrored = whole ^ np.frombuffer(MIRROR.tobytes(), ">u8").astype(np.uint64)
    found = [
        _among(whole, whole, told, told, distance, symmetric=True),
        _among(mirrored, whole, told, told, distance // 2, symmetric=True),
        _among(inner, whole, told, told, distance),
        _among(inside, whole, framed, told, distance),
        _among(inside, inside, framed, framed, distance),
    ]
    return _each_once(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _view(hashes: Sequence[str], places: Places, number: int) -> Hashes:
    span = slice(number * DIGITS, (number + 1) * DIGITS)
    text = "".join(hashes[place][span] for place in places)
    words = np.frombuffer(bytes.fromhex(text), ">u8").astype(np.uint64)
    return words.reshape(-1, BITS // 64)


def _each_once(a: Places, b: Places, bits: npt.NDArray[np.intp]) -> Pairs:
    a, b = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((bits, b, a))
    a, b, bits = a[order], b[order], bits[order]
    new = np.ones(len(a), bool)
    new[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    new &= a != b
    return a[new], b[new], bits[new]


def _among(
    rows: Hashes,
    columns: Hashes,
    names: Places,
    others: Places,
    distance: int,
    *,
    symmetric: bool = False,
) -> Pairs:
    """The pairs of a row and a column within `distance`, by their names.

    Args:
        symmetric: columns left of a row's own place were met by earlier rows.
    """
    lowest = np.ascontiguousarray(rows[:, 0]), np.ascontiguousarray(columns[:, 0])

    def block(start: int) -> Pairs:
        first = start if symmetric else 0
        a, b = _candidates(lowest[0][start : start + _ROWS], lowest[1][first:])
        a, b = a + start, b + first
        bits = np.bitwise_count(rows[a] ^ columns[b]).sum(axis=1, dtype=np.intp)
        near = bits <= distance
        return names[a[near]], others[b[near]], bits[near]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        blocks = list(pool.map(block, range(0, len(rows), _ROWS)))
    none = np.empty(0, np.intp)
    a, b, bits = (np.concatenate(column) for column in zip((none,) * 3, *blocks, strict=True))
    return a, b, bits


def _candidates(rows: Words, columns: Words) -> tuple[Places, Places]:
    """Where rows and columns differ in at most `LOWEST` bits."""
    room = len(rows) * _COLUMNS
    words, counts, flags = np.empty(room, np.uint64), np.empty(room, np.uint8), np.empty(room, bool)
    found = [(np.empty(0, np.intp), np.empty(0, np.intp))]
    for start in range(0, len(columns), _COLUMNS):
        part = columns[start : start + _COLUMNS]
        shape, used = (len(rows), len(part)), len(rows) * len(part)
        np.bitwise_xor(rows[:, None], part, out=words[:used].reshape(shape))
        np.less_equal(np.bitwise_count(words[:used], out=counts[:used]), LOWEST, out=flags[:used])
        row, column = np.divmod(np.flatnonzero(flags[:used]), len(part))
        found.append((row, column + start))
    a, b = (np.concatenate(places) for places in zip(*found, strict=True))
    return a, b
