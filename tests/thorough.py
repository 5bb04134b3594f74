"""More cases of the same kind, for when there is time: `LANDMARK_GUI_THOROUGH=1`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

Case = TypeVar("Case")
ASKED_FOR = bool(os.environ.get("LANDMARK_GUI_THOROUGH"))
when_thorough = pytest.mark.skipif(not ASKED_FOR, reason="LANDMARK_GUI_THOROUGH is not set")
"""Marks a test that takes minutes."""


def thorough(few: Sequence[Case], all_of_them: Sequence[Case]) -> Sequence[Case]:
    """The cases that always run, or all of them if that was asked for."""
    return all_of_them if ASKED_FOR else few
