"""One fault: what it means, what to do about all cases at once, and the cases."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.quality import remedies, texts
from landmark_gui.core.quality.report import Case, Fault, Finding, Remedy
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.quality.case_list import CaseList
from landmark_gui.gui.pages.quality.remedy_bar import RemedyBar
from landmark_gui.gui.widgets.common import button, wrapped
from landmark_gui.gui.widgets.handed_focus import HandedFocus

_LOOKED_INTO = 50
"""Of more selected cases than this, all remedies of the fault are offered."""


class FindingPanel(QWidget):
    """Shows a fault with its cases.

    Signals:
        remedy_wanted(Finding, str, int | None): for these cases, "relabel" with the landmark.
        show_wanted(Subject): it is to be seen on the Label page.
    """

    remedy_wanted = Signal(object, str, object)
    show_wanted = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._document: Document | None = None
        self._finding: Finding | None = None
        self.title, self.meaning = wrapped("", "title"), wrapped("")
        self.title.setObjectName("fault_title")
        self.meaning.setObjectName("fault_meaning")
        self.cases = CaseList()
        self.bar = RemedyBar(context.commands, self.cases)
        self.all_button = self._make_all_button(context)
        self._lay_out()
        self._connect()

    def show_finding(self, document: Document, finding: Finding) -> None:
        """Show another fault from its first case on."""
        self._document, self._finding = document, finding
        self.cases.show_fault(document, finding.fault, finding.cases)
        self._show_head()

    def follow(self, finding: Finding) -> None:
        """Show what has become of the fault."""
        self._finding = finding
        self.cases.follow(finding.cases)
        self._show_head()

    def forget(self) -> None:
        """Nothing is open any more."""
        self._document = self._finding = None
        self.cases.show_fault(None, None, ())
        self.cases.thumbnails.clear()

    def repaint_cases(self) -> None:
        """Names or colours of landmarks have changed."""
        self.cases.cases.repaint()
        self._show_choice()

    # What is shown

    def _show_head(self) -> None:
        finding = self._finding
        if finding is None or self._document is None:
            return
        self.title.setText(f"{texts.title(finding.fault)} · {finding.count}")
        self.meaning.setText(texts.explanation(finding.fault))
        remedy = remedy_for_all(finding)
        self.all_button.setVisible(remedy is not None and finding.count > 0)
        if remedy is not None:
            self.all_button.setText(all_text(finding, remedy))
        self.all_button.setEnabled(not self._hindrance())
        self.all_button.setToolTip(self._hindrance())
        self._show_choice()

    def _show_choice(self) -> None:
        finding, document = self._finding, self._document
        if finding is None or document is None:
            return
        chosen = self.cases.selected()
        text = tr("{n} of {total} selected", n=len(chosen), total=finding.count)
        self.bar.show_choice(
            text if finding.count else "",
            finding.remedies,
            self._offered(document, finding, chosen),
            document.project.ordered_landmarks(),
            self._hindrance(),
            can_show=self.cases.current_subject() is not None,
        )

    def _offered(self, document: Document, finding: Finding, chosen: list[Case]) -> set[Remedy]:
        if len(chosen) > _LOOKED_INTO:
            return set(finding.remedies)
        project = document.project
        return {r for case in chosen for r in remedies.offered(project, finding, case)}

    def _hindrance(self) -> str:
        read_only = self._document is not None and self._document.read_only
        return tr("This project is open for reading only.") if read_only else ""

    # What the person wants

    def do_all(self) -> None:
        """What the button above the cases says."""
        finding = self._finding
        remedy = remedy_for_all(finding) if finding is not None else None
        if remedy is not None:
            self.remedy_wanted.emit(finding, remedy, None)

    def _do(self, remedy: Remedy, landmark_id: int | None) -> None:
        chosen = self.cases.selected()
        if self._finding is not None and chosen:
            finding = Finding(self._finding.fault, tuple(chosen), self._finding.remedies)
            self.remedy_wanted.emit(finding, remedy, landmark_id)

    def _show_current(self) -> None:
        subject = self.cases.current_subject()
        if subject is not None:
            self.show_wanted.emit(subject)

    def _open_menu(self, place: QPoint) -> None:
        if self.cases.selected():
            self.bar.menu().popup(self.cases.viewport().mapToGlobal(place))

    # Widgets

    def _make_all_button(self, context: AppContext) -> QPushButton:
        made = button(tr("Leave out all"), "remedy_all", self.do_all)
        name = tr("Do what helps against all cases of the fault")
        context.commands.add_button("quality.all", made, category=tr("Quality"), name=name)
        return made

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.L)
        head.addWidget(self.meaning, 1)
        head.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.title)
        layout.addLayout(head)
        layout.addWidget(self.cases, 1)
        layout.addWidget(self.bar)
        HandedFocus(self, self.cases)

    def _connect(self) -> None:
        self.cases.selection_changed.connect(self._show_choice)
        self.cases.show_wanted.connect(self.show_wanted)
        self.cases.customContextMenuRequested.connect(self._open_menu)
        self.bar.wanted.connect(self._do)
        self.bar.show_wanted.connect(self._show_current)


def remedy_for_all(finding: Finding) -> Remedy | None:
    """What can be done about all cases without looking at each; None if there is no such thing.

    Whether two photos that contradict each other show the one or the other landmark, only a
    person can say, case by case.
    """
    if finding.fault in (Fault.EXACT_ACROSS, Fault.NEAR_ACROSS):
        return None
    return next((remedy for remedy in finding.remedies if remedy != "trash"), None)


def all_text(finding: Finding, remedy: Remedy) -> str:
    """What the button for all cases says."""
    count = finding.count
    if remedy == "exclude" and finding.fault in remedies.DUPLICATES:
        copies = sum(len(case.subjects) - 1 for case in finding.cases)
        return ntr("Leave out the copy", "Leave out all {n} copies", copies)
    return {
        "exclude": ntr("Leave it out", "Leave out all {n}", count),
        "merge_boxes": ntr("Merge these boxes", "Merge the boxes of all {n} places", count),
        "fit_box": ntr("Cut it at the edge", "Cut all {n} at the edge", count),
        "relabel": ntr(
            "Move it to the likelier landmark", "Move all {n} to the likelier landmark", count
        ),
    }.get(remedy, "")
