"""The Evaluate page: figures, matrix and table at the left, the crops behind them at the right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.errors import Cancelled
from landmark_gui.core.evaluation import texts
from landmark_gui.core.evaluation.answers import Key
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.run_list import Run, read_runs
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.model_files import ask_model
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.evaluate.asking import Asked, Asking, Model
from landmark_gui.gui.pages.evaluate.changes_card import ChangesCard, CorrectionsBar
from landmark_gui.gui.pages.evaluate.class_table import ClassView
from landmark_gui.gui.pages.evaluate.deeds import AnswerDeeds
from landmark_gui.gui.pages.evaluate.detail import AnswerPanel
from landmark_gui.gui.pages.evaluate.exporting import Exporting
from landmark_gui.gui.pages.evaluate.gallery import AnswerGallery
from landmark_gui.gui.pages.evaluate.looking import Looking
from landmark_gui.gui.pages.evaluate.matrix import CellMatrix
from landmark_gui.gui.pages.evaluate.model_bar import ChosenModel, ModelBar, models_of
from landmark_gui.gui.pages.evaluate.reliability import ReliabilityDiagram
from landmark_gui.gui.pages.evaluate.states import States
from landmark_gui.gui.pages.evaluate.summary import Summary
from landmark_gui.gui.pages.evaluate.views import Show, View
from landmark_gui.gui.widgets.common import Banner, ProgressRow, button
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly

_SIZES = [440, 660]
_ROOMY = QSize(900, 640)
"""In a smaller page the chosen crop is shown small."""


@dataclass(frozen=True)
class Kept:
    """What was asked, and what of it is looked at; see `EvaluatePage`."""

    asked: Asked | None
    runs: list[Run] | None
    bar: ChosenModel
    edited_since: set[int]
    view: View
    current: Key | None


class EvaluatePage(QWidget):
    """Asks a model about photos whose landmark is known, and shows what it got wrong."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._document: Document | None = None
        self._asked: Asked | None = None
        self._runs: list[Run] | None = None
        self._wanted: Path | None = None
        self._reading = LatestOnly(self)
        self._asking, self.exporting = Asking(self), Exporting(self)
        context.ask_before_end(self.exporting.at_end)
        self._edited_since: set[int] = set()
        self._make_parts()
        self._lay_out()
        self._connect()
        self._make_commands()
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_runs()
        self.looking.catch_up()

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = event.size()
        self.detail.set_compact(size.width() < _ROOMY.width() or size.height() < _ROOMY.height())
        super().resizeEvent(event)

    def primary_action(self) -> None:
        """Ask the chosen model."""
        if self.ask_button.isEnabled():
            self.ask()

    def ask(self) -> None:
        """Ask the chosen model about the chosen photos, in the background."""
        model, document = self.bar.model, self._document
        if model is None or document is None:
            return
        self._edited_since.clear()
        self.banner.hide()
        before = self.bar.earlier(model)
        self.changes.offer(before, before[0] if before else None)
        self.progress.start(tr("Asking the model"))
        self._asking.ask(document, model, self.bar.part, self.changes.chosen)
        self._refresh()

    def open_model(self, path: Path) -> None:
        """Ask the model of a file, or of a run, once it is known which runs there are."""
        self._wanted = path
        if self._runs is not None:
            self._ask_wanted()

    @property
    def is_busy(self) -> bool:
        """Whether a model is asked, or will be."""
        return self._asking.running or self._wanted is not None

    def keep(self) -> Kept:
        """What the page that takes the place of this one goes on with."""
        answer, view = self.gallery.current(), self.gallery.shown
        current = None if answer is None else answer.key
        bar = self.bar.keep()
        return Kept(self._asked, self._runs, bar, self._edited_since, view, current)

    def take(self, kept: Kept) -> None:
        self._runs, self._edited_since = kept.runs, kept.edited_since
        self.bar.show_runs(models_of(kept.runs or ()))
        self.bar.take(kept.bar)
        model, asked = self.bar.model, kept.asked
        if asked is not None and model is not None:
            before, earlier = asked.comparison, self.bar.earlier(model)
            compared = [one for one in earlier if before and one.path == before.earlier.path]
            self.changes.offer(earlier, next(iter(compared), None))
            self._show(replace(asked, model=model))
            self.gallery.show_view(kept.view)
            self.gallery.go_to(kept.current)
        self._refresh()

    @property
    def asked(self) -> Asked | None:
        """The evaluation that is shown."""
        return self._asked

    # Parts

    def _make_parts(self) -> None:
        self.bar = ModelBar()
        self.ask_button = button(
            tr("Evaluate"),
            "evaluate_button",
            self.ask,
            kind="primary",
            tooltip=tr("Ask the model about each of these photos and compare with the labels"),
        )
        self.export_button = button(
            tr("Export…"),
            "evaluate_export_button",
            self._ask_export,
            tooltip=tr("Write a report with pictures (HTML), a table (CSV) or all figures (JSON)"),
        )
        self.progress = ProgressRow(tr("Asking the model"), cancellable=True)
        self._context.activities.follow(self.progress, "evaluate")
        self.banner = Banner()
        self.summary, self.changes = Summary(), ChangesCard()
        self.corrections = CorrectionsBar()
        self.matrix, self.classes = CellMatrix(), ClassView()
        self.reliability = ReliabilityDiagram()
        self.gallery = AnswerGallery()
        self.deeds = AnswerDeeds(self._context, self.gallery, self)
        deeds = self.deeds
        self.looking = Looking(self._context, self)
        shown = (deeds.show, self.looking.action, deeds.agree, deeds.relabel, deeds.leave_out)
        self.detail = AnswerPanel(list(shown))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(theme.M)
        tools.addWidget(self.bar, 1)
        for part in (self.ask_button, self.export_button):
            tools.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)
        self._content = QWidget()
        content = QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(theme.M)
        content.addWidget(self.corrections)
        content.addWidget(self.summary)
        content.addWidget(self._parts(), 1)
        self.states = States(self._context, self._content, self.ask, self._ask_model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.M)
        layout.addLayout(tools)
        layout.addWidget(self.banner)
        layout.addWidget(self.progress)
        layout.addWidget(self.states, 1)
        self.progress.hide()

    def _parts(self) -> QSplitter:
        figures = QWidget()
        left = QVBoxLayout(figures)
        left.setContentsMargins(0, 0, theme.S, 0)
        left.setSpacing(theme.M)
        for part in (self.changes, self.matrix, self.classes, self.reliability):
            left.addWidget(part)
        left.addStretch()
        crops = QWidget()
        right = QVBoxLayout(crops)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.M)
        right.addWidget(self.gallery, 1)
        right.addWidget(self.detail)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(theme.M)
        parts.addWidget(scrolled(figures))
        parts.addWidget(crops)
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        parts.setSizes(_SIZES)
        return parts

    def _connect(self) -> None:
        self._context.document_changed.connect(self._follow_document)
        self._context.model_ready.connect(self._read_runs)
        self.bar.model_chosen.connect(self.ask)
        self.bar.part_chosen.connect(self.ask)
        self.bar.file_wanted.connect(self._ask_model)
        self._asking.progressed.connect(self._show_progress)
        self._asking.asked.connect(self._show)
        self._asking.failed.connect(self._failed)
        self.progress.cancelled.connect(self._cancel)
        self.changes.earlier_chosen.connect(self._compare)
        self.changes.show_wanted.connect(lambda show: self.gallery.show_view(View(show)))
        self.corrections.train_wanted.connect(lambda: self._context.page_requested.emit("train"))
        self.corrections.ask_wanted.connect(self.ask)
        self.matrix.opened.connect(self._open_cell)
        self.classes.opened.connect(lambda n: self._open(View(Show.LANDMARK, n)))
        self.gallery.view_changed.connect(self._mark_cell)
        self.gallery.selection_changed.connect(self._show_current)
        self.looking.changed.connect(self._show_heat)
        self.exporting.begun.connect(self._begin_export)
        self.exporting.progressed.connect(self._show_progress)
        self.exporting.written.connect(self._written)
        self.exporting.stopped.connect(self._not_written)

    def _make_commands(self) -> None:
        press = partial(self._context.commands.add_button, category=tr("Evaluate"))
        press("evaluate.ask", self.ask_button)
        press("evaluate.export", self.export_button, "Ctrl+E", name=tr("Export the evaluation"))
        press("evaluate.open_model", self.bar.open, "Ctrl+M")
        self._context.commands.hint(self.ask_button, "page.primary", self.ask_button.toolTip())

    # Following the project

    def _follow_document(self, document: Document | None) -> None:
        self._reading.cancel()
        self._asking.abandon()
        self.exporting.abandon()
        self._document, self._asked, self._runs, self._wanted = document, None, None, None
        self.bar.clear()
        self.banner.hide()
        self.corrections.hide()
        self.gallery.show_asked(None, Project(), View())
        self.gallery.forget_pictures()
        self.looking.forget()
        if document is not None:
            document.edited.connect(self._edited)
            document.folder_changed.connect(self.gallery.forget_pictures)
        if self.isVisible():
            self._read_runs()
        self._refresh()

    def _read_runs(self, _: object = None) -> None:
        document = self._document
        if document is None or not self.isVisible():
            return
        known = {run.id: run for run in self._runs or ()}
        look = partial(read_runs, document.data_folder, known)
        self._reading.submit(look, partial(self._show_runs, document), self._failed)

    def _show_runs(self, document: Document, runs: list[Run]) -> None:
        if document is not self._document:
            return
        self._runs = runs
        is_new = self.bar.show_runs(models_of(runs))
        if self._wanted is not None:
            self._ask_wanted()
        elif is_new and self.isVisible():  # the first visit, or a training has ended
            self.ask()
        self._refresh()

    def _ask_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        assert wanted is not None
        self.bar.open_file(wanted)
        self.ask()

    # What the model said

    def _show(self, asked: Asked) -> None:
        document = self._document
        if document is None:
            return
        is_new = self._asked is None or asked.evaluation is not self._asked.evaluation
        self._asked = asked
        self.progress.hide()
        self.changes.show_comparison(asked.comparison)
        if is_new:
            self.looking.forget()  # boxes may be others by now
            asked.corrections.follow(document.project, self._edited_since)
            self._show_figures(document, asked)
            self.gallery.show_asked(asked, document.project, View())
            self._context.status(texts.headline(asked.figures) if asked.figures.examples else "")
        else:
            self.gallery.show_asked(asked, document.project, self.gallery.shown)
        self._refresh()

    def _show_figures(self, document: Document, asked: Asked) -> None:
        figures, labels = asked.figures, asked.evaluation.labels
        self.summary.show_asked(asked)
        self.matrix.show_matrix(figures.matrix, labels, texts.part_name(asked.evaluation.part))
        colors = {mark.name: mark.color for mark in document.project.landmarks.values()}
        self.classes.classes.show_classes(figures.classes, colors)
        self.reliability.show_calibration(asked.calibration)

    def _compare(self, earlier: Model | None) -> None:
        """Compare the answers that are there with another earlier model."""
        if self._document is None or self._asked is None:
            return
        self.progress.start(tr("Asking the earlier model"))
        self._asking.compare(self._document, self._asked, earlier)
        self._refresh()

    def _failed(self, error: Exception) -> None:
        self.progress.hide()
        if isinstance(error, Cancelled):
            self._context.status(tr("Cancelled"))
        else:
            self.banner.show_message(str(error), "danger")
        self._refresh()

    def _cancel(self) -> None:
        self._context.status(tr("Cancelling…"))
        self._asking.cancel()
        self.exporting.cancel()

    def _show_progress(self, done: int, total: int) -> None:
        if total:
            self.progress.set(done, total)

    # What is looked at

    def _open_cell(self, given: int, said: int) -> None:
        self._open(View(Show.CELL, given, said))

    def _open(self, view: View) -> None:
        self.gallery.show_view(view)
        if self.gallery.answers():
            self.gallery.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark_cell(self, view: View) -> None:
        self.matrix.mark((view.given, view.said) if view.show is Show.CELL else None)

    def _show_current(self) -> None:
        answer = self.gallery.current()
        if self._asked is not None:
            self.detail.show_answer(answer, self._asked.evaluation, self.gallery.model)
            self.looking.show_answer(answer, self._asked.evaluation.model)
            if answer is not None and self.isVisible():
                self._context.reached.emit("judged")

    def _show_heat(self) -> None:
        self.detail.show_heat(self.looking.heat, self.looking.note)

    def _edited(self, edit: Edit) -> None:
        photos = edit.photo_ids()
        self._edited_since |= photos
        if self._asked is None or self._document is None:
            return
        self._asked.corrections.follow(self._document.project, photos)
        self.gallery.refresh()
        self._show_current()
        self._refresh()

    # States

    def _refresh(self) -> None:
        """Show the part that fits what there is, and enable what can be done now."""
        asked, busy = self._asked, self._asking.running or self.exporting.running
        self.progress.setVisible(busy)
        self.ask_button.setEnabled(self.bar.model is not None and not busy)
        has_answers = asked is not None and bool(asked.evaluation.answers)
        self.export_button.setEnabled(has_answers and not busy)
        self.corrections.show_count(asked.corrections.count if asked is not None else 0)
        self.states.show_state(self.bar.model, asked, self._asking.running)

    def _ask_model(self) -> None:
        """Let the person choose a model file."""
        document = self._document
        chosen = ask_model(self, document.path.parent if document is not None else None)
        if chosen is not None:
            self.open_model(chosen)

    # Export

    def _ask_export(self) -> None:
        if self._document is not None and self._asked is not None:
            self.exporting.ask(self._document, self._asked)

    def _begin_export(self) -> None:
        self.banner.hide()
        self.progress.start(tr("Writing the report"))
        self._refresh()

    def _written(self, path: Path) -> None:
        text = tr("Written: {path}", path=path)
        self.banner.show_message(text, "info", tr("Open"), partial(self.exporting.open, path))
        self._refresh()

    def _not_written(self, reason: str) -> None:
        if reason:
            self.banner.show_message(reason, "danger")
        else:
            self._context.status(tr("Cancelled. Nothing was written."))
        self._refresh()
