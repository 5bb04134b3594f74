"""What other programs write, entry by entry: what is taken over, turned, scaled, or listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landmark_gui.core.errors import FormatError
from landmark_gui.core.formats.class_lists import class_files, find_classes, read_classes
from landmark_gui.core.formats.common import BoxRow, ImportPlan, plan_import
from landmark_gui.core.formats.matching import PhotoIndex, Ref
from landmark_gui.core.formats.registry import export_boxes, import_boxes
from landmark_gui.core.formats.turning import turned
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo, Project
from tests.exchanged import NAMES, shown
from tests.rows import photo, small_project


def read(key: str, path: Path, content: object, project: Project | None = None) -> ImportPlan:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return import_boxes(key, path, project or small_project())


def result(plan: ImportPlan, project: Project | None = None) -> dict[str, list[tuple[str, Rect]]]:
    project = project or small_project()
    project.apply(plan.edit)
    return shown(project)


# Orientation and scale


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_turn_as_pillow_turns_the_pixels(orientation: int, tmp_path: Path) -> None:
    from PIL import ImageOps

    stored = Image.new("L", (30, 20))
    stored.paste(255, (3, 5, 10, 9))
    exif = stored.getexif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as opened:
        upright = ImageOps.exif_transpose(opened)
    left, top, right, bottom = upright.getbbox()
    found = turned(Rect(3, 5, 7, 4), orientation, 30, 20)
    assert found == Rect(left, top, right - left, bottom - top)


def voc(
    width: int, height: int, *sides: float, name: str = "Tower", file: str = "IMG_1.jpg"
) -> str:
    corners = "".join(
        f"<{tag}>{side}</{tag}>"
        for tag, side in zip(("xmin", "ymin", "xmax", "ymax"), sides, strict=True)
    )
    return (
        f"<annotation><filename>{file}</filename>"
        f"<size><width>{width}</width><height>{height}</height></size>"
        f"<object><name>{name}</name><bndbox>{corners}</bndbox></object></annotation>"
    )


@pytest.mark.parametrize("orientation", range(5, 9))
@pytest.mark.parametrize("key", ["voc", "labelme", "coco"])
def test_a_file_that_speaks_of_the_stored_pixels_is_turned(
    orientation: int, key: str, tmp_path: Path
) -> None:
    picture = Image.new("RGB", (80, 100))  # stored; upright it has 100 × 80
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(tmp_path / "IMG_1.jpg", exif=exif)
    path = tmp_path / f"boxes.{'xml' if key == 'voc' else 'json'}"
    points = {"label": "Tower", "points": [[1, 2], [31, 42]], "shape_type": "rectangle"}
    documents: dict[str, object] = {
        "voc": voc(80, 100, 1, 2, 31, 42),
        "labelme": {
            **{"shapes": [points], "imagePath": "IMG_1.jpg", "imageData": None},
            **{"imageWidth": 80, "imageHeight": 100},
        },
        "coco": {
            "images": [{"id": 1, "file_name": "IMG_1.jpg", "width": 80, "height": 100}],
            "categories": [{"id": 1, "name": "Tower"}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40]}],
        },
    }
    content = documents[key]
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    plan = import_boxes(key, path, small_project(), tmp_path)
    expected = turned(Rect(1, 2, 30, 40), orientation, 80, 100)
    assert result(plan) == {"IMG_1.jpg": [("Tower", expected)]}
    (remark,) = plan.problems
    assert "EXIF" in remark and plan.left_out == 0


def row(file: str, size: tuple[float, float] | None, rect: Rect, where: str = "1") -> BoxRow:
    return BoxRow(Ref(file), "Tower", rect.x, rect.y, rect.w, rect.h, where, size)


def test_one_stored_size_tells_of_the_photos_whose_size_cannot() -> None:
    rect = Rect(1, 2, 3, 4)
    rows = [
        row("IMG_1.jpg", (80, 100), rect),  # stored on its side
        row("IMG_2.jpg", (100, 80), rect),  # stored upside down: the size is the same
        row("IMG_3.jpg", (100, 80), rect),  # stored on its side, but seen upright
    ]
    turns = {1: 6, 2: 3, 3: 8}

    def orientation(one: Photo) -> int:
        return turns[one.id]

    together = result(plan_import(small_project(), rows, orientation=orientation))
    assert together["IMG_1.jpg"] == [("Tower", Rect(94, 1, 4, 3))]
    assert together["IMG_2.jpg"] == [("Tower", Rect(96, 74, 3, 4))]
    assert together["IMG_3.jpg"] == [("Tower", rect)]
    alone = result(plan_import(small_project(), rows[1:], orientation=orientation))
    assert alone["IMG_2.jpg"] == [("Tower", rect)]


def test_another_scale_is_scaled_and_said() -> None:
    plan = plan_import(small_project(), [row("IMG_1.jpg", (50, 40), Rect(1, 2, 3, 4))])
    assert result(plan) == {"IMG_1.jpg": [("Tower", Rect(2, 4, 6, 8))]}
    assert plan.problems == [
        "the boxes of IMG_1.jpg were drawn on 50 × 40 pixels and were scaled to 100 × 80"
    ]


def test_a_stored_size_at_another_scale_is_scaled_and_turned() -> None:
    rows = [row("IMG_1.jpg", (40, 50), Rect(1, 2, 3, 4))]
    plan = plan_import(small_project(), rows, orientation=lambda _: 6)
    assert result(plan) == {"IMG_1.jpg": [("Tower", turned(Rect(2, 4, 6, 8), 6, 80, 100))]}


@pytest.mark.parametrize("size", [(80, 100), (100, 100), (1000, 80)])
def test_a_size_that_cannot_be_this_photo_is_listed(size: tuple[float, float]) -> None:
    plan = plan_import(small_project(), [row("IMG_1.jpg", size, Rect(1, 2, 3, 4))])
    assert plan.boxes == 0 and plan.left_out == 1
    assert plan.problems[0].startswith("1: it speaks of a picture of")


# Names


def match(paths: list[str], name: str) -> list[str]:
    project = Project.of(photo(n, path) for n, path in enumerate(paths, 1))
    return [found.path for found in PhotoIndex(project).find(Ref(name))]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("1.jpg", ["1.jpg"]),
        ("a/1.jpg", ["a/1.jpg"]),
        ("images/a/1.jpg", ["a/1.jpg"]),
        ("../../photos/b/1.jpg", ["b/1.jpg"]),
        ("C:\\data\\b\\1.jpg", ["b/1.jpg"]),
        ("/home/kim/c/2.jpg", []),
        ("2.jpg", ["x/y/2.jpg"]),
        ("y/2.jpg", ["x/y/2.jpg"]),
        ("z/2.jpg", []),
        ("z/1.jpg", ["1.jpg", "a/1.jpg", "b/1.jpg"]),
        ("../../../etc/passwd", []),
        ("", []),
        ("..", []),
        ("/", []),
    ],
)
def test_which_photo_a_path_means(name: str, found: list[str]) -> None:
    assert match(["1.jpg", "a/1.jpg", "b/1.jpg", "x/y/2.jpg"], name) == found


def test_boxes_of_a_missing_photo_come_in_and_out(tmp_path: Path) -> None:
    project = Project.of([photo(1, state="missing", reason="it is no longer in the folder")])
    content = "file,class,x,y,w,h\nIMG_1.jpg,Tower,1,2,3,4\n"
    project.apply(read("csv", tmp_path / "a.csv", content, project).edit)
    assert export_boxes("voc", tmp_path / "out", project).boxes == 1


def test_names_that_differ_in_case_are_two_landmarks(tmp_path: Path) -> None:
    content = "file,class,x,y,w,h\nIMG_1.jpg,tower,1,2,3,4\nIMG_1.jpg,TOWER,1,2,3,4\n"
    plan = read("csv", tmp_path / "a.csv", content)
    assert [name for name, _ in result(plan)["IMG_1.jpg"]] == ["tower", "TOWER"]


def test_complaints_can_be_shown_whatever_they_quote(tmp_path: Path) -> None:
    plan = read("createml", tmp_path / "a.json", [{"image": "\ud800.jpg", "annotations": [{}]}])
    plan.problems[0].encode()


@pytest.mark.parametrize("name", ["", " ", "\ud800", "x" * 501])
def test_a_name_that_cannot_be_kept_is_listed(name: str, tmp_path: Path) -> None:
    entry = {"label": name, "coordinates": {"x": 5, "y": 5, "width": 2, "height": 2}}
    plan = read("createml", tmp_path / "a.json", [{"image": "IMG_1.jpg", "annotations": [entry]}])
    assert (plan.boxes, plan.left_out, plan.edit.changes) == (0, 1, ())


# COCO


def coco(**changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 1, "file_name": "IMG_1.jpg", "license": 4, "coco_url": "http://x"}],
        "categories": [{"id": 7, "name": "Tower", "supercategory": "building"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4]}],
        **changes,
    }


def annotation(**changes: Any) -> dict[str, Any]:
    return {"id": 5, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], **changes}


@pytest.mark.parametrize(
    ("entry", "rect", "words"),
    [
        (annotation(image_id="1", category_id="7", bbox=["1", "2", "3", "4"]), (1, 2, 3, 4), ""),
        (annotation(area=12.0, keypoints=[1], anything={"a": 1}), (1, 2, 3, 4), ""),
        (annotation(segmentation=[[1, 2, 4, 2, 4, 6]]), (1, 2, 3, 4), "has an outline"),
        (annotation(bbox=[], segmentation=[[1, 2, 4, 2], [4, 6, 9, 9]]), (1, 2, 8, 7), "polygon"),
        (annotation(iscrowd=1), (1, 2, 3, 4), "annotation 5: iscrowd"),
        (annotation(bbox=None, segmentation={"size": [9, 9], "counts": "abc"}), None, "no bbox"),
        (annotation(bbox=[1, 2, 3]), None, "no bbox"),
        (annotation(bbox=[1, 2, 3, 10**400]), None, "no bbox"),
        (annotation(bbox=[1, 2, float("nan"), 4]), None, "no bbox"),
        (annotation(bbox=[1, 2, -3, 4]), None, "lies outside"),
        (annotation(image_id=2), None, "image_id"),
        (annotation(category_id=None), None, "category_id"),
        ([1, 2], None, "no object"),
    ],
)
def test_annotations_of_coco(
    entry: object, rect: tuple[int, ...] | None, words: str, tmp_path: Path
) -> None:
    plan = read("coco", tmp_path / "a.json", coco(annotations=[entry]))
    expected = {} if rect is None else {"IMG_1.jpg": [("Tower", Rect(*rect))]}
    assert result(plan) == expected
    assert plan.left_out == (rect is None)
    assert (words in plan.problems[0]) if words else plan.problems == []


def test_ids_that_stand_for_several_are_not_guessed(tmp_path: Path) -> None:
    images = [{"id": 1, "file_name": f"IMG_{n}.jpg"} for n in (1, 2)]
    plan = read("coco", tmp_path / "a.json", coco(images=images))
    assert plan.boxes == 0 and len(plan.problems) == 2
    same = read("coco", tmp_path / "a.json", coco(images=[images[0], images[0]]))
    assert same.boxes == 1 and same.problems == []


def test_ids_may_be_large_and_fractions_are_none(tmp_path: Path) -> None:
    images = [{"id": 2008000008, "file_name": "IMG_1.jpg"}, {"id": 10**18 + 1, "file_name": "x"}]
    entries = [
        annotation(image_id=2008000008),
        annotation(image_id=10**18),
        annotation(image_id=1.5),
    ]
    plan = read("coco", tmp_path / "a.json", coco(images=images, annotations=entries))
    assert (plan.boxes, plan.left_out) == (1, 2)


def test_categories_come_in_the_order_of_the_landmarks(tmp_path: Path) -> None:
    from landmark_gui.core import edits

    project = small_project()
    project.apply(edits.move_landmark(project, project.landmarks[2], 0))
    export_boxes("coco", tmp_path / "a.json", project)
    categories = json.loads((tmp_path / "a.json").read_text())["categories"]
    assert [(entry["id"], entry["name"]) for entry in categories] == [(1, "Dome"), (2, "Tower")]


# Create ML


@pytest.mark.parametrize(
    ("file", "items"), [("image", "annotations"), ("imagefilename", "annotation")]
)
def test_both_spellings_of_create_ml(file: str, items: str, tmp_path: Path) -> None:
    entry = {"label": "Tower", "coordinates": {"y": 20, "x": 10.5, "width": 5, "height": 4}}
    plan = read("createml", tmp_path / "a.json", [{file: "IMG_1.jpg", items: [entry]}])
    assert result(plan) == {"IMG_1.jpg": [("Tower", Rect(8, 18, 5, 4))]}


@pytest.mark.parametrize(
    "entry",
    [
        {"image": "IMG_1.jpg"},
        {"image": 3, "annotations": []},
        {"image": "IMG_1.jpg", "annotations": [{"label": "Tower"}]},
        {"image": "IMG_1.jpg", "annotations": [{"label": 1, "coordinates": {}}]},
        {"image": "IMG_1.jpg", "annotations": ["Tower"]},
        "IMG_1.jpg",
    ],
)
def test_what_create_ml_lacks_is_listed(entry: object, tmp_path: Path) -> None:
    plan = read("createml", tmp_path / "a.json", [entry])
    assert (plan.boxes, plan.left_out, len(plan.problems)) == (0, 1, 1)


# YOLO


@pytest.mark.parametrize(
    ("line", "rect", "words"),
    [
        ("1 0.5 0.5 0.2 0.4", (40, 24, 20, 32), ""),
        ("1\t0.5  0.5 0.2 0.4\r", (40, 24, 20, 32), ""),
        ("1 0.5 0.5 0.2 0.4 0.93", (40, 24, 20, 32), "confidence"),
        ("1 0.1 0.1 0.5 0.2 0.3 0.6", (10, 8, 40, 40), "polygon"),
        ("2 0.5 0.5 0.2 0.4", None, "classes.txt has no class 2 (it counts from 0 to 1)"),
        ("-1 0.5 0.5 0.2 0.4", None, "no class -1"),
        ("1.5 0.5 0.5 0.2 0.4", None, "no class 1.5"),
        ("1 0.5 0.5 0.2", None, "a class and four numbers"),
        ("1 0.5 0.5 0.2 nan", None, "no YOLO label file"),
        ("1 2.5 0.5 0.2 0.2", None, "lies outside"),
    ],
)
def test_lines_of_yolo(
    line: str, rect: tuple[float, ...] | None, words: str, tmp_path: Path
) -> None:
    (tmp_path / "classes.txt").write_text("Dome\nTower\n")
    plan = read("yolo", tmp_path / "IMG_1.txt", line + "\n\n")
    found = result(plan)
    if rect is None:
        assert found == {} and plan.left_out == 1
    else:
        ((name, place),) = found["IMG_1.jpg"]
        assert name == "Tower"
        assert (place.x, place.y, place.w, place.h) == pytest.approx(rect, abs=1e-9)
    assert (words in plan.problems[0]) if words else plan.problems == []


@pytest.mark.parametrize(
    "text",
    [
        "names: ['a', \"b\", c d]\n",
        "nc: 3\nnames:\n- a\n- 'b'\n- c d # third\n\ntrain: x\n",
        'names:\n  0: a\n  1: b\n  2: "c d"\n',
        "names: {0: a, 1: 'b', 2: c d}\n",
        "train: x\nnames: [\n  a,\n  b,\n  c d,\n]\n",
        '"names": [a, b, c d]\r\nnc: 3\r\n',
        "names:\n  # the first\n  2: c d\n  0: a\n  1: b\nval: names\n",
    ],
)
def test_the_ways_to_write_names_in_yaml(text: str, tmp_path: Path) -> None:
    path = tmp_path / "data.yaml"
    path.write_bytes(text.encode())
    found = read_classes(path)
    assert found is not None and dict(sorted(found.names.items())) == {0: "a", 1: "b", 2: "c d"}


@given(names=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), unique=True, min_size=1))
def test_every_name_survives_in_yaml(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("yaml") / "data.yaml"
    path.write_bytes(class_files(names, "../photos")["data.yaml"].encode())
    found = read_classes(path)
    assert found is not None and list(found.names.values()) == names


def test_the_yaml_of_an_export_is_yaml(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML, to compare with")
    names = [*NAMES, "\x7f\x85\u2028\ufeff", "\U0001f5fc", "tab\t"]
    text = class_files(names, "../photos")["data.yaml"]
    assert yaml.safe_load(text)["names"] == dict(enumerate(names))


def test_a_data_set_as_ultralytics_lays_it_out(tmp_path: Path) -> None:
    project = Project.of([photo(1, "images/train/1.jpg"), photo(2, "images/val/1.jpg")])
    for split, name in (("train", 0), ("val", 1)):
        path = tmp_path / "labels" / split / "1.txt"
        path.parent.mkdir(parents=True)
        path.write_text(f"{name} 0.5 0.5 0.2 0.4\n")
    (tmp_path / "data.yaml").write_text("path: .\ntrain: images/train\nnames: [Tower, Dome]\n")
    (tmp_path / "README.txt").write_text("This data set was made by …\n")
    for place in (tmp_path, tmp_path / "data.yaml", tmp_path / "labels"):
        for photos_dir in (tmp_path, tmp_path / "elsewhere"):
            plan = import_boxes("yolo", place, project, photos_dir)
            marks = {
                path: boxes[0][0]
                for path, boxes in result(plan, Project.of(project.rows())).items()
            }
            assert marks == {"images/train/1.jpg": "Tower", "images/val/1.jpg": "Dome"}
            assert len(plan.problems) == (place != tmp_path / "labels")  # README.txt


def test_labels_of_another_split_are_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "labels" / "train").mkdir(parents=True)
    (tmp_path / "labels" / "train" / "1.txt").write_text("0 0.5 0.5 0.2 0.4\n")
    (tmp_path / "labels" / "classes.txt").write_text("Tower\n")
    project = Project.of([photo(1, "images/val/1.jpg")])
    plan = import_boxes("yolo", tmp_path / "labels", project, tmp_path)
    assert plan.boxes == 0 and plan.left_out == 1


def test_lists_that_differ_are_named_and_the_nearer_counts(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("Tower\nDome\n")
    (tmp_path / "data.yaml").write_text("names: [cat, dog]\n")
    found = find_classes(tmp_path, None)
    assert found is not None and found.names == {0: "Tower", 1: "Dome"}
    assert "data.yaml" in found.remark
    plan = read("yolo", tmp_path / "IMG_1.txt", "0 0.5 0.5 0.2 0.4\n0 0.5 0.5 0.1 0.1\n")
    assert plan.boxes == 2 and plan.problems == [found.remark]


def test_without_a_class_list_every_line_is_listed(tmp_path: Path) -> None:
    plan = read("yolo", tmp_path / "a" / "b" / "c" / "IMG_1.txt", "0 0.5 0.5 0.2 0.4\n")
    assert plan.boxes == 0 and "no classes.txt or data.yaml" in plan.problems[0]


# Pascal VOC


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("", ""),
        ("<difficult>0</difficult><truncated>0</truncated><pose>Unspecified</pose>", ""),
        ("<difficult>1</difficult>", "difficult"),
        ("<truncated>1</truncated>", "truncated"),
        ("<pose>Left</pose>", "pose"),
        ("<part><name>head</name></part>", "part"),
    ],
)
def test_what_an_object_of_voc_says_besides(inside: str, words: str, tmp_path: Path) -> None:
    content = voc(100, 80, 1, 2, 31.25, 42).replace("</object>", f"{inside}</object>")
    plan = read("voc", tmp_path / "a.xml", content)
    assert result(plan) == {"IMG_1.jpg": [("Tower", Rect(1, 2, 30.25, 40))]}
    assert plan.problems == (
        [f"a.xml, object 1: {words} is set, which is not kept"] if words else []
    )


def test_a_turned_box_is_listed(tmp_path: Path) -> None:
    box = "<object><name>T</name><robndbox><cx>5</cx><angle>1</angle></robndbox></object>"
    plan = read(
        "voc", tmp_path / "a.xml", f"<annotation><filename>IMG_1.jpg</filename>{box}</annotation>"
    )
    assert plan.boxes == 0 and "robndbox" in plan.problems[0]


BOMB = (
    "<!DOCTYPE a ["
    + '<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{"&" + a + ";" * 1}{("&" + a + ";") * 9}">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><annotation>&i;</annotation>"
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>',
        "<annotation>" * 60 + "</annotation>" * 60,
        "<annotation>&x;</annotation>",
        '<?xml version="1.0" encoding="nonsense"?><annotation/>',
        "<html/>",
        "",
    ],
)
def test_hostile_xml_is_refused(content: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"a\.xml"):
        read("voc", tmp_path / "a.xml", content)


def test_one_bad_file_of_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.xml").write_text(voc(100, 80, 1, 2, 3, 4))
    (tmp_path / "IMG_2.xml").write_text("<annotation>")
    plan = import_boxes("voc", tmp_path, small_project())
    assert plan.boxes == 1 and "IMG_2.xml" in plan.problems[0]


def test_photos_beside_the_folder_of_annotations(tmp_path: Path) -> None:
    project = Project.of([photo(1, "JPEGImages/a/1.jpg"), photo(2, "JPEGImages/b/1.jpg")])
    for folder in "ab":
        path = tmp_path / "Annotations" / folder / "1.xml"
        path.parent.mkdir(parents=True)
        path.write_text(voc(100, 80, 1, 2, 3, 4, name=folder, file="1.jpg"))
    plan = import_boxes("voc", tmp_path, project, tmp_path)
    assert {p: b[0][0] for p, b in result(plan, project).items()} == {
        "JPEGImages/a/1.jpg": "a",
        "JPEGImages/b/1.jpg": "b",
    }


def test_a_character_that_xml_cannot_hold_is_said(tmp_path: Path) -> None:
    from landmark_gui.core import edits

    project = small_project()
    project.apply(edits.rename_landmark(project.landmarks[1], "To\x0bwer"))
    project.apply(edits.add_box(1, 1, Rect(1, 2, 3, 4)))
    report = export_boxes("voc", tmp_path, project)
    assert any("XML" in problem for problem in report.problems)
    assert import_boxes("voc", tmp_path, small_project()).boxes == 1


# labelme


def labelme(shape: object, **changes: Any) -> dict[str, Any]:
    return {
        **{"version": "5.5.0", "flags": {}, "shapes": [shape], "imagePath": "IMG_1.jpg"},
        **{"imageData": None, "imageHeight": 80, "imageWidth": 100, **changes},
    }


@pytest.mark.parametrize(
    ("shape", "rect", "words"),
    [
        ({"shape_type": "rectangle", "points": [[1, 2], [4, 6]]}, (1, 2, 3, 4), ""),
        ({"shape_type": "rectangle", "points": [[4, 2], [1, 6]]}, (1, 2, 3, 4), ""),
        ({"shape_type": "polygon", "points": [[1, 2], [4, 3], [2, 6]]}, (1, 2, 3, 4), "polygon"),
        ({"points": [[1, 2], [4, 3], [2, 6]]}, (1, 2, 3, 4), "polygon"),
        ({"shape_type": "circle", "points": [[20, 20], [23, 24]]}, (15, 15, 10, 10), "circle"),
        ({"shape_type": "linestrip", "points": [[1, 2], [4, 6]]}, (1, 2, 3, 4), "linestrip"),
        ({"shape_type": "point", "points": [[1, 2]]}, None, "lies outside"),
        ({"shape_type": "rectangle", "points": [[1, 2], [4, "x"]]}, None, "points"),
        ({"shape_type": "rectangle", "points": []}, None, "points"),
        ({"shape_type": "rectangle", "points": 7}, None, "points"),
    ],
)
def test_shapes_of_labelme(
    shape: dict[str, Any], rect: tuple[int, ...] | None, words: str, tmp_path: Path
) -> None:
    plan = read("labelme", tmp_path / "IMG_1.json", labelme({"label": "Tower", **shape}))
    expected = {} if rect is None else {"IMG_1.jpg": [("Tower", Rect(*rect))]}
    assert result(plan) == expected
    assert any(words in problem for problem in plan.problems) if words else plan.problems == []


def test_what_labelme_says_besides_is_listed(tmp_path: Path) -> None:
    shape = {
        **{"label": "Tower", "shape_type": "rectangle", "points": [[1, 2], [4, 6]]},
        **{"flags": {"blurred": True, "far": False}, "group_id": 3, "description": "east"},
    }
    content = labelme(shape, flags={"checked": True})
    plan = read("labelme", tmp_path / "IMG_1.json", content)
    assert plan.boxes == 1 and plan.left_out == 0
    assert plan.problems == [
        "IMG_1.json: the flag checked is not kept",
        "IMG_1.json, shape 1: the flag blurred is not kept",
        "IMG_1.json, shape 1: its group is not kept",
        "IMG_1.json, shape 1: its description is not kept",
    ]


def test_a_photo_that_labelme_would_not_turn_is_named(tmp_path: Path) -> None:
    from landmark_gui.core import edits

    picture = Image.new("RGB", (80, 100))
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.avif", exif=exif)
    picture.save(tmp_path / "b.jpg", exif=exif)
    project = Project.of([photo(1, "a.avif"), photo(2, "b.jpg")])
    project.apply(edits.add_landmark(project, "Tower"))
    for number in (1, 2):
        project.apply(edits.add_box(number, 1, Rect(1, 2, 3, 4)))
    report = export_boxes("labelme", tmp_path / "out", project, tmp_path)
    assert [problem for problem in report.problems if "EXIF" in problem] == [
        "labelme does not turn a.avif as its EXIF orientation says, so it will not show its boxes "
        "in their place"
    ]
