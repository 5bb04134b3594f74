"""The worker process: it trains, and speaks one JSON object a line (see `core.protocol`).

Commands come on stdin: `{"command": "train", "config": {…}}`, with `"resume": "<id>"` to go on with
an unfinished run, or "study", "search" or "convert" in the place of "train", after which the
process ends, and `{"command": "cancel"}`. `{"command": "explain", …}` makes it a process that
answers such questions, one after the other (see `training.explaining`).

Events go to the real stdout, of which this process keeps a copy; all that TensorFlow prints there
ends on stderr instead. End of file on stdin means that the window is gone, and ends the process.

Exit code 0 comes with "done" or "cancelled", 1 with "failed".
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any, NoReturn

from landmark_gui.core.errors import Cancelled, LandmarkError, TrainingError
from landmark_gui.core.i18n import set_language, system_language, tr
from landmark_gui.core.protocol import decode, encode
from landmark_gui.core.settings import Settings

WINDOW_GONE = 2
"""Exit code after end of file on stdin. Nobody is left to read it but a debugger."""

CANCEL_PATIENCE = 2.0
"""Seconds after which a cancel no longer waits for the end of an import or of a tracing."""
STEPPED_PATIENCE = 9.0
"""The same once a first step is made: its epoch is being kept. The window kills after 10."""

NICENESS = 5
"""Added on POSIX, so that the window comes first where cores are few."""

TASKS = ("train", "study", "search", "convert", "explain")
Event = dict[str, Any]


class Channel:
    """The real stdout: whole events, from any thread, and nothing after the last one."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        self._lock = threading.Lock()
        self._closed = False

    def send(self, event: Event) -> None:
        with self._lock:
            if not self._closed:
                self._write(event)

    def finish(self, event: Event) -> bool:
        """Send the terminal event; False if another thread has sent one."""
        with self._lock:
            if self._closed:
                return False
            self._closed = True
            self._write(event)
            return True

    def _write(self, event: Event) -> None:
        self._file.write(encode(event) + "\n")
        self._file.flush()


class Inbox:
    """Reads stdin on a thread of its own, so that a cancel is heard while the work goes on.

    Attributes:
        saved: the "done" event that a cancel ends with, once there is a model.
        stepped: whether the training has made a first step, so that there may be epochs to keep.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._tasks: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._cancel = threading.Event()
        self.saved: Event | None = None
        self.stepped = False
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def cancelled(self) -> bool:
        return self._cancel.is_set()

    def wait_for_task(self) -> Event:
        """The command that says what to do. Raises Cancelled if a cancel comes first."""
        command = self._tasks.get()
        if command is None or self.cancelled():
            raise Cancelled
        if command.get("language"):  # another one may have been chosen since the process began
            set_language(str(command["language"]))
        return command

    def _read(self) -> None:
        for line in _lines(0):
            command = decode(line) or {}
            if command.get("command") in TASKS:
                self._tasks.put(command)
            elif command.get("command") == "cancel" and not self.cancelled():
                self._cancel.set()
                self._tasks.put(None)
                threading.Thread(target=self._insist, daemon=True).start()
        os._exit(WINDOW_GONE)

    def _insist(self) -> None:
        """Imports and tracing ask nobody: end them from here. All files are written atomically."""
        time.sleep(CANCEL_PATIENCE)
        if self.saved is None and self.stepped:
            time.sleep(STEPPED_PATIENCE - CANCEL_PATIENCE)
        if self._channel.finish(self.saved or {"event": "cancelled"}):
            os._exit(0)


def main() -> int:
    """Run the worker to its end. Returns the exit code."""
    set_language(Settings().get("language", "") or system_language())  # as the window does
    channel = Channel(_take_stdout())
    inbox = Inbox(channel)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    code, outcome = _outcome(channel, inbox)
    channel.finish(outcome)
    sys.stderr.flush()
    # TensorFlow's threads have nothing left to do, and ending them in order can take seconds.
    os._exit(code)


def _outcome(channel: Channel, inbox: Inbox) -> tuple[int, Event]:
    """Work, and the exit code with the terminal event that says how it went."""
    try:
        return 0, _work(channel, inbox)
    except Cancelled:
        return 0, {"event": "cancelled"}
    except LandmarkError as error:
        return 1, _failure(str(error))
    except MemoryError:
        return 1, _failure(tr("Memory ran out. Try a smaller batch size or image size."))
    except Exception as error:
        name = type(error).__name__
        return 1, _failure(tr("The training stopped: {detail}", detail=f"{name}: {error}"))


def _failure(message: str) -> Event:
    detail = traceback.format_exc()
    print(detail, file=sys.stderr)
    return {"event": "failed", "message": message, "detail": detail}


def _work(channel: Channel, inbox: Inbox) -> Event:
    channel.send({"event": "state", "state": "starting"})
    channel.send({"event": "state", "state": "importing"})
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.core.studies import StudyConfig
    from landmark_gui.training import study, train  # both now: the person has not decided yet

    if inbox.cancelled():
        raise Cancelled
    channel.send({"event": "state", "state": "ready"})
    command = inbox.wait_for_task()
    if command["command"] == "explain":
        _explain(command, channel, inbox)
    values = command.get("config") or {}
    if not isinstance(values, dict):
        raise TrainingError(tr("Wrong training settings: {detail}", detail=values))
    if command["command"] == "study":
        config = StudyConfig.from_dict(values)
        result = study.study(config, channel.send, inbox.cancelled)
        return {"event": "done", "metrics": result.to_dict()}
    if command["command"] == "search":
        return _search(values, channel, inbox)
    if command["command"] == "convert":
        return _convert(values, channel, inbox)

    def emit(event: Event) -> None:
        if event["event"] == "saved":
            inbox.saved = {**event, "event": "done"}
        inbox.stepped = inbox.stepped or event["event"] == "step"
        channel.send(event)

    resume = str(command.get("resume") or "")
    metrics = train.train(TrainConfig.from_dict(values), emit, inbox.cancelled, resume)
    return {"event": "done", "model": metrics["model"], "metrics": metrics}


def _explain(command: Event, channel: Channel, inbox: Inbox) -> NoReturn:
    """Answer this question, and those that follow, until the window is gone."""
    from landmark_gui.training.explaining import Answering

    answering = Answering()
    while True:
        channel.send(answering.answer(command))
        command = inbox.wait_for_task()


def _search(values: Event, channel: Channel, inbox: Inbox) -> Event:
    from landmark_gui.core.search import SearchConfig
    from landmark_gui.training.search import search  # Optuna: only if it is asked for

    found = search(SearchConfig.from_dict(values), channel.send, inbox.cancelled)
    return {"event": "done", "metrics": found.to_dict()}


def _convert(values: Event, channel: Channel, inbox: Inbox) -> Event:
    from landmark_gui.core.model_export import ModelExport
    from landmark_gui.training.exporting import export_model

    asked = ModelExport.from_dict(values)
    return {
        "event": "done",
        "metrics": export_model(asked, channel.send, inbox.cancelled).to_dict(),
    }


def _take_stdout() -> int:
    """A copy of the real stdout; descriptor 1 and `sys.stdout` become stderr."""
    if sys.stderr is None:  # a frozen program without a console has none
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="replace", buffering=1)
    copy = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return copy


def _lines(descriptor: int) -> Iterator[str]:
    """Lines of a pipe, read without Python's buffers, whose locks stop an exit."""
    rest = b""
    while chunk := os.read(descriptor, 65536):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", errors="replace")
