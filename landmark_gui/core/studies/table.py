"""A study as a table for other programs."""

from __future__ import annotations

import csv
import io

from landmark_gui.core.studies.result import Outcome, StudyResult
from landmark_gui.core.studies.texts import variant_label

COLUMNS = (
    *("variant", "label", "rounds", "accuracy", "spread", "gain", "gain_spread", "winner"),
    "failure",
)


def table_csv(result: StudyResult) -> str:
    """A line for each variant: means with half of their intervals, then the rounds one by one.

    Shares are from 0 to 1, with six decimals; `winner` is 1 for the winner; `failure` says why a
    variant could not be trained. Lines end as RFC 4180 says.
    """
    rounds = max((len(outcome.trials) for outcome in result.outcomes.values()), default=0)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *(f"round {number}" for number in range(1, rounds + 1))])
    for key in dict.fromkeys([*result.outcomes, *result.failures]):
        outcome = result.outcomes.get(key)
        figures = [*_figures(outcome), int(key == result.winner), result.failures.get(key, "")]
        trials = outcome.trials if outcome is not None else ()
        writer.writerow([key, variant_label(key), *figures, *map(_decimals, trials)])
    return text.getvalue()


def _figures(outcome: Outcome | None) -> list[object]:
    if outcome is None:
        return [0, "", "", "", ""]
    gain = outcome.gain
    pairs = [outcome.accuracy.value, outcome.accuracy.spread]
    pairs += [] if gain is None else [gain.value, gain.spread]
    figures = [_decimals(value) for value in pairs]
    return [len(outcome.trials), *figures, *[""] * (4 - len(figures))]


def _decimals(value: float) -> str:
    return f"{value:.6f}"
