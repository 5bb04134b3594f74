"""What is known of the study of one kind: what would be measured, what is kept, what runs."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.studies import StudyConfig, StudyKind, StudyResult, variants
from landmark_gui.core.studies.kept import Kept, kept_study
from landmark_gui.core.training_advice import Facts
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.setup import StudySetup
from landmark_gui.jobs.tasks import LatestOnly

FOLLOW_MS = 250


class StudyDesk(QObject):
    """Follows the project and the settings while somebody looks.

    Signals:
        changed(): something of all this is different.

    Attributes:
        planned: the study that the settings describe; None if there is none.
        missing: why it cannot be done; "" if it can.
        kept: the newest result of it, or else of its kind.
    """

    changed = Signal()

    def __init__(self, context: AppContext, kind: StudyKind, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self.kind = context, kind
        self.run, self.setup = context.studies, StudySetup(context, kind)
        self.planned: StudyConfig | None = None
        self.missing = ""
        self.kept: Kept | None = None
        self.watched = False
        self._looking = LatestOnly(self)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self.look)
        context.document_changed.connect(self._follow_document)
        context.augmentation_changed.connect(self._look_soon)
        self.run.changed.connect(self.changed)
        self.run.ended.connect(self._ended)
        self._follow_document(context.document)

    def look(self) -> None:
        """Read the settings anew, and look up what is kept of such a study."""
        self._follow.stop()
        self.read_settings()
        look_up = self.setup.look_up()
        if look_up is None:
            self._looking.cancel()
            self._found(None)
        else:
            self._looking.submit(look_up, self._know)

    def read_settings(self) -> None:
        """Take up what is set on the pages."""
        self.planned = None
        try:
            self.planned = self.setup.study()
            self.missing = self.setup.missing(self.planned)
        except TrainingError as error:
            self.missing = str(error)

    def start(self) -> None:
        """Begin what is planned, or go on with it."""
        self.read_settings()
        if self.planned is not None and not self.missing:
            self.run.start(self.planned, self._kept_of_planned)

    @property
    def is_running(self) -> bool:
        return self.run.runs(self.kind)

    @property
    def blocked(self) -> str:
        """Why nothing can be started just now; "" if it can."""
        return texts.blocked_text(self.run.task, self.is_running)

    @property
    def study(self) -> StudyConfig | None:
        """What `result` is of; what is planned while there is none."""
        if self.is_running:
            return self.run.study
        if self.kept is not None and not self.kept.same and self.kept.result.is_complete:
            return self.kept.study
        return self.planned

    @property
    def result(self) -> StudyResult | None:
        """Of the study that runs, otherwise what is kept; of other settings only if complete."""
        if self.is_running:
            return self.run.result
        if self.kept is None or not (self.kept.same or self.kept.result.is_complete):
            return None
        return self.kept.result

    @property
    def is_measured(self) -> bool:
        """Whether all that is planned is done, as far as the settings tell."""
        kept = self._kept_of_planned
        return kept is not None and kept.is_complete

    @property
    def is_begun(self) -> bool:
        return self._kept_of_planned is not None

    @property
    def seconds_left(self) -> float | None:
        """How long what is planned will take, by what is kept; None if that tells nothing."""
        if self.planned is None or self.kept is None:
            return None
        return self.kept.seconds_left(self.planned)

    @property
    def note(self) -> str:
        """When the result was measured, and whether that was with what is set now."""
        if self.is_running or self.kept is None or self.planned is None:
            return ""
        edited = self.setup.edited_since(self.kept.began.timestamp())
        return texts.kept_text(self.kept, self.planned, edited)

    @property
    def winner(self) -> AugmentationConfig | None:
        """The augmentation that helps most; None if none does."""
        study, result = self.study, self.result
        if self.kind != "augmentation" or study is None or result is None:
            return None
        told = {variant.key: variant.config.augmentation for variant in variants(study)}
        won = told.get(result.winner or "")
        return None if won is None else AugmentationConfig.from_dict(won)

    @property
    def _kept_of_planned(self) -> StudyResult | None:
        return self.kept.result if self.kept is not None and self.kept.same else None

    def _know(self, facts: Facts) -> None:
        """Take up what the suggestions of the Train page are made from."""
        self.setup.facts = facts
        self.read_settings()
        document = self._context.document
        if document is None or self.planned is None:
            self._found(None)
        else:
            work = partial(kept_study, document.data_folder, self.planned)
            self._looking.submit(work, self._found)

    def _found(self, kept: Kept | None) -> None:
        self.kept = kept
        self.changed.emit()

    def _ended(self) -> None:
        """Show what came out until it was read from the disk."""
        study, result = self.run.study, self.run.result
        if study is None or study.kind != self.kind:
            return
        if result is not None and self.setup.is_open(study.base.project):
            now = datetime.now().astimezone()
            self.kept = Kept(study, result, same=True, began=now, ended=now, seconds=0.0)
        self.look()

    def _follow_document(self, document: Document | None) -> None:
        self.kept = self.setup.facts = None
        if document is not None:
            document.edited.connect(self._look_soon)
            document.scan_finished.connect(self._look_soon)
        self.look()
        self.changed.emit()  # what was shown is of another project

    def _look_soon(self) -> None:
        if self.watched:
            self._follow.start()
