"""The curves of several runs in one plot, and their accuracies with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_texts import accuracy_text, date_text
from landmark_gui.gui import theme
from landmark_gui.gui.contrast import ink_on
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.ticks import ticks

LIGHT = ("#0072b2", "#c04000", "#007d5c", "#a000f0", "#501007", "#83216f", "#0c3197", "#0c1631")
DARK = ("#56b4e9", "#ff9a5c", "#2fc79a", "#fff024", "#ad0aff", "#bdfffb", "#a26f4e", "#3d7b7f")
"""Of runs in the order in which they are chosen; told apart by people who see few colours."""
MOST = len(LIGHT)
LEFT, TOP, RIGHT, BOTTOM = 48, 40, 16, 40
"""Room for labels around a plot, in device-independent pixels."""
DOT, NUMBER_DOT = 2.5, 7.0


def series_color(number: int) -> str:
    """The colour of the run that is chosen as the so manieth, from 0."""
    colors = DARK if theme.colors().dark else LIGHT
    return colors[number % MOST]


def series_number(color: str) -> int:
    """Which of the chosen runs has this colour, from 1."""
    return (LIGHT if color in LIGHT else DARK).index(color) + 1


def paint_number(painter: QPainter, place: QRectF, color: str) -> None:
    """The number of a run on a dot of its colour, for those who do not tell the colours apart."""
    font = QFont(painter.font())
    font.setPixelSize(round(place.height() * 0.7))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(ink_on(QColor(color).rgb()))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(series_number(color)))


@dataclass(frozen=True)
class Series:
    """The curves of a run: values an epoch, None where there is none."""

    name: str
    color: str
    training: Sequence[float | None]
    validation: Sequence[float | None]


class OverlayPlot(QWidget):
    """A figure of several runs over epochs: validation as a line, training as a dotted one.

    Args:
        high: the upper end of the y axis; by default it follows the values.
    """

    def __init__(self, title: str, high: float | None = None) -> None:
        super().__init__()
        self.setAccessibleName(title)
        accessible.play(self, accessible.Role.Chart)
        self.setMinimumSize(240, 180)
        self._title, self._fixed = title, high
        self._series: Sequence[Series] = ()

    def set_series(self, series: Sequence[Series]) -> None:
        """Show these curves in place of others."""
        self._series = series
        told = (_told(one, lower_is_better=self._fixed is None) for one in series)
        accessible.describe(self, "\n".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top, bottom = (theme.grown(room) for room in (LEFT, TOP, BOTTOM))
        area = QRectF(self.rect()).adjusted(left, top, -RIGHT, -bottom)
        epochs, high = self._epochs(), self._high()
        self._paint_head(painter)
        self._paint_axes(painter, area, epochs, high)
        for series in self._series:
            color = QColor(series.color)
            dotted = QPen(color, 1.25, Qt.PenStyle.DotLine)
            for values, pen in ((series.training, dotted), (series.validation, QPen(color, 2))):
                _paint_curve(painter, area, values, pen, epochs, high)
            self._paint_end(painter, area, series, epochs, high)

    def _paint_end(
        self, painter: QPainter, area: QRectF, series: Series, epochs: int, high: float
    ) -> None:
        """The number of the run where its curve ends."""
        points = _points(area, series.validation or series.training, epochs, high)
        if points and len(self._series) > 1:
            _paint_dot(painter, points[-1], series.color)

    def _epochs(self) -> int:
        longest = [max(len(one.training), len(one.validation)) for one in self._series]
        return max(longest, default=1) or 1

    def _high(self) -> float:
        if self._fixed is not None:
            return self._fixed
        known = [
            value
            for one in self._series
            for value in (*one.training, *one.validation)
            if value is not None
        ]
        return max((value for value in known if value > 0), default=1.0)

    def _paint_head(self, painter: QPainter) -> None:
        colors, metrics = theme.colors(), self.fontMetrics()
        baseline = theme.M + metrics.ascent()
        painter.setPen(QColor(colors.text))
        painter.setFont(theme.bold(self.font()))
        painter.drawText(QPointF(theme.L, baseline), self._title)
        painter.setFont(self.font())
        right = float(self.width() - RIGHT)
        muted = QColor(colors.muted)
        lines = ((tr("training"), Qt.PenStyle.DotLine), (tr("validation"), Qt.PenStyle.SolidLine))
        for name, style in lines:
            right -= metrics.horizontalAdvance(name)
            painter.setPen(muted)
            painter.drawText(QPointF(right, baseline), name)
            y = baseline - metrics.ascent() / 2 + 1
            painter.setPen(QPen(muted, 1.5, style))
            painter.drawLine(QPointF(right - 20, y), QPointF(right - 5, y))
            right -= 20 + theme.M

    def _paint_axes(self, painter: QPainter, area: QRectF, epochs: int, high: float) -> None:
        colors, height = theme.colors(), self.fontMetrics().height()
        for value in ticks(0, high, max(2, int(area.height() / 40))):
            y = area.bottom() - area.height() * value / high
            painter.setPen(QPen(QColor(colors.raised), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.muted))
            label = QRectF(0, y - height / 2, area.left() - theme.M, height)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight, f"{value:g}")
        for value in ticks(0, epochs, max(2, int(area.width() / 60))):
            if value == int(value):
                x = area.left() + area.width() * value / epochs
                label = QRectF(x - 30, area.bottom() + theme.S, 60, height)
                painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
        name = QRectF(area.left(), area.bottom() + theme.S + height, area.width(), height)
        painter.drawText(name, Qt.AlignmentFlag.AlignHCenter, tr("Epoch"))


class IntervalPlot(QWidget):
    """The test accuracy of each run with its 95 % interval, and chance as a dashed line."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Test accuracy"))
        accessible.play(self, accessible.Role.Chart)
        self.setMinimumSize(200, 180)
        self._runs: Sequence[tuple[str, Run]] = ()

    def set_runs(self, runs: Sequence[tuple[str, Run]]) -> None:
        """Show these runs, each with its colour; those that were not tested are left out."""
        self._runs = [(color, run) for color, run in runs if run.interval is not None]
        told = [f"{date_text(run)}: {accuracy_text(run)}" for _, run in self._runs]
        accessible.describe(self, "\n".join(told) or tr("None of these was tested."))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = theme.grown(TOP), theme.grown(BOTTOM)
        area = QRectF(self.rect()).adjusted(theme.L, top, -RIGHT - theme.M, -bottom)
        self._paint_axis(painter, area)
        step = area.height() / max(1, len(self._runs))
        for number, (color, run) in enumerate(self._runs):
            self._paint_run(painter, area, area.top() + step * (number + 0.5), color, run)

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        colors, metrics = theme.colors(), self.fontMetrics()
        painter.setPen(QColor(colors.text))
        title = tr("Test accuracy with 95 % interval")
        painter.setFont(theme.bold(self.font()))
        painter.drawText(QPointF(theme.L, theme.M + metrics.ascent()), title)
        painter.setFont(self.font())
        for value in ticks(0, 1, max(2, int(area.width() / 60))):
            x = area.left() + area.width() * value
            painter.setPen(QPen(QColor(colors.raised), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(colors.muted))
            label = QRectF(x - 30, area.bottom() + theme.S, 60, metrics.height())
            painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, f"{value:.0%}")
        told = [run.metrics.get("chance") for _, run in self._runs]
        chances = {each for each in told if isinstance(each, float) and 0 < each < 1}
        for chance in chances:
            x = area.left() + area.width() * chance
            painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if chances:
            below = QRectF(area.left(), area.bottom() + theme.S + metrics.height(), 400, 40)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, tr("dashed: chance"))

    def _paint_run(self, painter: QPainter, area: QRectF, y: float, color: str, run: Run) -> None:
        assert run.interval is not None and run.accuracy is not None
        low, high, middle = (
            area.left() + area.width() * value
            for value in (run.interval.low, run.interval.high, run.accuracy)
        )
        painter.setPen(QPen(QColor(color), 2))
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for x in (low, high):
            painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
        _paint_dot(painter, QPointF(middle, y), color)


