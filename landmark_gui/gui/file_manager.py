"""Files handed to other programs: shown in their folder, their paths copied."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


def copy_paths(paths: list[Path]) -> None:
    QGuiApplication.clipboard().setText("\n".join(map(str, paths)))


def show_file(path: Path) -> None:
    """Open the folder of a file; where the system can, with the file selected."""
    arguments = {"win32": ["explorer", "/select,", str(path)], "darwin": ["open", "-R", str(path)]}
    program, *rest = arguments.get(sys.platform, [""])
    if not program or not path.exists() or not QProcess.startDetached(program, rest)[0]:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def show_folder(path: Path) -> None:
    """Open a folder, which is made if it is not there yet."""
    with suppress(OSError):
        path.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
