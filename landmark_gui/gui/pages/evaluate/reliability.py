"""Confidence against accuracy, painted: bars that reach the diagonal mean what they say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_gui.core.calibration import Bin
from landmark_gui.core.evaluation.calibration import MeasuredCalibration, Reliability
from landmark_gui.core.evaluation.texts import calibration_text
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible

HEIGHT = 300
LEFT, RIGHT, BOTTOM = 48, 28, 44
"""Room for labels around the plot, in device-independent pixels."""
_DOT = 4.0
_FAINTEST = 0.25
"""How much of its colour a bar has that stands on a single answer of many."""


class ReliabilityDiagram(QWidget):
    """Bars are the answers as they are given, dots those of the network without its temperature.
    A bar is the fuller of colour, the more answers it stands on. Hidden until there are some.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reliability_diagram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.calibration: MeasuredCalibration | None = None
        accessible.play(self, accessible.Role.Chart)
        theme.signals.changed.connect(self.update)
        self.hide()

    def show_calibration(self, calibration: MeasuredCalibration | None) -> None:
        """Show other answers; None hides the diagram."""
        self.calibration = calibration
        self.setAccessibleName(tr("Reliability diagram"))
        accessible.describe(self, described(calibration) if calibration else "")
        self.setVisible(calibration is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, HEIGHT)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            part = self._bin_at(event.pos().x())
            QToolTip.showText(event.globalPos(), bin_text(part) if part is not None else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.calibration is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_head(painter, self.calibration)
        area = self._area()
        self._paint_axes(painter, area)
        _paint_bars(painter, area, self.calibration.now)
        painter.setPen(QPen(QColor(theme.colors().muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())
        if self.calibration.before is not None:
            _paint_dots(painter, area, self.calibration.before)

    def _area(self) -> QRectF:
        top = 2 * self.fontMetrics().height() + theme.M + theme.L
        return QRectF(self.rect()).adjusted(theme.grown(LEFT), top, -RIGHT, -theme.grown(BOTTOM))

    def _bin_at(self, x: float) -> Bin | None:
        area = self._area()
        if self.calibration is None or not area.left() <= x < area.right():
            return None
        bins = self.calibration.now.bins
        return bins[int((x - area.left()) / area.width() * len(bins))]

    def _paint_frame(self, painter: QPainter) -> None:
        colors = theme.colors()
        painter.setPen(QColor(colors.border))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_head(self, painter: QPainter, calibration: MeasuredCalibration) -> None:
        """The title, and below it what bars and dots are."""
        metrics, colors = self.fontMetrics(), theme.colors()
        base = theme.M + metrics.ascent() + theme.S
        painter.setPen(QColor(colors.text))
        title = tr("Is it right as often as it is sure?")
        width = self.width() - 2 * theme.L
        painter.setFont(theme.bold(self.font()))
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QPointF(theme.L, base), title)
        painter.setFont(self.font())
        entries = [("bar", tr("as it answers: off by {e}", e=f"{calibration.now.error:.1%}"))]
        if calibration.before is not None:
            before = f"{calibration.before.error:.1%}"
            entries.append(("dot", tr("before scaling: {e}", e=before)))
        x, line = float(theme.L), base + metrics.height()
        for kind, text in entries:
            middle = QPointF(x + _DOT, line - metrics.ascent() / 2 + 1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent if kind == "bar" else colors.warning))
            if kind == "bar":
                painter.drawRect(QRectF(middle.x() - _DOT, middle.y() - _DOT, 2 * _DOT, 2 * _DOT))
            else:
                painter.drawEllipse(middle, _DOT, _DOT)
            painter.setPen(QColor(colors.muted))
            painter.drawText(QPointF(x + 2 * _DOT + theme.S, line), text)
            x += 2 * _DOT + theme.S + metrics.horizontalAdvance(text) + theme.L

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        colors, height = theme.colors(), self.fontMetrics().height()
        for value in (0.0, 0.25, 0.5, 0.75, 1.0):
            y, x = area.bottom() - value * area.height(), area.left() + value * area.width()
            painter.setPen(QPen(QColor(colors.raised), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.muted))
            label = QRectF(0, y - height / 2, area.left() - theme.M, height)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight, f"{value:.0%}")
            below = QRectF(x - 30, area.bottom() + theme.S, 60, height)
            if value in (0.0, 0.5, 1.0):
                painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{value:.0%}")
        name = QRectF(0, area.bottom() + theme.S + height, self.width(), height)
        axes = tr("across: how sure, upwards: how often right")
        axes = self.fontMetrics().elidedText(axes, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignHCenter, axes)


def _paint_bars(painter: QPainter, area: QRectF, reliability: Reliability) -> None:
    colors = theme.colors()
    most = max((part.count for part in reliability.bins), default=1) or 1
    for part in reliability.bins:
        if not part.count:
            continue
        fill = QColor(colors.accent)
        fill.setAlphaF(_FAINTEST + (1 - _FAINTEST) * part.count / most)
        left, right = (area.left() + side * area.width() for side in (part.low, part.high))
        top = area.bottom() - part.accuracy * area.height()
        painter.setPen(QPen(QColor(colors.accent), 1))
        painter.setBrush(fill)
        painter.drawRect(QRectF(left + 1, top, right - left - 2, area.bottom() - top))


def _paint_dots(painter: QPainter, area: QRectF, reliability: Reliability) -> None:
    painter.setPen(QPen(QColor(theme.colors().surface), 1))
    painter.setBrush(QColor(theme.colors().warning))
    for part in reliability.bins:
        if part.count:
            x = area.left() + part.confidence * area.width()
            painter.drawEllipse(
                QPointF(x, area.bottom() - part.accuracy * area.height()), _DOT, _DOT
            )


def bin_text(part: Bin) -> str:
    """A bar in words."""
    where = tr("{low} to {high} sure", low=f"{part.low:.0%}", high=f"{part.high:.0%}")
    if not part.count:
        return tr("{where}: no answer", where=where)
    return ntr(
        "{where}: {n} answer, {right} right",
        "{where}: {n} answers, {right} right",
        part.count,
        where=where,
        right=f"{part.accuracy:.0%}",
    )


def described(calibration: MeasuredCalibration) -> str:
    """The diagram in words."""
    bins = [bin_text(part) for part in calibration.now.bins if part.count]
    return " ".join([calibration_text(calibration), *(f"{text}." for text in bins)])
