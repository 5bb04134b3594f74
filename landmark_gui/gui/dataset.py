"""The examples of the open project as the pages see them: planned, split, measured, inspected.

One background job for all pages, begun anew whenever the project or a choice has changed and a
page that looks at it is on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from landmark_gui.core import crops
from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import as_measured, project_splits
from landmark_gui.core.errors import Cancelled, Progress
from landmark_gui.core.project import SPLITS, Project, Row, Split
from landmark_gui.gui.choices import SETTING, Choices, choices_of
from landmark_gui.gui.document import Document
from landmark_gui.jobs.tasks import LatestOnly

if TYPE_CHECKING:  # OpenCV: the window starts without it
    from landmark_gui.core.quality.facts import Facts
    from landmark_gui.core.quality.report import Report
    from landmark_gui.gui.context import AppContext

FOLLOW_MS = 150
TICK_MS = 100


@dataclass(frozen=True)
class Dataset:
    """The examples of a project at one moment.

    Attributes:
        project: a copy; edits are made on the document's.
        landmarks: name and colour of each, in their order.
        counts: {"train": {name: n}, …}.
        labelled: how many photos have a label.
        unreadable: how many labelled photos are missing or cannot be read, and so give no example.
        kept: how many photos have a split from an earlier saving.
        facts, report: None until every photo has been measured; near-duplicates may stand in two
            splits until then.
    """

    project: Project
    photos_dir: Path
    choices: Choices
    splits: dict[int, Split]
    crops: list[Crop]
    landmarks: dict[str, str]
    counts: Mapping[str, Mapping[str, int]]
    labelled: int
    unreadable: int
    kept: int
    facts: Facts | None = field(default=None, repr=False)
    report: Report | None = None

    def total(self, landmark: str) -> int:
        return sum(self.counts[split][landmark] for split in SPLITS)


@dataclass(frozen=True)
class _Request:
    rows: list[Row]
    photos_dir: Path
    data_folder: Path
    choices: Choices
    kept: Mapping[int, str]


class DatasetWatch(QObject):
    """Keeps the newest `Dataset` of the open document.

    Signals:
        changed(Dataset | None): there is a newer one; None while nothing is open.
        progressed(int, int): photos measured, of those to be measured.
        failed(Exception)
    """

    changed = Signal(object)
    progressed = Signal(int, int)
    failed = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.dataset: Dataset | None = None
        self._document: Document | None = None
        self._choices = Choices()
        self._stale, self._computing = True, False
        self._viewers: list[QWidget] = []
        self._cancel, self._progress = Event(), (0, 0)
        self._working = LatestOnly(self)
        self._timer = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._timer.timeout.connect(self._compute)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(lambda: self.progressed.emit(*self._progress))
        context.document_changed.connect(self._follow_document)
        context.model_ready.connect(lambda _: self.mark_stale())  # it may have found label errors
        self._follow_document(context.document)

    @property
    def is_newest(self) -> bool:
        """Whether `dataset` is complete, and nothing has changed since."""
        known = self.dataset is not None and self.dataset.report is not None
        return known and not self._stale and not self._computing

    @property
    def choices(self) -> Choices:
        """What the person chose of crops and splits."""
        return self._choices

    def choose(self, choices: Choices) -> None:
        """Change the choices; they are kept with the project, but for `fresh`."""
        if self._document is not None and choices != self._choices:
            self._choices = choices
            self._document.set_setting(SETTING, choices.to_dict())
            self.mark_stale()

    def add_viewer(self, page: QWidget) -> None:
        """A page that looks at the dataset; it calls `catch_up` whenever it is shown."""
        self._viewers = [viewer for viewer in self._viewers if isValid(viewer)] + [page]

    def catch_up(self) -> None:
        """Compute now if something has changed."""
        if self._stale:
            self._compute()

    def mark_stale(self) -> None:
        """Something that the dataset is made of has changed."""
        self._stale = True
        # Not restarted: during a scan of many photos the pages would wait for its end.
        if self._is_watched() and not self._timer.isActive():
            self._timer.start()

    def keep_splits(self, dataset: Dataset | None = None) -> None:
        """Remember where photos stand, so that later ones do not move them.

        Args:
            dataset: the one that was saved or trained on. Default: the newest.
        """
        document, dataset = self._document, dataset or self.dataset
        if document is None or dataset is None:
            return
        earlier: Mapping[int, str] = {} if dataset.choices.fresh else document.kept_splits
        document.keep_splits({**earlier, **dataset.splits}, dataset.choices.split)
        self._choices = replace(self._choices, fresh=False)
        self.mark_stale()

    def keep_run(self, splits: Mapping[int, str]) -> None:
        """Remember where photos stood in a training; those known before stay."""
        document = self._document
        if document is not None and not splits.keys() <= document.kept_splits.keys():
            document.keep_splits({**splits, **document.kept_splits}, self.choices.split)
            self.mark_stale()

    def _is_watched(self) -> bool:
        return any(isValid(page) and page.isVisible() for page in self._viewers)

    def _follow_document(self, document: Document | None) -> None:
        self._stop()
        self._document, self.dataset = document, None
        self._choices = Choices() if document is None else choices_of(document)
        if document is not None:
            document.edited.connect(self.mark_stale)
            document.photos_changed.connect(self.mark_stale)
        self.changed.emit(None)
        self.mark_stale()

    def _stop(self) -> None:
        self._cancel.set()
        self._working.cancel()
        self._computing = False
        self._timer.stop()
        self._tick.stop()

    def _compute(self) -> None:
        document = self._document
        if document is None or not self._is_watched():
            return
        self._cancel.set()  # what was measured so far is kept
        cancel = self._cancel = Event()
        self._stale, self._computing, self._progress = False, True, (0, 0)
        request = _Request(
            list(document.project.rows()),
            document.photos_dir,
            document.data_folder,
            self.choices,
            document.kept_splits,
        )
        if self.dataset is None:  # something to look at while photos are measured
            self._working.submit(lambda: _planned(request), self._planned, self._failed)
        else:
            self._submit(request, cancel)

    def _planned(self, dataset: Dataset) -> None:
        self._show(dataset)
        self._stale = True
        self._compute()

    def _submit(self, request: _Request, cancel: Event) -> None:
        def note(done: int, total: int) -> None:
            self._progress = (done, total)

        def work() -> Dataset:
            return _inspected(request, note, cancel)

        self._working.submit(work, self._inspected, self._failed)
        self._tick.start()

    def _inspected(self, dataset: Dataset) -> None:
        self._computing = False
        self._tick.stop()
        self._show(dataset)

    def _show(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.changed.emit(dataset)

    def _failed(self, error: Exception) -> None:
        self._computing, self._stale = False, True
        self._tick.stop()
        if not isinstance(error, Cancelled):
            self.failed.emit(error)


def _planned(request: _Request, facts: Facts | None = None) -> Dataset:
    """The dataset without a report. For a thread of its own."""
    project, choices = Project.of(request.rows), request.choices
    stored = {} if choices.fresh else request.kept
    measured = as_measured(project, facts)
    splits = project_splits(measured, choices.split, stored, facts)
    planned = crops.plan(measured, request.photos_dir, choices.settings, splits)
    marks = reversed(project.ordered_landmarks())
    landmarks = dict(reversed({mark.name: mark.color for mark in marks}.items()))
    labelled = [photo for photo in measured.photos.values() if project.is_labelled(photo)]
    return Dataset(
        project,
        request.photos_dir,
        choices,
        splits,
        planned,
        landmarks,  # of two with one name, the first counts
        crops.split_counts(planned, landmarks),
        len(labelled),
        sum(photo.state != "ok" and photo.review != "skipped" for photo in labelled),
        len(splits.keys() & request.kept.keys()),
        facts,
    )


def _inspected(request: _Request, progress: Progress, cancel: Event) -> Dataset:
    """The dataset with all that is to be known of it. For a thread of its own."""
    from landmark_gui.core.quality.checks import inspect
    from landmark_gui.core.quality.facts import facts_path, gather
    from landmark_gui.core.run_results import newest_probe

    kept = facts_path(request.data_folder)
    project = Project.of(request.rows)
    facts = gather(project, request.photos_dir, kept, progress, cancel.is_set)
    dataset = _planned(request, facts)
    probe = newest_probe(request.data_folder)
    errors = probe.label_errors if probe is not None else ()
    report = inspect(dataset.project, facts, dataset.splits, request.choices.split, errors)
    return replace(dataset, report=report)
