"""Which of the first steps were done in the project that is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.first_steps.steps import Step, done_by, steps

if TYPE_CHECKING:
    from landmark_gui.core.project import Edit
    from landmark_gui.gui.dataset import Dataset

SETTING = "first_steps"
"""Under which a project keeps the keys of the steps that were done in it."""


class Progress(QObject):
    """Watches the document and the pages; what was done once stays done.

    Args:
        shown_page: the name of the page that is on the screen.

    Signals:
        changed(): another step was done, or another project is open.
    """

    changed = Signal()

    def __init__(
        self, context: AppContext, shown_page: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._shown_page = context, shown_page
        self.steps = steps()
        self.done: set[str] = set()
        self._watches_dataset = False
        context.document_changed.connect(self._begin)
        context.reached.connect(self._reached)
        self._begin()

    @property
    def next(self) -> Step | None:
        """The first step that is left."""
        return next((step for step in self.steps if step.key not in self.done), None)

    def look(self) -> None:
        """Another page is on the screen, or what it shows has changed."""
        if self._context.document is None or self._shown_page() not in ("dataset", "quality"):
            return
        if not self._watches_dataset:
            self._watches_dataset = True
            self._context.dataset.changed.connect(self.look)
        dataset: Dataset | None = self._context.dataset.dataset
        if dataset is None or not dataset.crops:
            return
        if self._shown_page() == "dataset":
            self._add({"crops"})
        elif dataset.report is not None:
            self._add({"quality"})

    def _reached(self, key: str) -> None:
        self._add({key})

    def _begin(self, _: object = None) -> None:
        document, self.done = self._context.document, set()
        if document is not None:
            known = {step.key for step in self.steps}
            kept = document.setting(SETTING, [])
            if isinstance(kept, list):
                self.done = {key for key in kept if isinstance(key, str)} & known
            self.done |= done_by(entry.edit for entry in document.history[: document.position])
            document.edited.connect(self._edited)
            document.photos_changed.connect(self._photos_changed)
            self._photos_changed()
        self.changed.emit()

    def _edited(self, edit: Edit) -> None:
        self._add(done_by([edit]))

    def _photos_changed(self) -> None:
        document = self._context.document
        if document is not None and document.project.photos:
            self._add({"open"})

    def _add(self, keys: set[str]) -> None:
        document = self._context.document
        if document is not None and not keys <= self.done:
            self.done |= keys
            document.set_setting(SETTING, sorted(self.done))
            self.changed.emit()
