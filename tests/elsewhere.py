"""Runs labelme's and labelImg's own readers and writers, in a Python that has them.

    python tests/elsewhere.py make FOLDER      the files in tests/fixtures/elsewhere
    python tests/elsewhere.py read KIND FILE…  what the program KIND sees in exported files, as JSON

It imports nothing of the project: that Python has other packages.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

BOXES = (("Tower", (1.25, 2.5), (31.75, 42.0)), ("경복궁", (60.0, 70.0), (50.0, 5.0)))


def draw(path: Path, orientation: int = 1) -> Path:
    """A photo that shows 100 × 80 pixels once it is turned."""
    from PIL import Image

    picture = Image.new("RGB", (80, 100) if orientation >= 5 else (100, 80), "grey")
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(path, exif=exif)
    return path


def make(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = draw(Path(folder) / "IMG_1.jpg")
        turned = draw(Path(folder) / "IMG_2.jpg", 6)
        _make_labelme(out / "labelme", plain, turned)
        _make_labelimg(out / "labelimg", plain, turned)


def _make_labelme(out: Path, *photos: Path) -> None:
    from labelme import utils
    from labelme._label_file import read_image_file, write_label_file

    out.mkdir(parents=True, exist_ok=True)
    shapes = [
        {
            **{"label": name, "points": [list(a), list(b)], "shape_type": "rectangle"},
            **{"flags": {}, "description": "", "group_id": None, "mask": None},
        }
        for name, a, b in BOXES
    ]
    for photo in photos:
        width, height = utils.img_data_to_pil(read_image_file(str(photo))).size
        write_label_file(
            str(out / f"{photo.stem}.json"),
            shapes=shapes,
            image_path=photo.name,
            image_height=height,
            image_width=width,
        )


def _make_labelimg(out: Path, *photos: Path) -> None:
    from libs.labelFile import LabelFile
    from PyQt5.QtGui import QImageReader

    out.mkdir(parents=True, exist_ok=True)
    shapes = [
        {
            "label": name,
            "points": [(x0, y0), (x1, y0), (x1, y1), (x0, y1)],
            "difficult": name == "Tower",
        }
        for name, (x0, y0), (x1, y1) in BOXES
    ]
    classes: list[str] = []
    for photo in photos:
        reader = QImageReader(str(photo))
        reader.setAutoTransform(True)  # as labelImg 1.8.6 opens photos
        image = reader.read()
        target, path = LabelFile(), Path("photos") / photo.name
        target.save_pascal_voc_format(str(out / f"{photo.stem}.xml"), shapes, str(path), image)
        target.save_yolo_format(str(out / f"{photo.stem}.txt"), shapes, str(path), image, classes)
        target.save_create_ml_format(str(out / "createml.json"), shapes, str(path), image, classes)
    # labelImg 1.8.3 loaded photos without turning them: it saw, and wrote, the stored size.
    stored = QImageReader(str(photos[1])).read()
    LabelFile().save_pascal_voc_format(
        str(out / "stored-size.xml"), shapes[:1], str(Path("photos") / photos[1].name), stored
    )


def read(kind: str, files: list[str]) -> list[list[object]]:
    """[file, label, x0, y0, x1, y1] of each box."""
    return [[file, *box] for file in files for box in READERS[kind](file)]


def _read_labelme(file: str) -> list[list[object]]:
    from labelme._label_file import LabelFile

    shapes = LabelFile(file).shapes
    return [
        [shape["label"], *(float(side) for point in shape["points"] for side in point)]
        for shape in shapes
    ]


def _read_voc(file: str) -> list[list[object]]:
    from libs.pascal_voc_io import PascalVocReader

    return _corners(PascalVocReader(file).get_shapes())


class _Image:
    """The part of a QImage that labelImg's YOLO reader asks for."""

    def height(self) -> int:
        return 80

    def width(self) -> int:
        return 100

    def isGrayscale(self) -> bool:  # noqa: N802  # Qt's name
        return False


def _read_yolo(file: str) -> list[list[object]]:
    from libs.yolo_io import YoloReader

    return _corners(YoloReader(file, _Image()).get_shapes())


def _read_createml(file: str) -> list[list[object]]:
    from libs.create_ml_io import CreateMLReader

    photos = [f"IMG_{n}.jpg" for n in (1, 2, 3)]
    return [box for photo in photos for box in _corners(CreateMLReader(file, photo).get_shapes())]


def _corners(shapes: list[tuple]) -> list[list[object]]:
    return [[label, *map(float, (*points[0], *points[2]))] for label, points, *_ in shapes]


READERS = {
    "labelme": _read_labelme,
    "voc": _read_voc,
    "yolo": _read_yolo,
    "createml": _read_createml,
}

if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        print(json.dumps(read(sys.argv[2], sys.argv[3:])))
