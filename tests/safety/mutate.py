"""Mutated project files, opened in a process of their own that reports what went wrong.

    python -m tests.safety.mutate COUNT [SEED]

Each file is opened, read, undone, written and, if it is damaged, restored. It must work or be
refused by a ProjectError; nothing outside its folder may be written, no program started, no
address asked. The process writes a line for each file that breaks a rule.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from landmark_gui.core import backups
from landmark_gui.core.errors import DamagedError, ForeignError, ProjectError
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from tests.originals import contents
from tests.rows import box_edit
from tests.safety.scenes import full_project

PAGE = 4096
TOO_LONG = 20.0
"""Seconds for one file; each takes some hundredths."""
Mutation = Callable[[bytearray, random.Random], None]


def flip_bytes(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 3, 20))):
        data[dice.randrange(len(data))] = dice.randrange(256)


def flip_structure(data: bytearray, dice: random.Random) -> None:
    """Change the first bytes of a page, where the tree is described."""
    page = dice.randrange(len(data) // PAGE) * PAGE
    data[page + dice.randrange(120)] = dice.choice((0, 1, 2, 5, 10, 13, 127, 128, 255))


def flip_header(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(100)] = dice.randrange(256)


def zero_range(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    end = min(len(data), start + dice.choice((1, 16, 512, PAGE, 5 * PAGE)))
    data[start:end] = bytes(end - start)


def zero_page(data: bytearray, dice: random.Random) -> None:
    page = dice.randrange(len(data) // PAGE) * PAGE
    data[page : page + PAGE] = bytes(PAGE)


def swap_pages(data: bytearray, dice: random.Random) -> None:
    one, two = (dice.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    first, second = data[one : one + PAGE], data[two : two + PAGE]
    data[one : one + PAGE], data[two : two + PAGE] = second, first


def copy_page(data: bytearray, dice: random.Random) -> None:
    one, two = (dice.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[one : one + PAGE] = data[two : two + PAGE]


def cut_off(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def put_in(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.randbytes(dice.choice((1, 7, 512, PAGE)))


def change_word(data: bytearray, dice: random.Random) -> None:
    """Change words of the schema and of the stored JSON, but not their length."""
    words = (b"TABLE", b"boxes", b"photos", b"null", b"TEXT", b"[[", b"settings", b"photos_dir")
    word = dice.choice(words)
    places = [at for at in range(len(data)) if data.startswith(word, at)]
    if places:
        at = dice.choice(places)
        data[at : at + len(word)] = dice.choice((word.swapcase(), dice.randbytes(len(word))))


ON_BYTES: tuple[Mutation, ...] = (
    *(flip_bytes, flip_structure, flip_header, zero_range, zero_page),
    *(swap_pages, copy_page, cut_off, put_in, change_word),
)
HOSTILE: tuple[object, ...] = (
    *(
        "",
        "../../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "\\\\host\\share",
        "\x00",
        "a\nb",
        "\u202e",
    ),
    *("[" * 5000, "{}", "[]", "null", "NaN", '[["boxes",null,null]]', "9" * 500, "é" * 50_000),
    *(-1, 0, 2**31, 2**63 - 1, -(2**63), 1e308, 9e999, -9e999, None, b"\xff\xfe", b"", 0.5),
)
TABLES = {
    "settings": ("key", "value"),
    "landmarks": ("id", "name", "color", "key", "position"),
    "photos": ("id", "path", "width", "height", "state", "landmark", "review", "modified", "taken"),
    "boxes": ("id", "photo", "landmark", "x", "y", "w", "h"),
    "splits": ("photo", "split"),
    "edits": ("id", "kind", "changes", "undone", "time"),
}
STATEMENTS = (
    "CREATE TRIGGER t AFTER INSERT ON edits BEGIN DELETE FROM boxes; END",
    "CREATE VIEW v AS SELECT writefile('/tmp/landmark-was-here', 'x')",
    "CREATE INDEX i ON boxes (abs(x))",
    "CREATE TABLE more (x, y AS (x || load_extension('x')))",
    "CREATE VIRTUAL TABLE v USING fts5(x)",
    "ALTER TABLE boxes ADD COLUMN z",
    "DROP TABLE splits",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = -5",
    "PRAGMA application_id = 0",
    "PRAGMA journal_mode = WAL",
    "DELETE FROM photos",
    "DELETE FROM landmarks",
    "DELETE FROM settings",
    "DELETE FROM edits WHERE id % 2",
    "UPDATE edits SET undone = 1 - undone",
    "UPDATE edits SET changes = replace(changes, 'boxes', 'photos')",
    "UPDATE edits SET changes = replace(changes, '[', '[[')",
    "UPDATE boxes SET photo = photo + 20, landmark = 9",
)


def with_sql(path: Path, dice: random.Random) -> None:
    """Write what our program never would, also against the schema."""
    # Those that do not fit the form of a table are refused here, by STRICT or by a constraint.
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for _ in range(dice.choice((1, 1, 2, 4))):
            with suppress(sqlite3.Error):
                if dice.random() < 0.4:
                    connection.execute(dice.choice(STATEMENTS))
                else:
                    table = dice.choice(tuple(TABLES))
                    change = f"UPDATE {table} SET {dice.choice(TABLES[table])} = ?"
                    rows = f" WHERE rowid IN (SELECT rowid FROM {table} ORDER BY random() LIMIT 2)"
                    connection.execute(change + rows, (dice.choice(HOSTILE),))


def mutated(whole: bytes, path: Path, dice: random.Random) -> str:
    """Write a mutated copy of a project to `path`; what was done to it."""
    if dice.random() < 0.3:
        path.write_bytes(whole)
        with_sql(path, dice)
        return "SQL"
    data, names = bytearray(whole), []
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if len(data) >= PAGE:
            mutation = dice.choice(ON_BYTES)
            mutation(data, dice)
            names.append(mutation.__name__)
    path.write_bytes(data)
    if dice.random() < 0.1:
        Path(f"{path}-journal").write_bytes(dice.randbytes(dice.randrange(1, 3000)))
        names.append("journal")
    return "+".join(names)


def use(path: Path, dice: random.Random) -> str:
    """Do with a file what the window does; how it ended."""
    try:
        work_with(path)
        return "opened"
    except DamagedError:
        pass
    except ForeignError:
        if not backups.copies(path):
            return "foreign"
    except ProjectError:
        return "refused"
    try:
        said = restore(path)
    except DamagedError as error:
        assert "nothing of it could be read" in str(error), repr(error.__cause__ or error)
        return "lost"
    assert "restored" in said and "kept as" in said
    work_with(path)  # what was restored must work
    return "restored"


def work_with(path: Path) -> None:
    with ProjectStore.open(path, read_only=True) as store:
        store.load()
    with ProjectStore.open(path) as store:
        project, (done, _) = store.load(), store.history()
        assert store.photos_dir.is_absolute() and store.split_assignments() is not None
        store.setting("pages")
        for position in (0, len(done)):  # the window and the file go the same way
            edit = store.go_to(position)
            if edit is not None:
                project.apply(edit)
            assert store.load() == project
        photos = [photo.id for photo in project.photos.values()]
        if photos and project.landmarks:
            store.commit(box_edit(1, photos[0], next(iter(project.landmarks))))
            store.undo()
        store.backup()


STARTING = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect")
WRITING = (
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod"),
    *("os.truncate", "sqlite3.connect"),
)


class Watch:
    """Notes what the program does outside of one folder. It cannot be switched off again."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[str] = []
        self._folder = str(folder)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in STARTING:
            self.seen.append(event)
        elif event in WRITING or (event == "open" and _is_writing(arguments)):
            for path in arguments[: 2 if event in ("os.rename", "os.link") else 1]:
                self._look(event, path)

    def _look(self, event: str, path: object) -> None:
        if isinstance(path, str | os.PathLike | bytes):
            name = os.fsdecode(path).removeprefix("file://").split("?")[0]
            if name != ":memory:" and not name.startswith(self._folder):
                self.seen.append(f"{event} {name}")


