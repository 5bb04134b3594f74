"""The most probable classes as bars: some of them, or all that the model knows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.class_bars import ClassBars, row_height
from landmark_gui.gui.widgets.common import heading
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.gui.widgets.wheel_guard import WheelGuard
from landmark_gui.inference.classifier import Verdict

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
        self.bars = ClassBars()
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
        accessible.play(self._area)
        self._lay_out()

    def set_classes(self, classes: int) -> None:
        """Keep room for the classes of a model, also while there is no verdict."""
        self._classes = classes
        rows = min(self.choice.currentData() or classes, classes)
        self.bars.set_rows(rows)
        self._area.setFixedHeight(min(rows, _SEEN) * row_height())

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Replace the bars; None clears them."""
        if verdict is None:
            self.bars.show_shares(())
        else:
            self.bars.show_shares(verdict.top, "" if verdict.unknown else verdict.label)
        self._tell()

    def _choose(self) -> None:
        self._settings.set(_SETTING, self.choice.currentData())
        self.set_classes(self._classes)
        self._tell()

    def _tell(self) -> None:
        accessible.describe(self._area, self.bars.accessibleName())

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
