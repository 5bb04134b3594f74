"""When a photo was taken, from EXIF that cameras and programs write, or break."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from landmark_gui.core import images

WRITTEN, TAKEN, DIGITIZED = 0x0132, 0x9003, 0x9004
DATE, ISO = "2024:05:31 18:04:59", "2024-05-31T18:04:59"


def saved(path: Path, entries: dict[int, object]) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 1
    for tag, value in entries.items():
        (exif if tag == WRITTEN else exif.get_ifd(0x8769))[tag] = value
    Image.new("RGB", (8, 6)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
def test_the_moment_of_the_picture_is_read(tmp_path: Path, extension: str) -> None:
    path = saved(tmp_path / f"a.{extension}", {TAKEN: DATE, DIGITIZED: "2025:01:01 00:00:00"})
    assert images.header(path).taken == ISO


@pytest.mark.parametrize("tag", [DIGITIZED, WRITTEN])
def test_another_date_stands_in_for_it(tmp_path: Path, tag: int) -> None:
    path = saved(tmp_path / "a.jpg", {TAKEN: "0000:00:00 00:00:00", tag: DATE})
    assert images.header(path).taken == ISO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "    :  :     :  :  ",
        "0000:00:00 00:00:00",
        "2024:13:45 99:99:99",
        "yesterday",
        "\0",
        "☃",
    ],
)
def test_nonsense_is_no_date(tmp_path: Path, text: str) -> None:
    header = images.header(saved(tmp_path / "a.jpg", {TAKEN: text.encode(), WRITTEN: 7}))
    assert (header.taken, header.width) == ("", 8)


def test_a_date_with_a_nul_and_fractions_counts(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", {TAKEN: DATE + ".50\0"})
    assert images.header(path).taken == ISO


def test_a_photo_without_exif_has_no_date(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "a.png")
    assert images.header(tmp_path / "a.png").taken == ""


@pytest.mark.shared
def test_dates_of_real_photos_are_those_that_pillow_shows(shared: Path) -> None:
    for path in sorted((shared / "data" / "large").glob("*.jpg")):
        with Image.open(path) as photo:
            shown = photo.getexif().get_ifd(0x8769).get(TAKEN, "")
        date, _, time = shown.partition(" ")
        assert images.header(path).taken == (f"{date.replace(':', '-')}T{time}" if shown else "")
