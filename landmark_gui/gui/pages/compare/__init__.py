"""The Compare page: photos and crops, each without and with augmentation, side by side."""

from __future__ import annotations

from landmark_gui.gui.pages.compare.page import ComparePage

__all__ = ["ComparePage"]
