from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits, scan
from landmark_gui.core.crops import PATTERN, CropSettings
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.run_results import Accuracy, ProbeResult
from landmark_gui.core.splits import MAX_NEAR_DISTANCE
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dataset import _planned, _Request
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.dataset import DatasetPage, overview
from landmark_gui.gui.pages.dataset.table import TOTAL
from tests.rows import box_edit, photo, small_project


@pytest.fixture
def document(
    open_document: Callable[[Path], Document], photo_folder: Callable[..., Path]
) -> Document:
    """Eight photos of each of two landmarks, labelled by their folders."""
    document = open_document(photo_folder())
    document.label_by_folder()
    return document


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> DatasetPage:
    page = DatasetPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


@pytest.fixture
def page(
    qtbot: QtBot, context: AppContext, document: Document, empty_page: DatasetPage
) -> DatasetPage:
    context.set_document(document)
    qtbot.waitUntil(lambda: totals(empty_page) == {"Red Tower": 8, "Green Dome": 8, "All": 16})
    return empty_page


def test_open_folds_are_remembered(qtbot: QtBot, context: AppContext, page: DatasetPage) -> None:
    page.form.cutting.fold.open()
    again = DatasetPage(context)
    qtbot.addWidget(again)
    assert again.form.cutting.fold.is_open and not again.form.sharing.fold.is_open
    again.form.cutting.fold.open(False)
    assert context.settings.texts("crops.folds") == []


def cells(page: DatasetPage) -> list[list[Any]]:
    model = page.model
    columns = range(TOTAL + 1)
    return [[model.index(row, c).data() for c in columns] for row in range(model.rowCount())]


def totals(page: DatasetPage) -> dict[str, int]:
    return {row[0]: row[-1] for row in cells(page)}


