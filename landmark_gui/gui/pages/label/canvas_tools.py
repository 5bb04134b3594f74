"""How one draws: the menu above the canvas, its commands, and what the settings remember."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.gui.canvas import PhotoCanvas
from landmark_gui.gui.canvas.options import CrossHair, Options
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import ICON

RATIOS = {"1 : 1": 1.0, "4 : 3": 4 / 3, "3 : 4": 3 / 4, "16 : 9": 16 / 9}
SIZES = (1, 3, 8, 16, 32, 64)


class CanvasTools(QObject):
    """Commands of the canvas; `button` opens the menu with all of them.

    What is toggled goes to the canvas at once and is remembered.
    """

    def __init__(self, context: AppContext, canvas: PhotoCanvas, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._canvas, self._owner = context, canvas, owner
        self.menu = QMenu(tr("Drawing and view"), owner)
        self._toggles: dict[str, QAction] = {}
        self._choices: dict[str, QActionGroup] = {}
        self._add_drawing()
        self.menu.addSeparator()
        self._add_aids()
        self.menu.addSeparator()
        self._add_zooms()
        self.button = self._make_button()
        canvas.box_too_small.connect(self._too_small)
        canvas.set_options(Options.read(context.settings))
        self._show()

    def set(self, **values: Any) -> None:
        """Change some of the `Options`."""
        options = replace(self._canvas.options, **values)
        self._canvas.set_options(options)
        options.remember(self._context.settings)
        self._show()

    def toggle_square(self) -> None:
        """Square boxes, or free ones again."""
        self.set(ratio=0.0 if self._canvas.options.ratio == 1.0 else 1.0)

    def next_cross_hair(self) -> None:
        """Always, while drawing, off, and so on."""
        kinds = list(CrossHair)
        place = kinds.index(CrossHair(self._canvas.options.cross_hair))
        self.set(cross_hair=str(kinds[(place + 1) % len(kinds)]))

    def keep_ratio_of_box(self) -> None:
        """From now on every box gets the ratio of the selected one."""
        rects = {shape.id: shape.rect for shape in self._canvas.shapes()}
        chosen = self._canvas.selected()
        if len(chosen) != 1 or not rects[chosen[0]].w or not rects[chosen[0]].h:
            self._context.status(tr("Select the one box whose ratio to keep."))
        else:
            self.set(ratio=rects[chosen[0]].w / rects[chosen[0]].h)

    # The menu

    def _add_drawing(self) -> None:
        middle = tr("New box in the middle of the view")
        in_the_middle = self._canvas.draw_in_the_middle
        self.menu.addAction(self._command("draw.middle", middle, in_the_middle, "Ins"))
        self._toggle("draw.square", tr("Square boxes"), self.toggle_square, "T")
        ratios = {tr("Free"): 0.0, **RATIOS}
        menu = self._choice(tr("Ratio of boxes"), "ratio", ratios.items())
        menu.addSeparator()
        as_box = tr("As the selected box")
        menu.addAction(self._command("draw.ratio_of_box", as_box, self.keep_ratio_of_box))
        sizes = ((tr("{n} pixels", n=size), float(size)) for size in SIZES)
        self._choice(tr("Smallest side of a box"), "min_size", sizes)
        self._flag("draw.snap", tr("Snap to the border of the photo"), "snap")
        self._flag("draw.snap_to_boxes", tr("Snap to other boxes"), "snap_to_boxes")

    def _add_aids(self) -> None:
        kinds = {
            tr("Always"): CrossHair.ALWAYS,
            tr("While drawing"): CrossHair.DRAWING,
            tr("Off"): CrossHair.OFF,
        }
        menu = self._choice(tr("Cross-hair"), "cross_hair", kinds.items())
        menu.addSeparator()
        following = tr("Next kind of cross-hair")
        menu.addAction(self._command("view.cross_hair", following, self.next_cross_hair, "X"))
        self._flag("view.loupe", tr("Loupe while dragging"), "loupe", "L")
        self._flag("view.navigator", tr("Overview while zoomed in"), "navigator", "O")
        self._flag("view.keep", tr("Keep zoom and place between photos"), "keep_view", "K")

    def _add_zooms(self) -> None:
        canvas, zoom = self._canvas, partial(self._command, category=tr("Zoom"))
        for action in (
            zoom("zoom.box", tr("Zoom to the box, and back"), canvas.zoom_to_boxes, "Z"),
            zoom("zoom.double", tr("Show at 200 %"), partial(canvas.zoom_to, 2.0), "Ctrl+2"),
        ):
            self.menu.addAction(action)

    def _command(
        self,
        id_: str,
        text: str,
        on_trigger: Callable[[], Any],
        *keys: str,
        category: str = "",
    ) -> QAction:
        category = category or tr("Drawing")
        add = self._context.commands.add
        return add(id_, text, on_trigger, *keys, owner=self._owner, category=category)

    def _toggle(self, id_: str, text: str, on_trigger: Callable[[], Any], *keys: str) -> QAction:
        action = self._command(id_, text, on_trigger, *keys)
        action.setCheckable(True)
        self._toggles[id_] = action
        self.menu.addAction(action)
        return action

    def _flag(self, id_: str, text: str, name: str, *keys: str) -> None:
        """An entry that switches the option `name`."""
        action = self._toggle(id_, text, lambda: self.set(**{name: action.isChecked()}), *keys)
        action.setData(name)

    def _choice(self, title: str, name: str, choices: Iterable[tuple[str, Any]]) -> QMenu:
        """A sub-menu of which one entry is the value of the option `name`."""
        menu, group = self.menu.addMenu(title), QActionGroup(self)
        for text, value in choices:
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(partial(self._chosen, name, value))
            group.addAction(action)
        group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._choices[name] = group
        return menu

    def _chosen(self, name: str, value: Any, _: bool = False) -> None:
        self.set(**{name: value})

    def _make_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("canvas_tools")
        button.setIcon(icon("options"))
        button.setIconSize(ICON)
        button.setMenu(self.menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolTip(self.menu.title())
        button.setAccessibleName(self.menu.title())
        return button

    def _show(self) -> None:
        options = self._canvas.options
        self._toggles["draw.square"].setChecked(options.ratio == 1.0)
        for action in self._toggles.values():
            if action.data():
                action.setChecked(getattr(options, action.data()))
        for name, group in self._choices.items():
            for action in group.actions():
                action.setChecked(action.data() == getattr(options, name))

    def _too_small(self, rect: Rect) -> None:
        self._context.status(
            tr(
                "The box was {w} × {h} pixels; {n} on each side is the least.",
                w=f"{rect.w:.0f}",
                h=f"{rect.h:.0f}",
                n=f"{self._canvas.options.min_size:.0f}",
            )
        )
