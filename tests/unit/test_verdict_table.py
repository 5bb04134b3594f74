from __future__ import annotations

import csv
import json
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
    assert line.startswith("'@photo.jpg,'=1+1,0.900000,False,,0.900000,,,")


def full_row() -> verdict_table.Row:
    top = (("Tower, old", 0.75), ("Gate", 0.25))
    box = (-3.0, 2.0, 10.0, 20.5)
    verdict = Verdict(Path("a.jpg"), "Tower, old", 0.75, True, top, 0.4, box)
    return verdict_table.Row(Path("a.jpg"), verdict, "=Gate")


def test_the_table_holds_score_box_top_and_what_the_person_says(tmp_path: Path) -> None:
    verdict_table.write(tmp_path / "table.csv", [full_row()])
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["score"], row["box"], row["corrected"]) == ("0.400000", "'-3 2 10 20.5", "'=Gate")
    assert json.loads(row["top"]) == [["Tower, old", 0.75], ["Gate", 0.25]]


def test_json_holds_the_same_and_the_reason_where_there_is_no_verdict(tmp_path: Path) -> None:
    outcomes = [full_row(), (Path("b.jpg"), "the file is missing")]
    assert verdict_table.write_json(tmp_path / "v.json", outcomes) == 2
    first, second = json.loads((tmp_path / "v.json").read_text("utf-8"))
    assert first == {
        "path": "a.jpg",
        "label": "Tower, old",
        "confidence": 0.75,
        "unknown": True,
        "score": 0.4,
        "box": [-3.0, 2.0, 10.0, 20.5],
        "top": [
            {"label": "Tower, old", "confidence": 0.75},
            {"label": "Gate", "confidence": 0.25},
        ],
        "corrected": "=Gate",
        "problem": None,
    }
    assert (second["label"], second["problem"], second["top"]) == (None, "the file is missing", [])


def test_a_name_that_is_no_text_is_written_all_the_same(tmp_path: Path) -> None:
    rows = [(Path("caf\udce9.jpg"), "it is damaged")]
    verdict_table.write(tmp_path / "v.csv", rows)
    verdict_table.write_json(tmp_path / "v.json", rows)
    assert "caf\\udce9.jpg,," in (tmp_path / "v.csv").read_text("utf-8")
    assert json.loads((tmp_path / "v.json").read_text("utf-8"))[0]["path"] == "caf\udce9.jpg"
