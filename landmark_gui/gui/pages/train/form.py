"""The form of the Train page: every setting of a training, as widgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.backbones import backbone
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.training_advice import Advice, Facts, advise
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.dialogs.model_files import ask_new_model, with_suffix
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.train.form_expert import ExpertPart
from landmark_gui.gui.pages.train.form_fields import beside, column, labelled, line_field
from landmark_gui.gui.pages.train.form_simple import SimplePart
from landmark_gui.gui.training_settings import CHOSEN, DEFAULTS, advice_for, training_of
from landmark_gui.gui.widgets.common import button, with_words, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard


class TrainForm(QWidget):
    """Settings as `DEFAULTS` has them; None means that the program or the recipe chooses.

    Signals:
        changed(): a setting was changed, or several at once.
        augment_requested(): the person wants to change the augmentation.
    """

    changed = Signal()
    augment_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._facts, self._filling = Facts({}, cores=1, memory=0), False
        self.simple, self.expert = SimplePart(), ExpertPart()
        self._fields = {**self.simple.fields, **self.expert.fields}
        self._make_rest()
        self._lay_out()
        self.set_values(DEFAULTS)
        self._connect()
        self._follow()
        WheelGuard(self)

    def values(self) -> dict[str, Any]:
        """Every setting but the model file."""
        found = {name: field.get() for name, field in self._fields.items()}
        found["backbone"], found["alpha"] = found["backbone"] or (None, DEFAULTS["alpha"])
        found["more"] = self._more.isChecked()
        return {name: found[name] for name in DEFAULTS}

    def set_values(self, values: dict[str, Any]) -> None:
        """Fill the fields. Unknown names, and values that a field cannot have, are passed over."""
        given = {**DEFAULTS, **values}
        name, alpha = given["backbone"], given["alpha"]
        given["backbone"] = None if name is None else _key(name, alpha)
        before, self._filling = self.values(), True  # whoever listens counts all examples anew
        for name, field in self._fields.items():
            try:
                field.set(given[name])
            except (TypeError, ValueError):
                field.set(DEFAULTS[name])
        self._more.setChecked(given["more"] is True)
        self._filling = False
        if self.values() != before:
            self._changed()

    def set_facts(self, facts: Facts) -> None:
        """What the suggestions are made from."""
        self._facts = facts
        self._follow()

    def use_suggestions(self) -> None:
        """Leave to the program what it can choose, and take what it suggests for the rest."""
        advice = advise(self._facts)
        suggested = dict.fromkeys(("backbone", *CHOSEN))
        switches = {"augment": advice.augment, "class_weights": advice.class_weights}
        self.set_values({**self.values(), **suggested, **switches, "recipe": advice.recipe})

    def out(self) -> Path:
        """The model file to write, with its suffix."""
        return with_suffix(Path(self._out.get()))

    def has_out(self) -> bool:
        return bool(Path(self._out.get()).name)

    def set_out(self, path: Path) -> None:
        self._out.set(str(path))

    def set_recipe(self, recipe: str) -> None:
        self._fields["recipe"].set(recipe)

    def set_augmentation_summary(self, text: str) -> None:
        self.simple.set_augmentation_summary(text)

    def set_replaces(self, replaces: bool) -> None:
        """Say that the model file exists already."""
        self._out_note.setVisible(replaces)

    def config(self, project: Path, augmentation: dict[str, Any], cutting: Choices) -> TrainConfig:
        """The training that the form describes, on crops as `cutting` has them.

        Raises:
            TrainingError: if a setting is out of its range.
        """
        return training_of(self.values(), self._facts, project, self.out(), augmentation, cutting)

    def _advice(self) -> Advice:
        """For the recipe and the network that are chosen."""
        return advice_for(self.values(), self._facts)

    def _make_rest(self) -> None:
        self._suggest = button(
            tr("Use suggestions"),
            "use_suggestions",
            self.use_suggestions,
            kind="quiet",
            tooltip=tr("Let the program choose from your photos and this computer"),
        )
        self._out = line_field(tr("Model file"), "train_out", tr("What the model is saved as"))
        self._out_note = wrapped(tr("This file exists and will be replaced."))
        self._out_note.hide()
        self._more = QToolButton()
        self._more.setObjectName("train_more")
        self._more.setText(tr("Expert settings"))
        self._more.setCheckable(True)
        self._more.setProperty("kind", "fold")
        with_words(self._more)

    def _lay_out(self) -> None:
        browse = button(tr("Browse…"), "browse_model", self._choose_out)
        line = self._out.widget
        out = labelled(tr("Model file"), line, beside(line, browse, share=0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.L)
        for part in (
            self.simple,
            self._suggest,
            column(self._more, self.expert),
            column(out, self._out_note),
        ):
            layout.addWidget(part)
        layout.addStretch()

    def _connect(self) -> None:
        self.simple.augment_requested.connect(self.augment_requested)
        self._more.toggled.connect(self._changed)
        for field in (*self._fields.values(), self._out):
            field.changed.connect(self._changed)

    def _changed(self) -> None:
        if self._filling:
            return
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        advice, best = self._advice(), advise(self._facts)
        self.simple.show_advice(advice, best)
        self.expert.show_advice(advice)
        self._suggest.setVisible(self._departs(best))
        more = self._more.isChecked()
        self._more.setIcon(icon("chevron-up" if more else "chevron-down", "muted"))
        self.expert.setVisible(more)

    def _departs(self, best: Advice) -> bool:
        """Whether something else is chosen than what is suggested."""
        values = self.values()
        said = any(values[name] is not None for name in ("backbone", *CHOSEN))
        same = ("recipe", "augment", "class_weights")
        return said or any(values[name] != getattr(best, name) for name in same)

    def _choose_out(self) -> None:
        chosen = ask_new_model(self, tr("Model file"), Path(self._out.get()))
        if chosen is not None:
            self._out.set(str(chosen))


def _key(name: Any, alpha: Any) -> Any:
    try:
        return backbone(name, alpha).key
    except IndexError:
        return name
