"""Which landmark was taken for which, as a painted matrix: rows are the truth, columns what the
network says. A cell is the fuller of colour, the more of its row it has. The arrow keys go from
cell to cell, and what it says is read out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.contrast import ink_on
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.plain import literal

SMALLEST, LARGEST = 8, 44
"""Sides of a cell, in device-independent pixels."""
LEGIBLE = 15
"""Side under which a cell has no room for its number; the tool tip has it."""
LONGEST_NAME, NAME_PART = 120, 0.3
"""Room for names: so many pixels, and no more than this part of the width."""
HEAD = 40
"""Room above the names of the columns, for the title and for what the axes are."""
FAINTEST = 0.12
"""Part of the colour of a cell that has one example of many."""
Matrix = Sequence[Sequence[int]]
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""Rows and columns."""


class ConfusionMatrix(QWidget):
    """Hidden until there is a matrix. Its height follows its width and the number of classes.

    Attributes:
        current: row and column of the cell that the keys are at.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("confusion_matrix")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        accessible.play(self, accessible.Role.Chart)
        self.clear()

    def clear(self) -> None:
        """Forget the matrix."""
        self.matrix: Matrix = ()
        self._classes: Sequence[str] = ()
        self._title = ""
        self.current, self._walking = (0, 0), False
        self.hide()

    def show_matrix(self, matrix: Matrix, classes: Sequence[str], title: str) -> None:
        """Show a matrix.

        Args:
            matrix: counts, a row for each true class and a column for each verdict.
            title: of what.
        """
        self.matrix, self._classes, self._title = matrix, classes, title
        self.setAccessibleName(title)
        self._tell()
        self.updateGeometry()
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        width = 2 * LONGEST_NAME + len(self._classes) * LARGEST
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        names = self._name_width(width)
        return round(_top(names) + len(self._classes) * self._side(width) + theme.L)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self._cell_at(QPointF(event.pos()))
            text = "" if place is None else cell_text(self.matrix, self._classes, *place)
            QToolTip.showText(event.globalPos(), literal(text), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._go((self.current[0] + step[0], self.current[1] + step[1]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._cell_at(event.position())
        if place is not None:
            self._go(place)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._walking = False
        self._tell()

    def said(self, row: int, column: int) -> str:
        """A cell in words, as it is read out."""
        return cell_text(self.matrix, self._classes, row, column)

    def _go(self, cell: tuple[int, int]) -> None:
        """Make the cell the current one, or that at the edge if it lies beyond."""
        self._walking, self.current = True, cell
        self._tell()
        self.update()

    def _tell(self) -> None:
        """Describe the whole, and once somebody goes from cell to cell the current one."""
        if not self._classes:
            return
        last = len(self._classes) - 1
        row, column = (min(max(place, 0), last) for place in self.current)
        self.current = row, column
        told = summary(self.matrix, self._classes)
        if self._walking:
            told = self.said(row, column)
        accessible.describe(self, told)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_head(painter)
        for number, name in enumerate(self._classes):
            self._paint_row_name(painter, number, name)
            self._paint_column_name(painter, number, name)
            for said, count in enumerate(self.matrix[number]):
                self._paint_cell(painter, number, said, count)
        if self.hasFocus() and self._classes:
            self._paint_focus(painter)

    def _side(self, width: int) -> float:
        """Of a cell, in a matrix so wide."""
        room = width - _left(self._name_width(width)) - theme.L
        return max(SMALLEST, min(LARGEST, room / max(1, len(self._classes))))

    def _name_width(self, width: int) -> int:
        """Of the longest name, within bounds: rows have it lying, columns standing."""
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0)
        return min(longest, LONGEST_NAME, int(NAME_PART * width))

    def _origin(self) -> QPointF:
        """The upper left of the cells."""
        names = self._name_width(self.width())
        return QPointF(_left(names), _top(names))

    def _cell(self, row: int, column: int) -> QRectF:
        side, origin = self._side(self.width()), self._origin()
        return QRectF(origin.x() + column * side, origin.y() + row * side, side, side)

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        side, place = self._side(self.width()), point - self._origin()
        column, row = int(place.x() // side), int(place.y() // side)
        inside = range(len(self._classes))
        return (row, column) if row in inside and column in inside else None

    def _paint_frame(self, painter: QPainter) -> None:
        colors = theme.colors()
        painter.setPen(QColor(colors.border))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_head(self, painter: QPainter) -> None:
        metrics, colors = self.fontMetrics(), theme.colors()
        first = theme.M + metrics.ascent() + theme.S
        painter.setPen(QColor(colors.text))
        painter.setFont(theme.bold(self.font()))
        painter.drawText(QPointF(theme.L, first), self._title)
        painter.setFont(self.font())
        painter.setPen(QColor(colors.muted))
        note = metrics.elidedText(
            tr("rows: what it is, columns: what the network says"),
            Qt.TextElideMode.ElideRight,
            self.width() - 2 * theme.L,
        )
        painter.drawText(QPointF(theme.L, first + metrics.height()), note)

    def _paint_row_name(self, painter: QPainter, number: int, name: str) -> None:
        cell = self._cell(number, 0)
        width = self._name_width(self.width())
        area = QRectF(cell.left() - theme.M - width, cell.top(), width, cell.height())
        self._paint_name(painter, area, name, Qt.AlignmentFlag.AlignRight)

    def _paint_column_name(self, painter: QPainter, number: int, name: str) -> None:
        cell = self._cell(0, number)
        painter.save()
        painter.translate(cell.left(), cell.top() - theme.S)
        painter.rotate(-90)
        area = QRectF(0, 0, self._name_width(self.width()), cell.width())
        self._paint_name(painter, area, name, Qt.AlignmentFlag.AlignLeft)
        painter.restore()

    def _paint_name(
        self, painter: QPainter, area: QRectF, name: str, side: Qt.AlignmentFlag
    ) -> None:
        font = QFont(self.font())
        if self.fontMetrics().height() > self._side(self.width()):  # lines may not overlap
            font.setPixelSize(max(8, round(self._side(self.width()) - 2)))
        painter.setFont(font)
        text = painter.fontMetrics().elidedText(
            name, Qt.TextElideMode.ElideMiddle, round(area.width()) + 1
        )
        painter.setPen(QColor(theme.colors().muted))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cell(self, painter: QPainter, given: int, said: int, count: int) -> None:
        cell = self._cell(given, said).adjusted(0.5, 0.5, -0.5, -0.5)
        share = count / max(1, sum(self.matrix[given]))
        fill = cell_color(share, right=given == said)
        painter.fillRect(cell, fill)
        if not count or cell.height() < LEGIBLE:
            return
        font = QFont(painter.font())
        font.setPixelSize(max(9, min(theme.grown(13), round(cell.height() * 0.42))))
        painter.save()
        painter.setFont(font)
        painter.setPen(ink_on(fill.rgb()))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(count))
        painter.restore()

    def _paint_focus(self, painter: QPainter) -> None:
        """Two lines, one of which stands out from any fill."""
        colors, cell = theme.colors(), self._cell(*self.current)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width, grown in ((colors.surface, 3, 0.5), (colors.text, 2, 1.5)):
            painter.setPen(QPen(QColor(ink), width))
            painter.drawRect(cell.adjusted(-grown, -grown, grown, grown))


def _left(names: int) -> int:
    """Where the cells begin: behind the names of the rows."""
    return 2 * theme.L + names


def _top(names: int) -> int:
    """Where they begin: below the title and the names of the columns."""
    return theme.grown(HEAD) + theme.M + names


def cell_color(share: float, right: bool) -> QColor:
    """From the ground of the theme to the colour of right answers, or of mistakes."""
    colors = theme.colors()
    ground, full = QColor(colors.raised), QColor(colors.accent if right else colors.danger)
    part = FAINTEST + (1 - FAINTEST) * share if share else 0.0
    mixed = (
        round(low + (high - low) * part)
        for low, high in zip(ground.getRgb()[:3], full.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)


def cell_text(matrix: Matrix, classes: Sequence[str], given: int, said: int) -> str:
    """A cell in words."""
    of, count = sum(matrix[given]), matrix[given][said]
    share = f"{count / of:.0%}" if of else "–"
    values = {"given": classes[given], "said": classes[said], "n": count, "of": of, "share": share}
    if given == said:
        return tr("“{given}” recognised: {n} of {of} ({share})", **values)
    return tr("“{given}” taken for “{said}”: {n} of {of} ({share})", **values)


def summary(matrix: Matrix, classes: Sequence[str]) -> str:
    """The matrix in words: how many were right, and what was confused most often."""
    numbers = range(len(classes))
    right, of = sum(matrix[n][n] for n in numbers), sum(map(sum, matrix))
    parts = [ntr("{right} of {n} photo right.", "{right} of {n} photos right.", of, right=right)]
    mistakes = [(matrix[a][b], -a, -b) for a in numbers for b in numbers if a != b]
    if mistakes and max(mistakes)[0]:
        _, given, said = max(mistakes)
        parts.append(
            tr("Most often confused: {what}.", what=cell_text(matrix, classes, -given, -said))
        )
    return " ".join(parts)
