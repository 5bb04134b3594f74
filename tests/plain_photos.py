"""Photos of one colour each, by which the tiny model can tell them apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

COLORS = {"red": (220, 30, 30), "green": (30, 220, 30), "blue": (30, 30, 220)}


def draw(path: Path, color: tuple[int, int, int], number: int) -> None:
    """A plain photo; no two look alike, so that none stays with another."""
    rng = np.random.default_rng(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.clip(np.array(color) + rng.integers(-25, 25, (48, 64, 1)), 0, 255)
    Image.fromarray(pixels.astype(np.uint8)).save(path)
