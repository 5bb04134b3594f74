"""The worker process as its supervisor sees it: pipes, events and an exit code."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.evaluation.report import as_json
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluation import evaluated
from tests.worker_client import Worker, config_for

pytestmark = pytest.mark.slow
StartWorker = Callable[..., Worker]


def kinds(worker: Worker) -> list[str]:
    """The events in order, states by their name, repetitions left out."""
    names = [event.get("state", event["event"]) for event in worker.events]
    return [name for name, before in zip(names, [None, *names[:-1]], strict=True) if name != before]


def test_a_training_tells_its_whole_way_and_leaves_a_model(start_worker, project, tmp_path):
    out = tmp_path / "model" / "new.landmark-model"
    worker = start_worker()
    worker.train(config_for(project, out))
    code, done = worker.finish()
    assert (code, done["event"], done["model"]) == (0, "done", str(out))
    starting = ["starting", "importing", "ready", "preparing", "log", "preparing", "dataset"]
    learning = ["training", "step", "epoch", "step", "epoch", "diagnosis", "saving", "saved"]
    assert kinds(worker) == [*starting, *learning, "probing", "log", "done"]
    check_steps(worker)
    assert done["metrics"]["probe"] is None
    assert "does not download" in done["metrics"]["probe_reason"]
    check_diagnosis(worker, done["metrics"])
    check_model(out, project, done["metrics"])


def check_steps(worker: Worker) -> None:
    dataset = next(event for event in worker.events if event["event"] == "dataset")
    assert dataset["counts"]["train"] == dict.fromkeys(dataset["classes"], 6)
    assert (dataset["epochs"], dataset["steps"]) == (2, 3)
    steps = [event for event in worker.events if event["event"] == "step"]
    assert {(event["epoch"], event["step"]) for event in steps} >= {(1, 1), (1, 3), (2, 3)}
    assert all(event["steps"] == 3 and event["epochs"] == 2 for event in steps)
    assert steps[-1]["seconds_left"] == 0
    epochs = [event for event in worker.events if event["event"] == "epoch"]
    assert epochs[0]["best"] and all(event["val_loss"] > 0 for event in epochs)


def check_diagnosis(worker: Worker, metrics: dict) -> None:
    """Two epochs on eighteen photos: what is measured meanwhile, and what is said of so few."""
    told = [event for event in worker.events if event["event"] == "diagnosis"]
    assert metrics["diagnosis"] == told[-1]["findings"]
    assert "too_few_photos" in [finding["kind"] for finding in metrics["diagnosis"]]
    first, last = (event for event in worker.events if event["event"] == "epoch")
    assert sum(map(sum, first["confusion"])) == 3 and first["memory"] > 1e8
    assert len(last["dead"]) == 4 and last["images_per_second"] > 0


def check_model(out: Path, project: Path, metrics: dict) -> None:
    bundle = read_bundle(out)
    assert list(bundle.labels) == metrics["classes"]
    assert bundle.card["metrics"]["accuracy"] == metrics["accuracy"]
    assert bundle.card["preprocessing"]["size"] == 48
    assert str(project.parent) not in str(bundle.card), "the card must not tell where it was made"
    assert as_json(evaluated(bundle, project))["confusion"] == metrics["confusion"]
    photo = next((project.parent / "photos").iterdir())
    assert Classifier(bundle).classify(photo).label in bundle.labels
    runs = list(project.with_suffix(".data").joinpath("runs").iterdir())
    files = {"config.json", "history.json", "metrics.json", "split.json", "environment.json"}
    assert files <= {file.name for file in runs[0].iterdir()}


def test_a_waiting_worker_ends_with_its_window(start_worker):
    worker = start_worker()
    worker.read_until("state", state="importing")
    worker.process.stdin.close()
    assert worker.process.wait(60) == 2


def test_cancel_before_the_first_batch(start_worker, project, tmp_path):
    worker = start_worker()
    worker.train(config_for(project, tmp_path / "m.landmark-model"))
    worker.send(command="cancel")
    code, last = worker.finish()
    assert (code, last) == (0, {"event": "cancelled"})
    assert "step" not in kinds(worker)


def test_cancel_in_training_leaves_no_file(start_worker, project, tmp_path):
    out = tmp_path / "models" / "m.landmark-model"
    worker = start_worker()
    worker.train(config_for(project, out, epochs=10_000))
    worker.read_until("epoch")
    worker.send(command="cancel")
    code, last = worker.finish()
    assert (code, last) == (0, {"event": "cancelled"})
    assert not out.parent.exists() or not list(out.parent.iterdir())


def test_a_killed_worker_leaves_the_old_model_whole(start_worker, project, tmp_path):
    out = tmp_path / "models" / "m.landmark-model"
    out.parent.mkdir()
    out.write_bytes(b"the old model")
    worker = start_worker()
    worker.train(config_for(project, out, epochs=10_000))
    worker.read_until("step")
    os.kill(worker.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert worker.finish()[0] != 0
    assert {event["event"] for event in worker.events}.isdisjoint({"done", "failed", "cancelled"})
    assert [file.read_bytes() for file in out.parent.iterdir()] == [b"the old model"]


def test_failures_are_told_in_words(start_worker, project, tmp_path):
    """Wrong settings, and weights that can be had neither from the cache nor from the network."""
    wrong = start_worker()
    lonely = start_worker(KERAS_HOME=str(tmp_path / "keras"), https_proxy="http://127.0.0.1:9")
    config = config_for(project, tmp_path / "m.landmark-model", recipe="transfer")
    wrong.send(command="train", config={**config.to_dict(), "epochs": 0})
    lonely.train(config)
    code, failed = wrong.finish()
    assert (code, failed["event"]) == (1, "failed")
    assert "epochs is 0" in failed["message"] and "Traceback" in failed["detail"]
    code, failed = lonely.finish()
    assert (code, failed["event"]) == (1, "failed")
    assert "choose a weights file" in failed["message"] and "scratch" in failed["message"]
    assert not list((tmp_path / "keras").rglob("*.h5"))


def test_while_the_backbone_looks_cancel_and_a_closed_window_end_it(
    start_worker, project, random_weights, tmp_path
):
    values = {"recipe": "transfer", "weights": str(random_weights), "batch_size": 1}
    many = AugmentationConfig(rotation_range=10).to_dict()
    out = tmp_path / "models" / "m.landmark-model"
    config = config_for(project, out, image_size=160, epochs=20, augmentation=many, **values)
    cancelled, closed = start_worker(), start_worker()
    ways_out = {
        cancelled: lambda: cancelled.send(command="cancel"),
        closed: lambda: closed.process.stdin.close(),
    }
    for worker, leave in ways_out.items():  # one at a time: the backbone does not wait
        worker.train(config)
        worker.read_until("preparing", features=True, done=1)
        leave()
    assert cancelled.finish() == (0, {"event": "cancelled"})
    assert closed.process.wait(60) == 2
    assert not any(event["event"] == "step" for event in cancelled.events)
    assert not out.parent.exists() or not list(out.parent.iterdir())
