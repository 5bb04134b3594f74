"""Asks before work begins for which a disk has no room."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QMessageBox, QWidget

from landmark_gui.core.disk_space import Need, shortage
from landmark_gui.core.i18n import tr
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.jobs.tasks import run_task


def when_room(
    owner: QWidget,
    needs: Callable[[], Iterable[Need]],
    go: Callable[[], Any],
    give_up: Callable[[], Any] = lambda: None,
) -> None:
    """Look for room in the background, then `go()`; if it is short, only if the person wants it.

    Args:
        needs: called in the background; what is not known there is no reason not to go.
        give_up: called if the person rather does not.
    """

    def decide(missing: str) -> None:
        if not missing:
            go()
            return
        box = _box(owner, missing)
        box.finished.connect(lambda answer: go() if answer == _GO else give_up())
        box.open()

    run_task(lambda: shortage(needs()), decide, lambda _: go(), owner=owner)


_GO = QMessageBox.StandardButton.Ignore.value


def _box(owner: QWidget, missing: str) -> QMessageBox:
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        tr("The disk is too full"),
        literal(missing),
        QMessageBox.StandardButton.Ignore | QMessageBox.StandardButton.Cancel,
        owner,
    )
    box.button(QMessageBox.StandardButton.Ignore).setText(tr("Go on anyway"))
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(box.deleteLater)
    return box
