"""What can be done about the selected cases, as buttons, keys and a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from landmark_gui.core import edits
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Landmark
from landmark_gui.core.quality import texts
from landmark_gui.core.quality.report import Remedy
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.widgets.common import action_button, with_words
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.plain import menu_text

REMEDIES: tuple[tuple[Remedy, str, tuple[str, ...]], ...] = (
    ("exclude", "skip", ("E",)),
    ("merge_boxes", "merge", ("M",)),
    ("fit_box", "fit", ("C",)),
    ("relabel", "tower", ("L",)),
    ("trash", "delete", ("Shift+Del",)),
)


class RemedyBar(QWidget):
    """Buttons for the remedies of a fault; without room for words they are icons alone.

    Args:
        cases: the list whose selection is meant; the keys work while it has the focus.

    Signals:
        wanted(str, int | None): this remedy for the selected cases, "relabel" with the landmark.
        show_wanted(): the case is to be seen on the Label page.
    """

    wanted = Signal(str, object)
    show_wanted = Signal()

    def __init__(self, commands: Commands, cases: QWidget) -> None:
        super().__init__()
        self._cases = cases
        self._landmarks: list[Landmark] = []
        self._actions: dict[Remedy, QAction] = {}
        self._buttons: list[QToolButton] = []
        self.count = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.count.setObjectName("selected_cases")
        self._make_actions(commands)
        self._lay_out()
        self._on_key("Del", self._actions["exclude"].trigger)
        for key in edits.KEYS:
            self._on_key(key, partial(self._relabel_by_key, key))

    def show_choice(
        self,
        text: str,
        remedies: Iterable[Remedy],
        offered: Iterable[Remedy],
        landmarks: list[Landmark],
        hindrance: str,
        *,
        can_show: bool,
    ) -> None:
        """Show what can be done.

        Args:
            text: how many cases are selected, in words.
            remedies: those of the fault; the others are hidden.
            offered: those that do something about what is selected.
            hindrance: why nothing can be changed at all, or "".
        """
        shown, useful = set(remedies), set(offered)
        self.count.setText(text)
        self._landmarks = landmarks
        self.show_action.setEnabled(can_show)
        for remedy, action in self._actions.items():
            action.setVisible(remedy in shown)
            action.setEnabled(remedy in shown and remedy in useful and not hindrance)
        for button in self._buttons:
            action = button.defaultAction()
            button.setVisible(action is self.show_action or action.isVisible())
            stopped = hindrance and action is not self.show_action
            button.setToolTip(hindrance if stopped else action.toolTip())
        self._fit_words()

    def menu(self) -> QMenu:
        """The same as a menu, for the right mouse button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.show_action)
        menu.addSeparator()
        for remedy, action in self._actions.items():
            if not action.isVisible():
                continue
            if remedy == "relabel":
                sub_menu = menu.addMenu(action.icon(), texts.remedy_text(remedy))
                sub_menu.setEnabled(action.isEnabled())
                self._fill(sub_menu)
            else:
                menu.addAction(action)
        return menu

    # Widgets

    def _make_actions(self, commands: Commands) -> None:
        add = partial(commands.add, owner=self._cases, category=tr("Quality"), focused=True)
        text = tr("Show on the Label page")
        self.show_action = add("quality.show", text, self.show_wanted.emit, icon_name="photo")
        for remedy, icon_name, keys in REMEDIES:
            relabel = remedy == "relabel"
            do = self._open_landmarks if relabel else partial(self.wanted.emit, remedy, None)
            text = texts.remedy_text(remedy) + ("…" if remedy == "trash" else "")
            name = f"quality.{remedy}"
            self._actions[remedy] = add(name, text, do, *keys, icon_name=icon_name)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for action in (*self._actions.values(), self.show_action):
            button = action_button(action.objectName().replace(".", "_"), action)
            self._buttons.append(button)
            layout.addWidget(button)
        self._relabel_button = self._buttons[list(self._actions).index("relabel")]
        layout.addStretch()
        layout.addWidget(self.count, 1)

    def minimumSizeHint(self) -> QSize:
        height = self._buttons[0].sizeHint().height()
        return QSize(sum(not b.isHidden() for b in self._buttons) * (height + 4), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        shown = [button for button in self._buttons if not button.isHidden()]
        self._show_words(True)
        if sum(button.sizeHint().width() + 2 for button in shown) > self.width():
            self._show_words(False)

    def _show_words(self, on: bool) -> None:
        for button in self._buttons:
            with_words(button, on)

    def _on_key(self, key: str, do: Callable[[], object]) -> None:
        """Keys that other lists have as well, and so belong to no command."""
        shortcut = QShortcut(QKeySequence(key), self._cases)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(do)

    # Another landmark

    def _open_landmarks(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu)
        button = self._relabel_button
        corner = QPoint(0, -menu.sizeHint().height())
        menu.popup(button.mapToGlobal(corner) if button.isVisible() else self.cursor().pos())

    def _fill(self, menu: QMenu) -> None:
        for mark in self._landmarks:
            text = menu_text(mark.name) + (f"\t{mark.key}" if mark.key else "")
            menu.addAction(text, partial(self.wanted.emit, "relabel", mark.id))

    def _relabel_by_key(self, key: str) -> None:
        mark = next((mark for mark in self._landmarks if mark.key == key), None)
        if mark is not None and self._actions["relabel"].isEnabled():
            self.wanted.emit("relabel", mark.id)
