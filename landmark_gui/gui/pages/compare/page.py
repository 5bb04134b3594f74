"""The Compare page: what cropping and augmentation are worth on the person's own photos."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.panel import StudyPanel
from landmark_gui.gui.widgets.common import EmptyState, heading

FOLLOW_MS = 250


class ComparePage(QWidget):
    """The study "compare", or what is missing for it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.panel = StudyPanel(context, "compare")
        self._title: QLabel = heading(texts.title("compare"))
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self._choose_part)
        self._lay_out()
        context.commands.hint(self.panel.start_button, "page.primary", tr("Start the trainings"))
        context.document_changed.connect(self._follow_document)
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._choose_part()

    def primary_action(self) -> None:
        """What Ctrl+Enter does on this page."""
        if self._stack.currentWidget() is self._study and self.panel.start_button.isVisible():
            self.panel.start()

    def _lay_out(self) -> None:
        self._study = QWidget()
        column = QVBoxLayout(self._study)
        column.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        column.setSpacing(theme.M)
        column.addWidget(self._title)
        column.addWidget(self.panel, 1)
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
        self._no_boxes = self._empty(
            tr("No crops to compare with yet"),
            tr(
                "Without boxes there are only whole photos, and no crops to set beside them. Draw "
                "a box around the landmark on each photo first."
            ),
        )
        self._stack = QStackedLayout(self)
        for part in (self._study, self._no_project, self._no_landmarks, self._no_boxes):
            self._stack.addWidget(part)

    def _empty(self, title: str, text: str) -> EmptyState:
        def go() -> None:
            self._context.page_requested.emit("label")

        return EmptyState("compare", title, text, tr("Draw boxes"), go)

    def _follow_document(self, document: Document | None) -> None:
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
            part = self._study if _has_boxes(document.project) else self._no_boxes
        self._stack.setCurrentWidget(part)


def _has_boxes(project: Project) -> bool:
    return any(not box.excluded for box in project.boxes.values())


def _named(project: Project) -> set[int]:
    """The landmarks that a photo or a box shows."""
    boxes = {box.landmark_id for box in project.boxes.values() if not box.excluded}
    photos = {photo.landmark_id for photo in project.photos.values()}
    return {mark for mark in boxes | photos if mark is not None}
