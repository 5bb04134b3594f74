"""What a system is told of the program, the same in every package and installer."""

from __future__ import annotations

from dataclasses import dataclass

from landmark_gui import __version__
from landmark_gui.core.suffixes import MODEL_SUFFIX, PROJECT_SUFFIX

NAME = "Landmark GUI"
SUMMARY = "From a folder of photos to a model that names the landmark on a new one"
VERSION = __version__
IDENTIFIER = "org.landmark-gui"
"""Reversed domain, as macOS and AppStream want it."""

COMMAND = "landmark-gui"
"""The launcher for the terminal, the Debian package and the .desktop file."""
PROGRAM = "LandmarkGUI"
"""The launcher that opens the window, and the folder that PyInstaller fills."""
MAC_PROGRAM = f"{NAME}.app"


@dataclass(frozen=True)
class FileType:
    """A kind of file that opens by double-click.

    Attributes:
        suffix: with its dot.
        description: as a file manager shows it.
        mime: its media type, on Linux.
        uti: its identifier on macOS.
        parents: what it is besides, on macOS.
        prog_id: its key in Windows' registry.
    """

    suffix: str
    description: str
    mime: str
    uti: str
    parents: tuple[str, ...]
    prog_id: str


FILE_TYPES = (
    FileType(
        PROJECT_SUFFIX,
        "Landmark GUI project",
        "application/vnd.landmark-gui.project+sqlite3",
        f"{IDENTIFIER}.project",
        ("public.database", "public.data"),
        "LandmarkGUI.Project",
    ),
    FileType(
        MODEL_SUFFIX,
        "Landmark GUI model",
        "application/vnd.landmark-gui.model+zip",
        f"{IDENTIFIER}.model",
        ("public.data",),
        "LandmarkGUI.Model",
    ),
)
