"""Where the model looks, laid over the photo on show for as long as the person wants to see it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify.photo_view import PhotoView
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.jobs.tasks import LatestOnly

if TYPE_CHECKING:
    from landmark_gui.core.heat import HeatMap
    from landmark_gui.inference.parts import Box
    from landmark_gui.jobs.explainer import Explainer

_SIDE = 256
"""Pixels of the picture of a map, which has far fewer cells."""
_KEPT = 50


@dataclass(frozen=True)
class Question:
    """Where this model looks for a class, on a photo or in a box on it."""

    model: Path
    photo: Path
    box: Box | None
    label: str


@dataclass(frozen=True)
class _Picture:
    """A map with its colours, and where it lies on the photo; None is all of it."""

    image: QImage
    place: Rect | None


class HeatLayer(QObject):
    """Asks the explainer about the verdict on show, and lays its answer over the photo.

    Signals:
        said(str): what is shown, or what is waited for, or why there is nothing.
    """

    said = Signal(str)

    def __init__(self, context: AppContext, photo: PhotoView, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._photo = context, photo
        self._explainer: Explainer | None = None
        self._on = False
        self._question: Question | None = None
        self._pictures: OrderedDict[Question, _Picture] = OrderedDict()
        self._painting = LatestOnly(self)
        photo.shown.connect(self._show)

    def set_on(self, on: bool) -> None:
        """Show it from now on, or no more."""
        self._on = on
        if on and self._explainer is None:
            self._explainer = self._context.explainer
            self._explainer.explained.connect(self._explained)
            self._explainer.failed.connect(self._failed)
            self._explainer.state_changed.connect(self._tell_state)
        if not on and self._explainer is not None and self._waits():
            self._explainer.cancel()

    def show_entry(self, entry: Entry | None, model: Path | None) -> None:
        """Ask about the verdict on this photo by this model, once there is one."""
        question = _question(entry, model) if self._on else None
        if question != self._question:
            self._question = question
            self._photo.canvas.set_heat(None)
            self._ask()

    def forget(self, photos: Collection[Path]) -> None:
        """The files are others now, and so is where the model looks."""
        for question in [known for known in self._pictures if known.photo in photos]:
            del self._pictures[question]

    def ask_again(self) -> None:
        """Another page may have asked meanwhile, in place of this one."""
        if self._waits():
            self._ask()

    def _waits(self) -> bool:
        return self._question is not None and self._question not in self._pictures

    def _ask(self) -> None:
        question = self._question
        if question is None or self._explainer is None:
            self.said.emit("")
        elif question in self._pictures:
            self._show()
        else:
            self._explainer.ask(
                question, question.model, question.photo, question.box, question.label
            )
            self._tell_state(self._explainer.state)

    def _tell_state(self, state: str) -> None:
        if self._waits():
            ready = state in ("ready", "explaining")
            self.said.emit(tr("Looking…") if ready else tr("Preparing… This takes some seconds."))

    def _explained(self, question: object, heat: HeatMap) -> None:
        if isinstance(question, Question):
            self._painting.submit(partial(_picture, heat), partial(self._keep, question))

    def _keep(self, question: Question, picture: _Picture) -> None:
        self._pictures[question] = picture
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self._show()

    def _show(self) -> None:
        """Lay the answer over the photo, as soon as both are there."""
        picture = self._pictures.get(self._question) if self._question else None
        if self._question is not None and picture is not None and self._photo.has_photo():
            self._photo.canvas.set_heat(picture.image, picture.place)
            self.said.emit(tr("What speaks for {label} is bright.", label=self._question.label))

    def _failed(self, question: object, reason: str) -> None:
        if question == self._question:
            self.said.emit(reason)


def _question(entry: Entry | None, model: Path | None) -> Question | None:
    if entry is None or model is None or entry.verdict is None or entry.verdict.box != entry.box:
        return None
    return Question(model, entry.path, entry.box, entry.verdict.label)


def _picture(heat: HeatMap) -> _Picture:
    """The colours of `core.heat.overlaid` with their opacity, to be laid over any photo."""
    import numpy as np

    from landmark_gui.core.heat import overlaid

    # Over black there is the colour times its weight; over white what is left of the white.
    black = overlaid(np.zeros((_SIDE, _SIDE, 3), np.uint8), heat, 1.0)
    white = overlaid(np.full((_SIDE, _SIDE, 3), 255, np.uint8), heat, 1.0)
    weight = 255 - (white - black)[..., :1]
    pixels = np.concatenate([np.minimum(black, weight)[..., ::-1], weight], axis=-1)
    form = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(np.ascontiguousarray(pixels).tobytes(), _SIDE, _SIDE, form).copy()
    return _Picture(image, None if heat.part is None else Rect(*heat.part))
