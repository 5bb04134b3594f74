"""Verdicts as a table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from landmark_gui.core.atomic import replacing
from landmark_gui.core.formats.csv import harmless
from landmark_gui.gui.pages.classify.photos import Entry

COLUMNS = ("path", "label", "confidence", "unknown", "problem")


def write(path: Path, entries: Iterable[Entry]) -> int:
    """Write a row for each photo that was classified or cannot be.

    Returns:
        The number of rows.

    Raises:
        OSError: if the file cannot be written; an older one is then untouched.
    """
    rows = [_row(entry) for entry in entries if entry.state in ("done", "failed")]
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)


def _row(entry: Entry) -> list[object]:
    path, verdict = harmless(str(entry.path)), entry.verdict
    if verdict is None:
        return [path, "", "", "", harmless(entry.reason)]
    return [path, harmless(verdict.label), f"{verdict.confidence:.6f}", verdict.unknown, ""]