def _told(series: Series, *, lower_is_better: bool) -> str:
    """The curves of a run in words."""
    curves = ((tr("training"), series.training), (tr("validation"), series.validation))
    texts = (
        accessible.curve_text(name, values, lower_is_better=lower_is_better)
        for name, values in curves
    )
    told = "; ".join(filter(None, texts)) or tr("no figures")
    return f"{series.name}: {told}"


def _paint_curve(
    painter: QPainter,
    area: QRectF,
    values: Sequence[float | None],
    pen: QPen,
    epochs: int,
    high: float,
) -> None:
    points = _points(area, values, epochs, high)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))
    if len(points) == 1:
        painter.setBrush(pen.color())
        painter.drawEllipse(points[0], DOT, DOT)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _points(
    area: QRectF, values: Sequence[float | None], epochs: int, high: float
) -> list[QPointF]:
    return [
        QPointF(
            area.left() + area.width() * (number + 1) / epochs,
            area.bottom() - area.height() * min(max(value, 0.0), high) / high,
        )
        for number, value in enumerate(values)
        if value is not None
    ]


def _paint_dot(painter: QPainter, middle: QPointF, color: str) -> None:
    """A dot in the colour of a run, with its number."""
    place = QRectF(0, 0, 2 * NUMBER_DOT, 2 * NUMBER_DOT)
    place.moveCenter(middle)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(place)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    paint_number(painter, place, color)
