"""Presets: the program's, the person's own, and those in files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QMessageBox,
    QToolButton,
    QWidget,
)

from landmark_gui.core.augmentation import PRESETS, AugmentationConfig
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.augment.own_presets import OwnPresets
from landmark_gui.gui.widgets.plain import literal

OWN = "own:"
_SHRINKING = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


def presets() -> dict[str, tuple[AugmentationConfig, str, str]]:
    """Name → settings, text and explanation."""
    texts = {
        "log": (
            tr("The student's log"),
            tr("The settings of the training log that this program began from"),
        ),
        "gentle": (tr("Gentle"), tr("What a steady hand and another step aside change")),
        "strong": (tr("Strong"), tr("For very few photos; watch that landmarks stay whole")),
        "buildings": (
            tr("Buildings"),
            tr("Another light, another spot to stand: what changes about a thing that stays"),
        ),
    }
    none = (AugmentationConfig(), tr("None"), tr("Every crop as it is"))
    return {"none": none, **{name: (PRESETS[name], *said) for name, said in texts.items()}}


class PresetBar(QWidget):
    """A choice of presets, and beside it what can be done with the person's own.

    Signals:
        chosen(AugmentationConfig)
    """

    chosen = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._config = AugmentationConfig()
        self.own = OwnPresets(context.settings)
        self._known = presets()
        self.combo = QComboBox()
        self.combo.setObjectName("preset")
        self.combo.setAccessibleName(tr("Preset"))
        self.combo.setToolTip(tr("Settings that have a name"))
        self.combo.setMinimumContentsLength(8)
        self.combo.setSizeAdjustPolicy(_SHRINKING)
        self._make_menu()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.S)
        row.addWidget(self.combo, 1)
        row.addWidget(self._more)
        self.refresh()
        self.combo.activated.connect(self._activated)

    def value(self) -> str:
        """The name of the preset that is in use, "own:NAME" of the person's own, "" of none."""
        value: str = self.combo.currentData()
        return value

    def choose(self, name: str) -> None:
        """Take the settings of a preset."""
        if name:
            self.chosen.emit(self._config_of(name))

    def show_config(self, config: AugmentationConfig) -> None:
        """Name the preset that has these settings."""
        self._config = config
        shown = self.value()
        if not shown or self._config_of(shown) != config:
            shown = next((n for n in self._names() if self._config_of(n) == config), "")
        self.combo.setCurrentIndex(self.combo.findData(shown))
        mine = shown.startswith(OWN)
        self._rename.setEnabled(mine)
        self._delete.setEnabled(mine)

    def refresh(self, shown: str = "") -> None:
        """Fill the choice anew; `shown` is preferred where several have the same settings."""
        blocker = QSignalBlocker(self.combo)
        self.combo.clear()
        for name, (_, text, why) in self._known.items():
            self._add(name, text, why)
        self._mine = self.own.all()
        if self._mine:
            self.combo.insertSeparator(self.combo.count())
        for name in self._mine:
            self._add(OWN + name, name, tr("Your own preset"))
        self.combo.insertSeparator(self.combo.count())
        self._add("", tr("Custom"), tr("Settings without a name"))
        self.combo.setCurrentIndex(max(self.combo.findData(shown), 0))
        del blocker
        self.show_config(self._config)

    # What can be done with them

    def save_as(self, name: str) -> None:
        self.own.put(name, self._config)
        self.refresh(OWN + name)
        self._context.status(tr("The preset “{name}” was saved", name=name))

    def rename(self, old: str, new: str) -> None:
        if new != old:
            self.own.rename(old, new)
            self.refresh(OWN + new)

    def delete(self, name: str) -> None:
        self.own.remove(name)
        self.refresh()
        self._context.status(tr("The preset “{name}” was deleted", name=name))

    def _ask_save(self) -> None:
        name = self._ask_name(tr("Save preset"), "")
        if name and self._may_replace(name):
            self.save_as(name)

    def _ask_rename(self) -> None:
        old = self.value().removeprefix(OWN)
        new = self._ask_name(tr("Rename preset"), old)
        if new and (new == old or self._may_replace(new)):
            self.rename(old, new)

    def _ask_delete(self) -> None:
        name = self.value().removeprefix(OWN)
        question = tr("Delete the preset “{name}”? The settings shown stay.", name=name)
        if self._confirmed(tr("Delete preset"), question):
            self.delete(name)

    def _ask_name(self, title: str, name: str) -> str:
        text, given = QInputDialog.getText(self, title, tr("Name of the preset:"), text=name)
        return text.strip() if given else ""

    def _may_replace(self, name: str) -> bool:
        question = tr("There is a preset “{name}” already. Replace it?", name=name)
        return name not in self._mine or self._confirmed(tr("Save preset"), question)

    def _confirmed(self, title: str, question: str) -> bool:
        answer = QMessageBox.question(self, title, literal(question))
        return answer == QMessageBox.StandardButton.Yes

    def _make_menu(self) -> None:
        self._more = QToolButton()
        self._more.setObjectName("preset_menu")
        self._more.setIcon(icon("options"))
        self._more.setAccessibleName(tr("Your own presets"))
        self._more.setToolTip(tr("Save, rename and delete your own presets"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        add = partial(self._command, menu)
        add("augment.save_preset", tr("Save as preset…"), self._ask_save)
        self._rename = add("augment.rename_preset", tr("Rename preset…"), self._ask_rename)
        self._delete = add("augment.delete_preset", tr("Delete preset…"), self._ask_delete)
        self._more.setMenu(menu)

    def _command(self, menu: QMenu, id_: str, text: str, call: Callable[[], None]) -> QAction:
        commands = self._context.commands
        action = commands.add(id_, text, call, owner=self, category=tr("Augment"))
        menu.addAction(action)
        return action

    def _add(self, name: str, text: str, why: str) -> None:
        self.combo.addItem(text, name)
        self.combo.setItemData(self.combo.count() - 1, why, 3)  # Qt.ToolTipRole

    def _activated(self, _: int) -> None:
        name = self.value()
        self.choose(name)
        if not name:
            self.show_config(self._config)

    def _names(self) -> list[str]:
        return [*self._known, *(OWN + name for name in self._mine)]

    def _config_of(self, name: str) -> AugmentationConfig:
        if name.startswith(OWN):
            return self._mine[name.removeprefix(OWN)]
        return self._known[name][0]
