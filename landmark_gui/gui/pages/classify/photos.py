"""The photos that were given to the page, and what came of each, as a list model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, QTimer, Signal

from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.list_query import ListQuery, chosen, folded_place
from landmark_gui.gui.widgets.models import ROOT, Index, stretches
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.inference.classifier import Box, Verdict

ENTRY_ROLE = Qt.ItemDataRole.UserRole
State = Literal["waiting", "stopped", "done", "failed"]
Outcome = Verdict | str
"""What came of a photo: a verdict, or why there is none."""
STALE_MS = 300
"""How long changes may wait until the list is put in order again."""
SINGLY = 50
"""Up to so many stretches of rows are removed one by one; more rebuild the list."""


@dataclass
class Entry:
    """A photo on the list.

    Attributes:
        key: never given twice, so that late answers find their photo or nothing.
        reason: why it cannot be classified, if it "failed".
        corrected: what the person says it shows; "" for nothing.
        sent: whether that was sent to the project.
        box: the part of it that is asked about, in oriented pixels; None for all of it.
        whole: the verdict on all of it, if there is one.
    """

    key: int
    path: Path
    name: str
    state: State = "waiting"
    verdict: Verdict | None = None
    reason: str = ""
    corrected: str = ""
    sent: bool = False
    _folded: str = ""

    box: Box | None = None
    whole: Verdict | None = None

    @property
    def label(self) -> str:
        """What it shows: what the person says, else the model; "" for unknown and for neither."""
        if self.corrected or self.verdict is None:
            return self.corrected
        return "" if self.verdict.unknown else self.verdict.label

    @property
    def folded_place(self) -> str:
        """What a search looks through; reckoned by the first one that does."""
        if not self._folded:
            self._folded = folded_place(self.path, self.name)
        return self._folded

    def settle(self, outcome: Outcome) -> None:
        """Enter what came of it; an answer about another part than is asked about is too late."""
        if isinstance(outcome, Verdict):
            if outcome.box is None:
                self.whole = outcome
            if outcome.box == self.box:
                self.state, self.verdict, self.reason = "done", outcome, ""
        else:
            self.state, self.verdict, self.reason = "failed", None, outcome

    def correct(self, label: str) -> None:
        self.corrected, self.sent = label, self.sent and label == self.corrected

    def send(self, sent: bool) -> None:
        """Note whether it is in the project, as what it is said to show then."""
        self.corrected, self.sent = self.label, sent

    def move_to(self, path: Path) -> None:
        self.path, self._folded = path, ""

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
    """Photos as the query lets pass and orders them, at first as they came; each path once.

    Signals:
        rearranged(): the rows were made anew, and the views know it.
    """

    rearranged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.query = ListQuery()
        self._all: list[Entry] = []
        self._shown: list[Entry] = []
        self._known: dict[int, Entry] = {}
        self._rows: dict[int, int] = {}
        self._keys: dict[Path, int] = {}
        self._next_key = 0
        self._stale = QTimer(self, singleShot=True, interval=STALE_MS)
        self._stale.timeout.connect(self.rearrange)

    def add(self, paths: Iterable[Path], name: str = "") -> list[Entry]:
        """Append the photos that are not listed yet; these. `name` replaces their file names."""
        new = [path for path in dict.fromkeys(paths) if path not in self._keys]
        if not new:
            return []
        entries = [
            Entry(self._next_key + number, path, name or path.name)
            for number, path in enumerate(new)
        ]
        self._next_key += len(entries)
        self._all += entries
        self._known |= {entry.key: entry for entry in entries}
        self._keys |= {entry.path: entry.key for entry in entries}
        if not self.query.as_it_came:
            self.rearrange()
            return entries
        start = len(self._shown)
        self.beginInsertRows(QModelIndex(), start, start + len(entries) - 1)
        self._shown += entries
        self._index()
        self.endInsertRows()
        return entries

    def take(self, entries: list[Entry]) -> None:
        """Show photos with all that is known of them, in the place of those that are shown."""
        self.beginResetModel()
        self._all, self._shown = list(entries), chosen(entries, self.query)
        self._known = {entry.key: entry for entry in entries}
        self._keys = {entry.path: entry.key for entry in entries}
        self._next_key = max(self._known, default=-1) + 1
        self._index()
        self.endResetModel()

    def remove(self, keys: set[int]) -> None:
        """Take photos off the list."""
        runs = stretches(sorted(self._rows[key] for key in keys & self._rows.keys()))
        self._all = [entry for entry in self._all if entry.key not in keys]
        self._known = {entry.key: entry for entry in self._all}
        self._keys = {entry.path: entry.key for entry in self._all}
        if len(runs) > SINGLY:
            self.beginResetModel()
            self._shown = [entry for entry in self._shown if entry.key not in keys]
            self._index()
            self.endResetModel()
            self.rearranged.emit()
            return
        for first, last in reversed(runs):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._shown[first : last + 1]
            self._index()
            self.endRemoveRows()

    def set_query(self, query: ListQuery) -> None:
        """Show what another query lets pass."""
        self.query = query
        self.rearrange()

    def rearrange(self) -> None:
        """Let the query choose and order anew, as photos may have changed since."""
        self._stale.stop()
        shown = chosen(self._all, self.query)
        if [entry.key for entry in shown] == list(self._rows):
            return
        self.beginResetModel()
        self._shown = shown
        self._index()
        self.endResetModel()
        self.rearranged.emit()

    def settle(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        """Enter what came of photos; those no longer listed are passed over."""
        for key, outcome in outcomes:
            if key in self._known:
                self._known[key].settle(outcome)
                self.repaint(key)
        self._changed()

    def correct(self, keys: Iterable[int], label: str) -> None:
        """Say what photos truly show; "" takes that back."""
        for key in keys:
            self._known[key].correct(label)
            self.repaint(key)
        self._changed()

    def mark_sent(self, keys: Iterable[int], sent: bool) -> None:
        """Note whether what is said of photos is in the project."""
        for key in self._known.keys() & set(keys):
            self._known[key].send(sent)
            self.repaint(key)
        self._changed()

    def relocate(self, places: Mapping[Path, Path]) -> None:
        """Follow photos that were moved."""
        for before, after in places.items():
            key = self._keys.pop(before, None)
            if key is not None:
                self._known[key].move_to(after)
                self._keys[after] = key
        self._repaint_all()

    def judge(self, entries: Iterable[Entry], threshold: float) -> None:
        """Judge verdicts by another threshold; photos no longer listed are passed over."""
        rows = []
        for entry in entries:
            entry.judge(threshold)
            if entry.key in self._rows:
                rows.append(self._rows[entry.key])
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
        self._changed()

    def put_back(self, entries: Iterable[Entry], state: State) -> None:
        """Forget what came of photos."""
        for entry in entries:
            entry.put_back(state)
        self._repaint_all()
        self._changed()

    def repaint(self, key: object) -> None:
        """Tell the view that the row of a photo, if it is still listed, looks different."""
        if isinstance(key, int) and key in self._rows:
            self._repaint(self._rows[key])

    def entries(self, state: State | None = None) -> list[Entry]:
        """All photos in the order in which they came, or those in one state."""
        return [entry for entry in self._all if state in (None, entry.state)]

    def with_paths(self, paths: Iterable[Path]) -> list[Entry]:
        """The photos among these that are listed."""
        return [self._known[self._keys[path]] for path in paths if path in self._keys]

    @property
    def shown(self) -> list[Entry]:
        """The photos that the query lets pass, in its order."""
        return list(self._shown)

    @property
    def total(self) -> int:
        """How many photos there are, shown or not."""
        return len(self._all)

    def known(self, keys: Iterable[int]) -> Iterator[Entry]:
        """The photos with these keys, as far as they are still listed."""
        return (self._known[key] for key in keys if key in self._known)

    def row_of(self, path: Path) -> int:
        """The row of a path, or -1."""
        return self.row_with(self._keys.get(path, -1))

    def row_with(self, key: int) -> int:
        """The row of the photo with this key, or -1."""
        return self._rows.get(key, -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._shown[index.row()]
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
        self._rows = {entry.key: row for row, entry in enumerate(self._shown)}

    def _changed(self) -> None:
        """Photos changed in what the query looks at: not each change rearranges the list."""
        if not self.query.as_it_came:
            self._stale.start()

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row), self.index(row))

    def _repaint_all(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
