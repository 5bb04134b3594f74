"""What the grid of crops says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.pages.dataset.tiles import Show, Tile

if TYPE_CHECKING:  # OpenCV: the window starts without it
    from landmark_gui.core.quality.report import Fault


def split_text(split: str) -> str:
    return {"train": tr("Train"), "validation": tr("Validation"), "test": tr("Test")}[split]


def split_mark(split: str) -> str:
    """The same as short as a tile needs it."""
    return {"train": tr("Train"), "validation": tr("Val."), "test": tr("Test")}[split]


def show_text(show: Show) -> str:
    return {
        Show.ALL: tr("In the dataset"),
        Show.FAULTY: tr("With a flag"),
        Show.PINNED: tr("Pinned to a split"),
        Show.LEFT_OUT: tr("Left out"),
    }[show]


def fault_text(fault: Fault) -> str:
    from landmark_gui.core.quality.texts import title

    return title(fault)


def spoken(tile: Tile, split: str, pinned: bool, left_out: bool) -> str:
    """A tile in one line, for screen readers."""
    parts = [tile.crop.landmark, tile.crop.path.name, _place(split, pinned, left_out)]
    if tile.faults:
        parts.append(ntr("{n} flag", "{n} flags", len(tile.faults)))
    return ", ".join(parts)


def tooltip(tile: Tile, split: str, pinned: bool, left_out: bool, reason: str) -> str:
    """All that is known of a tile, a line each."""
    crop = tile.crop
    width, height = crop.photo_size if crop.rect is None else (crop.rect.w, crop.rect.h)
    size = tr("{w} × {h} pixels of the photo", w=round(width), h=round(height))
    lines = [crop.landmark, crop.path.name, size, _place(split, pinned, left_out)]
    lines += [f"⚑ {fault_text(fault)}" for fault in tile.faults]
    if reason:
        lines.append(tr("Cannot be read: {reason}", reason=reason))
    return "\n".join(lines)


def _place(split: str, pinned: bool, left_out: bool) -> str:
    if left_out:
        return tr("Left out of the dataset")
    return tr("{split}, pinned", split=split_text(split)) if pinned else split_text(split)
