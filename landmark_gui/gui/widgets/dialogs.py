"""What all dialogs have in common: margins, and a size that fits the screen and is remembered."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QVBoxLayout

from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme

_FRAME = QSize(theme.L, 3 * theme.L)
"""Room on the screen for the frame and the title bar of a window."""


def column(dialog: QDialog) -> QVBoxLayout:
    """The layout of a dialog: one part below the other."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
    layout.setSpacing(theme.M)
    return layout


def give_size(
    dialog: QDialog, width: int, height: int, settings: Settings | None = None, key: str = ""
) -> None:
    """Open a dialog as large as it was when it was closed, but no larger than the screen.

    Args:
        width, height: its usual size.
        settings, key: where its size is remembered, if it is.
    """
    usual = QSize(width, height)
    if settings is not None:
        remembered = settings.get(key, [width, height])
        if len(remembered) == 2 and all(isinstance(side, int) for side in remembered):
            usual = QSize(*remembered)
        dialog.finished.connect(lambda _: settings.set(key, [dialog.width(), dialog.height()]))
    room = dialog.screen().availableSize() - _FRAME
    dialog.resize(usual.expandedTo(dialog.minimumSizeHint()).boundedTo(room))
