"""An evaluation as files for other programs, and where such files may go."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError
from landmark_gui.core.evaluation.answers import CropAnswer, Evaluation
from landmark_gui.core.evaluation.calibration import (
    MeasuredCalibration,
    Reliability,
    calibration_of,
)
from landmark_gui.core.evaluation.figures import Figures, figures_of
from landmark_gui.core.formats.csv import harmless
from landmark_gui.core.i18n import tr
from landmark_gui.core.protocol import finite

COLUMNS = (
    *("photo", "box", "x", "y", "w", "h", "split", "landmark", "predicted", "right"),
    *("confidence", "score", "unknown"),
)


def check_place(path: Path, photos_dir: Path) -> None:
    """Raises FormatError for a place among the photos of the project; links are followed."""
    if path.resolve().is_relative_to(photos_dir.resolve()):
        raise FormatError(
            tr("{path} lies among the photos of the project. Choose another folder.", path=path)
        )


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """All of an evaluation: what `landmark-gui evaluate --json` prints and the page exports."""
    figures, calibration = figures_of(evaluation), calibration_of(evaluation)
    return {
        "classes": list(evaluation.labels),
        "examples": figures.examples,
        "right": figures.right,
        "unknown": figures.unknown,
        "accuracy": figures.accuracy,
        "interval": None if figures.interval is None else list(asdict(figures.interval).values()),
        "macro_f1": figures.macro_f1,
        "chance": figures.chance,
        "top_k": {str(k): share for k, share in figures.top.items()},
        "confusion": [list(row) for row in figures.matrix],
        "per_class": _classes(figures),
        "calibration": None if calibration is None else _calibration(calibration),
        "split": evaluation.part,
        "counts": evaluation.counts,
        "skipped": [list(entry) for entry in evaluation.skipped],
        "foreign": dict(evaluation.foreign),
        "answers": [_answer(answer, evaluation.labels) for answer in evaluation.answers],
        "model": str(evaluation.model),
        "seconds": evaluation.seconds,
    }


def write_json(path: Path, evaluation: Evaluation) -> None:
    """Write `as_json`. Raises OSError; an older file is then untouched."""
    values = finite(as_json(evaluation))
    text = json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False)
    write_atomic(path, _encoded(text))


def write_csv(path: Path, evaluation: Evaluation) -> None:
    """Write a row for each example; no cell is a formula to a spreadsheet.

    Behind the columns of `COLUMNS` stands one for the probability of each label. x, y, w and h
    are the crop in pixels of the upright photo, empty for a whole photo.

    Raises:
        OSError: if the file cannot be written; an older one is then untouched.
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*COLUMNS, *map(harmless, evaluation.labels)])
    writer.writerows(_row(answer) for answer in evaluation.answers)
    write_atomic(path, _encoded(text.getvalue()))


def _encoded(text: str) -> bytes:
    """UTF-8; what is no text in a file's name becomes an escape, which JSON understands."""
    return text.encode("utf-8", "backslashreplace")


def _row(answer: CropAnswer) -> list[object]:
    rect = answer.crop.rect
    sides = ("", "", "", "") if rect is None else (rect.x, rect.y, rect.w, rect.h)
    return [
        harmless(answer.crop.source),
        answer.box_id or "",
        *sides,
        answer.crop.split,
        harmless(answer.true),
        harmless(answer.predicted),
        answer.is_right,
        f"{answer.confidence:.6f}",
        f"{answer.score:.6f}",
        answer.unknown,
        *(f"{share:.6f}" for share in answer.probabilities),
    ]


def _answer(answer: CropAnswer, labels: tuple[str, ...]) -> dict[str, Any]:
    rect = answer.crop.rect
    return {
        "photo": answer.crop.source,
        "box": answer.box_id,
        "crop": None if rect is None else [rect.x, rect.y, rect.w, rect.h],
        "split": answer.crop.split,
        "true": answer.true,
        "predicted": answer.predicted,
        "right": answer.is_right,
        "confidence": answer.confidence,
        "score": answer.score,
        "unknown": answer.unknown,
        "probabilities": dict(zip(labels, answer.probabilities, strict=True)),
    }


def _classes(figures: Figures) -> dict[str, dict[str, Any]]:
    return {
        of.name: {
            "precision": of.precision,
            "recall": of.recall,
            "f1": of.f1,
            "support": of.support,
        }
        for of in figures.classes
    }


def _calibration(calibration: MeasuredCalibration) -> dict[str, Any]:
    before = calibration.before
    return {
        "temperature": calibration.temperature,
        "error": calibration.now.error,
        "error_before": None if before is None else before.error,
        "bins": _bins(calibration.now),
        "bins_before": None if before is None else _bins(before),
    }


def _bins(reliability: Reliability) -> list[dict[str, Any]]:
    return [asdict(part) for part in reliability.bins]
