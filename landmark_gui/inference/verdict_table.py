"""Verdicts as a CSV table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from landmark_gui.core.atomic import replacing
from landmark_gui.core.formats.csv import harmless
from landmark_gui.inference.classifier import Verdict

COLUMNS = ("path", "label", "confidence", "unknown", "problem")

Outcome = tuple[Path, Verdict | str]
"""A photo with what the model says of it, or with why it could not be classified."""


def write(path: Path, outcomes: Iterable[Outcome]) -> int:
    """Write a row for each photo; no cell is a formula to a spreadsheet.

    Returns:
        The number of rows.

    Raises:
        OSError: if the file cannot be written; an older one is then untouched.
    """
    rows = [_row(photo, outcome) for photo, outcome in outcomes]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def _row(photo: Path, outcome: Verdict | str) -> list[object]:
    path = harmless(str(photo))
    if isinstance(outcome, str):
        return [path, "", "", "", harmless(outcome)]
    return [path, harmless(outcome.label), f"{outcome.confidence:.6f}", outcome.unknown, ""]
