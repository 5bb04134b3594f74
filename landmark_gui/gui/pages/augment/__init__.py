"""The Augment page: how crops are varied, seen before a training uses it."""

from __future__ import annotations

from landmark_gui.gui.pages.augment.page import AugmentPage

__all__ = ["AugmentPage"]
