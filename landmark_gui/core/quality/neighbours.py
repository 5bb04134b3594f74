"""All pairs of pictures whose perceptual hashes differ in few bits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from landmark_gui.core.grouping import Joined
from landmark_gui.core.parallel import in_order
from landmark_gui.core.quality.phash import BITS, DIGITS, MIRROR

LOWEST = 16
"""So many of the 64 lowest frequencies, which say what a picture is of, may differ in any case."""
_ROWS, _COLUMNS = 64, 4096
"""What is compared at once: two megabytes, which stay in a core's cache."""

_MIRRORED = np.frombuffer(MIRROR.tobytes(), ">u8").astype(np.uint64)

Hashes = npt.NDArray[np.uint64]
"""Of shape (n, 4)."""
Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
Pairs = tuple[Places, Places, npt.NDArray[np.intp]]


_MANY = 100_000
"""Pairs of a block; more are thinned to those that join pictures before others are looked for."""


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
    return _each_once(*_joined(_found(hashes, distance, lambda pairs: pairs)))


def near_forest(hashes: Sequence[str], distance: int) -> Pairs:
    """As `near_pairs`, but of pictures that are all alike only so many pairs as join them.

    Those that differ least: a minimum spanning forest. A film of ten thousand frames has fifty
    million pairs, which no memory holds, and ten thousand that join them.
    """
    pairs = _joined(_found(hashes, distance, _thinned))
    return _each_once(*_forest(*pairs))


class Likeness:
    """Pictures that can be asked one by one which of some others they look like.

    Args:
        hashes: as for `near_pairs`, whose rule it is.
    """

    def __init__(self, hashes: Sequence[str]) -> None:
        empty = "0" * 3 * DIGITS
        padded = [text + empty[len(text) :] for text in hashes]
        places = np.arange(len(padded))
        self._views = [_view(padded, places, number) for number in range(3)]
        self._told = np.array([bool(text) for text in hashes])
        self._framed = np.array([len(text) > 2 * DIGITS for text in hashes])

    def near(self, one: int, others: Places, distance: int) -> tuple[Places, npt.NDArray[np.intp]]:
        """Those of `others` that look like `one`, and in how many bits they differ."""
        best = np.full(len(others), BITS + 1, np.intp)
        whole, inner, inside = (view[others] for view in self._views)
        mine, my_inner, my_inside = (view[one] for view in self._views)
        framed = self._framed[others]
        for views, view, limit, known in (
            (whole, mine, distance, True),
            (whole, mine ^ _MIRRORED, distance // 2, True),
            (whole, my_inner, distance, True),
            (inner, mine, distance, True),
            (whole, my_inside, distance, self._framed[one]),
            (inside, mine, distance, framed),
            (inside, my_inside, distance, framed & self._framed[one]),
        ):
            counts = np.bitwise_count(views ^ view)
            bits = counts.sum(axis=1, dtype=np.intp)
            near = (counts[:, 0] <= LOWEST) & (bits <= limit) & known
            best = np.where(near, np.minimum(best, bits), best)
        found = (best <= BITS) & self._told[others] & self._told[one] & (others != one)
        return others[found], best[found]


def _found(hashes: Sequence[str], distance: int, thin: Callable[[Pairs], Pairs]) -> Iterator[Pairs]:
    told = np.array([place for place, text in enumerate(hashes) if text], np.intp)
    whole, inner = (_view(hashes, told, number) for number in (0, 1))
    framed = np.array([place for place in told if len(hashes[place]) > 2 * DIGITS], np.intp)
    inside = _view(hashes, framed, 2)
    mirrored = whole ^ _MIRRORED
    yield from _among(whole, whole, told, told, distance, thin, symmetric=True)
    yield from _among(mirrored, whole, told, told, distance // 2, thin, symmetric=True)
    yield from _among(inner, whole, told, told, distance, thin)
    yield from _among(inside, whole, framed, told, distance, thin)
    yield from _among(inside, inside, framed, framed, distance, thin)


def _joined(blocks: Iterable[Pairs]) -> Pairs:
    none = np.empty(0, np.intp)
    a, b, bits = (np.concatenate(column) for column in zip((none,) * 3, *blocks, strict=True))
    return a, b, bits


def _thinned(pairs: Pairs) -> Pairs:
    return _forest(*pairs) if len(pairs[0]) > _MANY else pairs


def _forest(a: Places, b: Places, bits: npt.NDArray[np.intp]) -> Pairs:
    """A minimum spanning forest, as Borůvka (1926) finds it: each tree takes its nearest pair."""
    names, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    order = np.lexsort((b, a, bits))  # no two pairs are equally near, so that no circle closes
    a, b, bits = a[order], b[order], bits[order]
    one, other = ends[: len(order)][order], ends[len(order) :][order]
    tree = np.arange(len(names))
    kept = np.zeros(len(a), bool)
    left = np.flatnonzero(one != other)
    while len(left):
        nearest = np.full(len(names), len(a))
        np.minimum.at(nearest, tree[one[left]], left)
        np.minimum.at(nearest, tree[other[left]], left)
        chosen = np.unique(nearest[nearest < len(a)])
        kept[chosen] = True
        tree = _merged(tree, one[chosen], other[chosen])
        left = left[tree[one[left]] != tree[other[left]]]
    return a[kept], b[kept], bits[kept]


def _merged(tree: Places, one: Places, other: Places) -> Places:
    """The tree of each member, after trees were joined."""
    together = Joined(np.unique(tree).tolist())
    for a, b in zip(tree[one].tolist(), tree[other].tolist(), strict=True):
        together.join(a, b)
    roots = together.roots()
    known = np.array(list(roots), np.intp)
    named = np.empty(int(known.max()) + 1, np.intp)
    named[known] = list(roots.values())
    return named[tree]


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
    thin: Callable[[Pairs], Pairs],
    *,
    symmetric: bool = False,
) -> Iterator[Pairs]:
    """The pairs of a row and a column within `distance`, by their names, block by block.

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
        return thin((names[a[near]], others[b[near]], bits[near]))

    return in_order(block, range(0, len(rows), _ROWS))


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
