"""Boxes drawn with mouse and keys in a real window, light and dark, at 1× and 2×; a hundred of
them where there is time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_gui.core.store import ProjectStore
from tests.desktop import Desktop, count, needs_desktop, open_desktop, wait_for
from tests.thorough import thorough

pytestmark = needs_desktop

ROWS, COLUMNS = 2, 5
EACH = ROWS * COLUMNS
FIRST, STEP, SIZE = (450, 260), (80, 130), (56, 90)


def boxes_on_the_photo() -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Ten places side by side that lie on the photo when it fills the view."""
    corners = [
        (FIRST[0] + column * STEP[0], FIRST[1] + row * STEP[1])
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]
    return [((x, y), (x + SIZE[0], y + SIZE[1])) for x, y in corners]


def draw_ten(desktop: Desktop) -> None:
    """Ten boxes, each named by a key once it is drawn, every other one as the second landmark."""
    for number, (start, end) in enumerate(boxes_on_the_photo()):
        desktop.drag(start, end)
        desktop.keys("2" if number % 2 else "1")


@pytest.mark.parametrize(
    ("theme", "scale", "photos"),
    thorough([("light", 1, 3), ("dark", 2, 1)], [("light", 1, 10), ("dark", 2, 1)]),
)
def test_a_hundred_boxes(
    theme: str, scale: int, photos: int, photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = photo_folder(each=photos, landmarks=("Red Tower",))
    project, settings = folder.with_suffix(".landmarks"), tmp_path / "settings"
    settings.mkdir()
    (settings / "settings.toml").write_text(f'theme = "{theme}"\n', "utf-8")
    with (
        open_desktop(scale) as desktop,
        desktop.program(folder, settings=settings) as program,
    ):
        desktop.fill_screen("photos – Landmark GUI")
        wait_for(lambda: count(project, "photos") == photos, 20)
        desktop.keys("n")
        for name in ("Tower", "Dome"):
            desktop.do("type", "--delay", "30", name)
            desktop.keys("Return")
        wait_for(lambda: count(project, "landmarks") == 2, 10)
        desktop.click((660, 640))
        for number in range(1, photos + 1):
            draw_ten(desktop)
            wait_for(lambda done=number: count(project, "boxes") == done * EACH, 10)
            if keep := os.environ.get("LANDMARK_GUI_PICTURES"):
                desktop.picture(Path(keep) / f"boxes-{theme}-{scale}x.png")
            desktop.keys("d")
        # Back over the name of the last box, the box, and the name of the one before; that again.
        desktop.keys("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+y")
        wait_for(lambda: count(project, "boxes") == photos * EACH - 1, 10)
        desktop.keys("ctrl+q")
        assert program.wait(timeout=20) == 0
    with ProjectStore.open(project) as store:
        drawn = store.load()
    per_photo = Counter(box.photo_id for box in drawn.boxes.values())
    assert sorted(per_photo.values()) == [EACH - 1, *[EACH] * (photos - 1)]
    named = Counter(drawn.landmarks[box.landmark_id].name for box in drawn.boxes.values())
    assert named == {"Tower": photos * EACH // 2, "Dome": photos * EACH // 2 - 1}
    for box in drawn.boxes.values():
        photo = drawn.photos[box.photo_id]
        assert 0 <= box.rect.x < box.rect.right <= photo.width
        assert 0 <= box.rect.y < box.rect.bottom <= photo.height
