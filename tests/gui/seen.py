"""Every text of a window that a person can see, point at or be read, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTableView,
    QTabWidget,
    QWidget,
)

MOST_ROWS = 12
"""Of each list: what is said of a row is said of others in the same words."""
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


class Seen(NamedTuple):
    """A text, and where it stands."""

    widget: QObject
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{path_of(self.widget)} {self.kind}: {self.text!r}"


def path_of(widget: QObject) -> str:
    """The widget's place in the window: names, else classes, the last four of them."""
    parts: list[str] = []
    at: QObject | None = widget
    while at is not None and len(parts) < 4:
        name = at.objectName()
        if (name and not name.startswith("qt_")) or not parts:
            parts.append(f"{type(at).__name__}({name})" if name else type(at).__name__)
        elif type(at).__module__.startswith("landmark_gui"):
            parts.append(type(at).__name__)
        at = at.parent()
    return "/".join(reversed(parts))


def texts_in(root: QWidget) -> Iterator[Seen]:
    """Texts of `root` and all below it; menus that are filled as they open are filled first."""
    for menu in root.findChildren(QMenu):
        menu.aboutToShow.emit()
        yield Seen(menu, "title", menu.title())
    for action in root.findChildren(QAction):
        for kind in ("text", "toolTip", "iconText", "statusTip"):
            yield Seen(action, kind, getattr(action, kind)())
    for widget in (root, *root.findChildren(QWidget)):
        for kind in ("toolTip", "accessibleName", "accessibleDescription", "windowTitle"):
            yield Seen(widget, kind, getattr(widget, kind)())
        yield from (Seen(widget, kind, text) for kind, text in _own(widget))


def _own(widget: QWidget) -> Iterator[tuple[str, str]]:
    if isinstance(widget, QLabel | QAbstractButton | QProgressBar):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield "placeholderText", widget.placeholderText()
    if isinstance(widget, QPlainTextEdit):
        yield "text", widget.toPlainText()
    if isinstance(widget, QGroupBox):
        yield "title", widget.title()
    if isinstance(widget, QSpinBox):
        yield "specialValueText", widget.specialValueText()
    if isinstance(widget, QTabWidget):
        yield from (("tab", widget.tabText(n)) for n in range(widget.count()))
    if isinstance(widget, QComboBox):
        for n in range(widget.count()):
            yield "item", widget.itemText(n)
            yield "item's tip", str(widget.itemData(n, Qt.ItemDataRole.ToolTipRole) or "")
    elif isinstance(widget, QAbstractItemView) and not _is_helper(widget) and widget.model():
        yield from _data(widget.model(), headers=isinstance(widget, QTableView))


def _is_helper(view: QAbstractItemView) -> bool:
    """Whether another widget has it to show what that widget has."""
    return isinstance(view, QHeaderView) or "ComboBox" in view.parent().metaObject().className()


def _data(model: QAbstractItemModel, headers: bool) -> Iterator[tuple[str, str]]:
    is_list = isinstance(model, QAbstractListModel)
    for column in range(1 if is_list else model.columnCount(QModelIndex())):
        if headers:
            for role in _ROLES:
                text = model.headerData(column, Qt.Orientation.Horizontal, role)
                yield f"header {column}", str(text or "")
        for row in range(min(model.rowCount(QModelIndex()), MOST_ROWS)):
            for role in _ROLES:
                text = model.index(row, column).data(role)
                yield f"row {row}", text if isinstance(text, str) else ""
