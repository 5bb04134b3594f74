"""The crops of the open project, of which the preview shows one or some."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.core.crops import Crop, plan, render
from landmark_gui.core.errors import ImageError
from landmark_gui.core.project import Project
from landmark_gui.gui.choices import choices_of
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.augment.drawing import CROPS, Source
from landmark_gui.jobs.tasks import LatestOnly

SETTLE_MS = 200
SETTING = "augment_crop"


class CropSource(QObject):
    """Plans the crops, and renders those that are looked at.

    Signals:
        planned(int): so many crops there are.
        rendered(list[Source]): those to be shown.
        unreadable(str): why some could not be shown.
    """

    planned = Signal(int)
    rendered = Signal(object)
    unreadable = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.crops: list[Crop] = []
        self.index, self._many, self.side = 0, False, 160
        self._document: Document | None = None
        self._planning, self._loading = LatestOnly(self), LatestOnly(self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.plan)

    def set_document(self, document: Document | None) -> None:
        self.crops, self.index = [], 0
        self._document = document
        self._planning.cancel()
        self._loading.cancel()

    def plan_soon(self) -> None:
        """Find it out after a pause in the edits."""
        self._settle.start()

    def plan(self) -> None:
        """Find out which crops there are now."""
        document = self._document
        if document is not None:
            rows, folder = list(document.project.rows()), document.photos_dir
            settings = choices_of(document).settings
            work = partial(_plan, rows, folder, settings)
            self._planning.submit(work, self._planned)

    def show(self, many: bool, side: int) -> None:
        """Render one crop or several, for a network of `side` pixels."""
        self._many, self.side = many, side
        self._load()

    def step(self, by: int) -> None:
        """Go to another crop, `by` places on, around the end if need be."""
        if self.crops:
            self.index = (self.index + by) % len(self.crops)
            self._remember()
            self._load()

    @property
    def current(self) -> Crop | None:
        return self.crops[self.index] if self.crops else None

    def _planned(self, crops: list[Crop]) -> None:
        shown = self.current
        self.crops = crops
        self.index = self._place_of(shown)
        self.planned.emit(len(crops))
        if self.current is not None and (self._many or shown != self.current):
            self._load()

    def _place_of(self, shown: Crop | None) -> int:
        """Where the crop is that was shown, or in an earlier session."""
        if shown in self.crops:
            return self.crops.index(shown)
        keys = [[crop.photo_id, crop.box_id] for crop in self.crops]
        kept = self._document.setting(SETTING) if self._document and shown is None else None
        if kept in keys:
            return keys.index(kept)
        return min(self.index, max(len(keys) - 1, 0))

    def _remember(self) -> None:
        crop = self.current
        if self._document is not None and crop is not None:
            self._document.set_setting(SETTING, [crop.photo_id, crop.box_id])

    def _load(self) -> None:
        if self.crops:
            chosen = several(self.crops, self.index) if self._many else [self.crops[self.index]]
            self._loading.submit(partial(_render, chosen, self.side), self._loaded)

    def _loaded(self, found: tuple[list[Source], list[tuple[str, str]]]) -> None:
        sources, problems = found
        self.rendered.emit(sources)
        for name, reason in problems[:1]:
            self.unreadable.emit(name, reason)


def several(crops: list[Crop], index: int, count: int = CROPS) -> list[Crop]:
    """The crop at `index` and those after it, the landmarks in turn."""
    turned = crops[index:] + crops[:index]
    queues: dict[str, list[Crop]] = {}
    for crop in turned:
        queues.setdefault(crop.landmark, []).append(crop)
    chosen: list[Crop] = []
    for place in range(count):
        chosen += [queue[place] for queue in queues.values() if place < len(queue)]
    return chosen[:count]


def _plan(rows, folder, settings) -> list[Crop]:  # type: ignore[no-untyped-def]  # as `plan` takes them
    return plan(Project.of(rows), folder, settings, {})


def _render(crops: list[Crop], side: int) -> tuple[list[Source], list[tuple[str, str]]]:
    """The crops that can be read, and names and reasons of the others."""
    sources, problems = [], []
    for crop in crops:
        try:
            width, height = crop.sides
            name = f"{crop.landmark} · {crop.path.name}"
            sources.append(Source(name, render(crop, side), width / max(height, 1)))
        except ImageError as error:
            problems.append((crop.path.name, error.reason))
    return sources, problems
