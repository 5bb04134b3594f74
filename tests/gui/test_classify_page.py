from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.shares import percent
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.list_query import Kind
from landmark_gui.gui.pages.classify.photos import PhotoList
from landmark_gui.inference.classifier import Classifier, Verdict
from tests.tiny_bundle import write_tiny_bundle

RED, GREEN, BLUE, GREY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (120, 120, 120)
Paint = Callable[..., Path]


@pytest.fixture
def paint(tmp_path: Path) -> Paint:
    """Makes a photo of one colour."""

    def made(name: str, color: tuple[int, int, int], **options: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40), color).save(path, **options)
        return path

    return made


@pytest.fixture
def empty_page(qtbot: QtBot, context: AppContext) -> ClassifyPage:
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def page(
    qtbot: QtBot, context: AppContext, empty_page: ClassifyPage, tiny_model: Path
) -> ClassifyPage:
    context.set_model(tiny_model)
    qtbot.waitUntil(lambda: empty_page.card.name.text() == "colours")
    return empty_page


def add(qtbot: QtBot, page: ClassifyPage, *paths: Path) -> None:
    """Add photos and wait until something came of each."""
    before = page.model.rowCount()
    page.add_photos(list(paths))
    qtbot.waitUntil(lambda: page.model.rowCount() > before)
    settled(qtbot, page)


def settled(qtbot: QtBot, page: ClassifyPage) -> None:
    engine = page._engine  # the last answers come a moment before it is done
    qtbot.waitUntil(lambda: not page.model.entries("waiting") and not engine.busy, timeout=20_000)


def rows(page: ClassifyPage) -> list[str]:
    role = Qt.ItemDataRole.AccessibleTextRole
    return [page.model.index(row).data(role) for row in range(page.model.rowCount())]


def press(page: ClassifyPage, name: str) -> None:
    button = next(b for b in page.findChildren(QPushButton, name) if b.isVisible())
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_the_card_says_what_the_model_knows_and_how_good_it_is(page: ClassifyPage) -> None:
    detail = page.card.detail.text()
    assert detail == "Test accuracy 90% on 10 examples · 3 landmarks: red, green, blue"


def test_nothing_is_said_to_be_classified_while_there_are_no_photos(
    qtbot: QtBot, context: AppContext, empty_page: ClassifyPage, tiny_model: Path
) -> None:
    said: list[str] = []
    context.status_changed.connect(said.append)
    with qtbot.waitSignal(empty_page._engine.finished):
        context.set_model(tiny_model)
    assert not [text for text in said if "0 photos" in text]


def test_photos_are_classified_and_doubt_is_named(
    qtbot: QtBot, page: ClassifyPage, paint: Paint
) -> None:
    add(qtbot, page, paint("a.png", RED), paint("b.png", BLUE), paint("c.png", GREY))
    assert [verdict.label for verdict in page.verdicts()][:2] == ["red", "blue"]
    red, _, grey = rows(page)
    assert red == "a.png: red, 96%"
    assert grey.startswith("c.png: Unknown; perhaps ")


def test_the_chosen_photo_is_shown_with_its_top_classes(
    qtbot: QtBot, page: ClassifyPage, paint: Paint
) -> None:
    add(qtbot, page, paint("a.png", GREEN), paint("b.png", GREY))
    assert page.panel.title.text() == "green"
    assert page.panel.card.top.bars.accessibleName().startswith(
        "Most probable landmarks: green 96%, "
    )
    qtbot.waitUntil(page.panel.photo.has_photo)
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.panel.title.text() == "Unknown"
    assert page.panel.detail.text().endswith("A verdict under 50% counts as unknown.")
    qtbot.waitUntil(page.panel.photo.has_photo)


