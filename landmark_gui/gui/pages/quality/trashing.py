"""Giving photos to the system's trash: asked for by name, then done in the background."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.paths import under
from landmark_gui.core.trash import Trashed, trash_photos
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.jobs.progress_job import ProgressJob


class TrashDialog(QDialog):
    """Asks before files go to the trash; names each of them. Accepted only by its own button."""

    def __init__(self, photos_dir: Path, paths: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(paths)
        title = ntr("Move {n} file to the trash?", "Move {n} files to the trash?", count)
        self.setWindowTitle(title)
        listing = QPlainTextEdit("\n".join(str(under(photos_dir, path)) for path in paths))
        listing.setObjectName("trash_files")
        listing.setReadOnly(True)
        listing.setAccessibleName(tr("Files for the trash"))
        text = tr(
            "These files leave the photo folder and go to {trash}. Undo does not bring them back: "
            "take them out of there if you want them again. Their boxes stay in the project, and "
            "are there again as soon as the file is.",
            trash=trash_name(),
        )
        move = ntr("Move {n} file to the trash", "Move {n} files to the trash", count)
        cancel = button(tr("Cancel"), "trash_cancel", self.reject)
        cancel.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(button(move, "trash_confirm", self.accept))
        layout = column(self)
        layout.addWidget(heading(title, "subtitle"))
        layout.addWidget(wrapped(text, ""))
        layout.addWidget(listing, 1)
        layout.addLayout(buttons)
        give_size(self, 640, 380)
        cancel.setFocus()


def trash_name() -> str:
    """What the system calls the place where such files go."""
    if sys.platform == "win32":
        return tr("the recycle bin")
    return tr("the system's trash")


class Trashing(ProgressJob):
    """One move of files at a time; what is done is a `Trashed`, also after a cancel."""

    def start(self, photos_dir: Path, paths: list[str], kept: Iterable[str]) -> None:
        """Move these photos; `kept` must be there afterwards."""
        self.run(partial(trash_photos, photos_dir, paths, tuple(kept)), len(paths))


def outcome_text(trashed: Trashed) -> str:
    """What became of the files in a sentence or two."""
    gone, refused = len(trashed.gone), trashed.refused
    moved = ntr("{n} file was moved to the trash.", "{n} files were moved to the trash.", gone)
    if not refused:
        return moved
    first = tr("{name}: {reason}", name=refused[0].path, reason=refused[0].reason)
    left = ntr(
        "{n} file stayed where it is ({first}).",
        "{n} files stayed where they are ({first}, …).",
        len(refused),
        first=first,
    )
    return f"{moved} {left}" if gone else left
