"""Parts of the panel: what is chosen before a study, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.runs import RECIPES
from landmark_gui.gui import theme
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.setup import REPEATS
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import LabeledCombo, button, set_role, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

LONG = 160
"""Characters of a sentence from which on it is no headline."""


class Choices(QWidget):
    """How often, and by which recipe.

    Signals:
        changed(): one of them was chosen by the person.
        train_settings_wanted(): the person wants to change what the Train page says.
    """

    changed = Signal()
    train_settings_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        hints = {
            3: tr("A quick look; tells apart what differs much"),
            5: tr("One cross-validation: each photo is held out once"),
        }
        more = tr("Takes longer, and tells smaller differences apart")
        each = [
            (number, ntr("{n} time", "{n} times", number), hints.get(number, more))
            for number in REPEATS
        ]
        recipes = [(name, texts.recipe_name(name), "") for name in RECIPES]
        self.repeats = LabeledCombo(tr("Repeat"), each)
        self.repeats.combo.setObjectName("study_repeats")
        as_there = ("", tr("As on the Train page"), "")
        self.recipe = LabeledCombo(tr("Recipe"), [as_there, *recipes])
        self.recipe.combo.setObjectName("study_recipe")
        self.note = wrapped("")
        self.note.setObjectName("study_settings")
        why = tr("Change the settings of trainings on the Train page")
        self.change = button(
            tr("Change…"),
            "study_change",
            self.train_settings_wanted.emit,
            kind="quiet",
            tooltip=why,
        )
        self._lay_out()
        for combo in (self.repeats, self.recipe):
            combo.combo.activated.connect(lambda _: self.changed.emit())
        WheelGuard(self)

    def show_choices(self, repeats: int, recipe: str, note: str) -> None:
        """Show what is chosen; `note` says how each training will be."""
        self.repeats.set_value(repeats)
        self.recipe.set_value(recipe)
        self.note.setText(note)

    def _lay_out(self) -> None:
        fields, below = QHBoxLayout(), QHBoxLayout()
        for row in (fields, below):
            row.setSpacing(theme.M)
        fields.addWidget(self.repeats, 2)
        fields.addWidget(self.recipe, 3)
        fields.addStretch(1)
        below.addWidget(self.note, 1)
        below.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(fields)
        layout.addLayout(below)


class Finding(QFrame):
    """What a study found, as a sentence, and what can be done with it.

    Signals:
        taken(): the person wants the winner.
    """

    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("study_finding")
        self.setProperty("role", "card")
        self._mark = plain.label()
        self.sentence = wrapped("", "subtitle")
        self.sentence.setObjectName("study_sentence")
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = wrapped("")
        self.note.setObjectName("study_note")
        why = tr("Set the augmentation that won; the arrows on the left take it back")
        self.take = button(
            tr("Take the winner"), "take_winner", self.taken.emit, kind="primary", tooltip=why
        )
        self._lay_out()
        self.hide()

    def say(self, sentence: str, note: str, complete: bool, won: bool) -> None:
        """Show a sentence, and when it was measured."""
        self.sentence.setText(sentence)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._mark.setVisible(complete)
        self._mark.setText("✓" if won else "≈")
        set_role(self._mark, "success" if won else "muted")
        set_role(self.sentence, "subtitle" if complete and len(sentence) < LONG else "")
        self.setAccessibleName(f"{sentence} {note}")

    def offer(self, winner: AugmentationConfig | None, current: AugmentationConfig) -> None:
        """Offer the winner, if there is one and it is not set already."""
        self.take.setVisible(winner is not None)
        self.take.setEnabled(winner != current)
        is_set = winner is not None and winner == current
        self.take.setText(tr("The winner is set") if is_set else tr("Take the winner"))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.M)
        top.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.M)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)


class Switch(QWidget):
    """Two or three views, of which one is shown.

    Signals:
        chosen(object): the value of the view that the person wants.
    """

    chosen = Signal(object)

    def __init__(self, about: str, choices: Iterable[tuple[Any, str, str, str]]) -> None:
        """Choices are a value, an object name, a text and a tool tip."""
        super().__init__()
        self.setAccessibleName(about)
        self._group, self._values = QButtonGroup(self), {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        for value, name, text, tooltip in choices:
            made = _segment(name, text, tooltip, partial(self.chosen.emit, value))
            self._group.addButton(made)
            self._values[value] = made
            layout.addWidget(made)
        layout.addStretch()

    def set_value(self, value: Any) -> None:
        self._values[value].setChecked(True)

    def button(self, value: Any) -> QToolButton:
        return self._values[value]


def _segment(name: str, text: str, tooltip: str, on_click: Callable[[], Any]) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setToolTip(tooltip)
    made.setCheckable(True)
    made.clicked.connect(lambda: on_click())
    return made
