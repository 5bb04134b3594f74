"""The Runs page: the table of all trainings above, what is known of the chosen ones below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run, read_runs
from landmark_gui.core.run_texts import Difference, differences
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.runs.actions import RunActions
from landmark_gui.gui.pages.runs.curves import MOST, series_color
from landmark_gui.gui.pages.runs.details import RunDetails
from landmark_gui.gui.pages.runs.table_model import RunTable, searched_text
from landmark_gui.gui.pages.runs.table_view import RunView
from landmark_gui.gui.pages.runs.texts import summary_text, verdict_text
from landmark_gui.gui.widgets.common import (
    Banner,
    EmptyState,
    action_button,
    heading,
    list_note,
    search_field,
)
from landmark_gui.gui.widgets.flow_layout import FlowLayout
from landmark_gui.gui.widgets.handed_focus import HandedFocus
from landmark_gui.gui.widgets.note_stack import NoteStack
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly

LOOK_AGAIN_MS = 3_000
"""Between two looks at a run that is at work."""


class RunsPage(QWidget):
    """Lists what trainings have left beside the project."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._document: Document | None = None
        self._runs: Sequence[Run] = ()
        self._wanted: list[str] = []
        self._reading, self._judging = LatestOnly(self), LatestOnly(self)
        self._look_again = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._look_again.stop()
        super().hideEvent(event)

    def keep(self) -> tuple[str, list[str]]:
        """What is searched and chosen, for the page that takes the place of this one."""
        return self.search.text(), [run.id for run in self.view.selected()]

    def take(self, kept: tuple[str, list[str]]) -> None:
        searched, self._wanted = kept
        self.search.setText(searched)

    def primary_action(self) -> None:
        """What Ctrl+Enter does on this page."""
        chosen = self.view.selected()
        if len(chosen) == 1:
            self.deeds.activate(chosen[0])

    def refresh(self, _: object = None) -> None:
        """Look at the disk again."""
        if self._document is not None:
            known = {run.id: run for run in self._runs}
            look = partial(_read, self._document.data_folder, known)
            self._reading.submit(look, partial(self._show, self._document), self._show_error)

    # Parts

    def _make_parts(self) -> None:
        self.summary = heading("", "subtitle")
        self.summary.setObjectName("runs_summary")
        self.search = search_field("runs_search", tr("Search runs"))
        self.search.setMaximumWidth(260)
        self.banner = Banner()
        self.model = RunTable()
        self.model.setParent(self)
        self.view = RunView(self.model, self._context)
        self.details = RunDetails()
        self.deeds = RunActions(self._context, self.view.selected, self, self.view)
        HandedFocus(self, self.view)
        self._columns = self._context.commands.add(
            *("runs.columns", tr("Choose the columns…"), self.view.choose_columns),
            owner=self,
            category=tr("Runs"),
        )

    def _lay_out(self) -> None:
        self._content = QWidget()
        content = QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(theme.M)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.search, 1)
        content.addLayout(head)
        content.addLayout(self._tools())
        content.addWidget(self.banner)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        self._listed = NoteStack(self.view)
        parts.addWidget(self._listed)
        parts.addWidget(scrolled(self.details))
        parts.setStretchFactor(0, 2)
        parts.setStretchFactor(1, 3)
        content.addWidget(parts, 1)
        self._stack = QStackedWidget()
        self._empty = self._empty_state()
        self._looking = QWidget()
        for page in (self._looking, self._content, self._empty):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.addWidget(self._stack)

    def _tools(self) -> FlowLayout:
        tools = FlowLayout(theme.S)
        buttons = (
            ("runs_resume_button", self.deeds.resume),
            ("runs_use_button", self.deeds.use),
            ("runs_reuse_button", self.deeds.reuse),
            ("runs_export_button", self.deeds.export),
            ("runs_delete_button", self.deeds.delete),
        )
        for name, action in buttons:
            made = action_button(name, action)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tools.add(made)
        return tools

    def _empty_state(self) -> EmptyState:
        return EmptyState(
            "runs",
            tr("No trainings yet"),
            tr(
                "Each training is kept here with its settings, curves and model, so that it can "
                "be compared, used again, or gone on with after an interruption."
            ),
            tr("Go to Train"),
            lambda: self._context.page_requested.emit("train"),
        )

    def _connect(self) -> None:
        self._context.document_changed.connect(self._follow_document)
        self._context.model_ready.connect(self.refresh)
        self._look_again.timeout.connect(self.refresh)
        self.search.textChanged.connect(self._search)
        self.model.note_written.connect(self.deeds.write_note)
        self.view.chosen.connect(self._show_chosen)
        self.view.activated_run.connect(self.deeds.activate)
        self.view.menu_wanted.connect(self._show_menu)
        self.deeds.changed.connect(self.refresh)
        self.deeds.problem.connect(lambda text: self.banner.show_message(text, "danger"))
        self.deeds.note_wanted.connect(self.view.edit_note)
        theme.signals.changed.connect(self._show_colors)

    def _follow_document(self, document: Document | None) -> None:
        self._document = document
        self._reading.cancel()
        self._runs = ()
        self.model.set_runs((), {})
        self.model.read_only = document is not None and document.read_only
        self.banner.hide()
        self.search.clear()
        self._stack.setCurrentWidget(self._empty if document is None else self._looking)
        self._show_chosen()
        if self.isVisible():
            self.refresh()

    def _search(self, text: str) -> None:
        self.model.set_filter(text)
        show_all = (tr("Show all runs"), "show_all_runs", self.search.clear)
        none = self._runs and not self.model.rowCount()
        note = list_note(tr("No run has all these words."), *show_all) if none else None
        self._listed.set_note(note)

    # What is read

    def _show(self, document: Document, read: tuple[list[Run], dict[str, str]]) -> None:
        runs, texts = read
        if document is not self._document:
            return
        if self.view.is_editing:  # new rows would take the place of what is being written
            self._look_again.start()
            return
        if runs != self._runs:
            self._runs = runs
            self.model.set_runs(runs, texts)
            self._search(self.search.text())
            self.summary.setText(summary_text(runs))
            self._stack.setCurrentWidget(self._content if runs else self._empty)
            if runs and not self.view.selected():
                first = [self.model.run(0).id] if self.model.rowCount() else []
                self.view.select(self._wanted or first)
                self._wanted = []
            self._show_chosen()
        self.deeds.refresh()
        at_work = bool(self._context.task) or any(run.state == "running" for run in runs)
        if self.isVisible() and at_work:
            self._look_again.start()

    def _show_error(self, error: Exception) -> None:
        self.banner.show_message(str(error), "danger")

    def _show_chosen(self) -> None:
        chosen = self.view.selected()
        self.deeds.refresh()
        self.details.show_runs(chosen)
        self._show_colors()
        if chosen:  # answers are read from the disk
            self._judging.submit(partial(_judged, chosen[:MOST]), self._show_judged)
        else:
            self._judging.cancel()

    def _show_judged(self, judged: tuple[str, list[Difference]]) -> None:
        self.details.show_verdict(*judged)

    def _show_colors(self) -> None:
        chosen = self.view.selected()[:MOST]
        self.model.set_colors({run.id: series_color(n) for n, run in enumerate(chosen)})

    def _show_menu(self, place: QPoint) -> None:
        menu = self.deeds.menu()
        menu.addSeparator()
        menu.addAction(self._columns)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)


def _read(data: Path, known: Mapping[str, Run]) -> tuple[list[Run], dict[str, str]]:
    runs = read_runs(data, known)
    return runs, {run.id: searched_text(run) for run in runs}


def _judged(runs: Sequence[Run]) -> tuple[str, list[Difference]]:
    return verdict_text(runs), differences(runs) if len(runs) > 1 else []
