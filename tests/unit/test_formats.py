"""Every format: there and back again, damaged files, and folders that hold others' files."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits, scan
from landmark_gui.core.errors import Cancelled, FormatError, LandmarkError
from landmark_gui.core.formats import writing
from landmark_gui.core.formats.registry import FORMATS, detect, export_boxes, import_boxes
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from landmark_gui.core.schema import encode_changes
from tests.exchanged import Drawn, bare, drawn, farthest, project_of, shown
from tests.rows import photo, small_project

KEYS = list(FORMATS)
FOLDERS = [key for key in KEYS if FORMATS[key].folder]
MANY: Drawn = [(p, m, 0.1, 0.2, 0.3 + m / 100, 0.4) for p in range(8) for m in range(0, 15, 5)]


def destination(key: str, folder: Path) -> Path:
    return folder / ("out" if FORMATS[key].folder else f"out{FORMATS[key].suffix}")


def label_files(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


@pytest.mark.parametrize("key", KEYS)
@given(boxes=drawn())
def test_there_and_back_again(
    key: str, boxes: Drawn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project, folder = project_of(boxes), tmp_path_factory.mktemp("photos")
    path = destination(key, folder)
    if FORMATS[key].folder and not boxes:
        path.mkdir()
    assert export_boxes(key, path, project, folder).boxes == len(boxes)
    if FORMATS[key].folder and not boxes:
        return
    found = bare(project)
    plan = import_boxes(key, path, found, folder)
    assert plan.problems == []
    found.apply(plan.edit)
    assert farthest(project, found) < 1e-3
    again = import_boxes(key, path, project, folder)
    assert again.boxes == 0 and again.left_out == len(boxes)
    shutil.rmtree(folder)


@pytest.mark.shared
@pytest.mark.parametrize("key", KEYS)
def test_real_boxes_on_real_photos_come_back(key: str, shared: Path, tmp_path: Path) -> None:
    folder, project = shared / "data" / "towers", Project()
    for batch in scan.new_photos(project, folder):
        project.put_photos(batch)
    project.apply(import_boxes("csv", folder / "boxes.csv", project, folder).edit)
    path = destination(key, tmp_path)
    count = export_boxes(key, path, project, folder).boxes
    found = bare(project)
    plan = import_boxes(key, path, found, folder)
    found.apply(plan.edit)
    assert count == plan.boxes == len(project.boxes) > 100 and plan.problems == []
    assert farthest(project, found) < 1e-3


@given(boxes=drawn(), data=st.data())
def test_our_own_format_loses_nothing(
    boxes: Drawn, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = project_of(boxes)
    for row in list(project.photos.values()):
        mark = data.draw(st.none() | st.integers(1, 3))
        review = data.draw(st.sampled_from(["", "done", "skipped"]))
        project.apply(edits.set_photos_landmark([row], mark))
        project.apply(edits.review_photos([project.photos[row.id]], review))
    project.apply(edits.move_landmark(project, project.landmarks[3], 0))
    project.apply(edits.recolor_landmark(project.landmarks[2], "#123456"))
    path = tmp_path_factory.mktemp("dump") / "project.json"
    export_boxes("json", path, project)
    found = bare(project)
    plan = import_boxes("json", path, found)
    found.apply(plan.edit)
    assert plan.problems == []
    assert found.landmarks == project.landmarks
    assert found.photos == project.photos
    assert list(found.boxes.values()) == sorted(
        project.boxes.values(), key=lambda box: list(found.boxes).index(box.id)
    )
    copy = path.with_name("again.json")
    export_boxes("json", copy, found)
    assert copy.read_bytes() == path.read_bytes()


mutations = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=4
)
tokens = st.sampled_from(
    [
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"null",
        b"{}",
        b"[" * 3000,
        b'"',
        b"-1",
        b"9" * 5000,
        b"\\ud800",
    ]
)


@pytest.mark.parametrize("key", KEYS)
@given(changes=mutations, token=tokens, at=st.floats(0, 1))
def test_a_damaged_file_is_refused_or_listed_and_nothing_else(
    key: str,
    changes: list[tuple[float, int, bytes]],
    token: bytes,
    at: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = destination(key, folder)
    export_boxes(key, path, project_of(MANY[:4]), folder)
    victims = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    for victim in victims:
        content = victim.read_bytes()
        for place, cut, added in [*changes, (at, 3, token)]:
            start = int(place * len(content))
            content = content[:start] + added + content[start + cut :]
        victim.write_bytes(content)
    project = bare(project_of([]))
    for target in {path, *victims}:
        try:
            plan = import_boxes(key, target, project, folder)
        except FormatError as error:
            assert str(folder) in str(error)
        else:
            project.apply(plan.edit)
            encode_changes(plan.edit).encode()
    assert all(box.rect.w > 0 and box.rect.h > 0 for box in project.boxes.values())
    shutil.rmtree(folder)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("content", [b"", b"\0" * 50, b"\xff\xfe\xfd", b"{", b"[" * 100_000, b"<a"])
def test_a_file_that_is_something_else_is_refused(key: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"boxes{FORMATS[key].suffix}"
    path.write_bytes(content)
    try:
        plan = import_boxes(key, path, small_project())
    except FormatError as error:
        assert str(path) in str(error)
    else:
        assert key == "yolo" and plan.boxes == 0


@pytest.mark.parametrize("key", KEYS)
def test_what_is_missing_is_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="none"):
        import_boxes(key, tmp_path / f"none{FORMATS[key].suffix}", small_project())


@pytest.mark.parametrize("key", KEYS)
def test_a_folder_without_label_files_is_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=str(tmp_path)):
        import_boxes(key, tmp_path, small_project())


@pytest.mark.parametrize("key", KEYS)
def test_the_format_is_found_by_what_a_file_holds(key: str, tmp_path: Path) -> None:
    path = destination(key, tmp_path)
    export_boxes(key, path, project_of(MANY))
    file = next(path.rglob(f"IMG_1.jpg{FORMATS[key].suffix}")) if path.is_dir() else path
    assert detect(file) == key


def test_what_is_no_file_of_boxes_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"name": 1}')
    (tmp_path / "a.pdf").write_text("")
    assert [detect(tmp_path / name) for name in ("a.json", "a.pdf")] == [None, None]


# Exports


@pytest.mark.parametrize("key", KEYS)
def test_two_exports_are_the_same_to_the_byte(key: str, tmp_path: Path) -> None:
    project = project_of(MANY)
    for name in ("one", "two"):
        export_boxes(key, destination(key, tmp_path / name), project, tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    assert label_files(one) == label_files(two) != []
    for name in label_files(one):
        assert (one / name).read_bytes() == (two / name).read_bytes()


@pytest.mark.parametrize("key", FOLDERS)
def test_photos_of_one_name_never_share_a_label_file(key: str, tmp_path: Path) -> None:
    report = export_boxes(key, tmp_path, project_of(MANY))
    suffix = FORMATS[key].suffix
    files = label_files(tmp_path)
    assert {f"a/IMG_1{suffix}", f"b/IMG_1{suffix}"} <= set(files)
    assert {f"IMG_1.jpg{suffix}", f"IMG_1.png{suffix}"} <= set(files)
    assert sum("IMG_1.png" in problem for problem in report.problems) == 1


@pytest.mark.parametrize("key", FOLDERS)
def test_a_second_export_replaces_what_is_ours_alone(key: str, tmp_path: Path) -> None:
    suffix = FORMATS[key].suffix
    project = project_of([(1, 0, 0.1, 0.1, 0.5, 0.5), (2, 0, 0.1, 0.1, 0.5, 0.5)])
    mine = tmp_path / f"a.b.c/x.y{suffix}"
    mine.parent.mkdir()
    mine.write_text("mine")
    export_boxes(key, tmp_path, project)
    changed = tmp_path / f"a/IMG_1{suffix}"
    changed.write_text("changed elsewhere")
    gone = next(iter(project.boxes_of(3)))
    project.apply(edits.delete_boxes([gone]))
    project.apply(edits.add_box(2, 1, Rect(1, 2, 3, 4)))
    project.apply(edits.add_box(8, 1, Rect(1, 2, 1, 4)))
    report = export_boxes(key, tmp_path, project)
    assert report.boxes == 0
    assert mine.read_text() == "mine" and changed.read_text() == "changed elsewhere"
    assert not (tmp_path / f"b/IMG_1{suffix}").exists()
    for path in (mine, changed):
        assert sum(str(path) in problem for problem in report.problems) == 1


@pytest.mark.parametrize("key", FOLDERS)
def test_a_stale_file_that_was_changed_stays_and_is_named(key: str, tmp_path: Path) -> None:
    project = project_of([(2, 0, 0.1, 0.1, 0.5, 0.5)])
    export_boxes(key, tmp_path, project)
    path = tmp_path / f"b/IMG_1{FORMATS[key].suffix}"
    path.write_text("changed elsewhere")
    project.apply(edits.delete_boxes(project.boxes.values()))
    report = export_boxes(key, tmp_path, project)
    assert path.read_text() == "changed elsewhere"
    assert sum(str(path) in problem for problem in report.problems) == 1


def test_classes_of_another_data_set_are_not_mixed_with_ours(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("cat\ndog\n")
    with pytest.raises(FormatError, match=r"classes\.txt"):
        export_boxes("yolo", tmp_path, project_of(MANY))
    assert label_files(tmp_path) == ["classes.txt"]
    assert (tmp_path / "classes.txt").read_text() == "cat\ndog\n"


@pytest.mark.parametrize("key", FOLDERS)
def test_a_full_disk_is_said_and_the_next_export_goes_on(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def write(path: Path, content: bytes | str) -> None:
        if len(written) == 4 and path.suffix == FORMATS[key].suffix:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        original(path, content)

    original = writing.write_atomic
    monkeypatch.setattr(writing, "write_atomic", write)
    with pytest.raises(LandmarkError, match="disk is full"):
        export_boxes(key, tmp_path, project_of(MANY))
    monkeypatch.undo()
    project = project_of([(*box[:5], 0.5) for box in MANY])
    assert export_boxes(key, tmp_path, project).boxes == len(MANY)


@pytest.mark.parametrize("key", FOLDERS)
def test_an_export_can_be_cancelled_and_taken_up_again(key: str, tmp_path: Path) -> None:
    asked: list[int] = []
    told: list[tuple[int, int]] = []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) == 4

    with pytest.raises(Cancelled):
        export_boxes(key, tmp_path, project_of(MANY), None, lambda *now: told.append(now), cancel)
    assert told == [(1, 8), (2, 8), (3, 8)]
    assert export_boxes(key, tmp_path, project_of(MANY)).boxes == len(MANY)


@pytest.mark.parametrize("key", FOLDERS)
def test_an_import_can_be_cancelled(key: str, tmp_path: Path) -> None:
    export_boxes(key, tmp_path, project_of(MANY))
    told: list[tuple[int, int]] = []
    with pytest.raises(Cancelled):
        import_boxes(
            *(key, tmp_path, bare(project_of([])), None),
            lambda *now: told.append(now),
            lambda: len(told) == 2,
        )
    assert len(told) == 2


@pytest.mark.parametrize("key", KEYS)
def test_a_read_only_folder_is_said(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:  # not by chmod: root may write everywhere
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("landmark_gui.core.atomic.tempfile.mkstemp", refuse)
    with pytest.raises(LandmarkError, match="folder of your own"):
        export_boxes(key, destination(key, tmp_path), project_of(MANY))
    assert label_files(tmp_path) == []


@pytest.mark.parametrize("key", KEYS)
def test_an_original_is_never_overwritten(key: str, tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(b"a photo")
    with pytest.raises(LandmarkError, match=r"IMG_1\.jpg"):
        export_boxes(key, path, project_of(MANY))
    assert path.read_bytes() == b"a photo"


@pytest.mark.parametrize("key", KEYS)
def test_the_wrong_kind_of_destination_is_said(key: str, tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("") if FORMATS[key].folder else path.mkdir()
    with pytest.raises(LandmarkError, match="there"):
        export_boxes(key, path, project_of(MANY))


@pytest.mark.parametrize("key", KEYS)
def test_what_a_format_cannot_hold_is_listed(key: str, tmp_path: Path) -> None:
    project = small_project()
    project.apply(edits.set_photos_landmark([project.photos[1]], 1))
    project.apply(edits.review_photos([project.photos[2]], "done"))
    project.apply(edits.add_box(2, 1, Rect(1, 2, 3, 4)))
    project.apply(edits.add_box(3, 1, Rect(1, 2, 3, 4)))
    project.put_photos([replace(project.photos[3], state="unreadable", width=0, height=0)])
    report = export_boxes(key, destination(key, tmp_path), project)
    title = FORMATS[key].title
    whole = f"1 photo is Tower as a whole, which {title} cannot hold"
    marked = f"1 photo is marked as done or skipped, which {title} cannot hold"
    unread = "IMG_3.jpg cannot be read, so its boxes were left out"
    unused = f"the landmark Dome has no box, so {title} does not name it"
    expected = {
        "csv": [whole, marked, unused],
        "createml": [whole, marked, unused],
        "coco": [whole, marked, unread],
        "yolo": [whole, marked, unread],
        "voc": [whole, marked, unused, unread],
        "labelme": [whole, marked, unused, unread],
        "json": [],
    }[key]
    assert report.problems == expected
    assert report.boxes == (1 if unread in expected else 2)


@pytest.mark.parametrize("key", FOLDERS)
def test_label_files_beside_the_photos(key: str, tmp_path: Path) -> None:
    project = project_of(MANY)
    for row in project.photos.values():
        path = tmp_path / row.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a photo")
    export_boxes(key, tmp_path, project, tmp_path)
    assert all((tmp_path / row.path).read_bytes() == b"a photo" for row in project.photos.values())
    for target in (tmp_path, tmp_path / "b"):
        found = bare(project)
        plan = import_boxes(key, target, found, tmp_path)
        found.apply(plan.edit)
        wanted = {p: b for p, b in shown(project).items() if (tmp_path / p).is_relative_to(target)}
        assert shown(found).keys() == wanted.keys()
        assert plan.problems == []


@pytest.mark.parametrize("key", FOLDERS)
def test_one_label_file_of_a_sub_folder_means_the_photo_there(key: str, tmp_path: Path) -> None:
    project = project_of(MANY)
    export_boxes(key, tmp_path / "labels", project, tmp_path / "photos")
    found = bare(project)
    path = tmp_path / "labels" / f"b/IMG_1{FORMATS[key].suffix}"
    found.apply(import_boxes(key, path, found, tmp_path / "photos").edit)
    assert list(shown(found)) == ["b/IMG_1.jpg"]


def test_the_dump_has_one_item_a_line(tmp_path: Path) -> None:
    path = tmp_path / "project.json"
    project = project_of(MANY)
    export_boxes("json", path, project)
    before = path.read_text("utf-8").splitlines()
    assert json.loads(path.read_text("utf-8"))["version"] == 1
    box = next(iter(project.boxes.values()))
    project.apply(edits.change_box(box, Rect(1, 2, 3, 4)))
    project.apply(edits.rename_landmark(project.landmarks[1], "Turm"))
    export_boxes("json", path, project)
    after = path.read_text("utf-8").splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 2 and "Turm" in changed[0] and box.id in changed[1]


def test_what_the_person_said_since_stays(tmp_path: Path) -> None:
    path = tmp_path / "project.json"
    project = small_project()
    project.apply(edits.add_box(1, 1, Rect(1, 2, 3, 4)))
    project.apply(edits.set_photos_landmark([project.photos[2]], 1))
    project.apply(edits.review_photos([project.photos[2]], "done"))
    export_boxes("json", path, project)
    other = small_project()
    other.apply(edits.rename_landmark(other.landmarks[2], "Gate"))
    other.apply(edits.rename_landmark(other.landmarks[1], "Wall"))
    other.apply(edits.set_photos_landmark([other.photos[2]], 2))
    other.apply(edits.review_photos([other.photos[2]], "skipped"))
    plan = import_boxes("json", path, other)
    before = dict(other.landmarks)
    other.apply(plan.edit)
    assert {id_: other.landmarks[id_] for id_ in before} == before
    assert other.photos[2].landmark_id == 2 and other.photos[2].review == "skipped"
    assert shown(other) == {"IMG_1.jpg": [("Tower", Rect(1, 2, 3, 4))]}
    assert len(plan.problems) == 4 and plan.left_out == 0  # two keys, a landmark, a mark


def test_a_photo_that_was_moved_is_known_by_its_content(tmp_path: Path) -> None:
    path, project = tmp_path / "project.json", small_project()
    project.apply(edits.add_box(1, 1, Rect(1, 2, 3, 4)))
    export_boxes("json", path, project)
    moved = Project.of(
        [photo(7, "elsewhere/new name.jpg", hash="hash 1"), photo(8, "IMG_1.jpg", hash="new")]
    )
    plan = import_boxes("json", path, moved)
    moved.apply(plan.edit)
    assert list(shown(moved)) == ["elsewhere/new name.jpg"] and plan.problems == []
