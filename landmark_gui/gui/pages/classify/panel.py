"""The right part: the large photo, and beside it the verdict."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from landmark_gui.core.geometry import Rect
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.pages.classify.unknown_card import UnknownCard
from landmark_gui.gui.pages.classify.verdict_card import VerdictCard
from landmark_gui.gui.pages.classify.viewer import Viewer
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.scrolled import scrolled

COLUMN = 264


class VerdictPanel(QWidget):
    """Shows one photo of the list and what is known of it."""

    def __init__(self, context: AppContext, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.viewer = Viewer(context, thumbnails)
        self.photo = self.viewer.photo
        self.card = VerdictCard()
        self.unknown = UnknownCard()
        self.title, self.detail, self.bars = self.card.title, self.card.detail, self.card.bars
        self._lay_out()
        self.show_entry(None, 0.0)

    def follow(self, view: QListView) -> None:
        """Step through the rows of `view`, in its order."""
        self.viewer.follow(view)

    def show_entry(self, entry: Entry | None, threshold: float) -> None:
        """Show a photo and what is known of it; None shows nothing."""
        self.viewer.show_entry(entry)
        self.card.show_entry(entry, threshold)
        self._show_part(entry)

    def _show_part(self, entry: Entry | None) -> None:
        box, verdict = (entry.box, entry.verdict) if entry else (None, None)
        if box is None:
            self.photo.show_part(None)
            return
        answered = verdict is not None and verdict.box == box
        said = texts.verdict_text(verdict) if verdict and answered else "…"
        self.photo.show_part(Rect(*box), said, "#ffffff")

    def _lay_out(self) -> None:
        column = QWidget()
        self._column = parts = QVBoxLayout(column)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(theme.M)
        parts.addWidget(self.card)
        parts.addWidget(self.unknown)
        parts.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.M, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.viewer, 1)
        layout.addWidget(scrolled(column, COLUMN))
