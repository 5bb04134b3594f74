from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits, scan
from landmark_gui.core.dataset import project_splits
from landmark_gui.core.errors import ProjectError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.project_opening import open_folder, read_project
from landmark_gui.core.splits import SplitSettings
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui import saving
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.opening import Opening
from landmark_gui.gui.saving import SaveQueue
from landmark_gui.jobs import tasks
from tests.conftest import draw_photo

Open = Callable[[Path], Document]


@pytest.fixture
def document(open_document: Open, photo_folder: Callable[..., Path], qtbot: QtBot) -> Document:
    """Two photos of a tower and two of a dome, labelled by their folders; all saved."""
    document = open_document(photo_folder(each=2))
    with all_saved(qtbot, document):
        document.label_by_folder()
    return document


def all_saved(qtbot: QtBot, document: Document) -> AbstractContextManager[object]:
    """Waits at its end until the document says that nothing is left to save."""
    return qtbot.waitSignal(document.save_state, check_params_cb=lambda state: state == "saved")


def draw(document: Document, x: float = 1) -> Edit:
    """Draw a box on the first photo."""
    mark = document.project.ordered_landmarks()[0]
    edit = edits.add_box(1, mark.id, Rect(x, 2, 30, 40))
    document.do(edit)
    return edit


def on_disk(document: Document) -> Project:
    with ProjectStore.open(document.path, read_only=True) as store:
        return store.load()


def recorded(signal: object) -> list[object]:
    """Collects what a signal says."""
    said: list[object] = []
    signal.connect(said.append)  # type: ignore[attr-defined]  # a bound Qt signal
    return said


def test_do_undo_and_redo_tell_what_they_changed(document: Document) -> None:
    changes = recorded(document.edited)
    edit = draw(document)
    assert len(document.project.boxes_of(1)) == 1
    document.undo()
    assert document.project.boxes_of(1) == []
    document.redo()
    assert len(document.project.boxes_of(1)) == 1
    assert changes == [edit, edit.inverse(), edit]


def test_what_can_be_undone_is_said_in_words(document: Document) -> None:
    draw(document)
    assert (document.undo_text, document.can_redo) == ("Undo draw box", False)
    document.undo()
    assert (document.undo_text, document.redo_text) == (
        "Undo name landmarks after the folders",
        "Redo draw box",
    )
    document.undo()
    assert (document.undo_text, document.can_undo) == ("Undo", False)
    changes = recorded(document.edited)
    document.undo()
    assert changes == []


def test_undo_and_redo_say_what_they_did(document: Document) -> None:
    said = recorded(document.stepped)
    draw(document)
    document.undo()
    document.redo()
    document.redo()
    assert said == ["Undone: draw box", "Done again: draw box"]


def test_a_new_edit_forgets_what_was_undone(document: Document) -> None:
    draw(document, 1)
    document.undo()
    draw(document, 2)
    assert not document.can_redo
    document.redo()
    assert [box.rect.x for box in document.project.boxes.values()] == [2]


def test_every_edit_is_saved_at_once_and_in_order(document: Document, qtbot: QtBot) -> None:
    states = recorded(document.save_state)
    with all_saved(qtbot, document):
        for number in range(20):
            draw(document, number)
            if number % 3 == 0:
                document.undo()
            if number % 6 == 0:
                document.redo()
    assert on_disk(document) == document.project
    assert states == ["saving", "saved"]


def test_closing_saves_what_is_still_on_its_way(document: Document) -> None:
    for number in range(50):
        draw(document, number)
    document.set_setting("margin", 0.1)
    assert document.close()
    opened = read_project(document.path)
    assert opened.project == document.project
    assert len(opened.done) == 51
    assert opened.settings == {"margin": 0.1}
    opened.store.close()


def test_undo_and_redo_go_on_after_the_project_was_opened_again(
    document: Document, open_document: Open
) -> None:
    for number in range(3):
        draw(document, number)
    document.undo()
    document.close()
    again = open_document(document.photos_dir)
    assert again.path == document.path
    again.redo()
    for _ in range(4):
        again.undo()
    assert not again.can_undo and not again.project.landmarks
    again.redo()
    again.close()
    assert on_disk(again) == again.project


