"""What a saving came to."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from landmark_gui.core.crops import CropReport
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.dataset.saving import Saved
from landmark_gui.gui.widgets.common import button, close_button, heading, set_role, wrapped

LISTED = 1000
"""Of more skipped photos than these, the rest is counted."""


class SavedCard(QFrame):
    """Figures of a saving, and the photos that were skipped; hidden until there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("crops_result")
        self.setProperty("role", "card")
        self.title = heading("", "subtitle")
        self.text = wrapped("")
        self.skipped_button = button(
            tr("Which were skipped, and why"), "skipped_button", self._toggle_skipped
        )
        self.skipped = QPlainTextEdit(readOnly=True)
        self.skipped.setObjectName("skipped_list")
        self.skipped.setAccessibleName(tr("Skipped photos"))
        self.skipped.setFixedHeight(120)
        self.close_button = close_button(self.hide)
        self.shown: Saved | None = None
        self._lay_out()
        self.hide()

    def show_saved(self, saved: Saved) -> None:
        """The outcome in words."""
        self.shown, report = saved, saved.report
        self.title.setText(report_text(report))
        set_role(self.title, "warning" if report.skipped else "subtitle")
        self.text.setText(_place_text(saved))
        lines = [f"{path}: {reason}" for path, reason in report.skipped[:LISTED]]
        if len(report.skipped) > LISTED:
            lines.append(tr("… and {n} more", n=len(report.skipped) - LISTED))
        self.skipped.setPlainText("\n".join(lines))
        self.skipped.hide()
        self.skipped_button.setVisible(bool(lines))
        self.setAccessibleName(f"{self.title.text()}. {self.text.text()}")
        self.show()

    def _toggle_skipped(self) -> None:
        self.skipped.setVisible(self.skipped.isHidden())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        layout.setSpacing(theme.M)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout.addLayout(head)
        layout.addWidget(self.text)
        layout.addWidget(self.skipped_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.skipped)


def _place_text(saved: Saved) -> str:
    return {
        "folder": tr("Saved in {folder}", folder=saved.out),
        "zip": tr("Saved as {file}", file=saved.out),
        "tfrecord": tr("Records saved in {folder}", folder=saved.out),
        "imagefolder": tr("Saved in {folder}, for the datasets library", folder=saved.out),
    }[saved.kind]


def report_text(report: CropReport) -> str:
    """ "42 written, 130 unchanged, 3 removed, 2 photos skipped"; what is none is left out."""
    skipped = len(report.skipped)
    parts = [tr("{n} written", n=report.written)]
    if report.kept:
        parts.append(tr("{n} unchanged", n=report.kept))
    if report.removed:
        parts.append(tr("{n} removed", n=report.removed))
    if skipped:
        parts.append(ntr("{n} photo skipped", "{n} photos skipped", skipped))
    return ", ".join(parts)
