"""One answer of the gallery: the crop, what the model said of it, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from landmark_gui.core.crops import FILL, Crop
from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.evaluation.corrections import Now
from landmark_gui.core.i18n import tr
from landmark_gui.core.shares import percent
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.evaluate.answer_model import ANSWER_ROLE, AnswerModel
from landmark_gui.gui.thumbnails import Area, Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import centered, paint_ground, paint_swatch, paint_thumbnail

SIDE = 112
"""Of the square that holds a crop, in device-independent pixels."""
_GAP, _SWATCH, _MARK, _CHIP = 7, 10, 16, 18
_DIMMED = 0.35
_REMEMBERED = 600


def picture_of(thumbnails: Thumbnails, answer: CropAnswer) -> QPixmap | None:
    """The crop of an answer, null if it cannot be read; None while it is being made."""
    crop: Crop = answer.crop
    area = Area(crop.rect, *crop.photo_size, FILL) if crop.rect is not None else None
    key = (answer.key, crop.photo_hash, area)
    return thumbnails.get(key, crop.path, crop.photo_hash, area)


class AnswerDelegate(QStyledItemDelegate):
    """Paints answers; asks for pictures of those that come into view, and no others."""

    def __init__(self, model: AnswerModel, line: int, view: QWidget) -> None:
        super().__init__(view)
        self._model, self._line = model, line + 2
        self.pictures = Thumbnails(QSize(SIDE, SIDE), _REMEMBERED, self)
        self.pictures.follow_screen(view, QSize(SIDE, SIDE))
        self.pictures.failed.connect(lambda key, reason: model.mark_unreadable(key[0], reason))

    def cell(self) -> QSize:
        """The room of an answer, with a gap to the next."""
        return QSize(SIDE + 2 * _GAP, SIDE + 2 * self._line + 2 * _GAP + theme.S)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        answer: CropAnswer = index.data(ANSWER_ROLE)
        now = self._model.now(answer)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        paint_ground(painter, option.rect.adjusted(2, 2, -2, -2), option)
        frame = QRect(option.rect.x() + _GAP, option.rect.y() + _GAP, SIDE, SIDE)
        if now.left_out or now.gone:
            painter.setOpacity(_DIMMED)
        paint_thumbnail(painter, frame, picture_of(self.pictures, answer))
        _paint_confidence(painter, frame, percent(answer.confidence))
        line = QRect(frame.left(), frame.bottom() + theme.S, SIDE, self._line)
        _paint_said(painter, line, answer)
        _paint_truth(painter, line.translated(0, self._line), answer, now)
        painter.setOpacity(1)
        if now.corrected:
            _paint_corrected(painter, frame)
        painter.restore()


def _paint_said(painter: QPainter, line: QRect, answer: CropAnswer) -> None:
    """What the model said, with a sign for whether that is right."""
    colors, font = theme.colors(), QFont(painter.font())
    painter.save()
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(colors.success if answer.is_right else colors.danger))
    _write(painter, line, f"{'✓' if answer.is_right else '✗'} {answer.predicted}")
    painter.restore()


def _paint_confidence(painter: QPainter, frame: QRect, text: str) -> None:
    """How sure the model was, in a corner of the crop."""
    colors = theme.colors()
    width = painter.fontMetrics().horizontalAdvance(text) + 2 * theme.S + 2
    chip = QRect(frame.right() - width - 2, frame.bottom() - _CHIP - 2, width, _CHIP)
    ground = QColor(colors.surface)
    ground.setAlphaF(0.85)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(colors.text))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _paint_truth(painter: QPainter, line: QRect, answer: CropAnswer, now: Now) -> None:
    """What it is by now."""
    if now.gone or (now.left_out and now.corrected):
        painter.setPen(QColor(theme.colors().muted))
        _write(painter, line, tr("deleted since") if now.gone else tr("left out"))
        return
    if now.color:
        paint_swatch(painter, centered(line, line.left(), _SWATCH, _SWATCH), now.color)
    painter.setPen(QColor(theme.colors().text))
    _write(painter, line.adjusted(_SWATCH + theme.S, 0, 0, 0), now.landmark or answer.true)


def _write(painter: QPainter, line: QRect, text: str) -> None:
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)


def _paint_corrected(painter: QPainter, frame: QRect) -> None:
    """A check mark in the corner of what was put right."""
    colors = theme.colors()
    mark = QRect(frame.right() - _MARK - 5, frame.top() + 4, _MARK + 2, _MARK + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.surface))
    painter.drawEllipse(mark.adjusted(-2, -2, 2, 2))
    icons.icon("check", "success").paint(painter, mark)
