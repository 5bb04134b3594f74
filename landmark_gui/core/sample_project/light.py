"""The time of day and the weather of a drawn photo: what colours look like in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landmark_gui.core.sample_project.brush import Color


@dataclass(frozen=True)
class Light:
    """How a scene is lit.

    Attributes:
        above, below: colour of the sky at its top and over the horizon.
        tint: by which all colours of things are multiplied.
        haze: how much of the sky's colour lies over things that are far away, 0 to 1.
        lamps: whether windows are lit.
    """

    above: Color
    below: Color
    tint: tuple[float, float, float]
    haze: float = 0.35
    lamps: bool = False

    def on(self, color: Color, shade: float = 1.0, far: float = 0.0) -> Color:
        """A colour as it is seen, `shade` times as bright and `far` away, 0 to 1."""
        seen = np.multiply(np.multiply(color, self.tint), shade)
        mist = far * self.haze
        red, green, blue = np.clip(seen * (1 - mist) + np.multiply(self.below, mist), 0, 255)
        return int(red), int(green), int(blue)

    def window(self) -> Color:
        """The colour of a window."""
        return (255, 214, 120) if self.lamps else self.on((52, 60, 78))


LIGHTS = {
    "noon": Light((64, 132, 214), (196, 224, 244), (1.0, 1.0, 1.0)),
    "morning": Light((122, 160, 214), (255, 214, 190), (1.02, 0.94, 0.88), 0.5),
    "evening": Light((84, 78, 140), (255, 168, 104), (0.98, 0.74, 0.62), 0.4),
    "clouds": Light((142, 154, 168), (206, 212, 216), (0.82, 0.84, 0.86), 0.5),
    "mist": Light((206, 212, 214), (226, 228, 226), (0.86, 0.88, 0.9), 0.85),
    "night": Light((14, 20, 48), (58, 70, 118), (0.4, 0.44, 0.62), 0.4, lamps=True),
}
