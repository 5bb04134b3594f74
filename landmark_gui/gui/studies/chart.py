"""A study as a chart: a dot with its interval in each row, the baseline and guessing as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_gui.core.studies import StudyResult
from landmark_gui.gui import theme
from landmark_gui.gui.studies.painting import Picture, height_of, layout_of, paint
from landmark_gui.gui.studies.rows import Row, View, baseline_of, chance_of, rows_of
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.plain import literal

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -1000, Qt.Key.Key_End: 1000}


class StudyChart(QWidget):
    """Shows a result, or the rows that are still to come. Arrow keys go from row to row; what a
    row says is in its tool tip, and for screen readers the description of the widget.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("study_chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        accessible.play(self, accessible.Role.Chart)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picture = Picture()
        self.current = 0
        self._what: tuple[Sequence[str], StudyResult | None, Mapping[str, str]] = ((), None, {})
        self._view: View = "gain"
        theme.signals.changed.connect(self.update)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.picture.rows

    @property
    def view(self) -> View:
        return self._view

    def show_result(
        self, keys: Sequence[str], result: StudyResult | None, details: Mapping[str, str]
    ) -> None:
        """Show a row for each of `keys`, the first being the baseline.

        Args:
            details: how strong each option is, by key.
        """
        self._what = (tuple(keys), result, details)
        self._redraw()

    def show_view(self, view: View) -> None:
        """Show how good each way is, or how much better than the baseline."""
        self._view = view
        self._redraw()

    def mark(self, key: str) -> None:
        """Show which row is being trained; "" for none."""
        if key != self.picture.busy:
            self.picture = self.picture.with_busy(key)
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        current = self.current if self.hasFocus() else None
        paint(painter, self.picture, self.width(), theme.colors(), current)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos())
            told = "" if row is None else self.rows[row].told()
            QToolTip.showText(event.globalPos(), literal(told), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().toPoint())
        if row is not None:
            self._go(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self.rows:
            super().keyPressEvent(event)
        else:
            self._go(self.current + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def _redraw(self) -> None:
        keys, result, details = self._what
        rows = rows_of(keys, result, self._view, details)
        baseline, chance = baseline_of(rows), chance_of(result, self._view)
        self.picture = Picture(rows, self._view, baseline, chance, self.picture.busy)
        self.current = min(self.current, max(len(rows) - 1, 0))
        self.setAccessibleName(self.picture.title())
        self._tell()
        self._fit()
        self.update()

    def _fit(self) -> None:
        height = height_of(self.picture, self.width(), self.font())
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _row_at(self, place: QPoint) -> int | None:
        return layout_of(self.picture, self.width(), self.font()).row_at(place.y())

    def _go(self, row: int) -> None:
        self.current = min(max(row, 0), len(self.rows) - 1)
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell()

    def _tell(self) -> None:
        """Describe the row that the keys are at, or all while they are elsewhere."""
        rows = self.rows[self.current : self.current + 1] if self.hasFocus() else self.rows
        accessible.describe(self, "\n".join(row.told() for row in rows))
