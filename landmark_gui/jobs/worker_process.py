"""The training process: started, fed, cancelled and buried, under a thread that supervises it.

Why a process under a thread stands in docs/adr/0001.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core.i18n import language
from landmark_gui.core.log_files import log_folder
from landmark_gui.jobs.supervisor import (
    SHUTDOWN_PATIENCE_MS,
    Event,
    Kind,
    Supervisor,
    Task,
    WorkerOutcome,
    worker_command,
)

if TYPE_CHECKING:
    from landmark_gui.core.model_export import ModelExport
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.core.search import SearchConfig
    from landmark_gui.core.studies import StudyConfig

__all__ = ["Event", "Kind", "TrainingWorker", "WorkerOutcome", "worker_command"]

CANCEL_PATIENCE_MS = 10_000
PAINT_INTERVAL_MS = 33
_log = logging.getLogger(__name__)


class TrainingWorker(QObject):
    """Starts, feeds, cancels and buries the training process, which does one thing at a time.

    Args:
        command: what to start; `worker_command()` unless a test says otherwise.
        log_path: file for the process's stderr, begun anew at each start; the one before is kept.

    Signals:
        state_changed(str): "starting", "importing", "ready", "preparing", "training",
            "studying", "searching" or "exporting", "saving", "checking", and "idle" when there is
            no process.
        event_received(dict): each event of the protocol; of several steps that arrive
            between two paints only the newest.
        finished(WorkerOutcome): what `train`, `study`, `search` or `convert` began is over.

    Attributes:
        state: as told by `state_changed`.
        task: what runs: "train", "study", "search", "convert", or "" for nothing.
    """

    state_changed = Signal(str)
    event_received = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        command: Sequence[str] | None = None,
        log_path: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command or worker_command())
        self._log_path = log_path or log_folder() / "worker.log"
        self._supervisor: Supervisor | None = None
        self._stepped = False
        self.state = "idle"
        self.task: Task = ""
        self._paint_timer = self._single_shot(PAINT_INTERVAL_MS, self._drain)
        self._kill_timer = self._single_shot(CANCEL_PATIENCE_MS, self._kill)

    @property
    def is_training(self) -> bool:
        """Whether something runs, be it a training or a study."""
        return bool(self.task)

    def prestart(self) -> None:
        """Start a process that imports TensorFlow and waits, unless there is one."""
        if self._supervisor is None:
            self._start()

    def train(self, config: TrainConfig, resume: str = "") -> None:
        """Begin a training, in the waiting process if there is one.

        Args:
            resume: the id of an unfinished run to go on with; the config is its own.

        Raises:
            RuntimeError: if a training or a study is running.
        """
        self._begin("train", config, **({"resume": resume} if resume else {}))

    def study(self, config: StudyConfig) -> None:
        """Begin a study, or go on with it, as `train` begins a training."""
        self._begin("study", config)

    def search(self, config: SearchConfig) -> None:
        """Begin a search, or go on with it, as `train` begins a training."""
        self._begin("search", config)

    def convert(self, asked: ModelExport) -> None:
        """Begin to hand on a model in another form, as `train` begins a training."""
        self._begin("convert", asked)

    def cancel(self) -> None:
        """Ask what runs to stop, and insist after 10 s.

        While the process imports or traces it cannot listen, and has nothing to lose: it is
        killed at once.
        """
        if not self.is_training or self._supervisor is None:
            return
        self._supervisor.cancelled = True
        deaf = self.state in ("starting", "importing")
        if deaf or (self.state == "training" and not self._stepped):
            self._kill()
        else:
            self._supervisor.send({"command": "cancel"})
            self._kill_timer.start()

    def shutdown(self) -> None:
        """End the process and its thread; for the end of the program. Emits nothing."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        self._forget_training()
        supervisor.end(SHUTDOWN_PATIENCE_MS)

    def _begin(
        self,
        task: Task,
        config: TrainConfig | StudyConfig | SearchConfig | ModelExport,
        **more: str,
    ) -> None:
        if self.task:
            raise RuntimeError(f"busy: {self.task}")
        self.task, self._stepped = task, False
        supervisor = self._started()
        supervisor.task = task
        supervisor.send(
            {"command": task, "language": language(), "config": config.to_dict(), **more}
        )

    def _single_shot(self, interval: int, slot: Any) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval)
        timer.timeout.connect(slot)
        return timer

    def _started(self) -> Supervisor:
        return self._supervisor or self._start()

    def _start(self) -> Supervisor:
        supervisor = Supervisor(self._command, self._log_path, self)
        supervisor.arrived.connect(self._wait_for_paint)
        supervisor.finished.connect(self._ended)
        self._supervisor = supervisor
        self._set_state("starting")
        supervisor.start()
        return supervisor

    def _wait_for_paint(self) -> None:
        if not self._paint_timer.isActive():
            self._paint_timer.start()

    def _drain(self) -> None:
        for event in self._supervisor.take() if self._supervisor else ():
            self._receive(event)

    def _receive(self, event: Event) -> None:
        if event["event"] == "state":
            self._set_state(str(event.get("state")))
        elif event["event"] == "step":
            self._stepped = True
        self.event_received.emit(event)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _kill(self) -> None:
        if self._supervisor is not None:
            self._supervisor.kill()

    def _ended(self) -> None:
        supervisor = self._supervisor
        if supervisor is None or not supervisor.isFinished():
            return  # this is about one that `shutdown` has dealt with
        self._drain()
        supervisor.deleteLater()
        self._supervisor = None
        was_training = self.is_training
        self._forget_training()
        self._set_state("idle")
        if was_training:
            self.finished.emit(supervisor.outcome)
        else:
            _log.warning("The waiting training process ended: %s", supervisor.outcome.details)

    def _forget_training(self) -> None:
        self._paint_timer.stop()
        self._kill_timer.stop()
        self.task = ""
