"""What counts as the same photo: two sliders, each with its meaning in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.splits import HASH_BITS, MAX_NEAR_DISTANCE, SplitSettings
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard
from landmark_gui.jobs.tasks import LatestOnly

BITS = (-1, *range(0, MAX_NEAR_DISTANCE + 1, 4))
SECONDS = (0, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600)
_CHOOSE_MS = 400


@dataclass(frozen=True)
class Ties:
    """How far apart the pairs of photos are that a slider may tie: bits and seconds, ascending."""

    bits: tuple[float, ...] = ()
    seconds: tuple[float, ...] = ()


def find_ties(dataset: Dataset) -> Ties:
    """All pairs that any place of the sliders ties. For a thread of its own."""
    from landmark_gui.core.grouping import links

    widest = SplitSettings(near_distance=BITS[-1], burst_seconds=SECONDS[-1])
    found = links(dataset.project, dataset.facts or {}, widest)
    bits, seconds = (
        tuple(sorted(link.distance for link in found if link.kind == kind))
        for kind in ("near", "burst")
    )
    return Ties(bits, seconds)


class _Slider(QWidget):
    """A slider over values, with a sentence that says what the chosen one means.

    Signals:
        moved(): the person has chosen another value.
    """

    moved = Signal()

    def __init__(
        self, name: str, label: str, values: tuple[int, ...], meaning: Callable[[int], str]
    ) -> None:
        super().__init__()
        self._values, self._meaning = values, meaning
        self.distances: tuple[float, ...] | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(label)
        self.slider.setRange(0, len(values) - 1)
        self.words = wrapped("")
        self.words.setObjectName(f"{name}_words")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(heading(label, ""))
        layout.addWidget(self.slider)
        layout.addWidget(self.words)
        self.slider.valueChanged.connect(self._moved)

    def value(self) -> int:
        return self._values[self.slider.value()]

    def set_value(self, value: int) -> None:
        """Show a value, without telling; one between two places is shown at the lower."""
        self.slider.blockSignals(True)
        self.slider.setValue(max(bisect_right(self._values, value) - 1, 0))
        self.slider.blockSignals(False)
        self.refresh()

    def refresh(self) -> None:
        value, ties = self.value(), ""
        if self.distances is not None and value > self._values[0]:
            pairs = bisect_right(self.distances, value)
            ties = ntr("This ties {n} pair.", "This ties {n} pairs.", pairs)
        text = f"{self._meaning(value)} {ties}".strip()
        self.words.setText(text)
        self.slider.setAccessibleDescription(text)

    def _moved(self) -> None:
        self.refresh()
        self.moved.emit()


def _near_meaning(bits: int) -> str:
    if bits < 0:
        return tr("Photos that look alike are let be.")
    return ntr(
        "Photos look the same if at most {n} of {all} bits of their fingerprints differs.",
        "Photos look the same if at most {n} of {all} bits of their fingerprints differ.",
        bits,
        all=HASH_BITS,
    )


def _burst_meaning(seconds: int) -> str:
    if not seconds:
        return tr("When photos were taken does not matter.")
    return ntr(
        "Photos of one camera are one moment if they are at most {n} second apart.",
        "Photos of one camera are one moment if they are at most {n} seconds apart.",
        seconds,
    )


class Thresholds(QWidget):
    """The sliders; they are choices of the project, which splits obey as well.

    Signals:
        chosen(Choices): the person has chosen another value, and come to rest.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._moved: set[_Slider] = set()
        self.near = _Slider("near_distance", tr("Looks the same"), BITS, _near_meaning)
        self.burst = _Slider("burst_seconds", tr("The same moment"), SECONDS, _burst_meaning)
        self._rest = QTimer(self, singleShot=True, interval=_CHOOSE_MS)
        self._rest.timeout.connect(self._choose)
        self._counting = LatestOnly(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        for part in (self.near, self.burst):
            layout.addWidget(part)
            part.moved.connect(partial(self._note, part))
        WheelGuard(self)

    def forget(self) -> None:
        """What is about to be chosen was meant for a project that is no longer open."""
        self._rest.stop()
        self._moved.clear()
        self.count(None)

    def show_choices(self, choices: Choices, read_only: bool) -> None:
        """Show what is chosen, unless the person is just choosing."""
        why = tr("This project is open for reading only.") if read_only else ""
        for part in (self.near, self.burst):
            part.slider.setEnabled(not read_only)
            part.setToolTip(why)
        if not self._rest.isActive():
            self._choices = choices
            self.near.set_value(choices.near_distance)
            self.burst.set_value(choices.burst_seconds)

    def count(self, dataset: Dataset | None) -> None:
        """Say how many pairs each value ties; None as long as that is not known."""
        self._show_ties(None)
        if dataset is not None and dataset.facts is not None:
            self._counting.submit(partial(find_ties, dataset), self._show_ties)
        else:
            self._counting.cancel()

    def _show_ties(self, ties: Ties | None) -> None:
        self.near.distances = ties.bits if ties else None
        self.burst.distances = ties.seconds if ties else None
        self.near.refresh()
        self.burst.refresh()

    def _note(self, part: _Slider) -> None:
        self._moved.add(part)
        self._rest.start()

    def _choose(self) -> None:
        """A slider that was not moved may stand for a value between its places, which stays."""
        if self.near in self._moved:
            self._choices = replace(self._choices, near_distance=self.near.value())
        if self.burst in self._moved:
            self._choices = replace(self._choices, burst_seconds=self.burst.value())
        self._moved.clear()
        self.chosen.emit(self._choices)
