"""Dialogs that ask for a model file, to be read or to be written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.suffixes import MODEL_SUFFIX


def ask_model(parent: QWidget, folder: Path | None) -> Path | None:
    """The model file that the person opens; None if they give up."""
    kinds = tr("Landmark models (*{suffix})", suffix=MODEL_SUFFIX)
    start = "" if folder is None else str(folder)
    chosen, _ = QFileDialog.getOpenFileName(parent, tr("Open a model"), start, kinds)
    return Path(chosen) if chosen else None


def ask_new_model(parent: QWidget, title: str, start: Path) -> Path | None:
    """The file to write a model to, with its suffix; None if the person gives up."""
    kinds = tr("Landmark model") + f" (*{MODEL_SUFFIX})"
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(start), kinds)
    return with_suffix(Path(chosen)) if chosen else None


def with_suffix(path: Path) -> Path:
    """A path that ends as models do; another ending stays a part of the name."""
    return path if path.suffix == MODEL_SUFFIX else path.with_name(path.name + MODEL_SUFFIX)
