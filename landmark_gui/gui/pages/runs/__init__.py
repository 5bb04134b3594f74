"""The Runs page: the trainings of a project, side by side."""

from landmark_gui.gui.pages.runs.page import RunsPage

__all__ = ["RunsPage"]
