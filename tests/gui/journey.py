"""What the journeys share: real mouse gestures on the canvas, and waiting for the program."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core.geometry import Rect
from landmark_gui.gui.canvas import PhotoCanvas
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow


def drag_box(canvas: PhotoCanvas, rect: Rect) -> None:
    """Draw a box with the left mouse button, given in pixels of the photo."""
    area = canvas.rect_on_screen(rect)
    start, end = area.topLeft().toPoint(), area.bottomRight().toPoint()
    viewport = canvas.viewport()
    QTest.mouseMove(viewport, start)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start + QPoint(12, 12))
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def click(parent: QWidget, name: str) -> None:
    """Press the enabled button that bears this object name."""
    from PySide6.QtWidgets import QAbstractButton

    found = parent.findChild(QAbstractButton, name)
    assert found is not None, f"no button {name}"
    assert found.isEnabled(), f"{name} is disabled"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def opened(qtbot: QtBot, context: AppContext, window: MainWindow, photos: int) -> Document:
    """Wait until a document is open and its photos are listed."""
    qtbot.waitUntil(lambda: context.document is not None, timeout=10_000)
    document = context.document
    assert document is not None
    qtbot.waitUntil(lambda: len(document.project.photos) == photos, timeout=20_000)
    return document
