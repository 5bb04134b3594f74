"""Crops rendered into an array that is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from landmark_gui.core.crops import Crop
from landmark_gui.core.geometry import Rect
from landmark_gui.core.sample import draw_sample
from landmark_gui.inference.rendering import render_crops


def planned(folder: Path, count: int) -> list[Crop]:
    crops = []
    for number in range(count):
        path = folder / f"{number}.png"
        draw_sample("Stone Arch", number, (160, 120))[0].save(path)
        crops.append(Crop(number, "b", path, "", (160, 120), Rect(8, 8, 90, 80), "x", "train"))
    return crops


def test_a_given_array_is_filled_and_returned(tmp_path: Path):
    crops = planned(tmp_path, 4)
    given = np.full((4, 32, 32, 3), 99, np.uint8)
    rendered = render_crops(crops, 32, images=given)
    assert np.shares_memory(rendered.images, given)
    np.testing.assert_array_equal(given, render_crops(crops, 32).images)


def test_unreadable_photos_leave_no_gap_and_no_second_array(tmp_path: Path):
    crops = planned(tmp_path, 5)
    whole = render_crops(crops, 32).images.copy()
    for lost in (0, 3):
        crops[lost].path.write_bytes(b"no photo")
    given = np.empty((5, 32, 32, 3), np.uint8)
    rendered = render_crops(crops, 32, images=given)
    assert rendered.images.shape[0] == 3 and np.shares_memory(rendered.images, given)
    np.testing.assert_array_equal(rendered.images, whole[[1, 2, 4]])
    assert [crop.photo_id for crop in rendered.crops] == [1, 2, 4]
    assert [path.name for path, _ in rendered.skipped] == ["0.png", "3.png"]
