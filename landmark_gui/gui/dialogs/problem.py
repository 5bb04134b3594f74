"""A failure for people: what happened, what to do, and the details for whoever mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core import log_files
from landmark_gui.core.i18n import tr
from landmark_gui.core.problem_report import LOG_LINES, Problem, report
from landmark_gui.gui import theme
from landmark_gui.gui.file_manager import show_file
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.gui.widgets.fold import Fold
from landmark_gui.gui.widgets.plain import breakable

if TYPE_CHECKING:
    from landmark_gui.jobs.worker_process import WorkerOutcome

_SMALL, _LARGE = (560, 200), (720, 560)


class ProblemDialog(QDialog):
    """Shows a problem; "Copy details" gives all that a report of the fault needs.

    Args:
        log: the log that tells more, of which the last lines are in the details.
    """

    def __init__(
        self, problem: Problem, parent: QWidget | None = None, log: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What went wrong"))
        self._log = log or log_files.window_log()
        lines = log_files.tail(self._log, LOG_LINES) if self._log.is_file() else ""
        self.text = report(problem, facts_of_screen(), lines)
        self._fold = Fold("problem_more", tr("Details for whoever mends the fault"))
        self._fold.content.addWidget(self._listing())
        self._fold.toggled.connect(self._resize)
        self._lay_out(problem)
        self._resize(False)

    def _listing(self) -> QPlainTextEdit:
        listing = QPlainTextEdit(self.text, readOnly=True)
        listing.setObjectName("problem_details")
        listing.setAccessibleName(tr("Details"))
        listing.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        listing.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        return listing

    def _lay_out(self, problem: Problem) -> None:
        close = button(tr("Close"), "problem_close", self.accept, kind="primary")
        close.setDefault(True)
        self._copy_button = button(tr("Copy details"), "problem_copy", self._copy)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy_button)
        buttons.addWidget(button(tr("Show the log"), "problem_log", lambda: show_file(self._log)))
        buttons.addStretch()
        buttons.addWidget(close)
        what = heading(breakable(problem.what), "subtitle")
        what.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        layout.setSpacing(theme.M)
        layout.addWidget(what)
        layout.addWidget(wrapped(problem.advice))
        layout.addWidget(self._fold, 1)
        layout.addStretch()
        layout.addLayout(buttons)
        close.setFocus()

    def _resize(self, opened: bool) -> None:
        policy = QSizePolicy.Policy.Expanding if opened else QSizePolicy.Policy.Maximum
        self._fold.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.resize(*(_LARGE if opened else _SMALL))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._copy_button.setText(tr("Copied"))


def details_of(outcome: WorkerOutcome, advice: str, parent: QWidget) -> Callable[[], None]:
    """Shows why a process failed, for the button of a banner that says so."""
    problem = Problem(outcome.message, advice, outcome.details)
    return lambda: ProblemDialog(problem, parent, outcome.log_path).open()


def facts_of_screen() -> dict[str, str]:
    """What Qt knows of the system, for a report."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return {
        "Qt": f"{qVersion()}, {QGuiApplication.platformName()}",
        "Screen": f"{size.width()} × {size.height()} at {screen.devicePixelRatio():g}",
        "Style": QGuiApplication.styleHints().colorScheme().name,
    }
