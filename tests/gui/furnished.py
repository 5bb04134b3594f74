"""A window with a project and results on every page, made without a training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.settings import Settings
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.shortcuts import ShortcutsDialog
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.pages.classify.sorting_dialog import SortingDialog
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from landmark_gui.gui.pages.quality.trashing import TrashDialog
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.jobs.tasks import is_waited_for
from landmark_gui.jobs.worker_process import WorkerOutcome
from tests.gui.journey import opened
from tests.plain_photos import COLORS, draw
from tests.pseudo import marked
from tests.tiny_bundle import write_tiny_bundle

EACH = 4
RUNS = ("20260101-100000-000000", "20260102-100000-000000")
TRAINING = {"use": "photos", "near_distance": None, "burst_seconds": 0}
METRICS = {
    "accuracy": 0.9,
    "chance": 1 / 3,
    "best_epoch": 2,
    "seconds": 7,
    "examples": 12,
    "macro_f1": 0.9,
    "counts": {"test": {"red": 2, "green": 2, "blue": 2}},
}
OVERFITTED = {
    "kind": "over_fitting",
    "text": marked("It learns by heart."),
    "evidence": marked("0.1 of 0.6"),
    "remedies": [{"text": marked("Vary more"), "changes": {"augment": True}}],
}
"""As the worker tells it, in the language that it speaks."""
_MODEL = "model.landmark-model"
_TIME = {"accuracy": 0.4, "seconds_left": 12}


def photos(folder: Path) -> Path:
    """Photos of one colour each, in a folder for each of three landmarks."""
    for number, (name, color) in enumerate(COLORS.items()):
        for count in range(EACH):
            draw(folder / name / f"{name}_{count}.png", color, number * EACH + count)
    return folder


@contextmanager
def furnished(qtbot: QtBot, folder: Path, settings: Path) -> Iterator[MainWindow]:
    """The window: boxes are drawn, two runs are kept, photos are classified.

    Args:
        folder: an empty one.
    """
    context = AppContext(Settings(settings))
    context.worker.prestart = lambda: None  # type: ignore[method-assign]  # nothing is trained
    window = MainWindow(context)
    window.show()
    qtbot.waitExposed(window)
    window.opening.open(photos(folder / "2026"))
    document = opened(qtbot, context, window, EACH * len(COLORS))
    document.label_by_folder()
    marks = {mark.name: mark.id for mark in document.project.ordered_landmarks()}
    for photo in list(document.project.photos.values()):
        name = photo.path.partition("/")[0]
        document.do(edits.add_box(photo.id, marks[name], Rect(4, 4, 20, 20)))
    for run in RUNS:
        _keep_run(document.data_folder / "runs" / run, run)
    model = document.data_folder / "runs" / RUNS[0] / _MODEL
    context.set_model(model)
    for name in PAGES:
        window.show_page(name)
        settle(qtbot, window)
    window.page("classify").add_photos([folder / "2026" / "red"])  # type: ignore[attr-defined]
    settle(qtbot, window)
    try:
        yield window
    finally:
        context.worker.task = ""  # else it asks whether the training is to stop
        window.close()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until no page waits for anything."""

    def settled() -> bool:
        document = window.context.document
        unsaved = document is not None and not document.is_saved
        return not unsaved and not is_waited_for(window) and not is_waited_for(window.context)

    qtbot.waitUntil(settled, timeout=20_000)


def dialogs(window: MainWindow) -> Iterator[QDialog]:
    """Each dialog of the program, opened; it is closed with the next one."""
    context, page = window.context, window.page
    document, label, classify = context.document, page("label"), cast(Any, page("classify"))
    assert document is not None
    model, photos_dir = document.data_folder / "runs" / RUNS[0] / _MODEL, document.photos_dir
    entries = classify.model.entries()
    for made in (
        ShortcutsDialog(context.commands, window),
        ProposeDialog(context, document, 3, label),
        AcceptAllDialog(lambda least: [1], label),
        TrashDialog(photos_dir, ["red/red_0.png"], page("quality")),
        ExportDialog(context, document, model, photos_dir.parent / "1", page("runs")),
        SortingDialog([("red", entries)], tuple(COLORS), None, context.settings, classify),
        ReportDialog(marked("Not taken back"), "1", ["2", "3"], window),
    ):
        made.open()
        yield made
        made.reject()
        made.deleteLater()


def train(window: MainWindow, *, end: bool) -> None:
    """Tell the Train page of a training of two epochs, as the worker would."""
    worker: Any = window.context.worker
    window.show_page("train")
    worker.task = "train"
    worker.state_changed.emit("training")
    classes = list(COLORS)
    counts = {split: dict.fromkeys(classes, 4) for split in ("train", "validation", "test")}
    tell = worker.event_received.emit
    tell({"event": "dataset", "classes": classes, "epochs": 2, "steps": 3, "counts": counts})
    tell({"event": "step", "epoch": 1, "epochs": 2, "step": 2, "steps": 3, "loss": 0.9} | _TIME)
    epoch = {"event": "epoch", "epochs": 2, "loss": 0.5, "accuracy": 0.5, "best": True}
    losses = {"val_loss": 0.6, "val_accuracy": 0.4, "confusion": [[1, 0, 0], [0, 1, 0], [0, 1, 0]]}
    tell({**epoch, **losses, "epoch": 1})
    tell({"event": "diagnosis", "findings": [OVERFITTED]})
    if end:
        tell({**epoch, **losses, "epoch": 2})
        worker.task = ""
        model = Path("a.landmark-model")
        worker.finished.emit(WorkerOutcome("done", model=model, metrics=METRICS, task="train"))


def _keep_run(folder: Path, run: str) -> None:
    folder.mkdir(parents=True)
    write_tiny_bundle(folder / _MODEL, training=TRAINING, run=run)
    (folder / "config.json").write_text(json.dumps({"recipe": "scratch", "use": "photos"}))
    (folder / "metrics.json").write_text(json.dumps(METRICS))
    curves = {"loss": [0.9, 0.5], "accuracy": [0.4, 0.6], "val_accuracy": [0.3, 0.5]}
    (folder / "history.json").write_text(json.dumps(curves))
