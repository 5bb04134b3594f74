"""`--smoke-test`: the main job once, on pictures drawn here, to prove that a build is whole.

It needs no files, no display and no network, writes to a temporary folder alone, and goes
through the real window, the real worker process and the real classifier.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui import __version__

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

LANDMARKS = {"Red Tower": (200, 40, 40), "Green Dome": (40, 160, 60)}
PHOTOS_EACH = 6
FORMATS = ("png", "webp", "tiff", "avif", "heic")
TRAINING_SECONDS = 600
WINDOW_SECONDS = 60


class SmokeError(Exception):
    """A step did not do what it must."""


def run() -> int:
    """Go through every step, printing a line for each; 0 if all is well, otherwise 1."""
    started = time.monotonic()
    say(f"landmark-gui {__version__}, {'frozen' if is_frozen() else 'from source'}")
    try:
        with tempfile.TemporaryDirectory(prefix="landmark-gui smoke ") as folder:
            go_through(Path(folder))
    except Exception as error:
        import traceback

        traceback.print_exc()
        say(f"smoke test failed: {type(error).__name__}: {error}")
        return 1
    say(f"smoke test passed in {time.monotonic() - started:.0f} s")
    return 0


def start() -> int:
    """`--start-test`: the window as anyone gets it, gone once it is painted, so that it can be
    timed (`python -m benchmarks package`)."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from landmark_gui.gui.start import start as open_window

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, application.quit)
            return False

    use_offscreen_without_display()
    application = QApplication(sys.argv[:1])
    painted = Painted()
    application.installEventFilter(painted)
    return open_window((), new_window=True)


def go_through(folder: Path) -> None:
    """The steps in order, inside `folder`."""
    os.environ["LANDMARK_GUI_SETTINGS"] = str(folder / "settings")
    os.environ["LANDMARK_GUI_CACHE"] = str(folder / "cache")
    use_offscreen_without_display()
    check_formats(folder / "formats")
    photos = folder / "photos"
    draw_photos(photos)
    project = make_project(photos)
    with open_window() as window:
        load_resources()
        show_project(window, project)
        build_pages(window)
        inspect(window, folder / "crops.zip")
        model = train(project, folder / "Smoke.landmark-model")
    classify(model, photos)


def check_formats(folder: Path) -> None:
    """Write and read a picture in each format whose codec a build can forget."""
    import pillow_heif
    from PIL import Image

    from landmark_gui.core import images

    pillow_heif.register_heif_opener()
    folder.mkdir()
    for name in FORMATS:
        path = folder / f"사진 {name}.{name}"
        Image.new("RGB", (64, 48), (200, 40, 40)).save(path)
        expect(images.load(path).size == (64, 48), f"{path.name} was read with a wrong size")
    say(f"formats: jpeg, {', '.join(FORMATS)}")


