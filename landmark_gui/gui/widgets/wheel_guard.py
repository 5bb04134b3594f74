"""Scrolling a form without changing the fields under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QWidget


class WheelGuard(QObject):
    """Lets the wheel move the value of a field only while that field has the focus.

    Args:
        form: its number fields, sliders and choices are guarded.
    """

    def __init__(self, form: QWidget) -> None:
        super().__init__(form)
        for kind in (QAbstractSlider, QAbstractSpinBox, QComboBox):
            for field in form.findChildren(kind):
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            event.ignore()
            return not watched.hasFocus()
        return False
