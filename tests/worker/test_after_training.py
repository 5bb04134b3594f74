"""The probe at the end of real trainings: its result, and that it never costs the model."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.dataset import load_project_examples
from landmark_gui.core.errors import Cancelled, DatasetError
from landmark_gui.core.paths import data_folder
from landmark_gui.core.run_folder import PROBE
from landmark_gui.core.run_results import newest_probe
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import read_bundle
from tests.worker_client import Event, Worker, config_for, make_project

pytestmark = pytest.mark.slow
StartWorker = Callable[..., Worker]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path, each=6)


@pytest.fixture
def config(project: Path, random_weights: Path, tmp_path: Path) -> TrainConfig:
    values = {"recipe": "transfer", "weights": str(random_weights), "image_size": 64, "epochs": 1}
    return config_for(project, tmp_path / "m.landmark-model", **values)


def probed(
    config: TrainConfig,
    run: Path,
    on_event: Callable[[Event], None] = lambda event: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[dict[str, Any], list[Event]]:
    """What comes after a training of the model that the config has built."""
    from landmark_gui.training import after, recipes

    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        on_event(event)

    examples = load_project_examples(Path(config.project), config.crop_settings)
    model = recipes.built_model(config, len(examples.classes), print)
    return after.probed(config, examples, model, run, emit, cancelled), events


def probed_of(model: Path, project: Path) -> Any:
    """That the model is whole and its run complete; and the probe of the run."""
    assert read_bundle(model).labels
    (run,) = data_folder(project).joinpath("runs").iterdir()
    assert run.suffix == "" and (run / "metrics.json").is_file()
    path = run / "probe.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def test_a_training_ends_with_its_probe(start_worker: StartWorker, config, project):
    worker = start_worker()
    worker.train(config)
    code, done = worker.finish()
    assert (code, done["event"]) == (0, "done")
    kept = probed_of(Path(config.out), project)
    assert done["metrics"]["probe"] == kept
    assert kept["examples"] == 18 and kept["folds"] == 5 and len(kept["seeds"]) == 5
    assert kept["backbone"] == "mobilenetv2_0.35_64, 64 pixels"
    assert 0 <= kept["honest"]["value"] <= 1 and kept["chance"] == pytest.approx(1 / 3)
    told = [event for event in worker.events if event["event"] == "probing"]
    assert [event["done"] for event in told if event["part"] == "features"] == [
        15,
        16,
        17,
        18,
    ]  # the others are at hand
    assert [event["done"] for event in told if event["part"] == "folds"] == list(range(1, 51))
    read = newest_probe(data_folder(project))
    assert read is not None and read.to_dict() == kept
    assert "probe" not in read_bundle(Path(config.out)).card["metrics"]


def test_a_cancel_in_the_probe_ends_it_and_keeps_the_model(
    start_worker: StartWorker, config, project
):
    worker = start_worker()
    worker.train(config)
    worker.read_until("saved")
    worker.send(command="cancel")
    code, done = worker.finish()
    assert (code, done["event"], done["model"]) == (0, "done", config.out)
    assert done["metrics"]["probe"] is None and "stopped" in done["metrics"]["probe_reason"]
    assert done["metrics"]["best_epoch"] == 1
    assert probed_of(Path(config.out), project) is None


def test_a_cancel_that_nobody_answers_still_ends_with_the_model(monkeypatch):
    """The worker insists after a while; by then the model is saved, and it says so."""
    from landmark_gui.training import worker

    ended: list[int] = []
    monkeypatch.setattr(worker, "CANCEL_PATIENCE", 0)
    monkeypatch.setattr(worker.os, "_exit", ended.append)
    reading, writing = os.pipe()
    channel = worker.Channel(writing)
    inbox = worker.Inbox.__new__(worker.Inbox)  # without its thread, which would read our stdin
    inbox._channel, inbox.saved = channel, {"event": "done", "model": "m", "metrics": {}}
    inbox._insist()
    channel._file.close()
    with os.fdopen(reading) as sent:
        assert json.loads(sent.read()) == inbox.saved
    assert ended == [0]


@pytest.mark.parametrize("part", ["features", "folds"])
def test_a_cancel_is_heard_in_both_parts(part, config, tmp_path):
    asked: list[Event] = []

    def note(event: Event) -> None:
        if event.get("part") == part:
            asked.append(event)

    metrics, events = probed(config, tmp_path, note, lambda: len(asked) > 2)
    assert metrics["probe"] is None and "stopped" in metrics["probe_reason"]
    folds = [event for event in events if event.get("part") == "folds"]
    assert len(folds) == (0 if part == "features" else 3)
    assert any("stopped" in event.get("message", "") for event in events)
    assert not (tmp_path / PROBE).exists()


def test_ctrl_c_in_the_probe_ends_the_probe_alone(config, tmp_path):
    def press(event: Event) -> None:
        if event["event"] == "probing":
            raise KeyboardInterrupt

    metrics, _ = probed(config, tmp_path, press)
    assert metrics["probe"] is None and "stopped" in metrics["probe_reason"]


def test_a_failure_of_the_probe_is_told_and_keeps_the_model(monkeypatch, config, project):
    from landmark_gui.training import after
    from landmark_gui.training.train import train

    def fail(*args: Any) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(after, "probe", fail)
    events: list[Event] = []
    metrics = train(config, events.append)
    assert metrics["probe"] is None and metrics["probe_reason"] == "ValueError: a bug"
    assert any("ValueError: a bug" in event.get("message", "") for event in events)
    assert probed_of(Path(config.out), project) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [(MemoryError(), "Memory ran out."), (DatasetError("in words"), "in words")],
)
def test_what_went_wrong_is_said_in_words(error, reason, monkeypatch, config, tmp_path):
    from landmark_gui.training import after

    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(after, "crop_features", fail)
    metrics, _ = probed(config, tmp_path)
    assert metrics == {"probe": None, "probe_reason": reason}


def test_a_result_that_cannot_be_kept_is_reported_all_the_same(config, tmp_path):
    (tmp_path / "file").write_text("")
    metrics, events = probed(config, tmp_path / "file")
    assert metrics["probe"]["examples"] == 18
    assert any("not recorded" in event.get("message", "") for event in events)


def test_unasked_nothing_is_probed(config, tmp_path):
    config = TrainConfig.from_dict({**config.to_dict(), "probe": False})
    metrics, events = probed(config, tmp_path)
    assert metrics["probe"] is None and metrics["probe_reason"]
    assert events == [] and not (tmp_path / PROBE).exists()


def test_scratch_is_probed_with_a_weights_file(config, tmp_path):
    config = TrainConfig.from_dict({**config.to_dict(), "recipe": "scratch"})
    metrics, _ = probed(config, tmp_path)
    assert metrics["probe"]["backbone"] == "mobilenetv2_0.35_160, 160 pixels"
    assert json.loads((tmp_path / PROBE).read_text("utf-8")) == metrics["probe"]


def test_scratch_is_probed_with_weights_that_keras_has_already(
    config, random_weights, empty_keras_cache
):
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built
    from landmark_gui.training.weights import at_hand

    scratch = TrainConfig.from_dict({**config.to_dict(), "recipe": "scratch", "weights": None})
    assert at_hand(scratch, 96, print) is None
    cache = empty_keras_cache / "models"
    cache.mkdir(parents=True)
    # In Keras' own old form of a weights file, under the name that its download has.
    name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    (cache / name).write_bytes(b"cut short")
    assert at_hand(scratch, 96, print) is None
    assert (cache / name).exists()
    old = built(backbone("mobilenet_v2", 0.35), 96)
    old.load_weights(random_weights)
    old.save(cache / "whole.h5", include_optimizer=False)
    shutil.move(cache / "whole.h5", cache / name)
    found = at_hand(scratch, 96, print)
    assert found is not None
    np.testing.assert_array_equal(found[1].get_weights()[0], old.get_weights()[0])


def test_features_do_not_depend_on_how_crops_are_portioned(monkeypatch, config):
    from landmark_gui.training import features, recipes

    examples = load_project_examples(Path(config.project), config.crop_settings)
    model = features.feature_model(recipes.built_model(config, 3, print))

    def rows() -> tuple[np.ndarray, list]:
        return features.crop_features(model, examples.crops, lambda *_: None, lambda: False)

    whole, crops = rows()
    monkeypatch.setattr(features, "CHUNK", 5)
    portions, same = rows()
    assert whole.shape == (18, 1280) and crops == same == examples.crops
    np.testing.assert_allclose(portions, whole, atol=1e-4)
    assert whole.std() > 0


def test_a_photo_that_vanished_is_left_out_of_the_features(monkeypatch, config):
    from landmark_gui.training import features, recipes

    examples = load_project_examples(Path(config.project), config.crop_settings)
    lost = examples.crops[4].path
    lost.unlink()
    model = features.feature_model(recipes.built_model(config, 3, print))
    monkeypatch.setattr(features, "CHUNK", 5)
    rows, crops = features.crop_features(model, examples.crops, lambda *_: None, lambda: False)
    assert len(rows) == len(crops) == 17 and lost not in {crop.path for crop in crops}
    with pytest.raises(Cancelled):
        features.crop_features(model, examples.crops, lambda *_: None, lambda: True)
