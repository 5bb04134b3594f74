"""What the rows of a study's chart and table say. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any, Literal

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.studies import Outcome, StudyResult, variant_label
from landmark_gui.core.studies.texts import figure

View = Literal["gain", "accuracy"]
Verdict = Literal["", "baseline", "helps", "harms", "failed"]
"""What can be told from chance once all is done, or that it could not be trained."""
UNKNOWN = 1.0
"""A spread as wide as this says nothing, as after one or two rounds."""


@dataclass(frozen=True)
class Row:
    """One way to train.

    Attributes:
        detail: how strong the option is, as "±20°"; "" if there is nothing to say.
        value: where the dot stands, a share or a difference of shares; None before any training.
        spread: half of the 95 % interval; None before it can be told.
        trials: one value for each training that is done.
        figure: value and spread in figures.
        problem: why it could not be trained, or why there is no value.
    """

    key: str
    label: str
    detail: str = ""
    value: float | None = None
    spread: float | None = None
    trials: tuple[float, ...] = ()
    figure: str = ""
    verdict: Verdict = ""
    won: bool = False
    problem: str = ""

    def told(self) -> str:
        """The row for those who do not see the chart, and for its tool tip."""
        name = f"{self.label}, {self.detail}" if self.detail else self.label
        if self.problem:
            return f"{name}: {self.problem}"
        if self.value is None:
            return tr("{name}: not trained yet", name=name)
        rounds = ntr("{n} training", "{n} trainings", len(self.trials))
        said = [f"{name}: {self.figure}", rounds, _verdicts()[self.verdict]]
        return ", ".join(filter(None, said))


def rows_of(
    keys: Sequence[str],
    result: StudyResult | None,
    view: View,
    details: Mapping[str, str] | None = None,
) -> tuple[Row, ...]:
    """A row for each of `keys`; the first is the baseline."""
    return tuple(_row(key, key == keys[0], result, view, (details or {})) for key in keys)


def chance_of(result: StudyResult | None, view: View) -> float | None:
    """Where the line of guessing stands; None where it makes no sense."""
    return result.chance if result is not None and view == "accuracy" else None


def baseline_of(rows: Sequence[Row]) -> float | None:
    """Where the line of the baseline stands."""
    return rows[0].value if rows else None


def gain_text(gain: Accuracy) -> str:
    """A gain with half of its interval, as "+0.09 (±0.03)"."""
    return f"{points(gain.value)} (±{gain.spread:.2f})"


def points(value: float) -> str:
    """A difference with its sign, as "+0.09"; what rounds to nothing has none."""
    return f"{value:+.2f}" if f"{abs(value):.2f}" != "0.00" else "0.00"


def accuracy_text(outcome: Outcome) -> str:
    """An accuracy; its interval can be told from two rounds on."""
    if outcome.accuracy.spread >= UNKNOWN:
        return f"{outcome.accuracy.value:.2f}"
    return figure(outcome.accuracy)


def _row(
    key: str, is_first: bool, result: StudyResult | None, view: View, details: Mapping[str, str]
) -> Row:
    row = Row(key, variant_label(key), details.get(key, ""))
    if result is None:
        return row
    if key in result.failures:
        return replace(row, figure=tr("failed"), verdict="failed", problem=result.failures[key])
    outcome = result.outcomes.get(key)
    if outcome is None:
        return row
    if view == "gain" and result.failures and result.baseline is None:
        return replace(row, problem=tr("there is nothing to compare it with"))
    figures = _accuracy(outcome) if view == "accuracy" else _gain(result, outcome, is_first)
    verdict = _verdict(result, outcome, is_first)
    return replace(row, **figures, verdict=verdict, won=key == result.winner)


def _accuracy(outcome: Outcome) -> dict[str, Any]:
    return {
        "value": outcome.accuracy.value,
        "spread": _told(outcome.accuracy),
        "trials": outcome.trials,
        "figure": accuracy_text(outcome),
    }


def _gain(result: StudyResult, outcome: Outcome, is_first: bool) -> dict[str, Any]:
    """The baseline gains nothing over itself: its accuracy stands beside its dot."""
    if is_first:
        zeros = (0.0,) * len(outcome.trials)
        return {"value": 0.0, "trials": zeros, "figure": accuracy_text(outcome)}
    trials, gain = _gains(result, outcome), outcome.gain
    if gain is not None and _told(gain) is not None:
        return {
            "value": gain.value,
            "spread": gain.spread,
            "trials": trials,
            "figure": gain_text(gain),
        }
    mean = fmean(trials) if trials else None
    return {"value": mean, "trials": trials, "figure": "" if mean is None else points(mean)}


def _told(accuracy: Accuracy) -> float | None:
    """The spread, if it says anything."""
    return accuracy.spread if accuracy.spread < UNKNOWN else None


def _gains(result: StudyResult, outcome: Outcome) -> tuple[float, ...]:
    """The difference to the baseline, round by round."""
    baseline = result.baseline
    others = baseline.trials if baseline is not None else ()
    return tuple(mine - other for mine, other in zip(outcome.trials, others, strict=False))


def _verdict(result: StudyResult, outcome: Outcome, is_first: bool) -> Verdict:
    if is_first:
        return "baseline"
    if not result.is_complete:
        return ""
    return "helps" if outcome.helps else "harms" if outcome.harms else ""


def _verdicts() -> dict[Verdict, str]:
    return {
        "": "",
        "baseline": tr("what the others are compared with"),
        "helps": tr("it helps"),
        "harms": tr("it harms"),
        "failed": tr("failed"),
    }
