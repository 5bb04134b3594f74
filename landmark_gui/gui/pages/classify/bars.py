"""The most probable classes as bars: some of them, or all that the model knows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.widgets.common import heading
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.gui.widgets.wheel_guard import WheelGuard
from landmark_gui.inference.classifier import Verdict

ROW, BAR = 30, 6
CHOICES = (3, 5, 0)
"""How many classes to show; 0 is all of them."""
_SEEN = 8
"""Of more rows than these, the rest is scrolled to."""
_SETTING = "classify.top"


class TopClasses(QWidget):
    """The bars, and how many of them the person wants to see, which is remembered."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings, self._classes = settings, 0
        self.bars = TopBars()
        self.choice = QComboBox()
        self.choice.setObjectName("top_choice")
        self.choice.setAccessibleName(tr("How many classes to show"))
        for rows in CHOICES:
            self.choice.addItem(tr("All") if not rows else f"{rows}", rows)
        chosen = settings.get(_SETTING, CHOICES[0])
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0))
        self.choice.currentIndexChanged.connect(self._choose)
        self._area = scrolled(self.bars)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # keys scroll what has no fields
        self._area.setAccessibleName(tr("Most probable landmarks"))
        self._lay_out()

    def set_classes(self, classes: int) -> None:
        """Keep room for the classes of a model, also while there is no verdict."""
        self._classes = classes
        rows = min(self.choice.currentData() or classes, classes)
        self.bars.set_rows(rows)
        self._area.setFixedHeight(min(rows, _SEEN) * ROW)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Replace the bars; None clears them."""
        self.bars.show_verdict(verdict)

    def _choose(self) -> None:
        self._settings.set(_SETTING, self.choice.currentData())
        self.set_classes(self._classes)

    def _lay_out(self) -> None:
        head = QWidget()
        top = QHBoxLayout(head)
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(heading(tr("Most probable"), "muted"), 1)
        top.addWidget(self.choice)
        WheelGuard(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addWidget(head)
        layout.addWidget(self._area)


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
        """Show so many classes, and keep room for them while there is no verdict."""
        if rows != self._rows:
            self._rows = rows
            self.setFixedHeight(rows * ROW)
            self.show_verdict(self._verdict)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Replace the bars; None clears them."""
        self._verdict = verdict
        said = texts.top_text(verdict, self._rows) if verdict else tr("nothing yet")
        self.setAccessibleName(tr("Most probable landmarks: {classes}", classes=said))
        self.setToolTip(literal("\n".join(said.split(", "))) if verdict else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._rows * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._verdict is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (label, share) in enumerate(self._verdict.top[: self._rows]):
            area = QRectF(0, row * ROW, self.width(), ROW)
            best = row == 0 and not self._verdict.unknown
            paint_class(painter, area, label, share, best)


def paint_class(painter: QPainter, area: QRectF, label: str, share: float, best: bool) -> None:
    """A class with its probability and the bar of it; `best` ones in colour."""
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
    painter.setBrush(QColor(colors.accent if best else colors.muted))
    if share >= 0.005:  # what is called 0% has no bar
        groove.setWidth(max(groove.width() * share, BAR))
        painter.drawRoundedRect(groove, BAR / 2, BAR / 2)
