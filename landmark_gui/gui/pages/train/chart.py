"""Loss and accuracy of each epoch as curves, with chance as a dashed line.

Painted here rather than with pyqtgraph, whose import takes 0.7 s and whose first drawing holds
the window up for 0.1 s, in the middle of a training.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.ticks import ticks
from landmark_gui.jobs.worker_process import Event

PLOT_HEIGHT, NARROW = 200, 600
LEFT, TOP, RIGHT, BOTTOM = 52, 44, 16, 44
"""Room for labels around a plot, in device-independent pixels."""

DOT = 2.5
MANY_POINTS = 60
Curve = tuple[list[float], list[float]]


class HistoryChart(QFrame):
    """Draws `epoch` events, and the epoch in progress from `step` events."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("history_chart")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.loss = Plot(tr("Loss"))
        self.accuracy = Plot(tr("Accuracy"), fixed_range=(0, 1))
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for plot in (self.loss, self.accuracy):
            plot.setMinimumHeight(theme.grown(PLOT_HEIGHT))
            self._layout.addWidget(plot)
        self.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        directions = QBoxLayout.Direction
        narrow = event.size().width() < NARROW
        self._layout.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def clear(self) -> None:
        """Forget the curves."""
        self._epochs: list[Event] = []
        self._step: Event | None = None
        self._epoch_count = 1
        self._chance: float | None = None
        self._redraw()

    def begin(self, epochs: int, classes: int) -> None:
        """Fit the axes to a training that starts."""
        self._epoch_count, self._chance = epochs, 1 / classes
        self._redraw()

    def add_epoch(self, event: Event) -> None:
        self._epochs.append(event)
        self._step = None
        self._redraw()

    def add_step(self, event: Event) -> None:
        self._step = event
        self._redraw()

    def curve(self, key: str) -> Curve:
        """Epochs and values of "loss", "accuracy", "val_loss" or "val_accuracy"."""
        points = [(event["epoch"], event.get(key)) for event in self._epochs]
        if self._step is not None:
            done = self._step["epoch"] - 1 + self._step["step"] / self._step["steps"]
            points.append((done, self._step.get(key)))
        known = [(x, y) for x, y in points if y is not None]
        return [x for x, _ in known], [y for _, y in known]

    def _redraw(self) -> None:
        for plot, key in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            curves = {"accent": self.curve(key), "warning": self.curve(f"val_{key}")}
            plot.set_data(curves, self._epoch_count)
            accessible.describe(plot, self._told(key))
        self.accuracy.set_chance(self._chance)

    def _told(self, key: str) -> str:
        """The curves in words, as far as whole epochs go."""
        names = {key: tr("training"), f"val_{key}": tr("validation")}
        told = [
            accessible.curve_text(
                name, [event.get(each) for event in self._epochs], lower_is_better=key == "loss"
            )
            for each, name in names.items()
        ]
        return "; ".join(filter(None, told)) or tr("nothing yet")


