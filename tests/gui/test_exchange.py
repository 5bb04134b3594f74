from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPlainTextEdit, QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.formats import FOLDERS, TITLES, registry
from landmark_gui.core.formats.registry import FORMATS
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.widgets.report import ReportDialog

HEADER = "file,class,x,y,w,h\n"


@pytest.fixture
def window(qtbot: QtBot, context: AppContext, photo_folder: Callable[..., Path]) -> MainWindow:
    """With a project of four photos; closing it closes that as well."""
    made = MainWindow(context)
    qtbot.addWidget(made)
    made.show()
    made.opening.open(photo_folder(each=2))
    qtbot.waitUntil(
        lambda: context.document is not None and len(context.document.project.photos) == 4
    )
    return made


@pytest.fixture
def document(window: MainWindow) -> Document:
    assert window.context.document is not None
    return window.context.document


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    path = tmp_path / "boxes.csv"
    path.write_text(HEADER + "Red Tower/IMG_1.jpg,Tower,1,2,30,40\nIMG_9.jpg,Tower,1,2,3,4\n")
    return path


def message(window: MainWindow) -> str:
    return window._banner.accessibleName()


def reports(window: MainWindow) -> list[ReportDialog]:
    return [dialog for dialog in window.findChildren(ReportDialog) if dialog.isVisible()]


def test_an_import_is_one_edit_and_lists_what_it_leaves_out(
    qtbot: QtBot, window: MainWindow, document: Document, boxes: Path
) -> None:
    with qtbot.waitSignal(document.edited):
        window.exchange.import_from(boxes)
    assert message(window) == "1 box was imported. 1 was left out."
    (report,) = reports(window)
    listing = report.findChild(QPlainTextEdit, "report_lines")
    assert listing.toPlainText() == "line 3: the project has no photo IMG_9.jpg"
    report.findChild(QPushButton, "report_copy").click()
    assert QGuiApplication.clipboard().text() == listing.toPlainText()
    report.findChild(QPushButton, "report_close").click()
    document.undo()
    assert document.project.boxes == {} and document.project.landmarks == {}


