"""A real worker process and a project of drawn photos for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from landmark_gui.core import edits, scan
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.sample import LANDMARKS, write_sample_photos
from landmark_gui.core.store import ProjectStore

Event = dict[str, Any]
SLOW_MACHINE = 180
"""Seconds after which a worker that says nothing counts as hanging."""


def make_project(folder: Path, each: int) -> Path:
    """A project of drawn photos, each with the box around its landmark."""
    boxes = write_sample_photos(folder / "photos", each=each, size=(160, 120))
    path = folder / "sample.landmarks"
    with ProjectStore.create(path, folder / "photos") as store:
        for photos in scan.new_photos(store.load(), store.photos_dir):
            store.put_photos(photos)
        project = store.load()
        for name in LANDMARKS:
            edit = edits.add_landmark(project, name)
            project.apply(edit)
            store.commit(edit)
        for photo in project.ordered_photos():
            name, rect = boxes[photo.path]
            landmark = project.landmark_named(name)
            assert landmark is not None
            store.commit(edits.add_box(photo.id, landmark.id, rect))
    return path


def config_for(project: Path, out: Path, **values: Any) -> TrainConfig:
    quick = {"recipe": "scratch", "image_size": 48, "batch_size": 6, "epochs": 2}
    return TrainConfig(str(project), str(out), **{**quick, **values})


EAGER = """
import runpy, sys
from landmark_gui.training import checkpoints
checkpoints.SHORTEST_PAUSE, checkpoints.SHARE = 0.0, 1e9
sys.argv = ["landmark_gui", "worker"]
runpy.run_module("landmark_gui", run_name="__main__")
"""
"""A worker that writes a checkpoint of every epoch, however quick."""


class Worker:
    """A worker process: its events in order, and its end."""

    def __init__(self, log: Path, eager: bool = False, **environment: str) -> None:
        program = ["-c", EAGER] if eager else ["-m", "landmark_gui", "worker"]
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **environment},
            )
        self.log = log
        self.events: list[Event] = []

    def send(self, **command: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def train(self, config: TrainConfig, resume: str = "") -> None:
        self.send(command="train", config=config.to_dict(), resume=resume)

    def read_until(self, event: str, **values: Any) -> Event:
        """Read events up to the first of this kind and these values."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))  # nothing but events may stand there
            last = self.events[-1]
            if last["event"] == event and values.items() <= last.items():
                return last
        raise AssertionError(f"no {event} {values} in {self.events}\n{self.log.read_text()}")

    def finish(self) -> tuple[int, Event]:
        """Exit code and last event."""
        assert self.process.stdout is not None
        self.events += [json.loads(line) for line in self.process.stdout]
        return self.process.wait(SLOW_MACHINE), self.events[-1]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
