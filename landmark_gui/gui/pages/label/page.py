"""The Label page: photo list, canvas, landmarks; all changes go through the document."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import chain
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Box, Change, Edit, Photo
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import Shape
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label.box_commands import BoxCommands
from landmark_gui.gui.pages.label.box_panel import BoxPanel
from landmark_gui.gui.pages.label.canvas_panel import CanvasPanel
from landmark_gui.gui.pages.label.canvas_tools import CanvasTools
from landmark_gui.gui.pages.label.flow import Flow
from landmark_gui.gui.pages.label.flow_bar import FlowBar
from landmark_gui.gui.pages.label.jumps import add_jumps
from landmark_gui.gui.pages.label.landmark_panel import LandmarkPanel
from landmark_gui.gui.pages.label.photo_panel import PhotoPanel
from landmark_gui.gui.pages.label.photo_query import PhotoQuery
from landmark_gui.gui.pages.label.proposals import PROPOSAL, ProposalFlow
from landmark_gui.gui.widgets.common import EmptyState
from landmark_gui.gui.widgets.handed_focus import HandedFocus
from landmark_gui.gui.widgets.note_stack import NoteStack

_REMEMBER_MS = 400
_LARGEST = 100_000  # pixels; settings are a file that anybody can write
_SIZES = {"label.splitter": [250, 760, 250], "label.side_splitter": [360, 240]}


class LabelPage(QWidget):
    """Draw boxes around landmarks and name them."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.document: Document | None = None
        self._draft: Rect | None = None
        self._renamed: str | None = None
        self._just_drawn: str | None = None
        self._shown: Photo | None = None
        self._loaded: dict[Path, tuple[int, ...]] = {}
        self.photos, self.middle = PhotoPanel(), CanvasPanel(context.commands)
        self.landmarks, self.boxes = LandmarkPanel(context.commands), BoxPanel()
        self.canvas = self.middle.canvas
        self.flow = Flow(self.photos)
        self.bar = FlowBar(context.commands, self.flow)
        self.tools = CanvasTools(context, self.canvas, self)
        self.middle.add_tool(self.tools.button)
        self.box_commands = BoxCommands(context, self.canvas, self)
        self.proposals = ProposalFlow(context, self.photos, self.canvas, self)
        self.middle.add_tool(self.proposals.button)
        self._side = QSplitter(Qt.Orientation.Vertical)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._stack = NoteStack(self._splitter)
        self._lay_out()
        self._connect()
        self._make_commands()
        context.document_changed.connect(self._set_document)
        self._set_document(context.document)

    # Layout

    def _lay_out(self) -> None:
        self._side.addWidget(self.landmarks)
        self._side.addWidget(self.boxes)
        self.middle.add_bar(self.bar)
        self.middle.add_top_bar(self.proposals.bar)
        self._splitter.addWidget(self.photos)
        self._splitter.addWidget(self.middle)
        self._splitter.addWidget(self._side)
        self._splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        HandedFocus(self, self.canvas)  # the keys belong to the photo again after any button
        self.landmarks.setMinimumWidth(180)
        self.middle.hint.setVisible(self._context.settings.get("label.hint", True))
        self._remember = QTimer(self, singleShot=True, interval=_REMEMBER_MS)
        self._remember.timeout.connect(self._remember_sizes)
        for key, splitter in self._splitters().items():
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(theme.M)
            splitter.setObjectName(key.partition(".")[2])
            splitter.setSizes(self._remembered_sizes(key))
            splitter.splitterMoved.connect(self._remember.start)

    def _splitters(self) -> dict[str, QSplitter]:
        return dict(zip(_SIZES, (self._splitter, self._side), strict=True))

    def _remembered_sizes(self, key: str) -> list[int]:
        sizes = self._context.settings.get(key, _SIZES[key])
        fit = all(isinstance(size, int) and 0 <= size <= _LARGEST for size in sizes)
        return sizes if fit and len(sizes) == len(_SIZES[key]) else _SIZES[key]

    def _remember_sizes(self) -> None:
        for key, splitter in self._splitters().items():
            self._context.settings.set(key, splitter.sizes())

    def _close_hint(self) -> None:
        self._context.settings.set("label.hint", False)
        self.middle.hint.hide()

    def _show_stack(self) -> None:
        empty = self.document is None or not self.document.project.photos
        self._stack.set_note(self._nothing() if empty else None)

    def _nothing(self) -> QWidget:
        ask = self._context.open_folder_requested.emit
        if self.document is None:
            text = tr("Open a folder of photos to draw boxes around its landmarks.")
            return EmptyState("photo", tr("No photos are open"), text, tr("Open a folder…"), ask)
        text = tr(
            "No photo was found in {folder}. Put photos there, or open another folder.",
            folder=self.document.photos_dir,
        )
        return EmptyState("photo", tr("No photos yet"), text, tr("Open another folder…"), ask)

    # Wiring

    def _connect(self) -> None:
        canvas, middle = self.canvas, self.middle
        canvas.box_drawn.connect(self._drawn)
        canvas.boxes_changed.connect(self._moved)
        canvas.box_activated.connect(self._ask_rename)
        canvas.boxes_deleted.connect(self._delete)
        canvas.selection_changed.connect(self.boxes.select)
        self.boxes.selected.connect(canvas.select)
        self.boxes.activated.connect(self._ask_rename)
        self.boxes.delete_wanted.connect(canvas.delete_selected)
        self.boxes.menu_wanted.connect(self._open_box_menu)
        canvas.menu_wanted.connect(self._open_box_menu)
        self.photos.mark_wanted.connect(self.flow.mark)
        self.photos.whole_wanted.connect(self.flow.name_whole)
        self.photos.left.connect(self._to_canvas)
        self.flow.said.connect(self._context.status)
        self.flow.boxes_made.connect(canvas.select)
        self.flow.landmark_needed.connect(self.landmarks.focus_add)
        middle.step_wanted.connect(self.photos.step)
        middle.undo_wanted.connect(self._undo)
        middle.redo_wanted.connect(self._redo)
        middle.photo_shown.connect(self._prefetch)
        middle.photo_refused.connect(self._look_again)
        middle.hint_close.clicked.connect(self._close_hint)
        middle.prompt.answered.connect(self._answered)
        middle.prompt.given_up.connect(self._given_up)
        self.proposals.desk.changed.connect(self._show_proposal)
        self.landmarks.left.connect(self._to_canvas)
        self.landmarks.refused.connect(self._context.status)
        self.landmarks.told.connect(self._context.status)
        self.landmarks.filter_wanted.connect(self.photos.filter_by_landmark)

    def _make_commands(self) -> None:
        for key in edits.KEYS:  # these belong to the landmarks, not to the list of commands
            QShortcut(QKeySequence(key), self, partial(self.choose_key, key))
        add_jumps(self._context.commands, self, self.photos, self.flow)

    def _set_document(self, document: Document | None) -> None:
        self.document = document
        self.middle.loader.clear()
        self.canvas.editable = document is not None and not document.read_only
        if document is not None:
            document.current_changed.connect(self._show_current)
            document.edited.connect(self._edited)
            document.landmark_changed.connect(self._show_landmark)
            document.photos_changed.connect(self._photos_changed)
            document.folder_changed.connect(self._folder_changed)
        self.flow.set_document(document)
        self.proposals.set_document(document)
        self.landmarks.set_document(document)
        self.photos.set_document(document)
        self._show_stack()
        self._show_current()
        self._show_landmark()

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.proposals.takes(event):
            super().keyPressEvent(event)

    def primary_action(self) -> None:
        """Mark the photo as done and go on to the next."""
        self.flow.confirm()

    def keep(self) -> tuple[PhotoQuery, list[str]]:
        """What is listed and selected, for the page that takes the place of this one."""
        self.proposals.desk.write_now()  # it reads what it proposes from the file
        return self.photos.filters.query, self.canvas.selected()

    def take(self, kept: tuple[PhotoQuery, list[str]]) -> None:
        query, selected = kept
        self.photos.filters.change(query)
        self.canvas.select(selected)

    def choose_key(self, key: str) -> None:
        """Name the selected boxes by the landmark with this key, or choose it for the next.

        The box that was just drawn is selected: naming it does both.
        """
        mark, document = self.landmarks.landmark_with_key(key), self.document
        if document is None or mark is None or self.proposals.takes_key(mark.id):
            return
        if self.canvas.selected():
            self._relabel(self._selected_boxes(), mark.id)
        if self.canvas.selected() in ([], [self._just_drawn]):
            document.set_current_landmark(mark.id)

    def show_box(self, photo_id: int, box_id: str | None) -> None:
        """Show a photo with this box selected, or none; the filter may hide its row."""
        if self.document is not None and photo_id in self.document.project.photos:
            self.document.set_current(photo_id)
            self.canvas.select([box_id] if box_id else [])
            self._to_canvas()

    def _selected_boxes(self) -> list[Box]:
        assert self.document is not None
        boxes = self.document.project.boxes
        return [boxes[id_] for id_ in self.canvas.selected() if id_ in boxes]

    def _relabel(self, boxes: Iterable[Box], landmark_id: int) -> None:
        assert self.document is not None
        changed = [box for box in boxes if box.landmark_id != landmark_id]
        changes = (edits.change_box(box, landmark_id=landmark_id).changes for box in changed)
        self.document.do(Edit("relabel_box", tuple(chain.from_iterable(changes))))

    def _drawn(self, rect: Rect) -> None:
        assert self.document is not None
        landmark_id = self.document.current_landmark_id
        if landmark_id is None:
            self._draft = rect
            self.canvas.set_draft(rect)
            self._ask(rect)
        elif self.document.current_id is not None:
            edit = edits.add_box(self.document.current_id, landmark_id, rect)
            self.document.do(edit)
            self._select_drawn(edit)

    def _select_drawn(self, edit: Edit) -> None:
        """Select the box that was drawn, so that the next key can name it."""
        assert self.document is not None
        box_id = str(edit.changes[-1].row.id)
        if box_id in self.document.project.boxes:  # it is not where the project is read-only
            self._just_drawn = box_id
            self.flow.drawn(box_id)
            self.canvas.select([box_id])

    def _moved(self, rects: dict[str, Rect]) -> None:
        assert self.document is not None
        known, rects = self.document.project.boxes, self.proposals.moved(rects)
        changes = (edits.change_box(known[id_], rect=rect).changes for id_, rect in rects.items())
        self.document.do(Edit("move_box", tuple(chain.from_iterable(changes))))

    def _delete(self, ids: list[str]) -> None:
        assert self.document is not None
        boxes = [self.document.project.boxes[id_] for id_ in ids if id_ != PROPOSAL]
        self.document.do(edits.delete_boxes(boxes))
        if PROPOSAL in ids:
            self.proposals.refuse()

    def _open_box_menu(self, place: QPoint) -> None:
        """The menu of the selected boxes, at a place of the screen."""
        if self.canvas.selected() == [PROPOSAL]:
            self.proposals.menu().popup(place)
        elif self.canvas.selected():
            self.box_commands.menu(self).popup(place)

    def _undo(self) -> None:
        if self.document is not None:
            self.document.undo()

    def _redo(self) -> None:
        if self.document is not None:
            self.document.redo()

    def _look_again(self) -> None:
        """Perhaps the whole folder is gone: no system tells that of a folder that was moved."""
        if self.document is not None:
            self.document.start_scan()

    def _to_canvas(self) -> None:
        """To the list where there is no canvas, as with a photo that cannot be read."""
        shown = self.canvas if self.canvas.isVisible() else self.photos.list
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    # Naming in place

    def _ask_rename(self, box_id: str) -> None:
        if box_id == PROPOSAL:
            self.proposals.accept()
        elif self.document is not None and self.canvas.editable:
            box = self.document.project.boxes[box_id]
            self._renamed = box_id
            self._ask(box.rect, self.document.project.landmarks[box.landmark_id].name)

    def _ask(self, rect: Rect, text: str = "") -> None:
        assert self.document is not None
        names = [mark.name for mark in self.document.project.ordered_landmarks()]
        self.middle.prompt.ask(names, self.canvas.rect_on_screen(rect).toRect(), text)

    def _answered(self, name: str) -> None:
        draft, renamed, document = self._draft, self._renamed, self.document
        self._given_up()
        if document is None or document.current_id is None:
            return
        known = edits.namesake(document.project, name)
        mark = known or edits.new_landmark(document.project, name)
        added = () if mark.id in document.project.landmarks else (Change(None, mark),)
        if draft is not None:
            box = edits.add_box(document.current_id, mark.id, draft)
            document.do(Edit(box.kind, (*added, *box.changes)))
            self._select_drawn(box)
            document.set_current_landmark(mark.id)
        elif renamed is not None and renamed in document.project.boxes:
            box = edits.change_box(document.project.boxes[renamed], landmark_id=mark.id)
            document.do(Edit(box.kind, (*added, *box.changes)))

    def _given_up(self) -> None:
        self._draft = self._renamed = None
        self.canvas.set_draft(None)
        self._to_canvas()

    # What is shown

    def _show_landmark(self, _: object = None) -> None:
        project = self.document.project if self.document else None
        chosen = self.document.current_landmark_id if self.document else None
        mark = project.landmarks.get(chosen) if project and chosen is not None else None
        self.canvas.new_color = mark.color if mark else "#ffffff"
        self._show_review()

    def _show_review(self) -> None:
        document = self.document
        if document is None:
            self.bar.show_photo(None, None, False)
        else:
            chosen, editable = document.current_landmark_id, not document.read_only
            self.bar.show_photo(document.current_photo, chosen, editable)

    def _edited(self, edit: Edit) -> None:
        assert self.document is not None
        touched = edit.photo_ids()
        if len(touched) == 1 and self.document.current_id not in touched:
            self.document.set_current(touched.pop())  # undo and redo show what they change
        elif touched or edit.touches_landmarks():
            self._show_shapes()
        self._show_undo()
        self._show_landmark()

    def _photos_changed(self) -> None:
        self._show_stack()
        photo = self.document.current_photo if self.document else None
        shown, self._shown = self._shown, photo
        if photo is None or shown is None or not photo.shows_as(shown):
            if photo and shown and photo.version != shown.version:
                self.middle.loader.clear()
            self._show_current()

    def _folder_changed(self) -> None:
        self.middle.loader.clear()
        self.photos.thumbnails.clear()
        self._show_current()

    def _show_current(self, _: object = None) -> None:
        self._shown = photo = self.document.current_photo if self.document else None
        path = self._path_to_load(photo) if photo else None
        small = self.photos.thumbnails.peek(photo.version) if photo else None
        self.canvas.set_shapes([])
        self.middle.show_photo(photo, path, small.toImage() if small else None)
        self._show_shapes()
        self._show_undo()
        self._show_review()

    def _show_shapes(self) -> None:
        photo = self.document.current_photo if self.document else None
        if self.document is None or photo is None:
            self.canvas.set_shapes([])
            self.boxes.show_shapes([], "")
            return
        project = self.document.project
        shapes = []
        for box in project.boxes_of(photo.id):
            mark = project.landmarks[box.landmark_id]
            shapes.append(Shape(box.id, box.rect, mark.name, mark.color, box.excluded))
        whole = project.landmarks.get(photo.landmark_id) if photo.landmark_id else None
        shapes += self.proposals.shapes()
        self.boxes.show_shapes(shapes, whole.name if whole else "")
        self.canvas.set_shapes(shapes)
        self.proposals.offer()
        self.box_commands.show_boxes()
        self.boxes.select(self.canvas.selected())

    def _show_proposal(self, photo_ids: set[int]) -> None:
        if self.document is not None and self.document.current_id in photo_ids:
            self._show_shapes()

    def _show_undo(self) -> None:
        document = self.document
        if document is None:
            self.middle.set_undo(tr("Undo"), tr("Redo"), False, False)
        else:
            self.middle.set_undo(
                document.undo_text, document.redo_text, document.can_undo, document.can_redo
            )

    def _prefetch(self) -> None:
        document = self.document
        if document is not None:
            photos = (document.project.photos[id_] for id_ in self.photos.upcoming())
            paths = [self._path_to_load(photo) for photo in photos if photo.state == "ok"]
            self.middle.loader.prefetch(paths)

    def _path_to_load(self, photo: Photo) -> Path:
        """Where a photo lies; the loader forgets what it has of another file at that place."""
        assert self.document is not None
        path = self.document.photo_path(photo)
        if self._loaded.setdefault(path, photo.version) != photo.version:
            self.middle.loader.forget(path)
            self._loaded[path] = photo.version
        return path
