"""The right part: the large photo, and beside it the verdict."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.engine import TOP, Engine
from landmark_gui.gui.pages.classify.heat_card import HeatCard
from landmark_gui.gui.pages.classify.heat_layer import HeatLayer
from landmark_gui.gui.pages.classify.part_card import PartCard
from landmark_gui.gui.pages.classify.parts import Parts
from landmark_gui.gui.pages.classify.photos import Entry, PhotoList
from landmark_gui.gui.pages.classify.unknown_card import UnknownCard
from landmark_gui.gui.pages.classify.verdict_card import VerdictCard
from landmark_gui.gui.pages.classify.viewer import Viewer
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.inference.bundle import Bundle

COLUMN = 240


class VerdictPanel(QWidget):
    """Shows one photo of the list and what is known of it."""

    def __init__(
        self, context: AppContext, thumbnails: Thumbnails, engine: Engine, photos: PhotoList
    ) -> None:
        super().__init__()
        self.viewer = Viewer(context, thumbnails)
        self.photo = self.viewer.photo
        self.card = VerdictCard(context.settings)
        self.unknown = UnknownCard()
        self.parts = Parts(engine, photos, self.photo.canvas, self)
        self.part_card = PartCard()
        self.heat_card = HeatCard(context.settings)
        self._heat = HeatLayer(context, self.photo, self)
        self._entry: Entry | None = None
        self._readable = False
        self._model: Path | None = None
        self._connect_parts(context)
        self._make_heat(context)
        self.title, self.detail = self.card.title, self.card.detail
        self._lay_out()
        self.show_entry(None, 0.0)

    def follow(self, view: QListView) -> None:
        """Step through the rows of `view`, in its order."""
        self.viewer.follow(view)

    def show_model(self, bundle: Bundle, threshold: float) -> None:
        """Make room for the classes of a model, and show its rule with the threshold in use."""
        self.card.top.set_classes(min(len(bundle.labels), TOP))
        self.unknown.show_rule(bundle.rule, threshold)
        self._model = bundle.path
        self.part_card.show_model(bundle.learned_from_crops)

    def show_entry(self, entry: Entry | None, threshold: float) -> None:
        """Show a photo and what is known of it; None shows nothing."""
        self.viewer.show_entry(entry)
        self.card.show_entry(entry, threshold)
        self._show_part(entry)
        readable = entry is not None and entry.state != "failed"
        if entry is not self._entry or readable != self._readable:
            self.part_card.show_photo(readable)
        self._entry, self._readable = entry, readable
        self._heat.show_entry(entry, self._model)

    def forget(self, paths: Collection[Path]) -> None:
        """The files are others now."""
        self.photo.forget(paths)
        self._heat.forget(paths)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._heat.ask_again()

    def _show_part(self, entry: Entry | None) -> None:
        self.parts.show_entry(entry)
        self.part_card.show_found(self.parts.is_found(entry))
        box, verdict = (entry.box, entry.verdict) if entry else (None, None)
        if box is None:
            self.photo.show_part(None)
            return
        answered = verdict is not None and verdict.box == box
        said = texts.verdict_text(verdict) if verdict and answered else "…"
        self.photo.show_part(Rect(*box), said, "#ffffff")

    def _connect_parts(self, context: AppContext) -> None:
        card, parts = self.part_card, self.parts
        press = partial(context.commands.add_button, category=tr("Classify"))
        press("classify.find_box", card.find_button, "B")
        press("classify.take_back_box", card.take_back, name=tr("Take the found box back"))
        press("classify.find_each_box", card.each, name=tr("Find the best box on each photo"))
        reset = tr("Reset the threshold of unknown")
        press("classify.reset_unknown", self.unknown.reset, name=reset)
        card.find_wanted.connect(parts.find)
        card.take_back_wanted.connect(parts.take_back)
        card.each_changed.connect(parts.find_each)
        card.cancelled.connect(self._stop_search)
        parts.said.connect(card.say)
        parts.finding.progressed.connect(card.show_progress)
        parts.finding.ended.connect(card.show_ended)
        parts.finding.failed.connect(card.say)

    def _stop_search(self) -> None:
        self.part_card.each.setChecked(False)
        self.parts.stop()

    def _make_heat(self, context: AppContext) -> None:
        action = context.commands.add(
            "classify.heat",
            tr("Show where the model looks"),
            lambda: self._show_heat(action.isChecked()),
            "G",
            owner=self,
            category=tr("Classify"),
            icon_name="heat",
        )
        action.setCheckable(True)
        self.viewer.add_tool(action, "heat_button")
        self.heat_card.hide()
        self.heat_card.opacity_changed.connect(self.photo.canvas.set_heat_opacity)
        self.photo.canvas.set_heat_opacity(self.heat_card.opacity)
        self._heat.said.connect(self.heat_card.words.setText)

    def _show_heat(self, on: bool) -> None:
        self.heat_card.setVisible(on)
        self._heat.set_on(on)
        self._heat.show_entry(self._entry, self._model)

    def _lay_out(self) -> None:
        column = QWidget()
        self._column = parts = QVBoxLayout(column)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(theme.M)
        for card in (self.card, self.heat_card, self.part_card, self.unknown):
            parts.addWidget(card)
        parts.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.M, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.viewer, 1)
        layout.addWidget(scrolled(column, COLUMN))
