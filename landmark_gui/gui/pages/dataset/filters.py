"""Landmark, split, kind and order of the crops in the grid, and the size of the tiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.dataset import tile_texts
from landmark_gui.gui.pages.dataset.tile_delegate import LARGEST, SMALLEST
from landmark_gui.gui.pages.dataset.tiles import Show, TileQuery, Tiles
from landmark_gui.gui.widgets.elided_combo import ElidedCombo
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.plain import literal

_NARROWEST = 3
"""Letters that a choice always has room for; the list that it opens shows all."""


class TileFilters(QWidget):
    """Edits a `TileQuery`.

    Signals:
        query_changed(TileQuery): the person changed it.
        side_changed(int): tiles are to be so large.
    """

    query_changed = Signal(object)
    side_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.query = TileQuery()
        self._filling = False
        self.landmarks = _combo("tile_landmark", tr("Landmark"))
        self.splits = _combo("tile_split", tr("Split"))
        self.kinds = _combo("tile_kind", tr("Which crops"))
        self.order = _combo("tile_order", tr("Order"))
        self.line = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.line.setObjectName("tile_line")
        self.clear = self._make_clear()
        self.side = self._make_side()
        _fill(
            self.splits, (("", tr("All splits")), *((s, tile_texts.split_text(s)) for s in SPLITS))
        )
        _fill(self.order, ((False, tr("Photo by photo")), (True, tr("Worst first"))))
        self.show_choices((), Tiles())
        self._lay_out()
        for combo in (self.landmarks, self.splits, self.kinds, self.order):
            combo.currentIndexChanged.connect(self._chosen)

    def show_choices(self, landmarks: Iterable[str], tiles: Tiles) -> None:
        """Offer these landmarks, and the kinds of crops that there are."""
        self._filling = True
        names = [("", tr("All landmarks")), *((name, name) for name in landmarks)]
        _fill(self.landmarks, names)
        _fill(self.kinds, self._kinds(tiles))
        self._filling = False
        self.set_query(self.query)

    def set_query(self, query: TileQuery) -> None:
        """Show this query, without telling."""
        self.query, self._filling = query, True
        _choose(self.landmarks, query.landmark)
        _choose(self.splits, query.split)
        _choose(self.kinds, query.fault or str(query.show))
        _choose(self.order, query.worst_first)
        self._filling = False
        self.clear.setVisible(query.filters)

    def change(self, query: TileQuery) -> None:
        """Use another query, and tell."""
        if query != self.query:
            self.set_query(query)
            self.query_changed.emit(query)

    def drop_filters(self) -> None:
        self.change(TileQuery(worst_first=self.query.worst_first))

    def _kinds(self, tiles: Tiles) -> list[tuple[str, str]]:
        """Each with its count; of flags only those that a crop has, and the one in use."""
        kinds = [
            (str(show), _counted(tile_texts.show_text(show), tiles.kinds.get(show, 0)))
            for show in Show
        ]
        faults = {str(fault): (fault, count) for fault, count in tiles.faults.items()}
        flags = [
            (name, _counted(f"⚑ {tile_texts.fault_text(fault)}", count))
            for name, (fault, count) in faults.items()
        ]
        if self.query.fault and self.query.fault not in faults:
            flags.append((self.query.fault, _counted(f"⚑ {self.query.fault}", 0)))
        return kinds + flags

    def _chosen(self) -> None:
        if self._filling:
            return
        kind = self.kinds.currentData()
        known = {str(show): show for show in Show}
        self.change(
            replace(
                self.query,
                landmark=self.landmarks.currentData(),
                split=self.splits.currentData(),
                show=known.get(kind, Show.ALL),
                fault="" if kind in known else kind,
                worst_first=self.order.currentData(),
            )
        )

    def _make_clear(self) -> QToolButton:
        clear = QToolButton()
        clear.setObjectName("clear_tile_filters")
        clear.setIcon(icons.icon("close", "muted"))
        clear.setToolTip(tr("Take the filters away"))
        clear.setAccessibleName(tr("Take the filters away"))
        clear.clicked.connect(self.drop_filters)
        policy = clear.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the line would jump
        clear.setSizePolicy(policy)
        return clear

    def _make_side(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("tile_size")
        slider.setAccessibleName(tr("Size of the tiles"))
        slider.setToolTip(tr("Size of the tiles; also with Ctrl and the wheel"))
        slider.setRange(SMALLEST, LARGEST)
        slider.setSingleStep(8)
        slider.setPageStep(32)
        slider.setFixedWidth(110)
        slider.valueChanged.connect(self.side_changed)
        return slider

    def _lay_out(self) -> None:
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(theme.S)
        for combo, stretch in (
            (self.landmarks, 3),
            (self.splits, 2),
            (self.kinds, 3),
            (self.order, 2),
        ):
            top.addWidget(combo, stretch)
        below.addWidget(self.line, 1)
        below.addWidget(self.clear)
        below.addWidget(self.side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(top)
        layout.addLayout(below)


def _combo(name: str, text: str) -> QComboBox:
    combo = ElidedCombo()
    combo.setObjectName(name)
    combo.setAccessibleName(text)
    combo.setMinimumContentsLength(_NARROWEST)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _fill(combo: QComboBox, choices: Iterable[tuple[Any, str]]) -> None:
    """Offer these, unless they are offered already: an open list would close."""
    wanted = list(choices)
    offered = [(combo.itemData(n), combo.itemText(n)) for n in range(combo.count())]
    if offered == wanted:
        return
    combo.clear()
    for value, text in wanted:
        combo.addItem(text, value)
    width = max(combo.fontMetrics().horizontalAdvance(text) for _, text in wanted)
    combo.view().setMinimumWidth(min(width + 40, 420))
    combo.setToolTip(literal(combo.currentText()))


def _choose(combo: QComboBox, value: Any) -> None:
    combo.setCurrentIndex(max(combo.findData(value), 0))
    combo.setToolTip(literal(f"{combo.accessibleName()}: {combo.currentText()}"))


def _counted(text: str, count: int) -> str:
    return f"{text} ({count})"
