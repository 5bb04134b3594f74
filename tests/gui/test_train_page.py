from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from landmark_gui.core import edits
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.crops import CropSettings, Use, plan
from landmark_gui.core.diagnosis import Remedy
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.project_opening import open_folder, read_project
from landmark_gui.core.settings import Settings
from landmark_gui.core.training_advice import Facts
from landmark_gui.core.unknown import Operating, UnknownRule
from landmark_gui.gui import theme, training_examples
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.problem import ProblemDialog
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.train import TrainPage, texts
from landmark_gui.gui.pages.train.chart import HistoryChart
from landmark_gui.gui.pages.train.form import DEFAULTS, TrainForm
from landmark_gui.gui.pages.train.progress import ProgressPanel
from landmark_gui.gui.training_settings import training_of, usable
from landmark_gui.gui.widgets.ticks import ticks
from landmark_gui.jobs.worker_process import TrainingWorker, WorkerOutcome
from tests.rows import box_edit, photo, small_project

# A child that speaks the worker's protocol and learns nothing.
CHILD = """
import json, os, sys, time
def say(**event): print(json.dumps(event), flush=True)
say(event="state", state="ready")
config = json.loads(sys.stdin.readline() or "null")
if config is None: sys.exit(0)
config = config["config"]
epochs = config["epochs"]
say(event="state", state="preparing")
say(event="preparing", done=40, total=120)
say(event="dataset", classes=["A", "B"], epochs=epochs, steps=3,
    counts={"train": {"A": 4, "B": 5}, "validation": {"A": 1}, "test": {"A": 1}})
if config["recipe"] == "transfer" and config["weights"] == "none":
    print("last line of the log", file=sys.stderr)
    say(event="failed", message="The weights cannot be had.", detail="Traceback")
    sys.exit(1)
say(event="state", state="training")
for epoch in range(1, epochs + 1):
    for step in (1, 2, 3):
        say(event="step", epoch=epoch, epochs=epochs, step=step, steps=3, loss=1 / epoch,
            accuracy=0.5, seconds_left=40)
    say(event="epoch", epoch=epoch, epochs=epochs, loss=1 / epoch, accuracy=0.5,
        val_loss=None, val_loss_reason="nan", val_accuracy=0.5, best=True)
if config["seed"] == 13:
    while json.loads(sys.stdin.readline())["command"] != "cancel": pass
    say(event="cancelled")
    sys.exit(0)
say(event="state", state="saving")
metrics = {"accuracy": 0.9, "chance": 0.5, "best_epoch": 2, "seconds": 7,
    "counts": {"test": {"A": 1}}}
say(event="saved", model=config["out"],
    metrics={**metrics, "probe": None, "probe_reason": "It was stopped."})
say(event="state", state="probing")
say(event="probing", part="features", done=3, total=6)
if config["seed"] == 14: sys.exit(9)
if config["seed"] == 15:
    while json.loads(sys.stdin.readline())["command"] != "cancel": pass
    os._exit(9)
say(event="probing", part="folds", done=7, total=50)
figure = {"value": 0.8, "spread": 0.05}
say(event="done", model=config["out"], metrics={**metrics, "probe": {
    "honest": figure, "naive": {"value": 0.91, "spread": 0.04}, "leak": {"value": 0.11,
    "spread": 0.03}, "chance": 0.5, "examples": 6, "alike": 4, "groups": 4, "folds": 5,
    "seeds": [0], "backbone": "b", "unmeasured": [], "label_errors": [{"path": "a.jpg",
    "photo_id": 1, "box_id": None, "given": "A", "likely": "B", "confidence": 0.9}]}})
"""


@pytest.fixture
def context(qapp, tmp_path: Path) -> Iterator[AppContext]:
    child = tmp_path / "child.py"
    child.write_text(CHILD, "utf-8")
    made = AppContext(Settings(tmp_path / "settings.toml"))
    made._worker = TrainingWorker([sys.executable, str(child)], tmp_path / "worker.log", made)
    yield made
    made.shutdown()
    if made.document is not None:
        made.document.close()


