"""Which part of a photo is asked about: the person draws it, or takes all of the photo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.geometry import Rect
from landmark_gui.gui.pages.classify.engine import Engine
from landmark_gui.gui.pages.classify.part_canvas import PartCanvas
from landmark_gui.gui.pages.classify.photos import Entry


class Parts(QObject):
    """Asks the model again when the person marks another part of the photo on show.

    Signals:
        settled(list[tuple[int, Outcome]]): what was known already of a photo, by its key.
        changed(): another part is asked about; the answer is on its way.
    """

    settled = Signal(object)
    changed = Signal()

    def __init__(self, engine: Engine, canvas: PartCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._entry: Entry | None = None
        canvas.part_changed.connect(self.choose)

    def show_entry(self, entry: Entry | None) -> None:
        """This is the photo on show."""
        self._entry = entry

    def choose(self, rect: Rect | None) -> None:
        """Ask about this part of the photo on show; None is all of it."""
        entry = self._entry
        if entry is None:
            return
        entry.box = None if rect is None else (rect.x, rect.y, rect.w, rect.h)
        if entry.box is None and entry.whole is not None:
            self.settled.emit([(entry.key, entry.whole)])
        else:
            self._engine.ask(entry)
            self.changed.emit()
