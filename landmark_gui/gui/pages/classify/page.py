"""The Classify page: the model above, the photos on the left, the chosen one on the right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core import images
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.suffixes import PROJECT_SUFFIX
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.model_files import ask_model
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.correcting import Correcting
from landmark_gui.gui.pages.classify.delegate import THUMBNAIL
from landmark_gui.gui.pages.classify.engine import Engine
from landmark_gui.gui.pages.classify.exporting import VerdictExport
from landmark_gui.gui.pages.classify.full_view import FullView
from landmark_gui.gui.pages.classify.intake import Intake, local_paths
from landmark_gui.gui.pages.classify.judging import Judging, Thresholds
from landmark_gui.gui.pages.classify.list_query import Kind, ListQuery, is_of_kind
from landmark_gui.gui.pages.classify.model_card import ModelCard
from landmark_gui.gui.pages.classify.panel import VerdictPanel
from landmark_gui.gui.pages.classify.parts import KeptParts
from landmark_gui.gui.pages.classify.photos import ENTRY_ROLE, Entry, PhotoList
from landmark_gui.gui.pages.classify.sending import Sending, Sent
from landmark_gui.gui.pages.classify.side import Chosen, ListSide
from landmark_gui.gui.pages.classify.sorting_run import SortingRun
from landmark_gui.gui.pages.classify.sources import other_sources
from landmark_gui.gui.pages.classify.tools import Tools
from landmark_gui.gui.pages.classify.watching import WatchBar
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import Banner, EmptyState, ProgressRow, button
from landmark_gui.gui.widgets.kept_splitter import KeptSplitter
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.classifier import Classifier, Verdict

REMEMBERED = "classify.model"
WIDTHS = [300, 780]


@dataclass(frozen=True)
class Kept:
    """The photos with all that is known of them, and the model; see `ClassifyPage`."""

    classifier: Classifier | None
    thresholds: Thresholds
    entries: list[Entry]
    query: ListQuery
    chosen: Chosen
    found: KeptParts
    sent: list[Sent]
    watched: Path | None


class ClassifyPage(QWidget):
    """Names the landmark on photos. Works without a project."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._engine = Engine(self)
        self.intake = Intake(self)
        self.model = PhotoList()
        self.model.setParent(self)
        self._thumbnails = Thumbnails(THUMBNAIL, parent=self)
        self._thumbnails.follow_screen(self, THUMBNAIL)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._make_commands()
        self.setAcceptDrops(True)
        self._refresh()
        newest = context.last_model or _remembered(context)
        if newest is not None:
            self.open_model(newest)

    def primary_action(self) -> None:
        """What the primary button does: without a model open one, then add photos."""
        if self._engine.classifier is None and not self._engine.is_loading:
            self.ask_model()
        else:
            self.ask_photos()

    @property
    def is_busy(self) -> bool:
        """Whether photos are on their way to the project."""
        return self.sending.running

    def keep(self) -> Kept:
        """What the page that takes the place of this one goes on with."""
        return Kept(
            self._engine.classifier,
            self._judging.chosen,
            self.model.entries(),
            self.side.bar.query,
            self.side.keep(),
            self.panel.parts.keep(),
            self.sending.sent,
            self.watch_bar.follower.folder,
        )

    def take(self, kept: Kept) -> None:
        if kept.classifier is not None:
            self._engine.use(kept.classifier)
            self._judging.chosen = kept.thresholds
            self._show_model()
        self.model.take(kept.entries)
        self.side.bar.change(kept.query)
        self.side.take(kept.chosen)
        self.panel.parts.take(kept.found)
        self.panel.part_card.each.setChecked(kept.found.each)
        self.sending.sent = kept.sent
        if kept.watched is not None:
            self.watch_bar.start(kept.watched)
        self._refresh()
        self._show_current()

    def open_model(self, path: Path) -> None:
        """Use another model; all photos on the list are classified by it."""
        self.banner.hide()
        self.card.show_loading(path)
        self._engine.load(path)

    def add_photos(self, paths: list[Path]) -> None:
        """List photos, and those in folders, and classify them."""
        self.intake.add(paths)

    def verdicts(self) -> list[Verdict]:
        """What the model said, in the order of the list."""
        return [entry.verdict for entry in self.model.entries() if entry.verdict is not None]

    def ask_model(self) -> None:
        """Let the person choose a model file."""
        start = self._context.last_model or _remembered(self._context)
        chosen = ask_model(self, start.parent if start else None)
        if chosen is not None:
            self.open_model(chosen)

    def ask_photos(self) -> None:
        """Let the person choose photos."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(images.EXTENSIONS))
        kinds = tr("Photos ({patterns})", patterns=patterns) + ";;" + tr("All files (*)")
        document = self._context.document  # its own photos are known; new ones may lie beside it
        start = "" if document is None else str(document.path.parent)
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Add photos"), start, kinds)
        if chosen:
            self.add_photos([Path(path) for path in chosen])

    def ask_folder(self) -> None:
        """Let the person choose a folder, whose photos are added with those in its folders."""
        chosen = QFileDialog.getExistingDirectory(self, tr("Add a folder"))
        if chosen:
            self.add_photos([Path(chosen)])

    def ask_watch(self) -> None:
        """Let the person choose a folder whose new photos are classified as they come."""
        chosen = QFileDialog.getExistingDirectory(self, tr("Watch a folder"))
        if chosen:
            self.watch_bar.start(Path(chosen))

    def open_webcam(self) -> None:
        """Show the picture of a camera; what is taken comes on the list."""
        from landmark_gui.gui.pages.classify.webcam import WebcamDialog

        dialog = WebcamDialog(self._engine.classifier, self._judging.threshold, self)
        dialog.taken.connect(lambda image: self.intake.keep(image, tr("Webcam picture {n}")))
        dialog.open()

    def paste(self) -> None:
        """Add the photos, or the picture, of the clipboard."""
        if not self.intake.take(QGuiApplication.clipboard().mimeData()):
            self._context.status(tr("There is no picture in the clipboard."))

    def copy(self) -> None:
        """Put the verdicts of the chosen photos into the clipboard, a line each."""
        lines = [f"{entry.name}: {texts.entry_text(entry)}" for entry in self.side.chosen()]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))
            self._context.status(ntr("{n} verdict copied", "{n} verdicts copied", len(lines)))

    def remove_chosen(self) -> None:
        """Take the chosen photos off the list."""
        self._remove({entry.key for entry in self.side.chosen()})

    def clear(self) -> None:
        """Empty the list."""
        self._remove({entry.key for entry in self.model.entries()})
        self._thumbnails.clear()

    # Parts

    def _make_parts(self) -> None:
        self.card = ModelCard()
        self.banner = Banner()
        self.side = ListSide(self.model, self._thumbnails)
        self.list = self.side.list
        self.panel = VerdictPanel(self._context, self._thumbnails, self._engine, self.model)
        self.panel.follow(self.list)
        self._judging = Judging(self.model, self)
        self.progress = ProgressRow(tr("Classifying"), cancellable=True)
        self.progress.hide()
        self._context.activities.follow(self.progress, "classify")
        self._context.activities.follow(self.intake.progress, "classify")
        self.watch_bar = WatchBar()
        self.sorting = SortingRun(self._context, self.banner, self)
        self.sending = Sending(
            self._context, self.model, self.panel.parts.is_found, self.banner, self
        )
        self.correcting = Correcting(self._context, self.side, self.sending, self)
        self.exporting = VerdictExport(self.model, self.banner, self)
        self.tools = Tools(self._context, self)

    def _lay_out(self) -> None:
        both: list[QWidget] = [self.side, self.panel]
        parts = KeptSplitter(self._context.settings, "classify.splitter", both, WIDTHS)
        parts.setStretchFactor(1, 1)
        self._content = QWidget()
        content = QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(theme.M)
        content.addWidget(self.tools)
        content.addWidget(self.progress)
        content.addWidget(self.sorting.progress)
        content.addWidget(self.sending.progress)
        content.addWidget(parts, 1)
        self._stack = QStackedWidget()
        self._no_model, self._no_photos = self._empty_states()
        for page in (self._content, self._no_model, self._no_photos):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.M)
        layout.addWidget(self.card)
        layout.addWidget(self.banner)
        layout.addWidget(self.watch_bar)
        layout.addWidget(self.intake.progress)
        layout.addWidget(self._stack, 1)
        self._full_view = FullView(self.panel.viewer, (self.card, self.tools, self.side), self)

    def _empty_states(self) -> tuple[EmptyState, EmptyState]:
        no_model = EmptyState(
            "classify",
            tr("No model yet"),
            tr("Train one on the Train page, or open a model file."),
            tr("Open model…"),
            self.ask_model,
            button(tr("Go to Train"), "go_to_train", self._go_to_train, kind="quiet"),
        )
        no_photos = EmptyState(
            "photo",
            tr("No photos yet"),
            tr("Drop photos or a folder here, paste one, or choose them."),
            tr("Add photos…"),
            self.ask_photos,
            other_sources(self),
        )
        return no_model, no_photos

    def _connect(self) -> None:
        self._context.model_ready.connect(self.open_model)
        self.card.open_requested.connect(self.ask_model)
        self.progress.cancelled.connect(self._cancel)
        self._thumbnails.ready.connect(self.model.repaint)
        self._engine.model_loaded.connect(self._model_loaded)
        self._engine.model_failed.connect(self._model_failed)
        self._engine.settled.connect(self._settled)
        self.panel.parts.settled.connect(self._settled)
        self.panel.parts.changed.connect(self._show_current)
        self.panel.parts.finding.ended.connect(self._judged)
        self.panel.unknown.chosen.connect(self._judging.choose)
        self._judging.judged.connect(self._judged)
        self._engine.progressed.connect(self._show_progress)
        self._engine.finished.connect(self._finished)
        self.side.shown_changed.connect(self._show_current)
        self.intake.found.connect(self._add)
        self.intake.model_given.connect(self.open_model)
        self.intake.failed.connect(self._show_problem)
        self.watch_bar.arrived.connect(self._arrived)
        self.watch_bar.changed.connect(self._look_again)
        self.sorting.moved.connect(self.model.relocate)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._show_current)
        selection.selectionChanged.connect(self._refresh)

    def _make_commands(self) -> None:
        commands, category = self._context.commands, tr("Classify")
        open_ = self.card.open_button
        commands.add_button("classify.open_model", open_, "Ctrl+M", category=category)
        self.tools.make_commands(commands)
        add = partial(commands.add, category=category)
        remove = tr("Remove the chosen photos")
        take_off = add("classify.remove", remove, self.remove_chosen, "Del", owner=self.list)
        add("classify.paste", tr("Paste photos"), self.paste, "Ctrl+V", owner=self)
        add("classify.copy", tr("Copy the chosen verdicts"), self.copy, "Ctrl+C", owner=self)
        self.correcting.more = [take_off]
        self.side.make_commands(self._context, self)
        for made, id_ in ((self.tools.add, "page.primary"), (self.tools.remove, "classify.remove")):
            commands.hint(made, id_, made.toolTip())

    def _go_to_train(self) -> None:
        self._context.page_requested.emit("train")

    # The model

    def _model_loaded(self) -> None:
        self._show_model()
        self._engine.cancel()  # what the other model said is forgotten
        self.panel.parts.forget_model()
        self._classify(self.model.entries())

    def _show_model(self) -> None:
        bundle = self._bundle()
        assert bundle is not None
        self.card.show_model(bundle)
        self.side.set_classes(len(bundle.labels))
        self.correcting.set_labels(bundle.labels)
        self._judging.set_bundle(bundle)
        self.panel.show_model(bundle, self._judging.threshold)
        self._context.settings.set(REMEMBERED, str(bundle.path.absolute()))

    def _model_failed(self, reason: str) -> None:
        self.card.show_model(self._bundle())
        self.banner.show_message(reason, "danger")

    def _bundle(self) -> Bundle | None:
        classifier = self._engine.classifier
        return None if classifier is None else classifier.bundle

    # The photos

    def _add(self, paths: list[Path], name: str = "") -> None:
        if not paths:
            self.banner.show_message(tr("There is no photo in that folder."), "info")
            return
        added = self.model.add(paths, name)
        self._classify(added)
        self._refresh()
        self.list.setCurrentIndex(self.model.index(self.model.row_of(paths[0])))
        if not added:
            self._context.status(tr("These photos are on the list already."))

    def _arrived(self, paths: list[Path]) -> None:
        """Photos came by themselves: the one on show stays."""
        self._classify(self.model.add(paths))
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def _look_again(self, paths: list[Path]) -> None:
        """Files that are on the list have other content now."""
        entries = self.model.with_paths(paths)
        self._thumbnails.forget(entry.key for entry in entries)
        self.panel.forget(paths)
        self._classify(entries)
        self._arrived(paths)  # those that were there, unfinished, before the folder was watched

    def _remove(self, keys: set[int]) -> None:
        self._engine.forget(keys)
        self.panel.parts.finding.forget(keys)
        self.model.remove(keys)
        self._show_current()
        self._refresh()

    def _classify(self, entries: list[Entry]) -> None:
        self.model.put_back(entries, "waiting")
        if entries and not self._engine.busy:
            self.progress.start()
        self._engine.classify(entries)
        self._refresh()
        self._show_current()

    def resume(self) -> None:
        """Classify what was left when the person cancelled."""
        self._classify(self.model.entries("stopped"))

    def _cancel(self) -> None:
        self._engine.cancel()
        self.model.put_back(self.model.entries("waiting"), "stopped")
        self._finished()
        self._show_current()

    def _settled(self, outcomes: object) -> None:
        told = self._judging.outcomes(outcomes)  # type: ignore[arg-type]  # as the signal says
        self.model.settle(told)
        self.panel.parts.consider(self.model.known(key for key, _ in told))
        self._show_current()

    def _judged(self) -> None:
        self._show_current()
        if not self._engine.busy:
            self._finished()

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.set(done, total)

    def _finished(self) -> None:
        self._refresh()
        entries = self.model.entries()
        if entries:  # a model that is read before there are photos ends here too
            self._context.status(texts.tally_text(entries))
        if self.verdicts():
            self._context.reached.emit("classified")

    def _show_current(self) -> None:
        index = self.list.currentIndex()
        entry = _entry_of(index) if index.isValid() else None
        self.panel.show_entry(entry, self._judging.threshold)

    def _refresh(self) -> None:
        """Show the part that fits what there is, and enable what can be done now."""
        model, photos = self._engine.classifier is not None, self.model.total > 0
        empty = self._no_photos if model else self._no_model
        self._stack.setCurrentWidget(self._content if photos else empty)
        self.progress.setVisible(self._engine.has_many)
        stopped = model and not self._engine.busy and bool(self.model.entries("stopped"))
        self.tools.resume.setVisible(stopped)
        settled = any(entry.state in ("done", "failed") for entry in self.model.entries())
        self.tools.export.setEnabled(settled and not self._engine.busy)
        self.tools.sort.setEnabled(settled and not self._engine.busy)
        self.tools.remove.setEnabled(self.list.selectionModel().hasSelection())

    def _show_problem(self, error: Exception) -> None:
        self.banner.show_message(str(error), "danger")

    def send(self) -> None:
        """Send all corrected photos to the open project; if there are none, the chosen ones."""
        unsent = [entry for entry in self.model.entries() if is_of_kind(entry, Kind.UNSENT)]
        self.sending.send(unsent or self.side.chosen())

    def ask_sorting(self) -> None:
        """Show how the photos would be sorted into folders."""
        if self.sorting.running:
            self._context.status(tr("Photos are being sorted just now."))
            return
        bundle = self._bundle()
        self.sorting.ask(self.side.choices(), bundle.labels if bundle else ())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._full_view.leave_by(event)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A project is for the window: it gets what is not accepted here.
        paths = local_paths(event.mimeData())
        wanted = not any(path.suffix == PROJECT_SUFFIX for path in paths)
        if wanted and (paths or event.mimeData().hasImage()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.intake.take(event.mimeData())
        event.acceptProposedAction()


def _entry_of(index: QModelIndex) -> Entry:
    entry: Entry = index.data(ENTRY_ROLE)
    return entry


def _remembered(context: AppContext) -> Path | None:
    """The model of the last session, if it is still there."""
    name = context.settings.get(REMEMBERED, "")
    return Path(name) if name and Path(name).is_file() else None
