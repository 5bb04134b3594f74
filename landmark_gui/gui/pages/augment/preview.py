"""The right side of the page: crops and what the settings do to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.augment.drawing import (
    TILES,
    Request,
    Source,
    Tile,
    make_tiles,
    network_text,
)
from landmark_gui.gui.pages.augment.large_view import LargeView
from landmark_gui.gui.pages.augment.sweep_bar import SweepBar
from landmark_gui.gui.pages.augment.tiles import TileGrid
from landmark_gui.gui.widgets.common import Banner, button, wrapped
from landmark_gui.gui.widgets.elided_combo import ElidedCombo
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.jobs.tasks import LatestOnly

MODE, NETWORK = "augment.many", "augment.network"
_SHRINKING = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class Preview(QWidget):
    """Draws variations of the crops that it is given, anew whenever something changes.

    Signals:
        step_wanted(int): another crop.
        mode_changed(): one crop or many.
    """

    step_wanted = Signal(int)
    mode_changed = Signal()

    def __init__(self, context: AppContext, labels: dict[str, str]) -> None:
        super().__init__()
        self._context = context
        self._sources: Sequence[Source] = ()
        self._config = context.augmentation
        self._side, self._round = 160, 0
        self._warping = LatestOnly(self, intermediate=True)
        self._make_widgets(labels)
        self._add_commands()
        self._lay_out()
        self._connect()

    @property
    def many(self) -> bool:
        """Whether many crops are shown, with one draw."""
        return bool(self.mode.currentData())

    def show_sources(self, sources: Sequence[Source], side: int) -> None:
        """Vary other crops; none empties the grid."""
        self._sources, self._side = sources, side
        if not sources:
            self._warping.cancel()
            self._take([])
        self._draw()

    def show_config(self, config: AugmentationConfig) -> None:
        self._config = config
        self._draw()

    def draw_anew(self) -> None:
        """Show other variations of the same settings."""
        self._round += 1
        self._draw()

    def say_place(self, text: str, steps: bool) -> None:
        """Name the crop on show; `steps` whether there are others."""
        self.crop_name.setText(text)
        for arrow in (self.previous, self.next):
            arrow.setEnabled(steps)

    def close_large(self) -> None:
        self.stack.setCurrentWidget(self.grid)
        self.grid.setFocus()

    def _make_widgets(self, labels: dict[str, str]) -> None:
        self.grid, self.large, self.banner = TileGrid(TILES), LargeView(), Banner()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self.large)
        self.crop_name = ElidedLabel()
        self.crop_name.setObjectName("crop_name")
        step = self.step_wanted.emit
        self.previous = _arrow("previous", tr("Previous crop"), lambda: step(-1))
        self.next = _arrow("next", tr("Next crop"), lambda: step(1))
        why = tr("Other variations with the same settings")
        self.new_draws = button(tr("Draw again"), "new_draws", self.draw_anew, tooltip=why)
        self.mode = self._mode_choice()
        self.network = QCheckBox(tr("What the network sees"))
        self.network.setObjectName("network_view")
        self.network.setToolTip(tr("Stretched to the network's input, pixel by pixel, as numbers"))
        self.network.setChecked(self._context.settings.get(NETWORK, False))
        self.facts = wrapped("")
        self.facts.setObjectName("network_facts")
        self.sweep = SweepBar(labels)

    def _mode_choice(self) -> QComboBox:
        combo = ElidedCombo()
        combo.setObjectName("preview_mode")
        combo.setAccessibleName(tr("What the grid shows"))
        combo.setToolTip(tr("Many variations of one crop, or one variation of many crops"))
        combo.addItem(tr("One crop, many draws"), False)
        combo.addItem(tr("Many crops, one draw"), True)
        combo.setMinimumContentsLength(10)
        combo.setSizeAdjustPolicy(_SHRINKING)
        combo.setCurrentIndex(int(self._context.settings.get(MODE, False)))
        return combo

    def _add_commands(self) -> None:
        add, category = self._context.commands.add, tr("Augment")
        press = partial(self._context.commands.add_button, category=category)
        press("augment.previous_crop", self.previous, "Alt+Left")
        press("augment.next_crop", self.next, "Alt+Right")
        press("augment.draw_again", self.new_draws, "Ctrl+R")
        press("augment.network_view", self.network, "Alt+N")
        press("augment.play_sweep", self.sweep.play, name=tr("Play the sweep"))
        other = tr("One crop or many")
        add("augment.mode", other, self._other_mode, "Alt+M", owner=self, category=category)

    def _lay_out(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        for row in (top, below):
            row.setSpacing(theme.S)
        top.addWidget(self.previous)
        top.addWidget(self.next)
        top.addSpacing(theme.M)
        top.addWidget(self.crop_name, 1)
        top.addWidget(self.new_draws)
        self.mode.setMaximumWidth(260)
        below.addWidget(self.mode, 1)
        below.addStretch()
        below.addWidget(self.network)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self.banner)
        column.addWidget(self.stack, 1)
        column.addWidget(self.facts)
        column.addWidget(self.sweep)

    def _connect(self) -> None:
        self.mode.currentIndexChanged.connect(self._choose_mode)
        self.network.toggled.connect(self._choose_network)
        self.sweep.moved.connect(lambda _: self._draw())
        self.grid.cell_changed.connect(self._draw)
        self.grid.opened.connect(self._open)
        self.large.closed.connect(self.close_large)
        self._say_facts("")

    def _other_mode(self) -> None:
        self.mode.setCurrentIndex(1 - self.mode.currentIndex())

    def _choose_mode(self) -> None:
        self._context.settings.set(MODE, self.many)
        if self.stack.currentWidget() is self.large:
            self.close_large()
        self.mode_changed.emit()

    def _choose_network(self, on: bool) -> None:
        self._context.settings.set(NETWORK, on)
        self._draw()

    def _open(self, index: int) -> None:
        self.large.show_tile(self.grid.tiles, index, self.network.isChecked())
        self.stack.setCurrentWidget(self.large)
        self.large.setFocus()

    def _draw(self) -> None:
        self.sweep.follow(self._config, self._side)
        if self._sources:
            several = len(self._sources) > 1 or self.many
            square = several or self.network.isChecked()
            self.grid.arrange(2 if several else 1, 1.0 if square else self._sources[0].ratio)
            request = Request(
                self._sources,
                self._config,
                several,
                self._round,
                self.sweep.pin(),
                self.network.isChecked(),
                self.grid.cell(),
            )
            self._warping.submit(partial(_work, request), self._show)

    def _show(self, made: tuple[list[Tile], str]) -> None:
        tiles, facts = made
        self._take(tiles)
        self._say_facts(facts)

    def _take(self, tiles: list[Tile]) -> None:
        self.grid.set_tiles(tiles)
        if self.stack.currentWidget() is self.large:
            self.large.show_tile(tiles, self.large.index, self.network.isChecked())

    def _say_facts(self, facts: str) -> None:
        usual = tr(
            "The training varies each crop with these settings: anew in every epoch, or with "
            "transfer a few times in turn."
        )
        text = facts or usual
        if text != self.facts.text():
            self.facts.setText(text)


def _work(request: Request) -> tuple[list[Tile], str]:
    tiles = make_tiles(request)
    return tiles, network_text(tiles) if request.network else ""


def _arrow(name: str, text: str, on_click: Callable[[], None]) -> QToolButton:
    made = QToolButton()
    made.setObjectName(f"{name}_crop")
    made.setIcon(icon(name))
    made.setAccessibleName(text)
    made.clicked.connect(on_click)
    return made
