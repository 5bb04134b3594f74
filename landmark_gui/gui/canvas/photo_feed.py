"""Gives a view the pixels of its photo: as many as fill it, and finer ones where it zooms in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QImage

from landmark_gui.gui.canvas.drag_view import DragView
from landmark_gui.gui.canvas.photo_decoding import WHOLE_PIXELS
from landmark_gui.gui.canvas.photo_loader import PhotoLoader


class PhotoFeed(QObject):
    """Stands between a view and a loader. The view is told the photo's size by somebody else.

    Attributes:
        loader: all decoding, off the GUI thread.

    Signals:
        shown(): the photo's pixels are in the view.
        refused(Path, str): the photo cannot be shown, and why, in plain words.
    """

    shown = Signal()
    refused = Signal(object, str)

    def __init__(self, view: DragView, parent: QObject) -> None:
        super().__init__(parent)
        self.loader = PhotoLoader(self)
        self._view = view
        self._path: Path | None = None
        self._moved = QTimer(self, singleShot=True)  # zooming moves the view in several steps
        self._moved.timeout.connect(self._sharpen)
        view.scale_changed.connect(self._scaled)
        for bar in (view.horizontalScrollBar(), view.verticalScrollBar()):
            bar.valueChanged.connect(lambda _: self._moved.start())
        view.pixels_wanted.connect(self._load_pixels)
        self.loader.loaded.connect(self._loaded)
        self.loader.fine_loaded.connect(self._fine_loaded)
        self.loader.failed.connect(self._failed)

    def show(self, path: Path | None) -> None:
        """Load the photo of the view; `shown` or `refused` follows. None: it has none."""
        self._path = path
        if path is not None:
            self.loader.load(path)

    def _loaded(self, path: Path, image: QImage) -> None:
        if path == self._path:
            self._view.set_image(image)
            self._sharpen()
            self.shown.emit()

    def _fine_loaded(self, path: Path, image: QImage, rect: QRectF) -> None:
        if path == self._path:
            self._view.set_fine_image(image, rect)
            self._sharpen()  # the view may have moved on

    def _failed(self, path: Path, reason: str) -> None:
        if path == self._path:
            self.refused.emit(path, reason)

    def _scaled(self) -> None:
        self.loader.space = self._view.fitting_space()
        self._moved.start()

    def _sharpen(self) -> None:
        view = self._view
        if self._path is not None and view.has_image() and not view.is_sharp():
            size, visible = view.photo_rect().size().toSize(), view.visible_rect()
            self.loader.load_fine(self._path, size, visible, view.scale_factor())

    def _load_pixels(self) -> None:
        """For the loupe; of a photo too large to be kept whole, what is at hand must do."""
        view, size = self._view, self._view.photo_rect().size().toSize()
        small_enough = size.width() * size.height() <= WHOLE_PIXELS
        if self._path is not None and view.has_image() and small_enough:
            self.loader.load_fine(self._path, size, view.visible_rect(), 1.0)