@pytest.fixture
def open_document(qtbot, context, photo_folder) -> Callable[[], Document]:
    def opened() -> Document:
        folder = photo_folder(each=3)
        document = Document(open_folder(folder, folder.parent))
        with qtbot.waitSignal(document.scan_finished):
            document.start_scan()
        context.set_document(document)
        return document

    return opened


@pytest.fixture
def page(qtbot, context, open_document) -> TrainPage:
    """The page, shown, with two landmarks to tell apart."""
    document = open_document()
    document.label_by_folder()
    saved: list[bool] = []
    document.when_saved(lambda: saved.append(True))
    qtbot.waitUntil(lambda: bool(saved))
    page = TrainPage(context)
    page.form.set_values({**DEFAULTS, "epochs": 2})
    qtbot.addWidget(page)
    page.show()
    return page


JUNK = [
    {},
    {"epochs": 7, "recipe": "scratch", "learning_rate": 0.01, "augment": False, "more": True},
    {"backbone": "mobilenet_v2", "alpha": 1.0, "image_size": 96},
    {"backbone": "efficientnet_v2_b0", "alpha": 0.5},
    {"backbone": "mobilenet_v2", "alpha": 77},
    {"backbone": "none such", "alpha": 1.0},
    {"epochs": "9", "image_size": 3, "batch_size": True, "dropout": 5, "seed": -1, "use": "x"},
    {"augment": 1, "weights": None, "recipe": None, "patience": float("nan"), "other": 3},
    {"schedule": "cosine", "optimizer": "sgd", "averaged_weights": True, "warmup_epochs": 2},
]


@pytest.mark.parametrize("values", JUNK)
def test_without_a_form_values_are_what_the_form_would_make_of_them(qtbot, tmp_path, values):
    """Studies and searches read what is remembered without one: it takes long to build."""
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_values(dict(values))
    assert usable(values) == form.values()
    facts = Facts({"A": 40, "B": 3}, cores=2, memory=8_000_000_000)
    form.set_facts(facts)
    form.set_out(tmp_path / "m.landmark-model")
    varied = AugmentationConfig(rotation_range=3).to_dict()
    given = (tmp_path / "p.landmarks", varied, Choices())
    assert form.config(*given) == training_of(
        usable(values), facts, given[0], tmp_path / "m.landmark-model", *given[1:]
    )


def test_a_window_that_may_only_read_trains_all_the_same(qtbot, page):
    """A training only reads the project; its run and its model are files of their own."""
    first = page._context.document
    second = Document(read_project(first.path))
    assert second.read_only
    page._context.set_document(second)
    assert page.train_button.isEnabled()
    outcome = finish(qtbot, page)
    assert outcome.kind == "done"
    page._context.set_document(first)
    second.close()


def finish(qtbot, page: TrainPage) -> WorkerOutcome:
    with qtbot.waitSignal(page._context.worker.finished, timeout=15_000) as caught:
        button(page, "train_button").click()
    return caught.args[0]


