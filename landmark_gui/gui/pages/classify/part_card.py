"""Which part of the photo is classified, and the search for the best one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import ProgressRow, button, heading, wrapped


class PartCard(QFrame):
    """Buttons and progress of the search; the box itself is drawn on the photo.

    Signals:
        find_wanted(), take_back_wanted(): of the photo on show.
        each_changed(bool): each photo is to be searched, or none any more.
        cancelled(): the search that runs is to end.
    """

    find_wanted = Signal()
    take_back_wanted = Signal()
    each_changed = Signal(bool)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.find_button = button(
            tr("Find the best box"),
            "find_box_button",
            self.find_wanted.emit,
            tooltip=tr("Search the photo for the part that shows the landmark best"),
        )
        self.find_button.setIcon(icon("find-box"))
        self.find_button.setIconSize(QSize(20, 16))  # a gap before the words
        self.take_back = button(
            tr("Take it back"),
            "take_back_box_button",
            self.take_back_wanted.emit,
            kind="quiet",
            tooltip=tr("Classify what was classified before the search"),
        )
        self.each = QCheckBox(tr("Find it on each photo"))
        self.each.setObjectName("find_each_box")
        self.each.setToolTip(
            tr("This model learned from crops: photos on which the landmark is small need a box")
        )
        self.progress = ProgressRow(tr("Searching"), cancellable=True, narrow=True)
        self.words = wrapped("")
        self.words.setObjectName("part_words")
        self._lay_out()
        self.each.clicked.connect(self.each_changed)
        self.progress.cancelled.connect(self.cancelled)
        self.show_found(False)
        self.show_ended()

    def show_model(self, learned_from_crops: bool) -> None:
        """A search of each photo is worth it for a model that has seen crops alone."""
        self.each.setVisible(learned_from_crops)
        self.each.setChecked(False)

    def show_photo(self, there: bool) -> None:
        """Another photo is on show, or none."""
        self.find_button.setEnabled(there)
        self.say(tr("Draw a box on the photo to classify just that part.") if there else "")

    def show_found(self, found: bool) -> None:
        """Whether the box on show was found by a search."""
        self.take_back.setVisible(found)

    def show_progress(self, done: int, total: int) -> None:
        if self.progress.isHidden():
            self.progress.start()
            self.progress.show()
        if total:
            self.progress.set(done, total)

    def show_ended(self) -> None:
        self.progress.hide()

    def say(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.S)
        layout.addWidget(heading(tr("Part of the photo"), "subtitle"))
        layout.addWidget(self.words)
        layout.addWidget(self.find_button)
        layout.addWidget(self.take_back)
        layout.addWidget(self.each)
        layout.addWidget(self.progress)
