"""The form of the Train page: every setting of a training, as widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import ALPHAS, TrainConfig
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import LabeledCombo, button, padded, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

MODEL_SUFFIX = ".landmark-model"
DEFAULTS: dict[str, Any] = {
    "use": "crops",
    "recipe": "transfer",
    "activation": "relu",
    "batch_normalization": True,
    "dropout": 0.3,
    "augment": True,
    "weights": "",
    "alpha": 0.35,
    "epochs": 20,
    "image_size": 160,
    "batch_size": 16,
    "learning_rate": 0.0,
    "seed": 0,
    "more": False,
}


class TrainForm(QWidget):
    """Settings as `DEFAULTS` has them; "learning_rate" 0 and "weights" "" mean automatic.

    Signals:
        changed(): a setting was changed.
        augment_requested(): the person wants to change the augmentation.
    """

    changed = Signal()
    augment_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._make_fields()
        self._lay_out()
        self._getters, self._setters = self._accessors()
        self.set_values(DEFAULTS)
        self._connect()
        self._follow_choices()
        WheelGuard(self)

    def values(self) -> dict[str, Any]:
        """Every setting but the model file."""
        return {name: get() for name, get in self._getters.items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Fill the fields. Unknown names, and values of another type, are passed over."""
        for name, default in DEFAULTS.items():
            value = values.get(name, default)
            self._setters[name](value if isinstance(value, type(default)) else default)

    def out(self) -> Path:
        """The model file to write, with its suffix."""
        path = Path(self._out.text().strip())
        return path if path.suffix == MODEL_SUFFIX else path.with_name(path.name + MODEL_SUFFIX)

    def has_out(self) -> bool:
        return bool(Path(self._out.text().strip()).name)

    def set_out(self, path: Path) -> None:
        self._out.setText(str(path))

    def set_recipe(self, recipe: str) -> None:
        self._recipe.set_value(recipe)

    def set_augmentation_summary(self, text: str) -> None:
        self._augment_note.setText(text)

    def set_replaces(self, replaces: bool) -> None:
        """Say that the model file exists already."""
        self._out_note.setVisible(replaces)

    def config(self, project: Path, augmentation: dict[str, Any], cutting: Choices) -> TrainConfig:
        """The training that the form describes, on crops as `cutting` has them.

        Raises:
            TrainingError: if a setting is out of its range.
        """
        values = self.values()
        del values["more"]
        augment = values.pop("augment")
        values["weights"] = values["weights"] or None
        values["learning_rate"] = values["learning_rate"] or None
        return TrainConfig(
            project=str(project),
            out=str(self.out().absolute()),
            augmentation=augmentation if augment else None,
            margin=cutting.settings.margin,
            margin_unit=cutting.margin_unit,
            shape=cutting.shape,
            edge=cutting.edge,
            split=cutting.fractions.parts(),
            near_distance=cutting.split.near_distance,
            burst_seconds=cutting.split.burst_seconds,
            **values,
        )

    def _make_fields(self) -> None:
        self._use = _combo(
            tr("Learn from"),
            "train_use",
            ("crops", tr("The crops (boxes)"), tr("What lies in each box")),
            ("photos", tr("Whole photos"), tr("Each photo whole, boxes only say what is on it")),
        )
        self._recipe = _combo(
            tr("Recipe"),
            "train_recipe",
            ("transfer", tr("Build on a trained network"), ""),
            ("scratch", tr("Train from scratch"), ""),
        )
        self._recipe_note = wrapped("")
        self._activation = _combo(
            tr("Activation"),
            "train_activation",
            ("relu", "ReLU", ""),
            ("leaky_relu", "LeakyReLU", ""),
            ("prelu", "PReLU", ""),
            ("elu", "ELU", ""),
            ("gelu", "GELU", ""),
        )
        self._batch_normalization = _check(tr("Batch normalisation"), "train_batch_normalization")
        self._weights = _line(tr("Weights"), "train_weights")
        self._weights.setPlaceholderText(tr("Downloaded by Keras"))
        self._weights.setClearButtonEnabled(True)
        self._alpha = _combo(
            tr("Width of the network (alpha)"),
            "train_alpha",
            *((alpha, f"{alpha:g}", "") for alpha in ALPHAS),
        )
        self._augment = _check(tr("Vary the crops while training"), "train_augment")
        self._augment_note = wrapped("")
        self._epochs = _spin(tr("Epochs"), "train_epochs", 1, 10_000)
        self._image_size = _spin(tr("Image size"), "train_image_size", 32, 512, step=16)
        self._image_size.setSuffix(tr(" px"))
        self._batch_size = _spin(tr("Batch size"), "train_batch_size", 1, 1024)
        self._dropout = _fraction(tr("Dropout"), "train_dropout", 0.9, 0.05, 2)
        self._learning_rate = _fraction(tr("Learning rate"), "train_learning_rate", 10, 1e-4, 6)
        self._learning_rate.setSpecialValueText(tr("automatic"))
        self._seed = _spin(tr("Seed"), "train_seed", 0, 2**31 - 1)
        self._seed.setToolTip(tr("The same seed on the same data gives the same model"))
        self._out = _line(tr("Model file"), "train_out")
        self._out_note = wrapped(tr("This file exists and will be replaced."))
        self._out_note.hide()
        self._more = QToolButton()
        self._more.setObjectName("train_more")
        self._more.setText(tr("More settings"))
        self._more.setCheckable(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _lay_out(self) -> None:
        weights = _beside(self._weights, self._browse("browse_weights", self._choose_weights))
        self._transfer_fields = _column(
            _labelled(tr("Weights"), self._weights, weights), self._alpha
        )
        self._scratch_fields = _column(self._activation, self._batch_normalization)
        self._more_fields = _column(
            _beside(self._field(self._image_size), self._field(self._batch_size)),
            _beside(self._field(self._learning_rate), self._field(self._dropout)),
            self._field(self._seed),
        )
        change = button(tr("Change…"), "change_augmentation", self.augment_requested.emit)
        change.setProperty("kind", "quiet")
        out = _beside(self._out, self._browse("browse_model", self._choose_out))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.L)
        for part in (
            self._use,
            _column(self._recipe, self._recipe_note, self._transfer_fields, self._scratch_fields),
            _column(_beside(self._augment, change), self._augment_note),
            self._field(self._epochs),
            _column(self._more, self._more_fields),
            _column(_labelled(tr("Model file"), self._out, out), self._out_note),
        ):
            layout.addWidget(part)
        layout.addStretch()

    def _field(self, field: QWidget) -> QWidget:
        return _labelled(field.accessibleName(), field)

    def _browse(self, name: str, on_click: Callable[[], None]) -> QWidget:
        return button(tr("Browse…"), name, on_click)

    def _accessors(self) -> tuple[dict[str, Callable[[], Any]], dict[str, Callable[[Any], Any]]]:
        combos = {
            "use": self._use,
            "recipe": self._recipe,
            "activation": self._activation,
            "alpha": self._alpha,
        }
        numbers: dict[str, QSpinBox | QDoubleSpinBox] = {
            "dropout": self._dropout,
            "epochs": self._epochs,
            "image_size": self._image_size,
            "batch_size": self._batch_size,
            "learning_rate": self._learning_rate,
            "seed": self._seed,
        }
        switches = {
            "batch_normalization": self._batch_normalization,
            "augment": self._augment,
            "more": self._more,
        }
        getters: dict[str, Callable[[], Any]] = {
            **{name: field.value for name, field in combos.items()},
            **{name: field.value for name, field in numbers.items()},
            **{name: field.isChecked for name, field in switches.items()},
            "weights": lambda: self._weights.text().strip(),
        }
        setters: dict[str, Callable[[Any], Any]] = {
            **{name: field.set_value for name, field in combos.items()},
            **{name: field.setValue for name, field in numbers.items()},
            **{name: field.setChecked for name, field in switches.items()},
            "weights": self._weights.setText,
        }
        return getters, setters

    def _connect(self) -> None:
        for combo in self.findChildren(QComboBox):
            combo.currentIndexChanged.connect(self._changed)
        for number in (self._epochs, self._image_size, self._batch_size, self._seed):
            number.valueChanged.connect(self._changed)
        for fraction in (self._dropout, self._learning_rate):
            fraction.valueChanged.connect(self._changed)
        for switch in (self._batch_normalization, self._augment, self._more):
            switch.toggled.connect(self._changed)
        for line in (self._weights, self._out):
            line.textChanged.connect(self._changed)

    def _changed(self) -> None:
        self._follow_choices()
        self.changed.emit()

    def _follow_choices(self) -> None:
        transfer = self._recipe.value() == "transfer"
        self._transfer_fields.setVisible(transfer)
        self._scratch_fields.setVisible(not transfer)
        self._alpha.setEnabled(not self._weights.text().strip())  # a file has its own width
        self._recipe_note.setText(
            tr(
                "MobileNetV2 knows a thousand things already; only its last layer learns your "
                "landmarks. Good with few photos, and quick."
            )
            if transfer
            else tr(
                "A small network learns everything from your photos alone. Needs more photos "
                "and more epochs, but no download."
            )
        )
        self._augment_note.setVisible(self._augment.isChecked())
        more = self._more.isChecked()
        self._more.setArrowType(Qt.ArrowType.DownArrow if more else Qt.ArrowType.RightArrow)
        self._more_fields.setVisible(more)

    def _choose_weights(self) -> None:
        kinds = tr("Keras weights") + " (*.h5 *.keras)"
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Weights file"), "", kinds)
        if chosen:
            self._weights.setText(chosen)

    def _choose_out(self) -> None:
        kinds = tr("Landmark model") + f" (*{MODEL_SUFFIX})"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Model file"), self._out.text(), kinds)
        if chosen:
            self._out.setText(chosen)