def test_a_long_list_is_shown_in_full(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "boxes.csv"
    lines = "".join(f"IMG_{n}.jpg,Tower,1,2,3,4\n" for n in range(10, 2010))
    path.write_text(HEADER + "Red Tower/IMG_1.jpg,Tower,1,2,30,40\n" + lines)
    with qtbot.waitSignal(document.edited):
        window.exchange.import_from(path)
    (report,) = reports(window)
    assert report.findChild(QPlainTextEdit).toPlainText().count("\n") == 1999


def test_an_import_of_nothing_is_no_edit(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "boxes.csv"
    path.write_text(HEADER)
    window.exchange.import_from(path)
    qtbot.waitUntil(lambda: message(window) == "0 boxes were imported.")
    assert not document.can_undo and reports(window) == []


@pytest.mark.parametrize("content", ["{", "[1", '{"name": 1}', ""])
def test_a_file_of_another_form_is_refused_in_words(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "boxes.json"
    path.write_text(content)
    window.exchange.import_from(path)
    qtbot.waitUntil(lambda: str(path) in message(window))
    assert not document.can_undo


@pytest.mark.parametrize("key", TITLES)
def test_what_the_menu_exports_comes_in_again(
    qtbot: QtBot,
    window: MainWindow,
    document: Document,
    boxes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
) -> None:
    with qtbot.waitSignal(document.edited):
        window.exchange.import_from(boxes)
    form, path = FORMATS[key], tmp_path / f"out{FORMATS[key].suffix}"
    if form.folder:
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
        path = tmp_path / "out"
    else:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    action = window.context.commands.get(f"file.export_{key}").action
    assert action.isEnabled()
    action.trigger()
    qtbot.waitUntil(lambda: "was written to" in message(window))
    document.undo()
    with qtbot.waitSignal(document.edited):
        window.exchange.import_from(path, key if form.folder else None)
    (box,) = document.project.boxes.values()
    assert (box.rect.x, box.rect.right) == pytest.approx((1, 31), abs=1e-3)


def test_every_format_of_the_menu_is_there() -> None:
    assert list(TITLES) == list(FORMATS)
    assert set(FOLDERS) <= set(FORMATS)


def test_a_name_typed_without_a_suffix_gets_one(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    window.exchange.ask_export("coco")
    qtbot.waitUntil(lambda: str(tmp_path / "mine.json") in message(window))


def test_the_menu_asks_for_a_file_or_a_folder(
    qtbot: QtBot,
    window: MainWindow,
    document: Document,
    boxes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(boxes), ""))
    with qtbot.waitSignal(document.edited):
        window.context.commands.get("file.import").action.trigger()
    document.undo()
    shape = {"label": "Tower", "points": [[1, 2], [9, 9]], "shape_type": "rectangle"}
    label = {"shapes": [shape], "imagePath": "IMG_1.jpg", "imageData": None}
    folder = tmp_path / "labels" / "Green Dome"
    folder.mkdir(parents=True)
    (folder / "IMG_1.json").write_text(json.dumps(label))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder.parent))
    with qtbot.waitSignal(document.edited):
        window.context.commands.get("file.import_labelme").action.trigger()
    (box,) = document.project.boxes.values()
    assert document.project.photos[box.photo_id].path == "Green Dome/IMG_1.jpg"


def test_an_edit_meanwhile_is_kept(
    qtbot: QtBot,
    window: MainWindow,
    document: Document,
    boxes: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from landmark_gui.core import edits

    window.exchange.import_from(boxes)
    document.do(edits.add_landmark(document.project, "Drawn meanwhile"))
    qtbot.waitUntil(lambda: len(document.project.boxes) == 1)
    names = [mark.name for mark in document.project.ordered_landmarks()]
    assert names == ["Drawn meanwhile", "Tower"]


def test_a_long_export_can_be_cancelled(
    qtbot: QtBot,
    window: MainWindow,
    document: Document,
    boxes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from landmark_gui.core.errors import Cancelled

    def endless(*arguments: object) -> None:
        *_, progress, cancel = arguments
        while not cancel():  # type: ignore[operator]
            progress(3, 7)  # type: ignore[operator]
        raise Cancelled

    monkeypatch.setattr(registry, "export_boxes", endless)
    window.exchange.export_to("voc", tmp_path / "out")
    dialog = window.findChild(QProgressDialog)
    assert dialog is not None
    assert not dialog.isVisible()  # what is done in a moment shows no dialog
    qtbot.waitUntil(lambda: dialog.isVisible())
    qtbot.waitUntil(lambda: (dialog.value(), dialog.maximum()) == (3, 7))
    dialog.canceled.emit()
    qtbot.waitUntil(lambda: message(window) == "Stopped.")


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_dropped_file_of_boxes_is_offered(
    qtbot: QtBot,
    window: MainWindow,
    document: Document,
    boxes: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
) -> None:
    asked: list[str] = []

    def question(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", question)
    window.opening.open_dropped([boxes])
    assert asked == ["Import the boxes of boxes.csv into this project?"]
    if answer == "Yes":
        qtbot.waitUntil(lambda: len(document.project.boxes) == 1)
    assert (window.exchange._task is None) == (answer == "No" or len(document.project.boxes) == 1)


def test_without_a_project_the_menus_rest(qtbot: QtBot, context: AppContext, boxes: Path) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window)
    for id_ in ("file.import", "file.import_yolo", "file.export_csv"):
        assert not context.commands.get(id_).action.isEnabled()
    window.opening.open_dropped([boxes])
    assert message(window) == "Open a project first: the boxes need photos."


def test_splits_of_a_file_are_taken_over_only_if_the_person_says_so(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "boxes.csv"
    path.write_text("file,class,x,y,w,h,split\nRed Tower/IMG_1.jpg,Tower,1,2,30,40,test\n")
    with qtbot.waitSignal(document.edited):
        window.exchange.import_from(path)
    assert "in which split 1 photo stands" in message(window)
    photo = next(p for p in document.project.photos.values() if p.path == "Red Tower/IMG_1.jpg")
    assert photo.split == ""
    window._banner._button.click()
    assert document.project.photos[photo.id].split == "test"
    assert message(window) == "1 photo pinned."
    document.undo()
    assert document.project.photos[photo.id].split == "" and document.project.boxes
