"""The verdict on the chosen photo: in words, and the most probable classes as bars."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.core.shares import percent
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.delegate import mark_of
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.pages.classify.top_classes import TopClasses
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import wrapped


class VerdictCard(QFrame):
    """Says what came of one photo of the list."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._entry: Entry | None = None
        self._mark = icons.IconView(22)
        self.title = wrapped("", "title")
        self.title.setObjectName("verdict_title")
        self.detail = wrapped("")
        self.detail.setObjectName("verdict_detail")
        self.top = TopClasses(settings)
        self._lay_out()

    def show_entry(self, entry: Entry | None, threshold: float) -> None:
        """Show what is known of a photo; None shows nothing."""
        self._entry = entry
        self._show_words(entry, threshold)
        self._show_mark()
        self.top.show_verdict(entry.verdict if entry else None)

    def _show_words(self, entry: Entry | None, threshold: float) -> None:
        verdict = entry.verdict if entry else None
        if entry is None:
            title, detail = tr("No photo chosen"), tr("Choose one in the list.")
        elif verdict is None:
            failed = entry.state == "failed"
            title = tr("No verdict") if failed else texts.entry_text(entry)
            detail = texts.entry_text(entry) if failed else entry.name
        elif verdict.unknown:
            title = tr("Unknown")
            why = texts.why_unknown_text(verdict, threshold)
            detail = f"{texts.guess_text(verdict)}\n{why}"
        else:
            title = verdict.label
            detail = tr("Confidence {confidence}", confidence=percent(verdict.confidence))
        self.title.setText(plain.breakable(title))
        lines = (line for line in (detail, _part(entry)) if line)
        self.detail.setText(plain.breakable("\n".join(lines)))

    def _show_mark(self) -> None:
        name, role = mark_of(self._entry) if self._entry else ("", "")
        self._mark.setVisible(bool(name))
        self._mark.show_icon(name, role)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.M)
        top.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        words = QVBoxLayout(self)
        words.setContentsMargins(theme.L, theme.L, theme.L, theme.M)
        words.setSpacing(theme.S)
        words.addLayout(top)
        words.addWidget(self.detail)
        words.addSpacing(theme.M)
        words.addWidget(self.top)


def _part(entry: Entry | None) -> str:
    """Which part of the photo the verdict is about; nothing if it is about all of it."""
    if entry is None or (entry.box is None and entry.verdict is None):
        return ""
    if entry.verdict is None or entry.verdict.box != entry.box:
        return tr("Another part is being classified…")
    return texts.part_text(entry.box) if entry.box else ""