def draw_photos(photos: Path) -> None:
    """A folder of photos for each landmark: a coloured square on a noisy sky."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    for name, color in LANDMARKS.items():
        (photos / name).mkdir(parents=True)
        for number in range(PHOTOS_EACH):
            pixels = rng.integers(120, 220, (72, 96, 3), dtype=np.uint8)
            y, x = rng.integers(8, (24, 40))
            pixels[y : y + 40, x : x + 40] = color
            Image.fromarray(pixels).save(photos / name / f"{number}.jpg", quality=95)
    say(f"photos: {PHOTOS_EACH * len(LANDMARKS)} drawn")


def make_project(photos: Path) -> Path:
    """A project of the photos, each folder a landmark."""
    from landmark_gui.core.scan import labels_from_folders, new_photos
    from landmark_gui.core.store import ProjectStore
    from landmark_gui.core.suffixes import PROJECT_SUFFIX

    path = photos.with_suffix(PROJECT_SUFFIX)
    with ProjectStore.create(path, photos) as store:
        for batch in new_photos(store.load(), photos):
            store.put_photos(batch)
        project = store.load()
        store.commit(labels_from_folders(project, project.photos.values()))
    expect(len(project.photos) == PHOTOS_EACH * len(LANDMARKS), "the project misses photos")
    say(f"project: {path.name}")
    return path


@contextmanager
def open_window() -> Iterator[MainWindow]:
    """The real window, shown and painted; closed at the end."""
    from landmark_gui.core.settings import Settings
    from landmark_gui.gui.app import make_application
    from landmark_gui.gui.context import AppContext
    from landmark_gui.gui.main_window import MainWindow

    settings = Settings()
    application = make_application(settings)
    window = MainWindow(AppContext(settings))
    window.show()
    try:
        wait_until(lambda: is_painted(window), "the window to be painted")
        expect(not window.windowIcon().pixmap(24).isNull(), "the program's icon is not drawn")
        say(f"window: painted on “{application.platformName()}”")
        yield window
    finally:
        window.close()
        application.processEvents()


def is_painted(window: MainWindow) -> bool:
    """Whether the window is on the screen and holds more than one colour."""
    handle = window.windowHandle()
    if handle is None or not handle.isExposed():
        return False
    picture = window.grab().toImage().scaled(64, 64)
    return len({picture.pixel(x, y) for x in range(64) for y in range(64)}) > 1


def load_resources() -> None:
    """Every icon renders, every language has its catalogue, every page of the manual its text."""
    from PySide6.QtCore import QSize

    from landmark_gui.core.i18n import DOMAIN, LANGUAGES
    from landmark_gui.core.manual import Manual
    from landmark_gui.core.resources import manual_root, resource
    from landmark_gui.gui.icons import icon

    names = sorted(path.stem for path in resource("icons").glob("*.svg"))
    expect(bool(names), f"there are no icons in {resource('icons')}")
    for name in names:
        picture = icon(name).pixmap(QSize(24, 24)).toImage()
        drawn = any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        expect(drawn, f"the icon {name} is empty")
    languages = [code for code in LANGUAGES if code != "en"]
    for code in languages:
        catalogue = resource(f"translations/{code}/LC_MESSAGES/{DOMAIN}.mo")
        expect(catalogue.is_file(), f"the translation {catalogue} is missing")
    pages = [page for _, group in Manual(manual_root()).contents for page in group]
    expect(any(page.name == "quickstart" for page in pages), f"no manual in {manual_root()}")
    named = f"{len(names)} icons, {len(pages)} pages of the manual"
    say(f"resources: {named}, translations: {', '.join(languages)}")


def show_project(window: MainWindow, project: Path) -> None:
    """Open the project as a person does."""
    window.opening.open(project)
    wait_until(lambda: window.context.document is not None, "the project to open")
    document = window.context.document
    assert document is not None
    expect(len(document.project.photos) == PHOTOS_EACH * len(LANDMARKS), "photos are missing")
    say(f"opened: {document.name}")


def build_pages(window: MainWindow) -> None:
    """Visit every page, since each is imported by name on its first visit."""
    from landmark_gui.gui.page_list import PAGES

    for name in PAGES:
        window.show_page(name)
        wait_until(window.page(name).isVisible, f"the page {name}")
    say(f"pages: {', '.join(PAGES)}")


def inspect(window: MainWindow, out: Path) -> None:
    """The photos are measured and looked through for faults, and their crops saved."""
    from landmark_gui.core.crops import FileSettings, export_as

    watch = window.context.dataset
    window.show_page("quality")
    wait_until(lambda: watch.is_newest, "the photos to be measured")
    dataset = watch.dataset
    assert dataset is not None and dataset.report is not None
    report = export_as("zip", dataset.crops, FileSettings(), out)
    expect(report.written == PHOTOS_EACH * len(LANDMARKS), f"{report.written} crops were written")
    say(f"crops: {report.written}, advice: {dataset.report.advice[0]}")


def train(project: Path, out: Path) -> Path:
    """One epoch of the small network in the worker process; returns the model it wrote."""
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.jobs.worker_process import TrainingWorker, WorkerOutcome

    outcomes: list[WorkerOutcome] = []
    worker = TrainingWorker()
    worker.finished.connect(outcomes.append)
    worker.train(TrainConfig(str(project), str(out), recipe="scratch", epochs=1, image_size=32))
    wait_until(lambda: bool(outcomes), "the training to end", TRAINING_SECONDS)
    worker.shutdown()
    outcome = outcomes[0]
    told = f"{outcome.message}\n{outcome.details}"
    expect(outcome.kind == "done" and outcome.model is not None, f"training {outcome.kind}: {told}")
    say(f"training: {out.name}, accuracy {outcome.metrics['accuracy']:.2f}")
    return out


def classify(model: Path, photos: Path) -> None:
    """The model names one of the two landmarks, without TensorFlow in this process."""
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.classifier import Classifier

    photo = next(photos.rglob("*.jpg"))
    verdict = Classifier(read_bundle(model)).classify(photo)
    expect(verdict.label in LANDMARKS, f"“{verdict.label}” is no landmark")
    expect("tensorflow" not in sys.modules, "TensorFlow was imported into the window's process")
    say(f"classified: {photo.name} as {verdict.label} ({verdict.confidence:.0%})")


def use_offscreen_without_display() -> None:
    """Let Qt draw into memory where there is no screen, as on a build machine."""
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not shown:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def wait_until(ready: Callable[[], bool], what: str, seconds: float = WINDOW_SECONDS) -> None:
    """Run Qt's events until `ready()`; SmokeError after `seconds`."""
    from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

    deadline = QDeadlineTimer(round(seconds * 1000))
    while not ready():
        expect(not deadline.hasExpired(), f"waited {seconds:.0f} s for {what}")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.01)


def expect(condition: bool, otherwise: str) -> None:
    """Raise SmokeError(otherwise) unless `condition`."""
    if not condition:
        raise SmokeError(otherwise)


def is_frozen() -> bool:
    """Whether this is the built program."""
    return bool(getattr(sys, "frozen", False))


def say(text: str) -> None:
    """One line at once. Windows' consoles may not know every character."""
    if sys.stdout is not None:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
