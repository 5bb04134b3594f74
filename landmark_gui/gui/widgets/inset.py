"""Cells of a table in line with their header."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from landmark_gui.gui import theme
from landmark_gui.gui.widgets.models import Index


class Inset(QStyledItemDelegate):
    """Keeps the text of a cell in line with its header, which the style sheet pads."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.colors().selection))
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(5, 0, -5, 0)
        inner.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, inner, index)
