"""Classes and their probabilities as bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.plain import literal

_ROW, BAR = 30, 6


def row_height() -> int:
    """Of a class: its name, and the bar below."""
    return theme.grown(_ROW)


class ClassBars(QWidget):
    """A row for each class: name, probability, and under them a bar of that length."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top_classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shares: Sequence[tuple[str, float]] = ()
        self._marked = ""
        self._rows = 0
        accessible.play(self, accessible.Role.Chart)
        theme.signals.changed.connect(self.update)
        self._tell()

    def set_rows(self, rows: int) -> None:
        """Show so many classes, and keep room for them while there is nothing to show."""
        if rows != self._rows:
            self._rows = rows
            self.setFixedHeight(rows * row_height())
            self._tell()

    def show_shares(self, shares: Sequence[tuple[str, float]], marked: str = "") -> None:
        """Replace the bars.

        Args:
            shares: classes with their probabilities, the most probable first; none clears them.
            marked: the class whose bar is in colour, if any.
        """
        self._shares, self._marked = shares, marked
        self._tell()

    def _tell(self) -> None:
        """Say what is painted to those who listen, and let it be painted."""
        lines = [f"{name} {percent(share)}" for name, share in self._shares[: self._rows]]
        said = ", ".join(lines) or tr("nothing yet")
        self.setAccessibleName(tr("Most probable landmarks: {classes}", classes=said))
        self.setToolTip(literal("\n".join(lines)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._rows * row_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (name, share) in enumerate(self._shares[: self._rows]):
            area = QRectF(0, row * row_height(), self.width(), row_height())
            _paint_class(painter, area, name, share, name == self._marked)


def _paint_class(painter: QPainter, area: QRectF, label: str, share: float, marked: bool) -> None:
    colors, metrics = theme.colors(), painter.fontMetrics()
    figure = percent(share)
    width = metrics.horizontalAdvance(figure) + theme.M
    line = QRectF(area.left(), area.top(), area.width(), metrics.height())
    painter.setPen(QPen(QColor(colors.text)))
    room = int(area.width() - width)
    name = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
    painter.drawText(line, Qt.AlignmentFlag.AlignRight, figure)
    groove = QRectF(area.left(), line.bottom() + 3, area.width(), BAR)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.raised))
    painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
    painter.setBrush(QColor(colors.accent if marked else colors.muted))
    if share >= 0.005:  # what is called 0% has no bar
        groove.setWidth(max(groove.width() * share, BAR))
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
