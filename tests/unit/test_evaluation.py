"""A model asked about a project: which part, what is left out, and what was corrected since."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_gui import cli
from landmark_gui.core import edits, examples, scan
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.evaluation.corrections import Corrections
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from landmark_gui.core.store import ProjectStore
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluation import answered, evaluated, figures, project_examples
from tests.tiny_bundle import write_tiny_bundle

COLORS = {"red": (220, 30, 30), "green": (30, 220, 30), "blue": (30, 30, 220)}


def draw(path: Path, color: tuple[int, int, int], number: int) -> None:
    """A plain photo; no two look alike, so that none stays with another."""
    rng = np.random.default_rng(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.clip(np.array(color) + rng.integers(-25, 25, (48, 64, 1)), 0, 255)
    Image.fromarray(pixels.astype(np.uint8)).save(path)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Eight whole photos of each colour; two of red show green, which the model will notice."""
    folder = tmp_path / "photos"
    for place_of, (label, color) in enumerate(COLORS.items()):
        for number in range(8):
            wrong = label == "red" and number in (3, 6)
            place = folder / label / f"{label}_{number}.png"
            draw(place, COLORS["green"] if wrong else color, 10 * place_of + number)
    return made(tmp_path / "p.landmarks", folder)


def made(path: Path, folder: Path) -> Path:
    with ProjectStore.create(path, folder) as store:
        for look in (scan.new_photos, scan.hashed_photos):
            for batch in look(store.load(), store.photos_dir):
                store.put_photos(batch)
        loaded = store.load()
        store.commit(scan.labels_from_folders(loaded, loaded.photos.values()))
    return path


def loaded(path: Path) -> Project:
    with ProjectStore.open(path, read_only=True) as store:
        return store.load()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    training = {"use": "photos", "near_distance": None, "burst_seconds": 0}
    return write_tiny_bundle(tmp_path / "colours.landmark-model", training=training)


def test_all_is_test_validation_and_training_together(project: Path, model: Path):
    bundle = read_bundle(model)
    by_part = {part: evaluated(bundle, project, part) for part in ("test", "validation", "train")}
    whole = evaluated(bundle, project, "all")
    asked = [answer.key for each in by_part.values() for answer in each.answers]
    assert sorted(asked) == sorted(answer.key for answer in whole.answers)
    assert len(asked) == len(set(asked)) == 24
    for part, evaluation in by_part.items():
        assert {answer.crop.split for answer in evaluation.answers} == {part}
    wrong = [answer for answer in whole.answers if not answer.is_right]
    assert {answer.crop.source for answer in wrong} == {"red/red_3.png", "red/red_6.png"}
    assert {(answer.true, answer.predicted) for answer in wrong} == {("red", "green")}
    assert np.allclose(whole.probabilities.sum(axis=1), 1, atol=1e-5)


def of_training(bundle: Bundle, project: Path) -> dict[str, Any]:
    """The figures that a training would have kept of this model."""
    classifier, examples = Classifier(bundle), project_examples(bundle, project)
    return figures(classifier, examples, "test", *answered(classifier, examples))


def test_the_page_and_the_training_say_the_same(project: Path, model: Path):
    bundle = read_bundle(model)
    metrics, evaluation = of_training(bundle, project), evaluated(bundle, project)
    assert metrics["examples"] == len(evaluation.answers) > 0
    assert metrics["counts"] == evaluation.counts
    assert metrics["accuracy"] == np.mean(evaluation.truth == evaluation.said)


