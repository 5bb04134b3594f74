"""The live picture of a camera with its verdict, and pictures taken from it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.video import CapturedFrames, cameras
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.camera import Camera, image_of
from landmark_gui.gui.widgets import accessible, plain
from landmark_gui.gui.widgets.common import button, heading
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.inference.classifier import Classifier, Verdict
from landmark_gui.jobs.tasks import LatestOnly

ASK_MS = 250
"""Between two questions to the model: the words can still be read."""


class WebcamDialog(QDialog):
    """Shows a camera, says what it sees, and gives pictures to whoever listens.

    Args:
        classifier: None while there is no model: then nothing is said.
        threshold: a verdict with a smaller score is unknown.

    Signals:
        taken(QImage): the person took this picture.
    """

    taken = Signal(object)

    def __init__(self, classifier: Classifier | None, threshold: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Webcam"))
        self._classifier, self._threshold = classifier, threshold
        self._count = 0
        self.camera = Camera(self)
        self.camera.shown.connect(self._show)
        self.camera.ended.connect(self._ended)
        self._finding, self._asking = LatestOnly(self), LatestOnly(self)
        self._ask_next = QTimer(self, interval=ASK_MS)
        self._ask_next.timeout.connect(self._ask)
        self._make_parts()
        self._lay_out()
        self._find()

    def done(self, result: int) -> None:
        self._ask_next.stop()
        self.camera.stop()
        super().done(result)

    def take(self) -> None:
        """Give the newest picture away."""
        frame = self.camera.newest
        if frame is not None:
            self._count += 1
            self.taken.emit(image_of(frame))
            self.note.setText(tr("{n} taken; they are on the list.", n=self._count))

    # Parts

    def _make_parts(self) -> None:
        self.view = LivePicture()
        self.which = QComboBox()
        self.which.setObjectName("webcam_camera")
        self.which.setAccessibleName(tr("Camera"))
        self.which.activated.connect(self._start)
        self._camera_row = QWidget()
        row = QHBoxLayout(self._camera_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(plain.label(tr("Camera")))
        row.addWidget(self.which)
        self._camera_row.hide()
        self.verdict = heading("", "subtitle")
        self.verdict.setObjectName("webcam_verdict")
        self.note = heading("", "muted")
        self.note.setObjectName("webcam_note")
        text = tr("Put the picture on the list (Space)")
        self.take_button = button(
            tr("Take picture"), "webcam_take", self.take, kind="primary", tooltip=text
        )
        self.take_button.setDefault(True)
        self.take_button.setShortcut(Qt.Key.Key_Space)
        self.take_button.setEnabled(False)

    def _lay_out(self) -> None:
        bottom = QHBoxLayout()
        bottom.addWidget(self._camera_row)
        bottom.addWidget(self.note, 1)
        bottom.addWidget(button(tr("Close"), "webcam_close", self.accept))
        bottom.addWidget(self.take_button)
        layout = column(self)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.verdict)
        layout.addLayout(bottom)
        give_size(self, 720, 620)

    # The camera

    def _find(self) -> None:
        self.view.say(tr("Looking for cameras…"))
        self._finding.submit(cameras, self._found, self._ended_by)

    def _found(self, numbers: list[int]) -> None:
        self.which.clear()
        for number in numbers:
            self.which.addItem(tr("Camera {n}", n=number + 1), number)
        self._camera_row.setVisible(len(numbers) > 1)
        if numbers:
            self._start()
        else:
            self.view.say(tr("No camera was found. Connect one, then open this window again."))

    def _start(self) -> None:
        number = self.which.currentData()
        self.take_button.setEnabled(False)
        self.view.say(tr("Opening the camera…"))
        self.camera.start(partial(CapturedFrames, number))
        self._ask_next.start()

    def _show(self, image: QImage) -> None:
        self.take_button.setEnabled(True)
        self.view.show_image(image)

    def _ended_by(self, error: Exception) -> None:
        self._ended(str(error))

    def _ended(self, reason: str) -> None:
        self._ask_next.stop()
        self.take_button.setEnabled(False)
        self.verdict.setText("")
        self.view.say(reason)

    # The model

    def _ask(self) -> None:
        frame = self.camera.newest
        if frame is not None and self._classifier is not None:
            self._asking.submit(partial(self._classifier.classify_image, frame), self._answered)

    def _answered(self, verdict: Verdict) -> None:
        if self.camera.newest is not None:  # else it was stopped in between
            self.verdict.setText(texts.verdict_text(verdict.at(self._threshold)))


class LivePicture(QWidget):
    """A picture as large as there is room, or words in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("live_picture")
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image, self.words = QImage(), ""
        accessible.play(self)

    def show_image(self, image: QImage) -> None:
        self._image, self.words = image, ""
        self.setAccessibleName(tr("Picture of the camera"))
        self.update()

    def say(self, words: str) -> None:
        """Show words in place of the picture."""
        self._image, self.words = QImage(), words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.colors().canvas))
        if self.words:
            painter.setPen(QColor("#ffffff"))  # the canvas is dark in both themes
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), flags, self.words)
        elif not self._image.isNull():
            room = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, room.width(), room.height())
            place.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(place, self._image)
