"""What remedies have changed for the next training, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.diagnosis import Remedy
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import button, set_role, wrapped
from landmark_gui.gui.widgets.plain import literal


@dataclass(frozen=True)
class Settings:
    """Of the next training: the values of the form, and the augmentation of the Augment page."""

    form: Mapping[str, Any] = field(default_factory=dict)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)


def remedied(settings: Settings, remedy: Remedy) -> Settings:
    """Settings after a remedy, whose changes are fields of `TrainConfig`.

    Augmentation is switched on in the form; how much is varied stays as the person has set it,
    unless that is nothing. What the form does not have is passed over.
    """
    changes = dict(remedy.changes)
    varied = settings.augmentation
    if changes.pop("augmentation", None) is not None:
        changes["augment"] = True
        if varied == AugmentationConfig():
            varied = AugmentationConfig.from_dict(remedy.changes["augmentation"])
    known = {name: value for name, value in changes.items() if name in settings.form}
    return Settings({**settings.form, **known}, varied)


def taken_back(now: Settings, before: Settings, after: Settings) -> Settings:
    """Settings without what changed from `before` to `after`, but with what changed since."""
    form = {
        name: before.form[name] if value == after.form[name] else value
        for name, value in now.form.items()
    }
    varied = now.augmentation
    return Settings(form, before.augmentation if varied == after.augmentation else varied)


def differences(before: Settings, after: Settings) -> list[str]:
    """What changed, a line each, such as "Learning rate: automatic → 0.0001"."""
    names = {
        "recipe": tr("Recipe"),
        "network": tr("Network"),
        "activation": tr("Activation"),
        "batch_normalization": tr("Batch normalisation"),
        "augment": tr("Vary the crops while training"),
        "epochs": tr("Epochs"),
        "dropout": tr("Dropout"),
        "learning_rate": tr("Learning rate"),
    }
    lines = [
        f"{names.get(name, name)}: {_words(before.form[name])} → {_words(value)}"
        for name, value in after.form.items()
        if value != before.form[name]
    ]
    if before.augmentation != after.augmentation:
        lines.append(tr("Augmentation: as in the log that the program follows"))
    return lines


def _words(value: object) -> str:
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if value is None:
        return tr("automatic")
    if isinstance(value, float):
        return f"{value:g}"
    names = {
        "transfer": tr("Build on a trained network"),
        "fine-tune": tr("Tune a trained network"),
        "scratch": tr("Train from scratch"),
        "modern": tr("A present one"),
        "log": tr("The plain one of the log"),
        "relu": "ReLU",
        "prelu": "PReLU",
    }
    return names.get(str(value), str(value))


class NextTraining(QFrame):
    """Hidden while nothing was changed.

    Signals:
        take_back_requested(), train_requested()
    """

    take_back_requested = Signal()
    train_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("next_training")
        set_role(self, "banner-info")
        self.text = wrapped("", "")
        self.take_back = button(
            tr("Take back"), "take_back_button", self.take_back_requested.emit, kind="quiet"
        )
        self.train = button(
            tr("Train again"), "train_again_button", self.train_requested.emit, kind="primary"
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.M)
        buttons.addWidget(self.train)
        buttons.addWidget(self.take_back)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.M)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.hide()

    def show_changes(self, before: Settings, after: Settings) -> None:
        """Say what is different; hidden where nothing is."""
        lines = differences(before, after)
        head = tr("Changed for the next training:")
        self.text.setText("\n".join([head, *lines]))
        self.setVisible(bool(lines))

    def set_waiting(self, reason: str) -> None:
        """Say why no training can begin just now; "" if one can."""
        self.train.setEnabled(not reason)
        self.train.setToolTip(literal(reason))
