"""Forgetting the settings of the program: asked for, done from the next start, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow


def ask_reset(window: MainWindow) -> None:
    """Say what a reset forgets, and do it if the person wants it."""
    box = QMessageBox(
        QMessageBox.Icon.Question,
        tr("Reset settings"),
        tr("Forget all settings of the program?"),
        parent=window,
    )
    box.setInformativeText(
        tr(
            "From the next start it is as new: your own keys, the theme and language, the size of "
            "the window, what was filled into forms, and the list of recent projects are "
            "forgotten. Projects, photos, models and trainings stay as they are. A copy of the "
            "settings is kept."
        )
    )
    reset = box.addButton(tr("Reset"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    reset.clicked.connect(lambda: _reset(window))
    box.open()


def _reset(window: MainWindow) -> None:
    settings = window.context.settings
    try:
        backup = settings.reset()
    except OSError as error:
        window.show_message(tr("The settings could not be reset: {detail}", detail=error), "danger")
        return

    def take_back() -> None:
        settings.take_back_reset()
        window.show_message(tr("The settings stay as they are."))

    said = tr("From the next start the settings are as new. A copy is in {path}.", path=backup)
    window.show_message(said, "info", tr("Undo"), take_back)
