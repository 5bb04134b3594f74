"""Fixtures that every kind of test shares. Pictures are drawn here, none are shipped."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).resolve().parents[2] / "shared"
COLORS = {"Red Tower": (200, 40, 40), "Green Dome": (40, 160, 60), "Blue Gate": (40, 60, 200)}


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Each test has preferences and a cache of its own, and speaks English."""
    from landmark_gui.core.i18n import set_language

    monkeypatch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path_factory.mktemp("settings")))
    monkeypatch.setenv("LANDMARK_GUI_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("LANGUAGE", "en")
    set_language("en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos, where there is one."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the real photos of {SHARED}")
    return SHARED


def draw_photo(path: Path, landmark: str, number: int, size: tuple[int, int] = (96, 72)) -> None:
    """A photo with one landmark: a coloured shape, in a place of its own, on a noisy sky."""
    import numpy as np
    from PIL import Image, ImageDraw

    rng = np.random.default_rng([number, *landmark.encode()])
    width, height = size
    sky = rng.integers(120, 220, (height, width, 3), dtype=np.uint8)
    picture = Image.fromarray(sky)
    x, y = int(rng.integers(8, width - 48)), int(rng.integers(8, height - 48))
    draw = ImageDraw.Draw(picture)
    box = (x, y, x + 36, y + 36)
    shapes = {"Red Tower": draw.rectangle, "Green Dome": draw.ellipse}
    shapes.get(landmark, draw.rectangle)(box, fill=COLORS.get(landmark, (90, 90, 90)))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=95)


@pytest.fixture
def photo_folder(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder with a sub-folder of drawn photos for each landmark."""

    def make(name: str = "photos", each: int = 8, landmarks: tuple[str, ...] = ()) -> Path:
        folder = tmp_path / name
        for landmark in landmarks or ("Red Tower", "Green Dome"):
            for number in range(each):
                draw_photo(folder / landmark / f"IMG_{number + 1}.jpg", landmark, number)
        return folder

    return make
