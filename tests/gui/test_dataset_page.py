from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.dataset import DatasetPage, overview
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


def cells(page: DatasetPage) -> list[list[Any]]:
    model = page.model
    columns = range(model.columnCount())
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
    qtbot.waitUntil(lambda: page.form._keep.isVisible())
    qtbot.wait(400)
    assert cells(page) == before  # they stay, whatever the shares

    page.form._keep.setChecked(False)
    qtbot.waitUntil(lambda: cells(page) != before)
    save(qtbot, page)
    assert document.kept_splits != kept
    assert page.form._keep.isChecked()
    document.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert store.split_assignments() == document.kept_splits


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


def test_the_shares_always_leave_something_to_learn_from(page: DatasetPage) -> None:
    spin(page, "split_validation").setValue(99)
    spin(page, "split_test").setValue(99)
    shares = [spin(page, f"split_{name}").value() for name in ("train", "validation", "test")]
    assert sum(shares) == 100
    assert shares[0] >= 1


def test_crops_cannot_go_where_they_would_be_taken_for_photos(
    page: DatasetPage, document: Document
) -> None:
    page.form._out.setText(str(document.photos_dir / "crops"))
    assert not page.save_button.isEnabled()
    assert "taken for new photos" in page.notes.text()
    page.primary_action()
    assert not (document.photos_dir / "crops").exists()
    page.form._out.clear()
    assert page.notes.text() == "Choose a folder for the crops."


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
    page.form._margin.set_value(25)
    spin(page, "crop_size").setValue(224)
    page.form._use.set_value("photos")
    page.hide()
    kept = document.setting("crops")
    assert (kept["use"], kept["size"], kept["margin"], kept["out"]) == ("photos", 224, 25, "")
    other = DatasetPage(context)
    qtbot.addWidget(other)
    assert other.form.choices() == Choices("photos", 224, 25)


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
    qtbot.waitUntil(lambda: bool(empty_page._planned))
    with qtbot.waitSignal(context.page_requested) as asked:
        QTest.mouseClick(visible_action(empty_page), Qt.MouseButton.LeftButton)
    assert asked.args == ["label"]


def visible_action(page: DatasetPage) -> QPushButton:
    actions = page.findChildren(QPushButton, "empty_state_action")
    return next(action for action in actions if action.isVisible())


def warnings_of(project: Any, kept: dict[int, str]) -> list[str]:
    rows = list(project.rows())
    return overview.warnings(overview.plan(rows, Path("photos"), Choices(), kept))


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