@pytest.mark.changes_photos
def test_a_damaged_photo_is_named_and_the_rest_goes_on(project: Path, model: Path):
    """It was whole when it was looked at first, so nothing but the reading can tell."""
    evaluated(read_bundle(model), project, "all")
    with ProjectStore.open(project, read_only=True) as store:
        victim = store.photos_dir / "blue" / "blue_1.png"
    stat, content = victim.stat(), victim.read_bytes()
    victim.write_bytes(content[: len(content) // 2].ljust(len(content), b"\0"))
    os.utime(victim, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    evaluation = evaluated(read_bundle(model), project, "all")
    ((path, reason),) = evaluation.skipped
    assert path == str(victim) and reason
    assert len(evaluation.answers) == 23


def test_landmarks_that_the_model_does_not_know_are_counted(tmp_path: Path, model: Path):
    folder = tmp_path / "others"
    for number in range(6):
        draw(folder / "red" / f"{number}.png", COLORS["red"], number)
        draw(folder / "violet" / f"{number}.png", (150, 20, 150), 50 + number)
    evaluation = evaluated(read_bundle(model), made(tmp_path / "o.landmarks", folder), "all")
    assert evaluation.foreign == {"violet": 6}
    assert {answer.true for answer in evaluation.answers} == {"red"}


def test_it_can_be_cancelled(project: Path, model: Path):
    asked: list[int] = []

    def after_some() -> bool:
        asked.append(1)
        return len(asked) > 30

    with pytest.raises(Cancelled):
        evaluated(read_bundle(model), project, "all", cancel=after_some)


def test_progress_goes_on_photo_by_photo(project: Path, model: Path):
    evaluated(read_bundle(model), project, "all")
    steps: list[tuple[int, int]] = []
    evaluated(read_bundle(model), project, "all", lambda done, total: steps.append((done, total)))
    own = [step for step in steps if step[1] == 24]
    assert len(own) > 10 and own[-1] == (24, 24) and own == sorted(own)


# What was corrected since


@pytest.fixture
def evaluation(project: Path, model: Path):
    return evaluated(read_bundle(model), project, "all")


def test_a_correction_counts_until_it_is_undone(project: Path, evaluation):
    now = loaded(project)
    corrections = Corrections(evaluation.answers, loaded(project))
    wrong = next(answer for answer in evaluation.answers if not answer.is_right)
    mark = now.landmark_named("green")
    assert mark is not None
    edit = examples.relabel(now, [(wrong.photo_id, None)], mark.id)
    now.apply(edit)
    corrections.follow(now, edit.photo_ids())
    state = corrections.now(now, wrong)
    assert corrections.count == 1
    assert (state.landmark, state.color, state.corrected) == ("green", mark.color, True)
    now.apply(edit.inverse())
    corrections.follow(now, edit.photo_ids())
    assert corrections.count == 0 and not corrections.now(now, wrong).corrected


def test_a_new_name_of_a_landmark_is_no_correction(project: Path, evaluation):
    now, corrections = loaded(project), Corrections(evaluation.answers, loaded(project))
    mark = now.landmark_named("red")
    assert mark is not None
    now.apply(edits.rename_landmark(mark, "crimson"))
    corrections.follow(now, now.photos)
    red = next(answer for answer in evaluation.answers if answer.true == "red")
    assert corrections.count == 0 and corrections.now(now, red).landmark == "crimson"


def test_what_is_left_out_or_deleted_is_a_correction(project: Path, evaluation):
    now, corrections = loaded(project), Corrections(evaluation.answers, loaded(project))
    first, second = evaluation.answers[:2]
    out = examples.exclude(now, [(first.photo_id, None)])
    now.apply(out)
    mark = now.landmark_named(second.true)
    assert mark is not None
    box = edits.add_box(second.photo_id, mark.id, Rect(1, 1, 20, 20))
    now.apply(box)
    corrections.follow(now, out.photo_ids() | box.photo_ids())
    assert corrections.count == 2
    assert corrections.now(now, first).left_out
    assert corrections.now(now, second).landmark == second.true


# The command line


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def ran(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


def test_the_command_writes_what_it_says(project: Path, model: Path, tmp_path: Path, run):
    report, table = tmp_path / "r.html", tmp_path / "t.csv"
    arguments = ("evaluate", model, project, "--split", "all", "--report", report, "--csv", table)
    code, said, _ = run(*arguments)
    assert code == 0 and "22 of 24 right: 92%" in said
    assert "red_3.png: red, taken for green" in said and str(report) in said
    assert report.read_text("utf-8").count("data:image/jpeg") == 2
    with table.open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 24


def test_json_of_the_command_has_what_it_had(project: Path, model: Path, run):
    code, said, _ = run("evaluate", model, project, "--json")
    told = json.loads(said)
    before = of_training(read_bundle(model), project)
    assert code == 0 and set(before) <= set(told)
    same = ("classes", "counts", "accuracy", "macro_f1", "confusion", "chance", "split", "foreign")
    assert {name: told[name] for name in same} == {name: before[name] for name in same}
    assert told["per_class"] == before["per_class"]


@pytest.mark.parametrize(
    "split, examples_of", [("test", "test"), ("val", "validation"), ("train", "train")]
)
def test_the_command_asks_about_one_split(project: Path, model: Path, run, split, examples_of):
    told = json.loads(run("evaluate", model, project, "--split", split, "--json")[1])
    assert told["split"] == examples_of
    assert told["examples"] == sum(told["counts"][examples_of].values()) > 0


def test_the_command_keeps_off_the_photos_and_its_own_input(
    project: Path, model: Path, tmp_path: Path, run, capsys
):
    inside = tmp_path / "photos" / "r.html"
    code, _, err = run("evaluate", model, project, "--report", inside)
    assert code == 1 and "among the photos" in err and not inside.exists()
    for place in (project, model):
        before = place.read_bytes()
        with pytest.raises(SystemExit) as ended:
            run("evaluate", model, project, "--csv", place)
        assert ended.value.code == 2 and place.read_bytes() == before
    one = tmp_path / "one"
    with pytest.raises(SystemExit):
        run("evaluate", model, project, "--csv", one, "--report", one)


def test_a_place_that_cannot_be_written_is_named(project: Path, model: Path, tmp_path: Path, run):
    (tmp_path / "file").write_text("")
    code, _, err = run("evaluate", model, project, "--csv", tmp_path / "file" / "t.csv")
    assert code == 1 and str(tmp_path / "file" / "t.csv") in err


def test_answers_of_crops_know_their_boxes(project: Path, tmp_path: Path):
    """What the gallery leads to: the box in the photo."""
    with ProjectStore.open(project) as store:
        photo = store.load().ordered_photos()[0]
        mark = store.load().landmark_named("blue")
        assert mark is not None
        edit = edits.add_box(photo.id, mark.id, Rect(4, 5, 30, 20))
        store.commit(edit)
        (box,) = store.load().boxes_of(photo.id)
    training = {"use": "crops", "near_distance": None, "burst_seconds": 0}
    bundle = read_bundle(write_tiny_bundle(tmp_path / "c.landmark-model", training=training))
    answers = evaluated(bundle, project, "all").answers
    (answer,) = (answer for answer in answers if answer.box_id)
    assert (answer.photo_id, answer.box_id) == (photo.id, box.id)
    assert answer.crop.rect == box.rect
