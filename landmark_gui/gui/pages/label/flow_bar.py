"""The bar under the photo: what can be done with the photo as a whole, with the keys for it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo
from landmark_gui.gui import theme
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.pages.label.flow import Flow
from landmark_gui.gui.widgets.common import action_button, with_words

_CROSS = QSize(14, 14)


class FlowBar(QWidget):
    """Buttons for the commands of a `Flow`; without room for words they are icons alone."""

    def __init__(self, commands: Commands, flow: Flow) -> None:
        super().__init__()
        self.setObjectName("flow_bar")
        self._flow = flow
        self._buttons: list[QToolButton] = []
        self._make_actions(commands)
        self._lay_out()
        self.show_photo(None, None, False)

    def show_photo(self, photo: Photo | None, landmark_id: int | None, editable: bool) -> None:
        """Show how far a photo is, and what can be done with it."""
        shown = editable and photo is not None and photo.state == "ok"
        for action in (self.done, self.skip):  # on from a photo that cannot be read, too
            action.setEnabled(editable and photo is not None)
        for action in (self.whole, self.copy, self.repeat):
            action.setEnabled(shown)
        is_whole = photo is not None and photo.landmark_id is not None
        self.whole.setChecked(is_whole and photo is not None and photo.landmark_id == landmark_id)
        review = photo.review if photo is not None else ""
        self.reopen.setEnabled(shown and bool(review))
        self.reopen.setIconText(tr("Skipped") if review == "skipped" else tr("Done"))
        self.reopen.setChecked(True)
        self._state.setVisible(bool(review))

    # Widgets

    def _make_actions(self, commands: Commands) -> None:
        flow = self._flow
        photo = partial(commands.add, owner=self, category=tr("Photo"))
        box = partial(commands.add, owner=self, category=tr("Boxes"))
        self.done = photo(
            "photo.done",
            tr("Done, and on to the next photo to do"),
            flow.confirm,
            "E",
            icon_name="done",
        )
        self.skip = photo(
            "photo.skip",
            tr("Skip: leave the photo out of the dataset, and on to the next one to do"),
            flow.skip,
            "S",
            icon_name="skip",
        )
        self.reopen = photo(
            "photo.reopen",
            tr("Take the mark of this photo back"),
            flow.reopen,
            "Shift+E",
            icon_name="close",
        )
        self.whole = photo(
            "photo.whole",
            tr("The whole photo is the chosen landmark"),
            flow.toggle_whole,
            "W",
            icon_name="whole",
        )
        self.copy = box(
            "box.copy_previous",
            tr("Copy the boxes of the photo before, in the order of the list"),
            flow.copy_previous,
            "V",
            icon_name="copy-previous",
        )
        self.repeat = box(
            "box.repeat",
            tr("Repeat the box that was drawn last"),
            flow.repeat_last,
            "R",
            icon_name="repeat",
        )
        self.whole.setCheckable(True)
        flow.landmark_needed.connect(lambda: self.whole.setChecked(False))  # it was pressed
        self.reopen.setCheckable(True)
        for action, text in self._texts():
            action.setIconText(text)
            action.setAutoRepeat(False)  # a key that is held must not go through the folder
        self.reopen.setAutoRepeat(False)

    def _texts(self) -> tuple[tuple[QAction, str], ...]:
        return (
            (self.done, tr("Done")),
            (self.skip, tr("Skip")),
            (self.whole, tr("Whole photo")),
            (self.copy, tr("Copy previous")),
            (self.repeat, tr("Repeat")),
        )

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for action, name in (
            (self.done, "photo_done"),
            (self.skip, "photo_skip"),
            (self.whole, "photo_whole"),
            (self.copy, "copy_previous"),
            (self.repeat, "repeat_box"),
        ):
            self._buttons.append(_button(name, action))
            layout.addWidget(self._buttons[-1])
        layout.addStretch()
        layout.addSpacing(theme.S)
        self._state = _button("photo_reopen", self.reopen)
        self._state.setIconSize(_CROSS)
        self._state.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross behind the word
        layout.addWidget(self._state)

    def minimumSizeHint(self) -> QSize:
        button = self._buttons[0].sizeHint().height()
        return QSize((len(self._buttons) + 1) * (button + 4), button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_words(True)
        if self.sizeHint().width() > self.width():
            self._show_words(False)
        super().resizeEvent(event)

    def _show_words(self, on: bool) -> None:
        for button in self._buttons:
            with_words(button, on)


def _button(name: str, action: QAction) -> QToolButton:
    return with_words(action_button(name, action))
