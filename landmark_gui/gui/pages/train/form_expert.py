"""The part of the form that is folded away: what those who know the terms may want to set."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

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
    labelled,
    line_field,
    number_field,
    on_off_field,
    switch_field,
)
from landmark_gui.gui.widgets.common import button, wrapped


class ExpertPart(QWidget):
    """Layers, pictures, optimizer and what else a training has."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {
            **_of_layers(),
            **_of_pictures(),
            **_of_optimizer(),
            **_of_examples(),
        }
        self._note = wrapped("")
        self._note.setObjectName("expert_note")
        self._weights = self._make_weights()
        self._lay_out()

    def show_advice(self, advice: Advice) -> None:
        """Follow the recipe, and say what is chosen and why."""
        scratch = advice.recipe == "scratch"
        for name in ("network", "activation", "batch_normalization"):
            self.fields[name].widget.setVisible(scratch)
        plain = scratch and self.fields["network"].get() == "log"
        for name in ("batch_normalization", "dropout"):  # it has neither
            self.fields[name].widget.setEnabled(not plain)
        self._weights.setVisible(not scratch)
        self.fields["feature_cache"].widget.setVisible(not scratch)
        chosen = [
            (tr("Image size"), "image_size"),
            (tr("Batch size"), "batch_size"),
            (tr("Weights of landmarks"), "class_weights"),
        ]
        reasons = [f"{title} {advice.reasons[name]}" for title, name in chosen[:2]]
        self._note.setText("\n".join([*reasons, advice.reasons["class_weights"]]))

    def _make_weights(self) -> QWidget:
        field = self.fields["weights"]
        line = field.widget
        assert isinstance(line, QLineEdit)
        line.setPlaceholderText(tr("Downloaded by Keras"))
        line.setClearButtonEnabled(True)
        browse = button(tr("Browse…"), "browse_weights", lambda: self._choose(field.set))
        return labelled(tr("Weights"), line, beside(line, browse, share=0))

    def _choose(self, put: Callable[[str], None]) -> None:
        kinds = tr("Keras weights") + " (*.h5 *.keras)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Weights file"), "", kinds)
        if chosen:
            put(chosen)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)

        def pair(first: str, second: str) -> QWidget:
            return beside(self.fields[first].widget, self.fields[second].widget)

        for part in (
            self._weights,
            self.fields["network"].widget,
            self.fields["activation"].widget,
            self.fields["batch_normalization"].widget,
            pair("image_size", "batch_size"),
            self._note,
            pair("learning_rate", "dropout"),
            pair("optimizer", "weight_decay"),
            pair("schedule", "warmup_epochs"),
            pair("label_smoothing", "averaged_weights"),
            pair("patience", "seed"),
            column(
                self.fields["class_weights"].widget,
                self.fields["mixed_precision"].widget,
                self.fields["feature_cache"].widget,
                spacing=theme.S,
            ),
        ):
            layout.addWidget(part)


def _of_layers() -> dict[str, Field]:
    networks = (
        ("modern", tr("A present one"), ""),
        ("log", tr("The plain one of the log"), ""),
    )
    activations = (
        *(("relu", "ReLU", ""), ("leaky_relu", "LeakyReLU", ""), ("prelu", "PReLU", "")),
        *(("elu", "ELU", ""), ("gelu", "GELU", "")),
    )
    return {
        "weights": line_field(
            tr("Weights"),
            "train_weights",
            tr("weights: a .weights.h5 or .h5 file without its top. Default: Keras' download"),
        ),
        "network": choice_field(
            tr("Network"),
            "train_network",
            networks,
            tr("network: the layers of “scratch”. Default: a present one"),
        ),
        "activation": choice_field(
            tr("Activation"),
            "train_activation",
            activations,
            tr("activation: after each convolution. Default: ReLU"),
        ),
        "batch_normalization": switch_field(
            tr("Batch normalisation"),
            "train_batch_normalization",
            tr("batch_normalization: between convolution and activation. Default: on"),
        ),
        "dropout": number_field(
            tr("Dropout"),
            "train_dropout",
            Range(0, 0.9, 0.05, 2),
            tr("dropout: share dropped before the last layer, 0 to 0.9. Default: 0.3"),
        ),
    }


