"""Against programs that we did not write: pycocotools, labelme and labelImg.

The last two are no dependencies (see tests/fixtures/elsewhere): we read what they wrote, and
they read what we write where LANDMARK_GUI_ORACLES names a Python that has them.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from PIL import Image

from landmark_gui.core import edits
from landmark_gui.core.formats.registry import export_boxes, import_boxes
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from tests.exchanged import NAMES, PATHS, Drawn, drawn, project_of, shown
from tests.rows import small_project

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "elsewhere"
PYTHON = os.environ.get("LANDMARK_GUI_ORACLES", "")

EXACT = [("Tower", Rect(1.25, 2.5, 30.5, 39.5)), ("경복궁", Rect(50, 5, 10, 65))]
WHOLE = [("Tower", Rect(1, 2, 30, 40)), ("경복궁", Rect(50, 5, 10, 65))]


@given(boxes=drawn())
def test_pycocotools_sees_the_same_boxes(
    boxes: Drawn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    coco = pytest.importorskip("pycocotools.coco", reason="pycocotools, to compare with")
    project, path = project_of(boxes), tmp_path_factory.mktemp("coco") / "a.json"
    export_boxes("coco", path, project)
    found = coco.COCO(str(path))
    assert [entry["name"] for entry in found.loadCats(found.getCatIds())] == list(NAMES)
    images = {entry["file_name"]: entry for entry in found.loadImgs(found.getImgIds())}
    assert set(images) == set(PATHS)
    sizes = {row.path: (row.width, row.height) for row in project.photos.values()}
    assert {file: (i["width"], i["height"]) for file, i in images.items()} == sizes
    seen = {}
    for file, entry in images.items():
        for annotation in found.loadAnns(found.getAnnIds(imgIds=[entry["id"]], iscrowd=False)):
            name = found.loadCats([annotation["category_id"]])[0]["name"]
            seen.setdefault(file, []).append((name, Rect(*annotation["bbox"])))
            assert annotation["area"] == pytest.approx(Rect(*annotation["bbox"]).area)
    assert seen == shown(project)


def test_what_pycocotools_writes_comes_in(tmp_path: Path) -> None:
    """Its masks have an RLE for a segmentation, and boxes of `toBbox`."""
    masks = pytest.importorskip("pycocotools.mask", reason="pycocotools, to compare with")
    import numpy as np

    picture = np.zeros((80, 100), np.uint8, order="F")
    picture[5:25, 10:40] = 1
    rle = masks.encode(picture)
    entry = {
        **{"id": 1, "image_id": 1, "category_id": 1, "bbox": masks.toBbox(rle).tolist()},
        **{"segmentation": {"size": rle["size"], "counts": rle["counts"].decode()}},
    }
    document = {
        "images": [{"id": 1, "file_name": "IMG_1.jpg", "width": 100, "height": 80}],
        "categories": [{"id": 1, "name": "Tower"}],
        "annotations": [entry],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(document))
    plan = import_boxes("coco", path, small_project())
    assert imported(plan.edit) == {"IMG_1.jpg": [("Tower", Rect(10, 5, 30, 20))]}


def imported(edit: object) -> dict[str, list[tuple[str, Rect]]]:
    project = small_project()
    project.apply(edit)  # type: ignore[arg-type]
    return shown(project)


def photos_in(folder: Path) -> Path:
    """The photos that the files were drawn on: the second is stored on its side."""
    for number, orientation in ((1, 1), (2, 6)):
        picture = Image.new("RGB", (80, 100) if orientation > 4 else (100, 80), "grey")
        exif = picture.getexif()
        exif[0x0112] = orientation
        picture.save(folder / f"IMG_{number}.jpg", exif=exif)
    return folder


def test_what_labelme_wrote_comes_in(tmp_path: Path) -> None:
    plan = import_boxes("labelme", FIXTURES / "labelme", small_project(), photos_in(tmp_path))
    assert imported(plan.edit) == {"IMG_1.jpg": EXACT, "IMG_2.jpg": EXACT}
    assert plan.problems == []


def test_what_labelimg_wrote_as_voc_comes_in(tmp_path: Path) -> None:
    for number in (1, 2):
        path = FIXTURES / "labelimg" / f"IMG_{number}.xml"
        plan = import_boxes("voc", path, small_project(), photos_in(tmp_path))
        assert imported(plan.edit) == {f"IMG_{number}.jpg": WHOLE}
        assert [problem.split(": ")[1] for problem in plan.problems] == [
            "difficult is set, which is not kept",
            "truncated is set, which is not kept",
        ]


def test_what_labelimg_wrote_before_it_knew_exif_is_turned(tmp_path: Path) -> None:
    path = FIXTURES / "labelimg" / "stored-size.xml"
    plan = import_boxes("voc", path, small_project(), photos_in(tmp_path))
    assert imported(plan.edit) == {"IMG_2.jpg": [("Tower", Rect(100 - 42, 1, 40, 30))]}
    assert any("EXIF" in problem for problem in plan.problems)


def test_what_labelimg_wrote_as_yolo_comes_in() -> None:
    plan = import_boxes("yolo", FIXTURES / "labelimg", small_project())
    assert plan.problems == []
    for boxes in imported(plan.edit).values():
        for (name, rect), (wanted, place) in zip(boxes, WHOLE, strict=True):
            assert name == wanted
            # labelImg writes six digits: a ten-thousandth of a pixel here
            assert (rect.x, rect.y) == pytest.approx((place.x, place.y), abs=1e-3)
            assert (rect.right, rect.bottom) == pytest.approx((place.right, place.bottom), abs=1e-3)


def test_what_labelimg_wrote_as_create_ml_comes_in() -> None:
    plan = import_boxes("createml", FIXTURES / "labelimg" / "createml.json", small_project())
    assert imported(plan.edit) == {"IMG_1.jpg": EXACT, "IMG_2.jpg": EXACT}
    assert plan.problems == []


def drawn_project() -> Project:
    project = small_project()
    project.apply(edits.add_landmark(project, "경복궁"))
    project.apply(edits.add_box(1, 3, Rect(10.25, 5.5, 30.5, 39.25)))
    project.apply(edits.add_box(1, 1, Rect(0, 0, 100, 80)))
    project.apply(edits.add_box(2, 2, Rect(1.125, 2.25, 3.5, 4.75)))
    return project


@pytest.mark.skipif(
    not PYTHON, reason="LANDMARK_GUI_ORACLES names no Python with labelme, labelImg"
)
@pytest.mark.parametrize("key", ["labelme", "voc", "yolo", "createml"])
def test_they_read_what_we_write(key: str, tmp_path: Path) -> None:
    project, photos = drawn_project(), photos_in(tmp_path)
    suffix = {"labelme": ".json", "voc": ".xml", "yolo": ".txt"}.get(key)
    out = photos / ("boxes.json" if key == "createml" else "labels")
    export_boxes(key, out, project, photos)
    files = [str(out)] if suffix is None else [str(out / f"IMG_{n}{suffix}") for n in (1, 2)]
    command = [PYTHON, ROOT / "tests" / "elsewhere.py", "read", key, *files]
    ran = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    found = [(label, *sides) for _, label, *sides in json.loads(ran.stdout)]
    wanted = [
        (project.landmarks[b.landmark_id].name, b.rect.x, b.rect.y, b.rect.right, b.rect.bottom)
        for b in project.boxes.values()
    ]
    whole = {"voc": int, "yolo": round}.get(key, float)  # their readers keep whole pixels
    assert found == [(name, *map(whole, sides)) for name, *sides in wanted]
