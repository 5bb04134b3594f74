"""Our SVG icons, drawn in the colour of the theme and crisp at every scale."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImage,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from landmark_gui.core.resources import resource
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible


class PaintedEngine(QIconEngine):
    """An icon that is painted anew in each size; whoever derives from it says how."""

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, image.rect(), mode, state)
        painter.end()
        return QPixmap.fromImage(image)


class _ThemedEngine(PaintedEngine):
    """Renders `currentColor` with the theme's text colour at the moment of painting."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Square, at the left of a rectangle that is wider: the rest is a gap before words."""
        role = "faint" if mode == QIcon.Mode.Disabled else self._role
        side = min(rect.width(), rect.height())
        place = QRectF(rect.x(), rect.y() + (rect.height() - side) / 2, side, side)
        _renderer(self._name, getattr(theme.colors(), role)).render(painter, place)

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._role)


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    text = resource(f"icons/{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", color).encode()))


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `resources/icons/NAME.svg` in the colour `role` of the theme."""
    return QIcon(_ThemedEngine(name, role))


def pixmap(name: str, side: int, role: str = "text", ratio: float = 0) -> QPixmap:
    """The icon as a picture of `side` device-independent pixels.

    Args:
        ratio: device pixels for one of those. Default: as the finest screen has.
    """
    return icon(name, role).pixmap(QSize(side, side), ratio or finest_ratio())


def finest_ratio() -> float:
    """Of the finest screen there is: on the others a picture is made smaller."""
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    return application.devicePixelRatio()


def program_icon() -> QIcon:
    """What the program is known by, in colours of its own."""
    return QIcon(str(resource("app/icon.svg")))


class IconView(QWidget):
    """An icon by itself; "" shows none."""

    def __init__(self, side: int, name: str = "", role: str = "muted") -> None:
        super().__init__()
        accessible.decorate(self)
        self.setFixedSize(side, side)
        self.show_icon(name, role)

    def show_icon(self, name: str, role: str = "muted") -> None:
        self.name, self.role = name, role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.name:
            icon(self.name, self.role).paint(QPainter(self), self.rect())
