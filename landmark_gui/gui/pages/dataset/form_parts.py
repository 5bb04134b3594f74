"""What the groups of the form have in common."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.widgets import plain


class FormPart(QWidget):
    """Some fields of `Choices`.

    Signals:
        changed(): the person, or `show_choices`, has changed a field.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.M)

    def values(self) -> dict[str, Any]:
        """The fields of `Choices` that stand here."""
        raise NotImplementedError

    def show_choices(self, choices: Choices) -> None:
        """Fill the fields."""
        raise NotImplementedError


def labelled(label: str, field: QWidget) -> QVBoxLayout:
    """A field under its name."""
    name = plain.label(label)
    name.setBuddy(field)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(field)
    return column
