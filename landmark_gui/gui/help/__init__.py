"""The manual within the program: read offline, searched, at the page that is on show."""

from __future__ import annotations

PAGE_OF_STEP = {"dataset": "crops"}
"""The page of the manual for a page of the program, where it is called otherwise."""


def page_of_step(step: str) -> str:
    """The page of the manual about a page of the program."""
    return PAGE_OF_STEP.get(step, step)
