"""The left side of the page: presets, the form, what it says, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.augment.config_history import ConfigHistory
from landmark_gui.gui.pages.augment.form import AugmentForm
from landmark_gui.gui.pages.augment.preset_bar import PresetBar
from landmark_gui.gui.widgets.common import button, with_words, wrapped
from landmark_gui.gui.widgets.fold import remember_folds

FOLDS = "augment.folds"
NOTE_MS = 500
"""A drag of a slider, or a few key strokes, are one step back."""
SAY_MS = 200


class SettingsPanel(QWidget):
    """Signals:
    changed(AugmentationConfig): the person wants other settings.
    load_wanted(Path), save_wanted(Path): from or to a file.
    """

    changed = Signal(object)
    load_wanted = Signal(object)
    save_wanted = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.form, self.presets = AugmentForm(), PresetBar(context)
        self.history = ConfigHistory(context.augmentation)
        self._said: dict[str, list[str]] = {}
        self._noting = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._saying = QTimer(self, singleShot=True, interval=SAY_MS)
        self._make_widgets()
        self._lay_out()
        self._connect()
        remember_folds(self.form, context.settings, FOLDS)
        self.show_config(context.augmentation)

    def show_config(self, config: AugmentationConfig) -> None:
        """Show settings that came from wherever."""
        if config != self.form.config:
            self.form.set_config(config)
        self.presets.show_config(config)
        self._noting.start()

    def set_history(self, history: ConfigHistory) -> None:
        """Go on with another way back."""
        self.history = history
        self._note()

    def say(self, said: dict[str, list[str]]) -> None:
        """Show warnings by control, but not while a button of the mouse is held: they would
        move what it points at.
        """
        self._said = said
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._saying.start()
            return
        self.form.say(said)
        count = sum(map(len, said.values()))
        self.warnings.setText(ntr("{n} thing to consider", "{n} things to consider", count))
        self.warnings.setVisible(count > 0)

    def back(self) -> None:
        """Take the last change back."""
        self._note()
        self._go(self.history.back())

    def forward(self) -> None:
        """Make the change again that was taken back."""
        self._note()
        self._go(self.history.forward())

    def _make_widgets(self) -> None:
        self.back_button = _tool("augment_back", "undo", tr("Take back"), self.back)
        self.back_button.setToolTip(tr("Take back the last change of a setting"))
        self.forward_button = _tool("augment_forward", "redo", tr("Make again"), self.forward)
        self.forward_button.setToolTip(tr("Make the change again that was taken back"))
        press = self._context.commands.add_button
        press("augment.back", self.back_button, "Alt+Z", category=tr("Augment"))
        press("augment.forward", self.forward_button, "Alt+Shift+Z", category=tr("Augment"))
        self.warnings = QToolButton()
        self.warnings.setObjectName("augment_warnings")
        self.warnings.setIcon(icon("warning", "warning"))
        with_words(self.warnings)
        self.warnings.setToolTip(tr("Go to the setting that the next one is about"))
        self.warnings.setText(ntr("{n} thing to consider", "{n} things to consider", 0))
        press("augment.next_warning", self.warnings, category=tr("Augment"), name=_next_text())
        self.warnings.hide()
        self.help = wrapped("")
        self.help.setObjectName("augment_help")
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.help.setFixedHeight(3 * self.fontMetrics().lineSpacing() + theme.S)
        self.help.setText(tr("Each setting is explained here while you are at it."))

    def _lay_out(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have it
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.form)
        self.form.setAutoFillBackground(False)  # which setWidget has switched on
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(theme.S)
        top.addWidget(self.presets, 1)
        top.addWidget(self.back_button)
        top.addWidget(self.forward_button)
        bottom.setSpacing(theme.S)
        for made in self._file_buttons():
            bottom.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addLayout(top)
        column.addWidget(self.warnings)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.help)
        column.addLayout(bottom)

    def _file_buttons(self) -> list[QWidget]:
        made: list[QWidget] = []
        for text, name, on_click, why in (
            (tr("Load…"), "load_augmentation", self._ask_load, tr("Take settings from a file")),
            (tr("Save…"), "save_augmentation", self._ask_save, tr("Save the settings to share")),
            (tr("Reset all"), "reset_augmentation", self.form.reset, tr("Vary nothing")),
        ):
            one = button(text, name, on_click, tooltip=why)
            id_ = f"augment.{name.partition('_')[0]}"
            self._context.commands.add_button(id_, one, category=tr("Augment"), name=why)
            made.append(one)
        return made

    def _connect(self) -> None:
        self.form.changed.connect(self.changed)
        self.form.help_wanted.connect(self.help.setText)
        self.presets.chosen.connect(self.changed)
        self._noting.timeout.connect(self._note)
        self._saying.timeout.connect(lambda: self.say(self._said))
        self.warnings.clicked.connect(self._show_next_warning)

    def _note(self) -> None:
        self._noting.stop()
        self.history.note(self.form.config)
        self.back_button.setEnabled(self.history.can_go_back)
        self.forward_button.setEnabled(self.history.can_go_forward)

    def _go(self, config: AugmentationConfig) -> None:
        self.changed.emit(config)
        self._note()

    def _show_next_warning(self) -> None:
        """The one after the control with the focus, around the end."""
        names = [name for name in self.form.held if name in self._said]
        focused = QApplication.focusWidget()
        at = focused.property("control") if focused is not None else None
        if names:
            later = names[names.index(at) + 1 :] if at in names else []
            held = self.form.reveal((later or names)[0])
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(held))

    def _ask_load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Load settings"), "", _kinds())
        if chosen:
            self.load_wanted.emit(Path(chosen))

    def _ask_save(self) -> None:
        title = tr("Save settings")
        chosen, _ = QFileDialog.getSaveFileName(self, title, "augmentation.toml", _kinds())
        if chosen:
            self.save_wanted.emit(Path(chosen))


def _tool(name: str, icon_name: str, text: str, on_click: Callable[[], None]) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setIcon(icon(icon_name))
    made.setAccessibleName(text)
    made.setEnabled(False)
    made.clicked.connect(lambda: on_click())
    return made


def _next_text() -> str:
    return tr("Next thing to consider about the augmentation")


def _kinds() -> str:
    return tr("Augmentation settings") + " (*.toml)"
