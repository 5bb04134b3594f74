"""The Classify page in tests: drawn photos, the tiny model, and what a person does there."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage

RED, GREEN, BLUE, GREY = (255, 0, 0), (0, 255, 0), (0, 0, 255), (120, 120, 120)
LEFT, NO = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def opened(qtbot: QtBot, context: AppContext, model: Path, *photos: Path) -> ClassifyPage:
    """The page with a model and photos, all of them classified, the first one shown."""
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.activateWindow()
    qtbot.waitActive(page)
    context.set_model(model)
    qtbot.waitUntil(lambda: page.card.name.text() == model.stem)
    page.add_photos(list(photos))
    qtbot.waitUntil(lambda: page.model.rowCount() == len(photos))
    settled(qtbot, page)
    qtbot.waitUntil(page.panel.photo.has_photo)
    return page


def settled(qtbot: QtBot, page: ClassifyPage) -> None:
    qtbot.waitUntil(lambda: not page.model.entries("waiting"), timeout=20_000)


def halves(path: Path, left: tuple[int, int, int], right: tuple[int, int, int]) -> Path:
    """A photo of 600 × 400 whose halves differ in colour."""
    photo = Image.new("RGB", (600, 400), left)
    photo.paste(right, (300, 0, 600, 400))
    photo.save(path)
    return path


def plain(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (600, 400)) -> Path:
    """A photo of one colour."""
    Image.new("RGB", size, color).save(path)
    return path


def press(qtbot: QtBot, page: QWidget, name: str) -> None:
    """Click the tool button of that name."""
    button = page.findChild(QToolButton, name)
    assert button is not None and button.isVisible() and button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def drag(
    qtbot: QtBot, page: ClassifyPage, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """Press at a place of the photo, move in two steps, release."""
    view = page.panel.photo.canvas.viewport()
    first, last = on_screen(page, *start), on_screen(page, *end)
    qtbot.mousePress(view, LEFT, NO, first)
    qtbot.mouseMove(view, (first + last) / 2)
    qtbot.mouseMove(view, last)
    qtbot.mouseRelease(view, LEFT, NO, last)


def on_screen(page: ClassifyPage, x: float, y: float) -> QPoint:
    return page.panel.photo.canvas.to_view(QPointF(x, y)).toPoint()
