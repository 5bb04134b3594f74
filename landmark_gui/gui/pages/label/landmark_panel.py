"""The landmarks: choose, add, rename, recolour, order, merge, delete."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core import edits
from landmark_gui.core.errors import NameRefused
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Edit, Landmark
from landmark_gui.gui import theme
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.label.landmark_list import LandmarkList
from landmark_gui.gui.pages.label.landmark_menus import (
    ask_color,
    color_menu,
    fill_key_menu,
    fill_merge_menu,
)
from landmark_gui.gui.pages.label.landmark_model import LandmarkModel
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import heading, search_field, wrapped

SEARCHED_FROM = 12
"""With more landmarks than these there is a field to search them."""


class LandmarkPanel(QWidget):
    """The list of landmarks; its current row is the landmark of the next box.

    Signals:
        refused(str): why something was not done.
        told(str): what was done, where it is not plain to see.
        filter_wanted(int): the person wants to see the photos with this landmark.
        left(): the person goes from a field back to the photo.
    """

    refused = Signal(str)
    told = Signal(str)
    filter_wanted = Signal(int)
    left = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("landmark_panel")
        self._commands = commands
        self._document: Document | None = None
        self.model = LandmarkModel()
        self.model.setParent(self)
        self.model.refused.connect(self.refused)
        self.model.namesake.connect(self._ask_merge)
        self.list = self._make_list()
        self.search, self.add_field = self._make_search(), self._make_field()
        self._empty = wrapped(tr("None yet. Draw a box, or add the first name below."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._make_menus()
        self._make_commands()
        self._lay_out()
        self.model.modelReset.connect(self._reset)

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self.search.clear()
        self.model.set_document(document)
        if document is not None:
            document.edited.connect(self._edited)
            document.landmark_changed.connect(self._select)
        self._reset()

    def current(self) -> Landmark | None:
        """The landmark of the current row."""
        index = self.list.currentIndex()
        return self.model.landmark(index.row()) if index.isValid() else None

    def landmark_with_key(self, key: str) -> Landmark | None:
        marks = self._document.project.ordered_landmarks() if self._document else []
        return next((mark for mark in marks if mark.key == key), None)

    def focus_add(self) -> None:
        """Let the person type the name of a new landmark."""
        self.add_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.add_field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc empties a field, and leaves it when it is empty."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Escape and isinstance(watched, QLineEdit):
            if watched.text():
                watched.clear()
            else:
                self.left.emit()
            return True
        return super().eventFilter(watched, event)

    # Intents

    def add(self, name: str) -> None:
        """Add a landmark and choose it; one that has the name already is only chosen."""
        if self._document is None or not name.strip():
            return
        try:
            name = edits.clean_name(name)
        except NameRefused as error:
            self.refused.emit(str(error))
            return
        known = edits.namesake(self._document.project, name)
        if known is None:
            self._document.do(edits.add_landmark(self._document.project, name))
        else:
            self.told.emit(tr("There is “{name}” already; it was chosen.", name=known.name))
        mark = edits.namesake(self._document.project, name)
        if mark is not None:  # it is still missing where the project is read-only
            self._document.set_current_landmark(mark.id)
            self.add_field.clear()

    def rename(self) -> None:
        """Edit the name of the current landmark in place."""
        if self.current() is not None:
            self.list.edit(self.list.currentIndex())

    def recolor(self, color: str) -> None:
        mark = self.current()
        if self._document is not None and mark is not None and color != mark.color:
            self._document.do(edits.recolor_landmark(mark, color))

    def set_key(self, key: str) -> None:
        """Give the current landmark a digit, or none (""); who had it gives it up."""
        mark = self.current()
        if self._document is not None and mark is not None:
            self._document.do(edits.set_landmark_key(self._document.project, mark, key))

    def shift(self, by: int) -> None:
        """Put the current landmark higher (-1) or lower (1) in the list."""
        mark = self.current()
        if mark is not None:
            row = self.list.currentIndex().row()
            self.model.move(mark, max(row - 1, 0) if by < 0 else row + 2)

    def merge(self, into_id: int) -> None:
        """Give all that is the current landmark to another one."""
        mark = self.current()
        if mark is not None:
            self._merge(mark.id, into_id)

    def delete(self) -> None:
        """Delete the current landmark, after asking if there is anything of it."""
        mark = self.current()
        if self._document is not None and mark is not None and self._may_delete(mark):
            self._document.do(edits.delete_landmark(self._document.project, mark))

    def name_whole_photo(self) -> None:
        """Say that the whole photo on show is the current landmark, or that it is not."""
        mark, document = self.current(), self._document
        photo = document.current_photo if document else None
        if document is not None and mark is not None and photo is not None:
            named = None if photo.landmark_id == mark.id else mark.id
            document.do(edits.set_photos_landmark([photo], named))
        self._show_whole()

    def _merge(self, gone_id: int, into_id: int) -> None:
        document = self._document
        marks = document.project.landmarks if document else {}
        gone, into = marks.get(gone_id), marks.get(into_id)
        if document is None or gone is None or into is None:
            return
        count = self.model.count_text(gone.id)
        document.do(edits.merge_landmarks(document.project, gone, into))
        if gone.id not in document.project.landmarks:  # read-only projects keep it
            document.set_current_landmark(into.id)
            said = tr(
                "“{gone}” ({count}) is now “{into}”.", gone=gone.name, count=count, into=into.name
            )
            self.told.emit(said)

    def _ask_merge(self, renamed_id: int, twin_id: int) -> None:
        # Once the field is closed: a dialog would pull the focus from under it.
        QTimer.singleShot(0, self, partial(self._really_merge, renamed_id, twin_id))

    def _really_merge(self, renamed_id: int, twin_id: int) -> None:
        marks = self._document.project.landmarks if self._document else {}
        mark, twin = marks.get(renamed_id), marks.get(twin_id)
        if mark is None or twin is None:
            return
        count = self.model.count_text(mark.id)
        question = tr(
            "There is “{name}” already. Merge “{gone}” ({count}) into it?",
            name=twin.name,
            gone=mark.name,
            count=count,
        )
        if self._sure(tr("Merge landmarks"), question, tr("Merge")):
            self._merge(renamed_id, twin_id)

    def _may_delete(self, mark: Landmark) -> bool:
        if not self.model.boxes(mark.id) and not self.model.photos(mark.id):
            return True
        count = self.model.count_text(mark.id)
        question = tr(
            "Delete “{name}” and all there is of it ({count})?", name=mark.name, count=count
        )
        return self._sure(tr("Delete landmark"), question, tr("Delete"))

    def _sure(self, title: str, question: str, yes: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(tr("You can undo this."))
        sure = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is sure

    def _ask_color(self) -> None:
        mark = self.current()
        color = ask_color(self, mark) if mark is not None else None
        if color is not None:
            self.recolor(color)

    # Widgets

    def _make_list(self) -> LandmarkList:
        view = LandmarkList(self.model)
        view.customContextMenuRequested.connect(self._open_menu)
        view.selectionModel().currentChanged.connect(self._row_chosen)
        view.count_pressed.connect(self.filter_wanted)
        return view

    def _make_search(self) -> QLineEdit:
        search = search_field("landmark_search", tr("Search landmarks"))
        search.textChanged.connect(self.model.set_search)
        search.returnPressed.connect(self._take_first)
        search.installEventFilter(self)
        return search

    def _take_first(self) -> None:
        """Choose the first landmark that was found, and show all of them again."""
        if self._document is not None and self.model.rowCount():
            found = self.model.landmark(0).id
            self.search.clear()
            self._document.set_current_landmark(found)
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("add_landmark_field")
        field.setPlaceholderText(tr("Add a landmark…"))
        field.setAccessibleName(tr("Name of a new landmark"))
        field.addAction(icon("add", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        accessible.name_buttons(field, tr("Name of a new landmark"))
        field.returnPressed.connect(lambda: self.add(field.text()))
        field.installEventFilter(self)
        self._commands.hint(field, "landmark.add", tr("Type a name and press Enter"))
        return field

    def _make_menus(self) -> None:
        self._colors = color_menu(self, self.recolor, self._ask_color)
        self._keys, self._merges = QMenu(tr("Key"), self), QMenu(tr("Merge into"), self)
        self._keys.aboutToShow.connect(self._fill_keys)
        self._merges.aboutToShow.connect(self._fill_merges)

    def _make_commands(self) -> None:
        add = partial(self._commands.add, owner=self, category=tr("Landmark"))
        self._add = add("landmark.add", tr("Add a landmark"), self.focus_add, "N")
        rename = tr("Rename the landmark")
        self._rename = add("landmark.rename", rename, self.rename, "F2", icon_name="edit")
        self._rename.setIconText(tr("Rename"))
        up, down = partial(self.shift, -1), partial(self.shift, 1)
        self._up = add("landmark.up", tr("Move the landmark up"), up, "Alt+Up")
        self._down = add("landmark.down", tr("Move the landmark down"), down, "Alt+Down")
        self._of_one = [self._rename, self._up, self._down]
        for id_, text, menu in (
            ("landmark.recolor", tr("Colour of the landmark…"), self._colors),
            ("landmark.key", tr("Key of the landmark…"), self._keys),
            ("landmark.merge", tr("Merge the landmark into another…"), self._merges),
        ):
            self._of_one += [add(id_, text, partial(self._pop_up, menu)), menu.menuAction()]
        whole = tr("The whole photo is this landmark")
        self._whole = QAction(whole, self, checkable=True)  # the flow has the command for it
        self._whole.triggered.connect(lambda: self.name_whole_photo())
        self._delete = self._commands.add(
            "landmark.delete",
            tr("Delete the landmark"),
            self.delete,
            "Del",
            owner=self.list,  # the canvas has that key for boxes
            focused=True,
            category=tr("Landmark"),
            icon_name="delete",
        )
        self._delete.setIconText(tr("Delete"))
        self._of_one += [self._whole, self._delete]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(heading(tr("Landmarks"), "subtitle"), 1)
        for name, action in (
            ("edit_landmark", self._rename),
            ("recolor_landmark", self._colors.menuAction()),
            ("delete_landmark", self._delete),
        ):
            top.addWidget(self._tool_button(name, action))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(top)
        layout.addWidget(self.search)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.add_field)

    def _tool_button(self, name: str, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(name)
        button.setAccessibleName(tr("{action} landmark", action=action.iconText()))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    # Menus

    def _open_menu(self, place: QPoint) -> None:
        if not self.list.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.addAction(self._rename)
        menu.addMenu(self._colors)
        menu.addMenu(self._keys)
        menu.addMenu(self._merges)
        menu.addSeparator()
        menu.addAction(self._up)
        menu.addAction(self._down)
        menu.addSeparator()
        menu.addAction(self._whole)
        menu.addSeparator()
        menu.addAction(self._delete)
        self._show_whole()
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _pop_up(self, menu: QMenu) -> None:
        """Open a menu of the current landmark beside its row."""
        if self.current() is not None:
            row = self.list.visualRect(self.list.currentIndex())
            menu.popup(self.list.viewport().mapToGlobal(row.bottomLeft()))

    def _fill_keys(self) -> None:
        mark = self.current()
        if self._document is not None and mark is not None:
            fill_key_menu(self._keys, self._document.project, mark, self.set_key)

    def _fill_merges(self) -> None:
        mark = self.current()
        if self._document is not None and mark is not None:
            count = self.model.count_text
            fill_merge_menu(self._merges, self._document.project, mark, count, self.merge)

    def _show_whole(self) -> None:
        photo = self._document.current_photo if self._document else None
        mark = self.current()
        self._whole.setChecked(bool(photo and mark and photo.landmark_id == mark.id))

    # Following the document

    def _edited(self, edit: Edit) -> None:
        self.model.apply(edit)
        self._show_whole()

    def _reset(self) -> None:
        project = self._document.project if self._document else None
        count = len(project.landmarks) if project else 0
        self.search.setVisible(count > SEARCHED_FROM)
        if count <= SEARCHED_FROM and self.search.text():
            self.search.clear()
        self._empty.setVisible(not count)
        self.list.setVisible(bool(count))
        may_change = self._document is not None and not self._document.read_only
        self.add_field.setEnabled(may_change)
        self._add.setEnabled(may_change)
        for action in self._of_one:
            action.setEnabled(may_change and count > 0)
        self._select(self._document.current_landmark_id if self._document else None)

    def _select(self, landmark_id: int | None) -> None:
        row = self.model.row_of(landmark_id)
        self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        self._show_whole()

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self._document is not None and current.isValid():
            self._document.set_current_landmark(self.model.landmark(current.row()).id)
