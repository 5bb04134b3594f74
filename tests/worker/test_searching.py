"""The search itself: on a landscape that is made up, and with real trainings."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.errors import Cancelled, LossLost, OutOfMemory, TrainingError
from landmark_gui.core.paths import data_folder
from landmark_gui.core.search import SearchConfig, SearchResult, Space, sentence
from landmark_gui.core.search.journal import kept_search
from landmark_gui.core.studies.journal import digest_of
from tests.worker_client import config_for

pytestmark = pytest.mark.slow
pytest.importorskip("optuna")


class Landscape:
    """In the place of trainings: best at a rate of 2e-3, with scratch, and half augmented."""

    trained: list[tuple] = []  # noqa: RUF012  # of all, as a search makes several

    def __init__(self, data, emit):
        self.sizes = data

    def accuracy(self, config, at, emit, cancelled):
        rate = config.learning_rate or 1e-4
        if cancelled():
            raise Cancelled
        self.trained.append((config.recipe, rate, config.image_size, config.seed))
        height = 0.9 - 0.2 * abs(math.log10(rate / 2e-3)) - 0.3 * (config.recipe == "transfer")
        rotation = (config.augmentation or {}).get("rotation_range", 0)
        noise = np.random.default_rng([len(at.held), config.seed]).normal(0, 0.01)
        return float(np.clip(height - abs(rotation - 20) / 200 + noise, 0, 1))


@pytest.fixture
def landscape(monkeypatch):
    from landmark_gui.training import search

    monkeypatch.setattr(search, "Trials", Landscape)
    monkeypatch.setattr(search, "fetch", lambda *_: None)
    monkeypatch.setattr(Landscape, "trained", [])
    return Landscape


@pytest.fixture
def own(project: Path, tmp_path: Path) -> Path:
    """A project with nothing kept beside it."""
    shutil.copytree(project.parent / "photos", tmp_path / "photos")
    return Path(shutil.copy(project, tmp_path / "own.landmarks"))


def run(project: Path, cancelled=bool, **values) -> tuple[SearchResult, list[dict]]:
    from landmark_gui.training.search import search

    events: list[dict] = []
    base = config_for(project, Path("unused"), epochs=1)
    given = {"trials": 24, "rounds": 3, "space": Space(image_sizes=(32, 48)), **values}
    return search(SearchConfig(base, **given), events.append, cancelled), events


def kept(project: Path) -> list[Path]:
    return sorted((project.parent / "own.data" / "searches").glob("*/trials/*.json"))


def test_it_climbs_and_gives_bad_ones_up(own: Path, landscape):
    result, events = run(own)
    assert len(result.tried) == 24
    ends = [one.end for one in result.tried]
    assert ends.count("pruned") >= 3 and set(ends) == {"done", "pruned"}
    assert len(landscape.trained) == len(kept(own)) < 24 * 3
    settings = result.best.settings
    assert settings is not None and settings.recipe == "scratch" and settings.strength == 0.5
    assert 5e-4 < settings.learning_rate < 1e-2
    worst = [one for one in result.tried if one.end == "pruned"]
    assert all(len(one.accuracies) == 2 for one in worst)
    assert max(one.mean for one in worst) < result.best.mean
    told = [event for event in events if event["event"] == "tried"]
    assert [event["done"] for event in told] == list(range(1, 25))
    assert told[-1]["result"] == result.to_dict()


def test_the_same_seed_finds_the_same_and_another_does_not(own: Path, landscape):
    first, _ = run(own)
    done = len(landscape.trained)
    assert run(own)[0] == first and len(landscape.trained) == done, "it trained again"
    longer, _ = run(own, trials=30)
    assert longer.tried[:24] == first.tried


def test_resumed_equals_uninterrupted(own: Path, landscape):
    with pytest.raises(Cancelled):
        run(own, cancelled=lambda: len(landscape.trained) >= 17)
    assert len(kept(own)) == 17
    resumed, _ = run(own)
    trained = sorted(landscape.trained)
    shutil.rmtree(own.parent / "own.data")
    landscape.trained.clear()
    assert run(own)[0] == resumed and sorted(landscape.trained) == trained


def test_damaged_and_forged_results_are_refused_in_words(own: Path, landscape):
    expected, _ = run(own, trials=6)
    files = kept(own)
    files[0].write_bytes(files[0].read_bytes()[:20])
    files[1].write_bytes(b"\xff\x00" * 99)
    forged = {**json.loads(files[2].read_text()), "accuracy": 7.5}
    forged.pop("check")
    files[2].write_text(json.dumps({**forged, "check": digest_of(forged)}))
    files[3].write_text(files[3].read_text().replace('"accuracy": 0', '"accuracy": 1'))
    (files[0].parent / "000-elsewhere.json").write_text("[" * 100_000)
    before = len(landscape.trained)
    again, events = run(own, trials=6)
    assert again == expected and len(landscape.trained) == before + 4
    said = " ".join(event.get("message", "") for event in events)
    assert "5 kept trainings in" in said and "are damaged, and are done again" in said


@pytest.mark.parametrize("kind", [LossLost, OutOfMemory, TrainingError])
def test_settings_that_cannot_be_trained_do_not_end_it(own: Path, landscape, monkeypatch, kind):
    plain, asked = Landscape.accuracy, []

    def fails(self, config, at, emit, cancelled):
        if config.recipe == "transfer":
            asked.append(config)
            raise kind("no way")
        return plain(self, config, at, emit, cancelled)

    monkeypatch.setattr(Landscape, "accuracy", fails)
    result, events = run(own, trials=12)
    failed = [one for one in result.tried if one.end == "failed"]
    assert failed and {one.reason for one in failed} == {"no way"}
    assert result.best.settings is not None and result.best.settings.recipe == "scratch"
    assert any("no way" in event.get("message", "") for event in events)
    told = [event["reason"] for event in events if event["event"] == "tried"]
    assert told.count("no way") == len(failed)
    before = len(asked)
    assert run(own, trials=12)[0] == result
    assert (len(asked) == before) == (kind is not TrainingError), "what may come back is tried"


def test_a_disk_that_is_full_ends_it_in_words(own: Path, landscape, monkeypatch):
    """It is no fault of the settings."""
    from landmark_gui.core.studies import journal

    def full(path, content):
        if "trials" in path.parts:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "write_atomic", full)
    with pytest.raises(TrainingError, match=r"could not be written: No space left"):
        run(own)


def test_own_settings_that_cannot_be_trained_are_named(own: Path, landscape, monkeypatch):
    def fails(*_):
        raise LossLost("It is lost.")

    monkeypatch.setattr(Landscape, "accuracy", fails)
    with pytest.raises(TrainingError, match=r"^Your own settings, .* cannot be trained: It is"):
        run(own)


def test_recipes_whose_weights_cannot_be_had_are_left_out(own: Path, landscape, monkeypatch):
    from landmark_gui.training import search

    def offline(config, *_):
        if config.recipe != "scratch":
            raise TrainingError("No network.")

    monkeypatch.setattr(search, "fetch", offline)
    every = Space(("transfer", "scratch", "fine-tune"), image_sizes=(32, 48))
    result, events = run(own, trials=10, space=every)
    recipes = {one.settings.recipe for one in result.tried if one.settings}
    assert recipes == {"scratch"} and {one.end for one in result.tried} <= {"done", "pruned"}
    assert result.left_out == {"transfer": "No network.", "fine-tune": "No network."}
    said = [event["message"] for event in events if event["event"] == "log"]
    assert "“transfer” was left out: No network." in said
    assert "“transfer” was left out: No network." in sentence(result)
    with pytest.raises(TrainingError, match="No network"):
        run(own, space=Space(("transfer",), image_sizes=(32,)))


def test_a_weights_file_that_fits_nothing_is_known_from_the_start(own: Path, landscape, tmp_path):
    from landmark_gui.training.search import without_weights

    (tmp_path / "w.h5").write_bytes(b"none")
    base = config_for(own, Path("unused"), weights=str(tmp_path / "w.h5"))
    left_out = without_weights(SearchConfig(base), print, bool)
    assert "cannot be used" in left_out["transfer"] and list(left_out) == ["transfer"]


def test_memory_that_runs_out_is_told_in_words():
    import tensorflow as tf

    from landmark_gui.training.trials import memory_in_words

    for error in (MemoryError(), tf.errors.ResourceExhaustedError(None, None, "OOM")):
        with pytest.raises(OutOfMemory, match="Try a smaller batch size"), memory_in_words():
            raise error


@pytest.mark.parametrize("what", ["key", "trials", "searches"])
def test_a_folder_that_is_none_is_refused_in_words(own: Path, landscape, what: str):
    run(own, trials=2)
    data = own.with_suffix(".data")
    (folder,) = (data / "searches").iterdir()
    place = {"key": folder, "trials": folder / "trials", "searches": data / "searches"}[what]
    shutil.rmtree(place)
    place.write_text("a file")
    with pytest.raises(TrainingError, match="could not be written"):
        run(own, trials=2)
    assert place.read_text() == "a file"


def test_what_came_out_is_kept_for_whoever_looks(own: Path, landscape):
    result, _ = run(own, trials=5)
    base = config_for(own, Path("unused"), epochs=1)
    kept = kept_search(data_folder(own), base)
    assert kept is not None and kept.result == result and kept.is_of(base)
    assert kept.config.trials == 5


def test_the_test_split_takes_no_part(own: Path, monkeypatch):
    from landmark_gui.training import search

    seen = []

    class Watching(Landscape):
        def __init__(self, data, emit):
            seen.extend(crop for view in data.views.values() for crop in view.crops)

    monkeypatch.setattr(search, "Trials", Watching)
    monkeypatch.setattr(search, "fetch", lambda *_: None)
    run(own, trials=2)
    assert seen and {crop.split for crop in seen} == {"train", "validation"}


def test_real_trainings_through_the_worker(own: Path, start_worker):
    base = config_for(own, Path("unused"), epochs=1)
    space = Space(("scratch",), (1e-3, 1e-2), (32,), (0.0, 1.0))
    config = SearchConfig(replace(base, image_size=32), space, trials=2, rounds=2)
    worker = start_worker()
    worker.send(command="search", config=config.to_dict())
    worker.read_until("tried", done=1)
    worker.send(command="cancel")
    code, last = worker.finish()
    assert (code, last["event"]) == (0, "cancelled")
    first = {path.name: path.read_text() for path in kept(own)}
    assert len(first) >= 2
    again = start_worker()
    again.send(command="search", config=config.to_dict())
    code, last = again.finish()
    assert (code, last["event"]) == (0, "done"), last
    result = SearchResult.from_dict(last["metrics"])
    assert len(result.tried) == 2 and all(one.accuracies for one in result.tried)
    assert {path.name: path.read_text() for path in kept(own)}.items() >= first.items()


def test_the_command_prints_what_trains_with_it(own: Path, landscape, tmp_path: Path, capsys):
    from landmark_gui import cli

    out = tmp_path / "found"
    options = ["--trials", "8", "--rounds", "2", "--sizes", "32", "--recipe", "scratch"]
    own_options = ["--image-size", "32", "--epochs", "3", "--margin", "0.1", "--no-feature-cache"]
    code = cli.main(["search", str(own), "--out", str(out), *options, *own_options, "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0 and told["done"] == 8
    assert {path.name for path in out.iterdir()} >= {"search.json", "search.csv", "best.txt"}
    words = told["command"].split()
    assert words[:3] == ["landmark-gui", "train", str(own)]
    pairs = dict(pairwise(words))
    assert (pairs["--epochs"], pairs["--margin"]) == ("3", "0.1") and "--no-feature-cache" in words
    assert pairs["--recipe"] == told["settings"]["recipe"] and "--trials" not in words
    parsed = cli._parser().parse_args(words[1:])
    assert parsed.image_size == 32 and parsed.learning_rate == told["settings"]["learning_rate"]


def test_it_needs_nothing_that_the_built_program_leaves_out():
    code = """
import sys
for name in ("alembic", "mako", "scipy", "sqlalchemy"):
    sys.modules[name] = None
import optuna
study = optuna.create_study(direction="maximize", pruner=optuna.pruners.MedianPruner(4, 1))
for number in range(12):
    study.sampler = optuna.samplers.TPESampler(seed=number, n_startup_trials=8)
    trial = study.ask()
    value = trial.suggest_float("rate", 1e-4, 1e-2, log=True)
    trial.suggest_categorical("size", (96, 128))
    for step in range(3):
        trial.report(value, step)
    study.tell(trial, None if trial.should_prune() else value,
               optuna.trial.TrialState.PRUNED if trial.should_prune() else None)
print(len(study.trials))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip() == "12", ran.stderr