def _combo(label: str, name: str, *choices: tuple[Any, str, str]) -> LabeledCombo:
    made = LabeledCombo(label, choices)
    made.combo.setObjectName(name)
    return made


def _check(label: str, name: str) -> QCheckBox:
    made = QCheckBox(label)
    made.setObjectName(name)
    return made


def _line(label: str, name: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(label)
    return made


def _spin(label: str, name: str, low: int, high: int, step: int = 1) -> QSpinBox:
    made = padded(QSpinBox())
    made.setObjectName(name)
    made.setAccessibleName(label)
    made.setRange(low, high)
    made.setSingleStep(step)
    return made


def _fraction(label: str, name: str, high: float, step: float, decimals: int) -> QDoubleSpinBox:
    made = padded(QDoubleSpinBox())
    made.setObjectName(name)
    made.setAccessibleName(label)
    made.setDecimals(decimals)
    made.setRange(0, high)
    made.setSingleStep(step)
    return made


def _labelled(label: str, field: QWidget, row: QWidget | None = None) -> QWidget:
    name = plain.label(label)
    name.setBuddy(field)
    return _column(name, row or field, spacing=2)


def _column(*parts: QWidget, spacing: int = theme.M) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part)
    return box


def _beside(first: QWidget, second: QWidget) -> QWidget:
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.M)
    layout.addWidget(first, 1)
    layout.addWidget(second, 0 if second.objectName() else 1)
    return box
