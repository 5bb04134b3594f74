"""Doing what helps against cases, as one edit each, and saying what was done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from landmark_gui.core import history
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.quality import remedies
from landmark_gui.core.quality.report import Finding, Remedy
from landmark_gui.core.trash import Trashed
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.quality.trashing import TrashDialog, Trashing, outcome_text
from landmark_gui.gui.widgets.common import Banner, ProgressRow
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.jobs.tasks import LatestOnly

SAID_MS = 12_000
MANY = 300
"""The edit of more cases than this is made in the background."""


class Remedying(QObject):
    """Changes the document; `said` is the bar that tells of it and offers to undo it."""

    def __init__(self, context: AppContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._owner = context, owner
        self._document: Document | None = None
        self._done: Edit | None = None
        self._working = LatestOnly(self)
        self.said = Banner()
        self.said.setObjectName("quality_said")
        self.progress = ProgressRow(tr("Moving files to the trash"), cancellable=True)
        self.progress.hide()
        context.activities.follow(self.progress, "quality")
        self._over = QTimer(self, singleShot=True, interval=SAID_MS)
        self._over.timeout.connect(self.said.hide)
        self.trashing = Trashing(self)
        self.trashing.progressed.connect(self.progress.set)
        self.trashing.done.connect(self._trashed)
        self.trashing.failed.connect(self._failed)
        self.progress.cancelled.connect(self.trashing.cancel)

    def set_document(self, document: Document | None) -> None:
        self.trashing.abandon()
        self._working.cancel()
        self._document, self._done = document, None
        self.said.hide()
        self.progress.hide()
        if document is not None:
            document.edited.connect(self._edited)

    def apply(self, finding: Finding, remedy: Remedy, landmark_id: int | None) -> None:
        """Do what helps against all cases of `finding`; files go to the trash only once asked."""
        document = self._document
        if document is None or document.read_only:
            return
        if remedy == "trash":
            self.ask_trash(finding)
            return
        if finding.count <= MANY:
            edit = remedies.remedy_all(document.project, finding, remedy, landmark_id)
            self._do(document, edit)
            return
        rows, position = list(document.project.rows()), document.position

        def work() -> Edit:
            return remedies.remedy_all(Project.of(rows), finding, remedy, landmark_id)

        self._working.submit(work, partial(self._do_if_same, document, position), self._failed)

    def _do_if_same(self, document: Document, position: int, edit: Edit) -> None:
        """An edit made in between may have changed what this one speaks of: it is given up."""
        if document is self._document and document.position == position:
            self._do(document, edit)
        else:
            self._context.status(tr("The project has changed in between; try again."))

    def _do(self, document: Document, edit: Edit) -> None:
        if not edit.changes:
            self._context.status(tr("There is nothing to change."))
            return
        self._done = edit
        document.do(edit)
        self._say(document, edit)

    # What was done

    def _say(self, document: Document, edit: Edit) -> None:
        made = [entry.edit for entry in document.history[: document.position]]
        names = history.Names(document.project, lambda: made)
        text = str(history.words(edit, names, len(made) - 1, len(made)))
        self.said.show_message(text, "info", tr("Undo"), self._undo)
        self._context.status(text)
        self._over.start()

    def _edited(self, edit: Edit) -> None:
        """Undo would take back something else by now."""
        if edit is not self._done:
            self._done = None
            self.said.hide()

    def _undo(self) -> None:
        if self._document is not None and self._done is not None:
            self._document.undo()

    # The trash

    def ask_trash(self, finding: Finding) -> None:
        """Name the files that would go, and move them if that is confirmed."""
        document = self._document
        if document is None or self.trashing.running:
            return
        project, cases = document.project, finding.cases
        found = (path for case in cases for path in remedies.files_to_trash(project, case))
        paths = list(dict.fromkeys(found))
        if not paths:
            self._context.status(tr("There is nothing to change."))
            return
        going = set(paths)
        kept = [photo.path for photo in project.photos.values() if photo.path not in going]
        dialog = TrashDialog(document.photos_dir, paths, self._owner)
        dialog.accepted.connect(lambda: self._trash(document, paths, kept))
        dialog.open()

    def _trash(self, document: Document, paths: list[str], kept: list[str]) -> None:
        if document is self._document and not document.read_only:
            self.progress.start()
            self.progress.show()
            self.trashing.start(document.photos_dir, paths, kept)

    def _trashed(self, trashed: Trashed) -> None:
        self.progress.hide()
        self._done = None
        text = outcome_text(trashed)
        self._context.status(text)
        if not trashed.refused:
            self.said.show_message(text)
            self._over.start()
        else:
            self._over.stop()
            show = None if len(trashed.refused) == 1 else lambda: self._list(trashed)
            self.said.show_message(text, "warning", tr("Show list") if show else "", show)
        if self._document is not None:
            self._document.start_scan()

    def _list(self, trashed: Trashed) -> None:
        count = len(trashed.refused)
        summary = ntr("{n} file stayed where it is:", "{n} files stayed where they are:", count)
        lines = [f"{refused.path}: {refused.reason}" for refused in trashed.refused]
        ReportDialog(tr("Not moved to the trash"), summary, lines, self._owner).open()

    def _failed(self, error: Exception) -> None:
        self.progress.hide()
        self.said.show_message(str(error), "danger")
