from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDoubleSpinBox
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.scan import new_photos
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.augment import AugmentPage
from landmark_gui.gui.pages.augment.drawing import Tile
from landmark_gui.gui.pages.augment.preset_bar import presets
from landmark_gui.gui.pages.augment.tiles import layout_of
from landmark_gui.gui.pages.train.texts import augmentation_text


@pytest.fixture
def document(photo_folder: Callable[..., Path], tmp_path: Path, qapp) -> Iterator[Document]:
    """Six photos in two folders, not labelled yet."""
    folder, path = photo_folder(each=3), tmp_path / "towers.landmarks"
    with ProjectStore.create(path, folder) as store:
        for batch in new_photos(store.load(), folder):
            store.put_photos(batch)
    opened = Document(read_project(path))
    yield opened
    opened.close()


@pytest.fixture
def page(qtbot: QtBot, document: Document) -> AugmentPage:
    context = AppContext()
    context.set_document(document)
    made = AugmentPage(context)
    made.context = context  # for the tests' convenience
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


@pytest.fixture
def filled(qtbot: QtBot, page: AugmentPage, document: Document) -> AugmentPage:
    """The page with crops to vary, and its tiles painted."""
    document.label_by_folder()
    page.source.plan()
    qtbot.waitUntil(lambda: len(page.tiles.tiles) == 12, timeout=20_000)
    return page


def press(page: AugmentPage, name: str) -> None:
    found = page.findChild(QAbstractButton, name)
    assert found is not None and found.isEnabled()
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def choose_preset(page: AugmentPage, name: str) -> None:
    combo = page.presets.combo
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


def different(before: Sequence[Tile], after: Sequence[Tile]) -> list[bool]:
    return [a.image != b.image for a, b in zip(before, after, strict=True)]


def wait_for_other_tiles(qtbot: QtBot, page: AugmentPage, before: Sequence[Tile]) -> list[bool]:
    qtbot.waitUntil(lambda: page.tiles.tiles is not before, timeout=10_000)
    return different(before, page.tiles.tiles)


def test_without_a_project_it_asks_for_a_folder(qtbot):
    context = AppContext()
    page = AugmentPage(context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(context.open_folder_requested):
        press(page._stack.currentWidget(), "empty_state_action")


def test_without_boxes_it_leads_to_the_label_page(qtbot, page):
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._no_crops)
    with qtbot.waitSignal(page.context.page_requested) as asked:
        press(page._no_crops, "empty_state_action")
    assert asked.args == ["label"]


def test_crops_appear_as_they_are_labelled(qtbot, page, document):
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._no_crops)
    mark = edits.add_landmark(document.project, "Gate")
    document.do(mark)
    document.do(edits.add_box(1, mark.changes[0].row.id, Rect(4, 4, 40, 40)))
    qtbot.waitUntil(lambda: len(page.tiles.tiles) == 12, timeout=20_000)
    assert page._stack.currentWidget() is page._splitter
    assert page.preview.crop_name.text().startswith("Gate · IMG_1.jpg · 1 of 1")
    assert not page.preview.next.isEnabled()


def test_the_first_tile_is_the_original_whatever_the_settings(qtbot, filled):
    before = filled.tiles.tiles
    filled.form.controls["rotation_range"].set_value(90)
    changed = wait_for_other_tiles(qtbot, filled, before)
    assert changed == [False] + [True] * 11


def test_without_any_variation_all_tiles_are_the_original(qtbot, filled):
    press(filled, "reset_augmentation")
    qtbot.waitUntil(lambda: len({t.pixels.tobytes() for t in filled.tiles.tiles}) == 1)
    assert filled.context.augmentation == AugmentationConfig()
    assert filled.presets.value() == "none"


def test_new_draws_change_all_but_the_original(qtbot, filled):
    before = filled.tiles.tiles
    press(filled, "new_draws")
    assert wait_for_other_tiles(qtbot, filled, before) == [False] + [True] * 11


