"""What a training came to: a card with the figures, or with what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.core.problem_report import Problem
from landmark_gui.gui import theme
from landmark_gui.gui.dialogs.problem import ProblemDialog
from landmark_gui.gui.pages.train import texts
from landmark_gui.gui.widgets import accessible, plain
from landmark_gui.gui.widgets.common import button, set_role, wrapped
from landmark_gui.jobs.worker_process import WorkerOutcome


class ResultCard(QFrame):
    """Hidden until there is an outcome.

    Signals:
        classify_requested(): use the new model.
        evaluate_requested(): see what it gets wrong.
        scratch_requested(): train again without weights from elsewhere.
    """

    classify_requested = Signal()
    evaluate_requested = Signal()
    scratch_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("train_result")
        self.setProperty("role", "card")
        self.title = wrapped("", "subtitle")
        self.text = wrapped("")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.classify = button(
            tr("Classify photos with it"),
            "classify_button",
            self.classify_requested.emit,
            kind="primary",
        )
        self.evaluate = button(
            tr("See its mistakes"), "see_mistakes_button", self.evaluate_requested.emit
        )
        self.scratch = button(
            tr("Train from scratch instead"), "scratch_button", self.scratch_requested.emit
        )
        self._details_button = button(tr("Details"), "details_button", self._show_details)
        self._problem = Problem("", "")
        self._log: Path | None = None
        self._lay_out()
        self.hide()

    def show_done(self, outcome: WorkerOutcome, epochs: int) -> None:
        """The figures of a model that is ready."""
        metrics: Mapping[str, Any] = outcome.metrics
        saved = tr("Saved to {path}", path=outcome.model)
        lines = [
            texts.result_lines(metrics, epochs),
            texts.unknown_lines(metrics),
            texts.probe_lines(metrics),
            [saved],
        ]
        good = texts.beats_chance(metrics.get("accuracy"), metrics.get("chance"))
        role = "success" if good else "warning"
        text = "\n".join(" ".join(line) for line in lines if line)
        self._show(texts.result_title(metrics), text, role)
        self.classify.show()
        self.evaluate.show()

    def show_failure(
        self, title: str, message: str, details: str, offer_scratch: bool, log: Path | None = None
    ) -> None:
        """What went wrong, what to do, and the log behind a button."""
        self._show(title, message, "danger")
        self._problem, self._log = Problem(title, message, details), log
        self._details_button.setVisible(bool(details))
        self.scratch.setVisible(offer_scratch)

    def _show(self, title: str, text: str, role: str) -> None:
        self.title.setText(title)
        set_role(self._mark, role)
        self._mark.setText("✓" if role == "success" else "!")
        self.text.setText(text)
        for part in self._buttons():
            part.hide()
        self.setAccessibleName(f"{title}. {text}")
        accessible.announce(self, f"{title}. {text}", urgent=role == "danger")
        self.show()

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.classify, self.evaluate, self.scratch, self._details_button

    def _show_details(self) -> None:
        ProblemDialog(self._problem, self, self._log).open()

    def _lay_out(self) -> None:
        self._mark = plain.label()
        top = QHBoxLayout()
        top.setSpacing(theme.M)
        top.addWidget(self._mark)
        top.addWidget(self.title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.M)
        for part in self._buttons():
            buttons.addWidget(part)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        layout.setSpacing(theme.M)
        layout.addLayout(top)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
