"""A search, as it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search.space import Space

MOST_TRIALS, MOST_ROUNDS, MOST_MINUTES = 1000, 20, 60 * 24 * 7


@dataclass(frozen=True)
class SearchConfig:
    """A search, complete: the same config on the same data gives the same result.

    Attributes:
        base: how is trained in all that the search does not choose; its own settings are the
            first trial, with which all others are compared. Its seed is that of the search.
        space: what it chooses from.
        trials: how many settings are tried, 2 to `MOST_TRIALS`, the base's included. More trials
            of a search that was done before only add to it.
        rounds: trainings of each trial, on other photos each, 2 to `MOST_ROUNDS`.
        minutes: no trial begins later than this, 1 to `MOST_MINUTES`; None for no limit.

    Raises:
        TrainingError: if a value is out of its range.
    """

    base: TrainConfig
    space: Space = Space()  # noqa: RUF009  # frozen
    trials: int = 20
    rounds: int = 5
    minutes: int | None = None

    def __post_init__(self) -> None:
        _within("trials", self.trials, 2, MOST_TRIALS)
        _within("rounds", self.rounds, 2, MOST_ROUNDS)
        if self.minutes is not None:
            _within("minutes", self.minutes, 1, MOST_MINUTES)

    def to_dict(self) -> dict[str, Any]:
        return {
            "base": self.base.to_dict(),
            "space": asdict(self.space),
            **{name: getattr(self, name) for name in ("trials", "rounds", "minutes")},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SearchConfig:
        """The inverse of `to_dict`. Raises TrainingError for unknown or wrong values."""
        unknown = set(values) - {field.name for field in fields(cls)}
        parts = (values.get("base"), values.get("space", {}))
        if unknown or not all(isinstance(part, Mapping) for part in parts):
            named = sorted(unknown) or ["base", "space"]
            raise TrainingError(tr("Unknown or missing setting of a search: {names}", names=named))
        given = dict(values)
        given["base"] = TrainConfig.from_dict(values["base"])
        given["space"] = Space.from_dict(values.get("space", {}))
        return cls(**given)


def _within(name: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise TrainingError(
            tr(
                "{name} is {value}, but must be a whole number from {low} to {high}",
                name=name,
                value=value,
                low=low,
                high=high,
            )
        )
