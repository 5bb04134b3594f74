"""The Crops page: what the examples are, how they are shared out, and saving them."""

from landmark_gui.gui.pages.dataset.page import DatasetPage

__all__ = ["DatasetPage"]
