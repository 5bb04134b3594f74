from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from landmark_gui.core import database, edits
from landmark_gui.core.errors import ProjectError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.lock import ProjectLock, ProjectLockedError
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.store import ProjectStore
from tests.rows import as_edit, box_edit, photo, small_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project file with three photos and two landmarks; not open."""
    path = tmp_path / "views.landmarks"
    project = small_project()
    with ProjectStore.create(path, tmp_path / "photos") as made:
        made.put_photos(project.photos.values())
        made.commit(as_edit(project))
    return path


def reopened(path: Path) -> Project:
    with ProjectStore.open(path) as opened:
        return opened.load()


def test_what_was_saved_comes_back(path: Path, tmp_path: Path) -> None:
    project = small_project()
    edit = edits.add_box(2, 1, Rect(0.1, 1 / 3, 12.5, 40))
    with ProjectStore.open(path) as opened:
        opened.commit(edit)
        opened.set_setting("pages", {"label": [1, "é", None]})
        opened.set_split_assignments({1: "train", 3: "test"})
    project.apply(edit)
    with ProjectStore.open(path) as opened:
        assert opened.load() == project
        assert opened.photos_dir == tmp_path / "photos"
        assert opened.setting("pages") == {"label": [1, "é", None]}
        assert opened.setting("never set", 7) == 7
        assert opened.split_assignments() == {1: "train", 3: "test"}


def test_a_project_moves_together_with_its_photos(path: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "한글 #1?.landmarks"
    moved.parent.mkdir()
    path.rename(moved)
    with ProjectStore.open(moved) as opened:
        assert opened.photos_dir == moved.parent / "photos"


def every_edit(project: Project) -> Iterator[Edit]:
    """One edit of each kind, each made on the project as the one before left it."""
    yield edits.add_landmark(project, "Gate")
    yield edits.rename_landmark(project.landmarks[3], "Arch")
    yield edits.recolor_landmark(project.landmarks[3], "#123456")
    yield edits.add_box(1, 3, Rect(1, 2, 3, 4))
    yield edits.add_box(1, 1, Rect(5, 6, 7, 8))
    first, second = project.boxes_of(1)
    yield edits.change_box(first, rect=Rect(2, 3, 4, 5))
    yield edits.change_box(second, landmark_id=2)
    yield edits.set_photos_landmark([project.photos[2]], 3)
    yield edits.delete_boxes([project.boxes[second.id]])
    yield edits.delete_landmark(project, project.landmarks[3])


def test_all_edits_can_be_undone_and_redone_after_each_opening(path: Path) -> None:
    states = [reopened(path)]
    project = reopened(path)
    for edit in every_edit(project):
        project.apply(edit)
        with ProjectStore.open(path) as opened:
            opened.commit(edit)
        states.append(reopened(path))
    for expected in reversed(states[:-1]):
        with ProjectStore.open(path) as opened:
            assert opened.undo() is not None
            assert opened.load() == expected
    for expected in states[1:]:
        with ProjectStore.open(path) as opened:
            assert opened.redo() is not None
            assert opened.load() == expected
    with ProjectStore.open(path) as opened:
        assert opened.redo() is None


def test_undo_gives_the_inverse_that_it_applied(path: Path) -> None:
    edit = box_edit()
    with ProjectStore.open(path) as opened:
        opened.commit(edit)
        assert opened.undo() == edit.inverse()
        assert opened.redo() == edit


def test_a_new_edit_forgets_what_was_undone(path: Path) -> None:
    with ProjectStore.open(path) as opened:
        opened.commit(box_edit(1))
        opened.undo()
        opened.commit(box_edit(2))
        assert opened.redo() is None
        assert [box.rect.x for box in opened.load().boxes.values()] == [2]


def test_an_edit_without_changes_leaves_no_trace(path: Path) -> None:
    with ProjectStore.open(path) as opened:
        opened.commit(box_edit())
        opened.undo()
        before = opened.history()
        opened.commit(Edit("import", ()))
        assert opened.history() == before


def test_an_edit_that_fails_half_way_changes_nothing(path: Path) -> None:
    good, orphan = box_edit(1), box_edit(2, photo_id=99)
    with ProjectStore.open(path) as opened:
        before, history = opened.load(), opened.history()
        with pytest.raises(ProjectError, match=r"views\.landmarks"):
            opened.commit(Edit("import", good.changes + orphan.changes))
        assert (opened.load(), opened.history()) == (before, history)
        opened.commit(good)
        assert len(opened.load().boxes) == 1


def test_a_refreshed_photo_keeps_its_boxes_and_its_split(path: Path) -> None:
    with ProjectStore.open(path) as opened:
        opened.commit(box_edit(photo_id=2))
        opened.set_split_assignments({2: "test"})
        opened.put_photos([photo(2, width=50)])
        project = opened.load()
        assert project.photos[2].width == 50
        assert len(project.boxes_of(2)) == 1
        assert opened.split_assignments() == {2: "test"}


EDIT_FOR_EVER = """
import sys
from pathlib import Path
from landmark_gui.core.store import ProjectStore
from tests.rows import box_edit
with ProjectStore.open(Path(sys.argv[1])) as store:
    for number in range(100_000):
        store.commit(box_edit(number))
        print(number, flush=True)
