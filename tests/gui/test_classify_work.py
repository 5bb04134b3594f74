"""What is done with verdicts on the Classify page: sorting into folders, correcting, sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits, sorting
from landmark_gui.core.sorting import Wish
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.list_query import Kind, SortBy
from landmark_gui.gui.pages.classify.sorting_dialog import SortingDialog
from tests.originals import contents

COLORS = {"red.png": (255, 0, 0), "green.png": (0, 255, 0), "grey.png": (120, 120, 120)}
Opened = Callable[[Path], Document]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "new"
    made.mkdir()
    for name, color in COLORS.items():
        Image.new("RGB", (60, 40), color).save(made / name)
    return made


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tiny_model: Path, folder: Path) -> ClassifyPage:
    """Three photos with their verdicts, in the order of their names: green, grey, red."""
    context.set_model(tiny_model)
    made = ClassifyPage(context)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    qtbot.waitExposed(made)
    made.add_photos([folder])
    qtbot.waitUntil(lambda: len(made.verdicts()) == 3, timeout=20_000)
    return made


@pytest.fixture
def document(
    context: AppContext, open_document: Opened, photo_folder: Callable[..., Path]
) -> Iterator[Document]:
    """A project with the landmarks green (key 2) and Old Gate (key 1)."""
    opened = open_document(photo_folder("photos", each=1))
    for name in ("Old Gate", "green"):
        opened.do(edits.add_landmark(opened.project, name))
    context.set_document(opened)
    yield opened
    context.set_document(None)


def press(page: ClassifyPage, name: str) -> None:
    button = next(b for b in page.findChildren(QPushButton, name) if b.isVisible())
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def names(folder: Path) -> list[str]:
    return [name for name in contents(folder) if not Path(name).name.startswith(".")]


def idle(page: ClassifyPage) -> bool:
    return page.tools.sort.isEnabled() and not page._engine.busy


def test_the_chosen_photo_stays_chosen_and_shown_whatever_the_list_does(
    page: ClassifyPage,
) -> None:
    page.list.setCurrentIndex(page.model.index(1))
    page.side.bar.sort_by(SortBy.CERTAINTY)
    assert [entry.name for entry in page.side.chosen()] == ["grey.png"]
    page.side.bar.show_kind(Kind.UNKNOWN)
    assert [entry.name for entry in page.side.chosen()] == ["grey.png"]
    assert page.panel.title.text() == "Unknown"
    page.side.bar.show_kind(Kind.NAMED)
    assert page.panel.title.text() in ("green", "red")
    assert page.tools.more.isVisible()


# Sorting


def sorting_dialog(qtbot: QtBot, page: ClassifyPage, out: Path) -> SortingDialog:
    qtbot.waitUntil(lambda: idle(page))
    press(page, "classify_sort_button")
    (dialog,) = page.findChildren(SortingDialog)
    dialog.folder.setText(str(out))
    return dialog


def cells(dialog: SortingDialog) -> list[tuple[str, ...]]:
    model = dialog.model
    rows, columns = range(model.rowCount()), range(3)
    return [tuple(model.index(row, column).data() for column in columns) for row in rows]


def test_the_plan_is_shown_done_and_taken_back(
    qtbot: QtBot, page: ClassifyPage, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    dialog = sorting_dialog(qtbot, page, out)
    assert not dialog.confirm.isEnabled()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    green, grey, red = sorted(cells(dialog))
    assert green == ("green.png", "green/green.png", "green, 96%")
    assert grey[:2] == ("grey.png", "unknown/grey.png") and grey[2].startswith("Unknown; perhaps")
    assert red == ("red.png", "red/red.png", "red, 96%")
    assert dialog.summary.text() == (
        "3 photos would be copied into 3 folders. No file is replaced."
    )
    assert not out.exists() and dialog.confirm.text() == "Copy 3 photos"
    assert not dialog.back.isVisible()
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == f"3 photos were copied into {out}."
    assert names(out) == ["green/green.png", "red/red.png", "unknown/grey.png"]
    press(page, "banner_action")
    qtbot.waitUntil(lambda: page.banner.text() == "3 photos were taken back.")
    assert not out.exists() and names(folder) == sorted(COLORS)


def test_a_move_is_followed_by_the_list_and_so_is_its_undo(
    qtbot: QtBot, page: ClassifyPage, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    page.side.bar.show_kind(Kind.UNKNOWN)
    dialog = sorting_dialog(qtbot, page, out)
    dialog.moving.setChecked(True)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert dialog.which.currentText() == "The photos shown (1)"
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.banner.isVisible)
    assert names(folder) == ["green.png", "red.png"]
    assert page.model.shown[0].path == out / "unknown/grey.png"
    press(page, "banner_action")
    qtbot.waitUntil(lambda: page.model.shown[0].path == folder / "grey.png")
    assert names(folder) == sorted(COLORS)


def test_what_was_sorted_yesterday_can_be_taken_back_from_the_same_dialog(
    qtbot: QtBot, page: ClassifyPage, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    wishes = [Wish(folder / "red.png", "red"), Wish(folder / "grey.png")]
    sorting.sort_photos(sorting.plan(wishes, out, move=True))
    dialog = sorting_dialog(qtbot, page, out)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert dialog.back.isVisible()
    QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == "2 photos were taken back."
    assert names(folder) == sorted(COLORS) and not out.exists()


def test_what_stays_is_told_first_and_why(
    qtbot: QtBot, page: ClassifyPage, document: Document, tmp_path: Path
) -> None:
    mine = next(iter(document.project.photos.values()))
    page.add_photos([document.photo_path(mine), tmp_path / "gone.png"])
    qtbot.waitUntil(lambda: page.model.total == 5 and not page.model.entries("waiting"))
    dialog = sorting_dialog(qtbot, page, tmp_path / "out")
    dialog.moving.setChecked(True)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    first, second = cells(dialog)[:2]
    assert first[1:] == (
        "stays where it is",
        "it belongs to the open project; it can be copied, but not moved",
    )
    assert second == (
        "gone.png",
        "stays where it is",
        "the file is missing; it was moved or deleted",
    )
    dialog.folder.setText(str(document.photos_dir / "sorted"))
    qtbot.waitUntil(lambda: "among the photos of the open project" in dialog.summary.text())
    assert not dialog.confirm.isEnabled()
    dialog.reject()


def test_a_failure_is_told_by_its_file(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landmark_gui.core.sorting import executing

    def full(source: Path, part: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(executing, "copy_to", full)
    dialog = sorting_dialog(qtbot, page, tmp_path / "out")
    qtbot.waitUntil(lambda: dialog.plan is not None)
    QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.banner.isVisible)
    assert "green.png: No space left on device" in page.banner.text()
    assert not (tmp_path / "out").exists()


# Correcting


def test_a_digit_corrects_and_goes_on_to_the_next(page: ClassifyPage) -> None:
    page.list.setCurrentIndex(page.model.index(0))
    QTest.keyClick(page.list, "3")  # the third class of the model: blue
    first, second, _ = page.model.entries()
    assert (first.corrected, first.label) == ("blue", "blue")
    assert page.list.currentIndex().row() == 1
    assert page.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "green.png: blue, by you (was: green, 96%)"
    )
    QTest.keyClick(page.list, "9")  # nothing has it
    assert second.corrected == ""
    page.list.setCurrentIndex(page.model.index(0))
    QTest.keyClick(page.list, Qt.Key.Key_Backspace)
    assert (first.corrected, first.label) == ("", "green")


def test_the_keys_of_the_project_come_first(page: ClassifyPage, document: Document) -> None:
    found = [(choice.key, choice.name) for choice in page.correcting.choices()]
    assert found == [("1", "Old Gate"), ("2", "green"), ("3", "red"), ("4", "blue")]
    page.list.selectAll()
    QTest.keyClick(page.list, "1")
    assert [entry.label for entry in page.model.entries()] == ["Old Gate"] * 3


def test_the_menu_names_more_and_new_landmarks_can_be_typed(
    page: ClassifyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.setCurrentIndex(page.model.index(1))
    menu = page.correcting.menu()
    sub_menu = menu.actions()[0].menu()
    assert isinstance(sub_menu, QMenu)
    shows = {action.text(): action for action in sub_menu.actions()}
    assert list(shows)[:3] == ["red\t1", "green\t2", "blue\t3"]
    answers = iter([("Cloud Gate\n", True), ("  RED ", True), ("", False)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: next(answers))
    shows["Another landmark…"].trigger()
    assert page.model.entries()[1].corrected == "Cloud Gate"
    shows["Another landmark…"].trigger()
    assert page.model.entries()[2].corrected == "red"  # as it is called already
    menu.deleteLater()


# Sending


def test_corrected_photos_are_sent_as_one_edit_that_undo_takes_back(
    qtbot: QtBot, page: ClassifyPage, document: Document, folder: Path
) -> None:
    before = document.position
    page.correcting.correct("New Tower")  # the first photo is chosen
    press(page, "classify_send_button")
    qtbot.waitUntil(lambda: document.position == before + 1, timeout=20_000)
    photo = next(p for p in document.project.photos.values() if "New Tower" in p.path)
    assert photo.path == "classified/New Tower/green.png"
    assert photo.landmark_id is not None
    assert document.project.landmarks[photo.landmark_id].name == "New Tower"
    assert page.banner.text() == "1 photo is in the project."
    assert page.model.entries()[0].sent and names(folder) == sorted(COLORS)
    press(page, "banner_action")
    assert document.position == before and not page.model.entries()[0].sent
    assert document.project.landmark_named("New Tower") is None
    assert (document.photos_dir / photo.path).is_file()
    document.redo()
    assert page.model.entries()[0].sent
    document.undo()
    assert not page.model.entries()[0].sent


def test_what_was_sent_by_turns_is_unsent_by_undo(
    qtbot: QtBot, page: ClassifyPage, document: Document
) -> None:
    entries, before = page.model.entries(), document.position
    for row in (0, 1, 1):  # the last changes nothing
        page.list.setCurrentIndex(page.model.index(row))
        if not entries[row].sent:
            page.correcting.correct("New Tower")
        page.list.setCurrentIndex(page.model.index(row))
        page.sending.send([entries[row]])
        qtbot.waitUntil(lambda row=row: entries[row].sent and not page.sending.running)
    assert document.position == before + 2 and page.banner.isVisible()
    document.undo()
    assert entries[0].sent and not entries[1].sent and not page.banner.isVisible()
    document.redo()
    assert entries[1].sent
    document.go_to(before)
    assert not entries[0].sent and not entries[1].sent


def test_a_look_that_began_before_the_copy_is_not_the_last_word(
    qtbot: QtBot, page: ClassifyPage, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, really = [], document.start_scan

    def start_scan() -> None:
        looks.append(1)
        if len(looks) == 1:
            document.scan_finished.emit(0)  # of a look that saw the folder as it was
        else:
            really()

    monkeypatch.setattr(document, "start_scan", start_scan)
    page.correcting.correct("green")
    page.send()
    qtbot.waitUntil(lambda: page.model.entries()[0].sent, timeout=20_000)
    assert len(looks) == 2 and page.banner.text() == "1 photo is in the project."


def test_what_the_project_never_finds_is_told(
    qtbot: QtBot, page: ClassifyPage, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = document.position
    monkeypatch.setattr(document, "start_scan", lambda: document.scan_finished.emit(0))
    page.correcting.correct("green")
    page.send()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == "0 photos are in the project. 1 could not be sent."
    assert document.position == before and not page.model.entries()[0].sent


def test_a_photo_of_the_project_only_gets_its_label(
    qtbot: QtBot, page: ClassifyPage, document: Document
) -> None:
    mine = next(iter(document.project.photos.values()))
    page.add_photos([document.photo_path(mine)])
    qtbot.waitUntil(lambda: page.model.total == 4 and not page.model.entries("waiting"))
    page.list.setCurrentIndex(page.model.index(3))
    page.correcting.correct("Old Gate")
    before = contents(document.photos_dir)
    page.send()
    qtbot.waitUntil(lambda: page.model.entries()[3].sent)
    label = document.project.photos[mine.id].landmark_id
    assert label is not None and document.project.landmarks[label].name == "Old Gate"
    assert contents(document.photos_dir) == before
    assert page.banner.text() == "1 photo is in the project. 1 was there already."


def test_a_drawn_part_becomes_a_box(qtbot: QtBot, page: ClassifyPage, document: Document) -> None:
    entry = page.model.entries()[0]
    entry.box = (10.0, 5.0, 20.0, 30.0)
    page.correcting.correct("green")
    page.send()
    qtbot.waitUntil(lambda: entry.sent, timeout=20_000)
    (box,) = document.project.boxes.values()
    assert (box.rect.x, box.rect.y, box.rect.w, box.rect.h) == (10, 5, 20, 30)
    assert document.project.landmarks[box.landmark_id].name == "green"


@pytest.mark.parametrize(("said", "boxes"), [("green", 1), ("Old Gate", 0)])
def test_a_box_that_was_found_for_another_landmark_is_not_sent(
    qtbot: QtBot,
    page: ClassifyPage,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    boxes: int,
) -> None:
    entry = page.model.entries()[0]
    entry.box = (10.0, 5.0, 20.0, 30.0)  # found as the best one for green
    monkeypatch.setattr(page.sending, "_is_found", lambda _: True)
    page.correcting.correct(said)
    page.send()
    qtbot.waitUntil(lambda: entry.sent, timeout=20_000)
    assert len(document.project.boxes) == boxes
    labelled = [photo for photo in document.project.photos.values() if photo.landmark_id]
    assert len(labelled) == 1 - boxes


def test_without_a_project_it_leads_to_one_and_unknown_photos_ask_for_a_name(
    qtbot: QtBot, page: ClassifyPage, context: AppContext, document: Document
) -> None:
    page.list.setCurrentIndex(page.model.index(1))
    page.send()
    assert page.banner.text().startswith("Say first what the photos show")
    context.set_document(None)
    with qtbot.waitSignal(context.open_project_requested):
        page.send()
        press(page, "banner_action")


def test_a_project_that_is_open_for_reading_only_refuses_in_words(
    page: ClassifyPage, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "read_only", True)
    before = contents(document.photos_dir)
    page.correcting.correct("green")
    page.send()
    assert "open for reading only" in page.banner.text()
    assert contents(document.photos_dir) == before
