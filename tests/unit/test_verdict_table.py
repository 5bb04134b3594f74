from __future__ import annotations

import csv
from pathlib import Path

from landmark_gui.inference import verdict_table
from landmark_gui.inference.classifier import Verdict


def test_a_row_for_each_photo_and_the_reason_of_those_without_a_verdict(tmp_path: Path) -> None:
    verdict = Verdict(Path("a.jpg"), "Tower", 0.75, False, (("Tower", 0.75),), 0.75)
    outcomes = [(Path("a.jpg"), verdict), (Path("b.jpg"), "the file is missing")]
    assert verdict_table.write(tmp_path / "table.csv", outcomes) == 2
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["label"], float(first["confidence"]), first["unknown"]) == (
        "Tower",
        0.75,
        "False",
    )
    assert (second["label"], second["problem"]) == ("", "the file is missing")


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    verdict = Verdict(None, "=1+1", 0.9, False, (("=1+1", 0.9),), 0.9)
    verdict_table.write(tmp_path / "table.csv", [(Path("@photo.jpg"), verdict)])
    line = (tmp_path / "table.csv").read_text("utf-8").splitlines()[1]
    assert line == "'@photo.jpg,'=1+1,0.900000,False,"
