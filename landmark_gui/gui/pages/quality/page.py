"""The Quality page: faults on the left, the cases of the chosen one on the right."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit
from landmark_gui.core.quality.report import Fault, Finding, Remedy, Subject
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.quality.advice import AdviceCard
from landmark_gui.gui.pages.quality.fault_list import FaultList
from landmark_gui.gui.pages.quality.finding_panel import FindingPanel
from landmark_gui.gui.pages.quality.open_cases import OpenCases
from landmark_gui.gui.pages.quality.remedying import Remedying
from landmark_gui.gui.pages.quality.states import States
from landmark_gui.gui.pages.quality.thresholds import Thresholds
from landmark_gui.gui.widgets.common import Banner, ProgressRow, wrapped
from landmark_gui.gui.widgets.handed_focus import HandedFocus
from landmark_gui.jobs.tasks import LatestOnly

_SIZES, _SPLITTER = [250, 750], "quality.splitter"
_REMEMBER_MS = 500
_LARGEST = 20_000
_LOWEST = 380
"""Height of the page under which its texts would lie on each other."""


class QualityPage(QWidget):
    """Shows what is wrong with the dataset, and puts it right as the person says."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._watch = context, context.dataset
        self._document: Document | None = None
        self._open: OpenCases | None = None
        self._fault: Fault | None = None
        self._labelled = False
        self._reading = LatestOnly(self)
        self._make_parts()
        self._lay_out()
        self._order_tabs()
        self._connect()
        self._watch.add_viewer(self)
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.catch_up()

    def keep(self) -> Fault | None:
        """The fault that is looked at, for the page that takes the place of this one."""
        return self._fault

    def take(self, kept: Fault | None) -> None:
        self._fault = kept
        self._take(self._watch.dataset)

    # Widgets

    def _make_parts(self) -> None:
        self.summary = wrapped("", "subtitle")
        self.summary.setObjectName("quality_summary")
        self.progress = ProgressRow(tr("Looking at the photos"))
        self.progress.hide()
        self.advice = AdviceCard()
        self.faults, self.thresholds = FaultList(), Thresholds()
        self.panel = FindingPanel(self._context)
        self.remedying = Remedying(self._context, self)
        self.states = States(self._context, self.panel)
        self._banner = Banner()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.L)
        column.addWidget(self.faults, 1)
        column.addWidget(self.thresholds)
        left.setMinimumWidth(190)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setObjectName("quality_splitter")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(theme.L)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.states)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes(self._remembered_sizes())
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.M)
        for part in (self.summary, self._banner, self.progress, self.advice):
            layout.addWidget(part)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self.remedying.progress)
        layout.addWidget(self.remedying.said)
        self._stack = QStackedWidget()
        self._closed = self.states.closed()
        self._stack.addWidget(self._content)
        self._stack.addWidget(self._closed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.setMinimumHeight(theme.grown(_LOWEST))
        HandedFocus(self, self.panel.cases)

    def _order_tabs(self) -> None:
        """From the fault to its cases and what helps; the sliders come last."""
        near, burst = self.thresholds.near.slider, self.thresholds.burst.slider
        last = self.panel.bar.findChildren(QToolButton)[-1]
        way = (self.faults, self.panel.all_button, self.panel.cases)
        for first, second in (*pairwise(way), (last, near), (near, burst)):
            QWidget.setTabOrder(first, second)

    def _remembered_sizes(self) -> list[int]:
        sizes = self._context.settings.get(_SPLITTER, _SIZES)
        fit = len(sizes) == 2 and all(
            isinstance(size, int) and 0 <= size <= _LARGEST for size in sizes
        )
        return sizes if fit else _SIZES

    def _connect(self) -> None:
        self._remember = QTimer(self, singleShot=True, interval=_REMEMBER_MS)
        self._remember.timeout.connect(
            lambda: self._context.settings.set(_SPLITTER, self._splitter.sizes())
        )
        self._splitter.splitterMoved.connect(self._remember.start)
        self._context.document_changed.connect(self._follow_document)
        self._watch.changed.connect(self._take)
        self._watch.progressed.connect(self._show_progress)
        self._watch.failed.connect(self._show_problem)
        self.faults.chosen.connect(self._choose)
        self.faults.activated.connect(self._enter_cases)
        self.faults.clicked.connect(self._enter_cases)  # whose keys work at once
        self.thresholds.chosen.connect(self._watch.choose)
        self.panel.remedy_wanted.connect(self._remedy)
        self.panel.show_wanted.connect(self._show_subject)
        self.states.next_wanted.connect(self._choose_next)

    # Following the project

    def _follow_document(self, document: Document | None) -> None:
        self._reading.cancel()
        self._document, self._open, self._fault = document, None, None
        self.remedying.set_document(document)
        self.panel.forget()
        self.thresholds.forget()
        self.faults.show_counts([], None)
        self.advice.show_advice(())
        self._banner.hide()
        self.progress.hide()
        if document is not None:
            document.edited.connect(self._edited)
            document.photos_changed.connect(self._photos_changed)
        self._stack.setCurrentWidget(self._closed if document is None else self._content)
        self._take(self._watch.dataset)

    def _take(self, dataset: Dataset | None) -> None:
        """Show a newer dataset; its cases are sorted in the background first."""
        document = self._document
        if document is None:
            return
        self.thresholds.show_choices(self._watch.choices, document.read_only)
        if dataset is None or dataset.report is None:
            if self._open is None:
                self.summary.setText("")
                self.thresholds.count(None)
                self.states.show_measuring()
            return
        self._banner.hide()
        work = partial(OpenCases, dataset.report, dataset.project)
        self._reading.submit(work, partial(self._show_report, dataset), self._show_problem)

    def _show_report(self, dataset: Dataset, cases: OpenCases) -> None:
        document = self._document
        if document is None:
            return
        self.progress.hide()
        cases.follow_all(document.project)
        self._open = cases
        self.advice.show_advice(cases.report.advice)
        self.thresholds.count(dataset)
        self._labelled = dataset.labelled > 0
        self._show_cases()

    def _edited(self, edit: Edit) -> None:
        self._follow_photos(edit.photo_ids())
        if edit.touches_landmarks():
            self.panel.repaint_cases()

    def _photos_changed(self) -> None:
        if self._open is not None and self._document is not None and self.isVisible():
            self._open.follow_all(self._document.project)
            self._show_cases()

    def _follow_photos(self, photo_ids: set[int]) -> None:
        if self._open is None or self._document is None:
            return
        if self._open.follow(self._document.project, photo_ids):
            self._show_cases()

    # What is shown

    def _show_cases(self) -> None:
        cases, document = self._open, self._document
        assert cases is not None and document is not None
        self._context.faults_counted.emit(cases.total())
        self._show_summary(cases)
        shown, self._fault = self._fault, self._fault or _first(cases)
        if not cases.report.findings:
            self._fault = None
        counts = [(fault, cases.count(fault)) for fault in Fault]
        listed = [(fault, n) for fault, n in counts if n or fault is self._fault]
        self.faults.show_counts(listed, self._fault)
        if self._fault is None:
            self.states.show_nothing(self._labelled)
        else:
            self._show_finding(
                document, cases.finding(self._fault), is_new=shown is not self._fault
            )

    def _show_finding(self, document: Document, finding: Finding, *, is_new: bool) -> None:
        if is_new:
            self.panel.show_finding(document, finding)
        else:
            self.panel.follow(finding)
        if finding.count:
            self.states.show_cases()
        else:
            assert self._open is not None
            self.states.show_settled(finding.fault, _first(self._open))

    def _show_summary(self, cases: OpenCases) -> None:
        total = cases.total()
        looked = ntr("{n} photo", "{n} photos", cases.report.photos)
        if not total:
            self.summary.setText(tr("{photos} looked at", photos=looked))
            return
        found = ntr("{n} case to look at", "{n} cases to look at", total)
        self.summary.setText(tr("{photos} looked at: {found}", photos=looked, found=found))

    def _choose(self, fault: Fault) -> None:
        """Show the cases of another fault."""
        if self._open is None or self._document is None or fault is self._fault:
            return
        self._fault = fault
        self.panel.show_finding(self._document, self._open.finding(fault))
        self._show_cases()

    def _choose_next(self) -> None:
        following = _first(self._open) if self._open is not None else None
        if following is not None:
            self._choose(following)
            self._enter_cases()

    def _enter_cases(self) -> None:
        self.panel.cases.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_progress(self, done: int, total: int) -> None:
        if not total:
            return
        if self.progress.isHidden():
            self.progress.start()
            self.progress.show()
        self.progress.set(done, total)

    def _show_problem(self, error: Exception) -> None:
        self.progress.hide()
        self._banner.show_message(str(error), "danger")

    # What the person does

    def primary_action(self) -> None:
        """What the button for all cases does, if it can."""
        if self.panel.all_button.isVisible() and self.panel.all_button.isEnabled():
            self.panel.do_all()

    def _remedy(self, finding: Finding, remedy: Remedy, landmark_id: int | None) -> None:
        self.remedying.apply(finding, remedy, landmark_id)

    def _show_subject(self, subject: Subject) -> None:
        self._context.box_requested.emit(subject.photo_id, subject.box_id)


def _first(cases: OpenCases) -> Fault | None:
    """The first fault that has an open case."""
    return next((fault for fault in cases.faults if cases.count(fault)), None)
