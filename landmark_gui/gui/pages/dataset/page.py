"""The Crops page: settings on the left, the table and what was saved on the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.choices import SETTING, choices_of
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.dataset import overview
from landmark_gui.gui.pages.dataset.form import CropForm
from landmark_gui.gui.pages.dataset.overview import Planned
from landmark_gui.gui.pages.dataset.result import SavedCard
from landmark_gui.gui.pages.dataset.saving import CropSaving, Saved
from landmark_gui.gui.pages.dataset.table import SplitTable, table_view
from landmark_gui.gui.widgets.common import Banner, EmptyState, ProgressRow, button, wrapped
from landmark_gui.jobs.tasks import LatestOnly

FOLLOW_MS = 150
FORM_WIDTH = 320


class DatasetPage(QWidget):
    """Shows how the examples are shared out, and saves them as files."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._document: Document | None = None
        self._planned: Planned | None = None
        self._stale = True
        self._follow_timer = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._planning = LatestOnly(self)
        self._saving = CropSaving(self)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._follow_document(context.document)

    def primary_action(self) -> None:
        """What the primary button does, if it can."""
        if self.save_button.isEnabled() and self._stack.currentWidget() is self._content:
            self.save()

    def save(self) -> None:
        """Save the crops in the background."""
        document, out = self._document, self.form.folder()
        if document is None or out is None or self._saving.running:
            return
        self._remember()
        self.saved.hide()
        self._banner.hide()
        rows, kept = list(document.project.rows()), document.kept_splits
        self._saving.start(rows, document.photos_dir, self.form.choices(), kept, out)
        self.progress.start(tr("Saving crops"))
        self.progress.show()
        self._refresh()
        self._context.status(tr("Saving crops to {folder}…", folder=out))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._remember()

    def _make_parts(self) -> None:
        self.form = CropForm()
        self.model = SplitTable()
        self.model.setParent(self)
        self.table = table_view(self.model)
        self.summary = wrapped("", "subtitle")
        self.summary.setObjectName("crops_summary")
        self.notes = wrapped("", "warning")
        self.notes.setObjectName("crops_warnings")
        self.save_button = button(
            tr("Save crops"),
            "save_crops_button",
            self.save,
            kind="primary",
            tooltip=tr("Write the crops to the folder"),
        )
        commands = self._context.commands
        commands.add_button("crops.save", self.save_button, category=tr("Crops"))
        commands.hint(self.save_button, "page.primary", tr("Write the crops to the folder"))
        self.progress = ProgressRow(tr("Saving crops"), cancellable=True)
        self.progress.hide()
        self.saved = SavedCard()
        self._banner = Banner()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(self.summary, 1)
        head.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(theme.M)
        right.addLayout(head)
        for part in (self._banner, self.progress, self.saved, self.notes):
            right.addWidget(part)
        right.addWidget(self.table, 1)
        right.addStretch()
        self._content = QWidget()
        columns = QHBoxLayout(self._content)
        columns.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        columns.setSpacing(theme.XL)
        columns.addWidget(_scrolled(self.form))
        columns.addLayout(right, 1)
        self._stack = QStackedWidget()
        self._closed, self._unlabelled = self._empty_states()
        for page in (self._content, self._closed, self._unlabelled):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _empty_states(self) -> tuple[EmptyState, EmptyState]:
        closed = EmptyState(
            "dataset",
            tr("Nothing is open"),
            tr("Open a folder of photos; what you label there becomes crops here."),
            tr("Open folder of photos…"),
            self._context.open_folder_requested.emit,
        )
        unlabelled = EmptyState(
            "label",
            tr("No labels yet"),
            tr("Draw boxes around the landmarks on your photos; each box becomes a crop."),
            tr("Label photos"),
            lambda: self._context.page_requested.emit("label"),
        )
        return closed, unlabelled

    def _connect(self) -> None:
        self._context.document_changed.connect(self._follow_document)
        self._follow_timer.timeout.connect(self._follow)
        self.form.changed.connect(self._form_changed)
        self.form.open_folder_requested.connect(self._open_folder)
        self.progress.cancelled.connect(self._cancel)
        self._saving.progressed.connect(self._show_progress)
        self._saving.done.connect(self._saved)
        self._saving.stopped.connect(self._stopped)

    # Following the project

    def _follow_document(self, document: Document | None) -> None:
        self._saving.abandon()
        self._planning.cancel()
        self._follow_timer.stop()
        self._document, self._planned = document, None
        for part in (self.progress, self.saved, self._banner):
            part.hide()
        if document is not None:
            choices = choices_of(document)
            self.form.set_choices(choices, document.data_folder / "crops")
            self.form.set_kept(0)
            document.edited.connect(self._mark_stale)
            document.photos_changed.connect(self._mark_stale)
        self._stack.setCurrentWidget(self._closed if document is None else self._content)
        self._mark_stale()
        self._refresh()

    def _mark_stale(self) -> None:
        self._stale = True
        # Not restarted: during a scan of many photos the table would wait for its end.
        if self.isVisible() and not self._follow_timer.isActive():
            self._follow_timer.start()

    def _form_changed(self) -> None:
        self._mark_stale()
        self._refresh()

    def _follow(self) -> None:
        document = self._document
        if document is None or not self.isVisible():
            return
        self._stale = False
        self._remember()
        work = partial(
            overview.plan,
            list(document.project.rows()),
            document.photos_dir,
            self.form.choices(),
            document.kept_splits,
        )
        self._planning.submit(work, self._show_plan, self._show_problem)

    def _remember(self) -> None:
        if self._document is not None:
            self._document.set_setting(SETTING, self.form.choices().to_dict())

    def _show_plan(self, planned: Planned) -> None:
        self._planned = planned
        self.model.show_plan(planned)
        self.form.set_kept(planned.kept)
        self._stack.setCurrentWidget(self._content if planned.labelled else self._unlabelled)
        self._refresh()

    def _show_problem(self, error: Exception) -> None:
        self._banner.show_message(str(error), "danger")

    def _refresh(self) -> None:
        """Say what there is, what is wrong with it, and enable what can be done now."""
        planned = self._planned
        problem = self._folder_problem()
        notes = [problem] if problem else []
        if planned is not None:
            self.summary.setText(overview.summary(planned))
            notes += overview.warnings(planned)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        idle = not self._saving.running
        self.form.setEnabled(idle)
        self.save_button.setEnabled(idle and not problem and bool(planned and planned.crops))

    def _folder_problem(self) -> str:
        if self._document is None:
            return ""
        out, photos = self.form.folder(), self._document.photos_dir
        if out is None:
            return tr("Choose a folder for the crops.")
        if not out.is_absolute():
            return tr("Give the whole path of the folder for the crops.")
        if out == photos or photos in out.parents:
            return tr(
                "Crops inside {folder} would be taken for new photos. Choose a folder elsewhere.",
                folder=photos,
            )
        return ""

    # Saving

    def _cancel(self) -> None:
        self._saving.cancel()
        self._context.status(tr("Cancelling…"))

    def _show_progress(self, done: int, total: int) -> None:
        if total:
            self.progress.set(done, total)

    def _saved(self, saved: Saved) -> None:
        if self._document is None:
            return
        kept = {} if self.form.choices().fresh else self._document.kept_splits
        self._document.keep_splits({**kept, **saved.splits})  # type: ignore[dict-item]  # the store's are as plain text
        self.form.keep_splits()
        self.progress.hide()
        self.saved.show_saved(saved)
        self._context.status(tr("Crops saved in {folder}", folder=saved.out))
        self._mark_stale()
        self._refresh()

    def _stopped(self, reason: str) -> None:
        self.progress.hide()
        said = tr("Cancelled. Crops that were written stay; the next saving goes on from there.")
        self._banner.show_message(reason or said, "danger" if reason else "info")
        self._context.status(tr("The crops were not saved") if reason else tr("Cancelled"))
        self._refresh()

    def _open_folder(self) -> None:
        out = self.form.folder()
        if out is None:
            return
        if not out.is_dir():
            self._banner.show_message(
                tr("{folder} is not there yet: save the crops first.", folder=out)
            )
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))):
            self._banner.show_message(tr("The crops are in {folder}", folder=out))


def _scrolled(form: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFixedWidth(FORM_WIDTH)
    scroll.setWidget(form)
    form.setAutoFillBackground(False)  # which setWidget has switched on
    return scroll
