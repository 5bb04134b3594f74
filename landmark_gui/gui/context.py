"""What the pages share: the open document, the preferences, the worker, the newest model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui.activity import Activities
from landmark_gui.gui.commands import Commands
from landmark_gui.jobs.tasks import run_task

if TYPE_CHECKING:
    from landmark_gui.core.augmentation import AugmentationConfig
    from landmark_gui.gui.dataset import Dataset, DatasetWatch
    from landmark_gui.gui.document import Document
    from landmark_gui.gui.studies.run import StudyRun
    from landmark_gui.jobs.explainer import Explainer
    from landmark_gui.jobs.worker_process import TrainingWorker

SAVE_MS = 500


class AppContext(QObject):
    """Passed to each page; knows no widget.

    Signals:
        document_changed(Document | None): another project was opened, or it was closed.
        model_ready(Path): a training has written a model.
        augmentation_changed(AugmentationConfig)
        status_changed(str): a line for the status bar.
        open_folder_requested(), open_project_requested(), sample_requested(),
            page_requested(str): a page asks the window to act. Pages are "label", "dataset",
            "quality", "augment", "train", "runs", "compare", "evaluate", "classify".
        box_requested(int, str | None): show this photo on the Label page, with this box selected.
        faults_counted(int): so many cases of faults are known of the open document.
        resume_requested(Run): go on with this unfinished training.
        evaluate_requested(Path): ask this model on the Evaluate page.
        reached(str): the person has come as far as that step of the first steps: "varied",
            "trained", "judged", "classified".
        settings_requested(TrainConfig): put these settings into the form of the Train page.
    """

    document_changed = Signal(object)
    model_ready = Signal(object)
    augmentation_changed = Signal(object)
    status_changed = Signal(str)
    open_folder_requested = Signal()
    open_project_requested = Signal()
    sample_requested = Signal()
    page_requested = Signal(str)
    box_requested = Signal(int, object)
    faults_counted = Signal(int)
    resume_requested = Signal(object)
    evaluate_requested = Signal(object)
    reached = Signal(str)
    settings_requested = Signal(object)

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings or Settings()
        self.commands = Commands(self.settings, self)
        self.activities = Activities(self)
        self.document: Document | None = None
        self.last_model: Path | None = None
        self._worker: TrainingWorker | None = None
        self._explainer: Explainer | None = None
        self._exporter: TrainingWorker | None = None
        self._dataset: DatasetWatch | None = None
        self._studies: StudyRun | None = None
        self._augmentation: AugmentationConfig | None = None
        self._at_work: list[Callable[[], str]] = []
        # A write takes longer than a frame: it waits for a pause, and for another thread.
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save_timer.timeout.connect(self._save_settings)
        self.settings.on_change = self._save_timer.start

    def set_document(self, document: Document | None) -> None:
        """Make `document` the open one; the old one is closed by its owner."""
        self.document = document
        self.document_changed.emit(document)

    @property
    def worker(self) -> TrainingWorker:
        """The training process's supervisor, made on first use."""
        if self._worker is None:
            from landmark_gui.jobs.worker_process import TrainingWorker

            self._worker = TrainingWorker(parent=self)
        return self._worker

    @property
    def explainer(self) -> Explainer:
        """Says where a model looks, in a process of its own; made on first use."""
        if self._explainer is None:
            from landmark_gui.jobs.explainer import Explainer

            self._explainer = Explainer(parent=self)
        return self._explainer

    @property
    def exporter(self) -> TrainingWorker:
        """Hands on models in other forms, in a process of its own; made on first use."""
        if self._exporter is None:
            from landmark_gui.core.log_files import log_folder
            from landmark_gui.jobs.worker_process import TrainingWorker

            log = log_folder() / "export.log"
            self._exporter = TrainingWorker(log_path=log, parent=self)
        return self._exporter

    @property
    def studies(self) -> StudyRun:
        """The paired study that runs, for the pages that show it; made on first use."""
        if self._studies is None:
            from landmark_gui.gui.studies.run import StudyRun

            self._studies = StudyRun(self)
        return self._studies

    @property
    def dataset(self) -> DatasetWatch:
        """The examples of the open document, computed once for all pages; made on first use."""
        if self._dataset is None:
            from landmark_gui.gui.dataset import DatasetWatch

            self._dataset = DatasetWatch(self)
            self._dataset.changed.connect(self._count_faults)
            self._dataset.changed.connect(lambda _: self.activities.end("measure"))
            self._dataset.failed.connect(lambda _: self.activities.end("measure"))
            self._dataset.progressed.connect(self._tell_measuring)
        return self._dataset

    @property
    def task(self) -> str:
        """What the worker is at: "train", "study", "search", or "" for nothing."""
        return "" if self._worker is None else self._worker.task

    @property
    def is_training(self) -> bool:
        """Whether a training is running. A study is none: what is done of it is kept."""
        return self.task == "train"

    @property
    def augmentation(self) -> AugmentationConfig:
        """The augmentation that the preview shows and the next training uses."""
        if self._augmentation is None:
            self._augmentation = self._remembered_augmentation()
        return self._augmentation

    @augmentation.setter
    def augmentation(self, config: AugmentationConfig) -> None:
        if config != self._augmentation:
            self._augmentation = config
            self.settings.set("augmentation", config.to_toml())
            self.augmentation_changed.emit(config)

    def ask_before_end(self, at_work: Callable[[], str]) -> None:
        """Let the window not close unasked while `at_work` says what becomes of what runs."""
        self._at_work.append(at_work)

    def ask_nobody_before_end(self) -> None:
        """Forget who is asked: all of them are about to be built anew."""
        self._at_work.clear()

    def at_work(self) -> list[str]:
        """What runs, and what becomes of it if the program ends now: a sentence or two each."""
        told = [_at_end(process.task) for process in (self._worker, self._exporter) if process]
        return [said for said in (*told, *(ask() for ask in self._at_work)) if said]

    def set_model(self, path: Path) -> None:
        """Announce a newly written model."""
        self.last_model = path
        self.model_ready.emit(path)

    def status(self, text: str) -> None:
        """Say in the status line what has just happened; `activities` says what goes on."""
        self.status_changed.emit(text)

    def shutdown(self) -> None:
        """Remember what is to be remembered, stop the processes; for the end of the program."""
        self._save_timer.stop()
        self.settings.save()
        for process in (self._worker, self._explainer, self._exporter):
            if process is not None:
                process.shutdown()

    def _count_faults(self, dataset: Dataset | None) -> None:
        """Those that were known stand until all photos of a document have been looked at."""
        if dataset is None or dataset.report is not None:
            findings = dataset.report.findings if dataset is not None and dataset.report else ()
            self.faults_counted.emit(sum(finding.count for finding in findings))

    def _tell_measuring(self, done: int, total: int) -> None:
        if done < total:
            text = tr("Measuring photos: {done} of {total}", done=done, total=total)
            self.activities.show("measure", text, "dataset")

    def _save_settings(self) -> None:
        run_task(self.settings.save, lambda _: None)

    def _remembered_augmentation(self) -> AugmentationConfig:
        from landmark_gui.core.augmentation import AugmentationConfig
        from landmark_gui.core.errors import FormatError

        text = self.settings.get("augmentation", "")
        try:
            return AugmentationConfig.from_toml(text) if text else AugmentationConfig.log_preset()
        except FormatError:  # written by another version: the preset is a good start as well
            return AugmentationConfig.log_preset()


def _at_end(task: str) -> str:
    """What becomes of a task of the worker if the program ends."""
    texts = {
        "train": tr("A training is running. What was learned so far is kept."),
        "study": tr("A study is running. Trainings that are done are kept; it can go on later."),
        "search": tr("A search is running. Trials that are done are kept; it can go on later."),
        "convert": tr("A model is being exported. Nothing of the export is left."),
    }
    return texts.get(task, "")
