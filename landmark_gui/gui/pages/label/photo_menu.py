"""The menu of the photo list: what can be said of several photos at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Photo, Review
from landmark_gui.gui.document import Document
from landmark_gui.gui.file_manager import copy_paths, show_file
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.plain import menu_text


def photo_menu(
    parent: QWidget,
    document: Document,
    photos: list[Photo],
    mark: Callable[[list[int], Review], object],
    name_whole: Callable[[list[int], int | None], object],
) -> QMenu:
    """The menu for these photos, at least one.

    Args:
        mark: marks photos as done, skipped or still to do.
        name_whole: says which landmark the photos show as a whole.
    """
    menu, ids = QMenu(parent), [photo.id for photo in photos]
    if len(photos) > 1:
        menu.addAction(ntr("{n} photo", "{n} photos", len(photos))).setEnabled(False)
        menu.addSeparator()
    reviews: tuple[tuple[Review, str, str], ...] = (
        ("done", "done", tr("Mark as done")),
        ("skipped", "skip", tr("Mark as skipped: out of the dataset")),
        ("", "reset", tr("Mark as still to do")),
    )
    for review, icon_name, text in reviews:
        action = menu.addAction(icon(icon_name), text, partial(mark, ids, review))
        action.setEnabled(any(photo.review != review for photo in photos))
    _add_landmarks(menu, document, photos, partial(name_whole, ids))
    if document.read_only:
        for action in menu.actions():
            action.setEnabled(False)
    menu.addSeparator()
    paths = [document.photo_path(photo) for photo in photos]
    menu.addAction(icon("open"), tr("Show in the file manager"), partial(show_file, paths[0]))
    menu.addAction(ntr("Copy the path", "Copy the paths", len(paths)), partial(copy_paths, paths))
    return menu


def _add_landmarks(
    menu: QMenu, document: Document, photos: list[Photo], name: Callable[[int | None], object]
) -> None:
    sub_menu = menu.addMenu(icon("whole"), tr("The whole photo is"))
    bears = {photo.landmark_id for photo in photos}
    for mark in document.project.ordered_landmarks():
        action = sub_menu.addAction(menu_text(mark.name), partial(name, mark.id))
        action.setCheckable(True)
        action.setChecked(bears == {mark.id})
    sub_menu.addSeparator()
    sub_menu.addAction(tr("No landmark"), partial(name, None)).setEnabled(bears != {None})