def press(page: DatasetPage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button is not None and button.isEnabled() and button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def spin(page: DatasetPage, name: str) -> QSpinBox:
    found = page.findChild(QSpinBox, name)
    assert found is not None
    return found


def save(qtbot: QtBot, page: DatasetPage) -> str:
    """Save the crops; what the page says of it."""
    page.saved.hide()
    press(page, "save_crops_button")
    qtbot.waitUntil(page.saved.isVisible, timeout=20_000)
    return page.saved.title.text()


def saved_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")}


def test_the_table_counts_the_crops_of_each_landmark_in_each_split(page: DatasetPage) -> None:
    *landmarks, everything = cells(page)
    for name, train, validation, test, total in landmarks:
        assert name in ("Red Tower", "Green Dome")
        assert train + validation + test == total == 8
        assert train > validation > 0 and test > 0
    columns = zip(*(row[1:] for row in landmarks), strict=True)
    assert everything[1:] == [sum(column) for column in columns]
    assert page.summary.text() == "16 crops of 2 landmarks"
    assert not page.notes.isVisible()


def test_the_table_follows_edits_and_undo(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    document.do(edits.add_landmark(document.project, "Blue Gate"))
    qtbot.waitUntil(lambda: totals(page).get("Blue Gate") == 0)
    assert page.notes.text() == "No crop yet: Blue Gate."
    document.undo()
    qtbot.waitUntil(lambda: "Blue Gate" not in totals(page))
    qtbot.waitUntil(lambda: not page.notes.isVisible())


def test_a_hidden_page_catches_up_when_it_is_shown(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    page.hide()
    first = document.project.ordered_photos()[0]
    mark = document.project.landmarks[first.landmark_id or 0]
    document.do(edits.add_box(first.id, mark.id, Rect(5, 5, 20, 20)))
    document.do(edits.add_box(first.id, mark.id, Rect(30, 30, 20, 20)))
    qtbot.wait(300)
    assert totals(page)["All"] == 16
    page.show()
    qtbot.waitUntil(lambda: totals(page)[mark.name] == 9)


def test_saving_writes_what_changed_and_removes_what_is_stale(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    folder = document.data_folder / "crops"
    assert save(qtbot, page) == "16 written"
    first = saved_in(folder)
    assert len(first) == 16
    assert {name.split("/")[0] for name in first} == {"train", "validation", "test"}

    assert save(qtbot, page) == "0 written, 16 unchanged"
    photo = document.project.ordered_photos()[0]
    document.do(edits.add_box(photo.id, photo.landmark_id or 0, Rect(5, 5, 30, 30)))
    assert save(qtbot, page) == "1 written, 15 unchanged, 1 removed"
    assert len(first & saved_in(folder)) == 15


def test_saving_keeps_the_splits_with_the_project(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    before = cells(page)
    save(qtbot, page)
    kept = document.kept_splits
    assert set(kept) == set(document.project.photos)
    assert page.findChild(QSpinBox, "split_test").isVisible()
    spin(page, "split_test").setValue(50)
    qtbot.waitUntil(lambda: page.form.sharing._keep.isVisible())
    qtbot.wait(400)
    assert cells(page) == before  # they stay, whatever the shares

    page.form.sharing._keep.setChecked(False)
    qtbot.waitUntil(lambda: cells(page) != before)
    save(qtbot, page)
    assert document.kept_splits != kept
    assert page.form.sharing._keep.isChecked()
    document.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert store.split_assignments() == document.kept_splits


def test_a_page_that_is_opened_later_shows_what_is_known_already(
    qtbot: QtBot, context: AppContext, page: DatasetPage
) -> None:
    qtbot.waitUntil(lambda: context.dataset.is_newest, timeout=20_000)
    later = DatasetPage(context)
    qtbot.addWidget(later)
    assert cells(later) == cells(page)
    qtbot.waitUntil(lambda: later.grid.model.rowCount() == 16)


@pytest.mark.changes_photos
def test_photos_that_cannot_be_read_are_named_with_their_reason(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    first, second, *_ = document.project.ordered_photos()
    document.photo_path(first).write_bytes(b"no picture")
    document.photo_path(second).unlink()
    assert save(qtbot, page) == "14 written, 2 photos skipped"
    assert not page.saved.skipped.isVisible()
    press(page, "skipped_button")
    lines = page.saved.skipped.toPlainText().splitlines()
    assert len(lines) == 2
    assert str(document.photo_path(first)) in lines[0] and "damaged" in lines[0]
    assert "missing" in lines[1]
    assert page.saved.isVisible()
    page.saved.close_button.click()
    assert not page.saved.isVisible()


def test_cancel_leaves_what_is_written_and_the_next_saving_goes_on(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    press(page, "save_crops_button")
    press(page, "cancel_button")
    qtbot.waitUntil(page.save_button.isEnabled, timeout=20_000)
    assert "Cancelled" in page._banner.text()
    assert not page.saved.isVisible()
    assert not document.kept_splits
    save(qtbot, page)
    assert len(saved_in(document.data_folder / "crops")) == 16
    assert not page._banner.isVisible()


def test_an_error_without_words_is_not_called_a_cancel(
    qtbot: QtBot, page: DatasetPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("landmark_gui.gui.pages.dataset.saving.export_as", fails)
    press(page, "save_crops_button")
    qtbot.waitUntil(page._banner.isVisible, timeout=20_000)
    assert "MemoryError" in page._banner.text()


def test_the_shares_always_leave_something_to_learn_from(page: DatasetPage) -> None:
    spin(page, "split_validation").setValue(99)
    spin(page, "split_test").setValue(99)
    shares = [spin(page, f"split_{name}").value() for name in ("train", "validation", "test")]
    assert sum(shares) == 100
    assert shares[0] >= 1


def test_crops_cannot_go_where_they_would_be_taken_for_photos(
    page: DatasetPage, document: Document
) -> None:
    page.form.files.out.setText(str(document.photos_dir / "crops"))
    assert not page.save_button.isEnabled()
    assert "taken for new photos" in page.notes.text()
    page.primary_action()
    assert not (document.photos_dir / "crops").exists()
    page.form.files.out.clear()
    assert page.notes.text() == "Choose a folder for the crops."


def test_a_project_among_its_photos_saves_to_a_place_of_its_own(
    qtbot: QtBot, context: AppContext, empty_page: DatasetPage, photo_folder: Callable[..., Path]
) -> None:
    folder = photo_folder()
    path = folder / "views.landmarks"
    with ProjectStore.create(path, folder) as store:
        for batch in scan.new_photos(store.load(), folder):
            store.put_photos(batch)
    document = Document(read_project(path))
    document.label_by_folder()
    context.set_document(document)
    qtbot.waitUntil(empty_page.save_button.isEnabled, timeout=20_000)
    assert save(qtbot, empty_page)
    assert len(saved_in(folder / "views.data" / "crops")) == 16
    (link := folder.parent / "link").symlink_to(folder)
    empty_page.form.files.out.setText(str(link / "crops"))
    press(empty_page, "save_crops_button")
    qtbot.waitUntil(empty_page._banner.isVisible, timeout=20_000)
    assert "taken for new photos" in empty_page._banner.text()
    assert not (folder / "crops").exists()
    document.close()


def test_the_person_chooses_another_folder(
    qtbot: QtBot,
    page: DatasetPage,
    document: Document,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    press(page, "choose_crops_folder")
    page.primary_action()
    qtbot.waitUntil(page.saved.isVisible, timeout=20_000)
    assert len(saved_in(tmp_path / "elsewhere")) == 16
    assert not (document.data_folder / "crops").exists()


def test_settings_are_kept_with_the_project(
    qtbot: QtBot, page: DatasetPage, context: AppContext, document: Document
) -> None:
    page.form.cutting._percent.set_value(25)
    spin(page, "crop_size").setValue(224)
    page.form.cutting.use.set_value("photos")
    page.hide()
    kept = document.setting("crops")
    assert (kept["use"], kept["size"], kept["margin"], kept["out"]) == ("photos", 224, 25, "")
    other = DatasetPage(context)
    qtbot.addWidget(other)
    assert other.form.choices() == Choices("photos", size=224, margin=25)


def test_another_document_gets_a_fresh_page_while_the_old_one_is_being_saved(
    qtbot: QtBot, page: DatasetPage, context: AppContext
) -> None:
    press(page, "save_crops_button")
    context.set_document(None)
    assert not page.save_button.isEnabled()
    assert not page.progress.isVisible()
    page.primary_action()
    qtbot.wait(300)
    assert not page.saved.isVisible()


def test_nothing_open_offers_to_open_a_folder(
    qtbot: QtBot, context: AppContext, empty_page: DatasetPage
) -> None:
    with qtbot.waitSignal(context.open_folder_requested):
        QTest.mouseClick(visible_action(empty_page), Qt.MouseButton.LeftButton)


def test_no_labels_leads_to_the_label_page(
    qtbot: QtBot,
    context: AppContext,
    empty_page: DatasetPage,
    open_document: Callable[[Path], Document],
    photo_folder: Callable[..., Path],
) -> None:
    context.set_document(open_document(photo_folder(each=2)))
    qtbot.waitUntil(lambda: empty_page._watch.dataset is not None)
    with qtbot.waitSignal(context.page_requested) as asked:
        QTest.mouseClick(visible_action(empty_page), Qt.MouseButton.LeftButton)
    assert asked.args == ["label"]


def visible_action(page: DatasetPage) -> QPushButton:
    actions = page.findChildren(QPushButton, "empty_state_action")
    return next(action for action in actions if action.isVisible())


def warnings_of(project: Any, kept: dict[int, str]) -> list[str]:
    request = _Request(list(project.rows()), Path("photos"), Path("data"), Choices(), kept)
    return overview.warnings(_planned(request))


def test_what_stands_in_the_way_of_a_training_is_said() -> None:
    project = small_project()
    assert warnings_of(project, {}) == [
        "Training needs at least two landmarks with crops.",
        "No crop yet: Tower, Dome.",
    ]
    project.apply(box_edit(photo_id=1, landmark_id=1))
    project.apply(box_edit(photo_id=2, landmark_id=2))
    said = warnings_of(project, {1: "train", 2: "test"})
    assert said[0] == "No training example, so not learned: Dome. Label more photos."
    assert "Tower, Dome" in said[1]
    assert "Tower" in said[2] and "Dome" not in said[2]


def test_labelled_photos_that_cannot_be_read_are_counted() -> None:
    project = small_project()
    project.put_photos([photo(4, state="unreadable", landmark_id=1)])
    assert warnings_of(project, {})[-1] == (
        "1 labelled photo is missing or cannot be read, and gives no crop."
    )


@pytest.mark.parametrize(
    "kept",
    [None, [], {"size": "wide"}, {"validation": 90, "test": 60}, {"margin": 900}, {"size": 2.5}],
)
def test_settings_of_another_version_give_the_defaults(kept: object) -> None:
    assert Choices.from_dict(kept) == Choices()


@pytest.mark.parametrize(
    "changed",
    [
        {"use": "all"},
        {"margin_unit": "cm"},
        {"shape": "round"},
        {"edge": ["pad"]},
        {"resampling": "best"},
        {"form": "gif"},
        {"kind": "tar"},
        {"pattern": "{nothing}"},
        {"near_distance": MAX_NEAR_DISTANCE + 1},
        {"burst_seconds": -1},
        {"quality": 0},
        {"unheard_of": None},
        {"settings": None},
        {"fresh": True},
    ],
)
def test_settings_that_a_stranger_wrote_give_the_defaults(changed: dict[str, object]) -> None:
    assert Choices.from_dict({"size": 224, **changed}) == Choices()


def test_all_settings_survive_the_project() -> None:
    chosen = Choices(
        "photos", 12, "pixels", "square", "pad", 224, "lanczos", "png", 80, "{landmark}-{number}"
    )
    chosen = replace(chosen, near_distance=-1, burst_seconds=0, kind="imagefolder", out="/out")
    assert Choices.from_dict(chosen.to_dict()) == chosen
    assert chosen.split.near_distance is None


def combo(page: DatasetPage, name: str) -> QComboBox:
    found = page.findChild(QComboBox, name)
    assert found is not None
    return found


def choose(page: DatasetPage, name: str, data: object) -> None:
    found = combo(page, name)
    found.setCurrentIndex(found.findData(data))


def test_every_setting_reaches_the_choices(page: DatasetPage) -> None:
    for name, data in (
        ("crop_margin_unit", "pixels"),
        ("crop_shape", "square"),
        ("crop_edge", "pad"),
        ("crop_resampling", "bicubic"),
        ("crop_form", "png"),
        ("crops_kind", "zip"),
    ):
        choose(page, name, data)
    page.form.cutting._pixels.set_value(9)
    spin(page, "near_distance").setValue(-1)
    spin(page, "burst_seconds").setValue(60)
    page.form.files.pattern.setText("{landmark}-{number}")
    chosen = page._watch.choices
    assert chosen.settings == CropSettings("crops", 9, "pixels", "square", "pad")
    assert (chosen.files.resampling, chosen.files.form) == ("bicubic", "png")
    assert chosen.files.pattern == "{landmark}-{number}"
    assert (chosen.split.near_distance, chosen.split.burst_seconds) == (None, 60)
    assert page.form.files.example.text() == "For example Eiffel Tower-0001.png"


def test_a_bad_pattern_is_told_in_words_and_never_kept(
    page: DatasetPage, document: Document
) -> None:
    page.form.files.pattern.setText("{nothing}")
    assert page.form.files.fold.is_open
    assert not page.save_button.isEnabled()
    assert page.form.files.example.property("role") == "danger"
    assert page.form.files.example.text() in page.notes.text()
    assert Choices.from_dict(document.setting("crops", {})).pattern == PATTERN
    page.form.files.pattern.setText("{photo}-{box}")
    assert page.save_button.isEnabled()
    assert page._watch.choices.pattern == "{photo}-{box}"


def test_what_beginners_need_not_know_is_folded_away(page: DatasetPage) -> None:
    for name in ("crop_edge", "crop_resampling", "crop_form"):
        assert not combo(page, name).isVisible()
    button = page.findChild(QToolButton, "more_cutting")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert combo(page, "crop_edge").isVisible()
    assert page.form.width() <= 320


def test_the_place_goes_with_the_kind(
    page: DatasetPage, document: Document, tmp_path: Path
) -> None:
    own = document.data_folder
    for kind, name in (("zip", "crops.zip"), ("tfrecord", "crops-tfrecord"), ("folder", "crops")):
        choose(page, "crops_kind", kind)
        assert page.form.files.place() == own / name
        assert page.form.choices().out == ""
    page.form.files.out.setText(str(tmp_path / "mine"))
    choose(page, "crops_kind", "zip")
    assert page.form.files.place() == tmp_path / "mine.zip"
    page.form.files.out.setText(str(tmp_path / "mine.tar"))
    assert page.notes.text() == "The name of the file must end in .zip."
    page.form.files.out.setText(str(tmp_path / "mine.zip"))
    choose(page, "crops_kind", "imagefolder")
    assert page.form.files.place() == tmp_path / "mine"


def test_a_zip_is_saved_and_its_folder_opened(
    qtbot: QtBot, page: DatasetPage, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True
    )
    choose(page, "crops_kind", "zip")
    assert save(qtbot, page) == "16 written"
    with ZipFile(document.data_folder / "crops.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert len(names) == 16
    press(page, "open_crops_folder")
    assert [Path(folder) for folder in opened] == [document.data_folder]


def test_what_ties_photos_together_is_counted_while_somebody_looks(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    page.form.sharing.fold.open()
    note = page.form.sharing._near_note
    qtbot.waitUntil(lambda: "tied to another by that now" in note.text(), timeout=10_000)
    spin(page, "near_distance").setValue(-1)
    assert "only exact copies stay together" in note.text()
    spin(page, "burst_seconds").setValue(0)
    assert page.form.sharing._burst_note.text() == (
        "Photos of one moment may be trained on and tested on."
    )


def test_before_a_training_a_line_says_what_will_stand_there(page: DatasetPage) -> None:
    assert page.probe.text.text().startswith("After a training this line says")
    assert not page.probe.bars.isVisible()


def test_after_a_training_the_card_says_what_a_leak_is_worth(
    qtbot: QtBot, page: DatasetPage, context: AppContext, document: Document
) -> None:
    found = ProbeResult(
        honest=Accuracy(0.84, 0.05),
        naive=Accuracy(0.93, 0.03),
        leak=Accuracy(0.09, 0.04),
        chance=0.5,
        examples=210,
        alike=60,
        groups=150,
        folds=5,
        seeds=(0, 1),
        backbone="small",
    )
    run = document.data_folder / "runs" / "2026-05-01"
    run.mkdir(parents=True)
    (run / "probe.json").write_text(json.dumps(found.to_dict()), "utf-8")
    context.set_model(document.data_folder / "new.landmark-model")
    qtbot.waitUntil(page.probe.bars.isVisible)
    said = page.probe.text.text()
    assert "84%" in said and "93%" in said and "9 points" in said
    assert "between 5 and 13 points" in said


def test_the_progress_of_measuring_is_shown_until_the_split_has_settled(
    page: DatasetPage,
) -> None:
    page._watch.progressed.emit(3, 10)
    assert page.measuring.isVisible()
    assert page.measuring.bar.value() == 3
    page._show_dataset(page._watch.dataset)
    assert page.measuring.isVisible() == (page._watch.dataset.report is None)  # type: ignore[union-attr]


def test_saving_waits_until_the_split_has_settled(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    """What is saved is what is shown, though the edit was made a moment before."""
    qtbot.waitUntil(lambda: page._watch.is_newest)
    photo = document.project.ordered_photos()[0]
    document.do(edits.review_photos([photo], "skipped"))
    assert save(qtbot, page) == "15 written"


def test_the_place_of_the_splitter_is_remembered(
    qtbot: QtBot, page: DatasetPage, context: AppContext
) -> None:
    page.splitter.setSizes([90, 400])
    page.splitter.splitterMoved.emit(90, 1)
    wanted = page.splitter.sizes()[0]
    qtbot.waitUntil(lambda: context.settings.get("crops.splitter", [0])[0] == wanted)
    context.settings.set("crops.splitter", ["wide", -3])
    other = DatasetPage(context)  # a settings file that somebody has changed
    qtbot.addWidget(other)


def test_a_project_that_is_only_read_can_be_tried_out(
    qtbot: QtBot, page: DatasetPage, document: Document
) -> None:
    document.read_only = True
    spin(page, "crop_size").setValue(64)
    choose(page, "crop_use", "photos")
    qtbot.waitUntil(lambda: page._watch.is_newest and page._watch.dataset.choices.size == 64)  # type: ignore[union-attr]
    assert document.setting("crops", {}).get("size", 0) == 0


@pytest.mark.parametrize(
    ("kind", "file"),
    [("tfrecord", "train*.tfrecord*"), ("imagefolder", "train/Red Tower/*.jpg")],
)
def test_other_kinds_are_saved_with_progress_and_words(
    qtbot: QtBot, page: DatasetPage, document: Document, kind: str, file: str
) -> None:
    choose(page, "crops_kind", kind)
    assert save(qtbot, page).startswith("16 written")
    assert str(document.data_folder / f"crops-{kind}") in page.saved.text.text()
    assert list((document.data_folder / f"crops-{kind}").glob(file))
