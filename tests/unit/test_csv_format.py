from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits, scan
from landmark_gui.core.errors import FormatError
from landmark_gui.core.formats import csv as csv_format
from landmark_gui.core.formats.common import ImportPlan
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from tests.rows import photo, small_project

HEADER = "file,class,x,y,w,h\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "boxes.csv"


def read(path: Path, content: str | bytes, project: Project | None = None) -> ImportPlan:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return csv_format.read(path, project or small_project())


def boxes_of(plan: ImportPlan, project: Project) -> set[tuple[str, str, Rect]]:
    """What the project shows once the import was applied: photo, landmark, rectangle."""
    project.apply(plan.edit)
    return {
        (project.photos[box.photo_id].path, project.landmarks[box.landmark_id].name, box.rect)
        for box in project.boxes.values()
    }


@pytest.mark.shared
def test_the_towers_come_in_complete(shared: Path) -> None:
    folder, project = shared / "data" / "towers", Project()
    for batch in scan.new_photos(project, folder):
        project.put_photos(batch)
    plan = csv_format.read(folder / "boxes.csv", project)
    with (folder / "boxes.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 144
    assert plan.boxes + len(plan.problems) == len(lines)
    assert all("this very box already" in problem for problem in plan.problems)
    expected = {
        (row["file"], row["class"], Rect(*(float(row[name]) for name in "xywh"))) for row in lines
    }
    found = boxes_of(plan, project)
    assert len(found) == plan.boxes == len(expected)
    assert {(file, name) for file, name, _ in found} == {(f, n) for f, n, _ in expected}
    clamped = {(file, name, rect.clamped(512, 512)) for file, name, rect in expected}
    assert found == clamped


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "IMG_1.jpg,Tower,1,2,30.5,40\n",
        "\ufeff" + HEADER + "IMG_1.jpg,Tower,1,2,30.5,40\n",
        HEADER.replace(",", ";") + "IMG_1.jpg;Tower;1;2;30.5;40\n",
        HEADER.replace("\n", "\r\n") + 'IMG_1.jpg,"Tower", 1,2,30.5,40\r\n\r\n',
        "id,H,W,Y,X,Class,File,note\n7,40,30.5,2,1, Tower ,./IMG_1.jpg,so,many,more\n",
        HEADER + "C:\\photos\\IMG_1.jpg,Tower,1,2,30.5,40",
        HEADER + "/home/kim/photos/IMG_1.jpg,Tower,1,2,30.5,40",
    ],
    ids=["plain", "byte-order mark", "semicolons", "Windows", "other columns", "C:", "absolute"],
)
def test_the_ways_to_write_a_box(path: Path, content: str) -> None:
    plan = read(path, content)
    assert plan.problems == []
    assert boxes_of(plan, small_project()) == {("IMG_1.jpg", "Tower", Rect(1, 2, 30.5, 40))}


def test_unknown_landmarks_are_made_once(path: Path) -> None:
    plan = read(path, HEADER + "IMG_1.jpg,경복궁,1,2,3,4\nIMG_2.jpg,경복궁,1,2,3,4\n")
    project = small_project()
    project.apply(plan.edit)
    assert [mark.name for mark in project.ordered_landmarks()] == ["Tower", "Dome", "경복궁"]
    project.apply(plan.edit.inverse())
    assert project == small_project()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("IMG_1.jpg,Tower,one,2,3,4", "line 3: x, y, w and h must be numbers"),
        ("IMG_1.jpg,Tower,1,2,3", "line 3: x, y, w and h must be numbers"),
        ("IMG_1.jpg", "line 3"),
        ("IMG_1.jpg,Tower,nan,2,3,4", "line 3: .*not finite"),
        ("IMG_1.jpg,Tower,1,2,inf,4", "line 3: .*not finite"),
        (",Tower,1,2,3,4", "line 3: file or class is empty"),
        ("IMG_1.jpg, ,1,2,3,4", "line 3: file or class is empty"),
        ("IMG_7.jpg,Tower,1,2,3,4", "line 3: the project has no photo IMG_7.jpg"),
        ("IMG_1.jpg,Tower,100,2,3,4", "line 3: the box lies outside IMG_1.jpg"),
        ("IMG_1.jpg,Tower,-9,2,3,4", "line 3: the box lies outside IMG_1.jpg"),
        ("IMG_1.jpg,Tower,1,2,-3,4", "line 3: the box"),
        ("IMG_2.jpg,Dome,1,2,3,4", "line 3: IMG_2.jpg has this very box already"),
    ],
)
def test_a_bad_line_is_named_and_the_others_come_in(path: Path, line: str, words: str) -> None:
    good = "IMG_2.jpg,Dome,1,2,3,4\n"
    plan = read(path, HEADER + good + line + "\n" + "IMG_3.jpg,Tower,1,2,3,4\n")
    assert plan.boxes == 2
    (problem,) = plan.problems
    assert re.match(words, problem)


