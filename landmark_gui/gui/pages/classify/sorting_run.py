"""Sorting photos into folders from the page: asked, done in the background, taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from landmark_gui.core.disk_space import of_copies
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.sorting import Guard, Plan, Sorted, Undone, sort_photos, undo
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.pages.classify.sorting_dialog import TAKE_BACK, SortingDialog
from landmark_gui.gui.room import when_room
from landmark_gui.gui.widgets.common import Banner, ProgressRow
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.jobs.progress_job import ProgressJob


class SortingRun(QObject):
    """One sorting, or undo of one, at a time; `banner` tells of it and offers to undo it.

    Signals:
        moved(dict[Path, Path]): photos are elsewhere now: from where to where.
    """

    moved = Signal(object)

    def __init__(self, context: AppContext, banner: Banner, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._banner, self._owner = context, banner, owner
        self.progress = ProgressRow(tr("Sorting photos"), cancellable=True)
        self.progress.hide()
        context.activities.follow(self.progress, "classify")
        self._job = ProgressJob(self)
        self._job.progressed.connect(self.progress.set)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        self.progress.cancelled.connect(self._job.cancel)
        context.ask_before_end(self._at_end)

    @property
    def running(self) -> bool:
        return self._job.running

    def ask(self, choices: list[tuple[str, list[Entry]]], labels: tuple[str, ...]) -> SortingDialog:
        """Show what would be done with these photos; do it once that is confirmed."""
        document = self._context.document
        guard = Guard(document.photos_dir) if document is not None else None
        dialog = SortingDialog(choices, labels, guard, self._context.settings, self._owner)
        dialog.finished.connect(partial(self._answered, dialog))
        dialog.open()
        return dialog

    def _answered(self, dialog: SortingDialog, result: int) -> None:
        if result == QDialog.DialogCode.Accepted and dialog.plan is not None:
            self.sort(dialog.plan)
        elif result == TAKE_BACK and dialog.journal is not None:
            self.undo(dialog.journal)
        dialog.deleteLater()

    def sort(self, plan: Plan) -> None:
        """Do what a plan says."""
        files = [step.source for step in plan.of("put")]
        needs = partial(of_copies, files, plan.destination, move=plan.move)
        when_room(self._owner, needs, partial(self._sort, plan))

    def _sort(self, plan: Plan) -> None:
        if not self._job.running:
            self._begin(tr("Sorting photos"))
            self._job.run(partial(sort_photos, plan), len(plan.of("put")))

    def undo(self, journal: Path) -> None:
        """Take back what was sorted."""
        if not self._job.running:
            self._banner.hide()
            self._begin(tr("Taking back what was sorted"))
            self._job.run(partial(undo, journal))

    def _at_end(self) -> str:
        said = tr(
            "Photos are being sorted. What is sorted stays there and can be taken back; no photo "
            "is lost."
        )
        return said if self.running else ""

    def _begin(self, text: str) -> None:
        self.progress.start(text)
        self.progress.show()

    def _done(self, result: Sorted | Undone) -> None:
        self.progress.hide()
        if isinstance(result, Sorted):
            self._sorted(result)
        else:
            self._undone(result)

    def _sorted(self, done: Sorted) -> None:
        if done.plan.move:
            self.moved.emit({step.source: step.target for step in done.put})
        text = sorted_text(done)
        self._context.status(text)
        level = "warning" if done.left or done.stopped else "info"
        if done.journal is None:
            self._banner.show_message(text, level)
        else:
            take_back = partial(self.undo, done.journal)
            self._banner.show_message(text, level, tr("Undo"), take_back)

    def _undone(self, undone: Undone) -> None:
        self.moved.emit({place: source for place, source in undone.back if source is not None})
        count = len(undone.back)
        text = ntr("{n} photo was taken back.", "{n} photos were taken back.", count)
        if not undone.left:
            self._banner.show_message(text)
            return
        left = ntr("{n} stayed.", "{n} stayed.", len(undone.left))
        show = partial(self._list, undone)
        self._banner.show_message(f"{text} {left}", "warning", tr("Show list"), show)

    def _list(self, undone: Undone) -> None:
        lines = [f"{path}: {reason}" for path, reason in undone.left]
        summary = tr("These stayed where they were sorted to:")
        ReportDialog(tr("Not taken back"), summary, lines, self._owner).open()

    def _failed(self, error: Exception) -> None:
        self.progress.hide()
        if not isinstance(error, Cancelled):
            self._banner.show_message(str(error), "danger")


def sorted_text(done: Sorted) -> str:
    """What became of the photos, in a sentence or two."""
    count, folder = len(done.put), done.plan.destination
    if done.plan.move:
        text = ntr(
            "{n} photo was moved into {folder}.",
            "{n} photos were moved into {folder}.",
            count,
            folder=folder,
        )
    else:
        text = ntr(
            "{n} photo was copied into {folder}.",
            "{n} photos were copied into {folder}.",
            count,
            folder=folder,
        )
    if done.left:
        first = done.left[0]
        text += " " + ntr(
            "{n} stayed where it is ({name}: {reason}).",
            "{n} stayed where they are ({name}: {reason}, …).",
            len(done.left),
            name=first.source.name,
            reason=first.reason,
        )
    return f"{text} {done.stopped}" if done.stopped else text
