"""What a leak is worth: the honest accuracy beside that of a naive random split."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import Accuracy, ProbeResult, leak_sentence, newest_probe
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.jobs.tasks import LatestOnly

_ROW, _BAR = 24, 8


class ProbeCard(QFrame):
    """The newest result of a project; before any, a line that says what will stand here."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("probe_card")
        self._reading = LatestOnly(self)
        self._title = heading(tr("What a leak is worth"), "subtitle")
        self.text = wrapped("")
        self.text.setObjectName("probe_text")
        self.bars = _Bars()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        for part in (self._title, self.bars, self.text):
            layout.addWidget(part)
        self.show_result(None)

    def read(self, data_folder: Path) -> None:
        """Show the newest result of the project; the files are read in the background."""
        self._reading.submit(lambda: newest_probe(data_folder), self.show_result)

    def forget(self) -> None:
        """Nothing is known of another project."""
        self._reading.cancel()
        self.show_result(None)

    def show_result(self, result: ProbeResult | None) -> None:
        """None says what will stand here."""
        self.bars.show_result(result)
        self._title.setVisible(result is not None)
        self.bars.setVisible(result is not None)
        if result is None:
            self.text.setText(
                tr(
                    "After a training this line says what a leak is worth: the accuracy of this "
                    "split beside that of a naive random one."
                )
            )
            return
        self.text.setText(f"{leak_sentence(result)} {_certainty(result)}")
        self.setAccessibleName(f"{self._title.text()}. {self.text.text()}")


def _certainty(result: ProbeResult) -> str:
    """How sure the difference is, without a word of statistics."""
    low = round((result.leak.value - result.leak.spread) * 100)
    high = round((result.leak.value + result.leak.spread) * 100)
    return tr(
        "Measured on {n} crops; with others the difference would most likely lie between "
        "{low} and {high} points.",
        n=result.examples,
        low=low,
        high=high,
    )


class _Bars(QWidget):
    """Two bars, one under the other, each with a line for how sure it is."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, Accuracy], ...] = ()
        self.setAccessibleName(tr("What a leak is worth"))
        accessible.play(self, accessible.Role.Chart)
        self.setFixedHeight(2 * theme.grown(_ROW))
        theme.signals.changed.connect(self.update)

    def show_result(self, result: ProbeResult | None) -> None:
        self._rows = ()
        if result is not None:
            self._rows = (
                (tr("Honest split"), result.honest),
                (tr("Naive random split"), result.naive),
            )
        told = (f"{name}: {accuracy.value:.0%}" for name, accuracy in self._rows)
        accessible.describe(self, ", ".join(told))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        names = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0)
        figures = metrics.horizontalAdvance("100 %")
        for row, (name, accuracy) in enumerate(self._rows):
            line = QRectF(0, row * theme.grown(_ROW), self.width(), theme.grown(_ROW))
            painter.setPen(QColor(theme.colors().text))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, f"{accuracy.value:.0%}")
            left = names + theme.M
            groove = QRectF(
                left, line.center().y() - _BAR / 2, line.width() - left - figures - theme.M, _BAR
            )
            _paint_bar(painter, groove, accuracy, honest=row == 0)


def _paint_bar(painter: QPainter, groove: QRectF, accuracy: Accuracy, honest: bool) -> None:
    colors = theme.colors()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.raised))
    painter.drawRoundedRect(groove, _BAR / 2, _BAR / 2)
    bar = QRectF(groove)
    bar.setWidth(max(groove.width() * accuracy.value, _BAR))
    painter.setBrush(QColor(colors.accent if honest else colors.muted))
    painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
    low, high = (
        groove.left() + groove.width() * min(max(accuracy.value + way * accuracy.spread, 0), 1)
        for way in (-1, 1)
    )
    painter.setPen(QPen(QColor(colors.text), 1.5))
    painter.drawLine(int(low), int(groove.center().y()), int(high), int(groove.center().y()))
