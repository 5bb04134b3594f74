"""The photos that were given to the page, and what came of each, as a list model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.widgets.models import ROOT, Index, stretches
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.inference.classifier import Box, Verdict

ENTRY_ROLE = Qt.ItemDataRole.UserRole
State = Literal["waiting", "stopped", "done", "failed"]
Outcome = Verdict | str
"""What came of a photo: a verdict, or why there is none."""
SINGLY = 50
"""Up to so many stretches of rows are removed one by one; more rebuild the list."""


@dataclass
class Entry:
    """A photo on the list.

    Attributes:
        key: never given twice, so that late answers find their photo or nothing.
        reason: why it cannot be classified, if it "failed".
        box: the part of it that is asked about, in oriented pixels; None for all of it.
        whole: the verdict on all of it, if there is one.
    """

    key: int
    path: Path
    name: str
    state: State = "waiting"
    verdict: Verdict | None = None
    reason: str = ""
    box: Box | None = None
    whole: Verdict | None = None

    def settle(self, outcome: Outcome) -> None:
        """Enter what came of it; an answer about another part than is asked about is too late."""
        if isinstance(outcome, Verdict):
            if outcome.box is None:
                self.whole = outcome
            if outcome.box == self.box:
                self.state, self.verdict, self.reason = "done", outcome, ""
        else:
            self.state, self.verdict, self.reason = "failed", None, outcome

    def judge(self, threshold: float) -> None:
        """Say by another threshold whether its verdicts are unknown."""
        if self.verdict is not None:
            self.verdict = judged(self.verdict, threshold)
        if self.whole is not None:
            self.whole = judged(self.whole, threshold)

    def put_back(self, state: State) -> None:
        self.state, self.verdict, self.whole, self.reason = state, None, None, ""


def judged(verdict: Verdict, threshold: float) -> Verdict:
    """As `Verdict.at`, but without a copy where it stays as it is: of thousands most do."""
    same = (verdict.score < threshold) == verdict.unknown
    return verdict if same else verdict.at(threshold)


class PhotoList(QAbstractListModel):
    """Photos in the order in which they came; each path once."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []
        self._rows: dict[int, int] = {}
        self._keys: dict[Path, int] = {}
        self._next_key = 0

    def add(self, paths: Iterable[Path], name: str = "") -> list[Entry]:
        """Append the photos that are not listed yet; these. `name` replaces their file names."""
        new = [path for path in dict.fromkeys(paths) if path not in self._keys]
        if not new:
            return []
        start = len(self._entries)
        entries = [
            Entry(self._next_key + number, path, name or path.name)
            for number, path in enumerate(new)
        ]
        self._next_key += len(entries)
        self.beginInsertRows(QModelIndex(), start, start + len(entries) - 1)
        self._entries += entries
        self._index()
        self.endInsertRows()
        return entries

    def remove(self, keys: set[int]) -> None:
        """Take photos off the list."""
        runs = stretches(sorted(self._rows[key] for key in keys))
        if len(runs) > SINGLY:
            self.beginResetModel()
            self._entries = [entry for entry in self._entries if entry.key not in keys]
            self._index()
            self.endResetModel()
            return
        for first, last in reversed(runs):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._entries[first : last + 1]
            self._index()
            self.endRemoveRows()

    def settle(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        """Enter what came of photos; those no longer listed are passed over."""
        for key, outcome in outcomes:
            if key in self._rows:
                self._entries[self._rows[key]].settle(outcome)
                self._repaint(self._rows[key])

    def judge(self, entries: Iterable[Entry], threshold: float) -> None:
        """Judge verdicts by another threshold; photos no longer listed are passed over."""
        rows = []
        for entry in entries:
            entry.judge(threshold)
            if entry.key in self._rows:
                rows.append(self._rows[entry.key])
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def put_back(self, entries: Iterable[Entry], state: State) -> None:
        """Forget what came of photos."""
        for entry in entries:
            entry.put_back(state)
        self._repaint_all()

    def repaint(self, key: object) -> None:
        """Tell the view that the row of a photo, if it is still listed, looks different."""
        if isinstance(key, int) and key in self._rows:
            self._repaint(self._rows[key])

    def entries(self, state: State | None = None) -> list[Entry]:
        """All photos, or those in one state."""
        return [entry for entry in self._entries if state in (None, entry.state)]

    def known(self, keys: Iterable[int]) -> Iterator[Entry]:
        """The photos with these keys, as far as they are still listed."""
        return (self._entries[self._rows[key]] for key in keys if key in self._rows)

    def row_of(self, path: Path) -> int:
        """The row of a path, or -1."""
        key = self._keys.get(path)
        return -1 if key is None else self._rows[key]

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(f"{entry.path}\n{texts.entry_text(entry)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name}: {texts.entry_text(entry)}"
        return None

    def _index(self) -> None:
        self._rows = {entry.key: row for row, entry in enumerate(self._entries)}
        self._keys = {entry.path: entry.key for entry in self._entries}

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row), self.index(row))

    def _repaint_all(self) -> None:
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))
