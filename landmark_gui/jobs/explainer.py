"""A process that says where a model looks, kept alive from one photo to the next.

It loads TensorFlow and the Keras form of the model once; see `training.explaining`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core.heat import HeatMap
from landmark_gui.core.i18n import language, tr
from landmark_gui.core.log_files import log_folder
from landmark_gui.jobs.supervisor import SHUTDOWN_PATIENCE_MS, Event, Supervisor, worker_command

Box = tuple[float, float, float, float]

IDLE_MS = 5 * 60_000
"""After so long without a question the process ends, and gives back its memory."""


@dataclass(frozen=True)
class _Question:
    id: int
    key: object
    photo: Path
    command: Event


class Explainer(QObject):
    """Asks one question at a time, of which only the newest matters.

    Of a question that another one has taken the place of, nothing is told.

    Args:
        command: what to start; `worker_command()` unless a test says otherwise.
        log_path: file for the process's stderr, begun anew at each start; the one before is kept.

    Signals:
        explained(object, HeatMap): the answer to the question of this key.
        failed(object, str): why there is none; names the photo, or the model if it is at fault.
        state_changed(str): "starting", "importing", "explaining", "ready", and "idle" when there
            is no process.

    Attributes:
        state: as told by `state_changed`.
    """

    explained = Signal(object, object)
    failed = Signal(object, str)
    state_changed = Signal(str)

    def __init__(
        self,
        command: Sequence[str] | None = None,
        log_path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command or worker_command())
        self._log_path = log_path or log_folder() / "explain.log"
        self._supervisor: Supervisor | None = None
        self._count = 0
        self._waiting: _Question | None = None
        self._asked: _Question | None = None
        self._wanted = False  # the answer to what was asked
        self._leaving = False  # the process was told to end
        self.state = "idle"
        self._idle_timer = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle_timer.timeout.connect(self._hang_up)

    def ask(
        self,
        key: object,
        model: Path,
        photo: Path,
        box: Box | None = None,
        label: str | None = None,
    ) -> None:
        """Ask where a model looks on a photo; `explained` or `failed` follows.

        Args:
            key: comes back with the answer.
            model: a model file.
            box: x, y, w, h in oriented pixels of the photo, of what is shown to the model as its
                training would have cut it; None is the whole photo.
            label: which class to look for; None is the most probable one.
        """
        self._count += 1
        command = {
            "command": "explain",
            "language": language(),
            "id": self._count,
            "model": str(model),
            "photo": str(photo),
            "box": None if box is None else list(box),
            "label": label,
        }
        self._waiting = _Question(self._count, key, photo, command)
        self._wanted = False
        self._ask_next()

    def cancel(self) -> None:
        """Forget what was asked. The process stays."""
        self._waiting, self._wanted = None, False

    def shutdown(self) -> None:
        """End the process and its thread; for the end of the program. Emits nothing."""
        self.cancel()
        self._idle_timer.stop()
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        supervisor.end(SHUTDOWN_PATIENCE_MS)

    def _ask_next(self) -> None:
        if self._waiting is None or self._asked is not None or self._leaving:
            return
        self._asked, self._waiting, self._wanted = self._waiting, None, True
        self._idle_timer.stop()
        supervisor = self._supervisor or self._start()
        supervisor.send(self._asked.command)
        if self.state == "ready":
            self._set_state("explaining")

    def _start(self) -> Supervisor:
        supervisor = Supervisor(self._command, self._log_path, self)
        supervisor.task = "explain"
        supervisor.arrived.connect(self._drain)
        supervisor.finished.connect(self._ended)
        self._supervisor = supervisor
        self._set_state("starting")
        supervisor.start()
        return supervisor

    def _drain(self) -> None:
        for event in self._supervisor.take() if self._supervisor else ():
            self._receive(event)

    def _receive(self, event: Event) -> None:
        kind = event["event"]
        if kind == "state":
            ready = event.get("state") == "ready"
            self._set_state("explaining" if ready and self._asked else str(event.get("state")))
        elif kind in ("heat", "unexplained") and self._asked and event.get("id") == self._asked.id:
            self._answered(self._asked, event)

    def _answered(self, question: _Question, event: Event) -> None:
        wanted = self._forget_asked()
        self._set_state("ready")
        self._idle_timer.start()
        self._ask_next()
        if not wanted:
            return
        if event["event"] == "heat":
            self.explained.emit(question.key, _heat_map(event))
        else:
            self.failed.emit(question.key, str(event.get("message")))

    def _forget_asked(self) -> bool:
        """Whether the answer was still wanted."""
        wanted, self._asked, self._wanted = self._wanted, None, False
        return wanted

    def _hang_up(self) -> None:
        if self._supervisor is not None and self._asked is None:
            self._leaving = True
            self._supervisor.hang_up()

    def _ended(self) -> None:
        supervisor = self._supervisor
        if supervisor is None or not supervisor.isFinished():
            return  # this is about one that `shutdown` has dealt with
        self._drain()
        supervisor.deleteLater()
        self._supervisor, self._leaving = None, False
        self._idle_timer.stop()
        self._set_state("idle")
        question = self._asked
        if self._forget_asked() and question is not None:
            reason = supervisor.outcome.message
            said = tr("{path} could not be explained: {reason}", path=question.photo, reason=reason)
            self.failed.emit(question.key, said)
        self._ask_next()

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _heat_map(event: dict[str, Any]) -> HeatMap:
    values = np.array(event["values"], np.float32).reshape(event["shape"])
    part = event.get("part")
    return HeatMap(values, str(event["label"]), tuple(part) if part else None)
