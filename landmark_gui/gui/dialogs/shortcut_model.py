"""The rows of the sheet of shortcuts: commands and fixed keys under their headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QObject,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.i18n import tr
from landmark_gui.core.matching import match
from landmark_gui.gui import theme
from landmark_gui.gui.commands import Command, Commands, FixedKeys, native
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.rows import centered, key_width, paint_key, paint_row

ROW_ROLE = Qt.ItemDataRole.UserRole
Row = str | Command | FixedKeys
"""A heading, a command, or keys that stay as they are."""
_HEIGHT, _HEADING = 30, 40


class ShortcutModel(QAbstractListModel):
    """All commands by category, each with its keys; those that fit the search."""

    def __init__(self, commands: Commands, parent: QObject) -> None:
        super().__init__(parent)
        self._commands, self._search = commands, ""
        self.rows: list[Row] = []
        self.reload()

    def set_search(self, text: str) -> None:
        """List only rows with a name, heading or key that fits `text`."""
        self._search = text
        self.reload()

    def reload(self) -> None:
        """Take in commands that were added."""
        rows = list(self._grouped())
        if rows == self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def row_of(self, id_: str) -> int:
        """The row of a command, or -1."""
        ids = ((n, row.id) for n, row in enumerate(self.rows) if isinstance(row, Command))
        return next((n for n, known in ids if known == id_), -1)

    def _grouped(self) -> Iterator[Row]:
        groups: dict[str, list[Command | FixedKeys]] = {}
        entries: list[Command | FixedKeys] = [*self._commands.all(), *self._commands.fixed()]
        for entry in entries:
            if self._fits(entry):
                groups.setdefault(entry.category, []).append(entry)
        for category, group in groups.items():
            yield category
            yield from group

    def _fits(self, entry: Command | FixedKeys) -> bool:
        wanted = self._search.strip()
        if not wanted:
            return True
        if any(wanted.casefold() == key.casefold() for key in shown_keys(entry)):
            return True
        return match(wanted, f"{name_of(entry)} {entry.category}") is not None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else name_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole and not isinstance(row, str):
            return ", ".join([name_of(row), *(shown_keys(row) or [tr("no key")])])
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, FixedKeys):
            return tr("These keys stay as they are.")
        return None


class ShortcutDelegate(QStyledItemDelegate):
    """Paints headings, and names with their keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = _HEADING if isinstance(index.data(ROW_ROLE), str) else _HEIGHT
        return QSize(200, theme.grown(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setFont(option.font)
        if isinstance(row, str):
            self._paint_heading(painter, option, row)
        else:
            self._paint_entry(painter, option, row)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        font, area = option.font, option.rect.adjusted(theme.L, 0, -theme.L, -4)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.colors().text))
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, text)
        painter.setPen(QPen(QColor(theme.colors().border), 1))
        painter.drawLine(area.left(), area.bottom() + 2, area.right(), area.bottom() + 2)

    def _paint_entry(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Command | FixedKeys
    ) -> None:
        area, right = paint_row(painter, option), option.rect.right() - theme.L
        fixed = isinstance(entry, FixedKeys)
        for key in reversed(shown_keys(entry)):
            width = key_width(painter, key)
            right -= width
            place = centered(area, right, width, 20)
            if fixed:
                painter.setPen(QColor(theme.colors().muted))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, key)
            else:
                paint_key(painter, place, key)
            right -= theme.S
        left = option.rect.left() + theme.L
        name = QRect(left, area.top(), right - theme.M - left, area.height())
        painter.setPen(QColor(theme.colors().muted if fixed else theme.colors().text))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(name_of(entry), elide, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)


def name_of(entry: Command | FixedKeys) -> str:
    return entry.name if isinstance(entry, Command) else entry.text


def shown_keys(entry: Command | FixedKeys) -> list[str]:
    """The keys as the system writes them."""
    if isinstance(entry, FixedKeys):
        return [entry.keys]
    return [native(key) for key in entry.keys]
