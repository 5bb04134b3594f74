"""Going through the photos with one hand: done, skip, whole photo, copy, repeat."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from landmark_gui.core import edits
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Box, Edit, Photo, Review
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label.photo_panel import PhotoPanel


class Flow(QObject):
    """What the keys of the left hand do, each as one edit of the document.

    Signals:
        said(str): why nothing happened, or what comes next.
        boxes_made(list[str]): ids of boxes that came without being drawn.
        landmark_needed(): something was asked for that needs a landmark, and there is none.
    """

    said = Signal(str)
    boxes_made = Signal(list)
    landmark_needed = Signal()

    def __init__(self, photos: PhotoPanel) -> None:
        super().__init__(photos)
        self._document: Document | None = None
        self._photos = photos
        self._last: tuple[Box, Photo] | None = None

    def set_document(self, document: Document | None) -> None:
        self._document, self._last = document, None

    # Marks

    def confirm(self) -> None:
        """Mark the photo on show as done and show the next one to do."""
        self._finish("done")

    def skip(self) -> None:
        """Leave the photo on show out and show the next one to do."""
        self._finish("skipped")

    def reopen(self) -> None:
        """Take the mark of the photo on show back."""
        if self._document is not None and self._document.current_id is not None:
            self.mark([self._document.current_id], "")

    def mark(self, photo_ids: list[int], review: Review) -> None:
        """Mark photos; those that cannot be shown have no mark."""
        if self._document is not None:
            photos = (self._document.project.photos[id_] for id_ in photo_ids)
            readable = [photo for photo in photos if photo.state == "ok"]
            self._document.do(edits.review_photos(readable, review))

    def show_next_to_do(self) -> None:
        if not self._photos.show_next(self._photos.model.table.is_to_do):
            self.said.emit(tr("No other photo of the list is left to do."))

    def show_next_unlabelled(self) -> None:
        if not self._photos.show_next(self._photos.model.table.is_unlabelled):
            self.said.emit(tr("No other photo of the list is unlabelled."))

    def _finish(self, review: Review) -> None:
        document = self._document
        if document is not None and document.current_id is not None and not document.read_only:
            self.mark([document.current_id], review)
            self.show_next_to_do()

    # The photo as a whole

    def toggle_whole(self) -> None:
        """Say that the whole photo is the chosen landmark, or take that back."""
        document = self._document
        photo = document.current_photo if document else None
        if document is None or photo is None:
            return
        landmark_id = document.current_landmark_id
        if landmark_id is None:
            self.landmark_needed.emit()
            self.said.emit(tr("Name the landmark first, then say that the whole photo is it."))
        else:
            is_it = photo.landmark_id == landmark_id
            self.name_whole([photo.id], None if is_it else landmark_id)

    def name_whole(self, photo_ids: list[int], landmark_id: int | None) -> None:
        """Say which landmark photos show as a whole; None for no one landmark."""
        if self._document is not None:
            photos = [self._document.project.photos[id_] for id_ in photo_ids]
            self._document.do(edits.set_photos_landmark(photos, landmark_id))

    # Boxes that need not be drawn

    def drawn(self, box_id: str) -> None:
        """Remember the newest box, to repeat it."""
        if self._document is not None and box_id in self._document.project.boxes:
            box = self._document.project.boxes[box_id]
            self._last = box, self._document.project.photos[box.photo_id]

    def copy_previous(self) -> None:
        """Draw the boxes of the photo before, in the order of the list, on this one too."""
        document, photo = self._document, self._target()
        if document is None or photo is None:
            return
        source_id = self._photos.model.before(photo.id)
        source = document.project.photos[source_id] if source_id is not None else None
        if source is None:
            self.said.emit(tr("There is no photo before this one."))
        elif not document.project.boxes_of(source.id):
            self.said.emit(tr("The photo before, {name}, has no box.", name=source.path))
        elif not self._draw(edits.copy_boxes(document.project, source, photo)):
            self.said.emit(tr("The boxes of {name} are all there.", name=source.path))

    def repeat_last(self) -> None:
        """Draw the newest box once more, on this photo."""
        document, photo = self._document, self._target()
        if document is None or photo is None:
            return
        if self._last is None:
            self.said.emit(tr("Draw a box first; then it can be repeated, on other photos too."))
        elif not self._draw(edits.repeat_box(document.project, *self._newest(document), photo)):
            self.said.emit(tr("There is no room for the box once more."))

    def _target(self) -> Photo | None:
        photo = self._document.current_photo if self._document else None
        return photo if photo is not None and photo.state == "ok" else None

    def _newest(self, document: Document) -> tuple[Box, Photo]:
        """The newest box as it is now, if it still is, and the photo it was drawn on."""
        assert self._last is not None
        box, photo = self._last
        box = document.project.boxes.get(box.id, box)
        if box.landmark_id not in document.project.landmarks:
            box = replace(box, landmark_id=document.current_landmark_id or box.landmark_id)
        return box, photo

    def _draw(self, edit: Edit) -> bool:
        """Do an edit that draws boxes and tell which; False if it draws none."""
        document = self._document
        if document is None or not edit.changes:
            return False
        document.do(edit)
        made = [str(c.row.id) for c in edit.changes if c.row.id in document.project.boxes]
        if made:
            self.drawn(made[-1])
            self.boxes_made.emit(made)
        return True
