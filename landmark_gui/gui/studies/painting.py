"""Paints a study's chart, on the screen and into picture files."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.studies.layout import Layout, arrange, wrap
from landmark_gui.gui.studies.rows import Row, View
from landmark_gui.gui.theme import Colors
from landmark_gui.gui.widgets.ticks import ticks

DOT, TRIAL, END = 5.0, 2.0, 4.0
"""Half the height of a dot, of a single training, and of the end of an interval."""
SAMPLE = 22
"""Width of a sample in the legend, with the gap behind it."""
BETWEEN = 18
"""Between the entries of the legend."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Picture:
    """All that the chart shows.

    Attributes:
        baseline, chance: where their lines stand; None without one.
        busy: the key of the row that is being trained.
    """

    rows: tuple[Row, ...] = ()
    view: View = "gain"
    baseline: float | None = None
    chance: float | None = None
    busy: str = ""

    @property
    def has_values(self) -> bool:
        """Whether any training is done, so that there is something to measure out."""
        return any(row.value is not None for row in self.rows)

    def with_busy(self, key: str) -> Picture:
        return replace(self, busy=key)

    def title(self) -> str:
        """What the axis measures."""
        if self.view == "accuracy":
            return tr("Accuracy, with its 95 % interval")
        return tr("Gain in accuracy, with its 95 % interval")


def layout_of(picture: Picture, width: int, font: QFont) -> Layout:
    """Where everything stands at a width."""
    metrics, bold = QFontMetrics(font), QFontMetrics(_bold(font))
    names = [bold.horizontalAdvance(_full_name(row)) for row in picture.rows]
    figures = [bold.horizontalAdvance(row.figure) for row in picture.rows]
    return arrange(
        picture.rows,
        picture.view,
        picture.chance,
        width=width,
        top=_legend_lines(picture, width, metrics) * metrics.height() + theme.M,
        line=metrics.height(),
        names=max(names, default=0) + theme.M,
        figures=max([*figures, metrics.horizontalAdvance("+0.00 (±0.00)")]) + theme.S,
    )


def height_of(picture: Picture, width: int, font: QFont) -> int:
    """How high the chart is at a width."""
    below = 2 * QFontMetrics(font).height() + theme.M + theme.S if picture.has_values else 0
    return math.ceil(layout_of(picture, width, font).bottom + below)


