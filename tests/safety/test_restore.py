"""Damaged project files: what can be read is restored, the damaged file is kept, words say it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from landmark_gui import cli
from landmark_gui.core import backups, edits, pages, salvage
from landmark_gui.core.errors import DamagedError, ForeignError, ProjectError
from landmark_gui.core.lock import ProjectLock, ProjectLockedError
from landmark_gui.core.project import Landmark, Project
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from tests.rows import box_edit
from tests.safety.scenes import full_project, many_boxes

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "views.landmarks"


@pytest.fixture
def project(path: Path) -> Project:
    """A project file at `path` with 179 boxes, 40 photos and 2 landmarks; no backup."""
    return full_project(path)


def loaded(path: Path) -> Project:
    with ProjectStore.open(path) as store:
        return store.load()


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def overwrite(path: Path, number: int, content: bytes = b"\xff" * PAGE) -> None:
    """Damage a page; the first is number 1."""
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE)
        file.write(content)


def pages_of(path: Path, table: str) -> list[int]:
    """The pages of a table by SQLite's own account: the root, and the leaves by their content."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        root = connection.execute(query, (table,)).fetchone()[0]
    data = path.read_bytes()
    found = []
    for number in range(1, len(data) // PAGE + 1):
        alone = bytes((number - 1) * PAGE) + data[(number - 1) * PAGE :][:PAGE]
        tables = {salvage.table_of(record) for _, record in pages.records(alone)}
        if tables == {table}:
            found.append(number)
    return [root, *(number for number in found if number != root)]


@pytest.mark.parametrize("size", [512, 1024, 4096, 65536])
def test_pages_yield_the_very_rows_that_sqlite_reads(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.db"
    values = [None, 0, 1, -1, 127, -129, 2**23, -(2**31), 2**47, 2**63 - 1, 0.5, -1e300]
    texts = ["", "é한", "x" * 500, "y" * 5000, "z" * 200_000, b"", b"\x00\xff" * 3000]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("CREATE TABLE t (a, b, c)")
        rows = [(a, b, n) for n, (a, b) in enumerate((a, b) for a in values for b in texts)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        connection.execute("DELETE FROM t WHERE c % 5 = 0")
        connection.commit()
        expected = connection.execute("SELECT rowid, * FROM t").fetchall()
    found = sorted((rowid, *record) for rowid, record in pages.records(path.read_bytes()))
    assert [row for row in found if len(row) == 4] == expected


def test_what_was_deleted_does_not_come_back_from_the_pages(path: Path, project: Project) -> None:
    with ProjectStore.open(path) as store:
        store.commit(edits.delete_boxes(list(store.load().boxes.values())[:170]))
        left = store.load().boxes.keys()
    found = [record for _, record in pages.records(path.read_bytes())]
    assert {row[0] for row in found if salvage.table_of(row) == "boxes"} == left


def test_a_lost_first_page_costs_nothing(path: Path, project: Project) -> None:
    with ProjectStore.open(path) as store:
        history, splits = store.history(), store.split_assignments()
        settings = store.setting("pages")
    damaged = bytes(PAGE) + path.read_bytes()[PAGE:]
    path.write_bytes(damaged)
    said = restore(path)
    (kept,) = path.parent.glob("views.damaged-*.landmarks")
    assert kept.read_bytes() == damaged and kept.name in said
    assert "179 boxes, 40 photos, 2 landmarks" in said and "could not be read" not in said
    assert "missing" not in said
    with ProjectStore.open(path) as store:
        assert (store.load(), store.history()) == (project, history)
        assert store.photos_dir == path.parent / "photos"
        assert store.split_assignments() == splits
        assert store.setting("pages") == settings
        store.commit(box_edit(1))
        assert store.undo() is not None


@pytest.mark.parametrize("with_backup", [True, False])
def test_any_single_page_may_go(path: Path, project: Project, with_backup: bool) -> None:
    if with_backup:
        with ProjectStore.open(path) as store:
            store.backup()
    whole = path.read_bytes()
    for number in range(1, len(whole) // PAGE + 1):
        path.write_bytes(whole)
        overwrite(path, number)
        with pytest.raises(DamagedError, match="keeps the damaged file"):
            ProjectStore.open(path)
        said = restore(path)
        restored = loaded(path)
        if with_backup:
            assert restored == project, f"page {number}: {said}"
        assert restored.boxes == project.boxes, f"page {number}: {said}"
        paths = {photo.id: photo.path for photo in project.photos.values()}
        assert {photo.id: photo.path for photo in restored.photos.values()} == paths


def test_boxes_that_are_lost_come_back_from_the_history(path: Path, project: Project) -> None:
    for number in pages_of(path, "boxes"):
        overwrite(path, number, bytes(PAGE))
    restore(path)
    with ProjectStore.open(path) as store:
        assert store.load() == project
        done, undone = store.history()
        assert (len(done), len(undone)) == (66, 3)


def test_a_backup_fills_in_but_brings_back_nothing_that_was_deleted(
    path: Path, project: Project
) -> None:
    with ProjectStore.open(path) as store:
        store.backup()
        gone, *_ = store.load().boxes.values()
        store.commit(edits.delete_boxes([gone]))
        store.commit(edits.add_box(2, 2, gone.rect))
        expected = store.load()
    for table in ("boxes", "photos", "landmarks", "settings", "splits"):
        for number in pages_of(path, table):
            overwrite(path, number)
    said = restore(path)
    with ProjectStore.open(path) as store:
        assert store.load() == expected
        assert store.setting("pages")["crops"]["size"] == 160
        assert len(store.split_assignments()) == 40
    assert "come from the backup views-" in said


def test_without_history_the_backup_counts_and_the_words_say_so(
    path: Path, project: Project
) -> None:
    with ProjectStore.open(path) as store:
        store.backup()
    for table in ("boxes", "edits"):
        for number in pages_of(path, table):
            overwrite(path, number)
    said = restore(path)
    assert loaded(path) == project
    assert "look whether you had deleted any" in said
    assert "undo does not reach back" in said and "did last may be missing" in said


def test_the_newest_good_backup_is_taken(path: Path, project: Project) -> None:
    good = backups.folder_of(path) / "views-2026-01-02-101010.landmarks"
    bad = good.with_name("views-2026-01-03-101010.landmarks")
    with ProjectStore.open(path) as store:
        store.backup().rename(good)
    bad.write_bytes(good.read_bytes()[: 5 * PAGE])
    path.write_bytes(b"")
    with pytest.raises(ForeignError):
        ProjectStore.open(path)
    opened = read_project(path)
    assert opened.project == project and good.name in opened.notice
    opened.store.close()


def test_a_truncated_project_keeps_what_is_left(path: Path, project: Project) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3 + 100])
    restore(path)
    restored = loaded(path)
    assert restored.landmarks == project.landmarks and len(restored.boxes) > 50


def test_a_bad_row_is_counted_and_the_others_stay(path: Path, project: Project) -> None:
    run_sql(
        path,
        "INSERT INTO boxes VALUES ('endless', 1, 1, 0, 0, 9e999, 1, 0)",
        "INSERT INTO boxes VALUES ('orphan', 99, 1, 0, 0, 1, 1, 0)",
    )
    opened = read_project(path)
    assert "2 of 181 boxes could not be read." in opened.notice
    assert opened.project == project
    opened.store.close()


@pytest.mark.parametrize(
    ("where", "kept"), [("id = (SELECT max(id) FROM edits)", 0), ("id = 40", 29), ("1", 0)]
)
def test_a_history_entry_that_cannot_be_read_costs_no_box(
    path: Path, project: Project, where: str, kept: int
) -> None:
    run_sql(path, f"UPDATE edits SET changes = '[5]' WHERE {where}")
    opened = read_project(path)
    assert opened.project == project
    assert len(opened.done) + len(opened.undone) == kept
    assert "undo does not reach back" in opened.notice
    opened.store.close()


def test_a_history_that_does_not_fit_the_rows_is_dropped(path: Path, project: Project) -> None:
    run_sql(path, "INSERT INTO boxes VALUES ('endless', 1, 1, 0, 0, 9e999, 1, 0)")
    run_sql(path, "DELETE FROM edits WHERE id BETWEEN 2 AND 60")
    opened = read_project(path)
    assert opened.project.boxes == project.boxes
    opened.store.close()
    with ProjectStore.open(path) as store:
        while store.undo():
            pass


def test_boxes_that_nothing_knows_any_more_are_counted(path: Path, project: Project) -> None:
    run_sql(path, "DELETE FROM edits")
    number = pages_of(path, "boxes")[1]
    overwrite(path, number)
    said = restore(path)
    restored = loaded(path)
    lost = len(project.boxes) - len(restored.boxes)
    assert lost > 10 and f"{lost} of 179 boxes could not be read." in said
    assert restored.boxes.items() <= project.boxes.items()


def test_a_landmark_without_a_name_gets_one_rather_than_lose_its_boxes(
    path: Path, project: Project
) -> None:
    run_sql(path, "PRAGMA foreign_keys = OFF", "DELETE FROM landmarks WHERE id = 2")
    run_sql(path, "DELETE FROM edits")
    said = restore(path)
    restored = loaded(path)
    assert restored.boxes == project.boxes
    assert restored.landmarks[2] == Landmark(2, "Landmark 2", edits.PALETTE[2], "", 2)
    assert "name of 1 landmark" in said


def test_what_holds_nothing_of_ours_stays_as_it_is(path: Path) -> None:
    for content in (b"photo" * 3000, b"\xff" * 9, bytes(PAGE * 3)):
        path.write_bytes(content)
        with pytest.raises(ProjectError, match="nothing of it could be read"):
            read_project(path)
        assert path.read_bytes() == content
        assert not list(path.parent.glob("*.damaged-*"))
    path.write_bytes(b"")
    with pytest.raises(ForeignError):
        read_project(path)


def test_a_project_that_another_window_restores_is_left_to_it(path: Path, project: Project) -> None:
    overwrite(path, 1)
    lock = ProjectLock.acquire(path)
    before = path.read_bytes()
    with pytest.raises(ProjectLockedError):
        restore(path)
    assert path.read_bytes() == before
    lock.release()


def test_a_restoration_that_fails_leaves_the_damaged_file_in_its_place(
    path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    overwrite(path, 1)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("landmark_gui.core.restore.create_schema", no_room)
        with pytest.raises(ProjectError, match="disk is full"):
            restore(path)
    assert {file.name for file in path.parent.iterdir()} == {path.name, "views.data"}
    assert path.read_bytes() == before
    restore(path)
    assert loaded(path) == project


def test_the_command_line_says_what_to_do_and_writes_nothing(
    path: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    overwrite(path, 1)
    before = path.read_bytes()
    arguments = ["export", str(path), str(path.parent / "out.csv"), "--format", "csv"]
    assert cli.main(arguments) == 1
    assert "Open it in the window" in capsys.readouterr().err
    assert path.read_bytes() == before and not list(path.parent.glob("*.damaged-*"))


def test_the_journal_of_a_damaged_file_goes_with_it(path: Path, project: Project) -> None:
    overwrite(path, 3)
    journal = Path(f"{path}-journal")
    journal.write_bytes(b"\xff" * 600)
    restore(path)
    assert not journal.exists() and loaded(path).landmarks == project.landmarks


Due = Callable[[ProjectStore], Iterator[None]]


def test_backups_are_made_while_working(
    path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProjectStore.open(path) as store:
        for number in range(backups.EVERY_EDITS):
            assert store.after_write() == "" and not backups.copies(path)
            store.commit(box_edit(number))
        store.after_write()
        (first,) = backups.copies(path)
        assert len(loaded_copy(first).boxes) == 179 + backups.EVERY_EDITS
        store.after_write()
        monkeypatch.setattr(backups, "EVERY_SECONDS", 0.0)
        store.after_write()  # long ago, but nothing was done since
        assert backups.copies(path) == [first]
        first = first.rename(first.with_name("views-2026-01-02-101010.landmarks"))
        store.undo()
        store.after_write()
        assert len(backups.copies(path)) == 2


def loaded_copy(path: Path) -> Project:
    with ProjectStore.open(path, read_only=True) as store:
        return store.load()


def test_a_copy_with_the_same_edits_takes_the_place_of_the_newest(
    path: Path, project: Project
) -> None:
    with ProjectStore.open(path) as store:
        older = store.backup()
        older = older.rename(older.with_name("views-2026-01-02-101010.landmarks"))
        newer = store.backup()
        assert backups.copies(path) == [newer] != [older]


def test_the_newest_copies_stay_and_one_of_each_day() -> None:
    today = [Path(f"v-2026-05-20-1{n}0000.landmarks") for n in range(9, 0, -1)]
    days = [Path(f"v-2026-05-{n}-{h}0000.landmarks") for n in range(19, 9, -1) for h in (18, 12)]
    numbered = [Path(f"v-0000000{n}.landmarks") for n in (3, 2)]
    gone = backups.superfluous([*today, *days, *numbered])
    kept = [copy for copy in [*today, *days, *numbered] if copy not in gone]
    assert kept == [*today[:5], *days[0:12:2]]
    assert backups.superfluous([*today[:2], *numbered]) == []


def test_a_backup_that_cannot_be_written_is_told_once_and_keeps_nobody(
    path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "EVERY_SECONDS", -1.0)
    backups.folder_of(path).write_text("a file where the folder should be")
    with ProjectStore.open(path) as store:
        store.commit(many_boxes(1))
        assert "no fresh backup" in store.after_write()
        assert store.after_write() == ""


def test_a_backup_of_a_damaged_project_replaces_no_good_one(path: Path, project: Project) -> None:
    with ProjectStore.open(path) as store:
        good = store.backup()
        before = good.read_bytes()
        for number in pages_of(path, "photos"):
            overwrite(path, number)
        store._connection.execute("PRAGMA cache_size = 0")
        with pytest.raises(DamagedError):
            store.backup()
        assert [copy.read_bytes() for copy in backups.copies(path)] == [before]


def test_a_path_that_turned_into_bytes_in_the_index_does_no_harm(
    path: Path, project: Project
) -> None:
    name = project.photos[1].path.encode()
    text = bytes([3, 2 * len(name) + 13])  # a record's length of head, and its first type
    data = path.read_bytes()
    places = [
        i for i in range(len(data)) if data[i : i + 2] == text and data[i + 3 :].startswith(name)
    ]
    assert places
    for place in places:
        data = data[: place + 1] + bytes([text[1] - 1]) + data[place + 2 :]
    path.write_bytes(data)
    overwrite(path, pages_of(path, "photos")[-1])  # else nobody asks the index
    restore(path)
    found = {photo.path for photo in loaded(path).photos.values()}
    assert {photo.path for photo in project.photos.values()} - found <= {name.decode()}
