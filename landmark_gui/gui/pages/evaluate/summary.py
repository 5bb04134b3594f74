"""How good the model is in plain words and a few figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.XL)
        layout.addLayout(words, 1)
        layout.addLayout(self._figures)
        self.hide()

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
