"""How far the folder is: one bar of segments, with the numbers in words."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.label.photo_table import Stage
from landmark_gui.gui.pages.label.photo_texts import stage_texts
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import wrapped

_HEIGHT = 8


class FolderProgress(QWidget):
    """The bar between how many photos are labelled and how many are done, skipped or left."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.bar, self.stages = wrapped(""), StageBar(), wrapped("")
        self.count.setObjectName("labelled_count")
        self.stages.setObjectName("stages")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        for widget in (self.count, self.bar, self.stages):
            layout.addWidget(widget)

    def show_stages(self, stages: Counter[Stage], labelled: int) -> None:
        """Show how many photos are at each stage, and how many bear a label at all."""
        readable = stages.total() - stages["closed"]
        shown = stages["done"], stages["labelled"], stages["skipped"]
        words = stage_texts(*shown, stages["open"])
        count = tr("{n} of {total} photos labelled", n=labelled, total=readable)
        self.count.setText(count)
        kept_together = (word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)
        self.stages.setText(" · ".join(kept_together))
        self.bar.show_stages(*shown, readable, "\n".join((count, *words)))


class StageBar(QWidget):
    """Done, labelled and skipped photos side by side; what is left is still to begin."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage_bar")
        self.setAccessibleName(tr("How far the folder is"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: list[tuple[int, str]] = []
        self._total = 1
        accessible.play(self)
        theme.signals.changed.connect(self.update)

    def show_stages(self, done: int, labelled: int, skipped: int, total: int, text: str) -> None:
        """Show these numbers of `total` photos; `text` says the same in words."""
        self._parts = [(done, "success"), (labelled, "accent"), (skipped, "muted")]
        self._total = max(total, 1)
        accessible.describe(self, text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, outline = QRectF(self.rect()), QPainterPath()
        outline.addRoundedRect(area, _HEIGHT / 2, _HEIGHT / 2)
        painter.setClipPath(outline)
        painter.fillRect(area, QColor(theme.colors().raised))
        left = 0.0
        for count, role in self._parts:
            width = area.width() * count / self._total
            color = QColor(getattr(theme.colors(), role))
            painter.fillRect(QRectF(left, 0, width, area.height()), color)
            left += width
