from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import copying, sorting
from landmark_gui.core.errors import Cancelled, SortingError
from landmark_gui.core.sorting import Guard, Wish, executing, folder_names, journal
from tests.originals import contents


def photo(path: Path, content: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or path.name)
    return path


def tree(folder: Path) -> dict[str, object]:
    """Every file with its content and date, and every folder."""
    dates = {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in files(folder)}
    folders = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_dir())
    return {"contents": contents(folder), "dates": dates, "folders": folders}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def names(folder: Path) -> list[str]:
    """The files of a person in a folder; our own begin with a dot."""
    found = (path.relative_to(folder).as_posix() for path in files(folder))
    return [name for name in found if not Path(name).name.startswith(".")]


def sort(wishes: list[Wish], out: Path, **options: object) -> sorting.Sorted:
    return sorting.sort_photos(sorting.plan(wishes, out, **options))  # type: ignore[arg-type]


def test_each_photo_goes_into_the_folder_of_its_landmark(tmp_path: Path) -> None:
    wishes = [
        Wish(photo(tmp_path / "in/a.jpg"), "Tower"),
        Wish(photo(tmp_path / "in/b.jpg")),
        Wish(photo(tmp_path / "in/c.jpg"), problem="it is damaged"),
        Wish(tmp_path / "in/gone.jpg", "Tower"),
    ]
    before = tree(tmp_path / "in")
    done = sort(wishes, tmp_path / "deep/out")
    assert names(tmp_path / "deep/out") == ["Tower/a.jpg", "unknown/b.jpg"]
    assert [(step.fate, step.reason) for step in done.plan.steps[2:]] == [
        ("left", "it is damaged"),
        ("left", "the file is missing; it was moved or deleted"),
    ]
    assert tree(tmp_path / "in") == before
    assert (tmp_path / "deep/out/Tower/a.jpg").stat().st_mtime_ns == (
        tmp_path / "in/a.jpg"
    ).stat().st_mtime_ns


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    wishes = [Wish(photo(tmp_path / "in/a.jpg"), "Tower")]
    before = tree(tmp_path)
    planned = sorting.plan(wishes, tmp_path / "out")
    assert [step.target for step in planned.steps] == [tmp_path / "out/Tower/a.jpg"]
    assert tree(tmp_path) == before


def test_photos_of_one_name_get_free_names_and_nothing_is_replaced(tmp_path: Path) -> None:
    there = photo(tmp_path / "out/Tower/A.JPG", "mine")
    wishes = [
        Wish(photo(tmp_path / "one/a.jpg", "one"), "Tower"),
        Wish(photo(tmp_path / "two/a.jpg", "two"), "Tower"),
        Wish(photo(tmp_path / "two/A (2).jpg", "three"), "Tower"),
    ]
    done = sort(wishes, tmp_path / "out")
    put = {step.target.name: step.target.read_text() for step in done.put if step.target}
    # A.JPG is a.jpg to Windows and macOS.
    assert put == {"a (2).jpg": "one", "a (3).jpg": "two", "A (2) (2).jpg": "three"}
    assert there.read_text() == "mine"
    assert done.put[0].reason == "another photo there has its name"


def test_the_same_picture_under_any_name_is_kept(tmp_path: Path) -> None:
    wishes = [Wish(photo(tmp_path / f"{n}/a.jpg", n), "Tower") for n in ("one", "two")]
    sort(wishes, tmp_path / "out")
    before = tree(tmp_path)
    again = sort(wishes, tmp_path / "out")
    assert [step.fate for step in again.plan.steps] == ["kept", "kept"]
    assert [step.target.name for step in again.plan.steps if step.target] == [
        "a.jpg",
        "a (2).jpg",
    ]
    assert again.journal is None and tree(tmp_path) == before


