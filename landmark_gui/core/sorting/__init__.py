"""Photos sorted into a folder for each landmark: planned, done, taken back."""

from landmark_gui.core.sorting.executing import Sorted, sort_photos
from landmark_gui.core.sorting.journal import newest
from landmark_gui.core.sorting.planning import (
    UNKNOWN,
    Guard,
    Plan,
    Step,
    Wish,
    folder_names,
    plan,
)
from landmark_gui.core.sorting.undoing import Undone, undo

__all__ = [
    "UNKNOWN",
    "Guard",
    "Plan",
    "Sorted",
    "Step",
    "Undone",
    "Wish",
    "folder_names",
    "newest",
    "plan",
    "sort_photos",
    "undo",
]
