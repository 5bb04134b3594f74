"""A training that was cut short comes to the same result, bit for bit, as one that was not."""

from __future__ import annotations

import json
import os
import shutil
import signal
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import Cancelled, TrainingError
from landmark_gui.core.paths import data_folder
from landmark_gui.core.run_folder import CHECKPOINT, RunFolder
from landmark_gui.core.run_list import Run, read_runs
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.thorough import thorough, when_thorough
from tests.worker_client import config_for, make_project

pytestmark = pytest.mark.slow
VARIED = AugmentationConfig(rotation_range=15, zoom_range=0.2, horizontal_flip=True)
MIXED = replace(VARIED, mixup_alpha=0.3)
Events = list[dict[str, Any]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose runs are this test's own."""
    return make_project(tmp_path, each=6)


def train(config: TrainConfig, *, stop_after: int = 0, resume: str = "") -> tuple[dict, Events]:
    """Train in this process; cancelled in the first step after an epoch, if one is given."""
    from landmark_gui.training.train import train

    events: Events = []

    def cancelled() -> bool:
        ended = [e["epoch"] for e in events if e["event"] == "epoch" and not e.get("again")]
        return bool(stop_after) and stop_after in ended

    return train(config, events.append, cancelled, resume), events


def cancel_after(config: TrainConfig, epoch: int) -> Run:
    with pytest.raises(Cancelled):
        train(config, stop_after=epoch)
    run = newest_run(config)
    assert (run.state, run.epochs) == ("cancelled", epoch)
    return run


def newest_run(config: TrainConfig) -> Run:
    return read_runs(data_folder(Path(config.project)))[0]


def weights(model: Path) -> list[np.ndarray]:
    """All weights of a model file, as Keras reads them."""
    import keras

    folder = model.with_suffix(".unpacked")
    with zipfile.ZipFile(model) as archive:
        archive.extract("model.keras", folder)
    return keras.saving.load_model(folder / "model.keras").get_weights()


def check_same(whole: dict, resumed: dict) -> None:
    """Curves, figures, answers, weights and both forms of the model."""
    assert resumed["history"] == whole["history"]
    for name in ("best_epoch", "accuracy", "confusion", "threshold", "agreement"):
        assert resumed[name] == whole[name], name
    first, second = Path(whole["model"]), Path(resumed["model"])
    for one, other in zip(weights(first), weights(second), strict=True):
        np.testing.assert_array_equal(one, other)
    images = np.random.default_rng(0).integers(0, 256, (5, *shape_of(first)), np.uint8)
    said = [Classifier(read_bundle(path)).predict(images) for path in (first, second)]
    np.testing.assert_array_equal(*said)


def shape_of(model: Path) -> tuple[int, int, int]:
    size = read_bundle(model).size
    return size, size, 3


NEWER = {
    "optimizer": "adamw",
    "schedule": "cosine",
    "warmup_epochs": 1,
    "averaged_weights": True,
    "label_smoothing": 0.1,
    "class_weights": True,
    "patience": 50,
}
CASES: dict[str, dict[str, Any]] = {
    "scratch, scheduled and averaged": {"augmentation": VARIED.to_dict(), "dropout": 0.5, **NEWER},
    "scratch, mixed": {"augmentation": MIXED.to_dict(), "batch_normalization": False},
    "fine-tune": {"recipe": "fine-tune", "augmentation": VARIED.to_dict()},
    "scratch": {"augmentation": VARIED.to_dict(), "dropout": 0.5},
    "transfer": {"recipe": "transfer", "augmentation": VARIED.to_dict()},
    "transfer, mixed, drawn anew": {
        "recipe": "transfer",
        "augmentation": MIXED.to_dict(),
        "feature_cache": False,
    },
}
FEW_CASES = list(CASES)[:3]
IN_SECOND_PHASE = 4
"""Of five epochs of `fine-tune`, whose head learns for three."""


@pytest.mark.parametrize("case", thorough(FEW_CASES, list(CASES)))
def test_a_cancelled_training_goes_on_to_the_same_result(
    case, project, random_weights, tmp_path: Path
):
    values = CASES[case]
    stop = IN_SECOND_PHASE if values.get("recipe") == "fine-tune" else 2
    if "recipe" in values:
        rate = 0.1 if values["recipe"] == "transfer" else 0.001
        own = {"weights": str(random_weights), "image_size": 64, "learning_rate": rate}
        values = {**values, **own}
    config = config_for(project, tmp_path / "whole.landmark-model", epochs=5, probe=False, **values)
    whole, _ = train(config)
    again = replace(config, out=str(tmp_path / "resumed.landmark-model"))
    run = cancel_after(again, stop)
    resumed, events = train(again, resume=run.id)
    check_same(whole, resumed)
    epochs = [(event["epoch"], "again" in event) for event in events if event["event"] == "epoch"]
    assert epochs == [(number, number <= stop) for number in range(1, 6)]
    done = newest_run(config)
    assert (done.id, done.state, done.epochs) == (run.id, "done", 5)
    assert not (done.folder / CHECKPOINT).exists() and not (done.folder / "lock").exists()


@when_thorough
def test_a_training_may_be_stopped_again_and_again(project, tmp_path: Path):
    config = config_for(project, tmp_path / "whole.landmark-model", epochs=4, probe=False)
    whole, _ = train(config)
    again = replace(config, out=str(tmp_path / "resumed.landmark-model"))
    run = cancel_after(again, 1)
    for epoch in (2, 3):
        with pytest.raises(Cancelled):
            train(again, stop_after=epoch, resume=run.id)
    resumed, _ = train(again, resume=run.id)
    check_same(whole, resumed)


def test_a_killed_worker_loses_no_epoch_that_was_kept(start_worker, project, tmp_path: Path):
    values = {"augmentation": VARIED.to_dict(), "dropout": 0.5, "epochs": 6, "probe": False}
    config = config_for(project, tmp_path / "whole.landmark-model", **values)
    whole, _ = train(config)
    again = replace(config, out=str(tmp_path / "resumed.landmark-model"))
    killed = start_worker(eager=True)
    killed.train(again)
    killed.read_until("step", epoch=4)
    os.kill(killed.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    killed.finish()
    run = newest_run(config)
    assert (run.state, run.epochs, run.can_resume) == ("interrupted", 3, True)
    worker = start_worker()
    worker.train(again, run.id)
    code, done = worker.finish()
    assert (code, done["event"], done["metrics"]["run"]) == (0, "done", run.id)
    new = [e["epoch"] for e in worker.events if e["event"] == "epoch" and not e.get("again")]
    assert new == [4, 5, 6]
    check_same(whole, done["metrics"])


def test_a_training_that_was_cut_short_while_saving_is_only_saved(project, tmp_path, monkeypatch):
    from landmark_gui.training import finishing as module

    config = config_for(project, tmp_path / "m.landmark-model", epochs=2, probe=False)
    with monkeypatch.context() as patched:
        patched.setattr(module, "to_litert", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            train(config)
    run = newest_run(config)
    assert (run.state, run.epochs, run.problem) == ("failed", 2, "division by zero")
    metrics, events = train(config, resume=run.id)
    assert len(metrics["history"]["loss"]) == 2
    assert not any(event["event"] == "step" for event in events)


def test_a_training_stopped_before_its_first_epoch_leaves_no_run(project, tmp_path: Path):
    from landmark_gui.training.train import train

    config = config_for(project, tmp_path / "m.landmark-model")
    with pytest.raises(Cancelled):
        train(config, lambda event: None, lambda: True)
    assert read_runs(data_folder(project)) == []


# What must be the same


@pytest.fixture(scope="module")
def stopped_once(tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    folder = tmp_path_factory.mktemp("stopped")
    project, out = make_project(folder, each=6), folder / "m.landmark-model"
    config = config_for(project, out, epochs=3, probe=False)
    cancel_after(config, 1)
    return config


@pytest.fixture
def stopped(stopped_once, tmp_path: Path) -> tuple[TrainConfig, Run]:
    """A project of its own with a cancelled training; it may be moved meanwhile."""
    project = Path(stopped_once.project)
    shutil.copytree(project.parent, tmp_path / "moved")
    moved, out = tmp_path / "moved" / project.name, tmp_path / "m.landmark-model"
    config = replace(stopped_once, project=str(moved), out=str(out))
    return config, newest_run(config)


def check_refused(config: TrainConfig, run: Run, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        train(config, resume=run.id)
    assert newest_run(config).id == run.id, "what was kept stays"
    assert newest_run(config).epochs == run.epochs


def test_other_settings_are_refused(stopped):
    config, run = stopped
    check_refused(replace(config, dropout=0.1), run, "settings are not those")


def test_a_cancel_before_it_goes_on_loses_nothing(stopped):
    from landmark_gui.training.train import train as begin

    config, run = stopped
    with pytest.raises(Cancelled):
        begin(config, lambda event: None, lambda: True, run.id)
    assert (newest_run(config).id, newest_run(config).epochs) == (run.id, 1)
    assert len(train(config, resume=run.id)[0]["history"]["loss"]) == 3


def test_a_moved_box_is_refused(stopped):
    from landmark_gui.core import edits
    from landmark_gui.core.store import ProjectStore

    config, run = stopped
    with ProjectStore.open(Path(config.project)) as store:
        box = next(iter(store.load().boxes.values()))
        store.commit(edits.change_box(box, rect=box.rect.expanded(0.1)))
    check_refused(config, run, "photos, boxes or splits")


@pytest.mark.changes_photos
def test_a_photo_with_other_pixels_is_refused(stopped):
    from PIL import Image

    config, run = stopped
    photo = next(Path(config.project).parent.joinpath("photos").glob("*.jpg"))
    Image.new("RGB", (160, 120), "red").save(photo)
    check_refused(config, run, "photos, boxes or splits")


def test_splits_that_were_changed_since_do_not_matter(stopped):
    """Photos stand where they stood when the training began."""
    from landmark_gui.core import edits
    from landmark_gui.core.store import ProjectStore

    config, run = stopped
    with ProjectStore.open(Path(config.project)) as store:
        store.commit(edits.pin_photos(store.load().ordered_photos()[:3], "test"))
    metrics, _ = train(config, resume=run.id)
    assert len(metrics["history"]["loss"]) == 3


def test_another_program_is_refused(stopped):
    config, run = stopped
    file = run.folder / "environment.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "keras": "2.1"}))
    check_refused(config, run, "keras 2.1 → ")


def test_another_computer_is_told(stopped):
    config, run = stopped
    file = run.folder / "environment.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "cores": 999}))
    _, events = train(config, resume=run.id)
    assert any("another computer" in event.get("message", "") for event in events)


@pytest.mark.parametrize("damage", ["cut", "text", "another network"])
def test_a_damaged_checkpoint_is_refused(stopped, damage):
    config, run = stopped
    file = run.folder / CHECKPOINT / "last.npz"
    if damage == "another network":
        with np.load(file) as archive:
            arrays = {name: archive[name] for name in archive.files}
        arrays["weights/0"] = np.zeros((2, 2), np.float32)
        np.savez(file, **arrays)
    else:
        file.write_bytes(b"no archive" if damage == "text" else file.read_bytes()[:-1000])
    check_refused(config, run, "Start a new")


def test_a_lost_split_is_refused_and_keeps_the_epochs(stopped):
    config, run = stopped
    (run.folder / "split.json").write_text("{}")
    check_refused(config, run, "split.json")
    assert (run.folder / CHECKPOINT / "last.npz").exists()


def test_a_run_at_work_or_complete_is_not_gone_on_with(stopped):
    config, run = stopped
    held = RunFolder.reopen(run.folder.parent, run.id)
    with pytest.raises(TrainingError, match="already"):
        train(config, resume=run.id)
    held.release()
    train(config, resume=run.id)
    with pytest.raises(TrainingError, match="no unfinished run"):
        train(config, resume=run.id)


def test_other_weights_are_refused(project, random_weights, tmp_path: Path):
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built

    other = tmp_path / "other.weights.h5"
    built(backbone("mobilenet_v2", 0.35), 64).save_weights(other)
    values = {"recipe": "transfer", "weights": str(random_weights), "image_size": 64}
    config = config_for(project, tmp_path / "m.landmark-model", epochs=3, probe=False, **values)
    run = cancel_after(config, 1)
    check_refused(replace(config, weights=str(other)), run, "weights that this training builds")


# Disks


def test_a_full_disk_is_told_before_the_work(project, tmp_path: Path, monkeypatch):
    from landmark_gui.training import keeping

    usage = type("Usage", (), {"free": 3_000_000})
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(TrainingError, match="3 MB are free"):
        train(config_for(project, tmp_path / "m.landmark-model"))


@pytest.mark.parametrize("name", ["write_checkpoint", "EventFiles"])
def test_a_disk_that_fills_up_costs_no_model(name, project, tmp_path: Path, monkeypatch):
    from landmark_gui.training import checkpoints, keeping

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "SHORTEST_PAUSE", 0.0)
    monkeypatch.setattr(keeping, name, full)
    config = config_for(project, tmp_path / "m.landmark-model", probe=False)
    _, events = train(config)
    assert read_bundle(Path(config.out)).labels
    told = [event["message"] for event in events if event["event"] == "log"]
    assert any("No space left" in text for text in told)


def test_a_run_that_cannot_be_kept_costs_no_model(project, tmp_path: Path):
    data_folder(project).mkdir(exist_ok=True)
    (data_folder(project) / "runs").write_text("a file where the folder should be")
    config = config_for(project, tmp_path / "m.landmark-model", probe=False)
    metrics, events = train(config)
    assert read_bundle(Path(config.out)).labels and metrics["run"] == ""
    assert any("was not recorded" in event.get("message", "") for event in events)


# What a run keeps


def test_a_run_keeps_its_answers_and_its_data(project, tmp_path: Path):
    config = config_for(project, tmp_path / "m.landmark-model", probe=False)
    metrics, _ = train(config)
    run = newest_run(config)
    assert run.id == metrics["run"]
    answers = run.answers()
    assert len(answers) == metrics["examples"] > 0
    assert sum(answer.is_right for answer in answers) / len(answers) == metrics["accuracy"]
    assert all(answer.box_id and 0 < answer.confidence <= 1 for answer in answers)
    data = json.loads((run.folder / "data.json").read_text())
    assert (len(data["hash"]), data["examples"]) == (32, 18)
    again, _ = train(replace(config, seed=0, image_size=32))
    assert newest_run(config).data == run.data and again["run"] != run.id
    environment = json.loads((run.folder / "environment.json").read_text())
    assert {"python", "tensorflow", "system", "cores", "devices"} <= environment.keys()
    assert "training" in (run.folder / "log.txt").read_text()


def test_tensorboard_reads_the_curves_once(project, tmp_path: Path):
    config = config_for(project, tmp_path / "m.landmark-model", epochs=4, probe=False)
    run = cancel_after(config, 2)
    metrics, _ = train(config, resume=run.id)
    folder = newest_run(config).folder / "tensorboard"
    scalars = {**read_scalars(folder / "train"), **read_scalars(folder / "validation", "val_")}
    assert scalars.keys() == metrics["history"].keys()
    for name, values in metrics["history"].items():
        assert [step for step, _ in scalars[name]] == [0, 1, 2, 3]
        np.testing.assert_allclose([value for _, value in scalars[name]], values, rtol=1e-6)


def read_scalars(folder: Path, prefix: str = "") -> dict[str, list[tuple[int, float]]]:
    """As TensorFlow's own reader has them."""
    import tensorflow as tf

    found: dict[str, list[tuple[int, float]]] = {}
    for path in sorted(folder.glob("events*")):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                assert value.metadata.plugin_data.plugin_name in ("scalars", "")
                name = prefix + value.tag.removeprefix("epoch_")
                number = float(tf.make_ndarray(value.tensor))
                found.setdefault(name, []).append((event.step, number))
    return found


def test_a_training_that_lost_its_loss_is_never_gone_on_with(project, tmp_path, monkeypatch):
    """Its epochs are kept, but all that can come of them is the same end."""
    from landmark_gui.core.errors import LossLost
    from landmark_gui.core.run_list import unfinished_run
    from landmark_gui.training import train as training

    def lost(*_):
        raise LossLost("The loss is no longer a number.")

    config = config_for(project, tmp_path / "m.landmark-model", epochs=3, probe=False)
    before = cancel_after(config, 1)
    again = replace(config, seed=1)
    cancel_after(again, 2)
    later = newest_run(again)
    with monkeypatch.context() as patched:
        patched.setattr(training, "fit", lost)
        with pytest.raises(LossLost):
            train(again, resume=later.id)
    run = newest_run(again)
    assert (run.id, run.state, run.epochs, run.can_resume) == (later.id, "failed", 2, False)
    with pytest.raises(TrainingError, match="would end so again"):
        train(again, resume=later.id)
    offered = unfinished_run(data_folder(project))
    assert offered is not None and offered.id == before.id


@pytest.mark.parametrize("stepped", [True, False])
def test_after_a_first_step_a_cancel_is_given_time_to_keep_the_epoch(stepped, monkeypatch):
    """A big network makes one step in three seconds, and its checkpoint takes another."""
    from landmark_gui.jobs.worker_process import CANCEL_PATIENCE_MS
    from landmark_gui.training import worker

    slept: list[float] = []
    ended: list[int] = []
    monkeypatch.setattr(worker.time, "sleep", slept.append)
    monkeypatch.setattr(worker.os, "_exit", ended.append)
    reading, writing = os.pipe()
    channel = worker.Channel(writing)
    inbox = worker.Inbox.__new__(worker.Inbox)  # without its thread, which would read our stdin
    inbox._channel, inbox.saved, inbox.stepped = channel, None, stepped
    inbox._insist()
    channel._file.close()
    os.close(reading)
    assert ended == [0]
    assert sum(slept) == (9 if stepped else 2) < CANCEL_PATIENCE_MS / 1000


SLOW = """
import runpy, sys, time
from landmark_gui.training import checkpoints
write = checkpoints.write_checkpoint
def slowly(*given):
    time.sleep(4)
    write(*given)
from landmark_gui.training import keeping
keeping.write_checkpoint = slowly
sys.argv = ["landmark_gui", "worker"]
runpy.run_module("landmark_gui", run_name="__main__")
"""


def test_a_checkpoint_that_takes_long_is_written_after_a_cancel(
    start_worker, project, tmp_path, monkeypatch
):
    from tests import worker_client

    monkeypatch.setattr(worker_client, "EAGER", SLOW)
    config = config_for(project, tmp_path / "m.landmark-model", epochs=10_000)
    worker = start_worker(eager=True)
    worker.train(config)
    worker.read_until("epoch")
    worker.send(command="cancel")
    assert worker.finish() == (0, {"event": "cancelled"})
    run = newest_run(config)
    assert (run.state, run.can_resume) == ("cancelled", True) and run.epochs >= 1