@pytest.mark.parametrize("move", [False, True])
def test_photos_that_lie_there_already_stay(tmp_path: Path, move: bool) -> None:
    mine = photo(tmp_path / "out/Tower/a.jpg")
    done = sort([Wish(mine, "Tower")], tmp_path / "out", move=move)
    assert (done.plan.steps[0].fate, done.plan.steps[0].reason) == ("kept", "it is there already")
    assert names(tmp_path) == ["out/Tower/a.jpg"]


def test_no_two_landmarks_share_a_folder() -> None:
    labels = ["A/B", "A:B", "a_b", "unknown", "Unknown", "con", "é", "e\u0301", "..", ""]
    found = folder_names(labels)
    assert found["A/B"] == "A_B" and found["unknown"] == "unknown (2)" and found["con"] == "_con"
    assert len({name.casefold() for name in found.values()} | {"unknown"}) == len(labels) + 1


def test_a_landmark_has_the_same_folder_whatever_else_is_sorted(tmp_path: Path) -> None:
    labels, one = ["A/B", "A:B"], photo(tmp_path / "in/a.jpg")
    planned = sorting.plan([Wish(one, "A:B")], tmp_path / "out", labels)
    assert planned.steps[0].target == tmp_path / "out/A_B (2)/a.jpg"


def test_a_file_where_a_folder_should_be_leaves_its_photos(tmp_path: Path) -> None:
    photo(tmp_path / "out/Tower")
    wishes = [
        Wish(photo(tmp_path / "in/a.jpg"), "Tower"),
        Wish(photo(tmp_path / "in/b.jpg"), "Gate"),
    ]
    done = sort(wishes, tmp_path / "out")
    assert done.plan.steps[0].reason == "a file stands where the folder Tower should be"
    assert names(tmp_path / "out") == ["Gate/b.jpg", "Tower"]


def test_a_folder_that_leads_elsewhere_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Tower").symlink_to(tmp_path / "elsewhere")
    done = sort([Wish(photo(tmp_path / "in/a.jpg"), "Tower")], tmp_path / "out")
    assert done.plan.steps[0].reason == "the folder Tower is a link to another place"
    assert names(tmp_path / "elsewhere") == []


def test_a_destination_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    file = photo(tmp_path / "out")
    with pytest.raises(SortingError, match="is a file"):
        sorting.plan([], file)
    with pytest.raises(SortingError, match="Nothing can be written into"):
        sort([Wish(photo(tmp_path / "in/a.jpg"), "Tower")], file / "deeper")


