from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from landmark_gui import cli, cli_train
from landmark_gui.__main__ import main as run_program
from landmark_gui.core import images
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.unknown import UnknownRule
from landmark_gui.launch import wants_window
from tests.exchanged import farthest
from tests.tiny_bundle import LABELS, write_tiny_bundle

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(photo_folder: Callable[..., Path]) -> Path:
    """Four photos each of a tower and a dome, and a file that is none."""
    folder = photo_folder(each=4)
    (folder / "Red Tower" / "broken.jpg").write_bytes(b"")
    return folder


@pytest.fixture
def project(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Their project, labelled by folder."""
    path = folder.with_suffix(".landmarks")
    assert cli.main(["new", str(path), "--photos", str(folder), "--labels-from-folders"]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def boxes(folder: Path) -> Path:
    """A box on the first tower, a box on the first dome, and a line that names no photo."""
    path = folder.parent / "boxes.csv"
    path.write_text(
        "file,class,x,y,w,h\n"
        "Red Tower/IMG_1.jpg,Red Tower,1,2,30,40\n"
        "Green Dome/IMG_1.jpg,Green Dome,5,6,20,20\n"
        "IMG_9.jpg,Red Tower,1,2,3,4\n"
    )
    return path


Run = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that must succeed, with --json; what it says, and its lines on stderr."""

    def run(*arguments: object) -> tuple[Any, list[str]]:
        assert cli.main([*map(str, arguments), "--json"]) == 0
        said = capsys.readouterr()
        return json.loads(said.out), said.err.splitlines()

    return run


def failing(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Runs a command that must fail with 1; the one line it says."""
    assert cli.main(list(map(str, arguments))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def test_new_lists_the_photos_and_names_what_cannot_be_read(folder: Path, run: Run) -> None:
    path = folder.with_suffix(".landmarks")
    value, complaints = run("new", path, "--photos", folder)
    assert (value["photos"], value["landmarks"]) == (8, [])
    assert value["project"] == str(path)
    assert list(value["unreadable"]) == ["Red Tower/broken.jpg"]
    assert complaints == [f"Red Tower/broken.jpg: {value['unreadable']['Red Tower/broken.jpg']}"]
    with ProjectStore.open(path) as store:
        assert len(store.load().photos) == 9
        assert store.history() == ([], [])


def test_new_can_name_landmarks_after_folders(folder: Path, run: Run) -> None:
    value, _ = run(
        "new", folder.with_suffix(".landmarks"), "--photos", folder, "--labels-from-folders"
    )
    assert value["landmarks"] == ["Green Dome", "Red Tower"]


def test_import_adds_boxes_and_names_what_it_leaves_out(
    project: Path, boxes: Path, run: Run
) -> None:
    value, complaints = run("import", project, boxes, "--format", "csv")
    assert value == {"imported": 2, "problems": complaints}
    assert complaints == ["line 4: the project has no photo IMG_9.jpg"]
    with ProjectStore.open(project) as store:
        assert len(store.load().boxes) == 2
        assert store.undo() is not None and store.load().boxes == {}


def test_import_can_take_the_splits_of_a_file(project: Path, boxes: Path, run: Run) -> None:
    lines = boxes.read_text().splitlines()
    ends = ("split", "train", "val", "test")
    boxes.write_text("\n".join(f"{line},{end}" for line, end in zip(lines, ends, strict=True)))
    value, _ = run("import", project, boxes)
    assert "pinned" not in value
    value, _ = run("import", project, boxes, "--splits")
    assert (value["imported"], value["pinned"]) == (0, 2)
    with ProjectStore.open(project) as store:
        pinned = {photo.path: photo.split for photo in store.load().photos.values() if photo.split}
    assert pinned == {"Red Tower/IMG_1.jpg": "train", "Green Dome/IMG_1.jpg": "validation"}


def test_an_import_of_nothing_is_no_edit(project: Path, boxes: Path, run: Run) -> None:
    boxes.write_text("file,class,x,y,w,h\n")
    assert run("import", project, boxes) == ({"imported": 0, "problems": []}, [])
    with ProjectStore.open(project) as store:
        assert [entry.edit.kind for entry in store.history()[0]] == ["label_by_folder"]


def test_export_writes_what_import_reads(
    project: Path, boxes: Path, run: Run, tmp_path: Path
) -> None:
    run("import", project, boxes)
    value, _ = run("export", project, tmp_path / "out.csv", "--format", "csv")
    problems = value.pop("problems")
    assert value == {"exported": 2, "file": str(tmp_path / "out.csv")}
    assert problems == [
        "4 photos are Green Dome as a whole, which CSV cannot hold",
        "5 photos are Red Tower as a whole, which CSV cannot hold",
    ]
    assert (tmp_path / "out.csv").read_text("utf-8").splitlines() == [
        "file,class,x,y,w,h",
        "Green Dome/IMG_1.jpg,Green Dome,5.0,6.0,20.0,20.0",
        "Red Tower/IMG_1.jpg,Red Tower,1.0,2.0,30.0,40.0",
    ]
    again, complaints = run("import", project, tmp_path / "out.csv")
    assert again["imported"] == 0 and len(complaints) == 2


@pytest.mark.parametrize("form", ["csv", "coco", "yolo", "voc", "createml", "labelme", "json"])
def test_every_format_goes_out_and_comes_in(
    form: str, project: Path, folder: Path, boxes: Path, run: Run, tmp_path: Path
) -> None:
    run("import", project, boxes)
    dest, copy = tmp_path / "out", tmp_path / "copy.landmarks"
    value, complaints = run("export", project, dest, "--format", form)
    assert (value["exported"], value["file"], complaints) == (2, str(dest), [])
    assert bool(value["problems"]) == (form != "json")
    run("new", copy, "--photos", folder)
    value, complaints = run("import", copy, dest, "--format", form)
    assert value == {"imported": 2, "problems": []} and complaints == []
    with ProjectStore.open(copy) as store, ProjectStore.open(project) as original:
        found, wanted = store.load(), original.load()
        assert farthest(found, wanted) < 1e-3
        if form == "json":
            assert found.landmarks == wanted.landmarks
            assert found.photos == wanted.photos
        assert store.undo() is not None and store.undo() is None  # one edit
        assert store.load().boxes == {} and store.load().landmarks == {}


def test_what_a_format_cannot_hold_is_said(
    project: Path, boxes: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cli.main(["import", str(project), str(boxes)])
    capsys.readouterr()
    assert cli.main(["export", str(project), str(tmp_path / "out"), "--format", "voc"]) == 0
    said = capsys.readouterr()
    assert said.out == f"2 boxes written to {tmp_path / 'out'}\n"
    assert "as a whole, which Pascal VOC cannot hold" in said.err


@pytest.mark.changes_photos
def test_crop_writes_once_and_names_what_it_skips(
    project: Path, folder: Path, run: Run, tmp_path: Path
) -> None:
    (folder / "Red Tower" / "IMG_2.jpg").unlink()
    out = tmp_path / "crops"
    value, complaints = run("crop", project, "--out", out, "--size", 20)
    assert value.keys() == {"written", "kept", "removed", "skipped", "groups"}
    assert (value["written"], value["kept"], value["removed"]) == (7, 0, 0)
    reasons = {Path(row["path"]).name: row["reason"] for row in value["skipped"]}
    assert "empty" in reasons.pop("broken.jpg")  # known since the scan
    assert "missing" in reasons.pop("IMG_2.jpg") and not reasons
    assert complaints == [f"{row['path']}: {row['reason']}" for row in value["skipped"]]
    splits = {path.parts[-3:-1] for path in out.rglob("*.jpg")}
    assert ("train", "Red Tower") in splits and ("test", "Green Dome") in splits
    value, _ = run("crop", project, "--out", out, "--size", 20)
    assert (value["written"], value["kept"]) == (0, 7)


def test_crop_obeys_the_split_and_the_seed(project: Path, run: Run, tmp_path: Path) -> None:
    run("crop", project, "--out", tmp_path / "a", "--split", "1,0,0")
    assert {path.parts[-3] for path in (tmp_path / "a").rglob("*.jpg")} == {"train"}
    run("crop", project, "--out", tmp_path / "b", "--seed", 1)
    run("crop", project, "--out", tmp_path / "c", "--seed", 2)
    names = [
        {path.relative_to(tmp_path / out).as_posix() for path in (tmp_path / out).rglob("*.jpg")}
        for out in "bc"
    ]
    assert names[0] != names[1]


def remembered(project: Path) -> tuple[dict[int, str], Any]:
    with ProjectStore.open(project, read_only=True) as store:
        return store.split_assignments(), store.setting("split")


def test_crop_remembers_where_photos_stand(
    project: Path, folder: Path, run: Run, tmp_path: Path
) -> None:
    assert remembered(project) == ({}, None)
    run("crop", project, "--out", tmp_path / "a", "--burst-seconds", 3)
    kept, settings = remembered(project)
    assert len(kept) == 8 and set(kept.values()) == {"train", "validation", "test"}
    assert settings == {
        "fractions": [0.7, 0.15, 0.15],
        "seed": 0,
        "near_distance": 64,
        "burst_seconds": 3.0,
    }
    with ProjectStore.open(project) as store:
        store.set_split_assignments(moved := {**kept, 1: "test", 2: "test"})
    run("crop", project, "--out", tmp_path / "b", "--seed", 0, "--split", "0.7,0.15,0.15")
    assert remembered(project) == (moved, settings)
    _, complaints = run("crop", project, "--out", tmp_path / "c", "--split", "1,0,0")
    assert remembered(project) == (moved, settings)
    assert "for this time only" in complaints[0]
    assert not list((tmp_path / "c" / "test").rglob("*.jpg"))


def test_crop_says_if_it_cannot_remember(project: Path, run: Run, tmp_path: Path) -> None:
    with ProjectStore.open(project):
        _, complaints = run("crop", project, "--out", tmp_path / "crops")
    assert "not remembered" in complaints[0]
    assert remembered(project) == ({}, None)


def test_copies_stand_together_and_pins_that_part_them_are_named(
    folder: Path, run: Run, tmp_path: Path
) -> None:
    tower, project = folder / "Red Tower", folder.with_suffix(".landmarks")
    for split, number in (("train", 1), ("test", 2)):
        copy = folder / split / "Red Tower" / f"copy of {number}.jpg"
        copy.parent.mkdir(parents=True)
        copy.write_bytes((tower / "IMG_1.jpg").read_bytes())
    value, _ = run("new", project, "--photos", folder, "--labels-from-folders")
    assert value["landmarks"] == ["Green Dome", "Red Tower"] and "pinned" not in value
    value, _ = run("crop", project, "--out", tmp_path / "a")
    assert value["groups"] == 8 and "leaks" not in value
    pinned = tmp_path / "pinned.landmarks"
    options = ("--labels-from-folders", "--splits-from-folders")
    value, _ = run("new", pinned, "--photos", folder, *options)
    assert value["pinned"] == 2
    value, complaints = run("crop", pinned, "--out", tmp_path / "b", "--near-distance", "off")
    (leak,) = value["leaks"]
    assert sorted(leak) == [
        *("Red Tower/IMG_1.jpg", "test/Red Tower/copy of 2.jpg", "train/Red Tower/copy of 1.jpg")
    ]
    assert "pinned apart" in complaints[0]


@pytest.mark.parametrize("kind", ["folder", "zip", "tfrecord", "imagefolder"])
def test_crop_writes_each_form(project: Path, run: Run, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    value, _ = run("crop", project, "--out", out, "--as", kind, "--size", 20)
    assert (value["written"], out.is_file()) == (8, kind == "zip")


def test_crop_obeys_what_is_said_of_the_files(
    project: Path, boxes: Path, run: Run, tmp_path: Path
) -> None:
    run("import", project, boxes)
    options = ("--margin-px", 10, "--shape", "square", "--edge", "pad", "--form", "png")
    naming = ("--pattern", "{landmark} {number}", "--size", 30, "--resampling", "lanczos")
    run("crop", project, "--out", tmp_path / "out", *options, *naming, "--split", "1,0,0")
    files = sorted((tmp_path / "out" / "train" / "Red Tower").iterdir())
    assert [path.name for path in files] == [f"Red Tower 000{n}.png" for n in (1, 2, 3, 4)]
    assert images.load(files[0]).size == (30, 30)  # a box of 30 × 40 at (1, 2), and 10 around


def test_crop_does_not_write_among_the_photos(
    project: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = failing(capsys, "crop", project, "--out", folder / "crops")
    assert "taken for new photos" in line and not (folder / "crops").exists()
    assert cli.main(["crop", str(project), "--out", str(folder / "towers.data" / "crops")]) == 0
    assert cli.main(["crop", str(project), "--out", str(folder / "a.zip"), "--as", "zip"]) == 0


def test_what_people_read_is_in_words(
    project: Path, boxes: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cli.main(["import", str(project), str(boxes)])
    assert capsys.readouterr().out == "2 boxes imported, 1 left out\n"
    cli.main(["crop", str(project), "--out", str(tmp_path / "crops")])
    assert capsys.readouterr().out == "8 written, 0 unchanged, 0 removed, 1 skipped\n"


def test_failures_say_in_one_line_what_is_wrong(
    project: Path, folder: Path, boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, file = tmp_path / "none.landmarks", tmp_path / "file"
    file.write_text("")
    assert "exists already" in failing(capsys, "new", project, "--photos", folder)
    assert str(gone) in failing(capsys, "new", tmp_path / "new.landmarks", "--photos", gone)
    assert str(gone) in failing(capsys, "import", gone, boxes)
    assert str(gone) in failing(capsys, "crop", gone, "--out", tmp_path / "crops")
    assert str(gone) in failing(capsys, "import", project, gone)
    assert "no column" in failing(capsys, "import", project, file)
    assert str(file / "out.csv") in failing(capsys, "export", project, file / "out.csv")
    assert str(file) in failing(capsys, "crop", project, "--out", file)
    assert not (tmp_path / "new.landmarks").exists()


def test_a_project_open_in_the_window_is_not_written(
    project: Path, boxes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProjectStore.open(project):
        assert "is open in" in failing(capsys, "import", project, boxes, "--json")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["new", "p.landmarks"],
        ["import", "p.landmarks"],
        ["import", "p.landmarks", "f", "--format", "xls"],
        ["crop", "p.landmarks"],
        ["crop", "p.landmarks", "--out", "o", "--size", "0"],
        ["crop", "p.landmarks", "--out", "o", "--size", "big"],
        ["crop", "p.landmarks", "--out", "o", "--margin", "-1"],
        ["crop", "p.landmarks", "--out", "o", "--margin", "nan"],
        ["crop", "p.landmarks", "--out", "o", "--margin-px", "5000"],
        ["crop", "p.landmarks", "--out", "o", "--margin", "0.1", "--margin-px", "5"],
        ["crop", "p.landmarks", "--out", "o", "--shape", "round"],
        ["crop", "p.landmarks", "--out", "o", "--quality", "101"],
        ["crop", "p.landmarks", "--out", "o", "--pattern", "{landmark}"],
        ["crop", "p.landmarks", "--out", "o", "--as", "rar"],
        ["crop", "p.landmarks", "--out", "o", "--split", "0.7,0.3"],
        ["crop", "p.landmarks", "--out", "o", "--split", "a,b,c"],
        ["crop", "p.landmarks", "--out", "o", "--split", "0.5,0.5,0.5"],
        ["crop", "p.landmarks", "--out", "o", "--seed", "-1"],
        ["crop", "p.landmarks", "--out", "o", "--near-distance", "97"],
        ["crop", "p.landmarks", "--out", "o", "--near-distance", "on"],
        ["crop", "p.landmarks", "--out", "o", "--burst-seconds", "-1"],
        ["train", "p.landmarks", "--out", "m", "--epochs", "0"],
        ["train", "p.landmarks", "--out", "m", "--epochs", "10001"],
        ["train", "p.landmarks", "--out", "m", "--image-size", "16"],
        ["train", "p.landmarks", "--out", "m", "--dropout", "1"],
        ["train", "p.landmarks", "--out", "m", "--learning-rate", "nan"],
        ["train", "p.landmarks", "--out", "m", "--activation", "tanh"],
        ["train", "p.landmarks", "--out", "m", "--backbone", "vgg16"],
        ["train", "p.landmarks", "--out", "m", "--optimizer", "sgd"],
        ["train", "p.landmarks", "--out", "m", "--weight-decay", "-1"],
        ["train", "p.landmarks", "--out", "m", "--warmup-epochs", "-1"],
        ["train", "p.landmarks", "--out", "m", "--label-smoothing", "0.6"],
        ["train", "p.landmarks", "--out", "m", "--patience", "0"],
        ["classify", "m.landmark-model"],
    ],
)
def test_wrong_arguments_end_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "landmark-gui" in said.err and "invalid _" not in said.err


def test_a_slip_of_the_pen_is_no_project_for_the_window(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run_program(["chekc"])
    assert ended.value.code == 2
    assert "'chekc'" in capsys.readouterr().err
    (tmp_path / "towers").mkdir()
    assert [wants_window([name]) for name in ("towers", "gone.landmarks", "a/gone")] == [True] * 3


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: landmark-gui {command} ")


def test_every_option_is_explained() -> None:
    parser = cli._parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    silent = [
        (name, action.dest)
        for name, command in commands.choices.items()
        for action in command._actions
        if not action.help
    ]
    assert silent == []


def test_a_project_is_not_exported_onto_itself(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", str(project), str(project)])
    assert ended.value.code == 2 and project.read_bytes() == before


def test_wrong_augmentation_files_are_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("rotation_range = 1000")
    for file in (wrong, tmp_path / "none.toml"):
        said = failing(
            capsys, "train", project, "--out", tmp_path / "m.landmark-model", "--augment", file
        )
        assert str(file) in said


FIGURES = {
    **{"accuracy": 0.9, "chance": 0.5, "macro_f1": 0.9, "confusion": [[9, 1], [1, 9]]},
    **{"skipped": [], "probe": None, "probe_reason": "It was not asked for."},
    "unknown": UnknownRule().to_dict(),
}
PROBE = {
    **{"honest": {"value": 0.83, "spread": 0.04}, "naive": {"value": 0.91, "spread": 0.03}},
    **{"leak": {"value": 0.08, "spread": 0.02}, "chance": 0.5, "examples": 60, "alike": 40},
    **{"groups": 40, "folds": 5, "seeds": [0], "backbone": "b", "unmeasured": []},
    "label_errors": [
        {
            **{"path": f"{n}.jpg", "photo_id": n, "box_id": None, "confidence": 0.93},
            **{"given": "Red Tower", "likely": "Green Dome"},
        }
        for n in range(25)
    ],
}


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], list[Any]]:
    """Puts a training that ends with these figures in place of TensorFlow's; its configs."""

    def made(figures: dict[str, Any], events: Sequence[dict[str, Any]] = ()) -> list[Any]:
        configs: list[Any] = []

        def train(
            config: Any, emit: Callable[[dict[str, Any]], None], resume: str = ""
        ) -> dict[str, Any]:
            configs.append(config)
            for event in events:
                emit(event)
            emit({"event": "state", "state": "probing"})
            return figures

        stand_in = SimpleNamespace(train=train)
        monkeypatch.setitem(sys.modules, "landmark_gui.training.train", stand_in)
        return configs

    return made


def test_what_the_probe_found_is_said(
    project: Path, trained: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    config = trained({**FIGURES, "probe": PROBE})
    assert cli.main(["train", str(project), "--out", "m.landmark-model"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[1].startswith("It says unknown where its confidence is under 50%")
    assert lines[2].startswith("Honest 83% (±4), naive 91%:") and "8 points" in lines[2]
    assert lines[3] == "25 labels are likely wrong."
    assert lines[4] == "0.jpg: Red Tower, but likely Green Dome (93%)"
    assert len(lines) == 4 + 20 + 1 and lines[-1].startswith("… and 5 more")
    assert "Checking labels" in said.err
    assert config[0].probe is True


def test_a_finding_is_said_when_it_is_new_and_stands_in_the_json(
    project: Path, trained: Callable[..., Any], run: Run
) -> None:
    remedy = {"text": "Learning rate 0.0001", "changes": {"learning_rate": 1e-4}, "page": ""}
    look = {"text": "Look at the labels", "changes": {}, "page": "quality"}
    finding = {"kind": "at_chance", "text": "It guesses.", "evidence": "8 of 24."}
    told = [
        {"event": "diagnosis", "findings": findings}
        for findings in (
            [{**finding, "remedies": [remedy, look]}],
            [{**finding, "evidence": "9 of 24.", "remedies": [remedy]}],
            [],
        )
    ]
    trained({**FIGURES, "diagnosis": [finding]}, told)
    value, complaints = run("train", project, "--out", "m.landmark-model")
    assert complaints.count("It guesses. 8 of 24. Try: Learning rate 0.0001.") == 1
    assert not any("9 of 24" in line for line in complaints)
    assert value["diagnosis"] == [finding]


def test_the_probe_can_be_left_out(project: Path, trained: Callable[..., Any], run: Run) -> None:
    configs = trained(FIGURES)
    value, _ = run("train", project, "--out", "m.landmark-model", "--no-probe")
    assert configs[0].probe is False
    assert configs[0].feature_cache is True
    assert value["probe"] is None and value["probe_reason"]


def test_crops_can_be_drawn_anew_in_each_epoch(
    project: Path, trained: Callable[..., Any], run: Run
) -> None:
    configs = trained(FIGURES)
    run("train", project, "--out", "m.landmark-model", "--no-feature-cache")
    assert configs[0].feature_cache is False


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "m.landmark-model")


def test_classify_says_json_and_names_what_cannot_be_read(
    model: Path, folder: Path, run: Run, tmp_path: Path
) -> None:
    rows, complaints = run(
        *("classify", model, folder / "Red Tower", tmp_path / "none.jpg", "--top", 2),
        *("--csv", tmp_path / "v.csv", "--sort-into", tmp_path / "sorted"),
    )
    assert [Path(row["path"]).name for row in rows] == [f"IMG_{n}.jpg" for n in range(1, 5)]
    assert all(len(row["top"]) == 2 and row["label"] in LABELS for row in rows)
    assert [line.split(":")[0].rsplit(os.sep)[-1] for line in complaints] == [
        "broken.jpg",
        "none.jpg",
    ]
    assert len((tmp_path / "v.csv").read_text("utf-8").splitlines()) == 1 + 4 + 2
    assert len(list((tmp_path / "sorted").rglob("*.jpg"))) == 4


def test_classify_fails_in_one_line(
    model: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, file, cut = tmp_path / "empty", tmp_path / "file", tmp_path / "cut.landmark-model"
    empty.mkdir()
    file.write_text("")
    cut.write_bytes(model.read_bytes()[:500])
    photo = folder / "Red Tower" / "IMG_1.jpg"
    assert "no such file" in failing(capsys, "classify", tmp_path / "none", photo)
    assert "cut off" in failing(capsys, "classify", cut, photo, "--json")
    assert f"no photos in {empty}" in failing(capsys, "classify", model, empty)
    assert str(file / "v.csv") in failing(capsys, "classify", model, photo, "--csv", file / "v.csv")
    assert str(file) in failing(capsys, "classify", model, photo, "--sort-into", file)


def test_json_has_no_nan(
    project: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_run_export", lambda _: ({"loss": [1.0, math.nan]}, ""))
    assert run("export", project, tmp_path / "out.csv") == ({"loss": [1.0, None]}, [])


def test_a_test_of_nothing_fails(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    knows_others = write_tiny_bundle(tmp_path / "t.landmark-model", training={"use": "crops"})
    assert "nothing to test" in failing(capsys, "evaluate", knows_others, project)


def as_process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "landmark_gui", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=ROOT, env={**os.environ, **environment})


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_way_from_photos_to_crops_as_processes(
    photo_folder: Callable[..., Path], tmp_path: Path, encoding: str
) -> None:
    folder = photo_folder("사진", landmarks=("경복궁", "Tour Eiffel é"), each=3)
    project, out, table = tmp_path / "여행 #1.landmarks", tmp_path / "crops", tmp_path / "b.csv"
    table.write_text("file;class;x;y;w;h\n경복궁/IMG_1.jpg;경복궁;1;2;30;40\n", "utf-8")
    answers = []
    for arguments in (
        ["new", project, "--photos", folder, "--labels-from-folders"],
        ["import", project, table],
        ["crop", project, "--out", out],
        ["export", project, tmp_path / "out.csv"],
    ):
        ran = as_process(*arguments, "--json", PYTHONIOENCODING=encoding)
        assert (ran.returncode, ran.stderr) == (0, b"")
        answers.append(json.loads(ran.stdout))
    in_words = as_process("export", project, tmp_path / "상자.csv", PYTHONIOENCODING=encoding)
    assert in_words.returncode == 0 and b"1 box written" in in_words.stdout
    assert answers[0]["project"] == str(project)
    assert sorted(answers[0]["landmarks"]) == ["Tour Eiffel é", "경복궁"]
    assert (answers[1]["imported"], answers[3]["exported"]) == (1, 1)
    assert (out / "train" / "경복궁").is_dir()


def test_exit_codes_of_the_process(tmp_path: Path) -> None:
    failed = as_process("crop", tmp_path / "경복궁.landmarks", "--out", tmp_path, "--json")
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert "경복궁.landmarks".encode() in failed.stderr
    assert as_process("crop").returncode == 2
    assert as_process("--version").returncode == 0


@pytest.mark.changes_photos
def test_a_missing_folder_of_photos_leaves_the_crops_alone(
    project: Path, folder: Path, run: Run, tmp_path: Path
) -> None:
    run("crop", project, "--out", tmp_path / "crops")
    shutil.rmtree(folder)
    value, _ = run("crop", project, "--out", tmp_path / "crops")
    assert (value["kept"], value["removed"], len(value["skipped"])) == (8, 0, 1)


def asked(*options: str) -> TrainConfig:
    command = ["train", "p.landmarks", "--out", "m", *options]
    return cli_train.config_of(cli._parser().parse_args(command))


def test_every_option_of_a_training_arrives() -> None:
    config = asked(
        *("--recipe", "fine-tune", "--backbone", "efficientnet_v2_b1", "--network", "log"),
        *("--optimizer", "adamw", "--weight-decay", "0.01", "--schedule", "constant"),
        *("--warmup-epochs", "0", "--label-smoothing", "0.1", "--class-weights"),
        *("--patience", "3", "--no-averaged-weights", "--mixed-precision", "--no-feature-cache"),
    )
    expected = {
        **{"recipe": "fine-tune", "backbone": "efficientnet_v2_b1", "network": "log"},
        **{"optimizer": "adamw", "weight_decay": 0.01, "schedule": "constant"},
        **{"warmup_epochs": 0, "label_smoothing": 0.1, "class_weights": True, "patience": 3},
        **{"averaged_weights": False, "mixed_precision": True, "feature_cache": False},
        **{"image_size": 288, "epochs": 20},
    }
    assert {name: getattr(config, name) for name in expected} == expected


def test_what_is_not_said_follows_the_recipe_alone() -> None:
    plain = asked()
    assert (plain.backbone, plain.alpha) == ("mobilenet_v2", 0.35)
    assert (plain.image_size, plain.epochs, plain.batch_size) == (256, 40, 16)
    assert plain.optimizer is plain.schedule is plain.averaged_weights is None
    scratch = asked("--recipe", "scratch")
    assert (scratch.image_size, scratch.epochs) == (96, 40)
    assert asked("--image-size", "80", "--epochs", "3").image_size == 80


def test_a_download_is_told_in_one_line_where_nobody_looks_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event = {"event": "downloading", "title": "MobileNetV2 1", "total": 9_000_000}
    for done in (0, 4_500_000, 9_000_000):
        cli_train._tell({**event, "done": done, "seconds_left": 1.0})
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "MobileNetV2 1: 9.0 of 9.0 MB\n")


def test_train_cuts_as_it_is_told(project: Path, tmp_path: Path) -> None:
    from landmark_gui.core.crops import CropSettings

    def settings(*options: str) -> CropSettings:
        command = ["train", str(project), "--out", str(tmp_path / "m"), *options]
        return cli_train.config_of(cli._parser().parse_args(command)).crop_settings

    assert settings() == CropSettings()
    assert settings("--margin", "0.2") == CropSettings(margin=0.2)
    assert settings(
        "--margin-px", "12", "--shape", "square", "--edge", "pad", "--use", "photos"
    ) == CropSettings("photos", 12, "pixels", "square", "pad")
