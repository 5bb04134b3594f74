"""About the program: its version, what it is made of, and under which licences that is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from landmark_gui import __version__
from landmark_gui.core import log_files
from landmark_gui.core.i18n import tr
from landmark_gui.core.packages import Package, packages
from landmark_gui.core.problem_report import versions, without_home
from landmark_gui.gui import icons, theme
from landmark_gui.gui.dialogs.problem import facts_of_screen
from landmark_gui.gui.file_manager import show_folder
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.gui.widgets.plain import label
from landmark_gui.gui.widgets.rows import dress_list
from landmark_gui.jobs.tasks import LatestOnly

_ICON = 48


class AboutDialog(QDialog):
    """The versions can be copied for a report; each package shows the text of its licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About Landmark GUI"))
        self._packages: list[Package] = []
        known = {**versions(), **facts_of_screen()}
        self.text = "\n".join(f"{name}: {value}" for name, value in known.items())
        self.list = QListWidget()
        dress_list(self.list, "about_packages", tr("Packages of others"))
        self.list.setSpacing(theme.S // 2)
        self.licence = QPlainTextEdit(readOnly=True)
        self.licence.setObjectName("about_licence")
        self.licence.setAccessibleName(tr("Licence"))
        self.list.currentRowChanged.connect(self._show_licence)
        self._lookup, self._reading = LatestOnly(self), LatestOnly(self)
        self._lay_out()
        self._lookup.submit(packages, self._show_packages)
        self.resize(760, 560)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        layout.setSpacing(theme.M)
        layout.addLayout(self._head())
        layout.addWidget(wrapped(without_home(self.text)))
        layout.addWidget(heading(tr("Packages of others and their licences"), "subtitle"))
        parts = QSplitter()
        parts.addWidget(self.list)
        parts.addWidget(self.licence)
        parts.setSizes([300, 420])
        layout.addWidget(parts, 1)
        layout.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        picture = label()
        picture.setPixmap(icons.pixmap("tower", _ICON, "accent"))
        words = QVBoxLayout()
        words.addWidget(heading(tr("Landmark GUI {version}", version=__version__)))
        words.addWidget(
            wrapped(tr("From a folder of photos to a model that names the landmark on a new one."))
        )
        head = QHBoxLayout()
        head.setSpacing(theme.L)
        head.addWidget(picture)
        head.addLayout(words, 1)
        return head

    def _buttons(self) -> QHBoxLayout:
        close = button(tr("Close"), "about_close", self.accept, kind="primary")
        close.setDefault(True)
        self._copy_button = button(tr("Copy versions"), "about_copy", self._copy)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy_button)
        buttons.addWidget(
            button(
                tr("Show the log folder"), "about_log", lambda: show_folder(log_files.log_folder())
            )
        )
        buttons.addStretch()
        buttons.addWidget(close)
        close.setFocus()
        return buttons

    def _show_packages(self, found: list[Package]) -> None:
        self._packages = found
        for package in found:
            licence = package.licence or tr("see its text")
            self.list.addItem(f"{package.name} {package.version} · {licence}")
        if found:
            self.list.setCurrentRow(0)

    def _show_licence(self, row: int) -> None:
        if row >= 0:
            self._reading.submit(self._packages[row].licence_text, self._show_text)

    def _show_text(self, text: str) -> None:
        self.licence.setPlainText(text or tr("This package ships no text of its licence."))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._copy_button.setText(tr("Copied"))
