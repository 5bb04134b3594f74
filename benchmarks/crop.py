"""Export of crops in photos per second, against a plain Pillow loop and against the bare decode.

The loop is what anyone would write: open, turn upright, crop, resize, save, one photo after the
other. The bare decode reads the same files on all cores and drops the pixels: once in full, once at
the scale at which the export decodes each. All run in turn, each into an empty folder, on photos
with a drawn-up box each whose sides are 0.4 to 0.9 of the photo's.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageOps

from benchmarks.report import ratio, spread
from landmark_gui.core import images
from landmark_gui.core.crops import Crop, FileSettings, export
from landmark_gui.core.crops.cutting import decode_scale
from landmark_gui.core.geometry import Rect

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FOLDERS = ("large", "wonders")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks crop", description=__doc__)
    parser.add_argument("--photos", type=Path, nargs="+", help="folders of photos")
    parser.add_argument("--size", type=int, default=224, help="longest side of the crops")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args(argv)
    for folder in arguments.photos or [SHARED / name for name in FOLDERS]:
        if not folder.is_dir():
            print(f"there are no photos in {folder}; name a folder with --photos")
            return 1
        _compare(folder, arguments.size, arguments.runs)
    return 0


def _compare(folder: Path, size: int, runs: int) -> None:
    crops = [_crop(number, path) for number, path in enumerate(_photos(folder))]
    settings = FileSettings(size)
    ways: dict[str, Callable[[Path], object]] = {
        "export": lambda out: export(crops, settings, out),
        "Pillow loop": lambda out: [_plainly(crop, size, out) for crop in crops],
        "full decode": lambda out: _on_all_cores(lambda crop: _decode(crop.path, 1), crops),
        "scaled decode": lambda out: _on_all_cores(
            lambda crop: _decode(crop.path, decode_scale(crop, settings)), crops
        ),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, work in ways.items():
            with tempfile.TemporaryDirectory() as out:
                started = time.perf_counter()
                work(Path(out))
                seconds = time.perf_counter() - started
            if run:  # the first is for the disk's cache
                rates[name].append(len(crops) / seconds)
    print(f"{folder.name}: {len(crops)} photos, crops of {size} pixels, {os.cpu_count()} cores")
    for name, measured in rates.items():
        print(f"  {name:14}", spread(measured, "photos/s"), end="")
        print("" if name == "export" else f" | export is {ratio(rates['export'], measured)} of it")
    print("  aim: 3 times the loop, 0.85 of the decode")


def _photos(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and images.is_photo(path))


def _crop(number: int, path: Path) -> Crop:
    header, draw = images.header(path), random.Random(number)
    w, h = header.width * draw.uniform(0.4, 0.9), header.height * draw.uniform(0.4, 0.9)
    x, y = draw.uniform(0, header.width - w), draw.uniform(0, header.height - h)
    size, rect = (header.width, header.height), Rect(x, y, w, h)
    return Crop(number, f"{number:08}", path, str(number), size, rect, path.parent.name, "train")


def _plainly(crop: Crop, size: int, out: Path) -> None:
    rect = crop.rect
    assert rect is not None
    with Image.open(crop.path) as photo:
        upright = ImageOps.exif_transpose(photo).convert("RGB")
    cut = upright.crop((round(rect.x), round(rect.y), round(rect.right), round(rect.bottom)))
    scale = min(1.0, size / max(cut.size))
    small = cut.resize((round(cut.width * scale), round(cut.height * scale)))
    (out / crop.landmark).mkdir(exist_ok=True)
    small.save(out / crop.landmark / f"{crop.photo_id}.jpg", quality=95)


def _decode(path: Path, scale: int) -> None:
    with Image.open(path) as photo:
        if scale > 1:
            photo.draft(None, (photo.width // scale, photo.height // scale))
        photo.load()


def _on_all_cores(work: Callable[[Crop], None], crops: list[Crop]) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, crops))
