"""Pictures one after the other: from a camera, or from a video file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from landmark_gui.core.errors import LandmarkError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

MOST = 5
"""Cameras that are looked for."""
_DEVICES = Path("/dev")


class CameraError(LandmarkError):
    """A camera that cannot be opened."""


class FrameSource(Protocol):
    """Whatever gives pictures. Used by one thread at a time, and not by the GUI's: it may block."""

    def read(self) -> Pixels | None:
        """The next picture as RGB, uint8, shape (height, width, 3); None if there is no other."""

    def close(self) -> None:
        """Let the device go."""


class CapturedFrames:
    """What OpenCV reads from a camera, by its number, or from a video file.

    Raises:
        CameraError: if it cannot be opened.
    """

    def __init__(self, source: int | Path) -> None:
        import cv2

        self._capture = cv2.VideoCapture(source if isinstance(source, int) else str(source))
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraError(
                tr(
                    "Camera {name} cannot be opened. Another program may be using it, or this one "
                    "may not be allowed to.",
                    name=source,
                )
            )

    def read(self) -> Pixels | None:
        import cv2
        import numpy as np

        is_read, frame = self._capture.read()
        if not is_read:
            return None
        return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8)

    def close(self) -> None:
        self._capture.release()


def cameras() -> list[int]:
    """The numbers of the cameras that answer. Takes seconds on some systems."""
    from cv2.utils import logging

    before = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)  # a number without a camera is no news
    try:
        return [number for number in _candidates() if _answers(number)]
    finally:
        logging.setLogLevel(before)


def _candidates() -> list[int]:
    numbers = list(range(MOST))
    if sys.platform == "linux":  # asking for one that is not there takes a second
        numbers = [number for number in numbers if (_DEVICES / f"video{number}").exists()]
    return numbers


def _answers(number: int) -> bool:
    try:
        source = CapturedFrames(number)
    except CameraError:
        return False
    try:
        return source.read() is not None
    finally:
        source.close()
