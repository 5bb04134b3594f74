"""What a screen reader is told of a widget, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

Role = QAccessible.Role
MOST_ROWS = 12
"""Of a list or table as many are looked at."""
PRESSED = {Role.Button, Role.CheckBox, Role.RadioButton, Role.ButtonMenu, Role.PageTab, Role.Link}
FILLED = {Role.EditableText, Role.ComboBox, Role.SpinBox, Role.Slider, Role.Dial}
LISTED = {Role.List, Role.Table, Role.Tree}
SEEN = {Role.Graphic, Role.Chart, Role.ProgressBar, Role.Canvas}
NAMED = PRESSED | FILLED | LISTED | SEEN
ROWS = {Role.ListItem, Role.Cell, Role.TreeItem, Role.MenuItem, Role.RowHeader, Role.ColumnHeader}
WHOLE = {Role.ComboBox, Role.SpinBox}
"""Whose parts are its own affair."""


def of(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def name(node: QAccessibleInterface) -> str:
    """Its name, or that of the label it is the buddy of."""
    return str(node.text(QAccessible.Text.Name)).strip()


def description(node: QAccessibleInterface) -> str:
    return str(node.text(QAccessible.Text.Description)).strip()


def nodes(root: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """It and all that is shown below it; of long lists the first rows."""
    state = root.state()
    if state.invisible:
        return
    yield root
    if root.role() in WHOLE:
        return
    count = root.childCount()
    for number in range(min(count, MOST_ROWS * 4) if root.role() in LISTED else count):
        child = root.child(number)
        if child is not None and child.isValid():
            yield from nodes(child)


def what(node: QAccessibleInterface) -> str:
    """Of whom a test speaks."""
    found = node.object()
    above = []
    while found is not None and len(above) < 6:
        above.append(found.objectName() or type(found).__name__)
        found = found.parent()
    return f"{node.role().name} {name(node)!r} in {' < '.join(above)}"


def by_tab(node: QAccessibleInterface) -> bool:
    """Whether Tab stops there. The inside of a scroll area hands the focus to the area."""
    widget = node.object()
    if not isinstance(widget, QWidget):
        return False
    is_inside = type(widget) is QWidget and isinstance(widget.parent(), QAbstractScrollArea)
    # Not asked for its focusProxy(): in PySide 6.11 what that returns is taken for a child of the
    # Python object that is asked, and with it becomes invalid.
    return not is_inside and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def flaws(node: QAccessibleInterface) -> Iterator[str]:
    """What a screen reader is not told, and should be."""
    role = node.role()
    if (role in NAMED or by_tab(node)) and not name(node):
        yield "has no name"
    if by_tab(node) and role in {Role.NoRole, Role.Client, Role.Pane, Role.Grouping}:
        yield "takes the focus, and is nothing that a person knows"
    if role in {Role.Slider, Role.SpinBox, Role.ProgressBar} and node.valueInterface() is None:
        yield "tells no value"
    if role is Role.Chart and not description(node) and ": " not in name(node):
        yield "does not say what it shows"
