"""Starting the window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from landmark_gui.core.i18n import set_language, system_language
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import program_icon
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.jobs.collector import GuiThreadCollector

TURN_SECONDS = 0.001
"""How long a thread may hold Python's lock while the window waits for it. Each of the many calls
of a repaint may have to wait that long; with Python's 5 ms they add up to a third of a second."""


def make_application(settings: Settings) -> QApplication:
    """The QApplication, dressed and speaking as the settings say."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    sys.setswitchinterval(TURN_SECONDS)
    application.setApplicationName("Landmark GUI")
    application.setDesktopFileName("landmark-gui")
    application.setWindowIcon(program_icon())
    language = settings.get("language", "") or system_language()
    set_language(language)
    _translate_qt(application, language)
    theme.apply(settings.get("theme", "system"))
    return application


def run(path: Path | None = None) -> int:
    """Open the window, with a project or a folder if one is given; the exit code."""
    settings = Settings()
    application = make_application(settings)
    GuiThreadCollector(application)
    context = AppContext(settings)
    window = MainWindow(context)
    window.show()
    QTimer.singleShot(0, lambda: _watch(window, settings.path.parent))
    if path is not None:
        window.opening.open(path)
    return application.exec()


def _watch(window: MainWindow, folder: Path) -> None:
    from landmark_gui.gui.problems import watch  # once the window is painted

    watch(window, folder)


def _translate_qt(application: QApplication, language: str) -> None:
    """The texts of Qt's own dialogs, as far as Qt ships them."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)
