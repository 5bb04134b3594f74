"""Where the model looks on the chosen crop, asked for while somebody wants to see it."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_gui.core.crops import Crop
from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.heat import HeatMap
from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.jobs.explainer import Explainer

_SAME = 1.5
"""Pixels of the photo by which the crop of then and of now may differ and still be the same."""


class Looking(QObject):
    """The map of the chosen answer, and the command that shows and hides it.

    Signals:
        changed(): `heat` or `note` is another.

    Attributes:
        heat: where the model looks for what it took the crop for; None while that is not known.
        note: what the map is of, or why there is none; "" while none is wanted.
    """

    changed = Signal()

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self._explainer: Explainer | None = None
        self._answer: CropAnswer | None = None
        self._model: Path | None = None
        self._known: dict[Hashable, HeatMap | str] = {}
        self.heat: HeatMap | None = None
        self.note = ""
        self.action = context.commands.add(
            "evaluate.heat",
            tr("Show where it looks"),
            self._refresh,
            "G",
            owner=page,
            category=tr("Evaluate"),
            icon_name="heat",
        )
        self.action.setIconText(tr("Where it looks"))
        self.action.setCheckable(True)
        self.action.setEnabled(False)

    @property
    def is_wanted(self) -> bool:
        return self.action.isChecked()

    def show_answer(self, answer: CropAnswer | None, model: Path | None) -> None:
        """Look at another answer of a model; None at none."""
        if (answer, model) != (self._answer, self._model):
            self._answer, self._model = answer, model
            self.action.setEnabled(answer is not None)
            self._refresh()

    def catch_up(self) -> None:
        """Ask again for what another page has kept from being answered."""
        if self.is_wanted and self.heat is None:
            self._refresh()

    def forget(self) -> None:
        """Photos or boxes are others now."""
        self._known.clear()
        if self._explainer is not None:
            self._explainer.cancel()
        self.show_answer(None, None)

    def _refresh(self) -> None:
        """Show what is known, or ask for it."""
        answer, model = self._answer, self._model
        self.heat, self.note = None, ""
        if not self.is_wanted or answer is None or model is None:
            if self._explainer is not None:
                self._explainer.cancel()
        elif (found := self._known.get(self._key())) is not None:
            self._take(found, answer.crop)
        else:
            self._ask(answer, model)
        self.changed.emit()

    def _key(self) -> Hashable:
        return self._model, self._answer.key if self._answer is not None else None

    def _ask(self, answer: CropAnswer, model: Path) -> None:
        document, part = self._context.document, None
        if answer.box_id is not None:
            box = document.project.boxes.get(answer.box_id) if document is not None else None
            if box is None:
                self.note = tr("The box was deleted since.")
                return
            part = (box.rect.x, box.rect.y, box.rect.w, box.rect.h)
        explainer = self._attached()
        self.note = _waiting_text(explainer.state)
        explainer.ask(self._key(), model, answer.crop.path, part, answer.predicted)

    def _attached(self) -> Explainer:
        if self._explainer is None:
            self._explainer = self._context.explainer
            self._explainer.explained.connect(self._settle)
            self._explainer.failed.connect(self._settle)
            self._explainer.state_changed.connect(self._show_state)
        return self._explainer

    def _settle(self, key: Hashable, found: HeatMap | str) -> None:
        """An answer, or why there is none; another page may have asked."""
        if key != self._key() or self._answer is None or not self.is_wanted:
            return
        if isinstance(found, HeatMap):
            self._known[key] = found
        self._take(found, self._answer.crop)
        self.changed.emit()

    def _take(self, found: HeatMap | str, crop: Crop) -> None:
        if isinstance(found, str):
            self.heat, self.note = None, found
        elif not _is_of(found, crop):
            self.heat = None
            self.note = tr("The box was changed since, so the map would not fit this crop.")
        elif not found.values.any():
            self.heat, self.note = None, tr("Nothing here speaks for “{name}”.", name=found.label)
        else:
            self.heat = found
            self.note = tr("Bright is what speaks for “{name}”.", name=found.label)

    def _show_state(self, state: str) -> None:
        waits = self.is_wanted and self._answer is not None and self._key() not in self._known
        if waits and self.heat is None and (text := _waiting_text(state)):
            self.note = text
            self.changed.emit()


def _waiting_text(state: str) -> str:
    """What the process is at, while somebody waits for it; "" if that says nothing."""
    return {
        "idle": tr("Preparing: a process with the network is being started…"),
        "starting": tr("Preparing: a process with the network is being started…"),
        "importing": tr("Preparing: the network is being loaded…"),
        "explaining": tr("Looking…"),
    }.get(state, "")


def _is_of(heat: HeatMap, crop: Crop) -> bool:
    """Whether a map lies over what the crop shows."""
    if heat.part is None or crop.rect is None:
        return heat.part is None and crop.rect is None
    rect = crop.rect
    sides = zip(heat.part, (rect.x, rect.y, rect.w, rect.h), strict=True)
    return all(abs(one - other) <= _SAME for one, other in sides)
