from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.quality.check_looks import judged
from landmark_gui.core.quality.measure import Look, look, measure, sharpness
from landmark_gui.core.quality.report import Fault
from tests.quality_scenes import picture

Pixels = npt.NDArray[np.uint8]


def subject_before_sky(blur: float = 0.0) -> Pixels:
    """A small thing with fine detail, in focus or not, before a sky without any."""
    rows = np.linspace(140, 220, 256)[:, None]
    sky = np.repeat(np.repeat(rows, 256, axis=1)[:, :, None], 3, axis=2).astype(np.uint8)
    sky[150:230, 100:160] = np.kron(
        np.random.default_rng(0).integers(0, 256, (16, 12, 3), np.uint8),
        np.ones((5, 5, 1), np.uint8),
    )
    return cv2.GaussianBlur(sky, (0, 0), blur) if blur else sky


def moved(pixels: Pixels, degrees: float, length: int = 11) -> Pixels:
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D((length // 2, length // 2), degrees, 1)
    return cv2.filter2D(pixels, -1, cv2.warpAffine(line, turn, (length, length)))


def fault(pixels: Pixels) -> Fault | None:
    found = judged(look(pixels))
    return found[0] if found is not None else None


def test_a_sharp_thing_before_a_smooth_sky_is_sharp() -> None:
    assert fault(subject_before_sky()) is None


@pytest.mark.parametrize("blur", [1.5, 3, 6, 12])
def test_out_of_focus_is_blurred(blur: float) -> None:
    assert fault(subject_before_sky(blur)) is Fault.BLURRED


@pytest.mark.parametrize("degrees", [0, 45, 90, 135])
def test_a_moved_camera_blurs_in_any_direction(degrees: float) -> None:
    assert fault(moved(picture(1), degrees)) is Fault.BLURRED
    assert fault(picture(1)) is None


def test_grain_does_not_make_a_blurred_picture_sharp() -> None:
    blurred = cv2.GaussianBlur(picture(1), (0, 0), 4).astype(float)
    grain = np.random.default_rng(0).normal(0, 3, blurred.shape)

    assert fault(np.clip(blurred + grain, 0, 255).astype(np.uint8)) is Fault.BLURRED


@pytest.mark.parametrize("contrast", [0.25, 0.5, 1.0])
def test_sharpness_is_one_of_edges_and_not_of_contrast(contrast: float) -> None:
    grey = cv2.cvtColor(picture(1), cv2.COLOR_RGB2GRAY)

    assert sharpness((grey * contrast).astype(np.uint8)) == pytest.approx(sharpness(grey), abs=0.05)


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (2, 2), (60, 60)])
def test_without_an_edge_sharpness_is_0(shape: tuple[int, int]) -> None:
    assert sharpness(np.full(shape, 90, np.uint8)) == 0


def test_stripes_in_one_direction_alone_are_judged_by_those() -> None:
    stripes = np.tile(np.repeat(np.array([40, 200], np.uint8), 8), (120, 10))

    assert sharpness(stripes) > 0.9
    assert sharpness(cv2.GaussianBlur(stripes, (0, 0), 2)) < 0.36


def test_a_lit_tower_at_night_is_dark_and_fine() -> None:
    night = np.full((240, 180, 3), 6, np.uint8)
    night[40:220, 80:100] = picture(3)[:180, :20]

    seen = look(night)

    assert seen.brightness < 0.1
    assert fault(night) is None


