"""The Compare page: what cropping and augmentation are worth on the person's own photos, and
which other settings are better."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search import Settings
from landmark_gui.core.training_advice import Facts
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.compare.search_panel import Running, SearchPanel
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.panel import StudyPanel
from landmark_gui.gui.studies.parts import Switch
from landmark_gui.gui.studies.setup import StudySetup
from landmark_gui.gui.widgets.common import EmptyState, heading
from landmark_gui.jobs.tasks import run_task

FOLLOW_MS = 250
TABLE, SEARCH = "table", "search"


class ComparePage(QWidget):
    """The study "compare" or a search for better settings, or what is missing for them."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.panel = StudyPanel(context, "compare")
        self._trained = StudySetup(context, "augmentation")  # as the Train page would
        self.search = SearchPanel(context, self._base)
        self.search.taken.connect(self._take)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self._choose_part)
        self._lay_out()
        self._make_commands()
        context.commands.hint(self.panel.start_button, "page.primary", tr("Start the trainings"))
        context.document_changed.connect(self._follow_document)
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose_part()

    def keep(self) -> tuple[str, Running | None]:
        """What is shown, for the page that takes the place of this one."""
        is_search = self._parts.currentWidget() is self.search
        return SEARCH if is_search else TABLE, self.search.running()

    def take(self, kept: tuple[str, Running | None]) -> None:
        part, running = kept
        self.show_part(part)
        if running is not None:
            self.search.go_on(running)

    def primary_action(self) -> None:
        """What Ctrl+Enter does on this page."""
        if self.panel.start_button.isVisible() and self.panel.start_button.isEnabled():
            self.panel.start()
        elif self.search.start_button.isVisible() and self.search.start_button.isEnabled():
            self.search.start()

    def show_part(self, part: str) -> None:
        """Show "table" or "search"."""
        self.switch.set_value(part)
        self._parts.setCurrentWidget(self.search if part == SEARCH else self._table)
        self._choose_part()

    def _lay_out(self) -> None:
        self._make_table()
        self._study = QWidget()
        column = QVBoxLayout(self._study)
        column.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        column.setSpacing(theme.M)
        column.addWidget(self.switch)
        column.addWidget(self._parts, 1)
        self._no_project = EmptyState(
            "compare",
            tr("Nothing to compare yet"),
            tr("Open a folder of photos first."),
            tr("Open a folder of photos…"),
            self._context.open_folder_requested.emit,
        )
        self._no_landmarks = self._empty(
            tr("Nothing to tell apart yet"),
            tr("Name at least two landmarks first, each on a few photos."),
        )
        self._stack = QStackedLayout(self)
        for part in (self._study, self._no_project, self._no_landmarks):
            self._stack.addWidget(part)

    def _make_table(self) -> None:
        self._table = QStackedWidget()
        self._parts = QStackedWidget()
        self._compared = QWidget()
        column = QVBoxLayout(self._compared)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(heading(texts.title("compare")))
        column.addWidget(self.panel, 1)
        self._no_boxes = self._empty(
            tr("No crops to compare with yet"),
            tr(
                "Without boxes there are only whole photos, and no crops to set beside them. Draw "
                "a box around the landmark on each photo first."
            ),
        )
        for part in (self._compared, self._no_boxes):
            self._table.addWidget(part)
        for part in (self._table, self.search):
            self._parts.addWidget(part)
        self.switch = Switch(
            tr("What is compared"),
            [
                (
                    *(TABLE, "compare_table", tr("Photos and crops")),
                    tr("See what cropping and augmentation are worth"),
                ),
                (
                    *(SEARCH, "compare_search", tr("Better settings")),
                    tr("Search for better settings of the training"),
                ),
            ],
        )
        self.switch.chosen.connect(self.show_part)
        self.switch.set_value(TABLE)

    def _make_commands(self) -> None:
        press, category = self._context.commands.add_button, tr("Compare")
        press("compare.table", self.switch.button(TABLE), category=category)
        press("compare.search", self.switch.button(SEARCH), category=category)
        press("search.start", self.search.start_button, category=category)
        press("search.stop", self.search.stop_button, category=category)

    def _base(self) -> TrainConfig | None:
        """The training that a search is to better: that of the Train page."""
        return self._trained.training()

    def _take(self, settings: Settings) -> None:
        base = self._base()
        if base is not None:
            self._context.settings_requested.emit(settings.applied(base))

    def _look_up(self) -> None:
        """What the Train page's suggestions are made from; until then there is no base."""
        find = self._trained.look_up()
        if find is not None:
            run_task(find, partial(self._know, self._context.document), owner=self)

    def _know(self, document: Document | None, facts: Facts) -> None:
        if document is self._context.document:
            self._trained.facts = facts
            if self.search.isVisible():
                self.search.look()

    def _empty(self, title: str, text: str) -> EmptyState:
        def go() -> None:
            self._context.page_requested.emit("label")

        return EmptyState("compare", title, text, tr("Draw boxes"), go)

    def _follow_document(self, document: Document | None) -> None:
        self._trained.facts = None
        if document is not None:
            document.edited.connect(self._edited)
        self._choose_part()

    def _edited(self) -> None:
        if self.isVisible():
            self._follow.start()

    def _choose_part(self) -> None:
        document = self._context.document
        if document is None:
            part: QWidget = self._no_project
        elif len(_named(document.project)) < 2:
            part = self._no_landmarks
        else:
            part = self._study
            boxes = _has_boxes(document.project)
            self._table.setCurrentWidget(self._compared if boxes else self._no_boxes)
            self._look_up()
        self._stack.setCurrentWidget(part)


def _has_boxes(project: Project) -> bool:
    return any(not box.excluded for box in project.boxes.values())


def _named(project: Project) -> set[int]:
    """The landmarks that a photo or a box shows."""
    boxes = {box.landmark_id for box in project.boxes.values() if not box.excluded}
    photos = {photo.landmark_id for photo in project.photos.values()}
    return {mark for mark in boxes | photos if mark is not None}
