"""Where a model is right and where it is wrong. Pure: neither asks a model nor reads a file.

answers.py    what a model said of each example of a project
figures.py    how good it is, for each landmark and as a whole
mistakes.py   what it took for something else
changes.py    what is otherwise than with another model
corrections.py what was put right since it was asked
texts.py      all of that in words
report.py     as JSON and CSV; html_report.py with pictures
"""

from __future__ import annotations

from landmark_gui.core.evaluation.answers import (
    PARTS,
    CropAnswer,
    Evaluation,
    Part,
)
from landmark_gui.core.evaluation.changes import Changes, changes_between
from landmark_gui.core.evaluation.figures import ClassFigures, Figures, cells, figures_of
from landmark_gui.core.evaluation.mistakes import surest_first

__all__ = [
    "PARTS",
    "Changes",
    "ClassFigures",
    "CropAnswer",
    "Evaluation",
    "Figures",
    "Part",
    "cells",
    "changes_between",
    "figures_of",
    "surest_first",
]
