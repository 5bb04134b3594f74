"""The slider of the Classify page that says from where on a verdict is unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage, texts
from landmark_gui.gui.pages.classify.judging import CHUNK
from landmark_gui.inference.classifier import Classifier, Verdict
from tests.gui.classify_page import BLUE, GREY, LEFT, RED, drag, halves, opened, plain, settled
from tests.tiny_bundle import write_tiny_bundle

POINTS = [[0.2, 1.0, 0.1], [0.5, 0.95, 0.88], [0.9, 0.5, 1.0]]
RULE = {
    "kind": "confidence",
    "threshold": 0.5,
    "operating": POINTS,
    "own": 40,
    "strangers": 25,
    "strangers_kind": "",
}


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    return [
        plain(tmp_path / "red.png", RED),
        plain(tmp_path / "grey.png", GREY),
        halves(tmp_path / "halves.png", RED, BLUE),
    ]


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tmp_path: Path, photos: list[Path]) -> ClassifyPage:
    model = write_tiny_bundle(tmp_path / "measured.landmark-model", unknown=RULE)
    return opened(qtbot, context, model, *photos)


def unknown(page: ClassifyPage) -> list[str]:
    return [e.name for e in page.model.entries() if e.verdict is not None and e.verdict.unknown]


def words(page: ClassifyPage) -> str:
    return page.panel.unknown.words.text()


def move(qtbot: QtBot, page: ClassifyPage, key: Qt.Key, times: int) -> None:
    for _ in range(times):
        qtbot.keyClick(page.panel.unknown.slider, key)


def test_it_stands_where_the_model_has_it_and_says_both_numbers(page: ClassifyPage) -> None:
    assert page.panel.unknown.slider.value() == 500
    assert words(page) == "Keeps 95% of its own, says unknown to 88% of strangers."
    assert "40 photos" in page.panel.unknown.toolTip() and "25" in page.panel.unknown.toolTip()
    assert not page.findChild(QPushButton, "unknown_reset").isEnabled()


def test_moving_it_judges_all_verdicts_anew_and_asks_no_model(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(Classifier, "classify", lambda self, path, *_: asked.append(path))
    said: list[str] = []
    context.status_changed.connect(said.append)
    # Their confidences: 96 % of red, 33 % of grey, 47 % of a photo that is half red, half blue.
    assert unknown(page) == ["grey.png", "halves.png"]
    move(qtbot, page, Qt.Key.Key_Left, 10)
    assert unknown(page) == ["grey.png"]
    assert words(page) == "Keeps 97% of its own, says unknown to 62% of strangers."
    assert said[-1] == "3 photos classified, 1 unknown"
    move(qtbot, page, Qt.Key.Key_Home, 1)
    assert unknown(page) == [] and said[-1] == "3 photos classified"
    move(qtbot, page, Qt.Key.Key_End, 1)
    assert unknown(page) == ["red.png", "grey.png", "halves.png"]
    assert page.panel.title.text() == "Unknown"
    assert "A verdict under 100% counts as unknown." in page.panel.detail.text()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert page.model.index(0).data(role) == "red.png: Unknown; perhaps red, 96%"
    assert not asked


def test_reset_goes_back_to_the_models_own(qtbot: QtBot, page: ClassifyPage) -> None:
    move(qtbot, page, Qt.Key.Key_Left, 20)
    assert unknown(page) == []
    qtbot.mouseClick(page.findChild(QPushButton, "unknown_reset"), LEFT)
    assert page.panel.unknown.slider.value() == 500
    assert unknown(page) == ["grey.png", "halves.png"]
    assert not page.findChild(QPushButton, "unknown_reset").isEnabled()


def test_the_models_own_threshold_need_not_be_a_place_of_the_slider(
    qtbot: QtBot, context: AppContext, photos: list[Path], tmp_path: Path
) -> None:
    exact = 0.46825  # between the confidences of grey and of halves
    rule = {**RULE, "threshold": exact}
    path = tmp_path / "exact.landmark-model"
    model = write_tiny_bundle(path, threshold=exact, unknown=rule)
    page = opened(qtbot, context, model, *photos)
    move(qtbot, page, Qt.Key.Key_Home, 1)
    qtbot.mouseClick(page.findChild(QPushButton, "unknown_reset"), LEFT)
    assert page._judging.threshold == exact


def test_what_is_classified_later_is_judged_by_it_as_well(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    move(qtbot, page, Qt.Key.Key_End, 1)
    page.add_photos([plain(tmp_path / "blue.png", BLUE)])
    qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    settled(qtbot, page)
    assert "blue.png" in unknown(page)


def test_the_verdict_on_the_whole_photo_is_judged_while_a_box_is_shown(
    qtbot: QtBot, page: ClassifyPage
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_End)
    qtbot.waitUntil(page.panel.photo.has_photo)
    drag(qtbot, page, (330, 50), (550, 350))
    entry = page.model.entries()[2]
    qtbot.waitUntil(lambda: entry.verdict.box == entry.box)
    assert unknown(page) == ["grey.png"]
    move(qtbot, page, Qt.Key.Key_Left, 10)
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Escape)
    assert unknown(page) == ["grey.png"] and entry.verdict.label in ("red", "blue")


def test_each_model_has_its_own_threshold_as_long_as_the_program_runs(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, tmp_path: Path
) -> None:
    move(qtbot, page, Qt.Key.Key_Left, 20)
    first = context.last_model
    other = write_tiny_bundle(tmp_path / "other.landmark-model", size=16)
    context.set_model(other)
    qtbot.waitUntil(lambda: page.card.name.text() == "other")
    assert page.panel.unknown.slider.value() == 500
    assert words(page).startswith("A verdict under 50% counts as unknown. What that keeps")
    settled(qtbot, page)
    context.set_model(first)
    qtbot.waitUntil(lambda: page.card.name.text() == "measured")
    settled(qtbot, page)
    assert page.panel.unknown.slider.value() == 300 and unknown(page) == []


def test_thousands_are_judged_in_turns_of_the_event_loop(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    entries = page.model.add(tmp_path / f"{n}.png" for n in range(2 * CHUNK))
    sure = Verdict(None, "red", 0.9, False, (("red", 0.9),), 0.9)
    page.model.settle((entry.key, sure) for entry in entries)
    judged: list[int] = []
    page.model.dataChanged.connect(lambda: judged.append(len(unknown(page))))
    with qtbot.waitSignal(page._judging.judged):
        page.panel.unknown.slider.setValue(1000)
        assert len(unknown(page)) == CHUNK  # and no more in this turn
        page.model.remove({entries[-1].key})
    assert len(unknown(page)) == 2 * CHUNK + 3 - 1
    assert judged[0] == CHUNK


def test_a_verdict_that_is_sure_and_unknown_says_what_it_was_judged_by() -> None:
    verdict = Verdict(None, "red", 0.98, True, (("red", 0.98),), score=0.61)
    said = texts.why_unknown_text(verdict, 0.72)
    assert said == ("It is 61% like the nearest photo learned from; under 72% counts as unknown.")
    assert texts.why_unknown_text(replace(verdict, score=0.98), 0.99) == (
        "A verdict under 99% counts as unknown."
    )