def button(page: TrainPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_without_a_project_there_is_nothing_to_train(qtbot, context):
    page = TrainPage(context)
    qtbot.addWidget(page)
    page.show()
    assert not button(page, "train_button").isEnabled()
    assert context.worker.state == "idle"


def test_the_page_says_what_is_missing_and_notices_when_it_comes(qtbot, context, open_document):
    document = open_document()
    page = TrainPage(context)
    qtbot.addWidget(page)
    page.show()
    assert page.state.text() == "Draw boxes for at least two landmarks first."
    assert not button(page, "train_button").isEnabled()
    document.label_by_folder()
    assert page.state.text() == "6 crops of 2 landmarks"
    assert button(page, "train_button").isEnabled()


def test_showing_the_page_starts_the_process_beforehand(qtbot, page):
    qtbot.waitUntil(lambda: page._context.worker.state == "ready", timeout=15_000)
    assert not page._context.worker.is_training
    assert page.state.text() == "6 crops of 2 landmarks"


def test_a_training_from_the_button_to_the_card(qtbot, page):
    said: list[str] = []
    page.progress.said.connect(said.append)
    with qtbot.waitSignal(page._context.model_ready, timeout=15_000) as ready:
        button(page, "train_button").click()
        train, cancel = button(page, "train_button"), button(page, "cancel_training_button")
        assert not page.form.isEnabled() and not train.isEnabled()
        qtbot.waitUntil(cancel.isVisible)
        assert train.isVisible() and not train.isEnabled()  # a double click does not cancel
    assert "Cutting crops 40/120" in said
    assert any("of 2 · step" in text and "40 s left" in text for text in said)
    assert ready.args == [page._context.document.path.with_suffix(".landmark-model")]
    assert page.findChild(QProgressBar, "epochs_bar").value() == 2
    assert page.findChild(QProgressBar, "steps_bar").value() == 3
    assert "90%" in page.result.title.text() and "50%" in page.result.title.text()
    assert "Best epoch: 2 of 2" in page.result.text.text()
    assert "The model is saved · looking at the crops once more 3/6" in said
    assert "The model is saved · checking labels and splits 7/50" in said
    assert "Honest 80% (±5), naive 91%" in page.result.text.text()
    assert "1 label is likely wrong." in page.result.text.text()
    assert str(ready.args[0]) in page.result.text.text()
    assert page.form.isEnabled() and button(page, "train_button").isEnabled()
    with qtbot.waitSignal(page._context.page_requested) as requested:
        button(page, "classify_button").click()
    assert requested.args == ["classify"]
    with qtbot.waitSignal(page._context.page_requested) as requested:
        button(page, "see_mistakes_button").click()
    assert requested.args == ["evaluate"]


def test_photos_stay_where_a_training_had_them(qtbot, page, context):
    document = context.document
    run = document.data_folder / "runs" / "20260101-000000-000000"
    run.mkdir(parents=True)
    (run / "split.json").write_text('{"1": "test", "2": "train"}')
    finish(qtbot, page)
    qtbot.waitUntil(lambda: document.kept_splits == {1: "test", 2: "train"})


def test_steps_are_counted_from_the_start(page):
    page.progress.show_event(
        {"event": "dataset", "classes": ["A", "B"], "counts": {}, "epochs": 20, "steps": 9}
    )
    bar = page.findChild(QProgressBar, "steps_bar")
    assert (bar.value(), bar.maximum()) == (0, 9)


def test_the_status_line_follows(qtbot, page):
    doing, lines, said = page._context.activities, [], []
    doing.changed.connect(lambda: lines.extend(one.text for one in doing.current()))
    page._context.status_changed.connect(said.append)
    finish(qtbot, page)
    assert any(line.startswith("Training: Epoch") for line in lines)
    assert doing.current() == []
    assert said[-1].startswith("The model is ready")


@pytest.mark.parametrize("seed", [14, 15])
def test_a_probe_that_dies_or_is_cancelled_costs_nothing(qtbot, page, seed):
    page.form.set_values({**page.form.values(), "seed": seed})
    page.progress.said.connect(
        lambda text: page.cancel() if seed == 15 and "once more" in text else None
    )
    outcome = finish(qtbot, page)
    assert outcome.kind == "done" and outcome.model == page.form.out()
    assert "90%" in page.result.title.text()
    assert "was not measured: It was stopped." in page.result.text.text()
    assert button(page, "classify_button").isVisible() and page.form.isEnabled()


def test_a_damaged_probe_is_passed_over(page):
    assert texts.probe_lines({"probe": {"honest": 3}}) == []
    assert texts.probe_lines({}) == []


def test_what_strangers_are_told_is_passed_over_where_it_was_not_measured():
    rule = UnknownRule("nearest", 0.6, (Operating(0.6, 0.9, 0.8),), 20, 30, "background")
    (line,) = texts.unknown_lines({"unknown": rule.to_dict()})
    assert "unknown to 80% of strangers while keeping 90%" in line
    assert texts.unknown_lines({"unknown": {"kind": 3}}) == texts.unknown_lines({}) == []


def test_cancel_leaves_the_page_ready_for_the_next(qtbot, page):
    page.form.set_values({**page.form.values(), "seed": 13})
    page.progress.said.connect(
        lambda text: button(page, "cancel_training_button").click() if "step 3" in text else None
    )
    assert finish(qtbot, page).kind == "cancelled"
    assert "No model was written" in page.state.text()
    assert page.result.isHidden()
    assert page.form.isEnabled() and button(page, "train_button").isEnabled()


def test_without_weights_the_page_offers_to_train_from_scratch(qtbot, page):
    page.form.set_values({**page.form.values(), "weights": "none"})
    assert finish(qtbot, page).kind == "failed"
    assert page.result.text.text() == "The weights cannot be had."
    button(page, "details_button").click()
    dialog = page.findChild(ProblemDialog)
    assert "Traceback" in dialog.text and "last line of the log" in dialog.text
    dialog.close()
    with qtbot.waitSignal(page._context.worker.finished, timeout=15_000) as caught:
        button(page, "scratch_button").click()
    assert caught.args[0].kind == "done"
    assert page.form.values()["recipe"] == "scratch"


def test_train_again_trains_with_what_a_remedy_has_changed(qtbot, page):
    finish(qtbot, page)
    page.remedy(Remedy("Train for 3 epochs", {"epochs": 3}))
    assert not page.next.isHidden()
    with qtbot.waitSignal(page._context.worker.finished, timeout=15_000) as caught:
        button(page, "train_again_button").click()
    assert caught.args[0].kind == "done"
    assert page.progress.chart.curve("loss")[0] == [1, 2, 3]
    assert page.next.isHidden() and page.form.values()["epochs"] == 3


def test_what_was_found_of_another_project_is_not_shown_in_this_one(qtbot, page, context):
    finish(qtbot, page)
    page.remedy(Remedy("Train for 3 epochs", {"epochs": 3}))
    document = context.document
    context.set_document(None)
    context.set_document(document)
    assert page.result.isHidden() and page.next.isHidden()
    assert page.progress.log.toPlainText() == "" and page.form.values()["epochs"] == 3


def test_no_time_is_left_once_a_training_has_failed(page):
    step = {"epoch": 1, "epochs": 9, "step": 1, "steps": 3, "loss": 1.0, "accuracy": 0.5}
    page.progress.show_event({"event": "dataset", "classes": ["A"], "counts": {}, **step})
    page.progress.show_event({"event": "step", "seconds_left": 40, **step})
    left = page.findChild(QLabel, "train_seconds_left_figure")
    assert left.text() == "40 s"
    page._finished(WorkerOutcome("failed", "It broke.", task="train"))
    assert left.text() == "–"


def test_the_chart_draws_each_epoch(qtbot, page):
    finish(qtbot, page)
    chart = page.progress.chart
    assert chart.curve("loss") == ([1, 2], [1.0, 0.5])
    assert chart.curve("val_loss") == ([], [])
    assert chart.accuracy._chance == 0.5


def test_the_chart_draws_the_epoch_in_progress(qtbot):
    chart = HistoryChart()
    qtbot.addWidget(chart)
    chart.begin(epochs=3, classes=2)
    chart.add_epoch({"epoch": 1, "loss": 2.0, "val_loss": 2.5})
    chart.add_step({"epoch": 2, "step": 1, "steps": 4, "loss": 1.5})
    assert chart.curve("loss") == ([1, 1.25], [2.0, 1.5])
    chart.add_epoch({"epoch": 2, "loss": 1.0, "val_loss": 1.5})
    assert chart.curve("loss") == ([1, 2], [2.0, 1.0])


def test_the_chart_takes_the_colours_of_the_theme(qtbot):
    chart = HistoryChart()
    qtbot.addWidget(chart)
    chart.resize(800, 300)
    chart.show()
    chart.begin(epochs=2, classes=2)
    chart.add_epoch({"epoch": 1, "accuracy": 0.9, "loss": 1.0})
    chart.add_epoch({"epoch": 2, "accuracy": 0.9, "loss": 1.0})
    try:
        for choice, colors in (("dark", theme.DARK), ("light", theme.LIGHT)):
            theme.apply(choice)
            picture = chart.accuracy.grab().toImage()
            begin = picture.width() * 3 // 4
            around = range(begin, begin + 12)  # the curve has gaps
            middle = {
                picture.pixelColor(x, y).name() for x in around for y in range(picture.height())
            }
            assert colors.accent in middle
    finally:
        theme.apply("light")


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 20, 6, [0, 5, 10, 15, 20]),
        (0, 1, 2, [0, 0.5, 1]),
        (-0.5, 0.00012, 2, [-0.5, 0]),
        (0, 1e-5, 3, [0, 5e-6, 1e-5]),
    ],
)
def test_ticks_are_round_and_few(low, high, most, expected):
    assert list(ticks(low, high, most)) == pytest.approx(expected)


