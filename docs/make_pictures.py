"""Makes the pictures of the manual: `python docs/make_pictures.py`, or of some parts of it alone,
as in `python docs/make_pictures.py label train`.

Drives the real window offscreen, on photos that the program draws itself, and trains real
models on them. All takes about ten minutes.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "manual" / "pictures"
SIZE = (1280, 800)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QObject, QTimer  # noqa: E402  # after the platform is chosen

from landmark_gui.core import edits  # noqa: E402
from landmark_gui.core.paths import free_path  # noqa: E402
from landmark_gui.core.sample import LANDMARKS, draw_sample, write_sample_photos  # noqa: E402
from landmark_gui.core.sample_project.landmarks import SHAPES  # noqa: E402
from landmark_gui.core.sample_project.photos import draw_photo  # noqa: E402
from landmark_gui.core.settings import Settings  # noqa: E402
from landmark_gui.gui import theme  # noqa: E402
from landmark_gui.gui.app import make_application  # noqa: E402
from landmark_gui.gui.context import AppContext  # noqa: E402
from landmark_gui.gui.document import Document  # noqa: E402
from landmark_gui.gui.main_window import MainWindow  # noqa: E402
from landmark_gui.gui.pages.train import TrainPage  # noqa: E402
from landmark_gui.gui.sampling import LATEST  # noqa: E402

PATIENCE_MS = 900_000


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_MS // 50):
        if condition():
            return
        wait(50)
    raise SystemExit("The window did not get there in time.")


def main(parts: list[str]) -> int:
    unknown = [part for part in parts if part not in (QUICKSTART, *PARTS)]
    if unknown:
        names = ", ".join((QUICKSTART, *PARTS))
        raise SystemExit(f"There are no pictures of {unknown}. Choose from: {names}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "Pictures"
        work.mkdir()
        settings = Settings(work / "settings.toml")
        settings.set("language", "en")
        make_application(settings)
        theme.apply("light")
        window = MainWindow(AppContext(settings))
        window.resize(*SIZE)
        window.show()
        try:
            take_pictures(window, work, parts or [QUICKSTART, *PARTS])
        finally:
            window.close()
    return 0


def take_pictures(window: MainWindow, work: Path, parts: list[str]) -> None:
    if QUICKSTART in parts:
        take_quickstart_pictures(window, work)
    wanted = [part for part in PARTS if part in parts]
    document = labelled_document(window, work / "landmarks") if wanted else None
    for part in wanted:
        PARTS[part](window, document)


def take_quickstart_pictures(window: MainWindow, work: Path) -> None:
    """The first page, the sample with a box just drawn, a training at work, its model asked."""
    keep(window, "quickstart-1-start")
    window.sampling.make(work)
    wait_until(lambda: window.context.document is not None)
    document = window.context.document
    first = document.project.ordered_photos()[0]
    landmark = next(iter(document.project.landmarks))
    document.do(edits.add_box(first.id, landmark, draw_photo(next(iter(SHAPES)), 0)[1]))
    (box,) = document.project.boxes_of(first.id)
    window.context.box_requested.emit(first.id, box.id)
    keep(window, "quickstart-2-label")
    train = start_training(window, {"epochs": 30, "augment": True})
    wait_until(lambda: train.progress.epochs.bar.value() >= 16)
    keep(window, "quickstart-3-train")
    wait_until(lambda: window.context.last_model is not None)
    wait_until(train.train_button.isEnabled)
    window.show_page("classify")
    page, photos = window.page("classify"), Path(window.context.settings.get(LATEST, ""))
    page.add_photos(sorted(photos.iterdir()))
    wait_until(lambda: len(page.verdicts()) == len(list(photos.iterdir())))
    each = window.findChild(QObject, "find_each_box")
    each.click()
    wait(1000)
    wait_until(lambda: not each.parent().progress.isVisible())
    keep(window, "quickstart-4-classify")
    window.guide.toggle()
    window.opening.close_document()
    window.context.last_model = None


def take_label_pictures(window: MainWindow, document: Document) -> None:
    window.show_page("label")
    work_through(document)
    keep(window, "label")
    theme.apply("dark")
    keep(window, "label-dark")
    theme.apply("light")
    window.toggle_history()
    keep(window, "history")
    window.toggle_history()


def take_augment_picture(window: MainWindow, _: Document) -> None:
    window.show_page("augment")
    keep(window, "augment")


def take_train_picture(window: MainWindow, document: Document) -> None:
    window.context.last_model = None
    need_model(window, document)
    window.show_page("train")
    keep(window, "train")


def take_classify_picture(window: MainWindow, document: Document) -> None:
    need_model(window, document)
    classify_new_photos(window, document)
    keep(window, "classify")


def need_model(window: MainWindow, document: Document) -> None:
    """Train a model, if none was trained before."""
    if window.context.last_model is None:
        train = start_training(window, {"epochs": 16})
        wait_until(lambda: window.context.last_model is not None)
        wait_until(train.train_button.isEnabled)


def start_training(window: MainWindow, settings: dict[str, object]) -> TrainPage:
    """Train from scratch, on the Train page, with these settings."""
    window.show_page("train")
    train = window.page("train")
    values = {"recipe": "scratch", "image_size": 96, "augment": False, **settings}
    train.form.set_values(values)
    train.form.set_out(free_path(window.context.document.path.with_suffix(".landmark-model")))
    wait_until(train.train_button.isEnabled)
    train.train()
    return train


def classify_new_photos(window: MainWindow, document: Document) -> None:
    """Ask the newest model about photos that it has not seen."""
    window.show_page("classify")
    page, photos = window.page("classify"), new_photos(document.path.parent / "new")
    page.add_photos(photos)
    wait_until(lambda: len(page.verdicts()) >= len(photos))


def take_diagnosis_picture(window: MainWindow, _: Document) -> None:
    """The Train page after a training with far too high a rate, and one remedy chosen."""
    window.show_page("train")
    train = window.page("train")
    before = train.form.values()
    sick = {"recipe": "scratch", "network": "log", "learning_rate": 0.1, "augment": False}
    sick |= {"epochs": 8, "image_size": 64}
    train.form.set_values({**before, **sick})
    window.context.last_model = None
    train.train()
    wait_until(lambda: window.context.last_model is not None)
    wait_until(lambda: not window.context.is_training)
    train.remedy(train.progress.findings.findings[0].remedies[0])
    keep(window, "diagnosis")
    train.take_back()
    train.form.set_values(before)
    window.context.status("")


def take_runs_picture(window: MainWindow, document: Document) -> None:
    """A second training with one setting changed, beside the first."""
    need_model(window, document)
    train, first = window.page("train"), window.context.last_model
    train.form.set_values({**train.form.values(), "epochs": 10, "dropout": 0.5})
    train.form.set_out(first.with_name("dropout.landmark-model"))
    window.show_page("train")
    wait_until(train.train_button.isEnabled)
    train.train()
    wait_until(lambda: window.context.last_model != first and train.train_button.isEnabled())
    window.show_page("runs")
    runs = window.page("runs")
    wait_until(lambda: runs.model.rowCount() >= 2)
    runs.view.selectAll()
    keep(window, "runs")


def take_evaluate_picture(window: MainWindow, _: Document) -> None:
    """What a weak training makes of all photos: any better one knows these by heart."""
    train, before = window.page("train"), window.page("train").form.values()
    weak = {"recipe": "scratch", "network": "log", "epochs": 3, "image_size": 48}
    train.form.set_values({**before, **weak})
    window.context.last_model = None
    train.train()
    wait_until(lambda: window.context.last_model is not None)
    wait_until(lambda: not window.context.is_training)
    window.show_page("evaluate")
    page = window.page("evaluate")
    page.bar.parts.setCurrentIndex(page.bar.parts.findData("all"))
    wait_until(lambda: page.asked is not None and page.asked.evaluation.part == "all")
    keep(window, "evaluate")
    train.form.set_values(before)


def take_proposals_picture(window: MainWindow, document: Document) -> None:
    """Photos that nobody has labelled, with what the model proposes for one of them."""
    need_model(window, document)
    for number in (200, 201, 202):
        landmark = list(LANDMARKS)[number % len(LANDMARKS)]
        picture, _ = draw_sample(landmark, number)
        picture.save(document.photos_dir / f"new {number}.jpg", quality=92)
    known = len(document.project.photos)
    document.start_scan()
    wait_until(lambda: len(document.project.photos) == known + 3)
    window.show_page("label")
    flow = window.page("label").proposals
    model = window.context.last_model
    flow.desk.start(model, model.stem)
    wait_until(lambda: not flow.desk.running)
    flow.show_next()
    keep(window, "proposals")


def labelled_document(window: MainWindow, photos: Path) -> Document:
    """The sample photos, opened and labelled."""
    from landmark_gui.core.formats.common import BoxRow, plan_import
    from landmark_gui.core.formats.matching import Ref

    boxes = write_sample_photos(photos)
    window.opening.open(photos)
    wait_until(lambda: window.context.document is not None)
    document = window.context.document
    assert document is not None
    wait_until(lambda: len(document.project.photos) == len(boxes))
    rows = [
        BoxRow(Ref(name), landmark, rect.x, rect.y, rect.w, rect.h, name)
        for name, (landmark, rect) in boxes.items()
    ]
    document.do(plan_import(document.project, rows).edit)
    return document


def work_through(document: Document) -> None:
    """Confirm some photos, leave one out, and move a box, as a person does."""
    photos = document.project.ordered_photos()
    for photo in photos[:4]:
        document.do(edits.review_photos([photo], "done"))
    document.do(edits.review_photos(photos[4:5], "skipped"))
    document.set_current(photos[5].id)
    (box,) = document.project.boxes_of(photos[5].id)
    document.do(edits.change_box(box, rect=box.rect.expanded(0.05)))


def take_quality_picture(window: MainWindow, document: Document) -> None:
    """The Quality page, on photos that really have faults."""
    plant_faults(document)
    window.show_page("quality")
    page, dataset = window.page("quality"), window.context.dataset
    wait_until(lambda: dataset.is_newest and page.faults.model().rowCount() > 3)
    page.faults.setCurrentIndex(page.faults.model().index(0, 0))
    keep(window, "quality")


def plant_faults(document: Document) -> None:
    """Copies under other names, one of them called by another landmark, and a doubled box."""
    photos = [
        photo for photo in document.project.ordered_photos() if document.project.boxes_of(photo.id)
    ]
    for number, photo in enumerate(photos[6:9], 1):
        source = document.photo_path(photo)
        shutil.copy(source, source.with_name(f"copy {number} of {source.name}"))
    known = len(document.project.photos)
    document.start_scan()
    wait_until(lambda: len(document.project.photos) == known + 3)
    for photo in document.project.ordered_photos():
        for original in photos[6:9]:
            if photo.path.endswith(f"of {original.path}"):
                document.do(edits.copy_boxes(document.project, original, photo))
    wrong = next(photo for photo in document.project.photos.values() if "copy 3" in photo.path)
    (box,) = document.project.boxes_of(wrong.id)
    other = next(id_ for id_ in document.project.landmarks if id_ != box.landmark_id)
    document.do(edits.change_box(box, landmark_id=other))
    (box,) = document.project.boxes_of(photos[10].id)
    document.do(edits.add_box(box.photo_id, box.landmark_id, box.rect.expanded(0.02)))


def take_crops_picture(window: MainWindow, document: Document) -> None:
    """Pin a few photos, leave a box out, and select some crops."""
    photos = document.project.ordered_photos()
    document.do(edits.pin_photos(photos[13:15], "test"))
    document.do(edits.exclude_boxes(document.project.boxes_of(photos[7].id)))
    window.show_page("dataset")
    page = window.page("dataset")
    wait_until(lambda: window.context.dataset.is_newest and page.grid.model.rowCount() > 0)
    page.grid.select([page.grid.model.tile(row).key for row in (2, 3, 4)])
    keep(window, "crops")


def take_compare_pictures(window: MainWindow, _: Document) -> None:
    """Let real trainings say what cropping and augmentation are worth here, and what helps."""
    window.context.settings.set("study.compare.repeats", 5)
    window.show_page("train")
    weak = {"recipe": "scratch", "network": "log", "epochs": 8, "image_size": 48}
    window.page("train").form.set_values(weak)  # any better one knows these photos by heart
    window.show_page("compare")
    panel = window.page("compare").panel
    wait_until(panel.start_button.isEnabled)
    panel.start()
    wait_until(lambda: panel.desk.is_measured)
    keep(window, "compare")
    window.show_page("augment")
    right = window.page("augment").right
    right.show_part("study")
    wait_until(right.study.start_button.isEnabled)
    right.study.start()
    wait_until(lambda: right.study.desk.result is not None and right.study.desk.result.done > 20)
    keep(window, "which-helps")
    right.study.pause()
    wait_until(lambda: not right.study.desk.is_running)
    right.show_part("preview")


def new_photos(folder: Path) -> list[Path]:
    """Photos that the training has not seen, taken from nearby as its crops are."""
    folder.mkdir(exist_ok=True)
    paths = []
    for landmark in LANDMARKS:
        for number in (100, 101):
            picture, box = draw_sample(landmark, number)
            near = box.expanded(0.08).clamped(*picture.size)
            paths.append(folder / f"{landmark} {number}.jpg")
            picture.crop((near.x, near.y, near.right, near.bottom)).save(paths[-1], quality=92)
    return paths


def keep(window: MainWindow, name: str) -> None:
    """Save the window as a picture, once what it shows has settled."""
    wait(1500)
    PICTURES.mkdir(exist_ok=True)
    window.grab().save(str(PICTURES / f"{name}.png"))
    print(f"docs/manual/pictures/{name}.png")


QUICKSTART = "quickstart"
PARTS: dict[str, Callable[[MainWindow, Document], None]] = {
    "label": take_label_pictures,
    "crops": take_crops_picture,
    "augment": take_augment_picture,
    "train": take_train_picture,
    "runs": take_runs_picture,
    "compare": take_compare_pictures,
    "classify": take_classify_picture,
    "proposals": take_proposals_picture,
    "evaluate": take_evaluate_picture,
    "diagnosis": take_diagnosis_picture,
    "quality": take_quality_picture,
}
"""In the order in which they are taken: the last ones change the photos."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
