"""A model asked about the open project, off the GUI thread, and compared with an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.errors import Cancel, Cancelled, LandmarkError, Progress
from landmark_gui.core.evaluation import Changes, Evaluation, Figures, Part
from landmark_gui.core.evaluation.calibration import MeasuredCalibration
from landmark_gui.core.evaluation.corrections import Corrections
from landmark_gui.core.evaluation.mistakes import Arranged
from landmark_gui.core.project import Project, Row
from landmark_gui.gui.document import Document
from landmark_gui.jobs.progress_job import ProgressJob


@dataclass(frozen=True)
class Model:
    """A model that can be asked.

    Attributes:
        name: what the page calls it.
        run: the id of the run that made it; "" of a file that was opened.
    """

    path: Path
    name: str
    run: str = ""


@dataclass(frozen=True)
class Comparison:
    """What is otherwise than with an earlier model.

    Attributes:
        problem: why the two could not be compared, in words.
    """

    earlier: Model
    changes: Changes | None
    problem: str = ""


@dataclass(frozen=True)
class Asked:
    """A model that was asked, and all that the page shows of it."""

    model: Model
    evaluation: Evaluation
    figures: Figures
    calibration: MeasuredCalibration | None
    arranged: Arranged = field(repr=False)
    corrections: Corrections = field(repr=False)
    made: datetime
    comparison: Comparison | None = None


class Asking(QObject):
    """Asks one model at a time.

    Signals:
        progressed(int, int): how much is done, and of how much.
        asked(Asked): the answers are there, or those of another earlier model.
        failed(Exception): `Cancelled` among them.
    """

    progressed = Signal(int, int)
    asked = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job = ProgressJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.done.connect(self.asked)
        self._job.failed.connect(self.failed)
        self._wanted: object = None

    @property
    def running(self) -> bool:
        return self._wanted is not None or self._job.running

    def ask(self, document: Document, model: Model, part: Part, earlier: Model | None) -> None:
        """Ask a model about a part of the project, once all edits are on the disk."""
        self.abandon()
        wanted = self._wanted = object()

        def start() -> None:
            if self._wanted is wanted:
                self._wanted = None
                rows = list(document.project.rows())
                self._job.run(partial(_asked, document.path, rows, model, part, earlier))

        document.when_saved(start)

    def compare(self, document: Document, asked: Asked, earlier: Model | None) -> None:
        """Compare with another earlier model; None with none."""
        self.abandon()
        self._job.run(partial(_compared, asked, document.path, earlier))

    def cancel(self) -> None:
        """Stop between two photos, or while edits are still being saved; `failed` follows."""
        if self._wanted is not None:
            self._wanted = None
            self.failed.emit(Cancelled())
        else:
            self._job.cancel()

    def abandon(self) -> None:
        """Stop, and never tell."""
        self._wanted = None
        self._job.abandon()


def _asked(
    project: Path,
    rows: Sequence[Row],
    model: Model,
    part: Part,
    earlier: Model | None,
    progress: Progress,
    cancel: Cancel,
) -> Asked:
    from landmark_gui.core.evaluation import figures_of
    from landmark_gui.core.evaluation.calibration import calibration_of
    from landmark_gui.core.evaluation.mistakes import arranged

    evaluation = _evaluated(model, project, part, progress, cancel)
    asked = Asked(
        model,
        evaluation,
        figures_of(evaluation),
        calibration_of(evaluation),
        arranged(evaluation),
        Corrections(evaluation.answers, Project.of(rows)),
        datetime.now(),
    )
    return _compared(asked, project, earlier, progress, cancel)


def _compared(
    asked: Asked, project: Path, earlier: Model | None, progress: Progress, cancel: Cancel
) -> Asked:
    from landmark_gui.core.evaluation import changes_between

    if earlier is None or not asked.evaluation.answers:
        return replace(asked, comparison=None)
    try:
        before = _evaluated(earlier, project, asked.evaluation.part, progress, cancel)
    except LandmarkError as error:  # the newer one is asked all the same
        return replace(asked, comparison=Comparison(earlier, None, str(error)))
    changes = changes_between(before.answers, asked.evaluation.answers)
    return replace(asked, comparison=Comparison(earlier, changes))


def _evaluated(
    model: Model, project: Path, part: Part, progress: Progress, cancel: Cancel
) -> Evaluation:
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.evaluation import evaluated

    return evaluated(read_bundle(model.path), project, part, progress, cancel)
