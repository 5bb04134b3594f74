"""The Augment page: settings on the left, what they do to a crop on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.augmentation import AugmentationConfig, augment, generator
from landmark_gui.core.crops import Crop, plan, render
from landmark_gui.core.errors import ImageError
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.core.runs import TrainConfig
from landmark_gui.gui import theme
from landmark_gui.gui.choices import choices_of
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.augment.form import AugmentForm
from landmark_gui.gui.pages.augment.tiles import TileGrid
from landmark_gui.gui.widgets.common import Banner, EmptyState, button, wrapped
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly, run_task

if TYPE_CHECKING:
    from landmark_gui.core.preprocess import Pixels

TILES = 12
SIDE = TrainConfig.image_size
FORM_WIDTH = 340
SETTLE_MS = 200


class AugmentPage(QWidget):
    """Changes `context.augmentation` and shows variations of one crop while it does.

    The tiles come from the functions that the training calls, on the same input.
    """

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._crops: list[Crop] = []
        self._index = 0
        self._round = 0
        self._pixels: Pixels | None = None
        self._planning, self._loading = LatestOnly(self), LatestOnly(self)
        self._warping = LatestOnly(self, intermediate=True)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.form.set_config(context.augmentation)
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._plan()

    def load_file(self, path: Path) -> None:
        """Take the settings of a TOML file."""
        run_task(partial(AugmentationConfig.load, path), self._loaded, self._failed, owner=self)

    def save_file(self, path: Path) -> None:
        """Write the settings to a TOML file."""
        saved = partial(self._saved, path)
        run_task(partial(self.form.config.save, path), saved, self._failed, owner=self)

    def draw_anew(self) -> None:
        """Show other variations of the same settings."""
        self._round += 1
        self._warp()

    def step(self, by: int) -> None:
        """Show another crop, `by` places on, around the end if need be."""
        if self._crops:
            self._index = (self._index + by) % len(self._crops)
            self._load()

    def _make_widgets(self) -> None:
        self.form = AugmentForm()
        self.tiles = TileGrid(TILES)
        self.banner = Banner()
        self.crop_name = ElidedLabel()
        self.crop_name.setObjectName("crop_name")
        self.previous = _arrow("previous", tr("Previous crop"), lambda: self.step(-1))
        self.next = _arrow("next", tr("Next crop"), lambda: self.step(1))
        self.new_draws = button(
            tr("Draw again"),
            "new_draws",
            self.draw_anew,
            tooltip=tr("Other variations with the same settings"),
        )
        command = partial(self._context.commands.add_button, category=tr("Augment"))
        command("augment.previous_crop", self.previous, "Alt+Left")
        command("augment.next_crop", self.next, "Alt+Right")
        command("augment.draw_again", self.new_draws, "Ctrl+R")

    def _lay_out(self) -> None:
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        columns.setSpacing(theme.XL)
        columns.addLayout(self._settings_column())
        columns.addLayout(self._preview_column(), 1)
        self._stack = QStackedLayout(self)
        self._content = content
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
        for page in (content, self._no_project, self._no_crops):
            self._stack.addWidget(page)

    def _settings_column(self) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.M)
        for text, name, on_click, why in (
            (tr("Load…"), "load_augmentation", self._ask_load, tr("Take settings from a file")),
            (tr("Save…"), "save_augmentation", self._ask_save, tr("Save the settings to share")),
            (tr("Reset all"), "reset_augmentation", self.form.reset, tr("Vary nothing")),
        ):
            made = button(text, name, on_click, tooltip=why)
            id_ = f"augment.{name.partition('_')[0]}"
            self._context.commands.add_button(id_, made, category=tr("Augment"), name=why)
            buttons.addWidget(made)
        column = QVBoxLayout()
        column.setSpacing(theme.L)
        column.addWidget(scrolled(self.form, FORM_WIDTH), 1)
        column.addLayout(buttons)
        return column

    def _preview_column(self) -> QVBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(theme.S)
        bar.addWidget(self.previous)
        bar.addWidget(self.next)
        bar.addSpacing(theme.M)
        bar.addWidget(self.crop_name, 1)
        bar.addWidget(self.new_draws)
        column = QVBoxLayout()
        column.setSpacing(theme.M)
        column.addLayout(bar)
        column.addWidget(self.banner)
        column.addWidget(self.tiles, 1)
        column.addWidget(
            wrapped(tr("The training varies each crop anew in every epoch, with these settings."))
        )
        return column

    def _connect(self) -> None:
        self.form.changed.connect(self._take)
        self._context.augmentation_changed.connect(self._follow_config)
        self._context.document_changed.connect(self._follow_document)
        self._settle.timeout.connect(self._plan)

    def _take(self, config: AugmentationConfig) -> None:
        self.banner.hide()
        self._context.augmentation = config

    def _follow_config(self, config: AugmentationConfig) -> None:
        if config != self.form.config:
            self.form.set_config(config)
        self._warp()

    def _follow_document(self, document: Document | None) -> None:
        self._crops, self._index, self._pixels = [], 0, None
        self.tiles.set_tiles([])
        self._loading.cancel()
        self._warping.cancel()
        self.banner.hide()
        if document is not None:
            document.edited.connect(self._document_edited)
        self._plan()

    def _document_edited(self) -> None:
        if self.isVisible():
            self._settle.start()

    def _plan(self) -> None:
        document = self._context.document
        if document is None:
            self._planning.cancel()
            self._stack.setCurrentWidget(self._no_project)
        elif self.isVisible():
            rows, folder = list(document.project.rows()), document.photos_dir
            settings = choices_of(document).settings
            self._planning.submit(
                lambda: plan(Project.of(rows), folder, settings, {}), self._planned
            )

    def _planned(self, crops: list[Crop]) -> None:
        self._stack.setCurrentWidget(self._content if crops else self._no_crops)
        shown = self._crops[self._index] if self._crops else None
        self._crops = crops
        if shown in crops:
            self._index = crops.index(shown)
            self._name_crop()
        else:
            self._index = min(self._index, max(len(crops) - 1, 0))
            self._load()

    def _load(self) -> None:
        if self._crops:
            self._name_crop()
            crop = self._crops[self._index]
            self._loading.submit(partial(render, crop, SIDE), self._rendered, self._unreadable)

    def _rendered(self, pixels: Pixels) -> None:
        self.banner.hide()
        self._pixels = pixels
        self._warp()

    def _unreadable(self, error: Exception) -> None:
        self._pixels = None
        self._warping.cancel()
        self.tiles.set_tiles([])
        reason = error.reason if isinstance(error, ImageError) else str(error)
        name = self._crops[self._index].path.name
        self.banner.show_message(
            tr("{name} could not be read: {reason}", name=name, reason=reason), "warning"
        )

    def _warp(self) -> None:
        if self._pixels is not None:
            work = partial(_variations, self._pixels, self.form.config, self._round)
            self._warping.submit(work, self.tiles.set_tiles)

    def _name_crop(self) -> None:
        crop, total = self._crops[self._index], len(self._crops)
        self.crop_name.setText(
            tr(
                "{landmark} · {photo} · {number} of {total}",
                landmark=crop.landmark,
                photo=crop.path.name,
                number=self._index + 1,
                total=total,
            )
        )
        for arrow in (self.previous, self.next):
            arrow.setEnabled(total > 1)

    def _ask_load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Load settings"), "", _kinds())
        if chosen:
            self.load_file(Path(chosen))

    def _ask_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save settings"), "augmentation.toml", _kinds()
        )
        if chosen:
            self.save_file(Path(chosen))

    def _loaded(self, config: AugmentationConfig) -> None:
        self._context.augmentation = config
        self.form.set_config(config)
        hidden = self.form.out_of_reach()
        if hidden:
            self.banner.show_message(
                tr(
                    "Outside the sliders’ range, and used as in the file: {names}",
                    names=", ".join(hidden),
                )
            )

    def _saved(self, path: Path, _: None) -> None:
        self._context.status(tr("The settings were saved to {path}", path=path))

    def _failed(self, error: Exception) -> None:
        self.banner.show_message(str(error), "danger")


def _variations(pixels: Pixels, config: AugmentationConfig, round_: int) -> list[QImage]:
    """The original and `TILES` - 1 draws, which stay the same while the settings move."""
    varied = (augment(pixels, config, generator(0, round_, index)) for index in range(1, TILES))
    return [_image(pixels), *map(_image, varied)]


def _image(pixels: Pixels) -> QImage:
    height, width = pixels.shape[:2]
    rgb = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return rgb.convertToFormat(QImage.Format.Format_RGB32)  # a copy, and quick to paint


def _arrow(name: str, text: str, on_click: Callable[[], None]) -> QToolButton:
    made = QToolButton()
    made.setObjectName(f"{name}_crop")
    made.setIcon(icon(name))
    made.setAccessibleName(text)
    made.clicked.connect(on_click)
    return made


def _kinds() -> str:
    return tr("Augmentation settings") + " (*.toml)"