def test_settings_and_splits_are_there_the_next_time(
    document: Document, open_document: Open
) -> None:
    splits = project_splits(document.project, SplitSettings(), {})
    document.keep_splits(splits, SplitSettings())
    document.set_setting("margin", 0.1)
    document.close()
    again = open_document(document.photos_dir)
    assert again.setting("margin") == 0.1 and again.setting("other", 5) == 5
    assert again.kept_splits == splits
    settings = SplitSettings(seed=99)
    assert project_splits(again.project, settings, again.kept_splits) == splits


def test_splits_of_photos_that_the_project_does_not_have_hold_up_nothing(
    document: Document, open_document: Open
) -> None:
    (first, *_) = document.project.photos
    document.keep_splits({first: "test", 4711: "train", 2**70: "test"}, SplitSettings())
    draw(document)
    document.close()
    again = open_document(document.photos_dir)
    assert again.kept_splits == {first: "test"} and len(again.project.boxes) == 1


def test_an_edit_without_changes_is_no_edit(document: Document) -> None:
    undo_text, changes = document.undo_text, recorded(document.edited)
    document.label_by_folder()
    assert (document.undo_text, changes) == (undo_text, [])


def test_the_landmark_of_new_boxes_is_always_one_that_exists(document: Document) -> None:
    told = recorded(document.landmark_changed)
    first, second = document.project.ordered_landmarks()
    assert document.current_landmark_id == first.id
    document.do(edits.delete_landmark(document.project, first))
    document.do(edits.delete_landmark(document.project, second))
    document.do(edits.add_landmark(document.project, "New"))
    (new,) = document.project.landmarks
    assert told == [second.id, None, new]


def test_the_photo_on_show_is_told_once(document: Document) -> None:
    told = recorded(document.current_changed)
    document.set_current(2)
    document.set_current(2)
    assert told == [2]
    assert document.current_photo is document.project.photos[2]
    assert document.photo_path(document.project.photos[2]).is_file()
    document.set_current(None)
    assert document.current_photo is None


class Disk:
    """Fills the disk as far as the project is concerned, and frees it again."""

    def __init__(self, document: Document) -> None:
        self._run = document._store._connection.execute

    def fill(self) -> None:
        pages = self._run("PRAGMA page_count").fetchone()[0]
        self._run(f"PRAGMA max_page_count = {pages}")

    def free(self) -> None:
        self._run("PRAGMA max_page_count = 100000")


