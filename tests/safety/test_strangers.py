"""Project files made by a stranger: they do nothing that they should not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from landmark_gui.core import backups
from landmark_gui.core.database import check_ours, connect
from landmark_gui.core.errors import ForeignError, FormatError, ProjectError
from landmark_gui.core.lock import ProjectLock, ProjectLockedError
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from tests.originals import contents
from tests.rows import box_edit
from tests.safety.scenes import full_project

ROOT = Path(__file__).parents[2]
links = pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A stranger's project in a folder of its own; `victim` beside it belongs to the person."""
    folder = tmp_path / "from a stranger"
    full_project(folder / "views.landmarks", boxes=10)
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "thesis.txt").write_text("years of work")
    return folder / "views.landmarks"


def run_sql(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement, values)


FOREIGN = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON edits BEGIN DELETE FROM boxes; END",
    "view": "CREATE VIEW v AS SELECT * FROM boxes",
    "index on an expression": "CREATE INDEX i ON boxes (abs(x))",
    "generated column": "CREATE TABLE more (x, y AS (abs(x)))",
    "virtual table": "CREATE VIRTUAL TABLE v USING rtree(id, low, high)",
    "table of another program": "CREATE TABLE more (x)",
    "default that calls": "CREATE TABLE more (x DEFAULT (random()))",
    "check that calls": "CREATE TABLE more (x CHECK (abs(x) > 1))",
}


