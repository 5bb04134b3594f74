"""Time from a changed control of the Augment page to painted pixels.

The control's value is set as a key or a drag of its slider would; the clock stops when the grid
has painted the tiles that were made of it. Reference, in the same run and in turn: the bare
`cv2.warpAffine` of the same eleven tiles, with matrices that are ready. Beside it the longest
stretch of work on the GUI thread meanwhile, which must stay under a frame of 16 ms: what the
control sets off at once, the delivery of the tiles, and the painting.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
from PySide6.QtWidgets import QApplication

from benchmarks.report import ratio, spread
from landmark_gui.core.augmentation import draw, generator, matrix
from landmark_gui.core.formats.common import BoxRow, plan_import
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.project_opening import open_folder
from landmark_gui.core.sample import write_sample_photos
from landmark_gui.core.settings import Settings
from landmark_gui.gui.app import make_application
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.augment import AugmentPage
from landmark_gui.gui.pages.augment.drawing import TILES

PATIENCE = 60.0
MOVES: dict[str, tuple[float, float]] = {
    "rotation_range": (20, 60),
    "zoom_low": (0.5, 0.9),
    "brightness_low": (0.5, 0.9),
    "jitter_saturation": (0.1, 0.6),
    "blur": (0.5, 3),
    "randaugment_count": (1, 3),
}
"""Control → the two values between which it is moved; it stays on for those after it."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks preview", description=__doc__)
    parser.add_argument("--runs", type=int, default=31)
    parser.add_argument("--size", default="1280x800", help="of the page, in pixels")
    arguments = parser.parse_args(argv)
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    width, height = (int(side) for side in arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LANDMARK_GUI_SETTINGS"] = str(Path(folder, "settings"))
        os.environ["LANDMARK_GUI_CACHE"] = str(Path(folder, "cache"))
        make_application(Settings())
        document, page = _page(Path(folder), width, height)
        print(f"{TILES} tiles of {page.tiles.cell()} pixels, page {width} × {height}")
        for many in (False, True):
            page.preview.mode.setCurrentIndex(int(many))
            _settle(1.0)
            print("many crops, one draw" if many else "one crop, many draws")
            for name, ends in MOVES.items():
                _measure(page, name, ends, arguments.runs)
        page.close()
        document.close()
    return 0


def _measure(page: AugmentPage, name: str, ends: tuple[float, float], runs: int) -> None:
    ours, bare, busy = [], [], []
    for run in range(runs + 1):
        taken, longest = _once(page, name, ends[run % 2] + 0.01 * (run // 2))
        reference = _bare_warps(page)
        if run:  # the first is not counted: it loads modules
            ours.append(taken)
            busy.append(longest)
            bare.append(reference)
        _settle(0.05)
    print(f"  {name:18}", spread(ours, "ms"), "|", ratio(ours, bare), "of the bare warps", end=" ")
    print(f"({spread(bare, 'ms')}) | GUI thread at most", spread(busy, "ms"))


def _once(page: AugmentPage, name: str, value: float) -> tuple[float, float]:
    """Milliseconds until it is painted, and of the longest stretch on the GUI thread."""
    before = page.tiles.tiles
    started = time.perf_counter()
    page.form.controls[name].set_value(value)
    longest = time.perf_counter() - started
    while page.tiles.tiles is before:
        begun = time.perf_counter()
        QApplication.processEvents()
        if page.tiles.tiles is not before:
            page.tiles.repaint()
        longest = max(longest, time.perf_counter() - begun)
        if begun - started > PATIENCE:
            raise SystemExit(f"{name}: nothing was painted")
        time.sleep(0.0002)  # as in an event loop, the thread that warps gets its turn
    return (time.perf_counter() - started) * 1000, longest * 1000


def _bare_warps(page: AugmentPage) -> float:
    """Milliseconds of the same tiles through `cv2.warpAffine` alone."""
    config = page.form.config
    originals = [tile for tile in page.tiles.tiles if tile.parameters is None]
    varied = TILES - len(originals)
    pixels, side = originals[0].pixels, len(originals[0].pixels)
    draws = (draw(config, side, side, generator(0, 0, index + 1)) for index in range(varied))
    ready = [matrix(parameters, side, side)[:2] for parameters in draws]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    started = time.perf_counter()
    for inverse in ready:
        cv2.warpAffine(pixels, inverse, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return (time.perf_counter() - started) * 1000


def _page(folder: Path, width: int, height: int) -> tuple[Document, AugmentPage]:
    photos = folder / "photos"
    boxes = write_sample_photos(photos)
    document = Document(open_folder(photos, folder))
    document.start_scan()
    _wait(lambda: len(document.project.photos) == len(boxes))
    rows = [
        BoxRow(Ref(name), landmark, rect.x, rect.y, rect.w, rect.h, name)
        for name, (landmark, rect) in boxes.items()
    ]
    document.do(plan_import(document.project, rows).edit)
    context = AppContext()
    context.set_document(document)
    page = AugmentPage(context)
    page.resize(width, height)
    page.show()
    _wait(lambda: len(page.tiles.tiles) == TILES and context.dataset.is_newest)
    _settle(1.0)
    return document, page


def _wait(condition: Callable[[], bool]) -> None:
    started = time.perf_counter()
    while not condition():
        if time.perf_counter() - started > PATIENCE:
            raise SystemExit("The page did not get there in time.")
        _settle(0.02)


def _settle(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.002)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