class Plot(QWidget):
    """One plot over epochs: the training curve, the validation curve, perhaps a dashed line.

    Args:
        fixed_range: of the y axis; by default it follows the values.
    """

    def __init__(self, title: str, fixed_range: tuple[float, float] | None = None) -> None:
        super().__init__()
        self.setAccessibleName(title)
        accessible.play(self, accessible.Role.Chart)
        self._title, self._fixed_range = title, fixed_range
        self._curves: Mapping[str, Curve] = {}
        self._epochs = 1
        self._chance: float | None = None

    def set_data(self, curves: Mapping[str, Curve], epochs: int) -> None:
        """Show curves by the role of their colour in the theme."""
        self._curves, self._epochs = curves, epochs
        self.update()

    def set_chance(self, chance: float | None) -> None:
        self._chance = chance
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top, bottom = (theme.grown(room) for room in (LEFT, TOP, BOTTOM))
        area = QRectF(self.rect()).adjusted(left, top, -RIGHT, -bottom)
        low, high = self._range()
        to_pixels = _Scale(area, self._epochs, low, high)
        self._paint_head(painter)
        self._paint_axes(painter, to_pixels, low, high)
        if self._chance is not None:
            painter.setPen(_dashed())
            y = to_pixels.y(self._chance)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        for role, curve in self._curves.items():
            _paint_curve(painter, to_pixels, _pen(role), curve)

    def _range(self) -> tuple[float, float]:
        if self._fixed_range is not None:
            return self._fixed_range
        values = [value for _, ys in self._curves.values() for value in ys]
        return (min(0.0, *values), max(values)) if values and max(values) > 0 else (0.0, 1.0)

    def _paint_head(self, painter: QPainter) -> None:
        """The title on the left, the legend on the right."""
        colors, metrics = theme.colors(), self.fontMetrics()
        painter.setPen(QColor(colors.text))
        baseline = theme.M + metrics.ascent() + theme.S
        painter.setFont(theme.bold(self.font()))
        painter.drawText(QPointF(theme.L, baseline), self._title)
        painter.setFont(self.font())
        entries = [
            (_pen("accent"), tr("training")),
            (_pen("warning"), tr("validation")),
        ]
        if self._chance is not None:
            entries.append((_dashed(), tr("chance")))
        right = float(self.width() - theme.L)
        for pen, name in reversed(entries):
            right -= metrics.horizontalAdvance(name)
            painter.setPen(QColor(colors.muted))
            painter.drawText(QPointF(right, baseline), name)
            y = baseline - metrics.ascent() / 2 + 1
            painter.setPen(pen)
            painter.drawLine(QPointF(right - 20, y), QPointF(right - 5, y))
            right -= 20 + theme.M

    def _paint_axes(self, painter: QPainter, scale: _Scale, low: float, high: float) -> None:
        colors, area, height = theme.colors(), scale.area, self.fontMetrics().height()
        for value in ticks(low, high, max(2, int(area.height() / 40))):
            y = scale.y(value)
            painter.setPen(QPen(QColor(colors.raised), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.muted))
            label = QRectF(0, y - height / 2, area.left() - theme.M, height)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight, f"{value:g}")
        for value in ticks(0, self._epochs, max(2, int(area.width() / 60))):
            if value == int(value):
                label = QRectF(scale.x(value) - 30, area.bottom() + theme.S, 60, height)
                painter.drawText(label, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
        name = QRectF(area.left(), area.bottom() + theme.S + height, area.width(), height)
        painter.drawText(name, Qt.AlignmentFlag.AlignHCenter, tr("Epoch"))


class _Scale:
    """From epochs and values to pixels."""

    def __init__(self, area: QRectF, epochs: int, low: float, high: float) -> None:
        self.area = area
        self._epochs, self._low, self._span = epochs, low, high - low

    def x(self, epoch: float) -> float:
        return self.area.left() + self.area.width() * epoch / self._epochs

    def y(self, value: float) -> float:
        return self.area.bottom() - self.area.height() * (value - self._low) / self._span


def _pen(role: str) -> QPen:
    """The training curve is dotted, so that the two are told apart without their colours."""
    styles = Qt.PenStyle
    style = styles.DotLine if role == "accent" else styles.SolidLine
    return QPen(QColor(getattr(theme.colors(), role)), 2, style)


def _paint_curve(painter: QPainter, scale: _Scale, pen: QPen, curve: Curve) -> None:
    points = [QPointF(scale.x(x), scale.y(y)) for x, y in zip(*curve, strict=True)]
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))
    if len(points) <= MANY_POINTS:
        painter.setPen(pen.color())
        painter.setBrush(pen.color())
        for point in points:
            painter.drawEllipse(point, DOT, DOT)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _dashed() -> QPen:
    return QPen(QColor(theme.colors().muted), 1, Qt.PenStyle.DashLine)
