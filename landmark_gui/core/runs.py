"""What a training is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from landmark_gui.core import backbones
from landmark_gui.core.crops import MAX_MARGIN, CropSettings, Edge, MarginUnit, Shape
from landmark_gui.core.errors import DatasetError, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.splits import (
    BURST_SECONDS,
    MAX_BURST_SECONDS,
    MAX_NEAR_DISTANCE,
    NEAR_DISTANCE,
    SplitFractions,
    SplitSettings,
)

Recipe = Literal["transfer", "scratch", "fine-tune"]
Network = Literal["modern", "log"]
Optimizer = Literal["adam", "adamw"]
Schedule = Literal["constant", "cosine"]
Activation = Literal["relu", "leaky_relu", "prelu", "elu", "gelu"]

RECIPES: tuple[Recipe, ...] = get_args(Recipe)
NETWORKS: tuple[Network, ...] = get_args(Network)
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
BACKBONES = backbones.NAMES
ALPHAS = backbones.ALPHAS
"""The widths of MobileNetV2 for which Keras has ImageNet weights."""

HIGHEST_SEED = 2**32 - 1
"""NumPy's legacy generator, which Keras seeds too, takes no more."""


@dataclass(frozen=True)
class TrainConfig:
    """One training, complete: the same config on the same data gives the same model.

    Attributes:
        project: path of the project file, which is only read.
        out: path of the model to write.
        use: learn from "crops" (the boxes) or from whole "photos".
        recipe: "transfer" (a frozen backbone), "fine-tune" (the same, then its top learns too)
            or "scratch" (a small CNN).
        network: of `scratch`, "modern" or "log" (a plain one of its day, for comparison).
        backbone: of the other recipes, one of `BACKBONES`.
        activation, batch_normalization, dropout: layers of `scratch`; the others use dropout
            alone, before their last layer. Dropout is a fraction, 0 to 0.9.
        augmentation: `AugmentationConfig.to_dict()`, or None for none.
        weights: file of backbone weights; None lets Keras download them.
        alpha: width of MobileNetV2, one of `ALPHAS`; other backbones have one width.
        epochs: 1 to 10,000.
        image_size: side of the input in pixels, 32 to 512.
        batch_size: examples a step, 1 to 1024.
        learning_rate: 1e-7 to 10; None takes the recipe's own. Of "fine-tune" it is that of the
            second part, the head's being fixed.
        optimizer, weight_decay, schedule, warmup_epochs, label_smoothing, averaged_weights: None
            takes the recipe's own, too.
        optimizer: "adam" (https://arxiv.org/abs/1412.6980) or "adamw", whose decay of weights
            does not pass through the moments (https://arxiv.org/abs/1711.05101).
        weight_decay: of "adamw", 0 to 1; "adam" has none.
        schedule: of the learning rate, "constant" or "cosine": falling to zero along half a
            cosine (https://arxiv.org/abs/1608.03983).
        warmup_epochs: epochs over which the rate rises from zero first, 0 to 1000.
        label_smoothing: share of each label that is spread over all landmarks, 0 to 0.5
            (https://arxiv.org/abs/1512.00567).
        class_weights: whether landmarks with few examples count for more, so that all count alike.
        patience: epochs without a better validation loss after which the training stops, 1 to
            10,000; None never stops it early.
        mixed_precision: compute in 16 bits on a GPU that is quicker so; on a processor without
            one it has no effect.
        averaged_weights: judge and keep the moving average of the weights over the last epochs
            (https://arxiv.org/abs/1803.05407), which is steadier than the last step's.
        seed: 0 to `HIGHEST_SEED`.
        margin, margin_unit, shape, edge: as in `CropSettings`.
        split: shares of train, validation and test.
        near_distance, burst_seconds, fresh: as in `SplitSettings`.
        feature_cache: of `transfer`, whether the frozen network looks at the crops once, at a few
            variations of each, rather than in every epoch at new ones.
        probe: whether to ask afterwards what a leak is worth and which labels are likely wrong.

    Raises:
        TrainingError: if a value is out of its range.
    """

    project: str
    out: str
    use: Literal["crops", "photos"] = "crops"
    recipe: Recipe = "transfer"
    network: Network = "modern"
    backbone: str = "mobilenet_v2"
    activation: Activation = "relu"
    batch_normalization: bool = True
    dropout: float = 0.3
    augmentation: dict[str, Any] | None = None
    weights: str | None = None
    alpha: float = 0.35
    epochs: int = 20
    image_size: int = 160
    batch_size: int = 16
    learning_rate: float | None = None
    optimizer: Optimizer | None = None
    weight_decay: float | None = None
    schedule: Schedule | None = None
    warmup_epochs: int | None = None
    label_smoothing: float | None = None
    class_weights: bool = False
    patience: int | None = None
    mixed_precision: bool = False
    averaged_weights: bool | None = None
    seed: int = 0
    margin: float = 0.0
    margin_unit: MarginUnit = "fraction"
    shape: Shape = "free"
    edge: Edge = "clamp"
    split: tuple[float, float, float] = (0.7, 0.15, 0.15)
    near_distance: int | None = NEAR_DISTANCE
    burst_seconds: float = BURST_SECONDS
    fresh: bool = False
    feature_cache: bool = True
    probe: bool = True

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            _one_of(name, getattr(self, name), choices)
        for name in _WHOLE:
            _whole(name, getattr(self, name))
        for name, (low, high) in _RANGES.items():
            if getattr(self, name) is not None or name not in _MAY_BE_NONE:
                _between(name, getattr(self, name), low, high)
        _between("margin", self.margin, 0, 1 if self.margin_unit == "fraction" else MAX_MARGIN)
        try:
            SplitFractions(*self.split)
        except (TypeError, DatasetError) as error:
            raise TrainingError(f"split: {error}") from error

    @property
    def crop_settings(self) -> CropSettings:
        return CropSettings(self.use, self.margin, self.margin_unit, self.shape, self.edge)

    @property
    def split_settings(self) -> SplitSettings:
        fractions = SplitFractions(*self.split)
        return SplitSettings(
            fractions, self.seed, self.near_distance, self.burst_seconds, self.fresh
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """The inverse of `to_dict`. Raises TrainingError for unknown or wrong values."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise TrainingError(tr("Unknown training setting: {names}", names=sorted(unknown)))
        try:
            given = dict(values)
            if isinstance(given.get("split"), list):  # JSON has no tuples
                given["split"] = tuple(given["split"])
            return cls(**given)
        except (TypeError, ValueError) as error:
            raise TrainingError(tr("Wrong training settings: {detail}", detail=error)) from error


_SWITCHES = (
    *("batch_normalization", "class_weights", "mixed_precision", "fresh", "feature_cache"),
    "probe",
)
_CHOICES: dict[str, tuple[object, ...]] = {
    "use": ("crops", "photos"),
    "recipe": RECIPES,
    "network": NETWORKS,
    "backbone": BACKBONES,
    "activation": ACTIVATIONS,
    "alpha": ALPHAS,
    "optimizer": (*OPTIMIZERS, None),
    "schedule": (*SCHEDULES, None),
    "margin_unit": get_args(MarginUnit),
    "shape": get_args(Shape),
    "edge": get_args(Edge),
    "averaged_weights": (False, True, None),
    **dict.fromkeys(_SWITCHES, (False, True)),
}
_RANGES: dict[str, tuple[float, float]] = {
    "dropout": (0, 0.9),
    "epochs": (1, 10_000),
    "image_size": (32, 512),
    "batch_size": (1, 1024),
    "seed": (0, HIGHEST_SEED),
    "learning_rate": (1e-7, 10),
    "weight_decay": (0, 1),
    "warmup_epochs": (0, 1000),
    "label_smoothing": (0, 0.5),
    "patience": (1, 10_000),
    "near_distance": (0, MAX_NEAR_DISTANCE),
    "burst_seconds": (0, MAX_BURST_SECONDS),
}
_MAY_BE_NONE = {
    *("learning_rate", "weight_decay", "warmup_epochs", "label_smoothing", "patience"),
    "near_distance",
}
_WHOLE = (
    "epochs",
    "image_size",
    "batch_size",
    "seed",
    "warmup_epochs",
    "patience",
    "near_distance",
)


def _one_of(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        listed = ", ".join(map(str, choices))
        raise TrainingError(
            tr(
                "{name} is {value}, but must be one of: {choices}",
                name=name,
                value=value,
                choices=listed,
            )
        )


def _whole(name: str, value: object) -> None:
    if type(value) is not int and not (value is None and name in _MAY_BE_NONE):
        raise TrainingError(
            tr("{name} is {value}, but must be a whole number", name=name, value=value)
        )


def _between(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise TrainingError(
            tr(
                "{name} is {value}, but must be from {low} to {high}",
                name=name,
                value=value,
                low=low,
                high=high,
            )
        )
