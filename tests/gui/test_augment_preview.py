"""The preview, the presets and the warnings of the Augment page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_gui.core.augmentation import PRESETS, AugmentationConfig, draw, generator
from landmark_gui.core.settings import Settings
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.augment import AugmentPage
from landmark_gui.gui.pages.augment.config_history import ConfigHistory
from landmark_gui.gui.pages.augment.controls import parse_list
from landmark_gui.gui.pages.augment.fields import numbers, sections
from landmark_gui.gui.pages.augment.hints import hints
from landmark_gui.gui.pages.augment.own_presets import SETTING, OwnPresets
from landmark_gui.gui.pages.augment.sweeps import ORDER, Pin, ends, held, hold

LOG = AugmentationConfig.log_preset()


@pytest.fixture
def document(
    open_document: Callable[[Path], Document], photo_folder: Callable[..., Path]
) -> Iterator[Document]:
    made = open_document(photo_folder(each=4))
    made.label_by_folder()
    return made


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> AugmentPage:
    context.set_document(document)
    made = AugmentPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitUntil(lambda: len(made.tiles.tiles) == 12, timeout=20_000)
    return made


def wait_for_new_tiles(qtbot: QtBot, page: AugmentPage, before: object) -> None:
    qtbot.waitUntil(lambda: page.tiles.tiles is not before, timeout=10_000)


def test_every_setting_that_training_obeys_has_a_control(page: AugmentPage) -> None:
    controlled = {name for section in sections() for name in section.names}
    assert controlled == set(page.form.controls)
    terms = {number.term for number in numbers().values()} | controlled
    assert set(AugmentationConfig().to_dict()) <= terms


def test_many_crops_stand_beside_one_and_the_same_draw(qtbot, page) -> None:
    page.preview.mode.setCurrentIndex(1)
    qtbot.waitUntil(lambda: sum(t.parameters is None for t in page.tiles.tiles) == 6)
    originals, varied = page.tiles.tiles[::2], page.tiles.tiles[1::2]
    assert {tile.parameters for tile in originals} == {None}
    assert len({tile.parameters for tile in varied}) == 1
    assert [tile.name for tile in originals] == [tile.name for tile in varied]
    assert {tile.name.split(" · ")[0] for tile in originals} == {"Green Dome", "Red Tower"}


def test_what_the_network_sees_are_the_pixels_of_its_input(qtbot, page) -> None:
    before = page.tiles.tiles
    page.preview.network.click()
    wait_for_new_tiles(qtbot, page, before)
    tile = page.tiles.tiles[3]
    cell = page.tiles.cell()
    assert (tile.image.width(), tile.image.height()) == (cell, cell)
    color = tile.image.pixelColor(cell // 2, cell // 2)
    found = np.array([color.red(), color.green(), color.blue()])
    middle = page.source.side // 2
    seen = tile.pixels[middle - 1 : middle + 2, middle - 1 : middle + 2].astype(int)
    assert (np.abs(seen - found).sum(axis=2) == 0).any()
    assert "256 × 256" in page.preview.facts.text()


def test_a_sweep_moves_one_parameter_and_leaves_the_others(qtbot, page) -> None:
    sweep = page.preview.sweep
    drawn = [tile.parameters for tile in page.tiles.tiles[1:]]
    before = page.tiles.tiles
    sweep.parameter.setCurrentIndex(sweep.parameter.findData("rotation_range"))
    sweep.slider.setValue(sweep.slider.maximum())
    wait_for_new_tiles(qtbot, page, before)
    expected = [replace(parameters, theta=40.0) for parameters in drawn]
    qtbot.waitUntil(lambda: [t.parameters for t in page.tiles.tiles[1:]] == expected)
    assert sweep.said.text() == "40°"


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("config", [LOG, AugmentationConfig(), PRESETS["buildings"]])
def test_both_ends_of_each_sweep_can_be_drawn(name: str, config: AugmentationConfig) -> None:
    low, high = ends(config, name, 160)
    assert low < high
    seen = [
        hold(draw(held(config, Pin(name, v)), 160, 160, generator(0, 0, 1)), Pin(name, v))
        for v in (low, high)
    ]
    assert seen[0] != seen[1] or name == "erasing"


def test_a_sweep_plays_until_it_is_stopped(qtbot, page) -> None:
    sweep = page.preview.sweep
    assert not sweep.play.isEnabled()
    sweep.parameter.setCurrentIndex(1)
    start = sweep.slider.value()
    sweep.play.click()
    qtbot.waitUntil(lambda: sweep.slider.value() != start)
    sweep.parameter.setCurrentIndex(0)
    assert not sweep.play.isChecked() and sweep.pin() is None


def test_a_clicked_tile_is_seen_large_and_escape_goes_back(qtbot, page) -> None:
    place = page.tiles.place(3).center()
    QTest.mouseClick(page.tiles, Qt.MouseButton.LeftButton, pos=place)
    large = page.preview.large
    assert page.preview.stack.currentWidget() is large and large.index == 3
    assert "turned" in large.words.text()
    QTest.keyClick(large, Qt.Key.Key_Right)
    assert large.index == 4
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert page.preview.stack.currentWidget() is page.tiles


def test_changes_are_taken_back_and_made_again(qtbot, page, context) -> None:
    first = context.augmentation
    for degrees in (5, 6, 7):  # a drag is one step
        page.form.controls["rotation_range"].set_value(degrees)
    qtbot.waitUntil(page.settings.back_button.isEnabled)
    changed = context.augmentation
    page.settings.back_button.click()
    assert context.augmentation == first
    page.settings.forward_button.click()
    assert context.augmentation == changed


def test_a_change_after_going_back_forgets_what_lay_ahead() -> None:
    history = ConfigHistory(LOG)
    history.note(PRESETS["gentle"])
    assert history.back() == LOG
    history.note(PRESETS["strong"])
    assert not history.can_go_forward and history.back() == LOG


def test_own_presets_are_saved_renamed_and_deleted(page, context) -> None:
    page.form.controls["blur"].set_value(1.5)
    own, bar = context.augmentation, page.presets
    bar.save_as("Meine")
    assert bar.value() == "own:Meine"
    bar.rename("Meine", "Foggy")
    assert OwnPresets(context.settings).all() == {"Foggy": own}
    bar.choose("gentle")
    bar.choose("own:Foggy")
    assert context.augmentation == own and bar.value() == "own:Foggy"
    bar.delete("Foggy")
    assert bar.value() == "" and context.augmentation == own


def test_a_preset_that_cannot_be_read_is_kept_unseen(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    settings.set(SETTING, "[later]\nunheard_of = 3\n")
    presets = OwnPresets(settings)
    assert presets.all() == {}
    presets.put("mine", LOG)
    assert presets.all() == {"mine": LOG} and "unheard_of" in settings.get(SETTING)


def test_a_dropped_file_brings_its_settings(qtbot, page, context, tmp_path: Path) -> None:
    path = tmp_path / "strong.toml"
    PRESETS["strong"].save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(5, 5), copy, data, button, Qt.KeyboardModifier.NoModifier)
    with qtbot.waitSignal(context.augmentation_changed):
        page.dropEvent(event)
    assert context.augmentation == PRESETS["strong"]


def test_warnings_stand_beside_the_control_that_they_concern(qtbot, page) -> None:
    page.form.controls["vertical_flip"].set_value(True)
    note = page.form.held["vertical_flip"].note
    qtbot.waitUntil(lambda: "stands on its head" in note.text(), timeout=10_000)
    assert not page.settings.warnings.isHidden()
    page.form.reset()
    qtbot.waitUntil(lambda: note.text() == "" and page.settings.warnings.isHidden())


def test_what_pushes_the_landmark_out_is_blamed() -> None:
    assert (
        "less than half" in hints(replace(LOG, width_shift_range=0.9), 160)["width_shift_range"][0]
    )
    assert "smeared" in hints(LOG, 160)["fill_mode"][0]
    said = hints(LOG, 160, [("Left", "Right")])
    assert "“Left” and “Right”" in said["horizontal_flip"][0]


def test_a_fold_shows_what_is_on_in_it_and_is_remembered(qtbot, page, context) -> None:
    page.form.controls["blur"].set_value(1.5)
    section = next(s for s in page.form.sections if s.section.key == "camera")
    assert section.on.text() == "On: Blur 1.5" and not section.on.isHidden()
    section.fold.open()
    assert section.on.isHidden()
    again = AugmentPage(context)
    qtbot.addWidget(again)
    assert [s.section.key for s in again.form.sections if s.fold and s.fold.is_open] == ["camera"]


@pytest.mark.parametrize(("kind", "value", "expected"), [(0, 0.3, 0.3), (1, 12, 12.0), (2, 12, 12)])
def test_a_shift_is_given_in_each_of_keras_ways(page, context, kind, value, expected) -> None:
    field = page.form.controls["width_shift_range"]
    field.kind.setCurrentIndex(kind)
    (field.fraction, field.pixels, field.whole)[kind].set_value(value)
    shift = context.augmentation.width_shift_range
    assert shift == expected and type(shift) is type(expected)


def test_a_list_is_read_as_it_is_written() -> None:
    assert parse_list("-0.1, 0; 0.2") == (-0.1, 0.0, 0.2)
    assert parse_list("0.1, much") is None and parse_list("") is None and parse_list("1e9") is None


def test_the_chosen_crop_and_mode_are_remembered(qtbot, page, context) -> None:
    page.preview.next.click()
    page.preview.mode.setCurrentIndex(1)
    again = AugmentPage(context)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: len(again.tiles.tiles) == 12, timeout=20_000)
    assert again.source.index == 1 and again.preview.many


def test_landmarks_that_mirror_each_other_are_named_at_the_flip(
    qtbot, context, open_document, tmp_path: Path
) -> None:
    for number in range(4):
        noise = np.random.default_rng(number).integers(0, 256, (6, 8, 3), np.uint8)
        picture = Image.fromarray(noise).resize((160, 120), Image.Resampling.BICUBIC)
        for name, made in (("West", picture), ("East", ImageOps.mirror(picture))):
            path = tmp_path / "sides" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            made.save(path)
    document = open_document(tmp_path / "sides")
    document.label_by_folder()
    context.set_document(document)
    page = AugmentPage(context)
    qtbot.addWidget(page)
    page.show()
    note = page.form.held["horizontal_flip"].note
    qtbot.waitUntil(lambda: "mirror images of each other" in note.text(), timeout=20_000)
    assert "West" in note.text() and "East" in note.text()
    page.form.controls["horizontal_flip"].set_value(False)
    qtbot.waitUntil(lambda: note.text() == "", timeout=10_000)


def test_the_size_that_the_next_training_has_is_shown(qtbot, page, context) -> None:
    page.hide()
    context.settings.set("train.form", '{"image_size": 96}')
    page.show()
    qtbot.waitUntil(lambda: page.tiles.tiles[0].pixels.shape == (96, 96, 3), timeout=10_000)


@pytest.mark.parametrize(
    ("left", "side"),
    [
        ({"image_size": None, "recipe": "scratch", "backbone": None}, 96),
        ({"image_size": None, "recipe": "transfer", "backbone": None, "alpha": 0.35}, 256),
        ({"image_size": None, "recipe": "transfer", "backbone": "efficientnet_v2_b3"}, 352),
        ({"image_size": 64, "recipe": "scratch"}, 64),
        ({"image_size": None, "backbone": "unheard_of"}, 160),
        ({"image_size": "wide"}, 160),
    ],
)
def test_an_automatic_size_is_that_of_the_network(page, context, left, side) -> None:
    context.settings.set("train.form", json.dumps(left))
    assert page._image_size() == side