def test_where_even_the_brightest_part_is_nearly_black_it_is_dark() -> None:
    assert fault(picture(1) // 5) is Fault.DARK


def test_a_white_sky_is_no_overexposure() -> None:
    day = picture(2).copy()
    day[: len(day) * 3 // 5] = 255

    assert look(day).bright > 0.5
    assert fault(day) is None


def test_what_lost_its_light_tones_is_overexposed() -> None:
    bright = np.clip(picture(2).astype(int) * 2 + 100, 0, 255).astype(np.uint8)

    assert fault(bright) is Fault.OVEREXPOSED


def test_colour_is_that_of_the_most_colourful_part() -> None:
    grey = np.repeat(picture(1)[:, :, :1], 3, axis=2)
    assert look(grey).colour == 0

    grey[:40, :40] = (200, 40, 40)

    assert look(grey).colour > 0.5


def test_areas_are_measured_at_the_scale_of_the_smallest(tmp_path: Path) -> None:
    pixels = np.kron(picture(5), np.ones((4, 4, 1), np.uint8))
    path = tmp_path / "large.png"
    Image.fromarray(pixels).save(path)
    height, width = pixels.shape[:2]

    whole, part = measure(path, (width, height), [None, Rect(200, 100, 300, 200)])

    assert part == look(pixels[100:300, 200:500])
    assert whole.sharpness > 0.36


def test_every_figure_is_a_plain_number() -> None:
    import json
    from dataclasses import astuple

    seen = look(picture(1))

    assert Look(*json.loads(json.dumps(astuple(seen)))) == seen


# A file that lost its end


def jpeg(path: Path, pixels: Pixels, **options: object) -> bytes:
    Image.fromarray(pixels).save(path, "JPEG", quality=90, **options)
    return path.read_bytes()


def measured(path: Path) -> Look:
    header = images.header(path)
    return measure(path, (header.width, header.height), [None])[0]


FORMATS = {
    "jpeg": {"format": "JPEG", "quality": 90},
    "progressive": {"format": "JPEG", "quality": 90, "progressive": True},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP"},
    "lossless webp": {"format": "WEBP", "lossless": True},
    "avif": {"format": "AVIF"},
}


@pytest.fixture
def large() -> Pixels:
    return np.asarray(
        Image.fromarray(picture(4)).resize((900, 700), Image.Resampling.BICUBIC).effect_spread(9)
    )


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("rest", ["gone", "zeros"])
def test_a_file_that_lost_its_end_is_told(
    tmp_path: Path, large: Pixels, kind: str, share: float, rest: str
) -> None:
    path = tmp_path / "photo"
    Image.fromarray(large).save(path, **FORMATS[kind])  # type: ignore[arg-type]
    content = path.read_bytes()
    assert measured(path).sharpness > 0
    kept = content[: int(share * len(content))]

    path.write_bytes(kept if rest == "gone" else kept.ljust(len(content), b"\0"))

    with pytest.raises(ImageError):
        measured(path)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_jpeg_whose_lower_part_is_painted_grey_is_told(
    tmp_path: Path, large: Pixels, orientation: int, share: float
) -> None:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = jpeg(path, large, exif=exif)
    path.write_bytes(content[: int(share * len(content))] + b"\xff\xd9")

    with pytest.raises(ImageError, match="the end of the file is missing"):
        measured(path)


@pytest.mark.parametrize("kind", ["jpeg", "progressive", "png", "webp", "lossless webp"])
@pytest.mark.parametrize("zeros", [1_100, 65_536 - 3, 200_000])
def test_a_file_that_is_filled_up_with_zeros_is_whole(
    tmp_path: Path, large: Pixels, kind: str, zeros: int
) -> None:
    path = tmp_path / "photo"
    Image.fromarray(large).save(path, **FORMATS[kind])  # type: ignore[arg-type]
    path.write_bytes(path.read_bytes() + bytes(zeros))

    assert measured(path) == look(np.asarray(images.decode(path, 256)))


def test_a_grey_frame_is_no_missing_end(tmp_path: Path, large: Pixels) -> None:
    framed = large.copy()
    framed[:60] = framed[-60:] = 128
    path = tmp_path / "photo.jpg"
    jpeg(path, framed)

    assert measured(path).sharpness > 0


@pytest.mark.shared
def test_real_photos_are_sharp_until_they_are_blurred(shared: Path) -> None:
    photos = sorted((shared / "data" / "wonders").rglob("*.jpg"))[::12]
    assert len(photos) > 20
    for path in photos:
        pixels = np.asarray(images.load(path))
        sigma = 0.01 * max(pixels.shape)
        assert look(pixels).sharpness > 0.4, path
        assert look(cv2.GaussianBlur(pixels, (0, 0), sigma)).sharpness < 0.3, path
