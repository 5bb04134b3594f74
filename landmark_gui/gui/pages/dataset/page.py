"""The Crops page: settings on the left; figures, crops and what was saved on the right."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.disk_space import of_crops
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.dataset import overview
from landmark_gui.gui.pages.dataset.actions import TileActions
from landmark_gui.gui.pages.dataset.exporting import cancelled_text, place_problem, shown_folder
from landmark_gui.gui.pages.dataset.form import CropForm
from landmark_gui.gui.pages.dataset.grid import CropGrid
from landmark_gui.gui.pages.dataset.pins import Pins
from landmark_gui.gui.pages.dataset.probe_card import ProbeCard
from landmark_gui.gui.pages.dataset.result import SavedCard
from landmark_gui.gui.pages.dataset.saving import CropSaving, Saved
from landmark_gui.gui.pages.dataset.table import SplitTable, table_view
from landmark_gui.gui.pages.dataset.ties import ties_of
from landmark_gui.gui.pages.dataset.tiles import TileQuery
from landmark_gui.gui.room import when_room
from landmark_gui.gui.widgets.common import Banner, EmptyState, ProgressRow, button, wrapped
from landmark_gui.gui.widgets.fold import remember_folds
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly

FORM_WIDTH = 320
REMEMBER_MS = 400
_SPLITTER, _SIDE, _FOLDS = "crops.splitter", "crops.tile", "crops.folds"
_SIZES = [260, 360]
_LARGEST = 100_000  # pixels; settings are a file that anybody can write


class DatasetPage(QWidget):
    """Shows how the examples are shared out and what they look like, and saves them as files."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._watch = context.dataset
        self._watch.add_viewer(self)
        self._document: Document | None = None
        self._save_wanted = False
        self._counting = LatestOnly(self)
        self._saving = CropSaving(self)
        context.ask_before_end(self._saving.at_end)
        self._make_parts()
        self._make_save()
        self._lay_out()
        self._connect()
        self._follow_document(context.document)
        self._show_dataset(self._watch.dataset)  # another page may have asked for it before

    def primary_action(self) -> None:
        """What the primary button does, if it can."""
        if self.save_button.isEnabled() and self._stack.currentWidget() is self._content:
            self.save()

    def save(self) -> None:
        """Save the crops in the background, once the dataset is known to its end."""
        if self._document is None or self.is_busy:
            return
        self.saved.hide()
        self._banner.hide()
        self._save_wanted = True
        self.progress.start(tr("Measuring photos before saving"))
        self.progress.show()
        self._watch.catch_up()
        self._save_if_ready()
        self._refresh()

    @property
    def is_busy(self) -> bool:
        """Whether crops are being saved, or will be once the photos are measured."""
        return self._saving.running or self._save_wanted

    def keep(self) -> tuple[TileQuery, Saved | None]:
        """What is chosen and was saved, for the page that takes the place of this one."""
        return self.grid.filters.query, None if self.saved.isHidden() else self.saved.shown

    def take(self, kept: tuple[TileQuery, Saved | None]) -> None:
        query, saved = kept
        self.grid.filters.change(query)
        if saved is not None:
            self.saved.show_saved(saved)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.catch_up()

    # Widgets

    def _make_parts(self) -> None:
        self.form = CropForm()
        remember_folds(self.form, self._context.settings, _FOLDS)
        self.model = SplitTable()
        self.model.setParent(self)
        self.table = table_view(self.model)
        self.grid = CropGrid()
        self.grid.set_side(self._context.settings.get(_SIDE, self.grid.delegate.side))
        self.actions_on_tiles = TileActions(self._context, self.grid, self)
        self.pins = Pins(self._context, self.form.sharing)
        self.probe = ProbeCard()
        self.summary = wrapped("", "subtitle")
        self.summary.setObjectName("crops_summary")
        self.notes = wrapped("", "warning")
        self.notes.setObjectName("crops_warnings")
        self.measuring = ProgressRow(tr("Measuring photos; the split settles when it is done"))
        self.measuring.setObjectName("measuring")
        self.measuring.hide()
        self.saved = SavedCard()
        self._banner = Banner()

    def _make_save(self) -> None:
        about = tr("Write the crops to the place chosen at the left")
        self.save_button = button(
            tr("Save crops"), "save_crops_button", self.save, kind="primary", tooltip=about
        )
        commands = self._context.commands
        commands.add_button("crops.save", self.save_button, category=tr("Crops"))
        commands.hint(self.save_button, "page.primary", about)
        self.progress = ProgressRow(tr("Saving crops"), cancellable=True)
        self.progress.hide()
        self._context.activities.follow(self.progress, "dataset")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(self.summary, 1)
        head.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(theme.M)
        right.addLayout(head)
        messages = (self._banner, self.progress, self.measuring, self.saved, self.notes)
        for part in (*messages, self.probe):
            right.addWidget(part)
        right.addWidget(self._make_splitter(), 1)
        self._content = QWidget()
        columns = QHBoxLayout(self._content)
        columns.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        columns.setSpacing(theme.L)
        columns.addWidget(scrolled(self.form, FORM_WIDTH))
        columns.addLayout(right, 1)
        self._stack = QStackedWidget()
        self._closed, self._unlabelled = self._empty_states()
        for page in (self._content, self._closed, self._unlabelled):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _make_splitter(self) -> QSplitter:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("crops_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(theme.M)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.grid)
        self.splitter.setStretchFactor(1, 1)
        sizes = self._context.settings.get(_SPLITTER, _SIZES)
        fit = len(sizes) == 2 and all(isinstance(n, int) and 0 <= n <= _LARGEST for n in sizes)
        self.splitter.setSizes(sizes if fit else _SIZES)
        self._wanted = (sizes if fit else _SIZES)[0]
        self._remember = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._remember.timeout.connect(self._remember_sizes)
        return self.splitter

    def _fit_table(self) -> None:
        """Leave to the grid what the table does not need."""
        whole, needed = sum(self.splitter.sizes()), self.table.sizeHint().height()
        height = min(self._wanted, needed)
        self.table.setMaximumHeight(needed)
        if whole:  # a splitter gives a part more than it takes
            self.splitter.setSizes([height, whole - height])

    def _splitter_moved(self) -> None:
        self._wanted = self.splitter.sizes()[0]
        self._remember.start()

    def _remember_sizes(self) -> None:
        self._context.settings.set(_SPLITTER, [self._wanted, self.splitter.sizes()[1]])
        self._context.settings.set(_SIDE, self.grid.delegate.side)

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
        self._context.model_ready.connect(self._read_probe)
        self._watch.changed.connect(self._show_dataset)
        self._watch.progressed.connect(self._show_measured)
        self._watch.failed.connect(self._show_problem)
        self.form.changed.connect(self._form_changed)
        self.form.files.open_requested.connect(self._open_folder)
        self.form.sharing.fold.toggled.connect(lambda _: self._count_ties())
        self.table.chosen.connect(self._filter)
        self.grid.filters.query_changed.connect(self._show_choice)
        self.grid.side_changed.connect(lambda _: self._remember.start())
        self.splitter.splitterMoved.connect(self._splitter_moved)
        self.progress.cancelled.connect(self._cancel)
        self._saving.progressed.connect(self._show_progress)
        self._saving.done.connect(self._saved)
        self._saving.stopped.connect(self._stopped)

    # Following the project

    def _follow_document(self, document: Document | None) -> None:
        self._saving.abandon()
        self._counting.cancel()
        self._save_wanted, self._document = False, document
        for part in (self.progress, self.measuring, self.saved, self._banner):
            part.hide()
        self.grid.set_document(document)
        self.probe.forget()
        self.form.sharing.set_kept(0)
        if document is not None:
            self.form.set_choices(self._watch.choices, document.data_folder)
            document.edited.connect(self.grid.refresh)
            self._read_probe()
        self._stack.setCurrentWidget(self._closed if document is None else self._content)
        self._refresh()

    def _form_changed(self) -> None:
        if not self.form.files.problem():
            self._watch.choose(self.form.choices())
        self._refresh()

    def _show_dataset(self, dataset: Dataset | None) -> None:
        if dataset is None:
            return
        if dataset.report is not None:
            self.measuring.hide()
        self.model.show_dataset(dataset)
        self.form.sharing.set_kept(dataset.kept)
        self.pins.show_dataset(dataset)
        self.grid.show_dataset(dataset)
        self._fit_table()
        self._stack.setCurrentWidget(self._content if dataset.labelled else self._unlabelled)
        self._count_ties()
        self._save_if_ready()
        self._refresh()

    def _show_measured(self, done: int, total: int) -> None:
        """The progress of measuring, unless it is over in a moment."""
        if not 0 < done < total:
            return
        row = self.progress if self._save_wanted else self.measuring
        if row.isHidden():
            row.start()
            row.show()
        row.set(done, total)

    def _show_problem(self, error: Exception) -> None:
        self._save_wanted = False
        self.progress.hide()
        self.measuring.hide()
        self._banner.show_message(str(error), "danger")
        self._refresh()

    def _count_ties(self) -> None:
        """Count what is tied together, while somebody looks at it."""
        dataset = self._watch.dataset
        if self.form.sharing.fold.is_open and dataset is not None and dataset.facts is not None:
            self._counting.submit(lambda: ties_of(dataset), self.form.sharing.set_ties)

    def _read_probe(self, _: object = None) -> None:
        if self._document is not None:
            self.probe.read(self._document.data_folder)

    # Table and grid show the same choice

    def _filter(self, landmark: str, split: str) -> None:
        order = self.grid.filters.query.worst_first
        self.grid.filters.change(TileQuery(landmark, split, worst_first=order))

    def _show_choice(self, query: TileQuery) -> None:
        self.table.show_choice(query.landmark, query.split)

    # Saving

    def _refresh(self) -> None:
        """Say what there is, what is wrong with it, and enable what can be done now."""
        dataset, problem = self._watch.dataset, self._problem()
        notes = [problem] if problem else []
        self.summary.setText("")
        if dataset is not None:
            self.summary.setText(overview.summary(dataset))
            notes += overview.warnings(dataset)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self.form.setEnabled(not self.is_busy)
        ready = not self.is_busy and not problem and dataset is not None and bool(dataset.crops)
        self.save_button.setEnabled(ready)

    def _problem(self) -> str:
        if self._document is None:
            return ""
        files, photos = self.form.files, self._document.photos_dir
        place = place_problem(files.place(), self.form.choices().kind, photos)
        return place or files.problem()

    def _save_if_ready(self) -> None:
        dataset, out = self._watch.dataset, self.form.files.place()
        if not self._save_wanted or dataset is None or out is None or not self._watch.is_newest:
            return
        self._save_wanted = False
        needs = partial(of_crops, dataset.crops, dataset.choices.files, out)
        when_room(self, needs, partial(self._begin, dataset, out), self._not_begun)

    def _begin(self, dataset: Dataset, out: Path) -> None:
        if self._saving.running or self._document is None:
            return
        self._saving.start(dataset, out)
        self.progress.start(tr("Saving crops"))

    def _not_begun(self) -> None:
        self._save_wanted = False
        self._stopped("", tr("Cancelled. Nothing was written."))

    def _cancel(self) -> None:
        self._context.status(tr("Cancelling…"))
        if self._save_wanted:
            self._not_begun()
        else:
            self._saving.cancel()

    def _show_progress(self, done: int, total: int) -> None:
        if total:
            self.progress.set(done, total)

    def _saved(self, saved: Saved) -> None:
        self._watch.keep_splits(saved.dataset)
        self.form.sharing.keep_splits()
        self.progress.hide()
        self.saved.show_saved(saved)
        self._context.status(tr("Crops saved in {folder}", folder=saved.out))
        self._refresh()

    def _stopped(self, reason: str, said: str = "") -> None:
        self.progress.hide()
        said = said or cancelled_text(self.form.choices().kind)
        self._banner.show_message(reason or said, "danger" if reason else "info")
        self._context.status(tr("The crops were not saved") if reason else tr("Cancelled"))
        self._refresh()

    def _open_folder(self) -> None:
        out = self.form.files.place()
        if out is None:
            return
        folder = shown_folder(out, self.form.choices().kind)
        if not out.exists():
            self._banner.show_message(
                tr("{folder} is not there yet: save the crops first.", folder=out)
            )
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._banner.show_message(tr("The crops are in {folder}", folder=out))
