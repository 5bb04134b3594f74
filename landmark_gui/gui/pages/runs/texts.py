"""What the Runs page says, as pure functions of runs."""

from __future__ import annotations

from collections.abc import Sequence

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_texts import accuracy_text, comparison_text, date_text, state_text

MANY = 6
"""Runs whose names a question lists."""


def share_text(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def seconds_text(seconds: float | None) -> str:
    """ "48 s", "12:05 min", "2:03 h"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 100:
        return tr("{n} s", n=whole)
    if whole < 6000:
        return tr("{time} min", time=f"{whole // 60}:{whole % 60:02}")
    return tr("{time} h", time=f"{whole // 3600}:{whole % 3600 // 60:02}")


def size_text(size: int) -> str:
    if size >= 1_000_000_000:
        return tr("{n} GB", n=f"{size / 1e9:.1f}")
    return tr("{n} MB", n=f"{size / 1e6:.1f}")


def summary_text(runs: Sequence[Run]) -> str:
    """ "12 runs, 340 MB"."""
    count = ntr("{n} run", "{n} runs", len(runs))
    size = size_text(sum(run.size for run in runs))
    return tr("{count}, {size}", count=count, size=size)


def heading_of(runs: Sequence[Run]) -> str:
    """What is chosen."""
    if len(runs) == 1:
        return tr("Run of {date}", date=date_text(runs[0]))
    return ntr("{n} run chosen", "{n} runs chosen", len(runs))


def verdict_text(runs: Sequence[Run]) -> str:
    """What can be said of the chosen runs in a sentence or two."""
    if len(runs) == 1:
        return _of_one(runs[0])
    complete = [run for run in runs if run.state == "done"]
    if len(runs) == 2 and len(complete) == 2:
        first, second = runs
        names = tr(
            "The first is that of {first}, the second that of {second}.",
            first=date_text(first),
            second=date_text(second),
        )
        return f"{names} {comparison_text(first, second)}"
    if len(runs) == 2:
        return tr("Only complete runs can be compared by their test accuracy.")
    return tr("Choose two runs to see whether they can be told apart.")


def _of_one(run: Run) -> str:
    if run.state != "done":
        return state_text(run)[:1].upper() + state_text(run)[1:] + _go_on_text(run)
    if run.accuracy is None:
        return tr("There was no test example to measure it with.")
    said = ntr(
        "{accuracy} of {n} test example are named correctly.",
        "{accuracy} of {n} test examples are named correctly.",
        run.tested,
        accuracy=f"{run.accuracy:.0%}",
    )
    if run.interval is None:
        return said
    among = tr(
        "With other photos of this kind it would mostly be between {low} and {high}.",
        low=f"{run.interval.low:.0%}",
        high=f"{run.interval.high:.0%}",
    )
    return f"{said} {among}"


def _go_on_text(run: Run) -> str:
    return "" if not run.can_resume else ". " + tr("It can go on from there.")


def delete_question(runs: Sequence[Run]) -> str:
    return ntr("Move {n} run to the trash?", "Move {n} runs to the trash?", len(runs))


def delete_lines(runs: Sequence[Run]) -> str:
    """The runs that are to go, a line each, the first few."""
    lines = [
        " · ".join(filter(None, [date_text(run), accuracy_text(run) or state_text(run), run.note]))
        for run in runs[:MANY]
    ]
    if len(runs) > MANY:
        lines.append(tr("… and {n} more", n=len(runs) - MANY))
    return "\n".join(lines)