def test_nothing_is_cut_off_in_a_narrow_window(qtbot):
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.epochs.set(99, 150, "99 of 150")
    panel.steps.set(2, 2, "2 of 2 · loss 0.033")
    panel.show()
    figures = panel.figures.findChildren(QLabel)
    for width, lines in ((360, 4), (800, 2), (360, 4)):
        panel.resize(width, 700)
        qtbot.waitUntil(lambda lines=lines: len({each.y() for each in figures}) == lines)
        assert panel.width() == width >= panel.minimumSizeHint().width()


def test_the_log_can_be_copied(qtbot, page):
    finish(qtbot, page)
    button(page, "copy_log").click()
    copied = QGuiApplication.clipboard().text()
    assert "9 examples to learn from" in copied
    assert "Epoch 2/2" in copied and "val_loss nan" in copied


def test_the_form_is_remembered(qtbot, page, context):
    page.form.set_values({**DEFAULTS, "epochs": 7, "recipe": "scratch", "activation": "gelu"})
    page._remember()
    again = TrainPage(context)
    qtbot.addWidget(again)
    assert again.form.values() == page.form.values()
    assert again.form.values()["activation"] == "gelu"


@pytest.mark.parametrize("stored", ["{", "[]", '{"epochs": "many", "recipe": 3, "what": 1}'])
def test_a_form_that_makes_no_sense_is_replaced_by_the_defaults(qtbot, context, stored):
    context.settings.set("train.form", stored)
    page = TrainPage(context)
    qtbot.addWidget(page)
    assert page.form.values() == DEFAULTS


