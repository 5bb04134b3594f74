"""What a diagnosis says: findings, each with its evidence and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Kind = Literal[
    "loss_lost",
    "rate_too_high",
    "dead_units",
    "labels_shuffled",
    "over_fitting",
    "at_chance",
    "under_fitting",
    "not_moving",
    "too_few_photos",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Remedy:
    """What can be done with one click.

    Attributes:
        text: what the button says.
        changes: fields of `TrainConfig` and their new values.
        page: of the window, where the remedy is to look at something; else "".
    """

    text: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""


@dataclass(frozen=True)
class Finding:
    """Attributes:
    text: what is wrong, in plain words.
    evidence: the figures that say so.
    remedies: the likeliest to help first.
    """

    kind: Kind
    text: str
    evidence: str
    remedies: tuple[Remedy, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the event "diagnosis" and in `metrics.json`."""
        values = asdict(self)
        values["remedies"] = [asdict(remedy) for remedy in self.remedies]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Finding:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError for what is none."""
        if values["kind"] not in KINDS:
            raise ValueError(f"no finding: {values['kind']}")
        remedies = tuple(
            Remedy(str(each["text"]), dict(each["changes"]), str(each.get("page", "")))
            for each in values["remedies"]
        )
        return cls(values["kind"], str(values["text"]), str(values["evidence"]), remedies)
