"""Which part of a photo is asked about: drawn by the person, found by a search, or all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.pages.classify.engine import Engine
from landmark_gui.gui.pages.classify.finding import Finding, Result
from landmark_gui.gui.pages.classify.part_canvas import PartCanvas
from landmark_gui.gui.pages.classify.photos import Entry, Outcome, PhotoList
from landmark_gui.inference.classifier import Box

if TYPE_CHECKING:
    from landmark_gui.inference.localizing import Located


@dataclass(frozen=True)
class KeptParts:
    """Whether each photo is searched, which were, and the boxes before those that were found."""

    each: bool
    searched: set[int]
    before: dict[int, Box | None]


class Parts(QObject):
    """Asks the model again when another part of a photo is marked.

    Signals:
        settled(list[tuple[int, Outcome]]): what is known already of a photo, by its key.
        changed(): another part is asked about, and the answer is on its way; or something else
            that is said of the photo on show.
        said(str): how a search for the photo on show ended.
    """

    settled = Signal(object)
    changed = Signal()
    said = Signal(str)

    def __init__(
        self, engine: Engine, photos: PhotoList, canvas: PartCanvas, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._photos = engine, photos
        self._entry: Entry | None = None
        self._each = False
        self._waiting: set[int] = set()
        self._searched: set[int] = set()
        self._before: dict[int, Box | None] = {}  # of photos whose box was found
        self.finding = Finding(self)
        self.finding.found.connect(self._found)
        canvas.part_changed.connect(self._drawn)

    def show_entry(self, entry: Entry | None) -> None:
        """This is the photo on show."""
        self._entry = entry

    def is_found(self, entry: Entry | None) -> bool:
        """Whether its box is one that a search has found."""
        return entry is not None and entry.key in self._before

    def keep(self) -> KeptParts:
        """What was searched and found, for what takes the place of this."""
        return KeptParts(self._each, self._searched, self._before)

    def take(self, kept: KeptParts) -> None:
        self._each, self._searched, self._before = kept.each, kept.searched, kept.before

    # The photo on show

    def find(self) -> None:
        """Search the photo on show for its best part."""
        if self._entry is not None and self._engine.classifier is not None:
            self.finding.find(self._engine.classifier, self._entry)

    def take_back(self) -> None:
        """Ask about what was asked before a search has found the box on show."""
        if self._entry is not None and self._entry.key in self._before:
            self._choose(self._entry, self._before.pop(self._entry.key))

    def _drawn(self, rect: Rect | None) -> None:
        if self._entry is not None:
            self._before.pop(self._entry.key, None)
            box = None if rect is None else (rect.x, rect.y, rect.w, rect.h)
            self._choose(self._entry, box)

    def _choose(self, entry: Entry, box: Box | None) -> None:
        entry.box = box
        if box is None and entry.whole is not None:
            self.settled.emit([(entry.key, entry.whole)])
        else:
            self._engine.ask(entry)
            self.changed.emit()

    # All photos

    def find_each(self, each: bool) -> None:
        """Search each photo without a box, now and later; or take back what was found so."""
        self._each = each
        if each:
            self.consider(self._photos.entries())
            return
        self.stop()
        self._searched.clear()
        self._take_back_all()

    def stop(self) -> None:
        """Search no more; what was found stays."""
        self._each = False
        self.finding.cancel()
        self._waiting.clear()

    def consider(self, entries: Iterable[Entry]) -> None:
        """Search those of these photos that were classified as a whole, if all are to be."""
        classifier = self._engine.classifier
        if not self._each or classifier is None:
            return
        new = [entry for entry in entries if self._is_open(entry)]
        self._waiting |= {entry.key for entry in new}
        self.finding.find_each(classifier, new)

    def forget_model(self) -> None:
        """Another model finds other boxes; those that the person drew stay."""
        self.stop()
        self._searched.clear()
        for entry in self._photos.known(self._before):
            entry.box = self._before[entry.key]
        self._before.clear()

    def _take_back_all(self) -> None:
        settled: list[tuple[int, Outcome]] = []
        for entry in self._photos.known(list(self._before)):
            entry.box = self._before[entry.key]
            if entry.box is None and entry.whole is not None:
                settled.append((entry.key, entry.whole))
            else:
                self._engine.ask(entry)
        self._before.clear()
        self.settled.emit(settled)

    def _is_open(self, entry: Entry) -> bool:
        known = entry.key in self._waiting or entry.key in self._searched
        return entry.state == "done" and entry.box is None and not known

    def _found(self, results: list[Result]) -> None:
        settled: list[tuple[int, Outcome]] = []
        for wanted, located in results:
            self._searched.add(wanted.key)
            entry = next(self._photos.known([wanted.key]), None)
            if entry is None or entry.box != wanted.box:
                continue  # it was taken off the list, or the person has marked another part
            if not isinstance(located, str) and not located.is_whole:
                self._before.setdefault(entry.key, entry.box)
                entry.box = located.verdict.box
                settled += [(entry.key, located.whole), (entry.key, located.verdict)]
            if entry is self._entry:
                self.said.emit(_said(located))
        if settled:
            self.settled.emit(settled)
        self.changed.emit()


def _said(located: Located | str) -> str:
    """How a search has ended."""
    if isinstance(located, str):
        return located
    if located.is_whole:
        return tr("No part of the photo is better than all of it.")
    return ntr(
        "Found after a look at {n} part of the photo.",
        "Found after a look at {n} parts of the photo.",
        located.windows,
    )
