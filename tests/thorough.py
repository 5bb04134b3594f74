"""More cases of the same kind, for when there is time: `LANDMARK_GUI_THOROUGH=1`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")


def thorough(few: Sequence[Case], all_of_them: Sequence[Case]) -> Sequence[Case]:
    """The cases that always run, or all of them if that was asked for."""
    return all_of_them if os.environ.get("LANDMARK_GUI_THOROUGH") else few
