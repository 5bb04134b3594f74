"""The Quality page: what is wrong with the dataset, case by case, and what can be done about it."""

from landmark_gui.gui.pages.quality.page import QualityPage

__all__ = ["QualityPage"]
