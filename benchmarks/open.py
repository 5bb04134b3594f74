"""Time from the key press to the painted pixels of the next photo of 12 to 18 megapixels.

Reference, in the same process and in turn, photo by photo: a full decode by Pillow, made a
QPixmap. "Cold" is a photo that was not asked for before, "prefetched" one that the window has
decoded ahead. With --huge also drawn photos of 50, 100 and 200 megapixels: the time until they are
seen whole and until they are sharp at 100 %, and the memory, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest

from benchmarks.report import ratio, spread
from benchmarks.windows import LARGE, Painted, in_own_process, peak_mb, wait, wait_for

HUGE = {50: (8192, 6144), 100: (11648, 8736), 200: (16320, 12240)}
Times = dict[str, list[float]]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks open", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--huge", action="store_true", help="also photos of up to 200 megapixels")
    parser.add_argument("--measure", choices=("steps", "ours", "pillow"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.measure == "steps":
        print(json.dumps(_steps(arguments.folder, arguments.rounds)))
    elif arguments.measure == "ours":
        print(json.dumps(_huge_by_us(arguments.folder)))
    elif arguments.measure == "pillow":
        print(json.dumps(_huge_by_pillow(arguments.folder)))
    else:
        _report_steps(arguments.rounds)
        if arguments.huge:
            _report_huge()
    return 0


def _report_steps(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder, "photos")
        _fill(photos)
        options = ["--measure", "steps", "--folder", str(photos), "--rounds", str(rounds)]
        times: Times = in_own_process("open", options)
    cold, prefetched, pillow = times["cold"], times["prefetched"], times["pillow"]
    print(f"full decode by Pillow and QPixmap:      {spread(pillow)}")
    print(f"key press to painted pixels, cold:      {spread(cold)}")
    print(f"ratio: {ratio(cold, pillow)}   (aim: at most 0.5)")
    print(f"key press to painted pixels, prefetched: {spread([t * 1e3 for t in prefetched], 'ms')}")
    print(f"ratio: {ratio(prefetched, pillow)}   (aim: under 16 ms)")


def _report_huge() -> None:
    print(
        "photo: seen whole | sharp at 100 % | peak of the window | full decode by Pillow | its peak"
    )
    for megapixels, size in HUGE.items():
        for extension in ("jpg", "png", "tif"):
            with tempfile.TemporaryDirectory() as folder:
                photos = Path(folder, "photos")
                photos.mkdir()
                _draw(photos / "0.jpg", (640, 480))
                _draw(photos / f"1.{extension}", size)
                measure = partial(_measured, photos)
                ours, pillow = measure("ours"), measure("pillow")
            print(
                f"{megapixels} MP {extension}: {ours['whole']:.2f} s | {ours['sharp']:.2f} s | "
                f"{ours['peak']:.0f} MB | {pillow['seconds']:.2f} s | {pillow['peak']:.0f} MB"
            )


def _measured(folder: Path, what: str) -> dict[str, float]:
    figures: dict[str, float] = in_own_process("open", ["--measure", what, "--folder", str(folder)])
    return figures


def _fill(folder: Path) -> None:
    """The real photos, where there are any, or five drawn ones of 12 megapixels."""
    folder.mkdir()
    for path in sorted(LARGE.glob("*")):
        (folder / path.name).symlink_to(path)
    if not LARGE.is_dir():
        for number in range(5):
            _draw(folder / f"{number}.jpg", (4000, 3000), seed=number)


def _draw(path: Path, size: tuple[int, int], seed: int = 0) -> None:
    """Soft shapes with some grain, as costly to decode as a photo."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(seed)
    shapes = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8))
    tile = np.asarray(shapes.resize((1024, 768), Image.Resampling.BICUBIC)).astype(np.int16)
    tile = np.clip(tile + rng.integers(-8, 9, tile.shape), 0, 255).astype(np.uint8)
    picture = Image.new("RGB", size)
    for x in range(0, size[0], 1024):
        for y in range(0, size[1], 768):
            picture.paste(Image.fromarray(tile), (x, y))
    options: dict[str, Any] = {"png": {"compress_level": 1}, "tif": {"compression": "tiff_lzw"}}
    picture.save(path, **options.get(path.suffix[1:], {"quality": 88}))


class _Window:
    """The real window on a folder, with the first photo on show."""

    def __init__(self, folder: Path) -> None:
        from landmark_gui.core.project_opening import open_folder
        from landmark_gui.core.settings import Settings
        from landmark_gui.gui.app import make_application
        from landmark_gui.gui.context import AppContext
        from landmark_gui.gui.document import Document
        from landmark_gui.gui.main_window import MainWindow

        self.application = make_application(Settings())
        self.document = Document(open_folder(folder, folder.parent))
        found: list[int] = []
        self.document.scan_finished.connect(found.append)
        self.document.start_scan()
        wait_for(lambda: bool(found))
        self.context = AppContext()
        self.window = MainWindow(self.context)
        self.window.show()
        self.context.set_document(self.document)
        self.page: Any = self.window.page("label")
        self.loader, self.canvas = self.page.middle.loader, self.page.canvas
        self.painted = Painted(self.canvas.viewport())
        self.page.middle.photo_shown.connect(self.painted.ready)
        wait(1000)

    def step(self) -> float:
        """Seconds from the key for the next photo to its painted pixels."""
        return self.painted.seconds(lambda: QTest.keyClick(self.canvas, Qt.Key.Key_D))

    def close(self) -> None:
        self.window.close()
        self.document.close()
        self.context.shutdown()


def _steps(folder: Path, rounds: int) -> Times:
    window = _Window(folder)
    photos = window.document.project.ordered_photos()
    times: Times = {"cold": [], "prefetched": [], "pillow": []}
    loader, prefetch = window.loader, window.loader.prefetch
    for kind in ("prefetched", "cold") * rounds:
        window.document.set_current(photos[0].id)
        wait(1000)
        for photo in photos[1:]:
            path = window.document.photo_path(photo)
            if kind == "cold":
                loader.clear()
                loader.prefetch = lambda paths=(): None
            else:
                wait_for(lambda path=path: path in loader._remembered and not loader.busy())
            times[kind].append(window.step())
            loader.prefetch = prefetch
            if kind == "cold":
                times["pillow"].append(_pillow(path))
    window.close()
    return times


def _pillow(path: Path) -> float:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    start = perf_counter()
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    line = 3 * photo.width
    image = QImage(photo.tobytes(), photo.width, photo.height, line, QImage.Format.Format_RGB888)
    QPixmap.fromImage(image)
    return perf_counter() - start


def _huge_by_us(folder: Path) -> dict[str, float]:
    window = _Window(folder)
    loader, canvas = window.loader, window.canvas
    loader.clear()
    loader.prefetch = lambda paths=(): None
    whole = window.step()
    painted = window.painted
    loader.fine_loaded.connect(lambda *_: canvas.is_sharp() and painted.ready())
    sharp = painted.seconds(canvas.actual_size)
    wait(200)
    window.close()
    return {"whole": whole, "sharp": sharp, "peak": peak_mb()}


def _huge_by_pillow(folder: Path) -> dict[str, float]:
    from PySide6.QtGui import QGuiApplication

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    path = next(path for path in folder.iterdir() if path.stem == "1")
    figures = {"seconds": _pillow(path), "peak": peak_mb()}
    del application
    return figures