def paint(
    painter: QPainter, picture: Picture, width: int, colors: Colors, current: int | None = None
) -> None:
    """Paint from the top left on.

    Args:
        current: the row with the focus.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layout = layout_of(picture, width, painter.font())
    _paint_legend(painter, picture, width, colors)
    if current is not None and picture.rows:
        _paint_focus(painter, layout, current, colors)
    if picture.has_values:
        _paint_axis(painter, picture, layout, colors)
        _paint_lines(painter, picture, layout, colors)
    for place, row in enumerate(picture.rows):
        _paint_name(painter, row, layout, layout.text_y(place), colors, row.key == picture.busy)
        if row.value is not None:
            _paint_values(painter, picture.view, row, layout, layout.y(place), colors)
        _paint_figure(painter, row, layout, layout.text_y(place), colors)


def _legend(picture: Picture, colors: Colors) -> list[tuple[str, QPen | str]]:
    """Texts, each with the pen of its line, or "open" or "told" for a dot."""
    entries: list[tuple[str, QPen | str]] = []
    if picture.rows and picture.baseline is not None:
        entries.append((picture.rows[0].label, _baseline_pen(colors)))
    if picture.chance is not None:
        entries.append((tr("chance"), _chance_pen(colors)))
    if any(row.spread is not None for row in picture.rows):
        entries.append((tr("clear difference"), "told"))
        entries.append((tr("not clear"), "open"))
    return entries


def _legend_lines(picture: Picture, width: int, metrics: QFontMetrics) -> int:
    places = wrap(_legend_widths(picture, metrics), width)
    return places[-1][0] + 1 if places else 0


def _legend_widths(picture: Picture, metrics: QFontMetrics) -> list[float]:
    texts = [text for text, _ in _legend(picture, theme.LIGHT)]
    return [SAMPLE + metrics.horizontalAdvance(text) + BETWEEN for text in texts]


def _paint_legend(painter: QPainter, picture: Picture, width: int, colors: Colors) -> None:
    metrics = painter.fontMetrics()
    places = wrap(_legend_widths(picture, metrics), width)
    for (text, sample), (line, x) in zip(_legend(picture, colors), places, strict=True):
        middle = (line + 0.5) * metrics.height()
        if isinstance(sample, QPen):
            painter.setPen(sample)
            painter.drawLine(QPointF(x, middle), QPointF(x + SAMPLE - theme.M, middle))
        else:
            ink = colors.success if sample == "told" else colors.accent
            _paint_dot(painter, x + (SAMPLE - theme.M) / 2, middle, ink, sample == "told", colors)
        painter.setPen(QColor(colors.muted))
        box = QRectF(x + SAMPLE, line * metrics.height(), width, metrics.height())
        painter.drawText(box, _MIDDLE, text)


def _paint_focus(painter: QPainter, layout: Layout, row: int, colors: Colors) -> None:
    painter.setPen(QPen(QColor(colors.accent), 1))
    painter.setBrush(QColor(colors.raised))
    top = layout.top + row * layout.row_height
    area = QRectF(0, top, layout.width, layout.row_height)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_axis(painter: QPainter, picture: Picture, layout: Layout, colors: Colors) -> None:
    metrics = painter.fontMetrics()
    most = max(2, int((layout.right - layout.left) / 64))
    for value in ticks(layout.low, layout.high, most):
        x = _crisp(layout.x(value))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawLine(QLineF(x, layout.top, x, layout.bottom))
        painter.setPen(QColor(colors.muted))
        told = f"{value:+g}" if picture.view == "gain" and value else f"{value:g}"
        box = QRectF(x - 40, layout.bottom + theme.S, 80, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, told)
    # Under the axis, or further to the left if it would not fit there.
    box = QRectF(0, layout.bottom + theme.S + metrics.height(), layout.width, metrics.height())
    box.setLeft(max(min(layout.left, layout.width - metrics.horizontalAdvance(picture.title())), 0))
    title = metrics.elidedText(picture.title(), Qt.TextElideMode.ElideRight, int(layout.width))
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft, title)


def _paint_lines(painter: QPainter, picture: Picture, layout: Layout, colors: Colors) -> None:
    for value, pen in (
        (picture.baseline, _baseline_pen(colors)),
        (picture.chance, _chance_pen(colors)),
    ):
        if value is not None:
            x = _crisp(layout.x(value))
            painter.setPen(pen)
            painter.drawLine(QLineF(x, layout.top, x, layout.bottom))


def _paint_values(
    painter: QPainter, view: View, row: Row, layout: Layout, y: float, colors: Colors
) -> None:
    ink, value = _ink(row, colors), row.value or 0.0
    if any(row.trials):  # the baseline gains nothing over itself
        _paint_trials(painter, row, layout, y, colors)
    if row.spread is not None:
        ends = (value - row.spread, value + row.spread)
        _paint_interval(painter, ends, view, layout, y, ink)
    _paint_dot(painter, layout.x(value), y, ink, bool(row.verdict), colors)


def _paint_figure(painter: QPainter, row: Row, layout: Layout, y: float, colors: Colors) -> None:
    font = painter.font()
    painter.setFont(_bold(font) if row.won else font)
    colored = row.won or row.verdict == "failed"
    painter.setPen(QColor(_ink(row, colors) if colored else colors.text))
    box = QRectF(layout.width - layout.figures, y - 20, layout.figures - theme.S, 40)
    painter.drawText(box, _MIDDLE | Qt.AlignmentFlag.AlignRight, row.figure)
    painter.setFont(font)


def _paint_name(
    painter: QPainter, row: Row, layout: Layout, y: float, colors: Colors, busy: bool
) -> None:
    """The name, and behind it in grey how strong the option is; as much as there is room for."""
    font = painter.font()
    painter.setFont(_bold(font) if row.won else font)
    metrics, room = painter.fontMetrics(), layout.name_width
    if busy:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawPolygon(_pointer(y))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    x = 10.0 if busy else float(theme.S)
    name = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, int(room - x))
    painter.setPen(QColor(colors.muted if row.value is None and not busy else colors.text))
    painter.drawText(QRectF(x, y - 20, room - x, 40), _MIDDLE, name)
    x += metrics.horizontalAdvance(f"{name} ")
    painter.setFont(font)
    detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, int(room - x))
    if len(detail) > 1:
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRectF(x, y - 20, room - x, 40), _MIDDLE, detail)


def _paint_trials(painter: QPainter, row: Row, layout: Layout, y: float, colors: Colors) -> None:
    """Each training as a speck under the interval."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.muted))
    for trial in row.trials:
        painter.drawEllipse(QPointF(layout.x(trial), y + 2 * DOT), TRIAL, TRIAL)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_interval(
    painter: QPainter, ends: tuple[float, float], view: View, layout: Layout, y: float, ink: str
) -> None:
    """A line with a bar at each end, or an arrow where it goes on beyond the axis."""
    painter.setPen(QPen(QColor(ink), 2))
    painter.drawLine(QLineF(layout.x(ends[0]), y, layout.x(ends[1]), y))
    for end, way in zip(ends, (END, -END), strict=True):
        x, inward = layout.x(end), way if layout.runs_off(end, view) else 0.0
        painter.drawPolyline(
            [QPointF(x + inward, y - END), QPointF(x, y), QPointF(x + inward, y + END)]
        )


def _paint_dot(
    painter: QPainter, x: float, y: float, ink: str, filled: bool, colors: Colors
) -> None:
    painter.setPen(QPen(QColor(ink), 2))
    painter.setBrush(QColor(ink if filled else colors.surface))
    painter.drawEllipse(QPointF(x, y), DOT, DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _ink(row: Row, colors: Colors) -> str:
    inks = {
        **{"helps": colors.success, "harms": colors.danger},
        **{"baseline": colors.text, "failed": colors.danger},
    }
    return inks.get(row.verdict, colors.accent)


def _pointer(y: float) -> QPolygonF:
    return QPolygonF([QPointF(0, y - 4), QPointF(6, y), QPointF(0, y + 4)])


def _full_name(row: Row) -> str:
    return f"{row.label} {row.detail}" if row.detail else row.label


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _baseline_pen(colors: Colors) -> QPen:
    return QPen(QColor(colors.text), 1)


def _chance_pen(colors: Colors) -> QPen:
    return QPen(QColor(colors.warning), 1.5, Qt.PenStyle.DashLine)


def _crisp(x: float) -> float:
    """The middle of a pixel, so that an upright line is as sharp as it can be."""
    return int(x) + 0.5
