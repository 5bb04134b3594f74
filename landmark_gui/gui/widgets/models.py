"""What item models of ours need to answer Qt's questions."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
"""The parent of the rows of a list or table."""


def stretches(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending rows as first and last of each stretch without a gap."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
