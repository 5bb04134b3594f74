"""A study as a picture and as a table for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QImageWriter, QPainter

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.studies import StudyResult, chart_svg, sentence, table_csv
from landmark_gui.gui import theme
from landmark_gui.gui.studies.painting import Picture, height_of, paint

WIDTH, SCALE = 760, 2
"""Of a picture, in device-independent pixels, and how many pixels each of them has."""


@dataclass(frozen=True)
class Shown:
    """A result as it is shown.

    Attributes:
        title: what was asked.
        note: how and when it was measured.
    """

    result: StudyResult
    picture: Picture
    title: str
    note: str


def picture_of(shown: Shown, font: QFont) -> QImage:
    """The chart on white, with what was asked above and what was found below."""
    metrics = QFontMetrics(font)
    words = f"{sentence(shown.result)}\n{shown.note}"
    wrap = Qt.TextFlag.TextWordWrap
    room = QRect(0, 0, WIDTH, 10_000)
    below = metrics.boundingRect(room, wrap, words).height()
    chart, head = height_of(shown.picture, WIDTH, font), metrics.height() + theme.L
    height = head + chart + theme.L + below
    image = _blank(WIDTH + 2 * theme.XL, height + 2 * theme.XL)
    painter = QPainter(image)
    painter.setFont(font)
    painter.translate(theme.XL, theme.XL)
    _write(painter, QRect(0, 0, WIDTH, head), shown.title, bold=True)
    painter.translate(0, head)
    paint(painter, shown.picture.with_busy(""), WIDTH, theme.LIGHT)
    _write(painter, QRect(0, chart + theme.L, WIDTH, below), words)
    painter.end()
    return image


def save(path: Path, shown: Shown, font: QFont) -> None:
    """Write what the suffix says: the table (.csv), or the picture (.svg, otherwise PNG).

    Raises OSError.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_atomic(path, table_csv(shown.result))
    elif suffix == ".svg":
        write_atomic(path, chart_svg(shown.result))
    else:
        write_atomic(path, _png(picture_of(shown, font)))


def _blank(width: int, height: int) -> QImage:
    image = QImage(width * SCALE, height * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(QColor(theme.LIGHT.surface))
    return image


def _write(painter: QPainter, area: QRect, words: str, bold: bool = False) -> None:
    font = QFont(painter.font())
    painter.save()
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(QColor(theme.LIGHT.text))
    painter.drawText(area, Qt.TextFlag.TextWordWrap, words)
    painter.restore()


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(data.data())
