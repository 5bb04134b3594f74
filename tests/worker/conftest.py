"""Real worker processes on drawn photos."""

from __future__ import annotations

import sys
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


@pytest.fixture(scope="session")
def lively_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MobileNetV2 that was never trained, but normalises: else all features are nearly 0."""
    import keras
    import numpy as np

    from landmark_gui.core.backbones import backbone as known
    from landmark_gui.training.backbones import built

    keras.utils.set_random_seed(1)
    backbone = built(known("mobilenet_v2", 0.35), 64)
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    noise = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 3)).repeat(8, 1).repeat(8, 2)
    backbone(noise.astype(np.float32), training=True)
    path = tmp_path_factory.mktemp("lively") / "backbone.weights.h5"
    backbone.save_weights(path)
    return path


@pytest.fixture(autouse=True)
def empty_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Keras that has downloaded nothing yet, whatever this machine's has."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras"


@pytest.fixture(scope="module", autouse=True)
def forgotten_graphs() -> Iterator[None]:
    """What Keras traced for a file of tests goes with it: gigabytes, over all of them."""
    yield
    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(eager: bool = False, **environment: str) -> Worker:
        started.append(Worker(tmp_path / f"worker{len(started)}.log", eager, **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.close()
