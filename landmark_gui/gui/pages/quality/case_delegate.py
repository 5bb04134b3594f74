"""How a case is painted: as a card with one picture, or as a row of pictures side by side."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality.report import Case, Subject
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.quality.case_model import CASE_ROLE, CaseModel
from landmark_gui.gui.pages.quality.pictures import paint_picture
from landmark_gui.gui.pages.quality.tiles import Tile, in_rows
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import paint_row, paint_swatch, paint_thumbnail

PICTURE = QSize(144, 108)
_SMALL, _NARROW = QSize(96, 72), 500
"""In rows of less width the pictures are smaller, so that two at least lie side by side."""
_WORDS, _FEW_WORDS = 150, 104
"""Width of the words at the end of a row of pictures."""
_LINE, _DOT, _MARK = 18, 10, 18
_DETAIL_LINES = 2
"""Under a card; a reason that is longer is cut, and its tool tip has it all."""


class CaseDelegate(QStyledItemDelegate):
    """Paints cases; asks for pictures of those that come into view, and no others."""

    def __init__(self, model: CaseModel, thumbnails: Thumbnails, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model, self._thumbnails, self._view = model, thumbnails, view

    @property
    def in_rows(self) -> bool:
        """Whether each case has a row of its own, and not a card beside others."""
        return self._model.fault is not None and in_rows(self._model.fault)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines, picture = (
            2 if self.in_rows else 2 + _DETAIL_LINES,
            self._picture(self._view.viewport().width()),
        )
        height = picture.height() + lines * _line() + 2 * theme.M + 6
        return QSize(280 if self.in_rows else picture.width() + 2 * theme.M + 6, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        case: Case = index.data(CASE_ROLE)
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option)
        places = self._places(area)
        shown = self._model.tiles(case, len(places))
        for tile, place in zip(shown, places, strict=False):
            self._paint_tile(painter, tile, place)
        self._paint_words(painter, area, case, shown)
        painter.restore()

    def subject_at(self, row: QRect, case: Case, point: QPoint) -> Subject | None:
        """What the picture under a point of the view shows."""
        area = row.adjusted(3, 1, -3, -1)  # as `paint_row` leaves it
        places = self._places(area)
        for tile, place in zip(self._model.tiles(case, len(places)), places, strict=False):
            if place.contains(point):
                return tile.subject
        return None

    def _places(self, area: QRect) -> list[QRect]:
        """Where pictures go; as many as there is room for."""
        picture = self._picture(self._view.viewport().width())  # as `sizeHint` has it
        room = area.width() - 2 * theme.M - _words_width(area)
        step = picture.width() + theme.M
        count = max((room + theme.M) // step, 1) if self.in_rows else 1
        first = QRect(area.topLeft() + QPoint(theme.M, theme.M), picture)
        return [first.translated(number * step, 0) for number in range(count)]

    def _picture(self, width: int) -> QSize:
        """How large pictures are where there is so much width."""
        return _SMALL if self.in_rows and width < _NARROW else PICTURE

    def _paint_tile(self, painter: QPainter, tile: Tile, frame: QRect) -> None:
        if tile.picture is not None:
            paint_picture(painter, frame, tile.picture, self._thumbnails)
        elif tile.subject is None:
            paint_swatch(painter, frame.adjusted(30, 20, -30, -20), tile.color)
        else:
            paint_thumbnail(painter, frame, None)
        if tile.kept:
            _paint_kept(painter, frame)
        line = QRect(frame.left(), frame.bottom() + 3, frame.width(), _line())
        if tile.name:
            _write(painter, line, tile.name, theme.colors().text, Qt.TextElideMode.ElideMiddle)
            line.translate(0, _line())
        if tile.landmark:
            self._paint_landmark(painter, tile, line)

    def _paint_landmark(self, painter: QPainter, tile: Tile, line: QRect) -> None:
        colors, left = theme.colors(), QRect(line)
        if tile.subject is not None:
            dot = QRect(line.left(), line.top() + (_line() - _DOT) // 2, _DOT, _DOT)
            paint_swatch(painter, dot, tile.color)
            left.setLeft(dot.right() + theme.S + 1)
        color = colors.muted if tile.subject is not None else colors.text
        _write(painter, left, tile.landmark, color, Qt.TextElideMode.ElideRight)

    def _paint_words(self, painter: QPainter, area: QRect, case: Case, shown: list[Tile]) -> None:
        if not self.in_rows:
            height = _DETAIL_LINES * _line()
            top = area.bottom() - theme.S - height
            room = QRect(area.left() + theme.M, top, PICTURE.width(), height)
            _write_lines(painter, room, case.detail, theme.colors().warning)
            return
        words = area.adjusted(area.width() - _words_width(area), theme.M, -theme.M, -theme.M)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(theme.colors().text))
        painter.drawText(words, flags, self._words(case, len(shown)))

    def _words(self, case: Case, shown: int) -> str:
        """The detail, and how many pictures there was no room for."""
        mark = self._model.landmark_name(case)
        more = len(case.subjects) - shown
        rest = tr("and {n} more", n=more) if shown and more > 0 else ""
        return "\n".join(filter(None, (mark, case.detail, rest)))


def _line() -> int:
    return theme.grown(_LINE)


def _words_width(row: QRect) -> int:
    return theme.grown(_WORDS if row.width() >= _NARROW else _FEW_WORDS)


def _write(painter: QPainter, line: QRect, text: str, color: str, mode: Qt.TextElideMode) -> None:
    painter.setPen(QColor(color))
    text = painter.fontMetrics().elidedText(text, mode, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)


def _write_lines(painter: QPainter, room: QRect, text: str, color: str) -> None:
    """Write over as many lines as there is room for; what does not fit into the last is cut."""
    line = QRect(room.left(), room.top(), room.width(), _line())
    while text and line.bottom() <= room.bottom():
        is_last = line.bottom() + _line() > room.bottom()
        count = len(text) if is_last else _letters_of_line(text, painter.font(), room.width())
        _write(painter, line, text[:count].rstrip(), color, Qt.TextElideMode.ElideRight)
        text = text[count:]
        line.translate(0, _line())


def _letters_of_line(text: str, font: QFont, width: int) -> int:
    """How many letters of a text its first line takes."""
    layout, options = QTextLayout(text, font), QTextOption()
    options.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(options)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    return line.textLength() or len(text)


def _paint_kept(painter: QPainter, frame: QRect) -> None:
    """A frame round the picture that stays, and the word for it in a corner."""
    colors = theme.colors()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colors.success), 2))
    painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 4, 4)
    font, text = QFont(painter.font()), tr("stays")
    painter.save()
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + _MARK + 3 * theme.S
    tag = QRect(frame.left() + 1, frame.top() + 1, width, _MARK + theme.S)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.surface))
    painter.drawRoundedRect(tag, 4, 4)
    check = QRect(tag.left() + theme.S, tag.top() + 3, _MARK - 2, _MARK - 2)
    icons.icon("check", "success").paint(painter, check)
    painter.setPen(QColor(colors.success))
    painter.drawText(tag.adjusted(_MARK + theme.S, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
