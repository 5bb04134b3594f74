"""The list of recent projects: each with a picture, how far it is, and what to do if it is gone."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.settings import Settings
from landmark_gui.core.suffixes import PROJECT_SUFFIX
from landmark_gui.gui import icons, theme
from landmark_gui.gui.widgets.common import button, heading, set_role
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.plain import label, literal
from landmark_gui.jobs.tasks import run_task

if TYPE_CHECKING:
    from landmark_gui.core.glance import Glance

PICTURE = QSize(72, 54)
SHOWN = 6


class RecentProjects(QWidget):
    """Rows of the newest projects; hidden while there is none.

    Signals:
        chosen(Path): a project that is to be opened.
    """

    chosen = Signal(object)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._rows: dict[Path, RecentRow] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(heading(tr("Recent projects"), "subtitle"))
        layout.addLayout(self._column)
        self.fill()

    def rows(self) -> list[RecentRow]:
        """Those that are shown, newest first."""
        return list(self._rows.values())

    def fill(self) -> None:
        """Show the projects that are remembered now."""
        paths = [recent.path for recent in self._settings.recent()][:SHOWN]
        for path in self._rows.keys() - set(paths):
            self._rows[path].hide()
            self._rows.pop(path).deleteLater()
        self._rows = {path: self._rows.get(path) or self._make_row(path) for path in paths}
        for place, row in enumerate(self._rows.values()):
            self._column.insertWidget(place, row)
        self.setVisible(bool(paths))

    def look(self) -> None:
        """Look in the background at what has become of each."""
        space = PICTURE * self.devicePixelRatioF()
        for path, row in self._rows.items():
            run_task(partial(_look, path, space), row.show_found, owner=row)

    def _make_row(self, path: Path) -> RecentRow:
        row = RecentRow(path)
        row.open_button.clicked.connect(partial(self._open, path))
        row.forget_button.clicked.connect(partial(self._forget, path))
        row.locate_button.clicked.connect(partial(self._locate, path))
        return row

    def _open(self, path: Path) -> None:
        self.chosen.emit(path)

    def _forget(self, path: Path) -> None:
        self._settings.replace_project(path)
        self.fill()

    def _locate(self, path: Path) -> None:
        start = next((str(place) for place in path.parents if place.is_dir()), "")
        kinds = tr("Landmark projects (*{suffix})", suffix=PROJECT_SUFFIX)
        title = tr("Where is {name} now?", name=path.name)
        chosen, _ = QFileDialog.getOpenFileName(self, title, start, kinds)
        if chosen:
            self._settings.replace_project(path, Path(chosen))
            self.fill()
            self.chosen.emit(Path(chosen))


class RecentRow(QFrame):
    """One project. All of the row opens it, unless its file is gone."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setProperty("role", "card")
        self.setToolTip(literal(str(path)))
        self._picture, self._state = label(), label()
        self._picture.setFixedSize(PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setPixmap(icons.pixmap("photo", 28, "muted", self.devicePixelRatioF()))
        set_role(self._state, "muted")
        self.open_button = _row_button(path)
        self.locate_button = button(tr("Locate…"), "recent_locate", lambda: None)
        self.forget_button = _forget_button(path)
        self.locate_button.hide()
        self._lay_out()

    @property
    def state(self) -> str:
        """What the row says of the project beside its name and its folder."""
        return self._state.text()

    def show_found(self, found: tuple[Glance | None, QImage]) -> None:
        """Show what the project holds, or that it is gone."""
        known, image = found
        self.locate_button.setVisible(known is None)
        self.open_button.setEnabled(known is not None)
        self._state.setText(_state_text(known))
        set_role(self._state, "warning" if known is None else "muted")
        self.open_button.setAccessibleDescription(self.state)
        if known is None:
            self._picture.setPixmap(icons.pixmap("missing", 28, "muted", self.devicePixelRatioF()))
        elif not image.isNull():
            image.setDevicePixelRatio(self.devicePixelRatioF())
            self._picture.setPixmap(QPixmap.fromImage(image))

    def _lay_out(self) -> None:
        folder = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        folder.setText(str(self.path.parent))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch()
        name = heading(self.path.stem, "subtitle")
        for part in (name, folder, self._state):
            texts.addWidget(part)
        texts.addStretch()
        inside = QHBoxLayout()
        inside.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        inside.setSpacing(theme.L)
        inside.addWidget(self._picture)
        inside.addLayout(texts, 1)
        inside.addWidget(self.locate_button)
        inside.addWidget(self.forget_button)
        for part in (self._picture, name, folder, self._state):  # the button below is clicked
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layers = QGridLayout(self)
        layers.setContentsMargins(0, 0, 0, 0)
        layers.addWidget(self.open_button, 0, 0)
        layers.addLayout(inside, 0, 0)


def _row_button(path: Path) -> QPushButton:
    made = button("", "recent_project", lambda: None, kind="quiet", tooltip=str(path))
    made.setAccessibleName(tr("Open {name}", name=path.stem))
    policy = made.sizePolicy()
    policy.setVerticalPolicy(policy.Policy.Expanding)
    made.setSizePolicy(policy)
    return made


def _forget_button(path: Path) -> QToolButton:
    made = QToolButton()
    made.setObjectName("recent_forget")
    made.setIcon(icons.icon("close", "muted"))
    text = tr("Take {name} off this list; the file stays", name=path.stem)
    made.setToolTip(literal(text))
    made.setAccessibleName(text)
    return made


def _state_text(known: Glance | None) -> str:
    if known is None:
        return tr("The file is not there any more.")
    when = _day(known.changed)
    if not known.photos:
        return when
    done = ntr(
        "{done} of {n} photo done", "{done} of {n} photos done", known.photos, done=known.done
    )
    return f"{when} · {done}"


def _day(seconds: float) -> str:
    made, today = time.localtime(seconds), time.localtime()
    if made[:3] == today[:3]:
        return tr("Today, {time}", time=time.strftime("%H:%M", made))
    return time.strftime("%Y-%m-%d", made)


def _look(path: Path, space: QSize) -> tuple[Glance | None, QImage]:
    from landmark_gui.core.errors import ImageError
    from landmark_gui.core.glance import glance
    from landmark_gui.gui.canvas.photo_decoding import read_preview

    known = glance(path)
    if known is None or known.picture is None:
        return known, QImage()
    try:
        image = read_preview(known.picture, space)
    except (ImageError, OSError):
        return known, QImage()
    smooth = Qt.TransformationMode.SmoothTransformation
    fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    filled = image.scaled(space, fill, smooth)
    left, top = (filled.width() - space.width()) // 2, (filled.height() - space.height()) // 2
    return known, filled.copy(left, top, space.width(), space.height())
