"""A parameter moved from end to end, by hand or by itself."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.augment import sweeps
from landmark_gui.gui.pages.augment.sweeps import Pin
from landmark_gui.gui.widgets import plain

STEPS = 200
FRAME_MS, STRIDE = 40, 4
_SHRINKING = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class SweepBar(QWidget):
    """The parameter, its slider and its value; nothing is swept until one is chosen.

    Signals:
        moved(Pin | None): hold a parameter there; None, let all be drawn.
    """

    moved = Signal(object)

    def __init__(self, labels: dict[str, str]) -> None:
        super().__init__()
        self._config, self._side = AugmentationConfig(), 160
        self._stride = STRIDE
        self.parameter = self._choice(labels)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("sweep_slider")
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.slider.setAccessibleName(tr("From end to end"))
        self.slider.setToolTip(tr("From the smallest to the largest value that can be drawn"))
        self.play = QToolButton()
        self.play.setObjectName("sweep_play")
        self.play.setText(tr("Play"))
        self.play.setCheckable(True)
        self.play.setToolTip(tr("Move to and fro until it is pressed again"))
        self.said = plain.label()
        self.said.setObjectName("sweep_value")
        self.said.setMinimumWidth(self.fontMetrics().horizontalAdvance("−1000.00 px "))
        self._timer = QTimer(self, interval=FRAME_MS)
        self._lay_out()
        self.parameter.currentIndexChanged.connect(self._choose)
        self.slider.valueChanged.connect(self._move)
        self.play.toggled.connect(self._play)
        self._timer.timeout.connect(self._go_on)
        self._choose()

    def pin(self) -> Pin | None:
        """What is held, if anything."""
        name = self.parameter.currentData()
        if not name:
            return None
        low, high = sweeps.ends(self._config, name, self._side)
        return Pin(name, low + (high - low) * self.slider.value() / STEPS)

    def follow(self, config: AugmentationConfig, side: int) -> None:
        """Take the ends from these settings; no signal is sent."""
        self._config, self._side = config, side
        self._say()

    def stop(self) -> None:
        self.play.setChecked(False)

    def _choice(self, labels: dict[str, str]) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName("sweep_parameter")
        combo.setAccessibleName(tr("Parameter to move from end to end"))
        combo.setToolTip(tr("Move one parameter from end to end; all others stay as drawn"))
        combo.addItem(tr("Sweep nothing"), "")
        for name in sweeps.ORDER:
            combo.addItem(labels[name], name)
        combo.setMinimumContentsLength(12)
        combo.setSizeAdjustPolicy(_SHRINKING)
        return combo

    def _lay_out(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        for row in (top, below):
            row.setSpacing(theme.M)
        self.parameter.setMaximumWidth(260)
        top.addWidget(self.parameter, 1)
        top.addStretch()
        top.addWidget(self.play)
        below.addWidget(self.slider, 1)
        below.addWidget(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.S)
        column.addLayout(top)
        column.addLayout(below)

    def _choose(self) -> None:
        name = self.parameter.currentData()
        blocker = QSignalBlocker(self.slider)
        self.slider.setValue(STEPS // 2)
        del blocker
        self.play.setEnabled(bool(name))
        for part in (self.slider, self.said):
            part.setVisible(bool(name))
        if not name:
            self.stop()
        self._move()

    def _move(self, _: int = 0) -> None:
        self._say()
        self.moved.emit(self.pin())

    def _say(self) -> None:
        pin = self.pin()
        if pin is None:
            self.said.setText("")
            return
        units = {"rotation_range": "°", "shear_range": "°", "blur": " px"}
        unit = " px" if "shift_range" in pin.name and "channel" not in pin.name else ""
        text = f"{pin.value:.3g}{units.get(pin.name, unit)}".replace("-", "−")
        off = not sweeps.is_on(self._config, pin.name)
        self.said.setText(tr("{value} (off)", value=text) if off else text)

    def _play(self, on: bool) -> None:
        self.play.setText(tr("Pause") if on else tr("Play"))
        self._timer.start() if on else self._timer.stop()

    def _go_on(self) -> None:
        if not self.isVisible():
            self.stop()
            return
        there = self.slider.value() + self._stride
        if not 0 <= there <= STEPS:
            self._stride = -self._stride
        self.slider.setValue(self.slider.value() + self._stride)
