"""Where the model looks, on the large photo of the Classify page; a small child program answers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.heat import HeatMap, overlaid
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.heat_layer import _picture
from landmark_gui.jobs.explainer import Explainer
from tests.gui.classify_page import BLUE, GREEN, RED, drag, halves, opened, plain, press

CHILD = """
import json, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
def say(**event): print(json.dumps(event), flush=True)
say(event="state", state="importing")
while not (folder / "go").exists(): time.sleep(0.01)
say(event="state", state="ready")
for line in sys.stdin:
    asked = json.loads(line)
    with (folder / "asked").open("a") as file: file.write(line)
    if "gone" in asked["photo"]:
        say(event="unexplained", id=asked["id"], message="it cannot be explained")
        continue
    say(event="heat", id=asked["id"], label=asked["label"], shape=[1, 2], values=[0, 1],
        part=asked["box"])
"""


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tiny_model: Path, tmp_path: Path) -> ClassifyPage:
    child = tmp_path / "child.py"
    child.write_text(CHILD, "utf-8")
    command = [sys.executable, str(child), str(tmp_path)]
    context._explainer = Explainer(command, tmp_path / "explain.log", parent=context)
    photos = plain(tmp_path / "green.png", GREEN), halves(tmp_path / "halves.png", RED, BLUE)
    return opened(qtbot, context, tiny_model, *photos)


def asked(tmp_path: Path) -> list[str]:
    file = tmp_path / "asked"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def color_at(page: ClassifyPage, x: float, y: float) -> QColor:
    canvas = page.panel.photo.canvas
    place = canvas.to_view(QPointF(x, y)).toPoint()
    return canvas.viewport().grab().toImage().pixelColor(place)


def said(page: ClassifyPage) -> str:
    return page.panel.heat_card.words.text()


def test_it_is_laid_over_the_photo_once_it_is_there(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    assert not page.panel.heat_card.isVisible() and not asked(tmp_path)
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    assert page.panel.heat_card.isVisible()
    assert said(page) == "Preparing… This takes some seconds."
    assert not page.panel.photo.canvas.has_heat()
    (tmp_path / "go").touch()
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    assert said(page) == "What speaks for green is bright."
    cold, hot = color_at(page, 60, 200), color_at(page, 560, 200)
    assert cold == QColor(0, 255, 0)
    # The hottest colour of the map is (252, 255, 164); 60 % of it lie over the green.
    assert [hot.red(), hot.green(), hot.blue()] == pytest.approx([151, 255, 98], abs=4)
    press(qtbot, page, "heat_button")
    assert not page.panel.photo.canvas.has_heat() and not page.panel.heat_card.isVisible()
    assert color_at(page, 560, 200) == QColor(0, 255, 0)


def test_the_opacity_is_changed_and_remembered(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    qtbot.keyClick(page.panel.heat_card.slider, Qt.Key.Key_End)
    assert color_at(page, 560, 200).red() == pytest.approx(252, abs=3)
    qtbot.keyClick(page.panel.heat_card.slider, Qt.Key.Key_Home)
    assert color_at(page, 560, 200) == QColor(0, 255, 0)
    assert context.settings.get("classify.heat_opacity") == 0


def test_it_lies_over_the_box_and_is_asked_anew_for_another_one(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    qtbot.keyClick(page.list, Qt.Key.Key_D)
    qtbot.waitUntil(page.panel.photo.has_photo)
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    drag(qtbot, page, (20, 20), (280, 380))
    qtbot.waitUntil(lambda: len(asked(tmp_path)) == 2)
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    assert said(page) == "What speaks for red is bright."
    assert color_at(page, 250, 60).green() > 100  # hot: the right of the box
    assert color_at(page, 560, 60) == QColor(0, 0, 255)  # outside of it
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Escape)
    assert page.panel.photo.canvas.has_heat()  # it is known already of the whole photo
    assert len(asked(tmp_path)) == 2


def test_another_photo_is_seen_without_it_until_its_own_is_there(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    qtbot.keyClick(page.list, Qt.Key.Key_D)
    assert not page.panel.photo.canvas.has_heat() and said(page) == "Looking…"
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    qtbot.keyClick(page.list, Qt.Key.Key_A)
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)
    assert len(asked(tmp_path)) == 2
    assert page.panel.photo.canvas.has_heat()


def test_why_there_is_none_is_said(qtbot: QtBot, page: ClassifyPage, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    page.add_photos([plain(tmp_path / "gone.png", RED)])
    qtbot.waitUntil(lambda: page.panel.title.text() == "red")
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: said(page) == "it cannot be explained")
    assert not page.panel.photo.canvas.has_heat()


def test_what_another_page_asked_is_not_shown_here(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, tmp_path: Path
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_G)
    model, photo = Path("other.landmark-model"), tmp_path / "halves.png"
    context.explainer.ask("another page", model, photo, None, "red")
    with qtbot.waitSignal(context.explainer.explained):
        (tmp_path / "go").touch()
    qtbot.wait(50)
    assert not page.panel.photo.canvas.has_heat()
    page.hide()
    page.show()  # back from that page
    qtbot.waitUntil(page.panel.photo.canvas.has_heat)


def test_the_button_says_its_key(page: ClassifyPage) -> None:
    assert page.findChild(QToolButton, "heat_button").toolTip() == "Show where the model looks (G)"


def test_the_picture_over_a_photo_is_what_the_domain_lays_over_it() -> None:
    rng = np.random.default_rng(3)
    heat = HeatMap(rng.random((7, 7), np.float32), "red")
    photo = rng.integers(0, 255, (256, 256, 3), np.uint8)
    image = _picture(heat).image
    layer = np.frombuffer(image.constBits(), np.uint8).reshape(256, 256, 4).astype(np.float64)
    color, weight = layer[..., 2::-1], layer[..., 3:] / 255
    for opacity in (0.3, 1.0):
        laid = color * opacity + photo * (1 - weight * opacity)
        assert np.abs(laid - overlaid(photo, heat, opacity)).max() <= 2
