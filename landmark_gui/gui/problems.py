"""What happens when something fails that nobody expected: the log keeps it, the person is told."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from landmark_gui import __version__
from landmark_gui.core import crash_dump, log_files
from landmark_gui.core.i18n import tr
from landmark_gui.core.problem_report import Problem

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
QUIET_SECONDS = 5
"""So long the same failure is not told again: one in a paint event comes sixty times a second."""
_KEPT = 2
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)


def start_logging(verbose: bool = False) -> None:
    """Let warnings of every package, and what we have to tell, go to the log.

    `verbose`, or `LANDMARK_GUI_LOG` (debug, info or warning), says how much of ours; verbose
    logs are on the terminal as well.
    """
    asked = "debug" if verbose else os.environ.get("LANDMARK_GUI_LOG", "info").lower()
    logging.getLogger("landmark_gui").setLevel(LEVELS.get(asked, logging.INFO))
    handlers: list[logging.Handler] = [logging.StreamHandler()] if verbose and sys.stderr else []
    path = log_files.window_log()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(
                path, maxBytes=log_files.LOG_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
            )
        )
    except OSError as error:  # no log is no reason not to start
        _log.warning("No log can be written to %s: %s", path, error)
    form = logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    for handler in handlers:
        handler.setFormatter(form)
        logging.getLogger().addHandler(handler)
    _log.info("Landmark GUI %s on %s, Python %s", __version__, sys.platform, sys.version.split()[0])


class Problems(QObject):
    """Tells of failures that nobody caught, on whatever thread, as a banner of the window.

    They are logged as errors with a traceback, and what is logged like that is told. A failed slot
    ends that one action: the document is consistent, since an edit is applied whole or not at
    all, and what was edited before is on disk.
    """

    _arrived = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._last_place: list[str] = []
        self._last_time = 0.0
        self._arrived.connect(self.show)  # queued if it comes from another thread

    def watch(self) -> None:
        """From now on failures of Python and what Qt complains about come here."""
        sys.excepthook = self.caught
        threading.excepthook = self._thread_failed
        sys.unraisablehook = _log_unraisable
        qInstallMessageHandler(log_qt)
        teller = _Teller(self._arrived.emit)
        logging.getLogger("landmark_gui").addHandler(teller)
        self.destroyed.connect(lambda: logging.getLogger("landmark_gui").removeHandler(teller))

    def caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """A failure that nobody caught, as `sys.excepthook` is told of it."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        place, now = traceback.format_tb(trace)[-1:], time.monotonic()
        if place != self._last_place or now - self._last_time > QUIET_SECONDS:
            self._last_place, self._last_time = place, now
            _log.error("Not caught", exc_info=(kind, error, trace))

    def tell_of_crash(self) -> None:
        """Say that the program crashed the last time, if it did and nobody has said so."""
        crash = crash_dump.left_behind(log_files.log_folder())
        if crash is not None:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(crash.time))
            what = tr("The program ended unexpectedly the last time ({when}).", when=when)
            advice = tr(
                "Your boxes were saved as they were drawn. If it happens again, copy the details "
                "and report them."
            )
            self.show(Problem(what, advice, crash.text), "warning")

    def show(self, problem: Problem, level: str = "danger") -> None:
        """A banner about a problem, with its details behind a button."""

        def show_details() -> None:
            from landmark_gui.gui.dialogs.problem import ProblemDialog

            ProblemDialog(problem, self._window).open()

        text = f"{problem.what} {problem.advice}"
        self._window.show_message(text, level, tr("Details"), show_details)

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and failed.exc_type is not SystemExit:
            self.caught(failed.exc_type, failed.exc_value, failed.exc_traceback)


class _Teller(logging.Handler):
    """Makes a problem of each error that is logged with its traceback."""

    def __init__(self, tell: Callable[[Problem], Any]) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        kind, error, trace = record.exc_info or (None, None, None)
        if kind is not None and error is not None:
            what = tr("That did not work ({detail}).", detail=f"{kind.__name__}: {error}")
            details = "".join(traceback.format_exception(kind, error, trace))
            self._tell(Problem(what, _advice(error), details))


def watch(window: MainWindow, verbose: bool = False) -> Problems:
    """Log, and show failures that nobody caught as a banner of the window."""
    start_logging(verbose)
    problems = Problems(window)
    problems.watch()
    return problems


def tell_no_window(error: Exception) -> None:
    """A dialog in place of the window that could not be made."""
    from landmark_gui.gui.dialogs.problem import ProblemDialog

    _log.error("No window", exc_info=error)
    what = tr(
        "The window could not be opened ({detail}).", detail=f"{type(error).__name__}: {error}"
    )
    advice = tr(
        "Your projects and photos are safe. Start the program with --reset-settings, which forgets "
        "its settings; if that does not help, copy the details and report them."
    )
    ProblemDialog(Problem(what, advice, "".join(traceback.format_exception(error)))).exec()


def log_qt(kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
    """Qt's own messages go into the log, as `qInstallMessageHandler` asks for."""
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", text)


def _log_unraisable(failed: sys.UnraisableHookArgs) -> None:
    if failed.exc_value is not None:
        _log.warning("Ignored in %r", failed.object, exc_info=failed.exc_value)


def _advice(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return tr("Memory ran out. Close other programs. Your boxes are saved.")
    return tr("Your boxes are saved. Try it again; if it fails again, copy the details.")
