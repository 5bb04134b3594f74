"""What a training is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

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

Recipe = Literal["transfer", "scratch"]
Activation = Literal["relu", "leaky_relu", "prelu", "elu", "gelu"]

RECIPES: tuple[Recipe, ...] = ("transfer", "scratch")
ACTIVATIONS: tuple[Activation, ...] = ("relu", "leaky_relu", "prelu", "elu", "gelu")
ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
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
        recipe: "transfer" (frozen MobileNetV2) or "scratch" (a small CNN).
        activation, batch_normalization, dropout: layers of `scratch`; `transfer` uses dropout
            alone, before its last layer. Dropout is a fraction, 0 to 0.9.
        augmentation: `AugmentationConfig.to_dict()`, or None for none.
        weights: file of backbone weights; None lets Keras download them.
        alpha: width of MobileNetV2, one of `ALPHAS`.
        epochs: 1 to 10,000.
        image_size: side of the input in pixels, 32 to 512.
        batch_size: examples a step, 1 to 1024.
        learning_rate: 1e-7 to 10; None takes the recipe's own.
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
        _one_of("use", self.use, ("crops", "photos"))
        _one_of("recipe", self.recipe, RECIPES)
        _one_of("activation", self.activation, ACTIVATIONS)
        _one_of("alpha", self.alpha, ALPHAS)
        _between("dropout", self.dropout, 0, 0.9)
        for name in ("epochs", "image_size", "batch_size", "seed"):
            _whole(name, getattr(self, name))
        _between("epochs", self.epochs, 1, 10_000)
        _between("image_size", self.image_size, 32, 512)
        _between("batch_size", self.batch_size, 1, 1024)
        _between("seed", self.seed, 0, HIGHEST_SEED)
        _between("margin", self.margin, 0, 1 if self.margin_unit == "fraction" else MAX_MARGIN)
        _one_of("margin_unit", self.margin_unit, get_args(MarginUnit))
        _one_of("shape", self.shape, get_args(Shape))
        _one_of("fresh", self.fresh, (False, True))
        _one_of("feature_cache", self.feature_cache, (False, True))
        _one_of("edge", self.edge, get_args(Edge))
        if self.near_distance is not None:
            _whole("near_distance", self.near_distance)
            _between("near_distance", self.near_distance, 0, MAX_NEAR_DISTANCE)
        _between("burst_seconds", self.burst_seconds, 0, MAX_BURST_SECONDS)
        if self.learning_rate is not None:
            _between("learning_rate", self.learning_rate, 1e-7, 10)
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
    if type(value) is not int:
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
