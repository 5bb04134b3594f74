"""The Augment page: settings on the left, what they do to crops on the right."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.backbones import backbone
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.training_advice import usual_size
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.augment.config_history import ConfigHistory
from landmark_gui.gui.pages.augment.crop_source import CropSource
from landmark_gui.gui.pages.augment.drawing import Source
from landmark_gui.gui.pages.augment.fields import PAIRS
from landmark_gui.gui.pages.augment.hints import hints
from landmark_gui.gui.pages.augment.mirrors import Mirrors
from landmark_gui.gui.pages.augment.preview import Preview
from landmark_gui.gui.pages.augment.right_side import RightSide
from landmark_gui.gui.pages.augment.settings_panel import SettingsPanel
from landmark_gui.gui.pages.augment.sweeps import ORDER
from landmark_gui.gui.widgets.common import EmptyState
from landmark_gui.jobs.tasks import LatestOnly, run_task

SPLITTER, _SIZES, _LARGEST = "augment.splitter", [350, 800], 20_000
TRAINING = "train.form"
REMEMBER_MS, CONSIDER_MS = 500, 250


class AugmentPage(QWidget):
    """Changes `context.augmentation` and shows variations of crops while it does.

    The tiles come from the functions that the training calls, on the same input.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.source, self.mirrors = CropSource(self), Mirrors(self)
        self._considering = LatestOnly(self)
        self._make_timers()
        self.settings = SettingsPanel(context)
        self.form, self.presets = self.settings.form, self.settings.presets
        self.preview = Preview(context, self._sweep_labels())
        self.right = RightSide(context, self.preview)
        self.tiles, self.banner = self.preview.grid, self.preview.banner
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        context.dataset.add_viewer(self)
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.source.side != self._image_size():  # chosen on the Train page meanwhile
            self._show_crops()
        self._context.dataset.catch_up()
        self._plan()
        self._consider.start()

    def keep(self) -> ConfigHistory:
        """The way back through the settings, for the page that takes the place of this one."""
        return self.settings.history

    def take(self, kept: ConfigHistory) -> None:
        self.settings.set_history(kept)

    def load_file(self, path: Path) -> None:
        """Take the settings of a TOML file."""
        run_task(partial(AugmentationConfig.load, path), self._loaded, self._failed, owner=self)

    def save_file(self, path: Path) -> None:
        """Write the settings to a TOML file."""
        saved = partial(self._saved, path)
        run_task(partial(self.form.config.save, path), saved, self._failed, owner=self)

    def step(self, by: int) -> None:
        """Show another crop, `by` places on, around the end if need be."""
        self.source.step(by)
        self._name_crop()

    # A file of settings that is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # What is not accepted here is for the window: photos, projects.
        if _dropped(event) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            self.load_file(path)
            event.acceptProposedAction()

    # Widgets

    def _make_timers(self) -> None:
        self._consider = QTimer(self, singleShot=True, interval=CONSIDER_MS)
        self._consider.timeout.connect(self._weigh)
        self._remember = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._remember.timeout.connect(
            lambda: self._context.settings.set(SPLITTER, self._splitter.sizes())
        )

    def _sweep_labels(self) -> dict[str, str]:
        """The labels of the form; of a pair, what both ends are of."""
        both = {
            "zoom_range": tr("Zoom"),
            "brightness_range": tr("Light"),
            "jpeg_quality": tr("JPEG quality"),
            "erasing": tr("Hidden parts"),
            "randaugment_magnitude": tr("RandAugment"),
        }
        numbers = self.form.numbers
        return {name: both.get(name) or numbers[name].label for name in ORDER}

    def _lay_out(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setObjectName("augment_splitter")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(theme.L)
        self._splitter.addWidget(self.settings)
        self._splitter.addWidget(self.right)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        self.settings.setMinimumWidth(300)
        self._splitter.setSizes(self._remembered_sizes())
        self._stack = QStackedLayout(self)
        self._no_project = EmptyState(
            "augment",
            tr("Nothing to vary yet"),
            tr("Open a folder of photos first."),
            tr("Open a folder of photos…"),
            self._context.open_folder_requested.emit,
        )
        self._no_crops = EmptyState(
            "augment",
            tr("No crops to vary yet"),
            tr("Draw a box around a landmark, and its variations appear here."),
            tr("Draw boxes"),
            lambda: self._context.page_requested.emit("label"),
        )
        for page in (self._splitter, self._no_project, self._no_crops):
            self._stack.addWidget(page)

    def _remembered_sizes(self) -> list[int]:
        sizes = self._context.settings.get(SPLITTER, _SIZES)
        fit = len(sizes) == 2 and all(
            isinstance(size, int) and 0 <= size <= _LARGEST for size in sizes
        )
        return sizes if fit else _SIZES

    def _connect(self) -> None:
        context, preview = self._context, self.preview
        self.settings.changed.connect(self._take)
        self.settings.load_wanted.connect(self.load_file)
        self.settings.save_wanted.connect(self.save_file)
        context.augmentation_changed.connect(self._follow_config)
        context.document_changed.connect(self._follow_document)
        context.dataset.changed.connect(self._follow_dataset)
        self.mirrors.found.connect(self._consider.start)
        self.source.planned.connect(self._planned)
        self.source.rendered.connect(self._rendered)
        self.source.unreadable.connect(self._say_unreadable)
        preview.step_wanted.connect(self.step)
        preview.mode_changed.connect(self._show_crops)
        self._splitter.splitterMoved.connect(self._remember.start)

    # Settings

    def _take(self, config: AugmentationConfig) -> None:
        self.banner.hide()
        self._context.augmentation = config

    def _follow_config(self, config: AugmentationConfig) -> None:
        self.settings.show_config(config)
        self.preview.show_config(config)
        self._consider.start()

    def _loaded(self, config: AugmentationConfig) -> None:
        self._context.augmentation = config
        hidden = [PAIRS.get(name, (name,))[0] for name in self.form.out_of_reach()]
        if hidden:
            self.banner.show_message(
                tr(
                    "Outside the sliders’ range, and used as in the file: {names}",
                    names=", ".join(dict.fromkeys(hidden)),
                )
            )

    def _saved(self, path: Path, _: None) -> None:
        self._context.status(tr("The settings were saved to {path}", path=path))

    def _failed(self, error: Exception) -> None:
        self.banner.show_message(str(error), "danger")

    def _weigh(self) -> None:
        """Find out what there is to think over, in the background."""
        if self.isVisible():
            work = partial(hints, self._context.augmentation, self.source.side, self.mirrors.pairs)
            self._considering.submit(work, self.settings.say)

    # Crops

    def _follow_document(self, document: Document | None) -> None:
        self.source.set_document(document)
        self.preview.show_sources([], self.source.side)
        self.banner.hide()
        if document is not None:
            document.edited.connect(self._document_edited)
        self._plan()

    def _document_edited(self) -> None:
        if self.isVisible():
            self.source.plan_soon()

    def _follow_dataset(self, dataset: object) -> None:
        if dataset is not None or self._context.document is None:
            self.mirrors.follow(self._context.dataset.dataset)

    def _plan(self) -> None:
        if self._context.document is None:
            self._stack.setCurrentWidget(self._no_project)
        elif self.isVisible():
            self.source.plan()

    def _planned(self, count: int) -> None:
        self._stack.setCurrentWidget(self._splitter if count else self._no_crops)
        self._name_crop()
        if count and not self.tiles.tiles:
            self._show_crops()

    def _show_crops(self) -> None:
        self.source.show(self.preview.many, self._image_size())

    def _rendered(self, sources: list[Source]) -> None:
        self.banner.hide()
        self._name_crop()
        self.preview.show_sources(sources, self.source.side)

    def _say_unreadable(self, name: str, reason: str) -> None:
        self.banner.show_message(
            tr("{name} could not be read: {reason}", name=name, reason=reason), "warning"
        )

    def _name_crop(self) -> None:
        crop, total = self.source.current, len(self.source.crops)
        if crop is not None:
            text = tr(
                "{landmark} · {photo} · {number} of {total}",
                landmark=crop.landmark,
                photo=crop.path.name,
                number=self.source.index + 1,
                total=total,
            )
            self.preview.say_place(text, total > 1)

    def _image_size(self) -> int:
        """The side of the input of the next training, as the Train page remembers it."""
        try:
            values = json.loads(self._context.settings.get(TRAINING, "{}"))
            size = int(values.get("image_size") or _automatic_size(values))
        except (ValueError, TypeError, AttributeError, LookupError):
            return TrainConfig.image_size
        return min(max(size, 32), 512)


def _automatic_size(training: dict[str, Any]) -> int:
    """The side that fits the network. One that is chosen once the photos are known may differ."""
    name = training.get("backbone") or TrainConfig.backbone
    alpha = training.get("alpha", TrainConfig.alpha)
    return usual_size(training.get("recipe", TrainConfig.recipe), backbone(name, alpha))


def _dropped(event: QDropEvent) -> Path | None:
    """The one file of settings that is dragged."""
    urls = event.mimeData().urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() == ".toml" else None
