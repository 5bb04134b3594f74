"""The menus of a landmark: its colour, its key, the landmark to merge it into."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from landmark_gui.core import edits
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Landmark, Project
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.plain import menu_text
from landmark_gui.gui.widgets.rows import swatch_icon


def color_menu(parent: QWidget, recolor: Callable[[str], None], ask: Callable[[], None]) -> QMenu:
    """The colours of the palette, and any other."""
    menu = QMenu(tr("Colour"), parent)
    for color, name in zip(edits.PALETTE, _palette_names(), strict=True):
        menu.addAction(swatch_icon(color), name).triggered.connect(partial(recolor, color))
    menu.addSeparator()
    menu.addAction(tr("Other colour…"), ask)
    menu.menuAction().setIcon(icon("palette"))
    return menu


def ask_color(parent: QWidget, mark: Landmark) -> str | None:
    """A colour that the person mixes, or None."""
    title = tr("Colour of {name}", name=mark.name)
    chosen = QColorDialog.getColor(QColor(mark.color), parent, title)
    return chosen.name() if chosen.isValid() else None


def fill_key_menu(
    menu: QMenu, project: Project, mark: Landmark, choose: Callable[[str], None]
) -> None:
    """The digits, each with the landmark that has it now, and no key."""
    menu.clear()
    holders = {other.key: other.name for other in project.landmarks.values() if other.key}
    group = QActionGroup(menu)
    for key in (*edits.KEYS, ""):
        text = key or tr("No key")
        if key in holders and key != mark.key:
            text = tr("{key}  (now {name})", key=key, name=menu_text(holders[key]))
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(key == mark.key)
        action.setData(key)
        action.triggered.connect(partial(choose, key))
        group.addAction(action)


def fill_merge_menu(
    menu: QMenu,
    project: Project,
    mark: Landmark,
    count: Callable[[int], str],
    merge: Callable[[int], None],
) -> None:
    """The other landmarks, each with how often there is one."""
    menu.clear()
    for other in project.ordered_landmarks():
        if other.id != mark.id:
            text = tr("{name}  ({count})", name=menu_text(other.name), count=count(other.id))
            action: QAction = menu.addAction(swatch_icon(other.color), text)
            action.setData(other.id)
            action.triggered.connect(partial(merge, other.id))
    if menu.isEmpty():
        menu.addAction(tr("There is no other landmark")).setEnabled(False)


def _palette_names() -> tuple[str, ...]:
    """What people call the colours of `edits.PALETTE`."""
    return (
        tr("Orange"),
        tr("Sky blue"),
        tr("Green"),
        tr("Yellow"),
        tr("Blue"),
        tr("Vermilion"),
        tr("Pink"),
        tr("Violet"),
    )
