"""Our SVG icons, drawn in the colour of the theme and crisp at every scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from landmark_gui.core.resources import resource
from landmark_gui.gui import theme


class _ThemedEngine(QIconEngine):
    """Renders `currentColor` with the theme's text colour at the moment of painting."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect, mode: QIcon.Mode, state: QIcon.State) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        role = "muted" if mode == QIcon.Mode.Disabled else self._role
        color = getattr(theme.colors(), role)
        _renderer(self._name, color).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, image.rect(), mode, state)
        painter.end()
        return QPixmap.fromImage(image)

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._role)


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    text = resource(f"icons/{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", color).encode()))


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `resources/icons/NAME.svg` in the colour `role` of the theme."""
    return QIcon(_ThemedEngine(name, role))


def pixmap(name: str, side: int, role: str = "text") -> QPixmap:
    """The icon as a picture of `side` device-independent pixels."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    picture = icon(name, role).pixmap(QSize(round(side * ratio), round(side * ratio)), 1.0)
    picture.setDevicePixelRatio(ratio)
    return picture


def program_icon() -> QIcon:
    """What the program is known by, in colours of its own."""
    return QIcon(str(resource("app/icon.svg")))