def test_the_form_becomes_a_config(qtbot, tmp_path):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_out(tmp_path / "mine")
    augmentation = AugmentationConfig(rotation_range=5).to_dict()
    config = form.config(tmp_path / "p.landmarks", augmentation, Choices(margin=10))
    assert config.out == str(tmp_path / "mine.landmark-model")
    assert (config.weights, config.learning_rate) == (None, None)
    assert config.augmentation == augmentation
    assert (config.margin, config.split) == (0.1, (0.7, 0.15, 0.15))
    form.set_values({**DEFAULTS, "augment": False, "learning_rate": 0.01, "weights": "w.h5"})
    config = form.config(tmp_path / "p.landmarks", augmentation, Choices(margin=10))
    assert (config.weights, config.learning_rate, config.augmentation) == ("w.h5", 0.01, None)


def test_settings_that_are_filled_in_change_the_form_once(qtbot):
    form = TrainForm()
    qtbot.addWidget(form)
    told: list[str] = []
    form.changed.connect(lambda: told.append(form.values()["recipe"]))
    filled = {**DEFAULTS, "recipe": "scratch", "epochs": 7, "dropout": 0.5, "more": True}
    form.set_values(filled)
    assert told == ["scratch"] and form.values() == filled and not form.expert.isHidden()
    form.set_values(filled)
    assert told == ["scratch"]


def test_what_the_plain_network_lacks_cannot_be_set(qtbot):
    form = TrainForm()
    qtbot.addWidget(form)
    fields = [form.expert.fields[name].widget for name in ("dropout", "batch_normalization")]
    for recipe, network, enabled in (
        ("scratch", "log", False),
        ("scratch", "modern", True),
        ("transfer", "log", True),
    ):
        form.set_values({**DEFAULTS, "recipe": recipe, "network": network, "more": True})
        assert [field.isEnabled() for field in fields] == [enabled, enabled]


