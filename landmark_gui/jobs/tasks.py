"""Small jobs off the GUI thread whose result, or error, always comes back to it.

Example: `run_task(lambda: load(path), self.show_photo, self.show_problem)`.
"""

from __future__ import annotations

import atexit
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cache, partial
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, QThreadPool, Signal
from shiboken6 import isValid

from landmark_gui.core.errors import Cancelled

T = TypeVar("T")
OnError = Callable[[Exception], Any]
SHUTDOWN_MS = 5_000
_log = logging.getLogger(__name__)


class Task(Generic[T]):
    """A job handed to a pool. Made by `run_task`."""

    def __init__(
        self,
        func: Callable[[], T],
        on_done: Callable[[T], Any],
        on_error: OnError | None,
        owner: QObject | None,
    ) -> None:
        self._func: Callable[[], T] | None = func
        self._on_done: Callable[[T], Any] | None = on_done
        self._on_error = on_error
        self._owner = owner
        self._result: T | None = None
        self._error: Exception | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """No callback comes after this. A job that has begun still runs to its end, unseen.

        Call on the GUI thread.
        """
        self.cancelled = True

    def is_for(self, ancestor: QObject) -> bool:
        """Whether `ancestor`, or an object below it, waits for what this job brings."""
        owner = self._owner
        while owner is not None and isValid(owner) and not self.cancelled:
            if owner is ancestor:
                return True
            owner = owner.parent()
        return False

    def _wanted(self) -> bool:
        return not self.cancelled and (self._owner is None or isValid(self._owner))

    def _run(self) -> None:
        try:
            if self._wanted() and self._func is not None:
                self._result = self._func()
        except Exception as error:
            self._error = error
        _relay().finished.emit(self)

    def _deliver(self) -> None:
        wanted, on_done, on_error = self._wanted(), self._on_done, self._on_error
        result, error = self._result, self._error
        self._forget()
        if error is not None:
            if wanted and on_error is not None:
                on_error(error)
            elif not isinstance(error, Cancelled):
                level = logging.ERROR if wanted else logging.WARNING
                _log.log(level, "A background task failed", exc_info=error)
        elif wanted and on_done is not None:
            on_done(result)  # type: ignore[arg-type]  # None is a T where func returns None

    def _forget(self) -> None:
        _under_way.discard(self)
        # The pool's thread may hold the last reference to this task. Widgets behind the
        # callbacks must not be destroyed there, so they are let go here, on the GUI thread.
        self._func = self._on_done = self._on_error = self._owner = None
        self._result = self._error = None


_under_way: WeakSet[Task[Any]] = WeakSet()
"""Handed to a pool, and not delivered yet. Touched on the GUI thread alone."""


def is_waited_for(ancestor: QObject) -> bool:
    """Whether a job is under way for `ancestor`, or for an object below it."""
    return any(task.is_for(ancestor) for task in _under_way)


class _Relay(QObject):
    """Lives on the GUI thread as long as the program, so emitting on it is always safe."""

    finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        application = QCoreApplication.instance()
        assert application is not None, "tasks need a QCoreApplication"
        self.moveToThread(application.thread())
        self.finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, task: Task[Any]) -> None:
        task._deliver()


@cache
def _relay() -> _Relay:
    return _Relay()


@cache
def _pool() -> QThreadPool:
    pool = QThreadPool()
    # Jobs wait for disks more than for cores: one slow folder must not hold up the rest, and
    # the photo on show must not wait until a scan and the thumbnails leave a thread free.
    pool.setMaxThreadCount(max(8, QThread.idealThreadCount()))
    atexit.register(shutdown)
    return pool


def run_task(
    func: Callable[[], T],
    on_done: Callable[[T], Any],
    on_error: OnError | None = None,
    *,
    owner: QObject | None = None,
    pool: QThreadPool | None = None,
    priority: int = 0,
) -> Task[T]:
    """Run `func()` on a pool thread; then `on_done(result)` or `on_error(error)` on the GUI's.

    Args:
        func: touches no widget.
        on_error: without it an error is logged with its traceback.
        owner: no callback comes once this object is destroyed. Default: the QObject that
            `on_done` is a method of, if it is one.
        pool: default: one that all tasks share.
        priority: among waiting tasks the higher number starts first.

    Returns:
        The task, for `cancel()`.
    """
    task = Task(func, on_done, on_error, _receiver(on_done) if owner is None else owner)
    _relay()  # made before the job can end
    _under_way.add(task)
    (pool or _pool()).start(task._run, priority)
    return task


