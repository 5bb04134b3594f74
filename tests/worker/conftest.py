"""Real worker processes on drawn photos."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.worker_client import Worker, make_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"), each=8)


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def start(**environment: str) -> Worker:
        started.append(Worker(tmp_path / f"worker{len(started)}.log", **environment))
        return started[-1]

    yield start
    for worker in started:
        worker.close()
