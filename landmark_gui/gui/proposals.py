"""The proposals of a model for the open project: asked for in the background, kept beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core import proposals as files
from landmark_gui.core.errors import Cancel, Cancelled, Progress
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Photo
from landmark_gui.core.proposals import Proposal, Proposals, accepted
from landmark_gui.gui.document import Document
from landmark_gui.jobs.progress_job import ProgressJob
from landmark_gui.jobs.tasks import LatestOnly

WRITE_MS = 500
Answers = SimpleQueue[Proposals | tuple[Photo, Proposal | str]]
"""From the thread that asks: first which model it is, then photo by photo."""


@dataclass(frozen=True)
class Outcome:
    """What a run over unlabelled photos came to.

    Attributes:
        asked: photos that the model had not seen yet.
        proposed, unknown: photos with a proposal, and those that the model does not know.
        problems: path and reason of each photo that could not be looked at.
        stopped: whether the person stopped it, or why it broke off.
    """

    model: str
    asked: int = 0
    proposed: int = 0
    unknown: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    stopped: bool = False
    failure: str = ""

    def text(self) -> str:
        """In a sentence or two."""
        if self.failure:
            return self.failure
        if not self.asked and not self.stopped:
            return tr(
                "{model} has looked at every photo without a label already.", model=self.model
            )
        counts = [ntr("{n} proposal", "{n} proposals", self.proposed)]
        if self.unknown:
            counts.append(
                ntr(
                    "{n} photo shows nothing that it knows",
                    "{n} photos show nothing that it knows",
                    self.unknown,
                )
            )
        if self.problems:
            count = len(self.problems)
            counts.append(
                ntr("{n} photo could not be looked at", "{n} photos could not be looked at", count)
            )
        told = tr("{model}: {counts}.", model=self.model, counts=", ".join(counts))
        return tr("Stopped. {outcome}", outcome=told) if self.stopped else told


class ProposalDesk(QObject):
    """Knows which photo has a proposal, and follows the document.

    Signals:
        changed(set[int]): the proposals of these photos came, went or look otherwise.
        started(int): a model looks at so many photos.
        progressed(int, int): photos done, of all.
        ended(Outcome)

    Attributes:
        shown: the open proposals by photo id.
    """

    changed = Signal(object)
    started = Signal(int)
    progressed = Signal(int, int)
    ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._all = Proposals()
        self.shown: dict[int, Proposal] = {}
        self._unknown: set[int] = set()
        self._rows: dict[int, Photo | None] = {}  # as they were last looked at
        self._reading, self._writing = LatestOnly(self), LatestOnly(self)
        self._job = ProgressJob(self)
        self._answers: Answers = SimpleQueue()
        self._outcome = Outcome("")
        self._job.progressed.connect(self._took)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        self._write = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._write.timeout.connect(self._write_soon)

    # The document

    def set_document(self, document: Document | None) -> None:
        """Read the proposals of another project; what ran for the one before is given up."""
        self._job.abandon()
        self._reading.cancel()
        if self._write.isActive():
            self._write.stop()
            self._write_soon()
        self._document, self._all = document, Proposals()
        gone = set(self.shown)
        self.shown.clear()  # the photo list looks into it
        self._unknown.clear()
        self._rows.clear()
        if document is not None:
            document.edited.connect(self._follow_edit)
            document.photos_changed.connect(self._follow_scan)
            document.closing.connect(self._finish)
            read = partial(files.read, document.data_folder)
            self._reading.submit(read, self._read, lambda error: document.message.emit(str(error)))
        self.changed.emit(gone)

    def of(self, photo: Photo | None) -> Proposal | None:
        """What is proposed for a photo now."""
        return None if photo is None else self.shown.get(photo.id)

    def is_unknown(self, photo: Photo | None) -> bool:
        """Whether a photo shows nothing that the model knows."""
        return photo is not None and photo.id in self._unknown

    @property
    def unknown(self) -> int:
        """Of how many unlabelled photos the model does not know what they show."""
        return len(self._unknown)

    @property
    def model(self) -> str:
        """The name of the model that proposes."""
        return self._all.model

    # Asking a model

    @property
    def running(self) -> bool:
        return self._job.running

    @property
    def unlabelled(self) -> int:
        """How many photos a model could be asked about."""
        return len(_candidates(self._document)) if self._document else 0

    def start(self, model: Path, name: str) -> None:
        """Let a model propose for every photo without a label that it has not seen yet.

        Args:
            name: what the person calls the model.
        """
        document = self._document
        if document is None or self.running:
            return
        if document.read_only:
            document.message.emit(
                tr(
                    "{path} is open for reading only: proposals could not become boxes.",
                    path=document.path,
                )
            )
            return
        self._outcome, self._answers = Outcome(name), SimpleQueue()
        photos = [(p, document.photo_path(p)) for p in _candidates(document)]
        known = {p.id for p in self._all.unanswered(document.project, self._all.model_id)}
        self.started.emit(len(photos))
        work = partial(_run, model, name, photos, known, self._all.model_id, self._answers)
        self._job.run(work, len(photos))

    def cancel(self) -> None:
        """Stop; what was proposed until now stands."""
        self._job.cancel()

    # What the person decides

    def accept(self, photo_ids: Iterable[int], landmark_id: int | None = None) -> None:
        """Make boxes of the proposals of these photos, as one edit."""
        if self._document is not None:
            chosen = [self.shown[id_] for id_ in photo_ids if id_ in self.shown]
            self._document.do(accepted(self._document.project, chosen, landmark_id))

    def above(self, confidence: float) -> list[int]:
        """The photos whose proposal is at least so confident, 0 to 1."""
        return [id_ for id_, one in self.shown.items() if one.confidence >= confidence]

    def refuse(self, photo_id: int) -> None:
        """Say no to the proposal of a photo; the same model will not make it again."""
        self._change(photo_id, state="refused")

    def take_back(self, photo_id: int) -> None:
        """Let the proposal of a photo that was refused stand again."""
        self._change(photo_id, state="open")

    def reshape(self, photo_id: int, rect: Rect) -> None:
        """Let the proposal of a photo be of another part of it."""
        self._change(photo_id, rect=rect)

    def forget(self) -> None:
        """Drop all proposals, refused ones too, so that the model can be asked anew."""
        self._all = Proposals()
        self._keep()
        self._look_at_all()

    def _change(self, photo_id: int, **values: object) -> None:
        document, known = self._document, self._all.by_photo.get(photo_id)
        if known is None or document is None:
            return
        if document.read_only:
            document.message.emit(tr("{path} is open for reading only.", path=document.path))
            return
        self._all = self._all.having([replace(known, **values)])  # type: ignore[arg-type]
        self._keep()
        self._look_at({photo_id})

    # What comes from other threads

    def _read(self, found: Proposals) -> None:
        if self._document is not None and not self.running:
            self._all = found.standing(self._document.project)
            self._look_at_all()

    def _took(self, done: int, total: int) -> None:
        self._take()
        self.progressed.emit(done, total)

    def _take(self) -> None:
        """Show what has been proposed since the last look."""
        fresh: list[Proposal] = []
        while True:
            try:
                answer = self._answers.get_nowait()
            except Empty:
                break
            if isinstance(answer, Proposals):
                self._begin(answer)
            else:
                fresh += self._counted(*answer)
        if fresh:
            self._all = self._all.having(fresh)
            self._keep()
            self._look_at({answer.photo_id for answer in fresh})

    def _begin(self, model: Proposals) -> None:
        """Another model's proposals take the place of those that stand."""
        if model.model_id != self._all.model_id:
            self._all = model
            self._look_at_all()

    def _counted(self, photo: Photo, answer: Proposal | str) -> list[Proposal]:
        outcome = self._outcome
        if isinstance(answer, str):
            problems = (*outcome.problems, (photo.path, answer))
            self._outcome = replace(outcome, problems=problems)
            return []
        if answer.state == "open":
            self._outcome = replace(outcome, proposed=outcome.proposed + 1)
        else:
            self._outcome = replace(outcome, unknown=outcome.unknown + 1)
        return [answer]

    def _done(self, asked: int) -> None:
        self._took(asked, asked)
        self.ended.emit(replace(self._outcome, asked=asked))

    def _failed(self, error: Exception) -> None:
        self._take()
        stopped = isinstance(error, Cancelled)
        failure = "" if stopped else str(error)
        self.ended.emit(replace(self._outcome, stopped=stopped, failure=failure))

    # Which proposals are shown

    def _follow_edit(self, edit: Edit) -> None:
        self._look_at(edit.photo_ids())

    def _follow_scan(self) -> None:
        """Look at the photos whose row is another one; ten thousand at each batch take too long."""
        if self._document is not None:
            photos, rows = self._document.project.photos, self._rows
            changed = {i for i in self._all.by_photo if photos.get(i) is not rows.get(i)}
            self._look_at(changed)

    def _look_at_all(self) -> None:
        self._look_at({*self._all.by_photo, *self.shown, *self._unknown})

    def _look_at(self, photo_ids: set[int]) -> None:
        """Follow what became of these photos."""
        if self._document is None:
            return
        project, touched = self._document.project, set()
        for id_ in photo_ids:
            photo = self._rows[id_] = project.photos.get(id_)
            now = self._all.of(photo, project)
            if self._all.is_unknown(photo, project) != (id_ in self._unknown):
                self._unknown ^= {id_}
                touched.add(id_)
            if now != self.shown.get(id_):
                touched.add(id_)
                if now is None:
                    del self.shown[id_]
                else:
                    self.shown[id_] = now
        if touched:
            self.changed.emit(touched)

    # The file

    def _keep(self) -> None:
        if self._document is not None and not self._document.read_only:
            self._write.start()

    def _write_soon(self) -> None:
        document, kept = self._document, self._all
        if document is not None:
            work = partial(files.write, document.data_folder, kept)
            self._writing.submit(work, lambda _: None, self._not_written)

    def _finish(self) -> None:
        """The project closes: what was said until now is kept."""
        self._job.cancel()
        self._take()
        self.write_now()

    def write_now(self) -> None:
        """Keep what was decided, if that waits to be written."""
        if self._document is not None and self._write.isActive():
            self._write.stop()
            try:
                files.write(self._document.data_folder, self._all)
            except OSError as error:
                self._not_written(error)

    def _not_written(self, error: Exception) -> None:
        if self._document is not None:
            text = tr("The proposals could not be kept: {detail}", detail=error)
            self._document.message.emit(text)


def _candidates(document: Document) -> list[Photo]:
    return Proposals().unanswered(document.project, "")


def _run(
    model: Path,
    name: str,
    photos: list[tuple[Photo, Path]],
    unseen: set[int],
    seen_by: str,
    answers: Answers,
    progress: Progress,
    cancel: Cancel,
) -> int:
    """Ask a model about photos: all of them, or those it has not seen if it was asked before."""
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.classifier import Classifier
    from landmark_gui.inference.proposing import proposed

    bundle = read_bundle(model)
    model_id = hashlib.sha256(bundle.litert).hexdigest()
    if model_id == seen_by:
        photos = [(photo, path) for photo, path in photos if photo.id in unseen]
    answers.put(Proposals(name, model_id))
    progress(0, len(photos))
    for done, answer in enumerate(proposed(Classifier(bundle), photos, cancel), 1):
        answers.put(answer)
        progress(done, len(photos))
    return len(photos)
