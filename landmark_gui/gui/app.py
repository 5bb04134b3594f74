"""Starting the window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    Qt,
    QTimer,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from landmark_gui.core.crash_dump import CrashDump
from landmark_gui.core.log_files import log_folder
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import program_icon
from landmark_gui.gui.instance import Instance, bring_to_front
from landmark_gui.gui.language import speak
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.jobs.collector import GuiThreadCollector
from landmark_gui.jobs.tasks import run_task

TURN_SECONDS = 0.001
"""How long a thread may hold Python's lock while the window waits for it. Each of the many calls
of a repaint may have to wait that long; with Python's 5 ms they add up to a third of a second."""


class Application(QApplication):
    """Tells of files that the desktop of macOS asks the running program to open.

    Signals:
        file_opened(Path)
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def make_application(settings: Settings) -> QApplication:
    """The QApplication, dressed and speaking as the settings say."""
    application = QApplication.instance() or Application(sys.argv[:1])
    assert isinstance(application, QApplication)
    sys.setswitchinterval(TURN_SECONDS)
    application.setApplicationName("Landmark GUI")
    application.setDesktopFileName("landmark-gui")
    application.setWindowIcon(program_icon())
    speak(settings.get("language", ""))
    theme.apply(settings.get("theme", "system"))
    return application


def run(paths: Sequence[Path], instance: Instance, verbose: bool = False) -> int:
    """Open the window, with what is to be opened in it; the exit code.

    Args:
        instance: takes what later starts hand over.
        verbose: log more.
    """
    dump = CrashDump(log_folder())
    dump.start()
    try:
        settings = Settings()
        application = make_application(settings)
        window = _open_window(application, settings)
    except Exception as error:
        dump.end()
        return _tell_failure(error)
    window.closed.connect(instance.close)
    instance.arrived.connect(partial(_take_in, window))
    QTimer.singleShot(0, lambda: _once_painted(window, instance, paths, verbose))
    if paths:
        window.opening.open_given(list(paths))
    code = application.exec()
    qInstallMessageHandler(None)
    dump.end()
    return code


def _open_window(application: QApplication, settings: Settings) -> MainWindow:
    GuiThreadCollector(application)
    window = MainWindow(AppContext(settings))
    if isinstance(application, Application):
        application.file_opened.connect(lambda path: window.opening.open_given([path]))
    window.show()
    return window


def _once_painted(
    window: MainWindow, instance: Instance, paths: Sequence[Path], verbose: bool
) -> None:
    """What need not be there when the window is shown."""
    from landmark_gui.gui.problems import watch

    problems = watch(window, verbose)
    if paths:  # after the project has come, which takes the place of what is said before
        window.context.document_changed.connect(
            lambda document: None if document.notice else problems.tell_of_crash(),
            Qt.ConnectionType.SingleShotConnection,
        )
    else:
        problems.tell_of_crash()
    run_task(lambda: import_module("PySide6.QtNetwork"), lambda _: instance.listen())


def _take_in(window: MainWindow, paths: list[Path], token: str) -> None:
    bring_to_front(window, token)
    if paths:
        window.opening.open_given(paths)


def _tell_failure(error: Exception) -> int:
    """Say that there is no window, with the details; the exit code."""
    from landmark_gui.gui import problems

    problems.start_logging()
    problems.tell_no_window(error)
    return 1
