"""Fixtures that every kind of test shares. Pictures are drawn here, none are shipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.originals import contents

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
def shared() -> Iterator[Path]:
    """The folder of real photos, where there is one; the suite leaves it as it was."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the real photos of {SHARED}")
    before = contents(SHARED)
    yield SHARED
    assert contents(SHARED) == before, "an original was written"


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
def photo_folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Path]]:
    """Makes a folder with a sub-folder of drawn photos for each landmark.

    Originals are never written: after the test each photo must be what it was, unless the
    test changes its photos itself and says so with the marker `changes_photos`.
    """
    made: dict[Path, dict[str, str]] = {}

    def make(name: str = "photos", each: int = 8, landmarks: tuple[str, ...] = ()) -> Path:
        folder = tmp_path / name
        for landmark in landmarks or ("Red Tower", "Green Dome"):
            for number in range(each):
                draw_photo(folder / landmark / f"IMG_{number + 1}.jpg", landmark, number)
        made[folder] = contents(folder)
        return folder

    yield make
    if request.node.get_closest_marker("changes_photos") is None:
        for folder, before in made.items():
            after = contents(folder)
            left = {name: after.get(name) for name in before}  # a test may add files of its own
            assert left == before, f"an original in {folder} was written"
