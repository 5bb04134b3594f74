"""The menu of projects that were opened before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Recent, Settings
from landmark_gui.gui.widgets.plain import literal, menu_text
from landmark_gui.jobs.tasks import LatestOnly


class RecentMenu(QMenu):
    """Lists the newest ten with a number as key; those that are gone are greyed out.

    Args:
        choose: called with the path of a project.
    """

    def __init__(self, settings: Settings, choose: Callable[[Path], Any], parent: QWidget) -> None:
        super().__init__(tr("Recent projects"), parent)
        self._settings, self._choose = settings, choose
        self._projects: dict[Path, QAction] = {}
        self._lookup = LatestOnly(self)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        recent = self._settings.recent()
        self._projects = {one.path: self._add(number, one) for number, one in enumerate(recent, 1)}
        if not recent:
            self.addAction(tr("None yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(tr("Clear the list")).triggered.connect(self._settings.forget_recent)
        # A drive that sleeps, or is far away, takes its time to say what is there.
        paths = list(self._projects)
        self._lookup.submit(lambda: [path for path in paths if not path.is_file()], self._gone)

    def _add(self, number: int, recent: Recent) -> QAction:
        key = f"&{number % 10}" if number <= 10 else f"{number}"
        action = self.addAction(f"{key} {menu_text(recent.path.stem)}\t{_opened(recent)}")
        action.triggered.connect(partial(self._choose, recent.path))
        action.setToolTip(literal(str(recent.path)))
        return action

    def _gone(self, paths: list[Path]) -> None:
        for path in paths:
            action = self._projects[path]
            name, _, _ = action.text().partition("\t")
            action.setText(f"{name}\t{tr('not there')}")
            action.setEnabled(False)


def _opened(recent: Recent) -> str:
    """When it was opened last, as the person's language writes it."""
    when = QDateTime.fromString(recent.opened, Qt.DateFormat.ISODate)
    return QLocale().toString(when.toLocalTime(), QLocale.FormatType.ShortFormat)
