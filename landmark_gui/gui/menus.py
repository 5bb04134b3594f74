"""The menu bar and what its entries do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from landmark_gui.core.formats import FOLDERS, TITLES
from landmark_gui.core.i18n import LANGUAGES, tr
from landmark_gui.gui import theme
from landmark_gui.gui.commands import plain
from landmark_gui.gui.recent_menu import RecentMenu

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

_ICONS = {
    "file.open_folder": "open",
    "edit.undo": "undo",
    "edit.redo": "redo",
    "view.history": "history",
    "help.manual": "manual",
    "help.palette": "search",
    "help.shortcuts": "keyboard",
}


class Menus(QObject):
    """Builds the menus of the window and keeps their entries enabled as they make sense."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._context = window, window.context
        self._file_menu()
        self._edit_menu()
        self._view_menu()
        self._help_menu()
        self._context.document_changed.connect(self._document_changed)
        self._document_changed(self._context.document)

    def offers_folder_labels(self) -> bool:
        """Whether the photos lie in at least two folders and none has a landmark yet."""
        document = self._context.document
        if document is None or document.project.landmarks or document.read_only:
            return False
        photos = document.project.photos.values()
        return len({photo.path.rpartition("/")[0] for photo in photos}) > 1

    def _file_menu(self) -> None:
        menu = self._menu(tr("&File"))
        opening = self._window.opening
        add = partial(self._add, menu)
        add("file.open_folder", tr("Open folder of photos…"), opening.ask_folder, "Ctrl+O")
        add("file.open_project", tr("Open project…"), opening.ask_project, "Ctrl+Shift+O")
        add("file.sample", tr("Sample project of drawn photos…"), self._window.sampling.ask)
        self._recent = RecentMenu(self._context.settings, opening.open, menu)
        menu.addMenu(self._recent)
        self._locate = add(
            "file.locate_photos", tr("Locate the photo folder…"), opening.ask_photos_folder
        )
        menu.addSeparator()
        self._exchange_menus(menu)
        menu.addSeparator()
        self._close = add("file.close", tr("Close project"), opening.close_document, "Ctrl+W")
        add("file.quit", tr("Quit"), self._window.close, "Ctrl+Q")

    def _exchange_menus(self, menu: QMenu) -> None:
        exchange, category = self._window.exchange, tr("File")
        self._import = menu.addMenu(tr("Import boxes"))
        self._export = menu.addMenu(tr("Export boxes"))
        add = partial(self._add, self._import, category=category)
        add("file.import", tr("Import boxes from a file…"), exchange.ask_import_file)
        for key in FOLDERS:
            text = tr("Import {form} files from a folder…", form=TITLES[key])
            add(f"file.import_{key}", text, partial(exchange.ask_import_folder, key))
        for key, title in TITLES.items():
            self._add(
                self._export,
                f"file.export_{key}",
                tr("Export boxes as {form}…", form=title),
                partial(exchange.ask_export, key),
                category=category,
            )

    def _edit_menu(self) -> None:
        menu = self._menu(tr("&Edit"))
        add = partial(self._add, menu)
        self._undo = add("edit.undo", tr("Undo"), self._do_undo, "Ctrl+Z")
        self._redo = add("edit.redo", tr("Redo"), self._do_redo, "Ctrl+Y", "Ctrl+Shift+Z")
        menu.addSeparator()
        self._by_folder = add(
            "edit.label_by_folder",
            tr("Name landmarks after the folders"),
            self._window.name_after_folders,
        )

    def _view_menu(self) -> None:
        menu, window = self._menu(tr("&View")), self._window
        themes = {
            "system": tr("Follow the system"),
            "light": tr("Light"),
            "dark": tr("Dark"),
            "strong-light": tr("High contrast, light"),
            "strong-dark": tr("High contrast, dark"),
        }
        self._history = self._add(
            menu, "view.history", tr("History of edits"), window.toggle_history, "F8"
        )
        self._history.setCheckable(True)
        menu.aboutToShow.connect(self._show_history_state)
        menu.addSeparator()
        self._choices(menu, tr("Theme"), themes, "theme", "system", theme.apply)
        languages, speak = {"": tr("Follow the system"), **LANGUAGES}, window.language.choose
        self._choices(menu, tr("Language"), languages, "language", "", speak)

    def _help_menu(self) -> None:
        menu, window = self._menu(tr("&Help")), self._window
        add = partial(self._add, menu)
        add("help.manual", tr("Manual"), window.help.open, "F1")
        add("help.quick_start", tr("Quick start"), window.help.quick_start)
        add("help.news", tr("What is new"), window.help.news)
        menu.addSeparator()
        add("help.palette", tr("Find a command…"), window.open_palette, "Ctrl+Shift+P", "Ctrl+K")
        add("help.shortcuts", tr("Keyboard shortcuts…"), window.open_shortcuts, "Ctrl+F1", "?")
        menu.addSeparator()
        steps = add("help.first_steps", tr("First steps"), window.guide.toggle)
        steps.setCheckable(True)
        menu.aboutToShow.connect(lambda: steps.setChecked(window.guide.shown))
        menu.addSeparator()
        add("help.log_folder", tr("Show the log folder"), self._show_logs)
        add("help.reset", tr("Reset settings…"), self._reset)
        menu.addSeparator()
        self._add(menu, "help.about", tr("About Landmark GUI"), self._about)

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self,
        menu: QMenu,
        id_: str,
        text: str,
        on_trigger: Callable[[], Any],
        *keys: str,
        category: str = "",
        name: str = "",
    ) -> QAction:
        """A command of the window, and its entry in `menu`."""
        action = self._context.commands.add(
            id_,
            text,
            on_trigger,
            *keys,
            owner=self._window,
            category=category or plain(menu.title()),
            icon_name=_ICONS.get(id_, ""),
            name=name,
        )
        menu.addAction(action)
        return action

    def _choices(
        self,
        menu: QMenu,
        title: str,
        choices: dict[str, str],
        key: str,
        default: str,
        on_choice: Callable[[str], Any],
    ) -> None:
        """A sub-menu of exclusive choices that is remembered under `key`."""
        group = QActionGroup(self)
        sub_menu, category = menu.addMenu(title), plain(menu.title())
        for value, text in choices.items():
            choose, name = partial(self._choose, key, value, on_choice), f"{title}: {text}"
            id_ = f"{key}.{value or 'system'}"
            action = self._add(sub_menu, id_, text, choose, category=category, name=name)
            action.setCheckable(True)
            action.setChecked(self._context.settings.get(key, default) == value)
            group.addAction(action)

    def _choose(self, key: str, value: str, on_choice: Callable[[str], Any]) -> None:
        self._context.settings.set(key, value)
        on_choice(value)

    def _show_history_state(self) -> None:
        self._history.setChecked(self._window.history_shown)

    def _document_changed(self, _: object) -> None:
        document = self._context.document
        if document is not None:
            document.edited.connect(self._refresh)
            document.photos_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        document = self._context.document
        self._history.setEnabled(document is not None)
        self._undo.setEnabled(document is not None and document.can_undo)
        self._redo.setEnabled(document is not None and document.can_redo)
        self._undo.setText(tr("Undo") if document is None else document.undo_text)
        self._redo.setText(tr("Redo") if document is None else document.redo_text)
        may_change = document is not None and not document.read_only
        imports = (*self._import.actions(), self._import.menuAction())
        for action in (*imports, self._locate, self._by_folder):
            action.setEnabled(may_change)
        for action in (*self._export.actions(), self._export.menuAction(), self._close):
            action.setEnabled(document is not None)

    def _do_undo(self) -> None:
        if self._context.document is not None:
            self._context.document.undo()

    def _do_redo(self) -> None:
        if self._context.document is not None:
            self._context.document.redo()

    def _show_logs(self) -> None:
        from landmark_gui.core.log_files import log_folder
        from landmark_gui.gui.file_manager import show_folder

        show_folder(log_folder())

    def _reset(self) -> None:
        from landmark_gui.gui.reset import ask_reset

        ask_reset(self._window)

    def _about(self) -> None:
        from landmark_gui.gui.dialogs.about import AboutDialog

        AboutDialog(self._window).open()
