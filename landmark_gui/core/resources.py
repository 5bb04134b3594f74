"""Where icons, translations and the manual lie: in the source tree, a wheel or a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_root() -> Path:
    """The folder that holds `icons/`, `translations/` and, where it is shipped, `manual/`."""
    if getattr(sys, "frozen", False):
        return Path(sys._MEIPASS) / "resources"  # type: ignore[attr-defined]  # set by PyInstaller
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource(name: str) -> Path:
    """The path of the resource `name`, such as "icons/open.svg"."""
    return resource_root() / name


def manual_root() -> Path:
    """The folder of the manual's pages; in the source tree they are beside the other documents."""
    shipped = resource("manual")
    return shipped if shipped.is_dir() else _PACKAGE.parent / "docs" / "manual"
