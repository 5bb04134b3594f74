"""The chosen photo: zoomed and panned as on the Label page, decoded in the background."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.canvas.interaction import MIN_SIZE
from landmark_gui.gui.canvas.options import Options
from landmark_gui.gui.canvas.photo_feed import PhotoFeed
from landmark_gui.gui.pages.classify.part_canvas import PartCanvas
from landmark_gui.gui.widgets.common import wrapped
from landmark_gui.gui.widgets.note_stack import NoteStack
from landmark_gui.jobs.tasks import LatestOnly

Sizes = dict[Path, QSize]


class PhotoView(NoteStack):
    """Shows a photo by its path, or why it cannot be shown.

    Signals:
        shown(): the photo's pixels are in the view.
    """

    shown = Signal()

    def __init__(self, settings: Settings) -> None:
        self.canvas = PartCanvas()
        super().__init__(self.canvas)
        self._settings = settings
        self._path: Path | None = None
        self._note_text = ""
        self._sizes: Sizes = {}
        self._stand_in: QImage | None = None
        self._part = partial(self.canvas.set_part, None)
        self._ready = False
        self._measuring, self._looking_ahead = LatestOnly(self), LatestOnly(self)
        self.feed = PhotoFeed(self.canvas, self)
        self.feed.shown.connect(self._shown)
        self.feed.refused.connect(lambda _, reason: self._refuse(reason))
        self.show_photo(None, "")

    def show_photo(self, path: Path | None, name: str, stand_in: QImage | None = None) -> None:
        """Show a photo; `stand_in`, a small version of it, is seen until it is decoded."""
        if path == self._path and path is not None:
            return
        self._path, self._ready, self._stand_in = path, False, stand_in
        self._measuring.cancel()
        self.feed.show(None)
        self._set_note("")
        self.canvas.set_name(name)
        self.show_part(None)
        if path is None:
            self.canvas.set_photo_size(0, 0)
        elif path in self._sizes:
            self._open(path, self._sizes[path])
        else:
            self.canvas.set_photo_size(0, 0)
            work, opened = partial(_size_of, path), partial(self._open, path)
            self._measuring.submit(work, opened, self._refused)

    def forget(self, paths: Collection[Path]) -> None:
        """The files are others now: whatever is shown of them next is decoded anew."""
        for path in paths:
            self.feed.loader.forget(path)
            self._sizes.pop(path, None)
        if self._path in paths:
            self._path = None

    def show_part(self, rect: Rect | None, said: str = "", color: str = "#ffffff") -> None:
        """Mark a part of the photo, now or as soon as its size is known."""
        self._part = partial(self.canvas.set_part, rect, said, color)
        if rect is None or not self.canvas.photo_rect().isEmpty():
            self._part()

    def look_ahead(self, paths: Sequence[Path]) -> None:
        """Decode the photos that will probably be shown next, the nearest first."""
        keep = {path: size for path, size in self._sizes.items() if path == self._path}

        def ready(sizes: Sizes) -> None:
            self._sizes = sizes
            self.feed.loader.prefetch([path for path in paths if path in sizes])

        self._looking_ahead.submit(partial(_sizes_of, paths, keep), ready)

    def has_photo(self) -> bool:
        """Whether the photo is decoded and on the screen."""
        return self._ready

    @property
    def note(self) -> str:
        """What is said in the photo's place, if it cannot be shown."""
        return self._note_text

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def showEvent(self, event: QShowEvent) -> None:
        """The Label page's way of drawing may have been changed since; ratios are for its boxes."""
        options = Options.read(self._settings)
        self.canvas.set_options(replace(options, ratio=0.0, min_size=MIN_SIZE))
        super().showEvent(event)

    def _open(self, path: Path, size: QSize) -> None:
        self._sizes[path] = size
        self.canvas.set_photo_size(size.width(), size.height())
        if self._stand_in is not None:
            self.canvas.set_image(self._stand_in)
        self._part()
        self.feed.show(path)

    def _shown(self) -> None:
        self._ready = True
        self.shown.emit()

    def _refused(self, error: Exception) -> None:
        self._refuse(error.reason if isinstance(error, ImageError) else str(error))

    def _refuse(self, reason: str) -> None:
        self.canvas.set_photo_size(0, 0)
        self.show_part(None)
        self._set_note(tr("This photo cannot be shown: {reason}", reason=reason))

    def _set_note(self, text: str) -> None:
        if text != self._note_text:
            self._note_text = text
            self.set_note(_made_note(text) if text else None)


def _made_note(text: str) -> QWidget:
    note, words = QWidget(), wrapped(text)
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout = QVBoxLayout(note)
    layout.setContentsMargins(theme.XL, theme.XL, theme.XL, theme.XL)
    layout.addWidget(words, 1)
    return note


def _size_of(path: Path) -> QSize:
    header = images.header(path)
    return QSize(header.width, header.height)


def _sizes_of(paths: Sequence[Path], known: Sizes) -> Sizes:
    """The sizes of the photos that can be read, beside those that are `known`."""
    sizes = dict(known)
    for path in paths:
        try:
            sizes[path] = _size_of(path)
        except ImageError:
            continue
    return sizes
