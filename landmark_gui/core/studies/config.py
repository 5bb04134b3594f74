"""What a study compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig

StudyKind = Literal["augmentation", "compare"]

KINDS: tuple[StudyKind, ...] = get_args(StudyKind)
PLAIN, ALL = "plain", "all"
BASELINES: dict[StudyKind, str] = {"augmentation": PLAIN, "compare": "photos"}
"""With which the other variants of each kind are compared."""
MOST_REPEATS = 100
COMPANIONS = ("fill_mode", "cval", "erasing_area", "randaugment_magnitude", "rescale")
"""Settings of augmentation that change nothing by themselves: they go along with any option."""


@dataclass(frozen=True)
class Variant:
    """One way to train. The key names it in files; `texts.variant_label` names it in words."""

    key: str
    config: TrainConfig


@dataclass(frozen=True)
class StudyConfig:
    """A study, complete: the same config on the same data gives the same result.

    Attributes:
        kind: "augmentation" (which option helps?) or "compare" (photos and crops, each without
            and with augmentation).
        base: how each variant is trained; `use` of "compare", and `augmentation` where a variant
            says otherwise, do not count.
        repeats: rounds, 2 to `MOST_REPEATS`: each variant is trained once a round, all on the same
            photos with the same seed. Five are one cross-validation. More repeats of a study that
            was done before only add to it.

    Raises:
        TrainingError: if a value is out of its range.
    """

    kind: StudyKind
    base: TrainConfig
    repeats: int = 5

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise TrainingError(tr("Unknown kind of study: {kind}", kind=self.kind))
        if type(self.repeats) is not int or not 2 <= self.repeats <= MOST_REPEATS:
            raise TrainingError(
                tr(
                    "repeats is {value}, but must be a whole number from 2 to {most}",
                    value=self.repeats,
                    most=MOST_REPEATS,
                )
            )

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "base": self.base.to_dict(), "repeats": self.repeats}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> StudyConfig:
        """The inverse of `to_dict`. Raises TrainingError for unknown or wrong values."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown or not isinstance(values.get("base"), Mapping):
            named = sorted(unknown) or ["base"]
            raise TrainingError(tr("Unknown or missing setting of a study: {names}", names=named))
        try:
            return cls(**{**values, "base": TrainConfig.from_dict(values["base"])})
        except TypeError as error:
            raise TrainingError(tr("Wrong settings of a study: {detail}", detail=error)) from error


def variants(study: StudyConfig) -> tuple[Variant, ...]:
    """What a study trains in each round; the first is the plain baseline.

    "augmentation" has "plain", each option alone under its own term ("rotation_range", …) and
    "all". An option has the strength of the base's augmentation, or if it is off there, that of
    the log preset; "all" is the base's augmentation, or the log preset if it has none.

    Raises:
        FormatError: if the base's augmentation is none.
    """
    chosen = AugmentationConfig.from_dict(study.base.augmentation or {})
    if not options_of(chosen):
        chosen = AugmentationConfig.log_preset()
    if study.kind == "compare":
        return tuple(
            _variant(study, f"{use}{plus}", augmentation, use=use)
            for use in ("photos", "crops")
            for plus, augmentation in (("", None), ("+augmentation", chosen))
        )
    alone = {term: _alone(chosen, term) for term in options_of(chosen, also_of_log=True)}
    together = {} if list(alone.values()) == [chosen] else {ALL: chosen}
    table = {PLAIN: None, **alone, **together}
    return tuple(_variant(study, key, config) for key, config in table.items())


def options_of(config: AugmentationConfig, also_of_log: bool = False) -> tuple[str, ...]:
    """The terms of the options that a config has on, in its order; perhaps also the log's."""
    off, log = AugmentationConfig(), AugmentationConfig.log_preset()
    looked_at = (config, log) if also_of_log else (config,)
    return tuple(
        field.name
        for field in fields(AugmentationConfig)
        if field.name not in COMPANIONS
        and any(getattr(one, field.name) != getattr(off, field.name) for one in looked_at)
    )


def _alone(chosen: AugmentationConfig, term: str) -> AugmentationConfig:
    given = chosen if term in options_of(chosen) else AugmentationConfig.log_preset()
    companions = {name: getattr(chosen, name) for name in COMPANIONS}
    return AugmentationConfig(**{**companions, term: getattr(given, term)})


def _variant(
    study: StudyConfig, key: str, augmentation: AugmentationConfig | None, **values: Any
) -> Variant:
    told = None if augmentation is None else augmentation.to_dict()
    return Variant(key, replace(study.base, augmentation=told, **values))
