"""A list of sentences that may be long: to be read in full, scrolled and copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui.widgets.common import button, wrapped
from landmark_gui.gui.widgets.dialogs import column, give_size


class ReportDialog(QDialog):
    """Shows every line; the list can be selected, or copied as a whole."""

    def __init__(self, title: str, summary: str, lines: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._text = "\n".join(lines)
        listing = QPlainTextEdit(self._text)
        listing.setObjectName("report_lines")
        listing.setReadOnly(True)
        listing.setAccessibleName(title)
        close = button(tr("Close"), "report_close", self.accept, kind="primary")
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(button(tr("Copy list"), "report_copy", self._copy))
        buttons.addStretch()
        buttons.addWidget(close)
        layout = column(self)
        layout.addWidget(wrapped(summary, ""))
        layout.addWidget(listing, 1)
        layout.addLayout(buttons)
        give_size(self, 720, 420)
        close.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
