"""What a search may choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.augmentation.strength import weakened
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import RECIPES, Recipe, TrainConfig

MOST_CHOICES = 20


@dataclass(frozen=True)
class Settings:
    """What one trial tries.

    Attributes:
        strength: of the base's augmentation, or of the log preset if it has none; 0 to 1.
    """

    recipe: Recipe
    learning_rate: float
    image_size: int
    strength: float

    @property
    def key(self) -> str:
        """The same for the same settings, and fit for the name of a file."""
        rate = f"{self.learning_rate:.1e}"
        return f"{self.recipe}-{rate}-{self.image_size}-{self.strength:.2f}"

    def applied(self, base: TrainConfig) -> TrainConfig:
        """A training with these settings, and the base's in all else."""
        varied = weakened(augmentation_of(base), self.strength)
        return replace(
            base,
            recipe=self.recipe,
            learning_rate=self.learning_rate,
            image_size=self.image_size,
            augmentation=None if varied is None else varied.to_dict(),
        )

    def words(self) -> str:
        return tr(
            "{recipe}, learning rate {rate}, {size} pixels, {strength} of the augmentation",
            recipe=self.recipe,
            rate=f"{self.learning_rate:g}",
            size=self.image_size,
            strength=f"{self.strength:.0%}",
        )


@dataclass(frozen=True)
class Space:
    """The bounds of a search.

    Attributes:
        recipes: to choose from.
        rates: lowest and highest learning rate, 1e-7 to 10, drawn by their logarithm and rounded
            to two digits.
        image_sizes: sides in pixels.
        strengths: of augmentation, 0 to 1.

    Raises:
        TrainingError: if there is nothing to choose from, or a value is out of its range.
    """

    recipes: tuple[Recipe, ...] = ("transfer", "scratch")
    rates: tuple[float, float] = (1e-4, 1e-2)
    image_sizes: tuple[int, ...] = (96, 128, 160)
    strengths: tuple[float, ...] = (0.0, 0.5, 1.0)

    def __post_init__(self) -> None:
        fine = (
            _choices(self.recipes, str, RECIPES)
            and _choices(self.image_sizes, int)
            and _choices(self.strengths, float)
            and all(32 <= size <= 512 for size in self.image_sizes)
            and all(0 <= strength <= 1 for strength in self.strengths)
            and len(self.rates) == 2
            and all(type(rate) is float for rate in self.rates)
            and 1e-7 <= self.rates[0] <= self.rates[1] <= 10
        )
        if not fine:
            raise TrainingError(
                tr("This cannot be searched: {space}. Give other choices.", space=asdict(self))
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Space:
        """The inverse of `asdict`. Raises TrainingError for unknown or wrong values."""
        try:
            return cls(**{name: tuple(value) for name, value in values.items()})
        except TypeError as error:
            raise TrainingError(tr("Wrong bounds of a search: {detail}", detail=error)) from error


def augmentation_of(base: TrainConfig) -> AugmentationConfig:
    """What the strength is a fraction of."""
    if base.augmentation is None:
        return AugmentationConfig.log_preset()
    return AugmentationConfig.from_dict(base.augmentation)


def _choices(given: tuple[Any, ...], kind: type, of: tuple[Any, ...] | None = None) -> bool:
    return (
        0 < len(given) <= MOST_CHOICES
        and all(type(value) is kind for value in given)
        and len(set(given)) == len(given)
        and (of is None or set(given) <= set(of))
    )
