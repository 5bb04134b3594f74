"""The window with every page filled: a project with boxes, runs, answers, findings, verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import set_language
from landmark_gui.core.project_opening import open_folder
from landmark_gui.core.search import SearchResult, Settings as Better, Tried
from landmark_gui.core.settings import Settings
from landmark_gui.core.studies.result import Pool
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from tests.plain_photos import COLORS, draw
from tests.studies import result_with, study_of
from tests.tiny_bundle import write_tiny_bundle

RUNS = ("20260101-100000-000000", "20260102-100000-000000")
HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.8], "val_accuracy": [0.5, 0.75]}
EPOCHS = [
    {"epoch": 1, "loss": 1.2, "accuracy": 0.5, "val_loss": 1.3, "val_accuracy": 0.4},
    {"epoch": 2, "loss": 0.7, "accuracy": 0.8, "val_loss": 0.9, "val_accuracy": 0.7},
]


def wait(for_: Callable[[], object], limit_ms: int = 20_000) -> None:
    """Let events happen until it is so."""
    loop, late = QEventLoop(), QTimer(singleShot=True)
    look = QTimer(interval=5)
    look.timeout.connect(lambda: for_() and loop.quit())
    late.timeout.connect(loop.quit)
    look.start()
    late.start(limit_ms)
    loop.exec()
    assert for_(), "it never came"


def draw_photos(folder: Path) -> None:
    for number, (label, color) in enumerate(COLORS.items()):
        for count in range(3):
            wrong = COLORS["green"] if (label, count) == ("red", 0) else color
            draw(folder / label / f"{label}_{count}.png", wrong, 10 * number + count)


def project_of(folder: Path) -> Document:
    """Photos of three landmarks, named after their folders; a box on each but the last."""
    draw_photos(folder)
    document = Document(open_folder(folder, folder.parent))
    found: list[int] = []
    document.scan_finished.connect(found.append)
    document.start_scan()
    wait(lambda: found)
    document.label_by_folder()
    photos = document.project.ordered_photos()[:-1]
    for photo in photos:
        document.do(edits.add_box(photo.id, photo.landmark_id or 0, Rect(8, 6, 40, 36)))
    return document


def keep_run(document: Document, id_: str) -> Path:
    run = document.data_folder / "runs" / id_
    run.mkdir(parents=True)
    training = {"use": "photos", "near_distance": None, "burst_seconds": 0}
    model = write_tiny_bundle(run / "model.landmark-model", training=training, run=id_)
    told = [
        {
            "photo": n,
            "box": None,
            "true": "red",
            "predicted": "green" if n == 1 else "red",
            "confidence": 0.5,
        }
        for n in range(1, 5)
    ]
    metrics = {"accuracy": 0.75, "examples": 4, "seconds": 75.0, "best_epoch": 2, "chance": 0.5}
    kept = {
        "config": {"recipe": "scratch", "use": "photos"},
        "metrics": metrics,
        "history": HISTORY,
        "answers": told,
        "data": {"hash": "abc"},
    }
    for name, value in kept.items():
        (run / f"{name}.json").write_text(json.dumps(value))
    return model


def show_training(page) -> None:
    """As after a training of two epochs."""
    show = page.progress.show_event
    show(
        {
            "event": "dataset",
            "classes": list(COLORS),
            "epochs": 2,
            "steps": 3,
            "counts": {"train": {"red": 2}, "validation": {"red": 1}, "test": {"red": 1}},
        }
    )
    matrix = [[2, 1, 0], [0, 3, 0], [0, 0, 3]]
    for epoch in EPOCHS:
        show({"event": "epoch", "epochs": 2, "best": True, "confusion": matrix, **epoch})


@contextmanager
def furnished(folder: Path) -> Iterator[MainWindow]:
    context = AppContext(Settings(folder / "settings.toml"))
    document = project_of(folder / "photos")
    model = [keep_run(document, id_) for id_ in RUNS][-1]
    window = MainWindow(context)
    context.set_document(document)
    window.show()
    yield window
    context.set_document(None)
    window.close()
    document.close(discard=True)
    delete(window)
    delete(document)
