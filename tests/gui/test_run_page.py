"""The right side of the Train page: figures, the confusion matrix, the diagnosis and remedies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QHelpEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.diagnosis import Finding, Remedy
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.contrast import contrast, ink_on
from landmark_gui.gui.pages.train import TrainPage
from landmark_gui.gui.pages.train.findings import FindingsPanel
from landmark_gui.gui.pages.train.form import DEFAULTS
from landmark_gui.gui.pages.train.next_training import (
    Settings as Choice,
)
from landmark_gui.gui.pages.train.next_training import (
    differences,
    remedied,
    taken_back,
)
from landmark_gui.gui.widgets.confusion_matrix import (
    ConfusionMatrix,
    cell_color,
    cell_text,
    summary,
)

VARIED = AugmentationConfig.log_preset()
LOWER = Remedy("Learning rate 0.0001", {"learning_rate": 1e-4})
PRELU = Remedy("PReLU in place of ReLU", {"activation": "prelu"})
VARY = Remedy("Vary the crops", {"augmentation": VARIED.to_dict()})
LABELS = Remedy("Look at the labels", page="quality")
DEAD = Finding("dead_units", "Most units are dead.", "83% of block 3 never fires.", (PRELU, LOWER))
LOST = Finding("loss_lost", "The loss is no longer a number.", "Epoch 1, step 3.", (LOWER,))
NAMES = ["Iron Tower", "Round <b>Dome</b>", "Stone Arch"]
MATRIX = [[5, 3, 0], [0, 8, 0], [1, 0, 3]]


@pytest.fixture
def page(qtbot, qapp, tmp_path: Path) -> Iterator[TrainPage]:
    context = AppContext(Settings(tmp_path / "settings.toml"))
    made = TrainPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 900)
    yield made
    context.shutdown()


def told(*findings: Finding) -> dict:
    return {"event": "diagnosis", "findings": [finding.to_dict() for finding in findings]}


def figure(page: TrainPage, name: str) -> str:
    label = page.findChild(QLabel, f"train_{name}_figure")
    assert isinstance(label, QLabel)
    return label.text()


def button(page: TrainPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def dataset(classes: list[str]) -> dict:
    return {"event": "dataset", "classes": classes, "counts": {}, "epochs": 2, "steps": 9}


def step(**values: object) -> dict:
    known = {"epoch": 1, "epochs": 2, "step": 3, "steps": 9, "loss": 1.0, "accuracy": 0.5}
    return {"event": "step", **known, **values}


class TestFigures:
    def test_they_follow_steps_and_keep_what_is_not_told(self, page):
        assert {figure(page, name) for name in ("memory", "learning_rate")} == {"–"}
        page.progress.show_event(dataset(NAMES))
        page.progress.show_event(
            step(seconds_left=41, images_per_second=231.4, memory=912e6, learning_rate=3e-4)
        )
        assert figure(page, "seconds_left") == "40 s"
        assert figure(page, "images_per_second") == "231"
        assert figure(page, "memory") == "912 MB"
        assert figure(page, "learning_rate") == "0.0003"
        page.progress.show_event(step(images_per_second=None, memory=2.34e9))
        assert figure(page, "images_per_second") == "231"
        assert figure(page, "memory") == "2.3 GB"

    def test_the_last_epoch_leaves_no_time(self, page):
        page.progress.show_event(dataset(NAMES))
        page.progress.show_event(step(seconds_left=41))
        page.progress.show_event({"event": "epoch", "epoch": 2, "epochs": 2, "loss": 1.0})
        assert figure(page, "seconds_left") == "–"


class TestMatrix:
    @pytest.fixture
    def matrix(self, qtbot) -> ConfusionMatrix:
        made = ConfusionMatrix()
        qtbot.addWidget(made)
        made.resize(500, 400)
        made.show_matrix(MATRIX, NAMES, "Validation photos, epoch 7")
        return made

    def test_it_comes_with_an_epoch_that_has_one_and_stays(self, page):
        page.progress.show_event(dataset(NAMES))
        assert page.progress.confusion.isHidden()
        epoch = {"event": "epoch", "epoch": 1, "epochs": 2, "loss": 1.0}
        page.progress.show_event({**epoch, "confusion": MATRIX})
        page.progress.show_event({**epoch, "epoch": 2})
        assert not page.progress.confusion.isHidden()
        assert page.progress.confusion.matrix == MATRIX
        page.progress.reset()
        assert page.progress.confusion.isHidden()

    def test_screen_readers_hear_it(self, matrix):
        assert matrix.accessibleName() == "Validation photos, epoch 7"
        said = matrix.accessibleDescription()
        assert said == (
            "16 of 20 photos right. Most often confused: “Iron Tower” taken for "
            "“Round <b>Dome</b>”: 3 of 8 (38%)."
        )

    def test_cells_in_words(self):
        assert cell_text(MATRIX, NAMES, 2, 2) == "“Stone Arch” recognised: 3 of 4 (75%)"
        assert cell_text([[0, 0], [0, 0]], ["A", "B"], 0, 1) == "“A” taken for “B”: 0 of 0 (–)"
        assert summary([[1, 0], [0, 0]], ["A", "B"]) == "1 of 1 photo right."

    def test_a_tool_tip_tells_of_the_cell_under_the_pointer(self, matrix, monkeypatch):
        shown: list[str] = []
        monkeypatch.setattr(QToolTip, "showText", lambda place, text, *_: shown.append(text))
        cell = matrix._cell(0, 1).center().toPoint()
        for point in (cell, QPoint(2, 2)):
            event = QHelpEvent(QEvent.Type.ToolTip, point, matrix.mapToGlobal(point))
            QApplication.sendEvent(matrix, event)
        assert "&lt;b&gt;Dome" in shown[0] and "3 of 8" in shown[0]  # the name as it is
        assert shown[1] == ""

    def test_the_arrow_keys_go_from_cell_to_cell_and_each_is_read_out(self, qtbot, monkeypatch):
        told: list[str] = []
        window = QWidget()
        qtbot.addWidget(window)
        before, matrix = QLineEdit(window), ConfusionMatrix()
        column = QVBoxLayout(window)
        column.addWidget(before)
        column.addWidget(matrix)
        matrix.show_matrix(MATRIX, NAMES, "Validation")
        window.resize(500, 500)
        window.show()
        window.activateWindow()
        before.setFocus()
        qtbot.waitUntil(before.hasFocus)
        plain = matrix.grab().toImage()

        def note(event: QAccessibleEvent) -> None:
            if event.type() == QAccessible.Event.DescriptionChanged:
                told.append(matrix.accessibleDescription())

        monkeypatch.setattr(QAccessible, "updateAccessibility", note)
        qtbot.keyClick(before, Qt.Key.Key_Tab)
        assert matrix.hasFocus()
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
            qtbot.keyClick(matrix, key)
        assert told == [cell_text(MATRIX, NAMES, *place) for place in ((0, 1), (1, 1), (0, 1))]
        assert matrix.current == (0, 1), "it stays at the edge"
        ringed = matrix.grab().toImage()
        side = matrix._cell(0, 1).center().toPoint()
        edge = QPoint(side.x(), round(matrix._cell(0, 1).top()) - 1)
        ratio = ringed.devicePixelRatio()
        assert ringed.pixelColor(edge * ratio) != plain.pixelColor(edge * ratio)
        qtbot.mouseClick(
            matrix, Qt.MouseButton.LeftButton, pos=matrix._cell(2, 2).center().toPoint()
        )
        assert told[-1] == cell_text(MATRIX, NAMES, 2, 2)
        before.setFocus()
        assert told[-1] == summary(MATRIX, NAMES)

    @pytest.mark.parametrize("choice", ["light", "dark"])
    def test_colours_follow_the_share_of_the_row_and_numbers_can_be_read(self, matrix, choice):
        theme.apply(choice)
        try:
            picture = matrix.grab().toImage()
            ratio = picture.devicePixelRatio()

            def corner(row: int, column: int) -> str:
                place = (matrix._cell(row, column).topLeft() + QPointF(3, 3)) * ratio
                return picture.pixelColor(place.toPoint()).name()

            assert corner(0, 0) == cell_color(5 / 8, right=True).name()
            assert corner(0, 1) == cell_color(3 / 8, right=False).name()
            assert corner(0, 2) == QColor(theme.colors().raised).name()
            for right in (True, False):
                fills = [cell_color(n / 20, right) for n in range(1, 21)]
                assert len({fill.name() for fill in fills}) == 20
                for fill in fills:
                    assert contrast(fill, ink_on(fill.rgb())) >= 4.5
        finally:
            theme.apply("light")

    @pytest.mark.parametrize("width", [300, 700, 1400])
    @pytest.mark.parametrize("count", [2, 7, 20])
    def test_it_fits_any_width(self, qtbot, width, count):
        matrix = ConfusionMatrix()
        qtbot.addWidget(matrix)
        names = [f"A landmark with a long name {n}" for n in range(count)]
        matrix.show_matrix([[n == m for m in range(count)] for n in range(count)], names, "")
        matrix.resize(width, matrix.heightForWidth(width))
        last = matrix._cell(count - 1, count - 1)
        assert last.right() <= width and last.bottom() <= matrix.height()
        matrix.grab()


class TestFindings:
    def test_a_card_has_the_finding_its_evidence_and_remedies(self, page):
        assert page.progress.findings.isHidden()
        page.progress.show_event(told(DEAD))
        assert not page.progress.findings.isHidden()
        card = page.progress.findings.findChild(object, "finding_dead_units")
        words = [label.text() for label in card.findChildren(QLabel)]
        assert words == [DEAD.text, DEAD.evidence]
        assert [each.text() for each in card.findChildren(QPushButton)] == [
            "PReLU in place of ReLU",
            "Learning rate 0.0001",
        ]
        page.progress.show_event(told())
        assert page.progress.findings.isHidden()

    def test_newer_figures_leave_the_buttons_where_they_are(self, qtbot):
        """Who is about to press one may not miss it."""
        panel = FindingsPanel()
        qtbot.addWidget(panel)
        panel.show_findings([DEAD])
        before = panel.findChildren(QPushButton)
        panel.show_findings([Finding(DEAD.kind, DEAD.text, "90% of block 3", DEAD.remedies)])
        assert panel.findChildren(QPushButton) == before
        assert panel.findings[0].evidence == "90% of block 3"

    def test_it_stands_after_a_failure(self, page):
        page.progress.show_event(dataset(NAMES))
        page.progress.show_event(told(LOST))
        page._show_problem("The loss is no longer a number.")
        assert not page.result.isHidden() and not page.progress.findings.isHidden()
        page.progress.reset()
        assert page.progress.findings.isHidden()


class TestRemedies:
    def choose(self, qtbot, page: TrainPage, kind: str, number: int) -> None:
        qtbot.mouseClick(button(page, f"remedy_{kind}_{number}"), Qt.MouseButton.LeftButton)

    def test_one_click_changes_the_form_and_can_be_taken_back(self, qtbot, page):
        page.form.set_values({**DEFAULTS, "recipe": "scratch"})
        before = page.form.values()
        page.progress.show_event(told(DEAD))
        self.choose(qtbot, page, "dead_units", 0)
        self.choose(qtbot, page, "dead_units", 1)
        assert page.form.values() == {**before, "activation": "prelu", "learning_rate": 1e-4}
        assert page.next.text.text().splitlines() == [
            "Changed for the next training:",
            "Activation: ReLU → PReLU",
            "Learning rate: automatic → 0.0001",
        ]
        button(page, "take_back_button").click()
        assert page.form.values() == before and page.next.isHidden()

    def test_what_a_field_rounds_is_taken_back_too(self, page):
        page.remedy(Remedy("Learning rate 1.23e-06", {"learning_rate": 1.23e-6}))
        assert page.form.values()["learning_rate"] == 1.2e-6
        page.take_back()
        assert page.form.values()["learning_rate"] is None

    def test_what_the_person_changed_since_stays(self, qtbot, page):
        page.progress.show_event(told(DEAD))
        self.choose(qtbot, page, "dead_units", 1)
        page.form.set_values({**page.form.values(), "epochs": 33})
        button(page, "take_back_button").click()
        assert page.form.values() == {**DEFAULTS, "epochs": 33}

    def test_augmentation_is_switched_on_as_the_person_has_set_it(self, page):
        page.form.set_values({**DEFAULTS, "augment": False})
        page._context.augmentation = AugmentationConfig(rotation_range=5)
        page.remedy(VARY)
        assert page.form.values()["augment"]
        assert page._context.augmentation == AugmentationConfig(rotation_range=5)

    def test_augmentation_that_varies_nothing_takes_the_preset_and_gives_it_back(self, page):
        page._context.augmentation = AugmentationConfig()
        page.remedy(VARY)
        assert page._context.augmentation == VARIED
        assert "Augmentation: as in the log" in page.next.text.text()
        page.take_back()
        assert page._context.augmentation == AugmentationConfig()

    def test_a_remedy_that_is_so_already_changes_nothing(self, page):
        page.form.set_values({**DEFAULTS, "learning_rate": 1e-4})
        page.remedy(LOWER)
        assert page.next.isHidden()

    def test_a_remedy_may_be_to_look_at_a_page(self, qtbot, page):
        with qtbot.waitSignal(page._context.page_requested) as requested:
            page.remedy(LABELS)
        assert requested.args == ["quality"] and page.next.isHidden()

    def test_train_again_waits_for_the_end_of_this_training(self, page):
        page.next.set_waiting("Once this training is over")
        assert not button(page, "train_again_button").isEnabled()
        page.next.set_waiting("")
        assert button(page, "train_again_button").isEnabled()

    def test_changes_of_fields_that_the_form_lacks_are_passed_over(self):
        choice = Choice({"learning_rate": 0.01}, VARIED)
        changed = remedied(choice, Remedy("", {"learning_rate": None, "unheard_of": 3}))
        assert changed == Choice({"learning_rate": None}, VARIED)
        assert differences(choice, changed) == ["Learning rate: 0.01 → automatic"]
        assert taken_back(changed, choice, changed) == choice
