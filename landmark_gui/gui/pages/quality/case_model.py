"""The cases of one fault as a list model that follows edits row by row."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from landmark_gui.core.quality.report import Case, Fault
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.quality import tiles
from landmark_gui.gui.pages.quality.tiles import Tile
from landmark_gui.gui.widgets.models import ROOT, Index, stretches
from landmark_gui.gui.widgets.plain import literal

CASE_ROLE = Qt.ItemDataRole.UserRole
SINGLY = 50
"""Up to so many stretches of rows are removed or inserted one by one; more rebuild the list."""

_Key = tuple[Any, ...]


class CaseModel(QAbstractListModel):
    """The open cases of a fault, the worst first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self.fault: Fault | None = None
        self.cases: tuple[Case, ...] = ()

    def show_fault(
        self, document: Document | None, fault: Fault | None, cases: tuple[Case, ...]
    ) -> None:
        """List the cases of another fault."""
        self.beginResetModel()
        self._document, self.fault, self.cases = document, fault, cases
        self.endResetModel()

    def follow(self, cases: tuple[Case, ...], row: int = -1) -> tuple[int, bool]:
        """List what has become of the cases; those that stay keep their rows.

        Returns:
            Where the case in `row` is now, and whether it is still there; if it is not, the row
            of the one that has taken its place.
        """
        start, old_end, new_end = _changed_part(self.cases, cases)
        old = [_key(case) for case in self.cases[start:old_end]]
        new = [_key(case) for case in cases[start:new_end]]
        staying, coming = set(new), set(old)
        leaving = stretches(start + place for place, key in enumerate(old) if key not in staying)
        arriving = stretches(start + place for place, key in enumerate(new) if key not in coming)
        same_order = [k for k in old if k in staying] == [k for k in new if k in coming]
        if not same_order or len(leaving) + len(arriving) > SINGLY:
            return self._list_anew(cases, row)
        stays = True
        for first, last in reversed(leaving):
            self._remove(first, last)
            stays = stays and not first <= row <= last
            row = row - (last - first + 1) if last < row else min(row, first) if not stays else row
        for first, last in arriving:
            self._insert(first, cases[first : last + 1])
            row += (last - first + 1) * (first <= row)
        self.cases = cases  # the words of those that stayed may have changed
        self.repaint()
        return row, stays

    def _list_anew(self, cases: tuple[Case, ...], row: int) -> tuple[int, bool]:
        known = _key(self.cases[row]) if row >= 0 else ()
        self.show_fault(self._document, self.fault, cases)
        found = next((place for place, case in enumerate(cases) if _key(case) == known), -1)
        return (found, True) if found >= 0 else (row, False)

    def _remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(ROOT, first, last)
        self.cases = self.cases[:first] + self.cases[last + 1 :]
        self.endRemoveRows()

    def _insert(self, first: int, cases: tuple[Case, ...]) -> None:
        self.beginInsertRows(ROOT, first, first + len(cases) - 1)
        self.cases = self.cases[:first] + cases + self.cases[first:]
        self.endInsertRows()

    def repaint(self) -> None:
        """What is seen of the cases has changed, as a landmark's name or a picture."""
        if self.cases:
            self.dataChanged.emit(self.index(0), self.index(len(self.cases) - 1))

    def tiles(self, case: Case, most: int = 1) -> list[Tile]:
        """What is to be seen of a case, at most so many pictures."""
        if self._document is None or self.fault is None:
            return []
        project, folder = self._document.project, self._document.photos_dir
        return tiles.tiles(project, folder, self.fault, case, most)

    def text(self, case: Case) -> str:
        """A case in words."""
        if self._document is None or self.fault is None:
            return ""
        return tiles.case_text(self._document.project, self.fault, case)

    def landmark_name(self, case: Case) -> str:
        """The name of the landmark that a case is about, or ""."""
        marks = self._document.project.landmarks if self._document else {}
        mark = marks.get(case.landmark_id) if case.landmark_id is not None else None
        return mark.name if mark is not None else ""

    # Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        case = self.cases[index.row()]
        if role == CASE_ROLE:
            return case
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(case)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self.text(case).replace(" · ", "\n"))
        return None


def _key(case: Case) -> _Key:
    """What makes two cases one, though the project has changed in between."""
    return case.subjects or (case.landmark_id,)


def _changed_part(old: tuple[Case, ...], new: tuple[Case, ...]) -> tuple[int, int, int]:
    """Where two lists begin to differ, and behind which place of each they do not any more.

    An edit changes one place of thousands.
    """
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if not _is_same(old[n], new[n])), shorter)
    rest = shorter - start
    alike = next((n for n in range(rest) if not _is_same(old[-1 - n], new[-1 - n])), rest)
    return start, len(old) - alike, len(new) - alike


def _is_same(one: Case, other: Case) -> bool:
    return one is other or _key(one) == _key(other)