@pytest.mark.parametrize("statement", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_schema_is_neither_used_nor_changed(path: Path, statement: str) -> None:
    run_sql(path, statement)
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(ForeignError, match="another program"):
            ProjectStore.open(path, read_only)
    with pytest.raises(ForeignError):
        read_project(path)
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {path.name, "views.data"}


def test_a_trigger_hidden_as_a_table_does_not_run(path: Path) -> None:
    run_sql(path, FOREIGN["trigger"])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET type = 'table' WHERE type = 'trigger'")
    with pytest.raises(ProjectError):
        ProjectStore.open(path)


@links
@pytest.mark.parametrize("name", ["lock", "lock.json"])
def test_a_link_in_place_of_the_lock_is_not_written_through(path: Path, name: str) -> None:
    thesis = path.parent.parent / "victim" / "thesis.txt"
    (path.parent / "views.data" / name).unlink(missing_ok=True)
    (path.parent / "views.data" / name).symlink_to(thesis)
    with ProjectStore.open(path) as store:
        store.commit(box_edit(1))
    assert thesis.read_text() == "years of work"


@links
def test_backups_are_neither_written_nor_removed_through_a_link(path: Path) -> None:
    victim = path.parent.parent / "victim"
    for day in range(1, 10):
        (victim / f"views-2026-01-0{day}-101010.landmarks").write_text("of another project")
    before = contents(victim)
    (path.parent / "views.data" / "backups").symlink_to(victim)
    opened = read_project(path)
    assert "no fresh backup" in opened.notice
    opened.store.close()
    assert contents(victim) == before


def test_copies_of_other_names_are_left_alone(path: Path) -> None:
    folder = backups.folder_of(path)
    folder.mkdir()
    for day in range(1, 10):
        (folder / f"mine-2026-01-0{day}-101010.landmarks").write_text("of another project")
    (folder / "holiday.landmarks").write_text("not made by us")
    with ProjectStore.open(path) as store:
        store.backup()
    assert len(list(folder.iterdir())) == 11


@links
@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_link_in_place_of_a_journal_is_refused(path: Path, ending: str) -> None:
    thesis = path.parent.parent / "victim" / "thesis.txt"
    Path(f"{path}{ending}").symlink_to(thesis)
    for attempt in (ProjectStore.open, read_project, restore):
        with pytest.raises(ForeignError, match="Move that file away"):
            attempt(path)
    assert thesis.read_text() == "years of work"


def test_a_journal_that_names_further_files_is_not_followed(path: Path) -> None:
    """SQLite would read such a file, and delete it if it names the journal back."""
    named = path.parent.parent / "victim" / "thesis.txt"
    name = str(named).encode()
    journal = Path(f"{path}-journal")
    length, total = len(name).to_bytes(4, "big"), (sum(name) & 0xFFFFFFFF).to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    journal.write_bytes(magic + bytes(504) + name + length + total + magic)
    before = contents(path.parent.parent)
    for read_only in (True, False):
        with pytest.raises(ForeignError, match="another program"):
            ProjectStore.open(path, read_only)
    after = contents(path.parent.parent)
    assert {key: after[key] for key in before} == before


def test_a_project_left_in_write_ahead_mode_becomes_one_file_again(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE landmarks SET name = 'Arch' WHERE id = 1")
    for ending in ("", "-wal"):  # as it lies there after a crash of that program
        shutil.copy(f"{path}{ending}", path.with_name(f"wal.landmarks{ending}"))
    connection.close()
    left = path.with_name("wal.landmarks")
    with ProjectStore.open(left) as store:
        assert store.load().landmarks[1].name == "Arch"
        store.commit(box_edit(1))
        assert not Path(f"{left}-wal").exists()
    with closing(sqlite3.connect(left)) as again:
        assert again.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


@pytest.mark.parametrize("folder", ["\x00", 5, None, ["a"], {"a": 1}])
def test_a_photo_folder_that_is_none_falls_back_to_the_name(path: Path, folder: object) -> None:
    text = json.dumps(folder)
    run_sql(path, "UPDATE settings SET value = ? WHERE key = 'photos_dir'", values=(text,))
    opened = read_project(path)
    assert opened.photos_dir == path.parent / "views"
    assert "restored" in opened.notice
    opened.store.close()


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", "\x00"])
def test_text_that_is_none_is_a_damage(path: Path, text: object) -> None:
    run_sql(path, "UPDATE landmarks SET name = CAST(? AS TEXT)", values=(text,))
    opened = read_project(path)
    assert len(opened.project.landmarks) == 2 and len(opened.project.boxes) == 129
    assert all(mark.name.isprintable() for mark in opened.project.landmarks.values())
    opened.store.close()


def test_text_without_end_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landmark_gui.core.database.MAX_VALUE", 100_000)
    run_sql(path, "UPDATE settings SET value = ? WHERE key = 'pages'", values=("[" * 200_000,))
    with pytest.raises(ProjectError, match="damaged"), ProjectStore.open(path) as store:
        store.setting("pages")
    opened = read_project(path)
    assert opened.settings == {} and len(opened.project.boxes) == 129
    opened.store.close()


def test_a_file_that_keeps_sqlite_busy_is_given_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landmark_gui.core.database.CHECK_SECONDS", -1.0)
    monkeypatch.setattr("landmark_gui.core.database.CHECK_STEPS", 10)
    with closing(connect(path, "ro")) as connection, pytest.raises(FormatError, match="circles"):
        check_ours(connection, path)


HOLD = """
import sys
from pathlib import Path
from landmark_gui.core.store import ProjectStore
store = ProjectStore.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLD, str(path)]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    return process


def test_the_second_window_looks_on_and_says_who_writes(path: Path) -> None:
    with holder(path) as process:
        opened = read_project(path)
        assert opened.store.read_only and f"process {process.pid}" in opened.notice
        assert "reading only" in opened.notice and len(opened.project.boxes) == 129
        opened.store.close()
        assert (path.parent / "views.data" / "lock.json").exists()
        process.kill()
    # The lock of a holder that died is free, whatever it has left lying about.
    opened = read_project(path)
    assert not opened.store.read_only and opened.notice == ""
    opened.store.close()


@pytest.mark.parametrize(
    "left", ["", "{", "[" * 100_000, '{"pid": "x"}', "[1]", '{"pid": 1, "host": "h"}']
)
def test_what_stands_in_an_old_lock_file_is_no_obstacle(path: Path, left: str) -> None:
    described = path.parent / "views.data" / "lock.json"
    described.write_text(left)
    ProjectStore.open(path).close()
    lock = ProjectLock.acquire(path)
    described.write_text(left)
    with pytest.raises(ProjectLockedError, match="another window"):
        ProjectLock.acquire(path)
    lock.release()


def test_a_drive_that_cannot_lock_is_named_and_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    def cannot(*_: object, **__: object) -> None:
        raise NotImplementedError("no flock here")

    monkeypatch.setattr(filelock.FileLock, "acquire", cannot)
    opened = read_project(path)
    assert opened.store.read_only and "cannot lock files" in opened.notice
    opened.store.close()