def _receiver(callback: Callable[..., Any]) -> QObject | None:
    receiver = getattr(callback, "__self__", None)
    return receiver if isinstance(receiver, QObject) else None


def shutdown(timeout_ms: int = SHUTDOWN_MS) -> bool:
    """Drop what waits and wait for what runs; for the end of the program.

    Returns:
        Whether every thread has ended in time.
    """
    _pool().clear()
    return _pool().waitForDone(timeout_ms)


class LatestOnly:
    """One job at a time, of which only the newest matters: live previews, the photo on show.

    A waiting request is replaced by a newer one.

    Args:
        owner: as for `run_task`.
        intermediate: deliver a result although a newer request waits, so that a preview
            moves while a slider is dragged. Results never come out of order.
    """

    def __init__(self, owner: QObject | None = None, *, intermediate: bool = False) -> None:
        self._owner, self._intermediate = owner, intermediate
        self._running: Task[Any] | None = None
        self._waiting: Callable[[], Task[Any]] | None = None

    @property
    def running(self) -> bool:
        """Whether something was asked for and has not come yet."""
        return self._running is not None

    def submit(
        self, func: Callable[[], T], on_done: Callable[[T], Any], on_error: OnError | None = None
    ) -> None:
        """Ask for `func()`; arguments as for `run_task`."""
        self._waiting = partial(
            run_task,
            func,
            partial(self._settled, on_done),
            partial(self._settled, on_error or _log_error),
            owner=_receiver(on_done) if self._owner is None else self._owner,
            priority=1,
        )
        if self._running is None:
            self._start()

    def cancel(self) -> None:
        """Forget the waiting request, and the result of the running one."""
        self._waiting = None
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _start(self) -> None:
        if self._waiting is not None:
            start, self._waiting = self._waiting, None
            self._running = start()

    def _settled(self, callback: Callable[[Any], Any], value: Any) -> None:
        self._running = None
        superseded = self._waiting is not None
        self._start()
        if not superseded or self._intermediate:
            callback(value)


def _log_error(error: Exception) -> None:
    _log.error("A background task failed", exc_info=error)


class NewestFirst:
    """A bounded stack of jobs: what was asked for last is done first. For thumbnails.

    Args:
        limit: how many may wait; the oldest are dropped, and `key in queue` turns false.
        threads: how many run at the same time.
        owner: as for `run_task`.
    """

    def __init__(self, owner: QObject | None = None, *, limit: int = 200, threads: int = 2) -> None:
        self._owner, self._limit, self._threads = owner, limit, threads
        self._waiting: OrderedDict[Hashable, Callable[[], Task[Any]]] = OrderedDict()
        self._running: dict[Hashable, Task[Any]] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether the job `key` waits or runs."""
        return key in self._waiting or key in self._running

    def busy(self) -> bool:
        """Whether any job waits or runs."""
        return bool(self._waiting or self._running)

    def submit(
        self,
        key: Hashable,
        func: Callable[[], T],
        on_done: Callable[[T], Any],
        on_error: OnError | None = None,
    ) -> None:
        """Put a job on top. One that waits already comes to the top; one that runs goes on."""
        if key in self._running:
            return
        self._waiting[key] = partial(
            run_task,
            func,
            partial(self._settled, key, on_done),
            partial(self._settled, key, on_error or _log_error),
            owner=_receiver(on_done) if self._owner is None else self._owner,
            priority=-1,
        )
        self._waiting.move_to_end(key)
        while len(self._waiting) > self._limit:
            self._waiting.popitem(last=False)
        self._fill()

    def drop(self, key: Hashable) -> None:
        """Forget the job `key`; if it runs, it ends unseen."""
        self._waiting.pop(key, None)
        running = self._running.pop(key, None)
        if running is not None:
            running.cancel()
            self._fill()

    def drop_waiting(self) -> None:
        """Forget the jobs that have not begun."""
        self._waiting.clear()

    def clear(self) -> None:
        """Forget all jobs; those that run end unseen."""
        self._waiting.clear()
        for task in self._running.values():
            task.cancel()
        self._running.clear()

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._threads:
            key, start = self._waiting.popitem()
            self._running[key] = start()

    def _settled(self, key: Hashable, callback: Callable[[Any], Any], value: Any) -> None:
        self._running.pop(key, None)
        self._fill()
        callback(value)