def test_a_box_that_the_project_has_already_is_not_added_again(path: Path) -> None:
    content, project = HEADER + "IMG_1.jpg,Tower,1,2,3,4\n", small_project()
    project.apply(read(path, content, project).edit)
    again = read(path, content, project)
    assert (again.boxes, len(again.problems)) == (0, 1)
    assert again.edit.changes == ()


def test_a_box_is_cut_off_at_the_border_of_its_photo(path: Path) -> None:
    plan = read(path, HEADER + "IMG_1.jpg,Tower,-5,70,20,500\n")
    assert boxes_of(plan, small_project()) == {("IMG_1.jpg", "Tower", Rect(0, 70, 15, 10))}


def test_a_bare_name_must_belong_to_one_photo_only(path: Path) -> None:
    project = Project.of([photo(1, "a/1.jpg"), photo(2, "b/1.jpg"), photo(3, "b/2.jpg")])
    plan = read(path, HEADER + "1.jpg,T,1,2,3,4\n2.jpg,T,1,2,3,4\nb/1.jpg,T,5,6,7,8\n", project)
    assert plan.problems == ["line 2: 1.jpg could be one of several photos"]
    files = {file for file, _, _ in boxes_of(plan, project)}
    assert files == {"b/1.jpg", "b/2.jpg"}


def test_hangul_from_a_mac_and_from_windows_is_the_same(path: Path) -> None:
    mac, windows = "\u1100\u1167\u11bc", "\uacbd"
    project = Project.of([photo(1, f"{mac}/IMG.jpg")])
    lines = f"{windows}/IMG.jpg,{mac},1,2,30,40\n{mac}/IMG.jpg,{windows},2,2,30,40\n"
    plan = read(path, f"file,class,x,y,w,h\n{lines}", project)
    assert (plan.boxes, plan.problems) == (2, [])
    assert {name for _, name, _ in boxes_of(plan, project)} == {windows}


def test_boxes_on_an_unreadable_photo_are_named(path: Path) -> None:
    project = Project.of([photo(1, state="unreadable", reason="the file is empty")])
    plan = read(path, HEADER + "IMG_1.jpg,T,1,2,3,4\n", project)
    assert plan.problems == ["line 2: IMG_1.jpg cannot be read: the file is empty"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column file, class"),
        (b"file,class,x,y\nIMG_1.jpg,Tower,1,2\n", "no column w, h"),
        (b"IMG_1.jpg,Tower,1,2,3,4\n", "no column file"),
        (HEADER.encode("utf-16"), "could not be read as CSV"),
        (HEADER.encode() + "경복궁.jpg,T,1,2,3,4\n".encode("cp949"), "could not be read as CSV"),
        (HEADER.encode() + b'"' + b"a" * 200_000, "could not be read as CSV"),
    ],
    ids=["empty", "columns", "no header", "UTF-16", "CP949", "endless field"],
)
def test_a_file_of_another_form_is_refused_in_words(path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        read(path, content)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"none\.csv"):
        csv_format.read(tmp_path / "none.csv", small_project())


sides = st.floats(0.01, 40)
names = st.sampled_from(["Tower", "경복궁", 'the "old", gate; x', "=1+1", "two\nlines"])
drawn = st.lists(st.tuples(st.integers(1, 3), names, sides, sides, sides, sides), max_size=8)


