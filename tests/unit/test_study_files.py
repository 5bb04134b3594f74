"""A study as table and picture, in a folder of the person."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from landmark_gui.core.errors import FormatError
from landmark_gui.core.studies import StudyResult, chart_svg, picture, table_csv
from landmark_gui.core.studies.files import check_free, write_files
from landmark_gui.core.studies.result import result_of
from tests.studies import POOL, partial, result_with, study_of

RESULT = result_with(study_of("augmentation"), {"zoom_range": 0.1, "shear_range": -0.2})
OTHER = result_with(study_of("compare"), {"crops": 0.3})
SVG = "{http://www.w3.org/2000/svg}"


def dots(svg: str) -> list[float]:
    root = ElementTree.fromstring(svg)
    return [float(circle.get("cx", "")) for circle in root.iter(f"{SVG}circle")]


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_table_has_a_line_for_each_variant() -> None:
    rows = list(csv.DictReader(table_csv(RESULT).splitlines()))
    assert [row["variant"] for row in rows] == list(RESULT.outcomes)
    plain, zoom = rows[0], next(row for row in rows if row["variant"] == "zoom_range")
    assert (plain["gain"], plain["gain_spread"], plain["winner"]) == ("", "", "0")
    assert (zoom["label"], zoom["rounds"], zoom["winner"]) == ("Zoom", "5", "1")
    told = RESULT.outcomes["zoom_range"]
    assert float(zoom["accuracy"]) == pytest.approx(told.accuracy.value, abs=1e-6)
    assert [float(zoom[f"round {n}"]) for n in range(1, 6)] == pytest.approx(told.trials, abs=1e-6)


def test_the_picture_is_whole_and_its_dots_stand_where_the_figures_say() -> None:
    svg = chart_svg(RESULT)
    found = dots(svg)
    values = [outcome.accuracy.value for outcome in RESULT.outcomes.values()]
    zero, one = (picture._x(share) for share in (0, 1))
    assert found == pytest.approx([zero + value * (one - zero) for value in values], abs=0.06)
    said = texts(svg)
    assert "chance" in said and "Zoom" in said and "0.62 (±0.03)" in said
    assert "prefers-color-scheme: dark" in svg
    kinds = [group.get("class") for group in ElementTree.fromstring(svg).iter(f"{SVG}g")]
    assert (kinds.count("won"), kinds.count("harms"), kinds.count("tried")) == (1, 1, 6)


def test_names_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "<script>&\"'</text>"
    monkeypatch.setattr(picture, "variant_label", lambda key: name)
    monkeypatch.setattr(picture, "sentence", lambda result: f"{name} 광화문 wins")
    svg = chart_svg(RESULT)
    assert texts(svg).count(name) == len(RESULT.outcomes)
    assert "<script>" not in svg


@pytest.mark.parametrize("trials", [{}, {"photos": [0.5]}, {"photos": [0.5], "crops": [1.0]}])
def test_an_unfinished_study_has_a_table_and_a_picture_too(trials: dict) -> None:
    result = partial(study_of(), trials)
    assert len(dots(chart_svg(result))) == len(trials)
    assert len(table_csv(result).splitlines()) == 1 + len(trials)


def test_files_are_written_and_brought_up_to_date(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    for result in (RESULT, OTHER):
        files = write_files(out, result)
        assert [file.name for file in files] == ["compare.csv", "compare.svg", "compare.json"]
        assert sorted(out.iterdir()) == sorted(files)
        assert files[0].read_bytes() == table_csv(result).encode()
        assert files[1].read_text("utf-8") == chart_svg(result)
        assert StudyResult.from_dict(json.loads(files[2].read_text("utf-8"))) == result


@pytest.mark.parametrize("name", ["compare.csv", "compare.svg", "compare.json"])
def test_files_of_others_are_not_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(FormatError, match=name.replace(".", r"\.")):
        check_free(tmp_path)
    with pytest.raises(FormatError):
        write_files(tmp_path, RESULT)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["compare.csv", "compare.svg", "compare.json"])
def test_files_that_were_changed_since_are_not_replaced(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, RESULT)
    changed = (tmp_path / name).read_text("utf-8").replace("Zoom", "zoom", 1).replace("5", "6", 1)
    (tmp_path / name).write_text(changed, "utf-8")
    with pytest.raises(FormatError):
        write_files(tmp_path, OTHER)
    assert (tmp_path / name).read_text("utf-8") == changed


@pytest.mark.parametrize("fails", [1, 2, 3, 4])
def test_a_power_cut_between_two_files_leaves_them_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    from landmark_gui.core import account as files

    write_files(tmp_path, RESULT)
    calls = []

    def dying(path: Path, content: str) -> None:
        calls.append(path)
        if len(calls) == fails:
            raise OSError("the power is gone")
        path.write_bytes(content.encode())

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_atomic", dying)
        with pytest.raises(OSError, match="power"):
            write_files(tmp_path, OTHER)
    write_files(tmp_path, OTHER)
    assert (tmp_path / "compare.csv").read_bytes() == table_csv(OTHER).encode()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(FormatError, match="is a file"):
        check_free(tmp_path / "out")


def test_what_failed_stands_in_the_table_and_in_the_picture() -> None:
    study, reason = study_of("compare", 2), "The loss is lost, at once."
    trials = {"photos": [0.5, 0.5], "crops": [0.7]}
    result = result_of(study, POOL, trials, {"crops": reason, "crops+augmentation": reason})
    rows = {row["variant"]: row for row in csv.DictReader(table_csv(result).splitlines())}
    assert [rows[key]["failure"] for key in ("photos", "crops", "crops+augmentation")] == [
        *("", reason, reason)
    ]
    assert (rows["crops"]["rounds"], rows["crops"]["round 1"]) == ("1", "0.700000")
    assert (rows["crops+augmentation"]["rounds"], rows["crops+augmentation"]["accuracy"]) == (
        *("0", ""),
    )
    said = texts(chart_svg(result))
    assert said.count("failed") == 2 and "Crops, augmented" in said
    assert len(dots(chart_svg(result))) == 2
