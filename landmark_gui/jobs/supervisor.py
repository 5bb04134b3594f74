"""A thread that owns one worker process: starts it, reads it to its end, says how it ended.

The process speaks `core.protocol`: events on its stdout, commands on its stdin. What it
prints besides goes to its log. If it dies, the window and its boxes live on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from PySide6.QtCore import QObject, QThread, Signal

from landmark_gui.core import log_files
from landmark_gui.core.i18n import tr
from landmark_gui.core.protocol import decode, encode

Event = dict[str, Any]
Kind = Literal["done", "cancelled", "failed"]
Task = Literal["", "train", "study", "search", "convert", "explain"]

SHUTDOWN_PATIENCE_MS = 1_500
"""How long the end of the program waits for a process."""
TAIL_LINES = 40
_TERMINAL = ("saved", "done", "failed", "cancelled")
"""The first of these tells how a training ended; only "done" says more than "saved"."""
_WITHOUT_MODEL = ("study", "search", "convert")
_NEWEST = ("step", "trial_progress", "search_progress")
"""Of these only the newest counts, where several arrive between two paints."""


@dataclass(frozen=True)
class WorkerOutcome:
    """How a training or a study ended: its exit code and its last event, taken together.

    Attributes:
        message: for the person; "" unless the kind is "failed".
        model: the model file, if a training is "done"; nothing else has one.
        metrics: of the "done" event; of a study `StudyResult.to_dict()`, of a search
            `SearchResult.to_dict()`, of an export `Exported.to_dict()`.
        details: a traceback if there is one, and the last lines of the log.
        log_path: where the process wrote whatever it printed.
        task: what ended: "train", "study", "search", "convert" or "explain".
    """

    kind: Kind
    message: str = ""
    model: Path | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    details: str = ""
    log_path: Path | None = None
    task: Task = ""


def worker_command() -> list[str]:
    """The command that starts a worker, from source and in a frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker"]
    return [sys.executable, "-m", "landmark_gui", "worker"]


class Supervisor(QThread):
    """One process from its start to its end. A task of its own says what its end means.

    `send`, `hang_up`, `kill`, `end` and `take` may be called from the GUI thread at any time.
    """

    arrived = Signal()

    def __init__(self, command: list[str], log_path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.outcome = WorkerOutcome("failed")
        self.cancelled = False
        self.task: Task = ""
        self._command, self._log_path = command, log_path
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._unsent: list[str] = []
        self._inbox: list[Event] = []
        self._killed = self._hung_up = False

    def send(self, message: Event) -> None:
        """Write a command, at the latest when the process has started."""
        with self._lock:
            self._unsent.append(encode(message) + "\n")
            self._flush()

    def hang_up(self) -> None:
        """Close the process's stdin, which tells it to stop."""
        with self._lock:
            self._hung_up = True
            self._flush()

    def kill(self) -> None:
        with self._lock:
            self._killed = True
            self._flush()

    def end(self, patience_ms: int) -> None:
        """Hang up, kill the process if it does not end in time, and wait for the thread."""
        self.hang_up()
        if not self.wait(patience_ms):
            self.kill()
            self.wait()
        self.deleteLater()

    def take(self) -> list[Event]:
        """The events since the last call."""
        with self._lock:
            events, self._inbox = self._inbox, []
            return events

    def run(self) -> None:
        try:
            with log_files.begin(self._log_path) as log:
                process = _popen(self._command, log)
                try:
                    terminal = self._listen(process, log)
                finally:
                    code = self._bury(process)
            told = _outcome(self.task, code, terminal, self.cancelled, self._log_path)
            self.outcome = replace(told, task=self.task)
        except OSError as error:
            message = tr("The training process could not be started: {detail}", detail=error)
            self.outcome = WorkerOutcome("failed", message, task=self.task)

    def _listen(self, process: subprocess.Popen[str], log: IO[bytes]) -> Event:
        """Pass on the events until the process closes its stdout; returns the terminal one."""
        with self._lock:
            self._process = process
            self._flush()
        terminal: Event = {}
        assert process.stdout is not None
        for line in process.stdout:
            event = decode(line)
            log_files.bound(log)
            if event is None or "event" not in event:
                with suppress(OSError):  # a full disk is no reason to lose the training
                    log.write(line.encode())
                continue
            if event["event"] == "done" or (event["event"] in _TERMINAL and not terminal):
                terminal = event
            self._post(event)
        return terminal

    def _bury(self, process: subprocess.Popen[str]) -> int:
        """Wait for the process to end, and close its pipes. Returns its exit code."""
        self.hang_up()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what could not be written to the dead
                    pipe.close()
        return code

    def _post(self, event: Event) -> None:
        with self._lock:
            first = not self._inbox
            same = not first and event["event"] == self._inbox[-1]["event"]
            if same and event["event"] in _NEWEST:
                self._inbox[-1] = event
            else:
                self._inbox.append(event)
        if first:
            self.arrived.emit()

    def _flush(self) -> None:
        """Do what was asked for, as soon as there is a process. Needs the lock."""
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            return
        if self._killed:
            _kill(process)
            return
        with suppress(OSError, ValueError):  # it died: reading its stdout to the end tells how
            while self._unsent:
                process.stdin.write(self._unsent.pop(0))
            process.stdin.flush()
            if self._hung_up:
                process.stdin.close()


def _popen(command: list[str], log: IO[bytes]) -> subprocess.Popen[str]:
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW
    else:  # Ctrl+C in a terminal is the window's to answer
        options["start_new_session"] = True
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=_environment(),
        encoding="utf-8",
        errors="replace",
        **options,
    )


