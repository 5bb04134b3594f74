"""The window of the manual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import delete

from landmark_gui.core.i18n import language, tr
from landmark_gui.core.manual import INDEX, Manual, Page, Place
from landmark_gui.core.resources import manual_root
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.commands import tooltip
from landmark_gui.gui.help.page_view import PageView, Spot
from landmark_gui.gui.help.side import Side
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import action_button, wrapped
from landmark_gui.gui.widgets.kept_splitter import KeptSplitter
from landmark_gui.jobs.tasks import run_task

_ZOOM_STEP = 1.15
_LONGEST = 100
"""How many steps one can go back."""


@dataclass(frozen=True)
class Visit:
    """A page that was looked at, and where on it; None for the heading that its place names."""

    place: Place
    spot: Spot | None = None


class HelpWindow(QWidget):
    """Reads the manual from the files of the program, beside the main window.

    Call `open_at`; the window is shown by it.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.place, self._shown = Place(INDEX), False
        self._behind: list[Visit] = []
        self._ahead: list[Visit] = []
        self._around = QVBoxLayout(self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._build()
        self.resize(1080, 760)
        geometry = settings.get("help.geometry", "")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))

    def open_at(self, place: Place) -> None:
        """Show the window with this page."""
        self.speak()
        self.go(place)
        self.show()
        self.raise_()
        self.activateWindow()

    def go(self, place: Place, words: tuple[str, ...] = ()) -> None:
        """Show a page, with these words marked; the one before is a step back."""
        if self._shown:
            self._behind = [*self._behind, self._visit()][-_LONGEST:]
            self._ahead.clear()
        self._show(Visit(place), words)

    def go_back(self) -> None:
        if self._behind:
            self._ahead.append(self._visit())
            self._show(self._behind.pop())

    def go_ahead(self) -> None:
        if self._ahead:
            self._behind.append(self._visit())
            self._show(self._ahead.pop())

    def _visit(self) -> Visit:
        return Visit(self.place, self.view.spot)

    def _show(self, visit: Visit, words: tuple[str, ...] = ()) -> None:
        try:
            page, anchor = self.manual.page(visit.place.page), self.manual.anchor(visit.place)
        except OSError as error:
            page, anchor = _missing(visit.place.page, error), ""
        self.place, self._shown = Place(page.name, anchor), True
        anchors = [section.place.anchor for section in page.sections]
        spot = visit.spot or Spot(anchors.index(anchor), words=words)
        self.view.show_markdown(self.manual.markdown(page), spot)
        self.setWindowTitle(tr("{page} – Manual", page=page.title))
        self._note.setVisible(not page.is_translated)
        self.side.contents.show_place(self.place)
        self._back.setEnabled(bool(self._behind))
        self._forward.setEnabled(bool(self._ahead))

    def _show_hit(self, place: Place) -> None:
        self.go(place, tuple(self.side.words.split()))

    def _follow(self, url: QUrl) -> None:
        place = self.manual.place(url.toString(), self.place.page)
        if place is not None:
            self.go(place)
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)

    def _build(self) -> None:
        """Make all that shows words; the contents are read on another thread."""
        self.manual = manual = Manual(manual_root(), language())
        self.view, self.side = PageView(manual.folder), Side()
        self.view.set_zoom(self._settings.get("help.zoom", 1.0))
        self._note = wrapped(tr("This page is there in English only."))
        self._make_actions()
        self._lay_out()
        self._connect()

        def read() -> Manual:
            manual.search("a")  # reads every page, and prepares the search
            return manual

        run_task(read, self._take_manual, lambda _: None)  # the page itself says what is missing

    def speak(self) -> None:
        """Show the same page in the language that is spoken now."""
        if self.manual.language == language():
            return
        for part in (self._split, *self.actions()):
            delete(part)
        self._build()
        if self._shown:
            self._show(Visit(self.place))

    def _take_manual(self, manual: Manual) -> None:
        if manual is not self.manual:
            return  # another language was chosen meanwhile
        self.side.show_manual(manual)
        self.side.contents.show_place(self.place)

    def _make_actions(self) -> None:
        keys = QKeySequence.StandardKey
        self._back = self._action(tr("Back"), "previous", self.go_back, keys.Back)
        self._forward = self._action(tr("Forward"), "next", self.go_ahead, keys.Forward)
        self._home = self._action(tr("Contents"), "manual", self._go_home)
        self._smaller = self._action(tr("Smaller"), "zoom-out", self._zoom_out, keys.ZoomOut)
        self._larger = self._action(tr("Larger"), "zoom-in", self._zoom_in, keys.ZoomIn)
        self._usual = self._action(tr("Usual size"), "reset", self._zoom_back, "Ctrl+0")
        self._action(tr("Search the manual"), "search", self._to_search, keys.Find)

    def _action(
        self,
        text: str,
        icon_name: str,
        do: Callable[[], None],
        key: QKeySequence.StandardKey | str = "",
    ) -> QAction:
        action = QAction(icon(icon_name), text, self)
        action.setShortcut(QKeySequence(key))
        action.setToolTip(tooltip(text, action))
        action.triggered.connect(lambda: do())
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(theme.M, theme.M, theme.M, 0)
        bar.setSpacing(theme.S)
        for name, action in (("back", self._back), ("forward", self._forward)):
            bar.addWidget(action_button(f"manual_{name}", action))
        bar.addWidget(action_button("manual_home", self._home))
        bar.addStretch()
        sizes = (("smaller", self._smaller), ("usual", self._usual), ("larger", self._larger))
        for name, action in sizes:
            bar.addWidget(action_button(f"manual_{name}", action))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(bar)
        self._note.setContentsMargins(theme.XL, 0, theme.XL, 0)
        column.addWidget(self._note)
        column.addWidget(self.view, 1)
        parts: list[QWidget] = [self.side, right]
        self._split = KeptSplitter(self._settings, "help.split", parts, [280, 800])
        self._split.setStretchFactor(1, 1)
        self._around.addWidget(self._split)

    def _connect(self) -> None:
        self.view.anchorClicked.connect(self._follow)
        self.side.chosen.connect(self.go)
        self.side.found.connect(self._show_hit)
        theme.signals.changed.connect(self.view.show_again)

    def _go_home(self) -> None:
        self.go(Place(INDEX))

    def _to_search(self) -> None:
        self.side.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.side.field.selectAll()

    def _zoom_in(self) -> None:
        self._zoom(self.view.zoom * _ZOOM_STEP)

    def _zoom_out(self) -> None:
        self._zoom(self.view.zoom / _ZOOM_STEP)

    def _zoom_back(self) -> None:
        self._zoom(1.0)

    def _zoom(self, zoom: float) -> None:
        self.view.set_zoom(zoom)
        self._settings.set("help.zoom", self.view.zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.side.words:
            self.side.field.clear()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self._settings.set("help.geometry", geometry)
        super().closeEvent(event)


def _missing(name: str, error: OSError) -> Page:
    """In the place of a page that cannot be read, what is to be done about it."""
    text = tr("This page of the manual cannot be read. Install the program again.")
    return Page(name, f"# {tr('Manual')}\n\n{text}\n\n`{error}`\n", True)
