"""The part of the form that everybody sees: the recipe, what it builds on, and how long."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from landmark_gui.core import backbones
from landmark_gui.core.backbones import Backbone
from landmark_gui.core.i18n import tr
from landmark_gui.core.training_advice import Advice
from landmark_gui.gui import theme
from landmark_gui.gui.pages.train.form_fields import (
    Field,
    Range,
    automatic,
    beside,
    choice_field,
    column,
    number_field,
    switch_field,
)
from landmark_gui.gui.widgets.common import button, wrapped

Key = tuple[str, float]


class SimplePart(QWidget):
    """Signals:
    augment_requested(): the person wants to change the augmentation.
    """

    augment_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._recipe_note, self._backbone_note = wrapped(""), wrapped("")
        self._augment_summary, self._augment_note = wrapped(""), wrapped("")
        self._epochs_note = wrapped("")
        for name, note in (
            ("recipe_note", self._recipe_note),
            ("backbone_note", self._backbone_note),
            ("augment_note", self._augment_note),
            ("epochs_note", self._epochs_note),
        ):
            note.setObjectName(name)
        self._make_fields()
        self._lay_out()

    def show_advice(self, advice: Advice, best: Advice) -> None:
        """Follow the recipe, and say what is chosen for it and why.

        Args:
            advice: for the recipe that is chosen.
            best: for the recipe that is suggested.
        """
        recipe, reasons = advice.recipe, advice.reasons
        other = "" if recipe == best.recipe else _suggestion(best)
        self._recipe_note.setText("\n".join(filter(None, [_purpose(recipe), other])))
        self._backbone.setVisible(recipe != "scratch")
        known = self.backbone()
        about = reasons["backbone"] if known is None else _about(known)
        self._backbone_note.setText(about)
        self._augment_note.setText(reasons["augment"])
        for note in (self._augment_summary, self._augment_note):
            note.setVisible(self.fields["augment"].get())
        self._epochs_note.setText(reasons["epochs"])
        self._epochs_note.setVisible(self.fields["epochs"].get() is None)

    def backbone(self) -> Backbone | None:
        """What the person has chosen to build on; None to leave it to the program."""
        key: Key | None = self.fields["backbone"].get()
        return backbones.backbone(*key) if key else None

    def set_augmentation_summary(self, text: str) -> None:
        self._augment_summary.setText(text)

    def _make_fields(self) -> None:
        crops = ("crops", tr("The crops (boxes)"), tr("What lies in each box"))
        photos = ("photos", tr("Whole photos"), tr("Boxes only say what is on a photo"))
        recipes = tuple((recipe, *words) for recipe, words in _recipes().items())
        networks = tuple((known.key, _title(known), _about(known)) for known in backbones.ALL)
        self.fields: dict[str, Field] = {
            "use": choice_field(tr("Learn from"), "train_use", (crops, photos)),
            "recipe": choice_field(tr("Recipe"), "train_recipe", recipes),
            "backbone": choice_field(
                tr("Trained network"),
                "train_backbone",
                ((None, automatic(), ""), *networks),
                tr("backbone: what has learned from the million photos of ImageNet"),
            ),
            "augment": switch_field(
                tr("Vary the crops while training"),
                "train_augment",
                tr("augmentation: each crop is a little different each time"),
            ),
            "epochs": number_field(
                tr("Epochs"),
                "train_epochs",
                Range(1, 10_000, nothing=automatic()),
                tr("How often each crop is learned from: 1 to 10,000"),
            ),
        }

    def _lay_out(self) -> None:
        self._backbone = column(self.fields["backbone"].widget, self._backbone_note)
        change = button(tr("Change…"), "change_augmentation", self.augment_requested.emit)
        change.setProperty("kind", "quiet")
        varied = beside(self.fields["augment"].widget, change, share=0)
        parts = column(
            self.fields["use"].widget,
            column(self.fields["recipe"].widget, self._recipe_note),
            self._backbone,
            column(varied, self._augment_summary, self._augment_note),
            column(self.fields["epochs"].widget, self._epochs_note),
            spacing=theme.L,
        )
        layout = parts.layout()
        assert layout is not None
        self.setLayout(layout)


def _recipes() -> dict[str, tuple[str, str]]:
    """What each recipe is called, and its term."""
    return {
        "transfer": (tr("Build on a trained network"), tr("transfer learning")),
        "fine-tune": (tr("Tune a trained network"), tr("fine-tuning")),
        "scratch": (tr("Train from scratch"), tr("a network of your own")),
    }


def _suggestion(best: Advice) -> str:
    return tr(
        "Suggested is “{recipe}”. {reason}",
        recipe=_recipes()[best.recipe][0],
        reason=best.reasons["recipe"],
    )


def _purpose(recipe: str) -> str:
    """What a recipe is for, in a line."""
    return {
        "transfer": tr(
            "The network knows a thousand things already; only its last layer learns your "
            "landmarks. Good with few photos, and quick."
        ),
        "fine-tune": tr(
            "The last layer learns first, then the top of the network, gently. For hundreds of "
            "photos of each landmark; takes many times as long."
        ),
        "scratch": tr(
            "A small network learns everything from your photos alone. Needs more photos and more "
            "epochs, but no download."
        ),
    }[recipe]


def _title(known: Backbone) -> str:
    return tr("{title} · {n} MB", title=known.title, n=known.megabytes)


def _about(known: Backbone) -> str:
    return tr(
        "{accuracy} right on ImageNet, {parameters} million parameters; licence of the weights: "
        "{licence}.",
        accuracy=f"{known.accuracy:.0%}",
        parameters=f"{known.parameters / 1e6:.1f}",
        licence=known.licence,
    )
