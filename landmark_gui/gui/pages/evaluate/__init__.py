"""The Evaluate page: where a model is right, where it is wrong, and what can be done about it."""

from __future__ import annotations

from landmark_gui.gui.pages.evaluate.page import EvaluatePage

__all__ = ["EvaluatePage"]