@pytest.fixture
def disk(document: Document, monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(saving, "RETRY_MS", 50)
    return Disk(document)


def draw_many(document: Document) -> None:
    """One edit that needs more room than is left in the last page of the file."""
    boxes = [edits.add_box(1, 1, Rect(number, 2, 30, 40)).changes[0] for number in range(200)]
    document.do(Edit("import", tuple(boxes)))


def test_a_failed_write_is_said_kept_and_made_good(
    document: Document, disk: Disk, qtbot: QtBot
) -> None:
    disk.fill()
    states, said = recorded(document.save_state), recorded(document.message)
    draw_many(document)
    draw(document, 7)
    document.undo()
    qtbot.waitUntil(lambda: len(said) >= 2)
    assert "disk is full" in str(said[0]) and str(document.path) in str(said[0])
    assert "failed" in states and "saved" not in states
    assert len(document.project.boxes) == 200
    with all_saved(qtbot, document):
        disk.free()
    document.close()
    opened = read_project(document.path)
    assert opened.project == document.project
    assert [entry.edit.kind for entry in opened.done] == ["label_by_folder", "import"]
    assert [entry.edit.kind for entry in opened.undone] == ["add_box"]
    opened.store.close()


def test_what_cannot_be_saved_keeps_the_project_open(
    document: Document, disk: Disk, qtbot: QtBot
) -> None:
    disk.fill()
    draw_many(document)
    assert not document.close()
    draw(document)
    with all_saved(qtbot, document):
        disk.free()
    assert document.close()
    assert len(on_disk(document).boxes) == 201


def test_unsaved_changes_can_be_given_up(document: Document, disk: Disk) -> None:
    disk.fill()
    draw_many(document)
    assert document.close(discard=True)
    with ProjectStore.open(document.path) as store:  # free for others again
        assert store.load().boxes == {}


@pytest.mark.parametrize("close_anyway", [True, False])
def test_the_person_decides_about_unsaved_changes(
    document: Document,
    disk: Disk,
    context: AppContext,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    close_anyway: bool,
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    opening = Opening(context, window)
    monkeypatch.setattr(opening, "_really_close", lambda: close_anyway)
    context.set_document(document)
    disk.fill()
    draw_many(document)
    assert opening.close_document() is close_anyway
    assert context.document is (None if close_anyway else document)
    if not close_anyway:
        disk.free()
        assert opening.close_document()
    assert len(on_disk(document).boxes) == (0 if close_anyway else 200)


def test_a_write_that_hangs_is_neither_waited_for_nor_done_twice(qtbot: QtBot) -> None:
    queue, began, go_on, done = SaveQueue(), threading.Event(), threading.Event(), []

    def hang() -> None:
        began.set()
        assert go_on.wait(10)
        done.append("first")

    queue.add(hang)
    queue.add(lambda: done.append("second"))
    assert began.wait(10)
    assert not queue.finish(timeout_ms=1)
    go_on.set()
    assert queue.finish()
    assert done == ["first", "second"]
    queue.add(lambda: done.append("third"))
    qtbot.waitUntil(lambda: queue.state == "saved")
    assert done == ["first", "second", "third"]


def test_what_waits_for_the_last_write_comes_once_and_after_it(qtbot: QtBot) -> None:
    queue, done = SaveQueue(), []
    queue.when_saved(lambda: done.append("nothing to wait for"))
    assert done == ["nothing to wait for"]
    queue.add(lambda: done.append("first"))
    queue.when_saved(lambda: done.append("after both"))
    queue.add(lambda: done.append("second"))
    qtbot.waitUntil(lambda: len(done) == 4)
    assert done[1:] == ["first", "second", "after both"]
    queue.add(lambda: done.append("third"))
    assert queue.finish()
    assert done.count("after both") == 1


def test_a_second_window_may_look_but_not_write(document: Document) -> None:
    document.close()
    first = Document(read_project(document.path))
    second = Document(read_project(document.path))
    assert second.read_only and "reading only" in second.notice and not first.read_only
    said, changes = recorded(second.message), recorded(second.edited)
    draw(second)
    second.undo()
    second.set_setting("margin", 0.5)
    second.keep_splits({1: "test"}, SplitSettings())
    second.start_scan()
    assert not second.can_undo and second.project.boxes == {}
    assert len(said) == 1 and changes == []
    assert second.close()
    draw(first)
    assert first.close()
    assert len(on_disk(first).boxes) == 1


def test_a_scan_adds_photos_batch_by_batch(
    photo_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(scan, "BATCH", 3)
    folder = photo_folder(each=4)
    (folder / "broken.jpg").write_bytes(b"")
    document = Document(open_folder(folder, folder))
    said, found = recorded(document.message), recorded(document.scan_finished)
    batches: list[int] = []
    document.photos_changed.connect(lambda: batches.append(len(document.project.photos)))
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
        document.start_scan()  # one at a time
    assert batches == [3, 6, 9]
    assert found == [9]
    qtbot.waitUntil(lambda: bool(said))  # once no file is as young as one that is being copied
    assert said == ["1 file cannot be opened as a photo; the list says why."]
    document.close()
    assert on_disk(document) == document.project


def test_a_later_scan_counts_what_is_new_alone(document: Document, qtbot: QtBot) -> None:
    for count in (0, 1):
        if count:
            draw_photo(document.photos_dir / "new.jpg", "Red Tower", 9)
        with qtbot.waitSignal(document.scan_finished) as finished:
            document.start_scan()
        assert finished.args == [count]


@pytest.mark.changes_photos
def test_a_label_given_during_the_scan_is_kept(document: Document, qtbot: QtBot) -> None:
    photo = document.project.photos[1]
    draw_photo(document.photo_path(photo), "Red Tower", 9, size=(200, 150))
    other = next(mark for mark in document.project.landmarks if mark != photo.landmark_id)
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
        document.do(edits.set_photos_landmark([photo], other))
    refreshed = document.project.photos[1]
    assert (refreshed.width, refreshed.landmark_id) == (200, other)
    document.close()
    assert on_disk(document) == document.project


def test_a_missing_photo_folder_is_named_and_can_be_put_back(
    document: Document, qtbot: QtBot
) -> None:
    moved = document.photos_dir.rename(document.photos_dir.with_name("moved"))
    with qtbot.waitSignal(document.folder_missing) as said:
        document.start_scan()
    assert str(document.photos_dir) in said.args[0]
    assert {photo.state for photo in document.project.photos.values()} == {"ok"}
    moved.rename(document.photos_dir)
    with qtbot.waitSignals([document.folder_changed, document.scan_finished]):
        document.start_scan()


def test_closing_in_the_middle_of_a_scan_is_quiet(
    photo_folder: Callable[..., Path], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    folder = photo_folder(each=8)
    document = Document(open_folder(folder, folder))
    said, changes = recorded(document.message), recorded(document.save_state)
    document.start_scan()
    assert document.close()
    assert tasks.shutdown()  # waits for what runs
    qtbot.wait(50)
    assert (said, changes, caplog.records) == ([], [], [])


def test_a_folder_is_opened_as_the_same_project_each_time(
    photo_folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, fallback = photo_folder(each=1), tmp_path / "documents"
    monkeypatch.chdir(folder / "Red Tower")
    paths = set()
    for way in (folder, Path(".."), folder / "Red Tower" / ".."):
        opened = open_folder(way, fallback)
        paths.add(opened.store.path)
        assert opened.store.photos_dir == folder
        opened.store.close()
    assert paths == {tmp_path / "photos.landmarks"}
    assert not fallback.exists()
    assert {path.name for path in folder.iterdir()} == {"Red Tower", "Green Dome"}


def test_a_name_that_is_taken_sends_the_project_to_the_other_place(
    photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder, fallback = photo_folder(each=1), tmp_path / "documents"
    (tmp_path / "photos.landmarks").write_text("something else")
    for _ in range(2):
        opened = open_folder(folder, fallback)
        assert opened.store.path == fallback / "photos.landmarks"
        opened.store.close()
    assert (tmp_path / "photos.landmarks").read_text() == "something else"


def test_where_no_project_can_be_made_the_folder_is_named(
    photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = photo_folder(each=1)
    (tmp_path / "photos.landmarks").write_text("something else")
    (tmp_path / "documents").write_text("a file")
    with pytest.raises(ProjectError, match="documents"):
        open_folder(folder, tmp_path / "documents")


def test_a_backup_that_fails_does_not_keep_the_project_shut(document: Document) -> None:
    draw(document)
    document.close()
    backups = document.data_folder / "backups"
    for copy in backups.iterdir():
        copy.unlink()
    backups.rmdir()
    backups.write_text("a file where the folder should be")
    opened = read_project(document.path)
    assert "no fresh backup" in opened.notice and len(opened.project.boxes) == 1
    opened.store.close()


def test_a_damaged_project_is_restored_on_opening_and_says_so(
    document: Document, open_document: Open
) -> None:
    draw(document)
    document.close()
    with ProjectStore.open(document.path) as store:
        store._connection.execute("UPDATE edits SET changes = '[5]'")
    again = open_document(document.photos_dir)
    assert again.project == document.project and not again.can_undo
    assert "has been restored: 1 boxes" in again.notice
    assert "undo does not reach back" in again.notice and "damaged-" in again.notice
    draw(again, 9)
    assert again.close()
    opened = read_project(document.path)
    assert opened.notice == "" and len(opened.project.boxes) == 2
    opened.store.close()


def test_a_project_beside_the_folder_that_lost_its_first_page_is_not_begun_anew(
    document: Document, open_document: Open
) -> None:
    draw(document)
    document.close()
    content = document.path.read_bytes()
    document.path.write_bytes(bytes(4096) + content[4096:])
    again = open_document(document.photos_dir)
    assert again.path == document.path and again.project == document.project


def test_the_history_goes_back_to_any_moment_and_says_so_once(
    qtbot: QtBot, document: Document
) -> None:
    draw_many(document)
    for number in range(4):
        draw(document, number)
    length, told = len(document.history), recorded(document.edited)
    drawn = len(document.project.boxes)
    document.go_to(length - 3)
    assert len(told) == 1 and len(document.project.boxes) == drawn - 3
    assert (len(document.history), document.position) == (length, length - 3)
    document.go_to(length)
    assert len(document.project.boxes) == drawn and not document.can_redo
    document.go_to(0)
    assert not document.project.boxes and not document.can_undo
    document.close()
    opened = read_project(document.path)
    assert opened.project == document.project
    assert [entry.edit.kind for entry in opened.undone] == [e.edit.kind for e in document.history]
    opened.store.close()
