"""The most probable classes as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.inference.classifier import Verdict

ROW, BAR = 30, 6


class TopBars(QWidget):
    """A row for each class: name, confidence, and under them a bar of that length."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top_classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._verdict: Verdict | None = None
        self._rows = 0
        self.show_verdict(None)

    def set_rows(self, rows: int) -> None:
        """Keep room for so many classes, also while there is no verdict."""
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Replace the bars; None clears them."""
        self._verdict = verdict
        said = texts.top_text(verdict) if verdict else tr("nothing yet")
        self.setAccessibleName(tr("Most probable landmarks: {classes}", classes=said))
        self.setToolTip(literal("\n".join(said.split(", "))) if verdict else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._rows * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._verdict is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (label, share) in enumerate(self._verdict.top):
            area = QRectF(0, row * ROW, self.width(), ROW)
            best = row == 0 and not self._verdict.unknown
            paint_class(painter, area, label, share, best)


def paint_class(painter: QPainter, area: QRectF, label: str, share: float, best: bool) -> None:
    """A class with its probability and the bar of it; `best` ones in colour."""
    colors, metrics = theme.colors(), painter.fontMetrics()
    figure = texts.percent(share)
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
    painter.setBrush(QColor(colors.accent if best else colors.muted))
    if share >= 0.005:  # what is called 0% has no bar
        groove.setWidth(max(groove.width() * share, BAR))
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
