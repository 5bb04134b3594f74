"""The Classify page: which landmark is on a photo."""

from landmark_gui.gui.pages.classify.page import ClassifyPage

__all__ = ["ClassifyPage"]
