"""The landmarks: choose, add, rename, recolour, delete."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core import edits
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Landmark
from landmark_gui.gui import theme
from landmark_gui.gui.commands import Commands, tooltip
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.label.landmark_model import LandmarkDelegate, LandmarkModel
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.rows import paint_swatch


class LandmarkPanel(QWidget):
    """The list of landmarks; its current row is the landmark of the next box.

    Signals:
        refused(str): why something was not done.
    """

    refused = Signal(str)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setObjectName("landmark_panel")
        self._commands = commands
        self._document: Document | None = None
        self.model = LandmarkModel()
        self.model.setParent(self)
        self.model.refused.connect(self.refused)
        self.list = self._make_list()
        self.add_field = self._make_field()
        self._empty = wrapped(tr("None yet. Draw a box, or add the first name below."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._make_actions()
        self._lay_out()
        self.model.modelReset.connect(self._reset)

    def set_document(self, document: Document | None) -> None:
        self._document = document
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

    # Intents

    def add(self, name: str) -> None:
        """Add a landmark and choose it; a name that exists is only chosen."""
        name = name.strip()
        if self._document is None or not name:
            return
        if self._document.project.landmark_named(name) is None:
            self._document.do(edits.add_landmark(self._document.project, name))
        mark = self._document.project.landmark_named(name)
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

    def delete(self) -> None:
        """Delete the current landmark, after asking if it has boxes."""
        mark = self.current()
        if self._document is not None and mark is not None and self._may_delete(mark):
            self._document.do(edits.delete_landmark(self._document.project, mark))

    def _may_delete(self, mark: Landmark) -> bool:
        count = self.model.boxes(mark.id)
        if not count:
            return True
        question = ntr(
            "Delete “{name}” and its box?",
            "Delete “{name}” and its {n} boxes?",
            count,
            name=mark.name,
        )
        box = QMessageBox(QMessageBox.Icon.Question, tr("Delete landmark"), question, parent=self)
        box.setInformativeText(tr("You can undo this."))
        delete = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is delete

    def _ask_color(self) -> None:
        mark = self.current()
        if mark is None:
            return
        chosen = QColorDialog.getColor(
            QColor(mark.color), self, tr("Colour of {name}", name=mark.name)
        )
        if chosen.isValid():
            self.recolor(chosen.name())

    # Widgets

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("landmark_list")
        view.setAccessibleName(tr("Landmarks"))
        view.setModel(self.model)
        view.setItemDelegate(LandmarkDelegate(self.model))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.selectionModel().currentChanged.connect(self._row_chosen)
        return view

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("add_landmark_field")
        field.setPlaceholderText(tr("Add a landmark…"))
        field.setAccessibleName(tr("Name of a new landmark"))
        field.setToolTip(tr("Type a name and press Enter (N)"))
        field.addAction(icon("add", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        field.returnPressed.connect(lambda: self.add(field.text()))
        return field

    def _make_actions(self) -> None:
        add = partial(self._commands.add, owner=self, category=tr("Landmark"))
        add("landmark.add", tr("Add a landmark"), self.focus_add, "N")
        self._rename = add(
            "landmark.rename", tr("Rename the landmark"), self.rename, "F2", icon_name="edit"
        )
        self._rename.setIconText(tr("Rename"))
        self._delete = QAction(icon("delete"), tr("Delete"), self.list)
        self._delete.setShortcut(QKeySequence("Del"))  # the canvas has that key for boxes
        self._delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._delete.setToolTip(tooltip(tr("Delete"), self._delete))
        self._delete.triggered.connect(lambda: self.delete())
        self.list.addAction(self._delete)
        self._colors = QMenu(tr("Colour"), self)
        for color, name in zip(edits.PALETTE, _palette_names(), strict=True):
            action = self._colors.addAction(_swatch_icon(color), name)
            action.triggered.connect(partial(self.recolor, color))
        self._colors.addSeparator()
        self._colors.addAction(tr("Other colour…"), self._ask_color)
        self._colors.menuAction().setIcon(icon("palette"))

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

    def _open_menu(self, place: QPoint) -> None:
        if not self.list.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.addAction(self._rename)
        menu.addMenu(self._colors)
        menu.addAction(self._whole_photo_action(menu))
        menu.addSeparator()
        menu.addAction(self._delete)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _whole_photo_action(self, menu: QMenu) -> QAction:
        photo = self._document.current_photo if self._document else None
        mark = self.current()
        action = QAction(tr("The whole photo is this landmark"), menu)
        action.setCheckable(True)
        if photo is None or mark is None or self._document is None:
            action.setEnabled(False)
            return action
        is_it = photo.landmark_id == mark.id
        action.setChecked(is_it)
        edit = edits.set_photo_landmark(photo, None if is_it else mark.id)
        action.triggered.connect(partial(self._document.do, edit))
        return action

    # Following the document

    def _edited(self, edit: Edit) -> None:
        self.model.apply(edit)

    def _reset(self) -> None:
        some = self.model.rowCount() > 0
        self._empty.setVisible(not some)
        self.list.setVisible(some)
        for action in (self._rename, self._delete, self._colors.menuAction()):
            action.setEnabled(some)
        self._select(self._document.current_landmark_id if self._document else None)

    def _select(self, landmark_id: int | None) -> None:
        row = self.model.row_of(landmark_id)
        self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self._document is not None and current.isValid():
            self._document.set_current_landmark(self.model.landmark(current.row()).id)


def _palette_names() -> tuple[str, ...]:
    """What people call the colours of `edits.PALETTE`."""
    return (
        tr("Orange"),
        tr("Sky blue"),
        tr("Green"),
        tr("Yellow"),
        tr("Blue"),
        tr("Vermilion"),
        tr("Pink"),
        tr("Violet"),
    )


def _swatch_icon(color: str) -> QIcon:
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_swatch(painter, picture.rect().adjusted(2, 2, -2, -2), color)
    painter.end()
    return QIcon(picture)
