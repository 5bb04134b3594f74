"""The photo with its boxes: shows what it is given, reports what the person means to do."""

from landmark_gui.gui.canvas.canvas import PhotoCanvas
from landmark_gui.gui.canvas.interaction import Shape

__all__ = ["PhotoCanvas", "Shape"]
