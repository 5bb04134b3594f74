"""What the trainings of a project have left beside it: what their probes found, their splits."""

from __future__ import annotations

import filecmp
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.label_errors import LabelError
from landmark_gui.core.project import SPLITS, Split
from landmark_gui.core.run_folder import MODEL, PROBE, SPLIT

DAMAGE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What a file that is no longer what was written can raise when it is read."""


@dataclass(frozen=True)
class Accuracy:
    """A share of right answers, 0 to 1, and half the width of its 95 % interval."""

    value: float
    spread: float


@dataclass(frozen=True)
class ProbeResult:
    """What a leak is worth, and which labels are likely wrong.

    Attributes:
        honest: cross-validated with photos that belong together in one fold.
        naive: cross-validated with every example in a fold drawn at random.
        leak: naive minus honest, -1 to 1; its spread is that of the paired difference.
        chance: accuracy of guessing.
        examples: how many were measured.
        alike: how many of them belong together with another one.
        groups: how many groups they form.
        folds: of each cross-validation.
        seeds: of the repetitions.
        backbone: whose features were used.
        unmeasured: landmarks of which all examples belong together, so that none is left to
            learn from when they are tested.
        label_errors: the likeliest first.
        paths: of the photos in `label_errors`, by photo id.
        run: name of the run's folder: its time, UTC; "" before it has one.
    """

    honest: Accuracy
    naive: Accuracy
    leak: Accuracy
    chance: float
    examples: int
    alike: int
    groups: int
    folds: int
    seeds: tuple[int, ...]
    backbone: str
    unmeasured: tuple[str, ...] = ()
    label_errors: tuple[LabelError, ...] = ()
    paths: Mapping[int, str] | None = None
    run: str = ""

    @property
    def tells(self) -> bool:
        """Whether the difference can be told from chance."""
        return self.leak.value - self.leak.spread > 0

    def to_dict(self) -> dict[str, Any]:
        """As it stands in `probe.json`."""
        values = asdict(self)
        del values["paths"], values["run"]
        values["seeds"], values["unmeasured"] = list(self.seeds), list(self.unmeasured)
        paths = self.paths or {}
        values["label_errors"] = [
            {"path": paths.get(error.photo_id, ""), **asdict(error)} for error in self.label_errors
        ]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], run: str = "") -> ProbeResult:
        """The inverse of `to_dict`. Raises one of `DAMAGE` for what is none."""
        errors = [dict(error) for error in values["label_errors"]]
        paths = {int(error["photo_id"]): str(error.pop("path")) for error in errors}
        return cls(
            honest=_accuracy(values["honest"]),
            naive=_accuracy(values["naive"]),
            leak=_accuracy(values["leak"]),
            chance=_number(values["chance"]),
            examples=int(values["examples"]),
            alike=int(values["alike"]),
            groups=int(values["groups"]),
            folds=int(values["folds"]),
            seeds=tuple(int(seed) for seed in values["seeds"]),
            backbone=str(values["backbone"]),
            unmeasured=tuple(str(name) for name in values["unmeasured"]),
            label_errors=tuple(_label_error(error) for error in errors),
            paths=paths,
            run=run,
        )


def newest_probe(data_folder: Path) -> ProbeResult | None:
    """The newest readable probe among the runs of a project; damaged ones are passed over.

    Args:
        data_folder: `NAME.data` of the project (`core.paths.data_folder`).
    """
    for path in sorted(data_folder.glob(f"runs/*/{PROBE}"), reverse=True):
        if path.parent.suffix == ".tmp":
            continue
        try:
            return ProbeResult.from_dict(json.loads(path.read_text("utf-8")), path.parent.name)
        except (OSError, *DAMAGE):
            continue
    return None


def newest_split(data_folder: Path) -> dict[int, Split]:
    """Where photos stood in the newest run of a project, by photo id; empty if it cannot be read.

    Args:
        data_folder: as for `newest_probe`.
    """
    for path in sorted(data_folder.glob(f"runs/*/{SPLIT}"), reverse=True):
        if path.parent.suffix != ".tmp":
            return _split(path)
    return {}


def split_of_model(data_folder: Path, model: Path) -> dict[int, Split]:
    """Where photos stood in the run that made a model; empty if no run of the project did.

    Args:
        data_folder: as for `newest_probe`.
        model: the file, wherever it was moved and however it is called by now.
    """
    for path in data_folder.glob(f"runs/*/{MODEL}"):
        try:
            if filecmp.cmp(path, model, shallow=False):
                return split_of_run(path.parent)
        except OSError:
            continue
    return {}


def split_of_run(run: Path) -> dict[int, Split]:
    """Where photos stood in a run, by photo id; empty if it cannot be read."""
    return _split(run / SPLIT)


def _split(path: Path) -> dict[int, Split]:
    try:
        told = json.loads(path.read_text("utf-8"))
        return {int(id_): split for id_, split in told.items() if split in SPLITS}
    except (OSError, *DAMAGE):
        return {}


def leak_sentence(result: ProbeResult) -> str:
    """What a leak is worth, in words."""
    honest = f"{result.honest.value:.0%} (±{result.honest.spread * 100:.0f})"
    figures = tr(
        "Honest {honest}, naive {naive}:", honest=honest, naive=f"{result.naive.value:.0%}"
    )
    return f"{figures} {_worth(result)}"


def _worth(result: ProbeResult) -> str:
    if not result.alike:
        return tr("no two examples belong together, so nothing can leak.")
    if not result.tells:
        return tr("no difference that could be told from chance.")
    return ntr(
        "photos that look alike in training and test are worth {n} point.",
        "photos that look alike in training and test are worth {n} points.",
        max(1, round(result.leak.value * 100)),
    )


def not_measured_sentence(reason: str) -> str:
    """That there is no result, and why."""
    return tr("What a leak is worth was not measured: {reason}", reason=reason)


def label_errors_sentence(result: ProbeResult) -> str:
    """How many labels are likely wrong, in words."""
    count = len(result.label_errors)
    if not count:
        return tr("No label looks wrong.")
    return ntr("{n} label is likely wrong.", "{n} labels are likely wrong.", count)


def _accuracy(values: Mapping[str, Any]) -> Accuracy:
    return Accuracy(_number(values["value"]), _number(values["spread"]))


def _label_error(values: Mapping[str, Any]) -> LabelError:
    box_id = values["box_id"]
    return LabelError(
        int(values["photo_id"]),
        None if box_id is None else str(box_id),
        str(values["given"]),
        str(values["likely"]),
        _number(values["confidence"]),
    )


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number
