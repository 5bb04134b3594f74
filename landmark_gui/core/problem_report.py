"""The text that a person sends to whoever is to mend a fault."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from landmark_gui import __version__

PACKAGES = ("tensorflow", "keras", "ai-edge-litert", "numpy", "opencv-python-headless", "Pillow")
LOG_LINES = 60


@dataclass(frozen=True)
class Problem:
    """Something that went wrong, for people first.

    Attributes:
        what: what happened, in plain words.
        advice: what to do now.
        details: a traceback, or what else only a programmer reads.
    """

    what: str
    advice: str
    details: str = ""


def report(problem: Problem, facts: Mapping[str, str], log: str = "") -> str:
    """All that is known, as text in English whoever reads it, without the person's name.

    Args:
        facts: more about the system, as the versions of what the caller alone knows.
        log: the last lines of the log.
    """
    known = {**versions(), **facts}
    parts = [
        problem.what,
        "\n".join(f"{name}: {value}" for name, value in known.items()),
        problem.details.strip(),
        f"Last lines of the log:\n{log.strip()}" if log.strip() else "",
    ]
    return without_home("\n\n".join(filter(None, parts))) + "\n"


def versions() -> dict[str, str]:
    """The versions of the program and of what it runs on; imports none of it."""
    frozen = " (built)" if getattr(sys, "frozen", False) else ""
    found = {
        "Landmark GUI": f"{__version__}{frozen}",
        "System": platform.platform(),
        "Python": platform.python_version(),
    }
    return found | {name: version_of(name) for name in PACKAGES}


def version_of(package: str) -> str:
    """The version of a package by its metadata, "?" if that is not here."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


def without_home(text: str) -> str:
    """`text` with the home folder written as `~`: its name is often that of a person."""
    home = str(Path.home())
    if len(home) <= len(Path(home).anchor):
        return text
    for spelling in {home, home.replace(os.sep, "/"), home.replace("\\", "\\\\")}:
        text = text.replace(spelling, "~")
    return text