def test_photos_are_shown_as_the_camera_held_them(
    qtbot: QtBot, page: ClassifyPage, paint: Paint
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    add(qtbot, page, paint("turned.jpg", RED, exif=exif))
    qtbot.waitUntil(page.panel.photo.has_photo)
    size = page.panel.photo.canvas.photo_rect().size()
    assert (size.width(), size.height()) == (40, 60)


def test_a_photo_that_cannot_be_read_is_named_with_its_reason_and_the_rest_goes_on(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    add(qtbot, page, damaged, tmp_path / "gone.jpg", paint("a.png", RED))
    assert rows(page) == [
        "damaged.jpg: Cannot be classified: the file is empty, damaged, or not a picture we can "
        "read",
        "gone.jpg: Cannot be classified: the file is missing; it was moved or deleted",
        "a.png: red, 96%",
    ]
    assert page.panel.title.text() == "No verdict"
    qtbot.waitUntil(lambda: "damaged" in page.panel.photo.note)


def test_a_folder_gives_its_photos_and_none_is_listed_twice(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, tmp_path: Path
) -> None:
    first = paint("holiday/one.png", RED)
    paint("holiday/deep/two.png", BLUE)
    (tmp_path / "holiday" / "notes.txt").write_text("no photo")
    add(qtbot, page, tmp_path / "holiday")
    assert sorted(entry.name for entry in page.model.entries()) == ["one.png", "two.png"]
    page.list.setCurrentIndex(page.model.index(0))
    page.add_photos([first])
    qtbot.waitUntil(lambda: page.list.currentIndex().row() == page.model.row_of(first))
    assert page.model.rowCount() == 2


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The model answers once this is set."""
    classify, opened = Classifier.classify, threading.Event()

    def held_up(self: Classifier, path: Path, *more: Any) -> Verdict:
        assert opened.wait(20)
        return classify(self, path, *more)

    monkeypatch.setattr(Classifier, "classify", held_up)
    yield opened
    opened.set()


def test_many_photos_show_progress_until_they_are_done(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, gate: threading.Event
) -> None:
    with qtbot.waitSignal(page._engine.finished, timeout=20_000):
        page.add_photos([paint(f"{number}.png", RED) for number in range(30)])
        qtbot.waitUntil(page.progress.isVisible)
        gate.set()
    assert not page.progress.isVisible()
    assert len(page.verdicts()) == 30


def test_cancel_keeps_what_is_done_and_the_rest_can_be_classified_later(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify, asked, gate = Classifier.classify, [], threading.Event()

    def held_up(self: Classifier, path: Path, *more: Any) -> Verdict:
        asked.append(path)
        if len(asked) > 10:
            assert gate.wait(20)
        return classify(self, path, *more)

    monkeypatch.setattr(Classifier, "classify", held_up)
    page.add_photos([paint(f"{number}.png", RED) for number in range(30)])
    qtbot.waitUntil(lambda: page.progress.isVisible() and len(asked) > 10)
    press(page, "cancel_button")
    assert not page.progress.isVisible()
    gate.set()
    left = len(page.model.entries("stopped"))
    assert left and left + len(page.verdicts()) == 30
    assert rows(page)[-1] == "29.png: Not classified"
    press(page, "classify_rest_button")
    settled(qtbot, page)
    assert len(page.verdicts()) == 30
    assert not page.tools.resume.isVisible()


def test_another_model_classifies_all_photos_anew(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, paint: Paint, tmp_path: Path
) -> None:
    add(qtbot, page, paint("a.png", RED))
    assert not page.verdicts()[0].unknown
    context.set_model(write_tiny_bundle(tmp_path / "strict.landmark-model", threshold=0.99))
    qtbot.waitUntil(lambda: page.card.name.text() == "strict")
    settled(qtbot, page)
    assert page.verdicts()[0].unknown
    assert page.card.detail.text() == "3 landmarks: red, green, blue"  # its card has no figures


def test_a_damaged_model_is_refused_in_words_and_the_one_before_stays(
    qtbot: QtBot, page: ClassifyPage, tiny_model: Path, paint: Paint
) -> None:
    cut = tiny_model.with_name("cut.landmark-model")
    cut.write_bytes(tiny_model.read_bytes()[:300])
    page.open_model(cut)
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == (
        f"{cut} cannot be used: it is not a model file, or it was cut off while being copied."
    )
    assert page.card.name.text() == "colours"
    add(qtbot, page, paint("a.png", RED))
    assert page.verdicts()[0].label == "red"


def test_photos_may_come_before_the_model(
    qtbot: QtBot, context: AppContext, empty_page: ClassifyPage, paint: Paint, tiny_model: Path
) -> None:
    empty_page.add_photos([paint("a.png", RED)])
    qtbot.waitUntil(empty_page.list.isVisible)
    assert rows(empty_page) == ["a.png: Waiting…"]
    context.set_model(tiny_model)
    settled(qtbot, empty_page)
    assert empty_page.verdicts()[0].label == "red"


def test_a_later_page_takes_the_newest_model_and_a_later_session_the_last_one(
    qtbot: QtBot, context: AppContext, tiny_model: Path
) -> None:
    context.set_model(tiny_model)
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.card.name.text() == "colours")
    context.shutdown()  # writes the preferences
    session = AppContext()
    other = ClassifyPage(session)
    qtbot.addWidget(other)
    qtbot.waitUntil(lambda: other.card.name.text() == "colours")
    session.shutdown()


def test_empty_states_lead_on(
    qtbot: QtBot,
    empty_page: ClassifyPage,
    tiny_model: Path,
    paint: Paint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tiny_model), ""))
    press(empty_page, "empty_state_action")
    qtbot.waitUntil(lambda: empty_page.card.name.text() == "colours")
    photo = paint("a.png", RED)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(photo)], ""))
    press(empty_page, "empty_state_action")
    qtbot.waitUntil(lambda: len(empty_page.verdicts()) == 1)


def test_the_primary_action_opens_a_model_first(
    qtbot: QtBot, empty_page: ClassifyPage, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (asked.append("model"), (str(tiny_model), ""))[1]
    )
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: (asked.append("photos"), ([], ""))[1]
    )
    empty_page.primary_action()
    empty_page.primary_action()  # the model is still being opened: photos wait for it
    qtbot.waitUntil(lambda: empty_page.card.name.text() == "colours")
    empty_page.primary_action()
    assert asked == ["model", "photos", "photos"]


def test_pictures_and_files_are_pasted(qtbot: QtBot, page: ClassifyPage, paint: Paint) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(picture)
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.verdicts()) == 1)
    assert rows(page) == ["Pasted picture 1: blue, 96%"]
    QGuiApplication.clipboard().setMimeData(files(paint("a.png", GREEN)))
    QTest.keyClick(page.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.verdicts()) == 2)
    assert page.list.currentIndex().row() == 1


def test_verdicts_are_copied_as_text(qtbot: QtBot, page: ClassifyPage, paint: Paint) -> None:
    add(qtbot, page, paint("a.png", RED), paint("b.png", BLUE))
    page.list.selectAll()
    QTest.keyClick(page.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "a.png: red, 96%\nb.png: blue, 96%"


def test_photos_are_taken_off_the_list(qtbot: QtBot, page: ClassifyPage, paint: Paint) -> None:
    add(qtbot, page, *(paint(f"{number}.png", RED) for number in range(5)))
    select = QItemSelectionModel.SelectionFlag.Select
    page.list.selectionModel().clear()
    for row in (0, 2, 3):
        page.list.selectionModel().select(page.model.index(row), select)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert [entry.name for entry in page.model.entries()] == ["1.png", "4.png"]
    press(page, "classify_clear_button")
    assert page.model.rowCount() == 0
    assert page._no_photos.isVisible()


def test_verdicts_are_exported_as_a_table(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    red, gone, table = paint("a.png", RED), tmp_path / "gone.png", tmp_path / "table.csv"
    add(qtbot, page, red, gone)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(table), ""))
    press(page, "classify_export_button")
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == f"2 verdicts were written to {table}."
    with table.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["path"], first["label"], first["unknown"]) == (str(red), "red", "False")
    assert float(first["confidence"]) == pytest.approx(0.9637, abs=1e-3)
    assert second["label"] == "" and "missing" in second["problem"]


def test_what_is_shown_is_exported_and_the_ending_says_as_what(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(qtbot, page, paint("a.png", RED), paint("b.png", GREY))
    page.side.bar.show_kind(Kind.UNKNOWN)
    asked: list[str] = []

    def ask(parent: object, title: str, *_: object) -> tuple[str, str]:
        asked.append(title)
        return str(tmp_path / "verdicts"), "JSON (*.json)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    press(page, "classify_export_button")
    qtbot.waitUntil(page.banner.isVisible)
    assert asked == ["Export the 1 of 2 photos that are shown"]
    (row,) = json.loads((tmp_path / "verdicts.json").read_text("utf-8"))
    assert (Path(row["path"]).name, row["unknown"], len(row["top"])) == ("b.png", True, 3)


def test_an_export_that_fails_says_so(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, tmp_path: Path
) -> None:
    add(qtbot, page, paint("a.png", RED))
    (tmp_path / "file").write_text("")
    page.exporting.export(tmp_path / "file" / "table.csv")
    qtbot.waitUntil(page.banner.isVisible)
    assert str(tmp_path / "file") in page.banner.text()


def test_photos_and_models_are_dropped_but_projects_are_left_to_the_window(
    qtbot: QtBot, empty_page: ClassifyPage, tiny_model: Path, paint: Paint, tmp_path: Path
) -> None:
    project = drag(empty_page, files(tmp_path / "towers.landmarks"))
    assert not project.isAccepted()
    data = files(tiny_model, paint("a.png", GREEN))
    assert drag(empty_page, data).isAccepted()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    empty_page.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, nothing))
    qtbot.waitUntil(lambda: len(empty_page.verdicts()) == 1)
    assert empty_page.verdicts()[0].label == "green"


def drag(page: ClassifyPage, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dragEnterEvent(event)
    return event


def test_an_empty_folder_is_said_to_be_empty(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    page.add_photos([tmp_path / "empty"])
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.text() == "There is no photo in that folder."


def test_removing_scattered_rows_keeps_the_rest_in_order(qapp: object) -> None:
    photos = PhotoList()
    entries = photos.add(Path(f"{number}.png") for number in range(300))
    photos.remove({entry.key for entry in entries[::2]})
    assert [entry.key for entry in photos.entries()] == [entry.key for entry in entries[1::2]]
    assert photos.row_of(Path("1.png")) == 0
    assert photos.row_of(Path("0.png")) == -1
    photos.settle([(entries[0].key, "late"), (entries[1].key, "why")])
    assert [entry.reason for entry in photos.entries("failed")] == ["why"]


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.934, "93%"), (0.996, "99%"), (0.9999, "100%"), (1, "100%")]
)
def test_what_is_not_quite_certain_is_not_called_certain(share: float, said: str) -> None:
    assert percent(share) == said


def test_what_fails_in_the_model_is_said_of_its_photos_and_the_rest_is_classified(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify = Classifier.classify

    def broken(self: Classifier, path: Path, *more: Any) -> Verdict:
        if path.stem == "3":
            raise RuntimeError("the interpreter gave up")
        return classify(self, path, *more)

    monkeypatch.setattr(Classifier, "classify", broken)
    add(qtbot, page, *(paint(f"{number}.png", RED) for number in range(60)))
    failed = page.model.entries("failed")
    assert "3.png" in [entry.name for entry in failed]
    assert {entry.reason for entry in failed} == {"the interpreter gave up"}
    assert len(page.verdicts()) + len(failed) == 60 and len(page.verdicts()) > 20
    assert page.model.entries()[-1].verdict is not None


def test_photos_that_come_while_others_are_classified_are_classified_as_well(
    qtbot: QtBot, page: ClassifyPage, paint: Paint, gate: threading.Event
) -> None:
    page.add_photos([paint(f"{number}.png", RED) for number in range(20)])
    qtbot.waitUntil(lambda: page.model.rowCount() == 20)
    told: list[tuple[int, int]] = []
    page._engine.progressed.connect(lambda done, total: told.append((done, total)))
    page.add_photos([paint("late.png", BLUE)])
    qtbot.waitUntil(lambda: page.model.rowCount() == 21)
    page._remove({page.model.entries()[19].key})
    gate.set()
    settled(qtbot, page)
    assert [verdict.label for verdict in page.verdicts()] == ["red"] * 19 + ["blue"]
    assert told[-1] == (20, 20)
