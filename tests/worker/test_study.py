"""Real studies of short trainings, in a worker process and without one."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core import edits
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import Cancelled, DatasetError, TrainingError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import data_folder
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.studies import StudyConfig, StudyResult, kept_result, variants
from tests.originals import contents
from tests.thorough import when_thorough
from tests.worker_client import Worker, config_for

pytestmark = pytest.mark.slow
GENTLE = AugmentationConfig(rotation_range=10, horizontal_flip=True)


@pytest.fixture
def own(project: Path, tmp_path: Path) -> Path:
    """A copy of the project of drawn photos, with a data folder of its own."""
    folder = tmp_path / "own"
    shutil.copytree(project.parent / "photos", folder / "photos")
    return Path(shutil.copy(project, folder / "own.landmarks"))


def study_for(project: Path, **values: Any) -> StudyConfig:
    """Photos and crops of one epoch: nobody knows everything after it, so the figures differ."""
    quick = {"epochs": 1, "image_size": 32, "augmentation": GENTLE.to_dict()}
    return StudyConfig("compare", config_for(project, Path("unused"), **{**quick, **values}), 2)


def run(study: StudyConfig, cancelled=lambda: False) -> tuple[StudyResult, list[dict]]:
    from landmark_gui.training.study import study as learn

    events: list[dict] = []
    return learn(study, events.append, cancelled), events


def trials_of(project: Path) -> dict[str, float]:
    paths = data_folder(project).glob("studies/*/trials/*.json")
    return {path.name: json.loads(path.read_text())["accuracy"] for path in paths}


def begin(worker: Worker, study: StudyConfig) -> None:
    worker.send(command="study", config=study.to_dict())


def test_a_study_tells_its_whole_way_and_keeps_to_its_folder(start_worker, own):
    study, worker, before = study_for(own), start_worker(), contents(own.parent)
    begin(worker, study)
    code, done = worker.finish()
    assert (code, done["event"]) == (0, "done") and "model" not in done
    result = StudyResult.from_dict(done["metrics"])
    check_events(worker.events, study, result)
    assert kept_result(data_folder(own), study) == result
    added = {Path(name).parts[:2] for name in contents(own.parent).keys() - before.keys()}
    assert added <= {("own.data", "studies"), ("own.data", "facts-2.sqlite")}
    assert contents(own.parent).items() >= before.items()


def place_of(event: dict) -> tuple[str, int]:
    return event["variant"], event["round"]


def check_events(events: list[dict], study: StudyConfig, result: StudyResult) -> None:
    states = [event["state"] for event in events if event["event"] == "state"]
    assert states == ["starting", "importing", "ready", "preparing", "studying"]
    trials = [event for event in events if event["event"] == "trial"]
    keys = [variant.key for variant in variants(study)]
    assert [(one["variant"], one["round"]) for one in trials] == [
        (k, r) for r in (0, 1) for k in keys
    ]
    assert [one["done"] for one in trials] == list(range(1, 9))
    assert trials[0]["seconds_left"] > 0 and trials[-1]["seconds_left"] == 0
    assert StudyResult.from_dict(trials[-1]["result"]) == result
    assert StudyResult.from_dict(trials[0]["result"]).done == 1
    steps = [event for event in events if event["event"] == "trial_progress"]
    assert {(one["variant"], one["round"]) for one in steps} == {
        (k, r) for k in keys for r in (0, 1)
    }
    assert all(0 <= one["epoch"] <= one["epochs"] == 1 and one["total"] == 8 for one in steps)
    assert {event["event"] for event in events} <= {
        *("state", "preparing", "log", "trial", "trial_progress", "done"),
    }


@when_thorough
def test_a_study_that_was_killed_again_and_again_comes_to_the_same_result(start_worker, own):
    """Between two trainings, in the middle of one, and with an entry that the crash damaged."""
    study = study_for(own, network="log", epochs=5)  # which learns something, but not all
    whole, _ = run(study)
    expected = trials_of(own)
    assert len(set(expected.values())) > 2, "figures that are all alike would hide a difference"
    shutil.rmtree(data_folder(own))
    for event in ({"event": "trial", "done": 2}, {"event": "trial_progress", "done": 4}):
        worker = start_worker()
        begin(worker, study)
        worker.read_until(**event)
        worker.process.kill()
        worker.process.wait()
        assert 2 <= len(trials_of(own)) < 8
    damaged = next(data_folder(own).glob("studies/*/trials/000-photos.json"))
    damaged.write_bytes(damaged.read_bytes()[:20])
    result, events = run(study)
    assert result == whole and trials_of(own) == expected
    again = [place_of(one) for one in events if one["event"] == "trial"]
    assert ("photos", 0) in again and ("photos+augmentation", 0) not in again


def test_cancel_in_the_middle_of_a_training_keeps_what_is_done(start_worker, own):
    worker = start_worker()
    begin(worker, study_for(own, epochs=10_000))
    worker.read_until("trial_progress", epoch=1)
    worker.send(command="cancel")
    code, last = worker.finish()
    assert (code, last) == (0, {"event": "cancelled"})
    assert trials_of(own) == {}
    done: list[int] = []
    with pytest.raises(Cancelled):
        run_counting(study_for(own), done)
    assert len(done) == len(trials_of(own)) == 1


def run_counting(study: StudyConfig, done: list[int]) -> None:
    """Cancelled as soon as a first trial is done."""
    from landmark_gui.training.study import study as learn

    def emit(event: dict) -> None:
        if event["event"] == "trial":
            done.append(event["done"])

    learn(study, emit, lambda: bool(done))


@when_thorough
def test_more_repeats_go_on_from_those_that_are_kept_and_changed_boxes_begin_anew(own):
    first, _ = run(study_for(own))
    more, events = run(replace(study_for(own), repeats=3))
    assert [one["round"] for one in events if one["event"] == "trial"] == [2] * 4
    for key, outcome in first.outcomes.items():
        assert more.outcomes[key].trials[:2] == outcome.trials
    with ProjectStore.open(own) as store:
        box = next(iter(store.load().boxes.values()))
        rect = Rect(box.rect.x, box.rect.y, box.rect.w - 2, box.rect.h)
        store.commit(edits.change_box(box, rect))
    done: list[int] = []
    with pytest.raises(Cancelled):
        run_counting(study_for(own), done)
    assert done == [1]
    assert len(list(data_folder(own).glob("studies/*"))) == 2


def test_a_large_photo_that_the_scan_has_read_since_is_no_other_study(own):
    study = study_for(own)
    data = loaded(study)
    read = {
        look: replace(view, crops=[replace(crop, photo_hash="read since") for crop in view.crops])
        for look, view in data.views.items()
    }
    assert replace(data, views=read).hash(study.base) == data.hash(study.base)
    for view in read.values():
        view.rows[0, 0, 0, 0] ^= 1
    assert replace(data, views=read).hash(study.base) != loaded(study).hash(study.base)


def test_wrong_settings_are_told_in_words(start_worker, own):
    worker = start_worker()
    worker.send(command="study", config={**study_for(own).to_dict(), "repeats": 0})
    code, failed = worker.finish()
    assert (code, failed["event"]) == (1, "failed") and "repeats is 0" in failed["message"]


def test_a_landmark_of_copies_is_named(own):
    """What all belongs together cannot be learned and measured on different photos."""
    kind = make_copies(own)
    with pytest.raises(DatasetError, match=f"All photos of {kind} belong together"):
        run(study_for(own))


def make_copies(project: Path) -> str:
    """All photos of one landmark become copies of one of them; which one."""
    with ProjectStore.open(project) as store:
        found = store.load()
        kind = next(iter(found.landmarks.values()))
        shown = {box.photo_id for box in found.boxes.values() if box.landmark_id == kind.id}
        first, *others = [found.photos[number] for number in sorted(shown)]
        for photo in others:
            shutil.copyfile(store.photos_dir / first.path, store.photos_dir / photo.path)
        store.put_photos([replace(photo, hash=first.hash, size=first.size) for photo in others])
    return kind.name


def test_a_training_that_fails_names_its_place(own, monkeypatch):
    def failing(*arguments: object) -> None:
        raise TrainingError("The loss is no longer a number.")

    monkeypatch.setattr("landmark_gui.training.trials.fit", failing)
    with pytest.raises(TrainingError, match=r"^Photos, round 1: The loss is no longer a number"):
        run(study_for(own))


def lose(monkeypatch, losing) -> None:
    """Trainings for which `losing(config)` holds have a loss that is no number in their first
    step; all others are real."""
    import keras

    from landmark_gui.training import trials

    real = trials.fit

    class Reckless(keras.optimizers.SGD):
        def update_step(self, gradient, variable, learning_rate):
            self.assign_add(variable, keras.ops.full_like(variable, float("inf")))

    def fit(model, phases, config, *rest):
        chosen = phases
        if losing(config):

            def prepare(model, batches):
                loss = "sparse_categorical_crossentropy"
                model.compile(Reckless(), loss=loss, metrics=["accuracy"])

            chosen = [replace(phase, prepare=prepare) for phase in phases]
        return real(model, chosen, config, *rest)

    monkeypatch.setattr(trials, "fit", fit)


@when_thorough
def test_a_lost_loss_costs_its_option_alone_and_is_kept(own, monkeypatch):
    lose(monkeypatch, lambda config: config.use == "crops" and config.augmentation is not None)
    result, events = run(study_for(own))
    assert result.is_complete and list(result.failures) == ["crops+augmentation"]
    assert "The loss is no longer a number (epoch 1" in result.failures["crops+augmentation"]
    for key in ("photos", "photos+augmentation", "crops"):
        assert len(result.outcomes[key].trials) == 2
    told = [event for event in events if event["event"] == "trial"]
    assert [place_of(one) for one in told].count(("crops+augmentation", 0)) == 1
    assert ("crops+augmentation", 1) not in [place_of(one) for one in told]
    assert (told[-1]["done"], told[-1]["total"], told[-1]["seconds_left"]) == (7, 7, 0)
    again, events = run(study_for(own))
    assert again == result and not [event for event in events if event["event"] == "trial"]


@when_thorough
def test_the_command_names_what_failed(own, monkeypatch, tmp_path, capsys):
    from landmark_gui import cli

    lose(monkeypatch, lambda config: config.use == "photos" and config.augmentation is not None)
    out = tmp_path / "out"
    options = ["--recipe", "scratch", "--epochs", "1", "--image-size", "32", "--repeats", "2"]
    assert cli.main(["compare", str(own), "--out", str(out), *options]) == 0
    told = capsys.readouterr()
    assert "“Photos, augmented” could not be trained" in told.out
    assert "Photos, augmented, round 1: failed" in told.err
    assert "The loss is no longer a number" in (out / "compare.csv").read_text()


def loaded(study: StudyConfig):
    from landmark_gui.training.study_data import load

    return load(study, lambda event: None, lambda: False)


def test_photos_and_crops_of_one_photo_stand_in_one_part(own):
    add_second_boxes(own)
    study = study_for(own)
    data = loaded(study)
    photos, crops = data.views.values()
    assert len(crops.labels) > len(photos.labels) == data.pool.examples
    for number in range(5):
        at = data.round(number, study.base)
        (train, validation, held), same = (shown(view.parts(at)) for view in (photos, crops))
        assert same == [train, validation, held]
        assert train and validation and held
        assert not (train & validation or train & held or validation & held)


def shown(parts) -> list[set[int]]:
    return [{crop.photo_id for crop in part.crops} for part in parts]


def add_second_boxes(project: Path) -> None:
    with ProjectStore.open(project) as store:
        for box in list(store.load().boxes.values())[:6]:
            rect = Rect(1, 1, 30, 30)
            store.commit(edits.add_box(box.photo_id, box.landmark_id, rect))


def test_a_choice_of_augmentation_never_sees_the_test_split(own):
    from landmark_gui.core.dataset import load_project_examples

    study = replace(study_for(own), kind="augmentation")
    base = study.base
    examples = load_project_examples(own, base.crop_settings, base.split_settings)
    data = loaded(study)
    assert {crop.photo_id for crop in data.drawn.crops} == {
        crop.photo_id for crop in examples.crops if crop.split != "test"
    }
    assert len(examples.of("test")) > 0


def test_with_a_frozen_backbone_trials_share_its_features_and_depend_on_nothing_else(
    own, random_weights
):
    from landmark_gui.training.trials import Trials

    study = study_for(own, recipe="transfer", weights=str(random_weights), image_size=64)
    data, events = loaded(study), []
    crops, varied = variants(study)[2:]
    told: list[dict] = []

    def accuracy(trials: Trials, config, number: int) -> float:
        at = data.round(number, study.base)
        return trials.accuracy(replace(config, seed=number), at, told.append, lambda: False)

    trials = Trials(data, events.append)
    first = [accuracy(trials, crops.config, 0), accuracy(trials, varied.config, 1)]
    looks = [event for event in events if event.get("features")]
    assert looks[-1]["done"] == looks[-1]["total"] == len(data.drawn.labels)
    assert len(looks) == 1, "one batch for all trials"
    fresh = Trials(data, events.append)
    again = [accuracy(fresh, varied.config, 1), accuracy(fresh, crops.config, 0)]
    assert first == again[::-1]


def test_a_new_head_stands_on_the_old_backbone(random_weights, own):
    import keras

    from landmark_gui.training.recipes import built_model
    from landmark_gui.training.trials import _with_new_head

    config = study_for(own, recipe="transfer", weights=str(random_weights), image_size=64).base
    model = built_model(config, 3, print)
    keras.utils.set_random_seed(3)
    one, other = _with_new_head(model), _with_new_head(model)
    keras.utils.set_random_seed(3)
    again = _with_new_head(model)
    kernels = [net.layers[-1].get_weights()[0] for net in (model, one, other, again)]
    assert not np.array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[1], kernels[2])
    np.testing.assert_array_equal(kernels[1], kernels[3])
    assert [layer for layer in one.layers if isinstance(layer, keras.Model)] == [
        layer for layer in model.layers if isinstance(layer, keras.Model)
    ]
    assert len(one.layers) == len(model.layers)


@pytest.mark.shared
def test_of_real_towers_no_photo_stands_on_two_sides(shared, tmp_path):
    """132 photos with 144 boxes, some of them two of one tower, or twice the same."""
    from landmark_gui import cli

    project, towers = tmp_path / "towers.landmarks", shared / "data" / "towers"
    made = ["new", str(project), "--photos", str(towers), "--labels-from-folders"]
    assert cli.main(made) == cli.main(["import", str(project), str(towers / "boxes.csv")]) == 0
    study = study_for(project)
    data = loaded(study)
    photos, crops = data.views.values()
    assert (len(photos.labels), len(crops.labels), data.pool.folds) == (132, 144, 5)
    for number in range(10):
        at = data.round(number, study.base)
        parts = photos.parts(at)
        assert shown(parts) == shown(crops.parts(at))
        sides = [{photos.groups[photos.crops.index(crop)] for crop in part.crops} for part in parts]
        assert sum(map(len, sides)) == len(set.union(*sides)), "a group on two sides"
        assert [len(np.unique(part.labels)) for part in parts] == [3, 3, 3]
        assert 20 <= len(parts[2]) <= 32 and 12 <= len(parts[1]) <= 26


def test_features_that_are_known_are_those_that_would_be_looked_at(own, random_weights):
    import keras

    from landmark_gui.training.fitting import training_batches, validation_batches
    from landmark_gui.training.frozen import as_features
    from landmark_gui.training.study_data import learning_data
    from landmark_gui.training.trials import Trials, _share_right, _with_new_head

    values = {"recipe": "transfer", "weights": str(random_weights), "image_size": 64}
    study = study_for(own, augmentation=None, **values)
    data = loaded(study)
    frozen = Trials(data, lambda event: None)._frozen_of(study.base, lambda: False)
    keras.utils.set_random_seed(0)
    model = _with_new_head(frozen.model)
    answers, rows = [], []
    for view in (frozen.view, replace(frozen.view, features=None)):
        train, validation, held = view.parts(data.round(0, study.base))
        given = learning_data(data.classes, train, validation)
        batches, judged = training_batches(study.base, given), validation_batches(study.base, given)
        looked = as_features(model, study.base, batches, judged, lambda event: None, lambda: False)
        assert looked[1] is not None
        rows.append([one.seen for one in looked])
        answers.append(_share_right(model, held, lambda: False))
    assert answers[0] == answers[1]
    for known, fresh in zip(*rows, strict=True):
        close = 1e-4 * float(np.abs(fresh[0]).max())
        np.testing.assert_allclose(known[0], fresh[0], rtol=1e-4, atol=close)
        np.testing.assert_array_equal(known[1], fresh[1])
