"""Time of a frame while one draws, moves and resizes, with 200 boxes on a photo of 12 MP.

Each frame is a mouse event sent to the real canvas and the painting that follows it, at once.
Reference, in the same run and in turn: the same view with the photo alone, under a pointer
that moves. The whole way is measured on the Label page: the release of the mouse, the edit of
the document, the lists that follow, and the frame that shows it.

Two clocks: the wall's, and the processor time of the whole process, which is what the wall would
show on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Change, Edit
from landmark_gui.core.project_opening import open_folder
from landmark_gui.core.settings import Settings
from landmark_gui.gui.app import make_application
from landmark_gui.gui.canvas import PhotoCanvas, Shape
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage

WIDTH, HEIGHT = 4000, 3000
FRAME_MS = 16.0
NO, LEFT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
Place = tuple[float, float]
Time = tuple[float, float]
"""Milliseconds by the wall and of the processor."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks edit", description=__doc__)
    parser.add_argument("--boxes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60, help="frames of a drag")
    parser.add_argument("--size", default="1280x800", help="of the view, in pixels")
    arguments = parser.parse_args(argv)
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    width, height = (int(side) for side in arguments.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LANDMARK_GUI_SETTINGS"] = str(Path(folder, "settings"))
        application = make_application(Settings())
        print(f"{arguments.boxes} boxes, {WIDTH} × {HEIGHT} pixels, view {width} × {height}")
        print("milliseconds a frame: median")
        _on_the_canvas(QSize(width, height), arguments)
        _on_the_page(Path(folder), arguments)
        application.processEvents()
    return 0


def _on_the_canvas(size: QSize, arguments: argparse.Namespace) -> None:
    bare, full = _canvas(size, []), _canvas(size, _shapes(arguments.boxes))
    works: dict[str, Callable[[], Iterator[Time]]] = {
        "photo alone": lambda: _hover(bare, arguments.steps),
        "hovering": lambda: _hover(full, arguments.steps),
        "drawing": lambda: _drag(full, (30, 30), (3000, 2300), arguments.steps, free=True),
        "moving": lambda: _drag(full, *_moved(full), arguments.steps),
        "resizing": lambda: _drag(full, *_resized(full), arguments.steps),
        "zooming": lambda: _zoom(full, arguments.steps),
    }
    frames: dict[str, list[Time]] = {name: [] for name in works}
    for run in range(arguments.runs + 1):
        for name, work in works.items():
            times = list(work())
            frames[name] += times if run else []  # the first is not counted: it loads fonts
    for name, times in frames.items():
        _report(name, times, frames["photo alone"])
    for canvas in (bare, full):
        canvas.close()


def _report(name: str, times: list[Time], reference: list[Time] | None = None) -> None:
    wall, processor = ([time[clock] for time in times] for clock in (0, 1))
    text = f"wall {_spread(wall)} | processor {_spread(processor)}"
    if reference:
        alone = median(time[1] for time in reference)
        text += f" | {median(processor) / alone:.2f} of the photo alone"
    print(f"  {name:12} {text} (n={len(times)})")


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    late = ordered[int(0.95 * len(ordered))]
    share = sum(value < FRAME_MS for value in times) / len(times)
    return f"{median(times):5.2f}, 95 % {late:5.2f}, worst {ordered[-1]:5.2f}, {share:.1%} in time"


class _Clocks:
    """Started when made; `stop` tells what has passed since."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def stop(self) -> Time:
        wall, processor = time.perf_counter(), time.process_time()
        return (wall - self._wall) * 1000, (processor - self._processor) * 1000


def _canvas(size: QSize, shapes: list[Shape]) -> PhotoCanvas:
    canvas = PhotoCanvas()
    canvas.resize(size)
    canvas.show()
    _settle()
    canvas.set_photo_size(WIDTH, HEIGHT)
    canvas.set_image(_photo(2048))
    canvas.set_fine_image(_photo(WIDTH))
    canvas.set_shapes(shapes)
    return canvas


def _photo(width: int) -> QImage:
    image = QImage(width, width * HEIGHT // WIDTH, QImage.Format.Format_RGB32)
    image.fill(QColor("#446688"))
    painter, rng = QPainter(image), random.Random(1)
    for _ in range(400):
        color = QColor(rng.randrange(256), rng.randrange(256), rng.randrange(256))
        painter.fillRect(rng.randrange(width), rng.randrange(width), 80, 50, color)
    painter.end()
    return image


def _shapes(count: int) -> list[Shape]:
    rects = _rects(count)
    colors = edits.PALETTE
    return [
        Shape(str(n), rect, f"Landmark {n % 9}", colors[n % len(colors)])
        for n, rect in enumerate(rects)
    ]


def _rects(count: int) -> list[Rect]:
    rng = random.Random(0)
    return [
        Rect(rng.uniform(0, 3600), rng.uniform(0, 2700), rng.uniform(60, 400), rng.uniform(60, 300))
        for _ in range(count)
    ]


def _moved(canvas: PhotoCanvas) -> tuple[Place, Place]:
    shape = min(canvas.shapes(), key=lambda shape: shape.rect.area)
    x, y = shape.rect.center
    way = 900 if x < WIDTH / 2 else -900  # there, and the next time back
    return (x, y), (x + way, y + way / 2)


def _resized(canvas: PhotoCanvas) -> tuple[Place, Place]:
    shape = min(canvas.shapes(), key=lambda shape: shape.rect.area)
    canvas.select([shape.id])
    return (shape.rect.right, shape.rect.bottom), (shape.rect.right + 900, shape.rect.bottom + 600)


def _drag(
    canvas: PhotoCanvas, start: Place, end: Place, steps: int, *, free: bool = False
) -> Iterator[Time]:
    """The milliseconds of each frame of a drag from `start` to `end`, places of the photo."""
    modifier = Qt.KeyboardModifier.ControlModifier if free else Qt.KeyboardModifier.NoModifier
    press, move = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
    yield _frame(canvas, press, start, LEFT, LEFT, modifier)
    for step in range(1, steps + 1):
        share = step / steps
        x = start[0] + (end[0] - start[0]) * share
        y = start[1] + (end[1] - start[1]) * share
        yield _frame(canvas, move, (x, y), NO, LEFT)
    yield _frame(canvas, QEvent.Type.MouseButtonRelease, end, LEFT, NO)


def _hover(canvas: PhotoCanvas, steps: int) -> Iterator[Time]:
    for step in range(steps):
        place = (WIDTH * step / steps, HEIGHT * step / steps)
        yield _frame(canvas, QEvent.Type.MouseMove, place, NO, NO)


def _zoom(canvas: PhotoCanvas, steps: int) -> Iterator[Time]:
    for step in range(steps):
        clocks = _Clocks()
        canvas.zoom_in() if step < steps / 2 else canvas.zoom_out()
        canvas.viewport().repaint()
        yield clocks.stop()
    canvas.fit()


def _frame(
    canvas: PhotoCanvas,
    kind: QEvent.Type,
    place: Place,
    button: Qt.MouseButton,
    held: Qt.MouseButton,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> Time:
    point = canvas.to_view(QPointF(*place))
    there = QPointF(canvas.viewport().mapToGlobal(point.toPoint()))
    event = QMouseEvent(kind, point, there, button, held, modifier)
    clocks = _Clocks()
    QApplication.sendEvent(canvas.viewport(), event)
    canvas.viewport().repaint()
    return clocks.stop()


def _on_the_page(folder: Path, arguments: argparse.Namespace) -> None:
    document, page = _page(folder, arguments.boxes)
    canvas = page.canvas
    drawn, moved = [], []
    _let_go(canvas, (20, 20), (300, 200), free=True)  # once uncounted
    for run in range(arguments.runs * 4):
        place = 40.0 + 9 * run
        drawn.append(_let_go(canvas, (place, place), (place + 300, place + 200), free=True))
        moved.append(_let_go(canvas, *_moved(canvas)))
    _report("new box", drawn)
    _report("moved box", moved)
    page.close()
    document.close()


def _let_go(canvas: PhotoCanvas, start: Place, end: Place, *, free: bool = False) -> Time:
    """The end of a drag, with all that follows it on the page."""
    *_, release = _drag(canvas, start, end, 5, free=free)
    clocks = _Clocks()
    QApplication.sendPostedEvents()  # the lists lay themselves out and paint
    rest = clocks.stop()
    return release[0] + rest[0], release[1] + rest[1]


def _page(folder: Path, count: int) -> tuple[Document, LabelPage]:
    photos = folder / "photos"
    photos.mkdir()
    _photo(WIDTH).save(str(photos / "a.jpg"))
    document = Document(open_folder(photos, folder))
    document.start_scan()
    context = AppContext()
    page = LabelPage(context)
    page.resize(1280, 800)
    page.show()
    context.set_document(document)
    while document.current_photo is None or not page.canvas.has_image():
        _settle()
    document.do(edits.add_landmark(document.project, "Landmark"))
    mark = next(iter(document.project.landmarks))
    photo = document.current_photo.id
    boxes = (Change(None, edits.new_box(photo, mark, rect)) for rect in _rects(count))
    document.do(Edit("import", tuple(boxes)))
    _settle()
    return document, page


def _settle() -> None:
    for _ in range(20):
        QApplication.processEvents()
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
