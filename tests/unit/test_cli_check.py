from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landmark_gui import cli

Check = Callable[..., Any]


@pytest.fixture
def project(photo_folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> Path:
    """Four towers and four domes; a copy of a tower among the domes, and a photo cut off."""
    folder = photo_folder(each=4)
    shutil.copyfile(folder / "Red Tower" / "IMG_1.jpg", folder / "Green Dome" / "copy.jpg")
    whole = (folder / "Red Tower" / "IMG_2.jpg").read_bytes()
    (folder / "Red Tower" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    path = folder.with_suffix(".landmarks")
    assert cli.main(["new", str(path), "--photos", str(folder), "--labels-from-folders"]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def check(project: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs `check --json`, which must succeed; what it says."""

    def run(*arguments: str) -> Any:
        assert cli.main(["check", str(project), "--json", *arguments]) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


def faults(value: Any) -> dict[str, list[list[str]]]:
    return {
        finding["fault"]: [case["photos"] for case in finding["cases"]]
        for finding in value["findings"]
    }


def test_json_names_each_fault_with_its_photos(check: Check) -> None:
    value = check()

    found = faults(value)
    assert found["unreadable"] == [["Red Tower/cut.jpg"]]
    assert [sorted(photos) for photos in found["exact_duplicates_across_classes"]] == [
        ["Green Dome/copy.jpg", "Red Tower/IMG_1.jpg"]
    ]
    assert (value["photos"], value["examples"]) == (9, 9)
    assert "share 2 photos that look the same" in value["advice"][0]


def test_json_counts_each_landmark_in_each_split(check: Check) -> None:
    value = check()
    counts = value["counts"]
    assert sum(sum(split.values()) for split in counts.values()) == value["examples"]

    assert set(counts) == {"train", "validation", "test"}
    domes = sum(split["Green Dome"] for split in counts.values())
    towers = sum(split["Red Tower"] for split in counts.values())
    assert domes == 5
    assert towers == 4  # not the damaged one


def test_what_looks_the_same_is_a_matter_of_the_distance(check: Check, project: Path) -> None:
    from PIL import Image

    folder = project.with_suffix("")
    with Image.open(folder / "Green Dome" / "IMG_3.jpg") as photo:
        photo.save(folder / "Green Dome" / "again.jpg", quality=80)
    project.unlink()
    new = ["new", str(project), "--photos", str(folder), "--labels-from-folders"]
    assert cli.main(new) == 0

    alike = ["Green Dome/IMG_3.jpg", "Green Dome/again.jpg"]
    assert alike in [sorted(photos) for photos in faults(check())["near_duplicates"]]
    assert "near_duplicates" not in faults(check("--near-distance", "off"))


def test_words_name_the_worst_cases_and_end_with_advice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(project)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{project}: 9 photos, 9 examples"
    assert "Damaged or unreadable: 1 photo" in lines
    assert any(line.startswith("    Red Tower/cut.jpg (") for line in lines)
    assert lines[lines.index("") + 1 :]


def test_many_cases_are_counted_and_not_all_named(
    photo_folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = photo_folder(each=4)
    for number in range(8):
        (folder / f"broken {number}.jpg").write_bytes(b"\xff\xd8\xff")
    path = folder.with_suffix(".landmarks")
    cli.main(["new", str(path), "--photos", str(folder)])
    capsys.readouterr()

    assert cli.main(["check", str(path)]) == 0

    assert "    and 3 more" in capsys.readouterr().out.splitlines()


def test_a_second_run_measures_nothing(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    from landmark_gui.core.quality import facts

    first = check()
    monkeypatch.setattr(facts, "measure", lambda *_: pytest.fail("measured again"))

    assert check() == first


def test_a_project_without_photos_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    path = tmp_path / "empty.landmarks"
    cli.main(["new", str(path), "--photos", str(tmp_path / "empty")])
    capsys.readouterr()

    assert cli.main(["check", str(path), "--json"]) == 0

    value = json.loads(capsys.readouterr().out)
    assert (value["photos"], value["examples"], value["findings"]) == (0, 0, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--near-distance", "99"),
        ("--near-distance", "near"),
        ("--near-distance", "-1"),
        ("--burst-seconds", "long"),
        ("--burst-seconds", "-1"),
        ("--burst-seconds", "nan"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    project: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["check", str(project), *arguments])

    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.shared
def test_boxes_that_real_authors_drew_twice_are_found(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    towers, path = shared / "data" / "towers", tmp_path / "towers.landmarks"
    cli.main(["new", str(path), "--photos", str(towers)])
    cli.main(["import", str(path), str(towers / "boxes.csv")])
    capsys.readouterr()

    assert cli.main(["check", str(path), "--json"]) == 0

    found = faults(json.loads(capsys.readouterr().out))
    assert len(found.pop("overlapping_boxes")) == 12
    assert set(found) <= {"near_duplicates", "split_leak"}