def _environment() -> dict[str, str]:
    """Lets the child find this package, and no module of the folder it happens to start in."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
    }


def _kill(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _outcome(
    task: Task, code: int, terminal: Event, cancelled: bool, log_path: Path
) -> WorkerOutcome:
    kind, metrics = terminal.get("event"), terminal.get("metrics") or {}
    if task in _WITHOUT_MODEL and kind == "done" and code == 0 and metrics:
        return WorkerOutcome("done", metrics=metrics, log_path=log_path)
    # What comes after "saved" may fail or be killed: the model is there all the same.
    done = kind == "saved" or (kind == "done" and code == 0)
    if done and task not in _WITHOUT_MODEL and terminal.get("model"):
        model = Path(str(terminal["model"]))
        return WorkerOutcome("done", model=model, metrics=metrics, log_path=log_path)
    if cancelled or kind == "cancelled":
        return WorkerOutcome("cancelled", log_path=log_path)
    message = terminal.get("message") if kind == "failed" else None
    printed = log_files.tail(log_path, TAIL_LINES)
    details = "\n".join(filter(None, [str(terminal.get("detail") or ""), printed]))
    return WorkerOutcome(
        "failed", str(message or _in_words(task, code)), details=details, log_path=log_path
    )


def _in_words(task: Task, code: int) -> str:
    if task == "explain":
        return _of_asking(code)
    if task == "convert" and code:
        return tr("The model was not exported: {reason}.", reason=_of_asking(code))
    if code == 0 and task in _WITHOUT_MODEL:
        return tr("The process ended without a result. The details may say why.")
    if code == 0:
        return tr("The training process ended without a model. The details may say why.")
    if code == -9:
        return tr(
            "The training process was stopped by the system (signal 9), often for lack of "
            "memory: try a smaller image size or batch size."
        )
    if code < 0:
        return tr("The training process crashed (signal {n}). Your boxes are safe.", n=-code)
    return tr("The training process failed (exit code {n}). The details may say why.", n=code)


def _of_asking(code: int) -> str:
    if code == -9:
        return tr(
            "the process that asks the model was stopped by the system (signal 9), often for lack "
            "of memory"
        )
    if code < 0:
        return tr("the process that asks the model crashed (signal {n})", n=-code)
    return tr("the process that asks the model ended (exit code {n})", n=code)
