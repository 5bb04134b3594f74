"""Rows out of the pages of an SQLite file whose tree is broken.

Each leaf page of a table holds its rows by itself, so that a lost first page, a lost inner
page or a missing end costs no more than the pages that are lost. The form of a page is
described at https://www.sqlite.org/fileformat.html; names below are from there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

Value = int | float | str | bytes | None
Record = tuple[Value, ...]

_MAGIC = b"SQLite format 3\x00"
_LEAF_OF_TABLE = 0x0D
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_DEFAULT_PAGE = 4096


def records(data: bytes) -> Iterator[tuple[int, Record]]:
    """The rowid and the values of every row that can be read, page by page.

    Rows on pages that the file lists as free were deleted, and are left out.
    """
    pages = _Pages(data)
    for number in range(1, pages.count + 1):
        if number not in pages.free:
            yield from pages.rows(number)


class _Pages:
    def __init__(self, data: bytes) -> None:
        has_header = data.startswith(_MAGIC)
        self._data = data
        self._size = _page_size(data) if has_header else _DEFAULT_PAGE
        self._usable = self._size - (data[20] if has_header and len(data) > 20 else 0)
        self._budget = 4 * len(data)  # crafted rows may all claim the same pages
        self.count = -(-len(data) // self._size)
        self.free = self._free_pages() if has_header and len(data) >= 100 else set()

    def rows(self, number: int) -> Iterator[tuple[int, Record]]:
        page = self._page(number)
        start = 100 if number == 1 else 0
        if len(page) < start + 8 or page[start] != _LEAF_OF_TABLE:
            return
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for index in range(start + 8, min(start + 8 + 2 * cells, len(page) - 1), 2):
            try:
                yield self._cell(page, int.from_bytes(page[index : index + 2], "big"))
            except (IndexError, ValueError, struct.error):
                continue

    def _page(self, number: int) -> bytes:
        return self._data[(number - 1) * self._size : number * self._size]

    def _cell(self, page: bytes, at: int) -> tuple[int, Record]:
        length, at = _varint(page, at)
        rowid, at = _varint(page, at)
        self._budget -= length
        if self._budget < 0:
            raise ValueError("more than the file holds")
        here = self._local(length)
        payload = page[at : at + here]
        if length > here:
            payload += self._overflow(page[at + here : at + here + 4], length - here)
        if len(payload) != length:
            raise ValueError("cut off")
        signed = rowid - 2**64 if rowid >= 2**63 else rowid
        return signed, _record(payload)

    def _local(self, length: int) -> int:
        """How many bytes of a payload stand on its own page."""
        largest = self._usable - 35
        if length <= largest:
            return length
        smallest = (self._usable - 12) * 32 // 255 - 23
        fitting = smallest + (length - smallest) % (self._usable - 4)
        return fitting if fitting <= largest else smallest

    def _overflow(self, link: bytes, length: int) -> bytes:
        parts = []
        while length > 0:
            number = int.from_bytes(link, "big")
            page = self._page(number)[: self._usable] if number else b""
            if len(page) <= 4:
                raise ValueError("an overflow page is missing")
            parts.append(page[4 : 4 + length])
            link, length = page[:4], length - len(parts[-1])
        return b"".join(parts)

    def _free_pages(self) -> set[int]:
        free: set[int] = set()
        trunk = int.from_bytes(self._data[32:36], "big")
        while 0 < trunk <= self.count and trunk not in free:
            free.add(trunk)
            page = self._page(trunk)
            leaves = int.from_bytes(page[4:8], "big")
            ends = min(8 + 4 * leaves, len(page) - 3)
            free |= {int.from_bytes(page[at : at + 4], "big") for at in range(8, ends, 4)}
            trunk = int.from_bytes(page[:4], "big")
        return free


def _page_size(data: bytes) -> int:
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size >= 512 and size & (size - 1) == 0 else _DEFAULT_PAGE


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 1 to 9 bytes, and where the next one begins."""
    value = 0
    for index in range(at, at + 8):
        value = value << 7 | data[index] & 0x7F
        if data[index] < 0x80:
            return value, index + 1
    return value << 8 | data[at + 8], at + 9


def _record(payload: bytes) -> Record:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values = []
    for kind in kinds:
        size = (kind - 12) // 2 if kind >= 12 else 8 if kind == 7 else _SIZES.get(kind, 0)
        if at + size > len(payload):
            raise ValueError("cut off")
        values.append(_value(kind, payload[at : at + size]))
        at += size
    return tuple(values)


def _value(kind: int, content: bytes) -> Value:
    if kind >= 12:
        return content.decode("utf-8", "replace") if kind % 2 else content
    if kind == 7:
        number: float = struct.unpack(">d", content)[0]
        return number
    if kind in _SIZES:
        return int.from_bytes(content, "big", signed=True)
    return {0: None, 8: 0, 9: 1}.get(kind)