"""
EDIT_ONCE_AND_WAIT = """
import sys
from pathlib import Path
from landmark_gui.core.store import ProjectStore
from tests.rows import box_edit
with ProjectStore.open(Path(sys.argv[1])) as store:
    store.commit(box_edit())
    print("ready", flush=True)
    sys.stdin.read()
"""
DIE_IN_A_TRANSACTION = """
import os, signal, sys
from pathlib import Path
from landmark_gui.core.store import ProjectStore
with ProjectStore.open(Path(sys.argv[1])) as store, store._transaction() as connection:
    connection.execute("PRAGMA cache_size = 5")  # so that pages reach the disk before the commit
    for number in range(5000):
        connection.execute("INSERT INTO settings VALUES (?, ?)", (str(number), "0" * 50))
    connection.execute("DELETE FROM landmarks")
    os.kill(os.getpid(), signal.SIGKILL)
"""
needs_kill = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


def python(script: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(path)]
    root = Path(__file__).resolve().parents[2]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=root)


@needs_kill
def test_a_killed_process_loses_at_most_the_edit_in_flight(path: Path) -> None:
    with python(EDIT_FOR_EVER, path) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(20)]
        process.kill()
        told += [int(line) for line in process.stdout.read().splitlines()]
    with ProjectStore.open(path) as opened:
        kept = [int(box.rect.x) for box in opened.load().boxes.values()]
        assert kept[: len(told)] == told and len(kept) <= len(told) + 1
        while opened.undo():
            pass
        assert opened.load() == Project.of(small_project().photos.values())


@needs_kill
@pytest.mark.parametrize("read_only", [True, False])
def test_a_transaction_cut_short_is_cleared_away(path: Path, read_only: bool) -> None:
    before = reopened(path)
    with python(DIE_IN_A_TRANSACTION, path) as process:
        assert process.wait() == -signal.SIGKILL
    assert Path(f"{path}-journal").stat().st_size > 0
    with ProjectStore.open(path, read_only=read_only) as opened:
        assert opened.load() == before


def test_one_process_writes_and_the_others_may_read(path: Path) -> None:
    with python(EDIT_ONCE_AND_WAIT, path) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        with pytest.raises(ProjectLockedError) as caught:
            ProjectStore.open(path)
        assert str(path) in str(caught.value) and str(process.pid) in str(caught.value)
        with ProjectStore.open(path, read_only=True) as opened:
            assert len(opened.load().boxes) == 1
            with pytest.raises(ProjectError, match="reading only"):
                opened.commit(box_edit())
        process.communicate()
    ProjectStore.open(path).close()


def test_a_closed_project_can_be_opened_again_at_once(path: Path) -> None:
    opened = ProjectStore.open(path)
    with pytest.raises(ProjectLockedError):
        ProjectStore.open(path)
    opened.close()
    ProjectStore.open(path).close()


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


HISTORY = "UPDATE edits SET changes = '[[\"boxes\", null, [1, 2]]]'"
DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (Path.unlink, "no project file"),
    "empty": (lambda path: path.write_bytes(b""), "not a Landmark GUI project"),
    "no database": (lambda path: path.write_bytes(b"photo" * 2000), "damaged"),
    "other program": (lambda path: run_sql(path, "PRAGMA application_id = 1"), "not a Landmark"),
    "newer": (lambda path: run_sql(path, "PRAGMA user_version = 99"), "newer version"),
    "truncated": (truncate, "damaged"),
    "trigger": (
        lambda path: run_sql(
            path, "CREATE TRIGGER t AFTER INSERT ON boxes BEGIN DELETE FROM photos; END"
        ),
        "another program",
    ),
    "view": (lambda path: run_sql(path, "CREATE VIEW v AS SELECT * FROM boxes"), "another program"),
    "table": (lambda path: run_sql(path, "CREATE TABLE more (x)"), "another program"),
    "other columns": (
        lambda path: run_sql(path, "ALTER TABLE boxes ADD z TEXT"),
        "another program",
    ),
    "orphan": (
        lambda path: run_sql(path, "INSERT INTO boxes VALUES ('b', 99, 1, 0, 0, 1, 1, 0)"),
        "damaged",
    ),
    "endless box": (
        lambda path: run_sql(path, "INSERT INTO boxes VALUES ('b', 1, 1, 0, 0, 9e999, 1, 0)"),
        "damaged",
    ),
    "no size": (lambda path: run_sql(path, "UPDATE photos SET width = 0"), "damaged"),
    "history": (lambda path: run_sql(path, HISTORY), "damaged"),
    "settings": (lambda path: run_sql(path, "UPDATE settings SET value = '{'"), "damaged"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_bad_file_is_refused_in_words_and_set_free(path: Path, name: str) -> None:
    damage, words = DAMAGE[name]
    damage(path)
    with pytest.raises(ProjectError, match=words) as caught, ProjectStore.open(path) as opened:
        assert opened.load() and opened.history() and opened.photos_dir
    assert str(path) in str(caught.value)
    ProjectLock.acquire(path).release()


def test_no_page_of_the_file_can_be_damaged_unseen(path: Path) -> None:
    whole, size = path.read_bytes(), 4096
    for start in range(size, len(whole), size):
        path.write_bytes(whole[:start] + b"\xff" * size + whole[start + size :])
        with pytest.raises(ProjectError, match="damaged"):
            ProjectStore.open(path)


@pytest.mark.parametrize("escape", ["../secret.jpg", "/etc/passwd", "C:\\x.jpg", "a/../../b.jpg"])
def test_a_photo_path_that_climbs_out_is_not_followed(path: Path, escape: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE photos SET path = ? WHERE id = 1", (escape,))
    connection.close()
    photos = reopened(path).photos
    assert (photos[1].state, photos[2].state) == ("unreadable", "ok")
    assert "out of the photo folder" in photos[1].reason


def test_create_never_replaces_a_file(path: Path) -> None:
    content = path.read_bytes()
    with pytest.raises(ProjectError, match="exists already"):
        ProjectStore.create(path, path.parent)
    assert path.read_bytes() == content


def test_a_project_where_nothing_can_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match=r"new\.landmarks"):
        ProjectStore.create(tmp_path / "file" / "new.landmarks", tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill_up(opened: ProjectStore) -> int:
    """Draw boxes until that fails; how many were saved."""
    for number in range(5000):
        try:
            opened.commit(box_edit(number))
        except ProjectError as error:
            assert "disk is full" in str(error) and str(opened.path) in str(error)
            return number
    raise AssertionError("the disk never filled")


def check_whole_after_full(opened: ProjectStore, saved: int) -> None:
    assert len(opened.load().boxes) == saved
    assert opened.undo() is not None
    opened.close()
    assert len(reopened(opened.path).boxes) == saved - 1


def test_a_full_disk_costs_only_the_edit_that_no_longer_fits(small_disk: Path) -> None:
    opened = ProjectStore.create(small_disk / "full.landmarks", small_disk)
    opened.put_photos([photo(1)])
    opened.commit(edits.add_landmark(opened.load(), "Tower"))
    (small_disk / "big").write_bytes(bytes(150_000))
    saved = fill_up(opened)
    (small_disk / "big").unlink()
    check_whole_after_full(opened, saved)


def test_a_full_disk_leaves_no_half_made_project(small_disk: Path) -> None:
    with pytest.raises(OSError, match="space"), (small_disk / "big").open("wb") as big:
        big.write(bytes(1_000_000))
    with pytest.raises(ProjectError, match="disk is full"):
        ProjectStore.create(small_disk / "new.landmarks", small_disk)
    (small_disk / "big").unlink()
    ProjectStore.create(small_disk / "new.landmarks", small_disk).close()


def test_a_file_at_its_limit_stays_whole(path: Path) -> None:
    opened = ProjectStore.open(path)
    pages = opened._connection.execute("PRAGMA page_count").fetchone()[0]
    opened._connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    saved = fill_up(opened)
    opened._connection.execute("PRAGMA max_page_count = 100000")
    check_whole_after_full(opened, saved)


def test_a_path_that_merely_sounds_full_is_not_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "readonly full").write_text("a file where a folder should be")
    with pytest.raises(ProjectError) as caught:
        ProjectStore.create(tmp_path / "readonly full" / "new.landmarks", tmp_path)
    assert "disk is full" not in str(caught.value)
    assert "cannot be written" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/a b/#1?.landmarks"), "file:///home/a%20b/%231%3F.landmarks?mode=ro"),
        (PureWindowsPath(r"C:\Users\x.landmarks"), "file:///C:/Users/x.landmarks?mode=ro"),
        (PureWindowsPath(r"\\nas\share\x.landmarks"), "file:////nas/share/x.landmarks?mode=ro"),
    ],
)
def test_the_address_of_a_project_suits_sqlite(path: PurePosixPath, uri: str) -> None:
    assert database.address(path, "ro") == uri


@pytest.mark.parametrize("start", [0, 3, 6])
@pytest.mark.parametrize("position", [-2, 0, 2, 6, 99])
def test_any_moment_of_the_history_can_be_reached(path: Path, start: int, position: int) -> None:
    states = [reopened(path)]
    with ProjectStore.open(path) as opened:
        for number in range(5):
            opened.commit(box_edit(number))
            states.append(opened.load())
        opened.go_to(start)
        opened.go_to(position)
        reached = min(max(position, 0), 6)
        project = opened.load()
        assert len(opened.history()[0]) == reached
        assert project == (states[reached - 1] if reached else Project(photos=project.photos))
        assert opened.go_to(reached) is None


def test_photos_may_exchange_their_paths(tmp_path: Path) -> None:
    with ProjectStore.create(tmp_path / "views.landmarks", tmp_path) as store:
        store.put_photos([photo(1, "a.jpg"), photo(2, "b.jpg"), photo(3, "c.jpg")])
        store.put_photos([photo(2, "a.jpg"), photo(3, "b.jpg"), photo(1, "c.jpg")])
        paths = {row.id: row.path for row in store.load().photos.values()}
        assert paths == {1: "c.jpg", 2: "a.jpg", 3: "b.jpg"}
        store.put_photos([photo(4, "c.jpg"), photo(1, "d.jpg")])  # a new one where one was
        assert store.load().photos[4].path == "c.jpg"


def test_the_photo_folder_can_be_moved(tmp_path: Path) -> None:
    path = tmp_path / "views.landmarks"
    with ProjectStore.create(path, tmp_path / "photos") as store:
        store.set_photos_dir(tmp_path / "other" / "place")
    with ProjectStore.open(path) as store:
        assert store.photos_dir == tmp_path / "other" / "place"
        assert store.setting("photos_dir") == "other/place"
