"""Verdicts as a CSV table or a JSON document for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from landmark_gui.core.atomic import replacing, write_atomic
from landmark_gui.core.formats.csv import harmless
from landmark_gui.inference.classifier import Verdict

COLUMNS = ("path", "label", "confidence", "unknown", "problem", "score", "box", "corrected", "top")

Outcome = tuple[Path, Verdict | str]
"""A photo with what the model says of it, or with why it could not be classified."""


@dataclass(frozen=True)
class Row:
    """A photo of a table.

    Attributes:
        corrected: what the person says it shows; "" for nothing.
    """

    path: Path
    outcome: Verdict | str
    corrected: str = ""


def write(path: Path, outcomes: Iterable[Outcome | Row]) -> int:
    """Write a row for each photo; no cell is a formula to a spreadsheet.

    Returns:
        The number of rows.

    Raises:
        OSError: if the file cannot be written; an older one is then untouched.
    """
    rows = [_cells(_row(outcome)) for outcome in outcomes]
    with replacing(path) as temporary, _opened(temporary) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def write_json(path: Path, outcomes: Iterable[Outcome | Row]) -> int:
    """Write a list with an object for each photo, as `classify --json` has it.

    Each has besides `corrected`, or null, and `problem`, the reason where there is no verdict.
    Returns and raises as `write`.
    """
    rows = [_object(_row(outcome)) for outcome in outcomes]
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    write_atomic(path, text.encode("utf-8", "backslashreplace") + b"\n")
    return len(rows)


def _opened(path: Path) -> TextIO:
    """For text of which some may be the name of a file that is no UTF-8."""
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _row(outcome: Outcome | Row) -> Row:
    return outcome if isinstance(outcome, Row) else Row(*outcome)


def _cells(row: Row) -> list[object]:
    path, corrected = harmless(str(row.path)), harmless(row.corrected)
    outcome = row.outcome
    if isinstance(outcome, str):
        return [path, "", "", "", harmless(outcome), "", "", corrected, ""]
    box = "" if outcome.box is None else " ".join(f"{side:g}" for side in outcome.box)
    return [
        *(path, harmless(outcome.label), f"{outcome.confidence:.6f}", outcome.unknown, ""),
        *(f"{outcome.score:.6f}", harmless(box), corrected, harmless(_top(outcome))),
    ]


def _top(verdict: Verdict) -> str:
    """The most probable classes in one cell, as JSON: a name may hold any character."""
    return json.dumps(
        [[label, round(share, 6)] for label, share in verdict.top], ensure_ascii=False
    )


def _object(row: Row) -> dict[str, Any]:
    outcome = row.outcome
    if isinstance(outcome, str):
        nothing: dict[str, Any] = {"label": None, "confidence": None, "unknown": None, "top": []}
        facts = {**nothing, "score": None, "box": None, "problem": outcome}
    else:
        facts = {**outcome.to_dict(), "problem": None}
    return {**facts, "path": str(row.path), "corrected": row.corrected or None}