def test_photos_of_the_open_project_are_copied_but_never_moved(tmp_path: Path) -> None:
    mine, other = photo(tmp_path / "photos/deep/a.jpg"), photo(tmp_path / "b.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "photos")
    through_link = tmp_path / "link/deep/a.jpg"
    wishes = [Wish(mine, "Tower"), Wish(through_link, "Tower"), Wish(other, "Tower")]
    guard = Guard(tmp_path / "photos")
    done = sort(wishes, tmp_path / "out", move=True, guard=guard)
    assert [step.fate for step in done.plan.steps] == ["left", "left", "put"]
    assert "belongs to the open project" in done.plan.steps[0].reason
    assert mine.exists() and not other.exists()
    copied = sorting.plan([Wish(mine, "Gate")], tmp_path / "out", guard=guard)
    assert copied.steps[0].fate == "put"
    with pytest.raises(SortingError, match="among the photos of the open project"):
        sorting.plan([], tmp_path / "photos/sorted", guard=guard)


def test_links_are_copied_as_what_they_lead_to_and_not_moved(tmp_path: Path) -> None:
    link = tmp_path / "in/link.jpg"
    photo(tmp_path / "real.jpg", "real")
    link.parent.mkdir()
    link.symlink_to(tmp_path / "real.jpg")
    assert sort([Wish(link, "Tower")], tmp_path / "moved", move=True).put == []
    done = sort([Wish(link, "Tower")], tmp_path / "copied")
    assert done.put[0].target is not None and not done.put[0].target.is_symlink()
    assert done.put[0].target.read_text() == "real"


def test_a_name_that_is_taken_in_the_last_moment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = sorting.plan([Wish(photo(tmp_path / "in/a.jpg", "mine"), "Tower")], tmp_path / "out")
    really = executing.rename_new

    def quicker(part: Path, target: Path) -> None:
        if target.name == "a.jpg":
            target.write_text("another program's")
        really(part, target)

    monkeypatch.setattr(executing, "rename_new", quicker)
    done = sorting.sort_photos(planned)
    assert done.put[0].target == tmp_path / "out/Tower/a (2).jpg"
    assert (tmp_path / "out/Tower/a.jpg").read_text() == "another program's"
    assert done.journal is not None
    sorting.undo(done.journal)
    assert names(tmp_path / "out") == ["Tower/a.jpg"]


def test_a_cancel_between_photos_leaves_what_is_done_and_undo_takes_it_back(
    tmp_path: Path,
) -> None:
    wishes = [Wish(photo(tmp_path / f"in/{n}.jpg"), "Tower") for n in range(5)]
    before, asked = tree(tmp_path), list[int]()
    planned = sorting.plan(wishes, tmp_path / "out")
    done = sorting.sort_photos(
        planned, cancel=lambda: len(asked) > 1 or asked.append(1) is not None
    )
    assert len(done.put) == 2 and done.stopped and done.journal
    assert sorting.undo(done.journal).left == []
    assert tree(tmp_path) == before
    with pytest.raises(Cancelled):
        sorting.plan(wishes, tmp_path / "out", cancel=lambda: True)


# Undo


def test_a_copy_that_was_changed_or_is_the_only_one_left_stays(tmp_path: Path) -> None:
    wishes = [Wish(photo(tmp_path / f"in/{name}.jpg"), "Tower") for name in "abcd"]
    done = sort(wishes, tmp_path / "out")
    assert done.journal is not None
    (tmp_path / "out/Tower/a.jpg").write_text("retouched")
    (tmp_path / "in/b.jpg").unlink()
    (tmp_path / "in/c.jpg").write_text("other")
    undone = sorting.undo(done.journal)
    assert {path.name: reason for path, reason in undone.left} == {
        "a.jpg": "it was changed since",
        "b.jpg": "its original is gone or was changed, so this is the only one",
        "c.jpg": "its original is gone or was changed, so this is the only one",
    }
    assert [path.name for path, _ in undone.back] == ["d.jpg"]
    assert names(tmp_path / "out") == ["Tower/a.jpg", "Tower/b.jpg", "Tower/c.jpg"]
    (tmp_path / "out/Tower/a.jpg").write_text("a.jpg")
    shutil.copy2(tmp_path / "out/Tower/b.jpg", tmp_path / "in/b.jpg")
    (tmp_path / "in/c.jpg").write_text("c.jpg")
    assert sorting.undo(done.journal).left == []
    assert not (tmp_path / "out").exists()


def test_a_moved_photo_does_not_come_back_over_another(tmp_path: Path) -> None:
    done = sort([Wish(photo(tmp_path / "in/a.jpg", "old"), "Tower")], tmp_path / "out", move=True)
    photo(tmp_path / "in/a.jpg", "new")
    assert done.journal is not None
    undone = sorting.undo(done.journal)
    assert undone.left == [
        (tmp_path / "out/Tower/a.jpg", "there is another file where it came from")
    ]
    assert (tmp_path / "in/a.jpg").read_text() == "new"
    assert (tmp_path / "out/Tower/a.jpg").read_text() == "old"


def test_a_moved_photo_finds_its_folder_again_though_that_was_removed(tmp_path: Path) -> None:
    done = sort([Wish(photo(tmp_path / "in/deep/a.jpg"), "Tower")], tmp_path / "out", move=True)
    shutil.rmtree(tmp_path / "in")
    assert done.journal is not None and sorting.undo(done.journal).left == []
    assert names(tmp_path) == ["in/deep/a.jpg"]


def test_the_newest_sorting_of_a_folder_is_the_one_that_is_undone(tmp_path: Path) -> None:
    for name in "ab":
        sort([Wish(photo(tmp_path / f"in/{name}.jpg"), "Tower")], tmp_path / "out")
    photo(tmp_path / "out/Tower/mine.jpg")
    sorting.undo(sorting.newest(tmp_path / "out"))
    assert names(tmp_path / "out") == ["Tower/a.jpg", "Tower/mine.jpg"]
    sorting.undo(sorting.newest(tmp_path / "out"))
    assert names(tmp_path / "out") == ["Tower/mine.jpg"]
    with pytest.raises(SortingError, match="Nothing was sorted into"):
        sorting.newest(tmp_path / "out")


def test_the_journal_of_a_stranger_touches_nothing_outside(tmp_path: Path) -> None:
    secret, out = photo(tmp_path / "home/secret.jpg"), tmp_path / "out"
    photo(out / "Tower/authorized_keys")
    photo(out / "Tower/x.jpg")
    before = tree(tmp_path)
    (out / "link").symlink_to(tmp_path / "home")
    status = secret.stat()
    facts = {"size": status.st_size, "modified": status.st_mtime_ns, "hash": ""}
    key = (out / "Tower/authorized_keys").stat()
    there = {"size": key.st_size, "modified": key.st_mtime_ns, "hash": ""}
    lines = [
        {"format": journal.FORMAT, "version": 1, "move": True, "above": 0},
        {"file": {"source": str(tmp_path / "s.jpg"), "target": "../home/secret.jpg", **facts}},
        {"file": {"source": str(tmp_path / "secret.jpg"), "target": "link/secret.jpg", **facts}},
        {
            "file": {
                "source": str(tmp_path / "home/authorized_keys"),
                "target": "Tower/authorized_keys",
                **there,
            }
        },
        {"file": {"source": 7, "target": "Tower/x.jpg", **facts}},
        {"folder": "../home", "new": True},
        ["nonsense"],
        "nonsense",
    ]
    file = out / f"{journal.PREFIX}1{journal.SUFFIX}"
    file.write_text("\n".join(map(json.dumps, lines)) + '\n{"file": {"sour')
    undone = sorting.undo(file)
    assert sorted(path.name for path, _ in undone.left) == ["authorized_keys", "secret.jpg"]
    (out / "link").unlink()
    file.unlink()
    assert tree(tmp_path) == before


def test_what_is_no_journal_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SortingError, match="does not say what was sorted"):
        sorting.undo(photo(tmp_path / "a.jsonl", "[]"))
    with pytest.raises(SortingError, match="newer version"):
        line = {"format": journal.FORMAT, "version": 2}
        sorting.undo(photo(tmp_path / "b.jsonl", json.dumps(line)))
    with pytest.raises(SortingError, match="could not be read"):
        sorting.undo(tmp_path / "none.jsonl")


