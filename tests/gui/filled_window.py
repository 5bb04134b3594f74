"""The window with something on every page: boxes, faults, runs, studies, answers, verdicts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from shiboken6 import delete

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project_opening import open_folder
from landmark_gui.core.search import SearchResult, Tried
from landmark_gui.core.search import Settings as Better
from landmark_gui.core.settings import Settings
from landmark_gui.core.studies.result import Pool
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.jobs.worker_process import TrainingWorker
from tests import study_child
from tests.plain_photos import COLORS, draw
from tests.studies import result_with, study_of
from tests.tiny_bundle import write_tiny_bundle

RUNS = ("20260101-100000-000000", "20260102-100000-000000")
HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.8], "val_accuracy": [0.5, 0.75]}
METRICS = {"accuracy": 0.75, "examples": 4, "seconds": 75.0, "best_epoch": 2, "chance": 0.5}
EPOCHS: list[dict[str, Any]] = [
    {"epoch": 1, "loss": 1.2, "accuracy": 0.5, "val_loss": 1.3, "val_accuracy": 0.4},
    {"epoch": 2, "loss": 0.7, "accuracy": 0.8, "val_loss": 0.9, "val_accuracy": 0.7},
]
CONFUSION = [[2, 1, 0], [0, 3, 0], [0, 0, 3]]
PHOTOS = 9


@contextmanager
def furnished(folder: Path) -> Iterator[MainWindow]:
    """The window, shown, with a project in `folder`; nothing in it runs any more."""
    context = AppContext(Settings(folder / "settings.toml"))
    child = [sys.executable, str(Path(study_child.__file__))]
    context._worker = TrainingWorker(child, folder / "worker.log", context)
    document = _project(folder / "photos")
    model = [_keep_run(document, id_) for id_ in RUNS][-1]
    window = MainWindow(context)
    context.set_document(document)
    window.show()
    _fill(window, document, model)
    yield window
    context.set_document(None)
    document.close(discard=True)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    delete(document)


def wait(until: Callable[[], object], limit_ms: int = 30_000) -> None:
    """Let events happen until it is so."""
    loop = QEventLoop()
    look, late = QTimer(interval=5), QTimer(singleShot=True)
    look.timeout.connect(lambda: until() and loop.quit())
    late.timeout.connect(loop.quit)
    look.start()
    late.start(limit_ms)
    loop.exec()
    assert until(), "it never came"


def _project(folder: Path) -> Document:
    """Photos of three landmarks, named after their folders, with a box each but the last."""
    for number, label in enumerate(COLORS):
        for count in range(3):
            wrong = label == "red" and not count
            color = COLORS["green" if wrong else label]
            draw(folder / label / f"{label}_{count}.png", color, 10 * number + count)
    document = Document(open_folder(folder, folder.parent))
    scanned: list[int] = []
    document.scan_finished.connect(scanned.append)
    document.start_scan()
    wait(lambda: scanned)
    document.label_by_folder()
    for photo in document.project.ordered_photos()[:-1]:
        document.do(edits.add_box(photo.id, photo.landmark_id or 0, Rect(8, 6, 40, 36)))
    return document


def _keep_run(document: Document, id_: str) -> Path:
    run = document.data_folder / "runs" / id_
    run.mkdir(parents=True)
    training = {"use": "photos", "near_distance": None, "burst_seconds": 0}
    answers = [
        {"photo": n, "box": None, "true": "red", "predicted": said, "confidence": 0.5}
        for n, said in enumerate(("green", "red", "red", "red"), 1)
    ]
    kept: dict[str, Any] = {
        "config": {"recipe": "scratch", "use": "photos"},
        "metrics": METRICS,
        "history": HISTORY,
        "answers": answers,
        "data": {"hash": "abc"},
    }
    for name, value in kept.items():
        (run / f"{name}.json").write_text(json.dumps(value))
    return write_tiny_bundle(run / "model.landmark-model", training=training, run=id_)


def _fill(window: MainWindow, document: Document, model: Path) -> None:
    for name in PAGES:
        window.show_page(name)
        page: Any = window.page(name)
        fill = {
            "quality": lambda _: wait(lambda: window.context.dataset.is_newest),
            "train": _show_training,
            "compare": _show_study,
            "evaluate": _ask,
            "runs": lambda page: wait(lambda: page.model.rowCount() == len(RUNS)),
        }.get(name)
        if fill is not None:
            fill(page)
    classify: Any = window.page("classify")
    window.context.set_model(model)
    wait(lambda: classify.card.name.text() == model.stem)
    photos = [document.photos_dir / photo.path for photo in document.project.ordered_photos()]
    classify.add_photos(photos)
    wait(lambda: classify.model.rowCount() == PHOTOS and not classify.model.entries("waiting"))


def _show_training(page: Any) -> None:
    """As after a training of two epochs."""
    counts = {"train": {"red": 2}, "validation": {"red": 1}, "test": {"red": 1}}
    begun = {"event": "dataset", "classes": list(COLORS), "epochs": 2, "steps": 3}
    page.progress.show_event({**begun, "counts": counts})
    for figures in EPOCHS:
        epoch = {"event": "epoch", "epochs": 2, "best": True, "confusion": CONFUSION}
        page.progress.show_event({**epoch, **figures})


def _show_study(page: Any) -> None:
    """What was measured is in the chart, and what was searched in the table."""
    study = study_of()
    result = result_with(study, {"crops": 0.1})
    page.panel.results.show_result([*result.outcomes], result, {})
    best = Better("transfer", 2e-3, 128, 0.5)
    tried = (Tried(None, (0.5, 0.52), "done"), Tried(best, (0.8, 0.83), "done"))
    page.search.table.show_trials(SearchResult(tried, Pool(500, 3, 5), 20))


def _ask(page: Any) -> None:
    """The newest model is asked about all photos."""
    wait(lambda: page.bar.model is not None)
    page.bar.set_part("all")
    page.ask()
    wait(lambda: page.asked is not None and not page._asking.running)
