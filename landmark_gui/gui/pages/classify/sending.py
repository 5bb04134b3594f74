"""Giving photos with what the person says of them to the open project, as one edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_gui.core.disk_space import of_copies
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit
from landmark_gui.core.sending import Brought, Told, bring, labelling
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.classify.photos import Entry, PhotoList
from landmark_gui.gui.room import when_room
from landmark_gui.gui.widgets.common import Banner, ProgressRow
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.jobs.progress_job import ProgressJob

LOOKS = 3
"""Looks at the photo folder after which what was not found will not come."""


@dataclass
class Sent:
    """The photos, by their keys, that one edit labelled, and whether it stands."""

    edit: Edit
    keys: list[int]
    stands: bool = True


class Sending(QObject):
    """Copies photos into the photo folder, waits until the scan has found them, labels them.

    Args:
        is_found: whether the box of a photo comes from a search, not from the person.
    """

    def __init__(
        self,
        context: AppContext,
        photos: PhotoList,
        is_found: Callable[[Entry], bool],
        banner: Banner,
        owner: QWidget,
    ) -> None:
        super().__init__(owner)
        self._is_found = is_found
        self._context, self._photos, self._banner = context, photos, banner
        self._owner = owner
        self._document: Document | None = None
        self._waiting: dict[Told, int] = {}
        self._looks = 0
        self._brought = Brought()
        self._edit: Edit | None = None
        self.sent: list[Sent] = []
        self._said = ""
        self.progress = ProgressRow(tr("Sending photos to the project"), cancellable=True)
        self.progress.hide()
        context.activities.follow(self.progress, "classify")
        self._job = ProgressJob(self)
        self._job.progressed.connect(self.progress.set)
        self._job.done.connect(self._brought_there)
        self._job.failed.connect(self._failed)
        self.progress.cancelled.connect(self._job.cancel)
        context.document_changed.connect(self._set_document)
        context.ask_before_end(self._at_end)
        self._set_document(context.document)

    def _set_document(self, document: Document | None) -> None:
        self._job.abandon()
        self.progress.hide()
        self._document, self._edit, self._waiting, self.sent = document, None, {}, []
        if document is not None:
            document.photos_changed.connect(self._label_when_all_are_there)
            document.scan_finished.connect(self._scanned)
            document.edited.connect(self._edited)

    @property
    def running(self) -> bool:
        return self._job.running or bool(self._waiting)

    def send(self, entries: list[Entry]) -> None:
        """Send these photos, as what they were corrected to, or else as what the model says."""
        document = self._document
        if document is None:
            text = tr("Photos are sent to the open project. Open one first.")
            ask = self._context.open_project_requested.emit
            self._banner.show_message(text, "info", tr("Open a project…"), ask)
            return
        if document.read_only:
            text = tr(
                "{path} is open for reading only, so nothing can be sent to it.", path=document.path
            )
            self._banner.show_message(text, "warning")
            return
        told = {self._told(entry): entry.key for entry in entries if _is_sendable(entry)}
        if not told:
            text = tr("Say first what the photos show: by a digit, or by the menu of the list.")
            self._banner.show_message(text, "info")
        elif not self.running:
            self._begin(document, told)

    def _at_end(self) -> str:
        said = tr("Photos are being sent to the project. Those that are there stay, unnamed.")
        return said if self.running else ""

    def _told(self, entry: Entry) -> Told:
        """With its box. One that a search found for another landmark says nothing of this one."""
        said = entry.verdict.label if entry.verdict is not None else ""
        stray = self._is_found(entry) and entry.label != said
        box = None if entry.box is None or stray else Rect(*entry.box)
        return Told(entry.path, entry.label, box)

    def _begin(self, document: Document, told: dict[Told, int]) -> None:
        needs = partial(of_copies, [one.photo for one in told], document.photos_dir)
        when_room(self._owner, needs, partial(self._bring, document, told))

    def _bring(self, document: Document, told: dict[Told, int]) -> None:
        if self.running or document is not self._document:
            return
        self._waiting, self._looks, self._edit = told, LOOKS, None
        self.progress.start()
        self.progress.show()
        photos = list(document.project.photos.values())
        self._job.run(partial(bring, list(told), photos, document.photos_dir), len(told))

    def _brought_there(self, brought: Brought) -> None:
        self._brought = brought
        self._waiting = {t: key for t, key in self._waiting.items() if t.photo in brought.paths}
        if self._document is None or not self._waiting:
            self._end()
        elif not self._label_when_all_are_there():
            self._document.start_scan()  # which finds the new files

    def _label_when_all_are_there(self) -> bool:
        """Label the photos if the project knows them all; whether it does."""
        if self._document is None or self._job.running or not self._waiting:
            return False
        known = {photo.path for photo in self._document.project.photos.values()}
        if not known.issuperset(self._brought.paths.values()):
            return False
        self._label()
        return True

    def _scanned(self, _: int) -> None:
        """A look at the folder is over. It may have begun before the files were there."""
        if self._document is None or self._job.running or not self._waiting:
            return
        self._looks -= 1
        if self._looks > 0:
            self._document.start_scan()
        else:
            self._give_up_the_rest(self._document)

    def _give_up_the_rest(self, document: Document) -> None:
        """Label what was found."""
        known = {photo.path for photo in document.project.photos.values()}
        for photo, path in list(self._brought.paths.items()):
            if path not in known:
                del self._brought.paths[photo]
                self._brought.left.append((photo, tr("the project did not find it")))
        self._waiting = {t: k for t, k in self._waiting.items() if t.photo in self._brought.paths}
        self._label()

    def _label(self) -> None:
        assert self._document is not None
        ids = {photo.path: photo.id for photo in self._document.project.photos.values()}
        wanted = [(ids[self._brought.paths[t.photo]], t.label, t.box) for t in self._waiting]
        edit = labelling(self._document.project, wanted)
        keys, self._waiting = list(self._waiting.values()), {}
        self._edit = edit
        self._document.do(edit)
        self._photos.mark_sent(keys, True)
        if edit.changes:
            self.sent.append(Sent(edit, keys))
        self._end()

    def _end(self) -> None:
        self._waiting = {}
        self.progress.hide()
        brought, count = self._brought, len(self._brought.paths)
        text = ntr("{n} photo is in the project.", "{n} photos are in the project.", count)
        if brought.copied < count:
            known = count - brought.copied
            text += " " + ntr("{n} was there already.", "{n} were there already.", known)
        if brought.left:
            left = ntr("{n} could not be sent.", "{n} could not be sent.", len(brought.left))
            lines = [f"{path}: {reason}" for path, reason in brought.left]
            show = partial(self._list, lines)
            self._banner.show_message(f"{text} {left}", "warning", tr("Show list"), show)
        elif self._edit is not None and self._edit.changes:
            self._banner.show_message(text, "info", tr("Undo"), self.undo)
        else:
            self._banner.show_message(text)
        self._said = self._banner.text()
        self._context.status(text)

    def undo(self) -> None:
        """Take the labels back, unless undo means something else by now; the copies stay."""
        document = self._document
        if document is not None and document.position:
            if document.history[document.position - 1].edit is self._edit:
                document.undo()
            self._banner.hide()

    def _edited(self, _: Edit) -> None:
        """Follow undo and redo, whoever asked for them and however far they went."""
        document = self._document
        if document is None or not self.sent:
            return
        standing = {id(entry.edit) for entry in document.history[: document.position]}
        for sent in self.sent:
            stands = id(sent.edit) in standing
            if stands != sent.stands:
                sent.stands = stands
                self._photos.mark_sent(sent.keys, stands)
                if not stands and self._banner.text() == self._said:
                    self._banner.hide()

    def _list(self, lines: list[str]) -> None:
        title = tr("Not sent to the project")
        ReportDialog(title, tr("These could not be sent:"), lines, self._owner).open()

    def _failed(self, error: Exception) -> None:
        self._waiting = {}
        self.progress.hide()
        if not isinstance(error, Cancelled):
            self._banner.show_message(str(error), "danger")


def _is_sendable(entry: Entry) -> bool:
    return bool(entry.label) and entry.state != "failed"
