"""The grid of the Crops page: what it shows, what can be selected, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Edit
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.dataset import DatasetPage
from landmark_gui.gui.pages.dataset.grid import CropGrid
from landmark_gui.gui.pages.dataset.tiles import Show, TileQuery

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def document(
    open_document: Callable[[Path], Document], photo_folder: Callable[..., Path]
) -> Document:
    """Eight photos of each of two landmarks; the first has two boxes, the second one."""
    document = open_document(photo_folder())
    document.label_by_folder()
    first, second, *_ = document.project.ordered_photos()
    for photo, left in ((first, 5), (first, 50), (second, 5)):
        assert photo.landmark_id is not None
        document.do(edits.add_box(photo.id, photo.landmark_id, Rect(left, 5, 30, 40)))
    return document


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> DatasetPage:
    page = DatasetPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 900)
    page.show()
    context.set_document(document)
    settle(qtbot, page)
    return page


@pytest.fixture
def grid(page: DatasetPage) -> CropGrid:
    return page.grid


def settle(qtbot: QtBot, page: DatasetPage) -> None:
    """Wait until the dataset is complete and the grid shows it."""
    qtbot.waitUntil(lambda: page._watch.is_newest and page.grid._arranging._running is None)


def place(grid: CropGrid, row: int) -> QPoint:
    return grid.view.visualRect(grid._rows.index(row, 0)).center()


def click(grid: CropGrid, row: int, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(grid.view.viewport(), LEFT, modifier, place(grid, row))


def rows(grid: CropGrid) -> list[int]:
    return [grid.model.row_of(tile.key) for tile in grid.selected()]


def shown(grid: CropGrid) -> int:
    return grid.model.rowCount()


def choose(grid: CropGrid, name: str, data: object) -> None:
    combo = grid.findChild(QComboBox, name)
    assert combo is not None
    combo.setCurrentIndex(combo.findData(data))


def test_every_crop_has_a_tile(grid: CropGrid) -> None:
    assert shown(grid) == 17
    assert grid.filters.line.text() == "17 crops"
    spoken = grid._rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Green Dome, IMG_1.jpg, ")


def test_tiles_show_the_crop_and_not_the_photo(qtbot: QtBot, grid: CropGrid) -> None:
    made = grid.delegate._pictures
    assert made is not None
    qtbot.waitUntil(lambda: len(made._made) >= 3)
    sizes = {key[0][1]: pixmap.size() for key, pixmap in made._made.items()}
    (box,) = [id_ for id_ in sizes if id_ is not None][:1]
    assert sizes[box].width() * 40 == pytest.approx(sizes[box].height() * 30, rel=0.05)
    assert sizes[None].width() > sizes[None].height()


def test_clicks_keys_and_a_rubber_band_select(grid: CropGrid) -> None:
    click(grid, 2)
    assert rows(grid) == [2]
    click(grid, 5, SHIFT)
    assert rows(grid) == [2, 3, 4, 5]
    click(grid, 0, CTRL)
    assert rows(grid) == [0, 2, 3, 4, 5]
    assert grid.filters.line.text() == "17 crops · 5 selected"
    view = grid.view
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert rows(grid) == [1]
    QTest.keyClick(view, Qt.Key.Key_Down)
    below = rows(grid)[0]
    assert place(grid, below).x() == place(grid, 1).x() and below > 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert rows(grid) == [16]
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert len(rows(grid)) == 17


def test_a_key_selects_the_first_tile_though_it_is_the_current_one(grid: CropGrid) -> None:
    grid.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert rows(grid) == []
    QTest.keyClick(grid.view, Qt.Key.Key_Home)
    assert rows(grid) == [0]


def test_a_drag_over_tiles_selects_them(grid: CropGrid) -> None:
    port = grid.view.viewport()
    corner = grid.view.visualRect(grid._rows.index(0, 0)).topLeft() + QPoint(1, 1)
    QTest.mousePress(port, LEFT, NONE, corner)
    for step in (20, 60, 100):
        QTest.mouseMove(port, corner + (place(grid, 2) - corner) * step / 100)
        QApplication.processEvents()
    QTest.mouseRelease(port, LEFT, NONE, place(grid, 2))
    assert rows(grid) == [0, 1, 2]


def test_filters_and_a_cell_of_the_table_show_the_same(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid
) -> None:
    index = page.model.cell("Red Tower", "train")
    QTest.mouseClick(page.table.viewport(), LEFT, NONE, page.table.visualRect(index).center())
    assert grid.filters.query == TileQuery("Red Tower", "train")
    qtbot.waitUntil(lambda: shown(grid) == index.data())
    choose(grid, "tile_split", "")
    qtbot.waitUntil(lambda: shown(grid) == 8)
    assert page.table.currentIndex().column() == 0
    assert grid.filters.line.text() == "8 crops of 17"
    grid.filters.clear.click()
    qtbot.waitUntil(lambda: shown(grid) == 17)
    assert not page.table.selectionModel().hasSelection()


def test_nothing_to_show_says_why_and_the_way_back(qtbot: QtBot, grid: CropGrid) -> None:
    choose(grid, "tile_kind", "pinned")
    qtbot.waitUntil(lambda: shown(grid) == 0)
    assert grid._note == "No photo is pinned to a split."
    button = grid.findChild(QPushButton, "show_all_crops")
    assert button is not None and button.isVisible()
    button.click()
    qtbot.waitUntil(lambda: shown(grid) == 17)
    assert grid.view.isVisible()


def test_pinning_acts_on_the_photo_and_can_be_undone(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, context: AppContext, document: Document
) -> None:
    click(grid, 0)
    with qtbot.waitSignal(context.status_changed) as said:
        QTest.keyClick(grid.view, Qt.Key.Key_E)
    first = document.project.ordered_photos()[0]
    assert document.project.photos[first.id].split == "test"
    assert said.args == ["1 photo pinned to test. All crops of a photo go with it: 2 here."]
    settle(qtbot, page)
    assert [grid.model.now(grid.model.tile(row))[:2] for row in (0, 1)] == [("test", True)] * 2
    assert rows(grid) == [0]  # the selection stays
    assert page.form.sharing.pins.text() == "1 photo is pinned to a split."
    QTest.keyClick(grid.view, Qt.Key.Key_F)
    assert document.project.photos[first.id].split == ""
    document.undo()
    assert document.project.photos[first.id].split == "test"


def test_leaving_out_and_taking_in_again(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    click(grid, 0)
    click(grid, 5, CTRL)  # a box, and a whole photo
    QTest.keyClick(grid.view, Qt.Key.Key_Delete)
    assert document.history[-1].edit.kind == "exclude_examples"
    qtbot.waitUntil(lambda: shown(grid) == 15)
    choose(grid, "tile_kind", "left_out")
    qtbot.waitUntil(lambda: shown(grid) == 2)
    QTest.keyClick(grid.view, Qt.Key.Key_A, CTRL)
    QTest.keyClick(grid.view, Qt.Key.Key_Insert)
    qtbot.waitUntil(lambda: shown(grid) == 0)
    grid.filters.change(TileQuery())
    qtbot.waitUntil(lambda: shown(grid) == 17)
    document.undo()
    document.undo()
    settle(qtbot, page)
    assert not any(box.excluded for box in document.project.boxes.values())


def test_the_menu_moves_to_another_landmark(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    for row in (0, 3):
        click(grid, row, CTRL)
    menu = page.actions_on_tiles.menu()
    assert menu is not None
    assert menu.actions()[0].text() == "2 crops on 2 photos"
    moves = next(action.menu() for action in menu.actions() if action.menu())
    assert moves is not None
    chosen = {action.text(): action for action in moves.actions()}
    assert not chosen["Green Dome"].isEnabled()
    chosen["Red Tower"].trigger()
    assert document.history[-1].edit.kind == "relabel_examples"
    settle(qtbot, page)
    assert grid.model.tile(0).crop.landmark == "Red Tower"


def test_of_a_whole_photo_only_the_landmark_that_was_chosen_is_changed(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    first = document.project.ordered_photos()[0]
    own, other = document.project.ordered_landmarks()
    one, two = document.project.boxes_of(first.id)
    document.do(edits.change_box(two, landmark_id=other.id))
    page._watch.choose(replace(page._watch.choices, use="photos"))
    settle(qtbot, page)
    assert shown(grid) == 17
    tiles = page.actions_on_tiles
    grid.select([(first.id, None, own.name)])
    tiles.leave_out()
    assert [box.excluded for box in document.project.boxes_of(first.id)] == [True, False]
    assert document.project.photos[first.id].review == ""
    settle(qtbot, page)
    grid.filters.change(TileQuery(show=Show.LEFT_OUT))
    settle(qtbot, page)
    grid.select([(first.id, None, own.name)])
    assert grid.count_selected() == 1
    tiles.take_in()
    assert not any(box.excluded for box in document.project.boxes_of(first.id))
    settle(qtbot, page)
    grid.filters.change(TileQuery())
    settle(qtbot, page)
    grid.select([(first.id, None, other.name)])
    tiles.relabel(own.id)
    assert {box.landmark_id for box in document.project.boxes_of(first.id)} == {own.id}
    assert document.history[-1].edit.kind == "relabel_box"
    document.undo()
    grid.select([(first.id, None, own.name)])
    tiles.relabel(own.id)  # it is that already, and the other box is not meant
    marks = [document.project.boxes[box.id].landmark_id for box in (one, two)]
    assert marks == [own.id, other.id]


def test_a_document_that_is_only_read_offers_no_edits(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    document.read_only = True
    click(grid, 0)
    before = len(document.history)
    for key in (Qt.Key.Key_E, Qt.Key.Key_Delete):
        QTest.keyClick(grid.view, key)
    assert len(document.history) == before
    menu = page.actions_on_tiles.menu()
    assert menu is not None
    enabled = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
    assert enabled == ["Show in its photo"]


def test_double_click_and_enter_show_the_box_in_its_photo(
    qtbot: QtBot, context: AppContext, photo_folder: Callable[..., Path]
) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.resize(1280, 900)
    window.show()
    window.opening.open(photo_folder())
    qtbot.waitUntil(lambda: context.document is not None)
    document = context.document
    assert document is not None
    qtbot.waitUntil(lambda: len(document.project.photos) == 16)
    document.label_by_folder()
    first = document.project.ordered_photos()[0]
    for left in (5, 50):
        document.do(edits.add_box(first.id, first.landmark_id or 0, Rect(left, 5, 30, 40)))
    window.show_page("dataset")
    page = window.page("dataset")
    assert isinstance(page, DatasetPage)
    settle(qtbot, page)
    tile = page.grid.model.tile(1)
    click(page.grid, 1)
    QTest.mouseDClick(page.grid.view.viewport(), LEFT, NONE, place(page.grid, 1))
    assert window.current_page == "label"
    assert document.current_id == tile.crop.photo_id
    assert window.page("label").canvas.selected() == [tile.crop.box_id]  # type: ignore[attr-defined]
    window.show_page("dataset")
    click(page.grid, 8)
    QTest.keyClick(page.grid.view, Qt.Key.Key_Return)
    assert window.current_page == "label"
    assert document.current_id == page.grid.model.tile(8).crop.photo_id
    assert window.page("label").canvas.selected() == []  # type: ignore[attr-defined]


def test_the_size_of_the_tiles_is_remembered(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, context: AppContext
) -> None:
    before = grid.delegate.side
    turn = QWheelEvent(
        QPointF(50, 50),
        QPointF(grid.view.mapToGlobal(QPoint(50, 50))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid.view.viewport(), turn)
    assert grid.delegate.side > before
    assert grid.filters.side.value() == grid.delegate.side
    assert grid.view.gridSize() == grid.delegate.cell()
    qtbot.waitUntil(lambda: context.settings.get("crops.tile") == grid.delegate.side)
    other = DatasetPage(context)
    qtbot.addWidget(other)
    assert other.grid.delegate.side == grid.delegate.side


def test_a_click_in_a_large_selection_keeps_its_place_when_crops_go(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    click(grid, 3)
    first = document.project.ordered_photos()[0]
    keys = [tile.key for tile in grid.selected()]
    document.do(edits.exclude_boxes(document.project.boxes_of(first.id)))
    qtbot.waitUntil(lambda: shown(grid) == 15)
    assert [tile.key for tile in grid.selected()] == keys
    assert rows(grid) == [1]
    current = grid.current()
    assert current is not None and current.key == keys[0]


def test_a_landmark_that_is_gone_is_no_filter_any_more(
    qtbot: QtBot, grid: CropGrid, document: Document
) -> None:
    choose(grid, "tile_landmark", "Red Tower")
    qtbot.waitUntil(lambda: shown(grid) == 8)
    gone = document.project.landmark_named("Red Tower")
    assert gone is not None
    document.do(edits.delete_landmark(document.project, gone))
    qtbot.waitUntil(lambda: shown(grid) == 9)
    assert grid.filters.query == TileQuery()


def test_pins_from_the_folders(
    qtbot: QtBot,
    context: AppContext,
    open_document: Callable[[Path], Document],
    photo_folder: Callable[..., Path],
) -> None:
    document = open_document(photo_folder("photos/train", each=3).parent)
    document.label_by_folder()
    page = DatasetPage(context)
    qtbot.addWidget(page)
    page.show()
    context.set_document(document)
    button = page.form.sharing.folders_button
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert document.history[-1].edit.kind == "pin_by_folder"
    assert {photo.split for photo in document.project.photos.values()} == {"train"}
    qtbot.waitUntil(lambda: not button.isVisible())


def test_edits_elsewhere_reach_the_grid(qtbot: QtBot, grid: CropGrid, document: Document) -> None:
    photo = document.project.ordered_photos()[-1]
    assert photo.landmark_id is not None
    boxes = [edits.new_box(photo.id, photo.landmark_id, Rect(x, 5, 20, 20)) for x in (0, 30, 60)]
    changes = tuple(edits.Change(None, box) for box in boxes)
    document.do(Edit("add_box", changes))
    qtbot.waitUntil(lambda: shown(grid) == 19)
    document.undo()
    qtbot.waitUntil(lambda: shown(grid) == 17)
    assert grid._tiles.kinds[Show.ALL] == 17


def test_the_key_that_leaves_out_goes_on_to_the_next_crop(
    qtbot: QtBot, grid: CropGrid, document: Document
) -> None:
    click(grid, 3)
    third, fourth = grid.model.tile(3).key, grid.model.tile(4).key
    QTest.keyClick(grid.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: grid.model.row_of(third) < 0)
    assert [tile.key for tile in grid.selected()] == [fourth]
    grid.filters.change(TileQuery(show=Show.LEFT_OUT))  # another filter selects nothing
    qtbot.waitUntil(lambda: shown(grid) == 1)
    assert rows(grid) == []


def test_an_edit_does_not_scroll_the_grid(
    qtbot: QtBot, page: DatasetPage, grid: CropGrid, document: Document
) -> None:
    grid.set_side(240)
    grid.view.clearSelection()
    QApplication.processEvents()
    bar = grid.view.verticalScrollBar()
    bar.setValue(150)
    assert bar.value() == 150
    document.do(edits.exclude_boxes(document.project.boxes_of(grid.model.tile(0).crop.photo_id)))
    qtbot.waitUntil(lambda: shown(grid) == 15)
    assert bar.value() == 150
