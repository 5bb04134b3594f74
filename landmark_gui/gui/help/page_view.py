"""Shows a page of the manual, which is made on another thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontInfo, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.help.dressing import DressedPage, Look, dress, set_margins
from landmark_gui.jobs.tasks import Task, run_task

_COLUMN, _MARGIN, _SIZE = 57, 32, 1.15
"""The widest column that is read with ease, in sizes of its letters; the least space beside it in
pixels; and the size of its letters, in times that of the window."""
_SETTLE_MS = 150
_SMALLEST, _LARGEST = 0.6, 3.0


@dataclass(frozen=True)
class Spot:
    """Where on a page one looks.

    Attributes:
        heading: the number of the heading at the top, or above it.
        part: of what stands under that heading, the share above the top.
        words: are marked wherever they stand.
    """

    heading: int = 0
    part: float = 0
    words: tuple[str, ...] = ()


class PageView(QTextBrowser):
    """A page in a column of a readable width.

    Args:
        folder: where the pictures of the pages lie.

    Signals:
        arrived(): the page that was asked for is shown.
    """

    arrived = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("manual_page")
        self.setAccessibleName(tr("Page of the manual"))
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        # One that comes and goes would narrow the column, and move what was scrolled to.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._folder, self._markdown = folder, ""
        self._page: DressedPage | None = None
        self._words: tuple[str, ...] = ()
        self._job: Task[DressedPage] | None = None
        self._awaited = self._kept = Spot()
        self._look: Look | None = None
        self.zoom = 1.0
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._resized)

    @property
    def spot(self) -> Spot:
        """Where one looks now, or will as soon as the page is made."""
        if self._page is None or self._job is not None:
            return self._awaited
        at = self.verticalScrollBar().value()
        tops = [self._top(number) for number in range(len(self._page.headings) + 1)]
        heading = max(sum(top <= at for top in tops[:-1]) - 1, 0)
        part = (at - tops[heading]) / max(tops[heading + 1] - tops[heading], 1)
        return Spot(heading, part, self._words)

    def show_markdown(self, markdown: str, spot: Spot) -> None:
        """Show a page, as soon as it is made."""
        self._markdown, self._look, self._awaited = markdown, self._look_now(), spot
        if self._job is not None:
            self._job.cancel()
        make = partial(dress, markdown, self._folder, self._look)
        self._job = run_task(make, self._take)

    def show_again(self) -> None:
        """Make the page anew, in another theme, size or width; one keeps one's place."""
        if self._look is not None:
            self.show_markdown(self._markdown, self.spot)

    def set_zoom(self, zoom: float) -> None:
        self.zoom = min(max(zoom, _SMALLEST), _LARGEST)
        self.show_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if not self._settle.isActive():
            self._kept = self.spot  # before the text flows anew
        self._fit_margins()
        super().resizeEvent(event)
        self._settle.start()

    def _resized(self) -> None:
        if self._look is not None and self._look != self._look_now():
            self.show_markdown(self._markdown, self._kept if self._job is None else self._awaited)
        else:
            self._scroll_to(self._kept)

    def _take(self, page: DressedPage) -> None:
        before, spot = self._page, self._awaited
        self._page, self._job, self._kept = page, None, spot
        self._fit_margins()
        self.setDocument(page.document)
        if before is not None:
            before.document.deleteLater()
        self._scroll_to(spot)
        self._mark(spot.words)
        self.arrived.emit()

    def _scroll_to(self, spot: Spot) -> None:
        top = self._top(spot.heading)
        if spot.part:
            top += round((self._top(spot.heading + 1) - top) * spot.part)
        bar = self.verticalScrollBar()
        bar.setMaximum(max(bar.maximum(), top))  # Qt sets it when it comes to lay out the rest
        bar.setValue(top)

    def _top(self, heading: int) -> int:
        """How far down a heading stands; one too many means the end of the page."""
        if self._page is None or not heading:
            return 0
        document = self._page.document
        if heading >= len(self._page.headings):
            return round(document.size().height())
        block = document.findBlock(self._page.headings[heading])
        return round(document.documentLayout().blockBoundingRect(block).top()) - theme.M

    def _mark(self, words: tuple[str, ...]) -> None:
        self._words, marks = words, []
        for word in words:
            found = self.document().find(word)
            while not found.isNull():
                marks.append(_marked(found))
                found = self.document().find(word, found)
        self.setExtraSelections(marks)

    def _fit_margins(self) -> None:
        if self._page is not None:
            set_margins(self._page.document, self._side(), theme.L, 2 * theme.XL)

    def _side(self) -> int:
        return max((self.viewport().width() - round(_COLUMN * self._size())) // 2, _MARGIN)

    def _size(self) -> float:
        return QFontInfo(self.font()).pixelSize() * _SIZE * self.zoom

    def _look_now(self) -> Look:
        return Look(
            size=self._size(),
            points=72 / self.logicalDpiY(),
            width=max(self.viewport().width() - 2 * self._side(), 200),
            ratio=self.devicePixelRatioF(),
        )


def _marked(cursor: QTextCursor) -> QTextEdit.ExtraSelection:
    mark = QTextEdit.ExtraSelection()
    mark.cursor = cursor
    mark.format.setBackground(QColor(theme.colors().selection))
    return mark