def _is_writing(arguments: tuple[object, ...]) -> bool:
    mode, flags = (*arguments[1:], 0, 0)[:2]
    by_flags = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return bool(by_flags) or (isinstance(mode, str) and any(letter in mode for letter in "wax+"))


def run(count: int, seed: int, folder: Path) -> Counter[str]:
    """Try `count` mutated files; how they ended. Rules that were broken come as "! …"."""
    home, place = folder / "home", folder / "place"
    place.mkdir()
    full_project(home / "a.landmarks")
    with ProjectStore.open(home / "a.landmarks") as store:
        store.backup()
        store.commit(box_edit(77))
    whole = (home / "a.landmarks").read_bytes()
    saved = backups.copies(home / "a.landmarks")[0]
    (home / "a.data").rename(folder / "kept")
    saved = folder / "kept" / "backups" / saved.name
    before, watch, ends = contents(home), Watch(place), Counter[str]()
    for number in range(count):
        dice = random.Random(seed * 1_000_003 + number)
        one = place / str(number)
        one.mkdir()
        done = mutated(whole, one / "a.landmarks", dice)
        if dice.random() < 0.5:
            (one / "a.data" / "backups").mkdir(parents=True)
            shutil.copy(saved, one / "a.data" / "backups")
        watch.seen.clear()
        start = time.monotonic()
        try:
            end = use(one / "a.landmarks", dice)
        except Exception as error:
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)]
            end = f"! {seed}/{number} {done}: {type(error).__name__} at {lines}: {error!s:.300}"
        if watch.seen:
            end = f"! {seed}/{number} {done}: {watch.seen[:3]}"
        if time.monotonic() - start > TOO_LONG:
            end = f"! {seed}/{number} {done}: took too long"
        ends[end] += 1
        shutil.rmtree(one)
    if contents(home) != before:
        ends["! a file outside was changed"] += 1
    return ends


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(count, seed, Path(folder).resolve())))


if __name__ == "__main__":
    main()