def test_each_recipe_shows_its_own_settings(qtbot):
    form = TrainForm()
    qtbot.addWidget(form)
    form.show()
    shown = {}
    form.set_values({"more": True})
    for recipe in ("transfer", "fine-tune", "scratch"):
        form.set_recipe(recipe)
        names = ("backbone", "weights", "feature_cache", "network", "activation", "dropout")
        shown[recipe] = [form.findChild(object, f"train_{name}").isVisible() for name in names]
    trained = [True, True, True, False, False, True]
    small = [False, False, False, True, True, True]
    assert shown == {"transfer": trained, "fine-tune": trained, "scratch": small}


SETTINGS = {
    **{"use": "photos", "recipe": "fine-tune", "backbone": "efficientnet_v2_b1", "alpha": 1.0},
    **{"augment": False, "epochs": 7, "weights": "w.h5", "network": "log", "activation": "elu"},
    **{"batch_normalization": False, "dropout": 0.5, "image_size": 96, "batch_size": 8},
    **{"learning_rate": 0.002, "optimizer": "adamw", "weight_decay": 0.01, "schedule": "cosine"},
    **{"warmup_epochs": 3, "label_smoothing": 0.1, "class_weights": True, "patience": 5},
    **{"mixed_precision": True, "averaged_weights": True, "feature_cache": False, "seed": 9},
    "more": True,
}


def test_every_setting_goes_into_the_config(qtbot, tmp_path):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_out(tmp_path / "m")
    form.set_values(SETTINGS)
    assert form.values() == SETTINGS
    config = form.config(tmp_path / "p.landmarks", {}, Choices()).to_dict()
    aside = {"more", "augment"}
    assert {name: config[name] for name in SETTINGS if name not in aside} == {
        name: value for name, value in SETTINGS.items() if name not in aside
    }


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name != "alpha"])
def test_a_setting_of_another_kind_gives_way_to_its_default(qtbot, name):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_values({**SETTINGS, name: ["no", "such"]})
    assert form.values()[name] == DEFAULTS[name]


@pytest.mark.parametrize("value", [10**12, -(10**400), float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["epochs", "learning_rate", "seed"])
def test_a_number_that_no_field_can_have_gives_way_to_the_default(qtbot, name, value):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_values({**SETTINGS, name: value})
    assert form.values()[name] == DEFAULTS[name]


def test_what_is_automatic_is_chosen_from_the_photos_and_said(qtbot, tmp_path):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_out(tmp_path / "m")
    at_hand = frozenset({("mobilenet_v2", 0.75)})
    form.set_facts(Facts({"A": 90, "B": 10}, cores=16, memory=8 * 10**9, at_hand=at_hand))
    config = form.config(tmp_path / "p.landmarks", {}, Choices())
    assert (config.backbone, config.alpha, config.image_size) == ("mobilenet_v2", 0.75, 256)
    note = form.findChild(QLabel, "backbone_note")
    assert note.text() == "MobileNetV2 0.75: its weights are here already."
    form.set_values({**form.values(), "image_size": 128, "backbone": "convnext_tiny"})
    config = form.config(tmp_path / "p.landmarks", {}, Choices())
    assert (config.backbone, config.image_size) == ("convnext_tiny", 128)
    assert "MIT" in note.text()


def test_suggestions_are_taken_with_one_button(qtbot, tmp_path):
    form = TrainForm()
    qtbot.addWidget(form)
    form.set_facts(Facts({"A": 90, "B": 10}, cores=4, memory=8 * 10**9))
    button = form.findChild(QPushButton, "use_suggestions")
    assert not button.isHidden()  # one landmark is far rarer, and that is suggested to matter
    form.set_values({**SETTINGS, "recipe": "scratch"})
    assert (
        "Suggested is “Build on a trained network”" in form.findChild(QLabel, "recipe_note").text()
    )
    button.click()
    kept = {"use", "seed", "learning_rate", "dropout", "weights"}
    values = form.values()
    assert {name: values[name] for name in kept} == {name: SETTINGS[name] for name in kept}
    assert values["class_weights"] and values["augment"] and values["recipe"] == "transfer"
    assert [values[name] for name in ("epochs", "backbone", "image_size")] == [None] * 3
    assert button.isHidden()


def test_every_field_is_reached_by_the_keyboard_and_explains_itself(qtbot):
    form = TrainForm()
    qtbot.addWidget(form)
    form.show()
    form.set_values({"more": True})
    reached, start = set(), form.findChild(QWidget, "train_use")
    widget = start.nextInFocusChain()
    while widget is not start:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget.objectName())
        widget = widget.nextInFocusChain()
    terms = set(DEFAULTS) - {"alpha", "augment", "more", "use", "recipe", "backbone", "epochs"}
    for term in terms:
        field = form.findChild(QWidget, f"train_{term}")
        assert f"train_{term}" in reached
        assert field.toolTip().startswith(f"{term}:") and "Default" in field.toolTip()
        assert field.accessibleName()


