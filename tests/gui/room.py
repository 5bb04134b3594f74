"""Whether what a widget says has room in it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from landmark_gui.gui.widgets.elided_combo import ElidedCombo
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.status_line import StatusText
from landmark_gui.gui.widgets.step_button import StepButton
from tests.gui.seen import Seen

GIVES_WAY = (ElidedLabel, ElidedCombo, StatusText)
"""These cut names and paths on purpose; the tool tip, or the next moment, has them whole."""


def cut_off(root: QWidget, *, may_scroll: bool) -> Iterator[Seen]:
    """The visible texts that do not fit where they stand.

    Args:
        may_scroll: whether a form may be wider than what is seen of it.
    """
    passed = (*GIVES_WAY, QScrollArea) if may_scroll else GIVES_WAY
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, passed):
            for text, needed, given in _needs(widget):
                if needed > given + 1:
                    yield Seen(widget, f"needs {needed} of {given} px", text)


def _needs(widget: QWidget) -> Iterator[tuple[str, int, int]]:
    """Texts of a widget, each with the pixels that it needs and those that it has."""
    advance = widget.fontMetrics().horizontalAdvance
    if isinstance(widget, QScrollArea):
        yield "all that is in it", widget.widget().width(), widget.viewport().width()
    if isinstance(widget, QLabel) and widget.text() and widget.wordWrap():
        yield widget.text(), widget.heightForWidth(widget.width()), widget.height()
    elif isinstance(widget, QLabel) and widget.text():
        longest = max(widget.text().split("\n"), key=advance)
        yield longest, advance(longest), widget.contentsRect().width()
    elif isinstance(widget, StepButton):
        yield widget.text(), widget.sizeHint().width(), widget.width()
    elif isinstance(widget, QPushButton | QCheckBox | QRadioButton) or _shows_text(widget):
        yield widget.text(), widget.sizeHint().width(), widget.width()  # type: ignore[attr-defined]
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        style, kind = widget.style(), QStyle.ComplexControl.CC_ComboBox
        room = style.subControlRect(kind, option, field, widget)
        yield widget.currentText(), advance(widget.currentText()), room.width()
    elif isinstance(widget, QLineEdit) and not widget.text():
        margins = widget.textMargins()
        room = widget.contentsRect().width() - margins.left() - margins.right()
        yield widget.placeholderText(), advance(widget.placeholderText()), room
    elif isinstance(widget, QProgressBar) and widget.isTextVisible():
        yield widget.text(), advance(widget.text()), widget.width()
    elif isinstance(widget, QMenuBar):
        for action in widget.actions():
            yield action.text(), widget.actionGeometry(action).right(), widget.width()
    elif isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        yield from _sections(widget)


def _shows_text(widget: QWidget) -> bool:
    icon_only = Qt.ToolButtonStyle.ToolButtonIconOnly
    if not isinstance(widget, QToolButton) or not widget.text():
        return False
    return widget.icon().isNull() or widget.toolButtonStyle() is not icon_only


def _sections(header: QHeaderView) -> Iterator[tuple[str, int, int]]:
    for section in range(header.count()):
        text = header.model().headerData(section, Qt.Orientation.Horizontal)
        if text and not header.isSectionHidden(section):
            needed = header.fontMetrics().horizontalAdvance(str(text))
            yield str(text), needed, header.sectionSize(section)
