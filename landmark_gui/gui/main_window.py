"""The window: a rail of steps, the page of the chosen step, menus and a status line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QMenuBar,
    QMessageBox,
    QStackedWidget,
    QStatusBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import delete, isValid

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.commands import PAGE_STACK, Command
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.errands import Errands
from landmark_gui.gui.exchange import Exchange
from landmark_gui.gui.first_steps.guide import Guide
from landmark_gui.gui.help import Help
from landmark_gui.gui.language import LanguageSwitch
from landmark_gui.gui.menus import Menus
from landmark_gui.gui.opening import Opening
from landmark_gui.gui.page_list import PAGES, import_pages, page_class, page_titles
from landmark_gui.gui.pages.welcome import WelcomePage
from landmark_gui.gui.parts import Parts
from landmark_gui.gui.sampling import Sampling
from landmark_gui.gui.scan_status import ScanStatus
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import Banner, set_role
from landmark_gui.gui.widgets.handed_focus import HandedFocus
from landmark_gui.gui.widgets.page_room import PageRoom
from landmark_gui.gui.widgets.plain import label, literal
from landmark_gui.gui.widgets.rail import Rail
from landmark_gui.gui.widgets.status_line import StatusLine
from landmark_gui.gui.widgets.step_button import StepButton

if TYPE_CHECKING:
    from landmark_gui.gui.history_panel import HistoryDock
    from landmark_gui.gui.palette import Palette

WARM_UP_MS = 1_000
_SMALLEST, _USUAL = QSize(480, 290), QSize(1280, 800)
"""Of the window; a screen of 1920 × 1080 has, at 300 %, room for 640 × 360 with all its frames."""


class MainWindow(QMainWindow):
    """Shows pages and forwards the person's wishes to `Opening` and the document.

    Signals:
        closed(): the person closes the window, and nothing is left to save.
    """

    closed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.help = Help(self)
        self.language = LanguageSwitch(self)
        self.errands = Errands(self)
        self._scan_status: ScanStatus | None = None
        self._faults = 0
        self._kept: dict[str, object] = {}
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self._restore_state()
        self._document_changed(context.document)

    def _build(self) -> None:
        """Make all that shows words."""
        context = self.context
        self.opening = Opening(context, self)
        self.sampling = Sampling(context, self)
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._room = PageRoom(self._stack)
        self._stack.setObjectName(PAGE_STACK)
        self._palette: Palette | None = None
        self._history: HistoryDock | None = None
        self._before_history: QWidget | None = None
        self._banner = Banner()
        self._welcome = WelcomePage(context)
        self._stack.addWidget(self._welcome)
        self._steps = {
            name: self._step_button(name, *titles) for name, titles in page_titles().items()
        }
        self._lay_out()
        self._make_status_line()
        self.exchange = Exchange(self)
        self.guide = Guide(self)
        self.menus = Menus(self)
        self._make_commands()
        self.parts = Parts(self, self._rail, self._stack, context.commands)
        self._connect_parts()

    def build_again(self) -> None:
        """Make all that shows words anew, as in another language; what pages show, they keep.

        A page that has something to keep gives it by `keep()`, and the new one gets it by
        `take(kept)`. Pages that are not on show are built between two events each, unless
        something runs whose events they are to hear.
        """
        shown = self.current_page
        for name, page in self._pages.items():
            if hasattr(page, "keep"):
                self._kept[name] = page.keep()
        self.setUpdatesEnabled(False)
        self._take_down()
        self._build()
        self._central.show()  # at once, not with the next event
        self._steps[shown].setChecked(True)
        self._show_faults(self._faults)
        for name in list(self._kept) if self.context.task else ():
            self._page(name)
        self.show_page(shown)
        self._show_history()
        document = self.context.document
        if document is not None and self._scan_status is not None:
            self._scan_status.say_again()
            document.tell_again()
        self.help.speak()
        self.setUpdatesEnabled(True)
        QTimer.singleShot(0, self, self._build_next_kept)

    def _build_next_kept(self) -> None:
        if self._kept:
            self._page(next(iter(self._kept)))
            QTimer.singleShot(0, self, self._build_next_kept)

    def _take_down(self) -> None:
        """Destroy what `_build` has made, here and now: nothing old may hear what comes."""
        self._remember_history_width()
        self.context.commands.forget()
        self.context.ask_nobody_before_end()
        self._central.hide()  # pages write down what they hold when they are hidden
        self.guide.take_down()
        services = (self.opening, self.sampling, self.exchange, self.menus, self.parts)
        parts = (self._central, *services, self._palette, self._history)
        dialogs = self.findChildren(QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for part in (*parts, *dialogs, *self.actions()):
            if part is not None and isValid(part):
                delete(part)
        self.setMenuBar(QMenuBar())  # Qt destroys the old ones itself
        self.setStatusBar(QStatusBar())

    def show_page(self, name: str) -> None:
        """Bring a page to the front, building it on its first visit."""
        needs_project, before = name != "classify", self._stack.currentWidget()
        if needs_project and self.context.document is None:
            self._stack.setCurrentWidget(self._welcome)
        else:
            self._stack.setCurrentWidget(self._page(name))
        for step, button in self._steps.items():
            button.setChecked(step == name)
        page = self._stack.currentWidget()
        self._primary.setEnabled(hasattr(page, "primary_action"))
        if page is not None and page is not before:
            self._enter(page)
        self.guide.progress.look()

    def _enter(self, page: QWidget) -> None:
        """Give a page the focus: its keys work at once, and Tab goes on from its first field.

        From a step that the person has come to by Tab the focus goes only where a page has a part
        for it, as the Label page has its photo.
        """
        has_part = page.findChild(HandedFocus, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if has_part is not None or QApplication.focusWidget() not in self._steps.values():
            page.setFocus()

    @property
    def current_page(self) -> str:
        """The name of the step that is chosen."""
        return next((name for name, step in self._steps.items() if step.isChecked()), "label")

    def pages(self) -> list[QWidget]:
        """The pages that were built so far."""
        return list(self._pages.values())

    def page(self, name: str) -> QWidget:
        """The page `name`, built if it was not visited yet."""
        return self._page(name)

    def show_message(
        self,
        text: str,
        level: str = "info",
        action: str = "",
        on_action: Callable[[], None] | None = None,
    ) -> None:
        """A banner above the page: "info", "warning" or "danger", with a button if wanted."""
        self._banner.show_message(text, level, action, on_action)

    def _show_folder_missing(self, text: str) -> None:
        locate = tr("Locate the photo folder…")
        self._banner.show_message(text, "warning", locate, self.opening.ask_photos_folder)

    def primary_action(self) -> None:
        """Press the primary button of the page that is shown, if it has one."""
        act = getattr(self._stack.currentWidget(), "primary_action", None)
        if act is not None:
            act()

    def call(self, command: Command) -> None:
        """Do what a command says, on its page."""
        page = command.page
        if page is not None and not page.isVisible():
            self.show_page(next(name for name, known in self._pages.items() if known is page))
        if command.available and (page is None or page.isVisible()):
            command.action.trigger()
        else:
            self.context.status(tr("“{name}” cannot be done just now.", name=command.name))

    def why_not(self, command: Command) -> str:
        """Why a command cannot be called, as far as the window knows; otherwise ""."""
        document = self.context.document
        page_needs_project = command.page not in (None, self._pages.get("classify"))
        if document is None and (page_needs_project or not command.action.isEnabled()):
            return tr("open a project first")
        if document is not None and document.read_only and not command.action.isEnabled():
            return tr("open for reading only")
        return ""

    def open_palette(self) -> None:
        """Let the person find a command, a photo or a landmark by its name."""
        from landmark_gui.gui.palette import Palette
        from landmark_gui.gui.palette_items import Search

        if self._palette is None:
            self._palette = Palette(self, self.context.commands)
            self.context.document_changed.connect(self._palette.close_again)
        if self._palette.isVisible():
            self._palette.close_again()
        else:
            self._palette.open(Search(self))
            self._build_pages()

    def open_shortcuts(self) -> None:
        """Show all commands with their keys, which can be changed there."""
        from landmark_gui.gui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.context.commands, self).open()
        self._build_pages()

    @property
    def history_shown(self) -> bool:
        """Whether the history panel is to be seen beside an open project."""
        return self.context.settings.get("window.history", False)

    def toggle_history(self) -> None:
        """Show or hide the history panel."""
        before = self.focusWidget()
        self.context.settings.set("window.history", not self.history_shown)
        self._show_history()
        if self._history is None:
            return
        if self._history.isVisible():
            self._before_history = before
            self._history.panel.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif before is None or self._history.isAncestorOf(before):
            self._leave_history()

    def _leave_history(self) -> None:
        """Give the focus back to where it was, else it would go to the steps at the left."""
        before, self._before_history = self._before_history, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_history(self) -> None:
        wanted = self.history_shown and self.context.document is not None
        if wanted and self._history is None:
            from landmark_gui.gui.history_panel import HistoryDock

            self._history = HistoryDock(self.context, self)
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._history)
            width = min(max(self.context.settings.get("history.width", 280), 0), 2000)
            self.resizeDocks([self._history], [width], Qt.Orientation.Horizontal)
        if self._history is not None:
            self._history.setVisible(wanted)

    def _build_pages(self) -> None:
        """Build the pages that nobody has visited, so that their commands are known."""
        if len(self._pages) < len(PAGES):
            import_pages(self._build_next_page)

    def _build_next_page(self, _: object = None) -> None:
        missing = next((name for name in PAGES if name not in self._pages), None)
        if missing is not None:  # one between two events: each takes a frame or two
            self._page(missing)
            QTimer.singleShot(0, self, self._build_next_page)

    def _page(self, name: str) -> QWidget:
        if name not in self._pages:
            self._pages[name] = page_class(name)(self.context)
            self._pages[name].setAccessibleName(page_titles()[name][0])
            self._stack.addWidget(self._pages[name])
            self._status.come_last()
            if name in self._kept:
                self._pages[name].take(self._kept.pop(name))  # type: ignore[attr-defined]  # see `build_again`
        return self._pages[name]

    def _step_button(self, name: str, title: str, tooltip: str) -> StepButton:
        step = StepButton(name, title)
        step.setToolTip(tooltip)
        step.clicked.connect(lambda: self.show_page(name))
        return step

    def _make_commands(self) -> None:
        commands = self.context.commands
        add = partial(commands.add, owner=self, category=tr("Pages"))
        for number, (name, (title, tooltip)) in enumerate(page_titles().items(), 1):
            go, text = partial(self.show_page, name), tr("Go to {page}", page=title)
            add(f"go.{name}", text, go, f"Alt+{number}", icon_name=name)
            commands.hint(self._steps[name], f"go.{name}", tooltip)
        text = tr("Press the main button of the page")
        keys = ("Ctrl+Return", "Ctrl+Enter")
        self._primary = add("page.primary", text, self.primary_action, *keys)

    def _lay_out(self) -> None:
        self._rail = Rail(self._steps.values())
        content = QVBoxLayout()
        content.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        content.setSpacing(theme.M)
        content.addWidget(self._banner)
        content.addWidget(self._room, 1)
        self._central = central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addLayout(content, 1)
        self.setCentralWidget(central)
        central.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        central.setFocus()  # else the first step would show a focus ring from the start

    def _make_status_line(self) -> None:
        self._status, self._saved = StatusLine(self.context.activities), label()
        self._status.page_requested.connect(self.show_page)
        self._saved.setObjectName("save_state")
        self.statusBar().addWidget(self._status, 1)
        self.statusBar().addPermanentWidget(self._saved)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        context = self.context
        context.document_changed.connect(self._document_changed)
        context.status_changed.connect(lambda text: self._status.say(text))
        context.page_requested.connect(self.show_page)
        context.faults_counted.connect(self._show_faults)
        context.open_folder_requested.connect(lambda: self.opening.ask_folder())
        context.open_project_requested.connect(lambda: self.opening.ask_project())

    def _connect_parts(self) -> None:
        self._welcome.project_chosen.connect(self.opening.open)
        self._welcome.dropped.connect(self.opening.open_dropped)
        self.context.sample_requested.connect(self.sampling.make)
        self.sampling.made.connect(self.opening.open)
        self.sampling.made.connect(lambda _: self.guide.show())
        self.sampling.failed.connect(lambda text: self.show_message(text, "danger"))
        self.opening.failed.connect(lambda text: self.show_message(text, "danger"))
        self.opening.model_dropped.connect(self.errands.classify_with)
        self.opening.photos_dropped.connect(self.errands.classify)
        self.opening.boxes_dropped.connect(self.exchange.ask_import_dropped)

    def _document_changed(self, document: object) -> None:
        opened = self.context.document
        self._banner.hide()
        self._scan_status = None
        self.setWindowTitle("Landmark GUI" if opened is None else f"{opened.name} – Landmark GUI")
        self._saved.clear()
        self._status.hold(tr("Ready. Open a folder of photos, or try the sample."))
        if opened is not None:
            opened.message.connect(lambda text: self.show_message(text, "warning"))
            opened.stepped.connect(self.context.status)
            opened.save_state.connect(self._show_save_state)
            opened.folder_missing.connect(self._show_folder_missing)
            opened.folder_changed.connect(lambda: self._banner.hide())
            opened.scan_finished.connect(self._scanned)
            self._scan_status = ScanStatus(opened, self._hold, self.context.activities)
            if opened.notice:
                self.show_message(opened.notice, "warning")
            QTimer.singleShot(WARM_UP_MS, self, import_pages)
        self.show_page(self.current_page if opened is not None else "label")
        self._show_history()

    def _scanned(self, found: int) -> None:
        document = self.context.document
        if document is None:
            return
        if found and self.menus.offers_folder_labels():
            text = tr(
                "The photos lie in folders. If each folder is one landmark, all are named at once."
            )
            do = tr("Name landmarks after the folders")
            self.show_message(text, "info", do, self.name_after_folders)

    def name_after_folders(self) -> None:
        """Name each photo's landmark after its folder; the offer to do so is over."""
        if self.context.document is not None:
            self.context.document.label_by_folder()
            self._banner.hide()

    def _hold(self, text: str) -> None:
        self._status.hold(text)

    def _show_save_state(self, state: str) -> None:
        texts = {
            "saving": tr("Saving…"),
            "saved": tr("All changes saved"),
            "failed": tr("Not saved yet – trying again"),
        }
        if state == "failed" or self._saved.text() == texts["failed"]:  # not each time it is saved
            accessible.announce(self._saved, texts[state], urgent=state == "failed")
        self._saved.setText(texts[state])
        set_role(self._saved, "danger" if state == "failed" else "muted")

    def _show_faults(self, count: int) -> None:
        self._faults = count
        text = ntr("{n} fault", "{n} faults", count)
        self._steps["quality"].set_badge(count, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rail.fit(event.size().width())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            theme.refresh()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.opening.open_dropped(paths)
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_stop_work() or not self.opening.close_document():
            event.ignore()
            return
        self.closed.emit()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.context.settings.set("window.geometry", geometry)
        self.context.settings.set("window.page", self.current_page)
        self._remember_history_width()
        self.help.close()
        self.context.shutdown()
        event.accept()

    def _remember_history_width(self) -> None:
        if self._history is not None:
            self.context.settings.set("history.width", self._history.width())

    def _may_stop_work(self) -> bool:
        at_work = self.context.at_work()
        if not at_work:
            return True
        answer = QMessageBox.question(
            self,
            tr("Work is going on"),
            literal("\n".join([*at_work, "", tr("Stop it and close the window?")])),
            QMessageBox.StandardButton.Close | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Close

    def _restore_state(self) -> None:
        self.setMinimumSize(_SMALLEST)
        self.resize(_USUAL.boundedTo(self.screen().availableSize()))
        geometry = self.context.settings.get("window.geometry", "")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode())))
        self._steps.get(
            self.context.settings.get("window.page", "label"), self._steps["label"]
        ).setChecked(True)
