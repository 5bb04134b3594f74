"""The Train page: what to train, and how it goes."""

from landmark_gui.gui.pages.train.page import TrainPage

__all__ = ["TrainPage"]