def _of_pictures() -> dict[str, Field]:
    return {
        "image_size": number_field(
            tr("Image size"),
            "train_image_size",
            Range(32, 512, 16, 0, tr(" px"), automatic(), 16),
            tr("image_size: side of the input, 32 to 512 pixels. Default: as the network needs"),
        ),
        "batch_size": number_field(
            tr("Batch size"),
            "train_batch_size",
            Range(1, 1024, nothing=automatic()),
            tr("batch_size: examples a step, 1 to 1024. Default: by memory"),
        ),
    }


def _of_optimizer() -> dict[str, Field]:
    own = tr("Default: the recipe's own")
    optimizers = ((None, automatic(), ""), ("adam", "Adam", ""), ("adamw", "AdamW", ""))
    schedules = (
        (None, automatic(), ""),
        ("constant", tr("constant"), tr("the same throughout")),
        ("cosine", tr("cosine"), tr("falling to zero")),
    )
    return {
        "learning_rate": number_field(
            tr("Learning rate"),
            "train_learning_rate",
            Range(1e-7, 10, 1e-4, 7, "", automatic(), 0.0),
            tr("learning_rate: 1e-7 to 10.") + " " + own,
        ),
        "optimizer": choice_field(
            tr("Optimizer"),
            "train_optimizer",
            optimizers,
            tr("optimizer: AdamW lets weights decay beside its steps.") + " " + own,
        ),
        "weight_decay": number_field(
            tr("Weight decay"),
            "train_weight_decay",
            Range(0, 1, 0.001, 5, "", automatic(), -0.001),
            tr("weight_decay: of AdamW, 0 to 1.") + " " + own,
        ),
        "schedule": choice_field(
            tr("Schedule"),
            "train_schedule",
            schedules,
            tr("schedule: of the learning rate.") + " " + own,
        ),
        "warmup_epochs": number_field(
            tr("Warm-up"),
            "train_warmup_epochs",
            Range(0, 1000, 1, 0, tr(" epochs"), automatic(), -1),
            tr("warmup_epochs: over which the rate rises first, 0 to 1000.") + " " + own,
        ),
        "averaged_weights": on_off_field(
            tr("Averaged weights"),
            "train_averaged_weights",
            tr("averaged_weights: keep their moving average (EMA).") + " " + own,
        ),
        "mixed_precision": switch_field(
            tr("16 bits on a GPU"),
            "train_mixed_precision",
            tr("mixed_precision: quicker on a GPU; without one it has no effect. Default: off"),
        ),
    }


def _of_examples() -> dict[str, Field]:
    own = tr("Default: the recipe's own")
    return {
        "label_smoothing": number_field(
            tr("Label smoothing"),
            "train_label_smoothing",
            Range(0, 0.5, 0.05, 3, "", automatic(), -0.05),
            tr("label_smoothing: share spread over all landmarks, 0 to 0.5.") + " " + own,
        ),
        "class_weights": switch_field(
            tr("All landmarks count alike"),
            "train_class_weights",
            tr("class_weights: those with few examples count for more. Default: by the data"),
        ),
        "patience": number_field(
            tr("Patience"),
            "train_patience",
            Range(1, 10_000, 1, 0, tr(" epochs"), tr("no early stop")),
            tr("patience: stop after so many without a better validation loss. Default: never"),
        ),
        "seed": number_field(
            tr("Seed"),
            "train_seed",
            Range(0, 2**31 - 1),
            tr("seed: the same one on the same data gives the same model. Default: 0"),
        ),
        "feature_cache": switch_field(
            tr("Look at some variations once"),
            "train_feature_cache",
            tr("feature_cache: not at new ones in every epoch, which takes longer. Default: on"),
        ),
    }
