from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from landmark_gui import cli
from landmark_gui.core import copying
from tests.originals import contents
from tests.tiny_bundle import write_tiny_bundle

COLORS = {"r.png": (255, 0, 0), "g.png": (0, 255, 0), "grey.png": (120, 120, 120)}
Run = Callable[..., Any]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "m.landmark-model")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, color in COLORS.items():
        Image.new("RGB", (20, 20), color).save(folder / name)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `classify`, which must end with `code`; its standard output, and error."""

    def run(*arguments: object, code: int = 0) -> tuple[str, str]:
        assert cli.main(["classify", *map(str, arguments)]) == code
        said = capsys.readouterr()
        return said.out, said.err

    return run


def there(folder: Path) -> list[str]:
    return [name for name in contents(folder) if not Path(name).name.startswith(".")]


def test_photos_are_sorted_by_their_landmark_and_taken_back(
    model: Path, photos: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said, _ = run(model, photos, "--sort-into", out)
    assert said == f"3 photos copied into {out}\n"
    assert there(out) == ["green/g.png", "red/r.png", "unknown/grey.png"]
    assert run(model, photos, "--sort-into", out)[0] == (
        f"0 photos copied into {out}, 3 there already\n"
    )
    assert run("--undo", out)[0] == "3 photos taken back\n"
    assert not out.exists() and there(photos) == sorted(COLORS)


def test_a_plan_is_printed_and_nothing_is_done(
    model: Path, photos: Path, run: Run, tmp_path: Path
) -> None:
    said, _ = run(model, photos, tmp_path / "gone.png", "--sort-into", tmp_path / "out", "--plan")
    assert said.splitlines() == [
        f"{photos / 'g.png'} → {tmp_path / 'out/green/g.png'}",
        f"{photos / 'grey.png'} → {tmp_path / 'out/unknown/grey.png'}",
        f"{photos / 'r.png'} → {tmp_path / 'out/red/r.png'}",
        f"{tmp_path / 'gone.png'}: the file is missing; it was moved or deleted",
    ]
    assert not (tmp_path / "out").exists()


def test_json_tells_where_each_photo_went(
    model: Path, photos: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    rows = json.loads(run(model, photos, "--sort-into", out, "--move", "--json")[0])
    assert [row["sorted_to"] for row in rows] == [
        str(out / "green/g.png"),
        str(out / "unknown/grey.png"),
        str(out / "red/r.png"),
    ]
    assert there(photos) == []
    undone = json.loads(run("--undo", out, "--json")[0])
    assert undone == {"back": 3, "left": []} and there(photos) == sorted(COLORS)


def test_what_cannot_be_taken_back_is_told(
    model: Path, photos: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(model, photos, "--sort-into", out)
    (out / "red/r.png").write_bytes(b"retouched")
    said, complaints = run("--undo", out)
    assert said == "2 photos taken back, 1 left\n"
    assert complaints == f"{out / 'red/r.png'}: it was changed since\n"
    assert "Nothing was sorted into" in run("--undo", photos, code=1)[1]


def test_a_full_disk_ends_the_sorting_in_a_line_and_what_is_done_can_be_undone(
    model: Path, photos: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landmark_gui.core.sorting import executing

    def copy_to(source: Path, part: Path) -> str:
        if source.name == "grey.png":
            raise OSError(28, "No space left on device")
        return copying.copy_to(source, part)

    monkeypatch.setattr(executing, "copy_to", copy_to)
    out = tmp_path / "out"
    said, complaints = run(model, photos, "--sort-into", out, code=1)
    assert said == "" and complaints.splitlines()[-1] == (
        f"landmark-gui: 1 photo copied into {out}. It ended early: "
        f"{photos / 'grey.png'}: No space left on device"
    )
    assert there(out) == ["green/g.png"]
    run("--undo", out)
    assert not out.exists()


def test_another_threshold_makes_other_photos_unknown(model: Path, photos: Path, run: Run) -> None:
    def unknown(*arguments: object) -> list[str]:
        rows = json.loads(run(model, photos, *arguments, "--json")[0])
        return [Path(row["path"]).name for row in rows if row["unknown"]]

    assert unknown() == ["grey.png"]
    assert unknown("--unknown-below", 0.1) == []
    assert unknown("--unknown-below", 0.99) == ["g.png", "grey.png", "r.png"]


def test_a_photo_that_is_named_twice_is_one(model: Path, photos: Path, run: Run) -> None:
    said, _ = run(model, photos / "r.png", photos)
    assert len(said.splitlines()) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["m.landmark-model", "a.jpg", "--move"],
        ["m.landmark-model", "a.jpg", "--plan"],
        ["m.landmark-model", "--undo", "out"],
        ["--unknown-below", "2", "m.landmark-model", "a.jpg"],
        [],
    ],
)
def test_what_makes_no_sense_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["classify", *arguments])
    assert ended.value.code == 2 and "landmark-gui" in capsys.readouterr().err