@given(drawn)
def test_what_is_exported_can_be_imported(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[int, str, float, float, float, float]],
) -> None:
    project = small_project()
    for photo_id, name, *numbers in drawn:
        if project.landmark_named(name) is None:
            project.apply(edits.add_landmark(project, name))
        mark = project.landmark_named(name)
        assert mark is not None
        project.apply(edits.add_box(photo_id, mark.id, Rect(*numbers)))
    path = tmp_path_factory.mktemp("export") / "boxes.csv"
    assert csv_format.write(path, project).boxes == len(drawn)
    plan = csv_format.read(path, small_project())
    found = boxes_of(plan, small_project())
    wanted = boxes_of(ImportPlan(edits.delete_boxes([])), project)
    assert len(found) == len(wanted)
    for (file, name, rect), (its_file, its_name, its_rect) in zip(
        sorted(found, key=str), sorted(wanted, key=str), strict=True
    ):
        assert (file, name) == (its_file, its_name)
        assert rect.x == pytest.approx(its_rect.x, abs=1e-3)
        assert rect.right == pytest.approx(its_rect.right, abs=1e-3)


def test_a_cell_is_never_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        assert csv_format.harmless(text) == f"'{text}"
    assert csv_format.harmless("Tower = 1") == "Tower = 1"
    assert csv_format.harmless("") == ""


@pytest.mark.parametrize(
    ("column", "value", "split"),
    [
        *(
            ("split", "train", "train"),
            ("Split", " Val ", "validation"),
            ("subset", "TEST", "test"),
        ),
        *(("set", "validation", "validation"), ("split", "", ""), ("purpose", "train", "")),
    ],
)
def test_a_column_can_say_in_which_split_a_photo_stands(
    path: Path, column: str, value: str, split: str
) -> None:
    project = small_project()
    plan = read(path, f"file,class,x,y,w,h,{column}\nIMG_1.jpg,Tower,1,2,30,40,{value}\n", project)
    project.apply(plan.edit)
    assert project.photos[1].split == ""  # only if the person wants that
    project.apply(plan.pins)
    assert plan.problems == plan.pin_problems == []
    assert project.photos[1].split == split
    project.apply(plan.pins.inverse())
    assert project.photos[1].split == "" and project.boxes


def test_a_column_without_a_name_names_no_split(path: Path) -> None:
    plan = read(path, ",file,class,x,y,w,h\n0,IMG_1.jpg,Tower,1,2,3,4\n")  # as pandas numbers rows
    assert plan.boxes == 1 and not plan.pins.changes and plan.pin_problems == []


def test_a_pin_of_the_person_stays_and_unknown_splits_are_told_once(path: Path) -> None:
    project = small_project()
    project.apply(edits.pin_photos([project.photos[1]], "test"))
    lines = ["IMG_1.jpg,Tower,1,2,30,40,train", *(f"IMG_2.jpg,Tower,{n},2,3,4,A" for n in range(3))]
    lines += [f"IMG_3.jpg,Tower,{n},2,3,4,{split}" for n, split in enumerate(("val", "test"))]
    plan = read(path, "file,class,x,y,w,h,split\n" + "\n".join(lines), project)
    assert (plan.boxes, plan.problems) == (6, [])
    assert plan.pin_problems == [
        *("line 2: IMG_1.jpg keeps its split", "A names no split"),
        "line 7: IMG_3.jpg keeps its split",
    ]
    project.apply(plan.edit)
    project.apply(plan.pins)
    assert [photo.split for photo in project.photos.values()] == ["test", "", "validation"]


def test_pins_are_written_and_come_back(path: Path) -> None:
    project = small_project()
    for number in (1, 2):
        project.apply(edits.add_box(number, 1, Rect(1, 2, 3, 4)))
    unpinned = csv_format.write(path, project)
    assert path.read_text("utf-8").splitlines()[0] == "file,class,x,y,w,h"
    assert not any("pinned" in problem for problem in unpinned.problems)
    for number in (1, 3):
        project.apply(edits.pin_photos([project.photos[number]], "validation"))
    report = csv_format.write(path, project)
    assert "1 photo is pinned to a split, which CSV cannot hold" in report.problems
    other = small_project()
    other.apply(csv_format.read(path, other).pins)
    assert [photo.split for photo in other.photos.values()] == ["validation", "", ""]
