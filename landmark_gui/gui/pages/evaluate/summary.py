"""How good the model is in plain words and a few figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.evaluation import texts
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.asking import Asked
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.plain import literal


class Summary(QFrame):
    """Hidden until a model was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate_summary")
        self.setProperty("role", "card")
        self.headline = wrapped("", "title")
        self.headline.setObjectName("evaluate_headline")
        self.headline.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.meaning = wrapped("")
        self.notes = wrapped("", "warning")
        self.notes.setObjectName("evaluate_notes")
        self._figures = QHBoxLayout()
        self._figures.setSpacing(theme.XL)
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self.headline, self.meaning, self.notes):
            words.addWidget(part)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        self._layout.setSpacing(theme.M)
        self._layout.addLayout(words, 1)
        self._layout.addSpacing(theme.M)
        self._layout.addLayout(self._figures)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The figures stand under the words where these would have less than half of the line."""
        directions = QBoxLayout.Direction
        narrow = self._figures.minimumSize().width() > event.size().width() / 2
        self._layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        super().resizeEvent(event)

    def show_asked(self, asked: Asked) -> None:
        """Show the figures of an evaluation."""
        evaluation, figures = asked.evaluation, asked.figures
        self.headline.setText(texts.headline(figures))
        said = texts.meaning(figures, evaluation.part)
        self.meaning.setText(said)
        lines = texts.left_out_lines(evaluation)
        self.notes.setText(" ".join(lines))
        self.notes.setVisible(bool(lines))
        self.notes.setToolTip(literal("\n".join(f"{p}: {why}" for p, why in evaluation.skipped)))
        self._clear()
        for name, value, meaning in texts.figure_lines(figures, asked.calibration):
            made = _figure(name, value, meaning)
            self._figures.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{texts.headline(figures)}. {said}")
        self.show()

    def _clear(self) -> None:
        while (item := self._figures.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()


def _figure(name: str, value: str, meaning: str) -> QWidget:
    """A figure above its name; what it means is in the tool tip."""
    made = QWidget()
    made.setToolTip(meaning)
    made.setAccessibleName(tr("{name}: {value}", name=name, value=value))
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(heading(value, "subtitle"))
    column.addWidget(heading(name, "muted"))
    return made
