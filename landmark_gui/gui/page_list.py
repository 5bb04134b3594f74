"""The pages of the window, in the order of the way: where each is and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock

from PySide6.QtWidgets import QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.jobs.tasks import run_task

PAGES = {
    "label": ("landmark_gui.gui.pages.label", "LabelPage"),
    "dataset": ("landmark_gui.gui.pages.dataset", "DatasetPage"),
    "quality": ("landmark_gui.gui.pages.quality", "QualityPage"),
    "augment": ("landmark_gui.gui.pages.augment", "AugmentPage"),
    "train": ("landmark_gui.gui.pages.train", "TrainPage"),
    "runs": ("landmark_gui.gui.pages.runs", "RunsPage"),
    "compare": ("landmark_gui.gui.pages.compare", "ComparePage"),
    "evaluate": ("landmark_gui.gui.pages.evaluate", "EvaluatePage"),
    "classify": ("landmark_gui.gui.pages.classify", "ClassifyPage"),
}
"""Module and class of each; imported on the first visit, so that the first window comes at once."""

_importing = Lock()
"""Held while a page is imported: the person may open one that the other thread has begun with, and
of modules that import each other the second thread would get one that is half done."""


def page_class(name: str) -> Callable[[AppContext], QWidget]:
    """The class of a page; its module is imported if it was not yet."""
    module, kind = PAGES[name]
    with _importing:
        found: Callable[[AppContext], QWidget] = getattr(import_module(module), kind)
    return found


def import_pages(then: Callable[[object], object] = lambda _: None) -> None:
    """Import the pages on another thread, so that the first visit to each only builds it."""
    run_task(lambda: [page_class(name) for name in PAGES], then)


def page_titles() -> dict[str, tuple[str, str]]:
    """Title and tooltip of each page, in the order of the way."""
    return {
        "label": (tr("Label"), tr("Draw boxes around landmarks and name them")),
        "dataset": (tr("Crops"), tr("Cut the boxes out and share them between the splits")),
        "quality": (
            tr("Quality"),
            tr("Find what is wrong with photos and boxes, and put it right"),
        ),
        "augment": (tr("Augment"), tr("Vary the crops and see how")),
        "train": (tr("Train"), tr("Teach a model in the background")),
        "runs": (tr("Runs"), tr("Compare the trainings, use them again, or go on with one")),
        "compare": (tr("Compare"), tr("See what cropping and augmentation are worth")),
        "evaluate": (tr("Evaluate"), tr("See where a model is right, and put right what is not")),
        "classify": (tr("Classify"), tr("Name the landmark on new photos")),
    }
