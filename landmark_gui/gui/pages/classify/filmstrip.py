"""The photos of the list in one row of small pictures, below the large one."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.classify.delegate import THUMBNAIL, mark_of
from landmark_gui.gui.pages.classify.photos import ENTRY_ROLE, Entry
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import dress_list, paint_thumbnail

_MARGIN, _MARK, _SCROLL_BAR = 5, 14, 14


class Filmstrip(QListView):
    """Shows the rows of another list in their order, and shares its selection.

    Only what comes into view is painted, and only of that thumbnails are asked for.
    """

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        dress_list(self, "filmstrip", tr("Filmstrip"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_FilmDelegate(thumbnails, self))
        frame = 2 * self.frameWidth()
        self.setFixedHeight(THUMBNAIL.height() + 2 * _MARGIN + _SCROLL_BAR + frame)

    def follow(self, view: QListView) -> None:
        """Show the rows of `view`."""
        self.setModel(view.model())
        self.setSelectionMode(view.selectionMode())
        self.setSelectionModel(view.selectionModel())

    def reset(self) -> None:
        """The rows are others. Qt would clear the selection, which the list has chosen anew."""
        shared = self.selectionModel()
        current, selection = shared.currentIndex(), QItemSelection(shared.selection())
        super().reset()
        shared.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        shared.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)


class _FilmDelegate(QStyledItemDelegate):
    """Paints a photo with its mark; the current one in a frame."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return THUMBNAIL + QSize(2 * _MARGIN, 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRect(option.rect.topLeft() + QPoint(_MARGIN, _MARGIN), THUMBNAIL)
        _paint_ground(painter, option, frame, self._is_current(index))
        paint_thumbnail(painter, frame, self._thumbnails.get(entry.key, entry.path))
        name, role = mark_of(entry)
        if name:
            _paint_mark(painter, frame, name, role)
        painter.restore()

    def _is_current(self, index: Index) -> bool:
        strip = self.parent()
        assert isinstance(strip, Filmstrip)
        return strip.currentIndex() == index


def _paint_ground(
    painter: QPainter, option: QStyleOptionViewItem, frame: QRect, current: bool
) -> None:
    colors = theme.colors()
    selected = option.state & QStyle.StateFlag.State_Selected
    hovered = option.state & QStyle.StateFlag.State_MouseOver
    ground = colors.selection if selected else colors.raised if hovered else colors.surface
    painter.setBrush(QColor(ground))
    painter.setPen(QPen(QColor(colors.accent), 2) if current else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(frame.adjusted(-3, -3, 3, 3), 6, 6)


def _paint_mark(painter: QPainter, frame: QRect, name: str, role: str) -> None:
    """The mark of the list in the lower right corner, on a disc that any photo lets be seen."""
    mark = QRect(0, 0, _MARK, _MARK)
    mark.moveBottomRight(frame.bottomRight() - QPoint(3, 3))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.colors().surface))
    painter.drawEllipse(mark.adjusted(-2, -2, 2, 2))
    icons.icon(name, role).paint(painter, mark)
