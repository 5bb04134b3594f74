"""A model proposes boxes on the Label page: real keys, a real (tiny) model, real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core import proposals as files
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo
from landmark_gui.core.project_opening import read_project
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.pages.label.photo_query import Kind, PhotoQuery
from landmark_gui.gui.pages.label.proposals import PROPOSAL
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from tests.conftest import draw_photo
from tests.tiny_bundle import write_tiny_bundle

Open = Callable[[Path], Document]
SHAPES = [[36 / 96, 0.5], [0.3, 0.4]]
DRAWN = Rect(0, 0, 36, 36)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "colours.landmark-model", shapes=SHAPES)


@pytest.fixture
def document(tmp_path: Path, open_document: Open) -> Document:
    """Three photos with a red thing, one grey one, one damaged; the landmarks red and Other."""
    folder = tmp_path / "photos"
    for number in (1, 2, 3):
        draw_photo(folder / f"red{number}.png", "Red Tower", number)
    Image.fromarray(np.full((72, 96, 3), 120, np.uint8)).save(folder / "wall.png")
    whole = (folder / "red1.png").read_bytes()
    (folder / "zcut.png").write_bytes(whole[: len(whole) // 3])
    document = open_document(folder)
    for name in ("red", "Other"):
        document.do(edits.add_landmark(document.project, name))
    return document


@pytest.fixture
def page(qtbot: QtBot, document: Document) -> LabelPage:
    context = AppContext()
    widget = LabelPage(context)
    qtbot.addWidget(widget)
    widget.resize(1200, 700)
    widget.show()
    context.set_document(document)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    show(page=widget, qtbot=qtbot, name="red1.png")
    return widget


def named(page: LabelPage, name: str) -> Photo:
    return next(p for p in page.document.project.photos.values() if p.path == name)


def show(qtbot: QtBot, page: LabelPage, name: str) -> None:
    page.document.set_current(named(page, name).id)
    qtbot.waitUntil(page.canvas.has_image)
    page.canvas.setFocus()


def current(page: LabelPage) -> str:
    return page.document.current_photo.path


def propose(qtbot: QtBot, page: LabelPage, model: Path) -> None:
    with qtbot.waitSignal(page.proposals.desk.ended, timeout=30_000):
        page.proposals.desk.start(model, "colours")


def press(qtbot: QtBot, page: LabelPage, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(page.canvas, key)


def with_proposal(page: LabelPage) -> list[str]:
    photos = page.document.project.photos
    return sorted(photos[id_].path for id_ in page.proposals.desk.shown)


def boxes(page: LabelPage, name: str) -> list[tuple[str, Rect]]:
    project = page.document.project
    found = project.boxes_of(named(page, name).id)
    return [(project.landmarks[box.landmark_id].name, box.rect) for box in found]


def drawn_at(name: str) -> Rect:
    """Where `draw_photo` has put the thing."""
    pixels = np.asarray(Image.open(name)).astype(int)
    rows, columns = np.nonzero((abs(pixels - (200, 40, 40)) < 12).all(axis=2))
    return Rect.from_points(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


# Asking


def test_only_photos_without_a_label_get_proposals(qtbot, page, model) -> None:
    photo = named(page, "red2.png")
    page.document.do(edits.add_box(photo.id, 2, Rect(5, 5, 20, 20)))
    page.document.do(edits.review_photos([named(page, "red3.png")], "done"))
    propose(qtbot, page, model)
    assert with_proposal(page) == ["red1.png"]


def test_it_says_what_came_of_it_and_names_what_it_could_not_read(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    bar = page.proposals.bar
    assert with_proposal(page) == ["red1.png", "red2.png", "red3.png"]
    assert bar.outcome.text() == (
        "colours: 3 proposals, 1 photo shows nothing that it knows, 1 photo could not be looked at."
    )
    assert [path for path, _ in bar._outcome.problems] == ["zcut.png"]
    show(qtbot, page, "wall.png")
    assert bar.text.text() == "The model knows nothing that this photo shows."
    assert bar.accept.isHidden()
    assert bar.count.text() == "3 proposals · 1 photo unknown to it"


def test_a_proposal_lies_on_the_thing(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    for name in ("red1.png", "red2.png", "red3.png"):
        proposal = page.proposals.desk.of(named(page, name))
        truth = drawn_at(str(page.document.photos_dir / name))
        x = min(proposal.rect.right, truth.right) - max(proposal.rect.x, truth.x)
        y = min(proposal.rect.bottom, truth.bottom) - max(proposal.rect.y, truth.y)
        shared = max(x, 0) * max(y, 0)
        assert shared / (proposal.rect.area + truth.area - shared) > 0.5
        assert proposal.label == "red"


def test_a_second_run_of_the_same_model_asks_for_new_photos_alone(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    propose(qtbot, page, model)
    assert "zcut.png" in dict(page.proposals.bar._outcome.problems)  # it may be whole by now
    photo = page.document.photos_dir / "zcut.png"
    photo.write_bytes((page.document.photos_dir / "red1.png").read_bytes())
    with qtbot.waitSignal(page.document.scan_finished):
        page.document.start_scan()
    propose(qtbot, page, model)
    assert "1 proposal." in page.proposals.bar.outcome.text()
    propose(qtbot, page, model)
    assert page.proposals.bar.outcome.text() == (
        "colours has looked at every photo without a label already."
    )


def test_a_run_can_be_stopped_and_what_is_there_stands(qtbot, page, model, monkeypatch) -> None:
    from landmark_gui.inference import proposing

    locate, desk = proposing.locate_photo, page.proposals.desk

    def first_then_wait(classifier, path, cancel):
        while path.name != "red1.png" and not cancel():
            pass
        return locate(classifier, path, cancel)

    monkeypatch.setattr(proposing, "locate_photo", first_then_wait)
    desk.start(model, "colours")
    assert not page.proposals.bar.progress.isHidden()
    qtbot.waitUntil(lambda: bool(desk.shown), timeout=20_000)
    with qtbot.waitSignal(desk.ended):
        page.proposals.bar.cancel_wanted.emit()
    assert with_proposal(page) == ["red1.png"]
    assert page.proposals.bar.outcome.text() == "Stopped. colours: 1 proposal."
    assert page.proposals.bar.progress.isHidden()


def test_a_damaged_model_is_refused_in_words(qtbot, page, tmp_path) -> None:
    path = tmp_path / "no.landmark-model"
    path.write_bytes(b"nothing")
    propose(qtbot, page, path)
    assert "cannot be used" in page.proposals.bar.outcome.text()
    assert not page.proposals.desk.running


# Keys


def test_enter_accepts_and_goes_to_the_next(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    assert page.canvas.selected() == [PROPOSAL]
    rect = page.proposals.desk.of(named(page, "red1.png")).rect
    press(qtbot, page, Qt.Key.Key_Return)
    assert boxes(page, "red1.png") == [("red", rect)]
    assert current(page) == "red2.png"
    qtbot.waitUntil(page.canvas.has_image)
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert with_proposal(page) == []
    assert page.proposals.bar.next.isHidden()


def test_undo_brings_the_proposal_back(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    press(qtbot, page, Qt.Key.Key_Return)
    page.document.undo()
    assert (current(page), boxes(page, "red1.png")) == ("red1.png", [])
    assert page.canvas.selected() == [PROPOSAL]
    page.document.redo()
    assert len(boxes(page, "red1.png")) == 1 and with_proposal(page) == ["red2.png", "red3.png"]


def test_delete_refuses_and_the_refusal_can_be_taken_back(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    before = page.document.position
    press(qtbot, page, Qt.Key.Key_Delete)
    assert (current(page), with_proposal(page)) == ("red2.png", ["red2.png", "red3.png"])
    assert page.document.position == before
    propose(qtbot, page, model)
    assert with_proposal(page) == ["red2.png", "red3.png"]
    qtbot.keyClick(page.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert (current(page), len(with_proposal(page))) == ("red1.png", 3)


def test_a_landmark_key_accepts_it_as_another(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    press(qtbot, page, Qt.Key.Key_2)
    assert [name for name, _ in boxes(page, "red1.png")] == ["Other"]
    assert current(page) == "red2.png"


def test_it_can_be_moved_before_it_is_accepted(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    rect = page.proposals.desk.of(named(page, "red1.png")).rect
    step = 1 if rect.x < 40 else -1
    press(qtbot, page, *[Qt.Key.Key_Right if step > 0 else Qt.Key.Key_Left] * 3)
    assert boxes(page, "red1.png") == []
    press(qtbot, page, Qt.Key.Key_Return)
    assert boxes(page, "red1.png") == [("red", Rect(rect.x + 3 * step, rect.y, rect.w, rect.h))]


def test_a_box_of_ones_own_takes_the_place_of_the_proposal(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    page.canvas.box_drawn.emit(Rect(2, 2, 20, 8))
    assert len(boxes(page, "red1.png")) == 1
    assert with_proposal(page) == ["red2.png", "red3.png"]
    assert PROPOSAL not in [shape.id for shape in page.canvas.shapes()]


def test_a_new_landmark_comes_with_the_box(qtbot, page, model) -> None:
    page.document.do(
        edits.delete_landmark(page.document.project, page.document.project.landmarks[1])
    )
    propose(qtbot, page, model)
    press(qtbot, page, Qt.Key.Key_Return)
    assert [name for name, _ in boxes(page, "red1.png")] == ["red"]
    page.document.undo()
    assert [mark.name for mark in page.document.project.landmarks.values()] == ["Other"]


def test_a_proposal_is_no_box(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    assert page.document.project.boxes == {}
    assert page.boxes._title.text() == "Boxes on this photo: 0"
    (shape,) = page.canvas.shapes()
    assert shape.proposed and shape.dashed and shape.name.startswith("red 8")
    assert page.canvas.accessibleName() == "Photo with 0 boxes and a proposal"


def test_all_above_a_confidence_are_one_step(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    before = page.document.position
    page.proposals.all_action.trigger()
    dialog = page.findChild(AcceptAllDialog)
    dialog.least.setValue(100)
    assert (dialog.ready.text(), dialog.ready.isEnabled()) == ("Accept 0 proposals", False)
    dialog.least.setValue(50)
    assert dialog.ready.text() == "Accept 3 proposals"
    qtbot.mouseClick(dialog.ready, Qt.MouseButton.LeftButton)
    assert page.document.position == before + 1
    assert with_proposal(page) == [] and len(page.document.project.boxes) == 3
    page.document.undo()
    assert page.document.project.boxes == {} and len(with_proposal(page)) == 3


def test_a_photo_full_of_its_landmark_is_named_as_a_whole(qtbot, page, tmp_path) -> None:
    model = write_tiny_bundle(tmp_path / "whole.landmark-model", shapes=[[1.0, 1.0]], threshold=0.2)
    propose(qtbot, page, model)
    assert page.canvas.shapes() == []
    assert "the whole photo is" in page.proposals.bar.text.text()
    label = page.proposals.desk.of(named(page, "red1.png")).label
    press(qtbot, page, Qt.Key.Key_Return)
    photo = named(page, "red1.png")
    assert page.document.project.landmarks[photo.landmark_id].name == label
    assert current(page) != "red1.png"


# The list


def test_the_list_shows_and_filters_proposals(qtbot, page, model) -> None:
    propose(qtbot, page, model)
    photos = page.photos
    assert "red 8" in photos.model.state_text(named(page, "red2.png"))
    assert photos.model.table.count([Kind.PROPOSED]) == {Kind.PROPOSED: 3}
    photos.filters.change(PhotoQuery(kind=Kind.PROPOSED))
    assert photos.model.rowCount() == 3
    press(qtbot, page, Qt.Key.Key_Return)
    assert photos.model.rowCount() == 2
    page.document.undo()
    assert photos.model.rowCount() == 3


# The file


def test_proposals_survive_a_restart_but_not_a_label_or_another_file(
    qtbot, page, model, open_document
) -> None:
    propose(qtbot, page, model)
    press(qtbot, page, Qt.Key.Key_Delete)
    page.document.do(edits.review_photos([named(page, "red2.png")], "skipped"))
    path, folder = page.document.path, page.document.data_folder
    page.document.close()
    kept = files.read(folder)
    assert {one.state for one in kept.by_photo.values()} == {"open", "refused", "unknown"}
    again = Document(read_project(path))
    context = page._context
    context.set_document(again)
    qtbot.waitUntil(lambda: with_proposal(page) == ["red3.png"])
    image = again.photos_dir / "red3.png"
    draw_photo(image, "Red Tower", 9)
    with qtbot.waitSignal(again.scan_finished):
        again.start_scan()
    qtbot.waitUntil(lambda: with_proposal(page) == [])
    context.set_document(None)
    again.close()


def test_a_damaged_file_is_told_and_ignored(qtbot, page, model) -> None:
    document = page.document
    folder = document.data_folder
    folder.mkdir(exist_ok=True)
    (folder / files.FILE).write_text('{"version": 1, "proposals": [[]]}')
    said: list[str] = []
    document.message.connect(said.append)
    page.proposals.desk.set_document(document)
    qtbot.waitUntil(lambda: bool(said))
    assert files.FILE in said[0] and "ignored" in said[0]
    propose(qtbot, page, model)
    assert len(with_proposal(page)) == 3


# Reading only


def test_a_project_that_is_read_only_refuses_in_words(qtbot, page, model) -> None:
    said: list[str] = []
    page.document.message.connect(said.append)
    page.document.read_only = True
    page.proposals.ask_model()
    assert not page.proposals.desk.running
    assert "reading only" in said[-1]


def test_the_dialog_says_what_would_happen(qtbot, page, model) -> None:
    page.proposals.run_action.trigger()
    dialog = page.findChild(ProposeDialog)
    assert "5 photos have no box" in dialog.text.text() or "4 photos" in dialog.text.text()
    assert not dialog.start.isEnabled()
    qtbot.waitUntil(lambda: "no trained model" in dialog.text.text())
    dialog._add(model)
    dialog._show()
    with qtbot.waitSignal(page.proposals.desk.ended, timeout=30_000):
        qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert len(with_proposal(page)) == 3


def test_a_model_file_is_looked_for_beside_the_project_and_enter_goes_on(
    qtbot, page, model, monkeypatch
) -> None:
    asked: list[str] = []

    def ask(parent: object, title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.append(start)
        return str(model), kinds

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    page.proposals.run_action.trigger()
    dialog = page.findChild(ProposeDialog)
    qtbot.waitUntil(lambda: "no trained model" in dialog.text.text())
    qtbot.mouseClick(dialog.findChild(QPushButton, "proposing_file"), Qt.MouseButton.LeftButton)
    assert asked == [str(page.document.path.parent)]
    with qtbot.waitSignal(page.proposals.desk.ended, timeout=30_000):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert len(asked) == 1 and len(with_proposal(page)) == 3