def test_the_tiles_are_what_the_training_would_see(filled):
    from landmark_gui.core.augmentation import augment, generator
    from landmark_gui.core.crops import render

    pixels = render(filled.source.crops[0], filled.source.side)
    expected = augment(pixels, filled.context.augmentation, generator(0, 0, 5))
    assert np.array_equal(filled.tiles.tiles[5].pixels, expected)


def test_the_other_crops_are_a_step_away_and_around_the_end(qtbot, filled):
    names = []
    for _ in range(6):
        names.append(filled.preview.crop_name.text())
        press(filled, "next_crop")
    assert [name[-6:] for name in names] == [f"{n} of 6" for n in range(1, 7)]
    assert filled.preview.crop_name.text() == names[0]
    before = filled.tiles.tiles
    press(filled, "previous_crop")
    assert filled.preview.crop_name.text() == names[-1]
    assert wait_for_other_tiles(qtbot, filled, before)[0]


@pytest.mark.changes_photos
def test_a_photo_that_is_gone_is_named_and_the_next_crop_still_comes(qtbot, filled):
    filled.source.crops[1].path.unlink()
    press(filled, "next_crop")
    qtbot.waitUntil(lambda: filled.banner.isVisible(), timeout=10_000)
    assert filled.source.crops[1].path.name in filled.banner.text()
    assert "missing" in filled.banner.text()
    assert not filled.tiles.tiles
    press(filled, "next_crop")
    qtbot.waitUntil(lambda: len(filled.tiles.tiles) == 12, timeout=10_000)
    assert not filled.banner.isVisible()


def test_each_control_changes_its_own_setting_alone(page):
    form = page.form
    form.set_config(AugmentationConfig())
    page.context.augmentation = AugmentationConfig()
    moves = {
        "rotation_range": (30, {"rotation_range": 30.0}),
        "width_shift_range": (0.25, {"width_shift_range": 0.25}),
        "height_shift_range": (0.1, {"height_shift_range": 0.1}),
        "shear_range": (0.2, {"shear_range": 0.2}),
        "zoom_low": (0.8, {"zoom_range": (0.8, 1.0)}),
        "zoom_high": (1.5, {"zoom_range": (1.0, 1.5)}),
    }
    for name, (value, expected) in moves.items():
        form.reset()
        form.controls[name].set_value(value)
        assert page.context.augmentation == replace(AugmentationConfig(), **expected)
    for name in ("horizontal_flip", "vertical_flip"):
        form.reset()
        press(page, name)
        assert page.context.augmentation == replace(AugmentationConfig(), **{name: True})


def test_the_grey_level_belongs_to_the_constant_fill(page):
    form = page.form
    assert not form.controls["cval"].isEnabled()
    form.controls["fill_mode"].set_value("constant")
    assert form.controls["cval"].isEnabled()
    form.controls["cval"].set_value(128)
    assert page.context.augmentation.fill_mode == "constant"
    assert page.context.augmentation.cval == 128


def test_presets_set_everything_and_a_changed_preset_is_own(page):
    bar = page.presets
    assert bar.value() == "log"
    for name, (config, *_) in presets().items():
        choose_preset(page, name)
        assert page.context.augmentation == config and bar.value() == name
    page.form.controls["rotation_range"].set_value(7)
    assert bar.value() == ""
    own = page.context.augmentation
    choose_preset(page, "gentle")
    choose_preset(page, "")
    assert bar.value() == "gentle"
    assert page.context.augmentation != own


def test_settings_are_remembered_after_a_pause_and_at_the_end(qtbot, page):
    choose_preset(page, "strong")
    qtbot.waitUntil(lambda: AppContext().augmentation == page.context.augmentation)
    choose_preset(page, "gentle")
    page.context.shutdown()
    assert AppContext().augmentation == page.context.augmentation


def test_settings_changed_elsewhere_are_shown(page):
    page.context.augmentation = AugmentationConfig(rotation_range=12.0)
    assert page.form.controls["rotation_range"].value() == 12
    assert page.form.controls["shear_range"].value() == 0


