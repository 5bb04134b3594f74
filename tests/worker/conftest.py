"""Real worker processes on drawn photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.worker_client import Worker, make_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"), each=8)


@pytest.fixture(scope="session")
def random_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MobileNetV2 of width 0.35 that was never trained, as Keras saves its weights."""
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built

    path = tmp_path_factory.mktemp("weights") / "backbone.weights.h5"
    built(backbone("mobilenet_v2", 0.35), 64).save_weights(path)
    return path


@pytest.fixture(autouse=True)
def empty_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Keras that has downloaded nothing yet, whatever this machine's has."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(eager: bool = False, **environment: str) -> Worker:
        started.append(Worker(tmp_path / f"worker{len(started)}.log", eager, **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.close()
