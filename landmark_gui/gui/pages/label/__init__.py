"""The Label page: draw boxes around landmarks and name them."""

from landmark_gui.gui.pages.label.page import LabelPage

__all__ = ["LabelPage"]