def test_a_file_brings_settings_back(qtbot, page, tmp_path):
    path = tmp_path / "own.toml"
    page.form.controls["shear_range"].set_value(33)
    saved = page.context.augmentation
    with qtbot.waitSignal(page.context.status_changed) as said:
        page.save_file(path)
    assert str(path) in said.args[0]
    page.form.reset()
    with qtbot.waitSignal(page.context.augmentation_changed):
        page.load_file(path)
    assert page.context.augmentation == saved
    assert page.form.controls["shear_range"].value() == 33


def test_a_value_no_slider_reaches_is_kept_until_its_slider_moves(qtbot, page, tmp_path):
    path = tmp_path / "pixels.toml"
    path.write_text("width_shift_range = 24\nzoom_range = [0.5, 0.7]\n", "utf-8")
    with qtbot.waitSignal(page.context.augmentation_changed):
        page.load_file(path)
    assert "zoom_range" in page.banner.text()
    page.form.controls["rotation_range"].set_value(5)
    assert page.context.augmentation.width_shift_range == 24
    assert page.context.augmentation.zoom_range == (0.5, 0.7)
    page.form.controls["width_shift_range"].set_value(0.1)
    assert page.context.augmentation.width_shift_range == 0.1


def test_a_list_of_shifts_is_shown_as_a_list(qtbot, page, tmp_path):
    path = tmp_path / "list.toml"
    path.write_text("height_shift_range = [-0.1, 0.2]\n", "utf-8")
    with qtbot.waitSignal(page.context.augmentation_changed):
        page.load_file(path)
    assert not page.banner.isVisible()
    field = page.form.controls["height_shift_range"]
    assert field.value() == (-0.1, 0.2) and field.list.field.text() == "-0.1, 0.2"
    page.form.controls["rotation_range"].set_value(5)
    assert page.context.augmentation.height_shift_range == (-0.1, 0.2)
    assert "±0.1 ±0.2 up or down" in augmentation_text(page.context.augmentation)
    assert augmentation_text(AugmentationConfig(blur=1.0)) == "other changes"


def test_a_wrong_file_is_refused_in_words_and_changes_nothing(qtbot, page, tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text("fill_mode = 'mirror'", "utf-8")
    before = page.context.augmentation
    page.load_file(path)
    qtbot.waitUntil(lambda: page.banner.text() != "")
    assert "wrong.toml" in page.banner.text() and "must be one of" in page.banner.text()
    assert page.context.augmentation == before


def test_another_project_starts_afresh(qtbot, filled):
    filled.context.set_document(None)
    assert filled._stack.currentWidget() is filled._no_project
    assert not filled.tiles.tiles and not filled.source.crops


def test_the_wheel_changes_a_number_only_while_it_has_the_focus(page):
    spin = page.form.controls["rotation_range"].findChild(QDoubleSpinBox)
    before = spin.value()

    def turn() -> None:
        place = QPointF(spin.rect().center())
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        turned = QWheelEvent(
            place, spin.mapToGlobal(place), QPoint(), QPoint(0, 120), buttons, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(spin, turned)

    page.form.controls["fill_mode"].combo.setFocus()
    turn()
    assert spin.value() == before
    page.activateWindow()
    spin.setFocus()
    turn()
    assert spin.value() == before + 1


def test_everything_can_be_named_and_found(page):
    for field in page.findChildren(QAbstractButton):
        assert field.accessibleName() or field.text(), field.objectName()
    for name in ("rotation_range", "zoom_low", "cval", "horizontal_flip", "fill_mode", "preset"):
        assert page.findChild(object, name) is not None


@pytest.mark.parametrize("ratio", [0.4, 1.0, 2.5])
@pytest.mark.parametrize("size", [(1000, 700), (400, 700), (700, 200), (10, 10)])
def test_tiles_fit_into_their_area(size, ratio):
    columns, across, down = layout_of(12, *size, 1, ratio)
    rows = -(-12 // columns)
    assert columns * across + (columns - 1) * 8 <= max(size[0], columns + (columns - 1) * 8)
    assert rows * down + (rows - 1) * 8 <= max(size[1], rows + (rows - 1) * 8)


@pytest.mark.parametrize("width", [240, 700, 1500])
def test_an_original_is_never_parted_from_its_variation(width):
    assert layout_of(12, width, 600, 2)[0] % 2 == 0