# Other drives


def on_another_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on files can be renamed within a folder of the test alone."""
    really = copying.rename_new

    def rename(path: Path, target: Path) -> None:
        if path.parent != target.parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        really(path, target)

    monkeypatch.setattr(copying, "rename_new", rename)


def test_a_move_to_another_drive_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_another_drive(monkeypatch)
    wishes = [Wish(photo(tmp_path / f"in/{n}.jpg"), "Tower") for n in range(3)]
    before = tree(tmp_path)
    done = sort(wishes, tmp_path / "out", move=True)
    assert names(tmp_path) == [f"out/Tower/{n}.jpg" for n in range(3)]
    assert done.journal is not None and sorting.undo(done.journal).left == []
    assert tree(tmp_path) == before


def test_a_copy_that_reads_otherwise_leaves_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_another_drive(monkeypatch)
    monkeypatch.setattr(copying, "content_hash", lambda path: "other")
    original = photo(tmp_path / "in/a.jpg")
    done = sort([Wish(original, "Tower")], tmp_path / "out", move=True)
    assert done.put == [] and done.stopped.startswith(f"{original}: ")
    assert names(tmp_path) == ["in/a.jpg"] and not (tmp_path / "out").exists()


def test_an_original_that_cannot_be_removed_is_not_there_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_another_drive(monkeypatch)
    original, really = photo(tmp_path / "in/a.jpg"), Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == original:
            raise PermissionError(errno.EACCES, "not yours")
        really(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    done = sort([Wish(original, "Tower")], tmp_path / "out", move=True)
    assert [step.reason for step in done.left] == ["not yours"]
    assert names(tmp_path) == ["in/a.jpg"]


def test_a_drive_without_links_replaces_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    one, two = photo(tmp_path / "one"), photo(tmp_path / "two")
    with pytest.raises(FileExistsError):
        copying.rename_new(one, two)
    assert (one.read_text(), two.read_text()) == ("one", "two")
    copying.rename_new(one, tmp_path / "three")
    assert names(tmp_path) == ["three", "two"]


# Nothing is lost, whatever there is

NAMES = st.sampled_from(["a.jpg", "A.jpg", "a (2).jpg", "b.png", "é.jpg", "e\u0301.jpg", "b.tif"])
FOLDERS = st.sampled_from(["", "x", "y/z"])
LABELS = st.sampled_from(["Tower", "tower", "unknown", "A/B", None])
CONTENTS = st.sampled_from(["one", "two", "three"])
OUT = st.sampled_from(["out", "in", "in/x", "out/deep"])


@given(
    sources=st.dictionaries(st.tuples(FOLDERS, NAMES), st.tuples(CONTENTS, LABELS), max_size=9),
    there=st.dictionaries(st.tuples(st.sampled_from(["Tower", "unknown"]), NAMES), CONTENTS),
    out=OUT,
    move=st.booleans(),
    rounds=st.integers(1, 2),
)
def test_nothing_is_lost_or_replaced_and_undo_restores_the_tree(
    sources: dict[tuple[str, str], tuple[str, str | None]],
    there: dict[tuple[str, str], str],
    out: str,
    move: bool,
    rounds: int,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for (below, name), (content, _) in sources.items():
            photo(place / "in" / below / name, content)
        for (below, name), content in there.items():
            if not (place / out / below / name).exists():
                photo(place / out / below / name, content)
        before = tree(place)
        journals = []
        for _ in range(rounds):
            wishes = [
                Wish(place / "in" / below / name, label)
                for (below, name), (_, label) in sources.items()
            ]
            done = sort(wishes, place / out, move=move)
            assert done.left == [] and not done.stopped
            journals += [done.journal] if done.journal else []
        _check_nothing_is_lost(place, before, move)
        for file in reversed(journals):
            assert sorting.undo(file).left == []
        assert tree(place) == before


def _check_nothing_is_lost(place: Path, before: dict[str, object], move: bool) -> None:
    was, now = before["contents"], contents(place)
    assert isinstance(was, dict)
    now = {name: digest for name, digest in now.items() if "/.sorting-" not in f"/{name}"}
    for name, digest in was.items():
        assert now.get(name, digest) == digest  # nothing has other content under its name
    if move:
        assert Counter(now.values()) == Counter(was.values())
    else:
        assert was.items() <= now.items()


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    wishes = [Wish(photo(tmp_path / f"in/{n}.jpg"), "Tower") for n in range(3)]
    seen: list[tuple[int, int]] = []
    note: Callable[[int, int], None] = lambda done, total: seen.append((done, total))  # noqa: E731
    planned = sorting.plan(wishes, tmp_path / "out", progress=note)
    assert seen[-1] == (3, 3)
    sorting.sort_photos(planned, note)
    assert seen[-1] == (3, 3) and seen[3] == (0, 3)