def test_the_wheel_scrolls_the_form_and_changes_no_field(qtbot):
    form = TrainForm()
    qtbot.addWidget(form)
    form.show()
    combo = form.findChild(QComboBox, "train_recipe")
    down = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(combo, down)
    assert combo.currentData() == "transfer"


def test_an_existing_model_file_is_pointed_out(qtbot, page, tmp_path):
    existing = tmp_path / "old.landmark-model"
    existing.touch()
    page.form.set_out(existing)
    qtbot.waitUntil(page.form._out_note.isVisible)
    page.form.set_out(tmp_path / "new.landmark-model")
    qtbot.waitUntil(page.form._out_note.isHidden)


def test_settings_out_of_range_are_said_on_the_card(page, monkeypatch):
    def refuse(*_: object) -> None:
        raise TrainingError("alpha is 2")

    monkeypatch.setattr(page.form, "config", refuse)
    page.train()
    assert page.result.text.text() == "alpha is 2"
    assert not page._context.worker.is_training


def test_the_augmentation_is_summed_up():
    config = AugmentationConfig(rotation_range=20, zoom_range=(0.8, 1.2), horizontal_flip=True)
    assert texts.augmentation_text(config) == "rotation ±20°, zoom 0.8–1.2, mirrored"
    assert texts.augmentation_text(AugmentationConfig()) == "nothing is varied yet"


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        ({}, "at least two landmarks"),
        ({"A": 9}, "only “A”"),
        ({"A": 1, "B": 1}, ""),
    ],
)
def test_what_is_missing_is_said_in_words(examples, words):
    text = training_examples.missing_text(examples)
    assert words in text and bool(words) == bool(text)


@pytest.mark.parametrize("use", ["crops", "photos"])
def test_the_page_counts_the_examples_that_a_training_would_have(use: Use) -> None:
    project = small_project()
    project.put_photos([photo(number, landmark_id=1) for number in (4, 5)])
    for number, (photo_id, mark) in enumerate(((1, 1), (1, 1), (1, 2), (2, 1), (3, 2))):
        project.apply(box_edit(30 * number, photo_id, mark))
    boxes = list(project.boxes.values())
    project.apply(edits.exclude_boxes([boxes[1], boxes[3]]))
    project.apply(edits.review_photos([project.photos[3], project.photos[5]], "skipped"))
    planned = plan(project, Path("photos"), CropSettings(use), {})
    assert {crop.photo_id for crop in planned} == {1, 4}
    assert training_examples.examples_of(project, use) == Counter(crop.landmark for crop in planned)


def test_few_examples_are_pointed_out_and_stop_nobody():
    assert training_examples.few_text({"A": 9, "B": 3}) == ""
    assert "“B” needs at least 3" in training_examples.few_text({"A": 9, "B": 2})


def test_the_settings_file_holds_the_form_as_one_value(page, context):
    page._remember()
    assert json.loads(context.settings.get("train.form"))["epochs"] == 2


def test_the_result_says_how_far_its_accuracy_can_be_trusted():
    metrics = {"accuracy": 21 / 28, "counts": {"test": {"A": 20, "B": 8}}}
    assert texts.result_lines(metrics, 3) == [
        "Measured on 28 examples.",
        "With other photos of this kind it would mostly be between 57% and 87%.",
    ]
    assert "between" not in " ".join(texts.result_lines({"accuracy": None}, 3))
