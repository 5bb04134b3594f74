"""Which pixels a crop holds: margins, squares, what lies outside, and photos decoded small."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landmark_gui.core import crops, images
from landmark_gui.core.crops import FILL, Crop, CropSettings, FileSettings
from landmark_gui.core.crops.cutting import encode_all
from landmark_gui.core.geometry import Rect
from landmark_gui.core.preprocess import averaged
from landmark_gui.core.sample import draw_sample
from landmark_gui.inference.rendering import render_crops
from tests.crop_workshop import Workshop

sides = st.floats(1, 300)
places = st.floats(-200, 300)
settings = st.builds(
    CropSettings,
    margin=st.floats(0, 1),
    shape=st.sampled_from(("free", "square")),
    edge=st.sampled_from(("clamp", "pad")),
)


@given(settings, st.builds(Rect, places, places, sides, sides), st.integers(1, 250), sides)
def test_a_crop_holds_what_is_seen_of_its_box(
    cut: CropSettings, box: Rect, width: int, height: float
) -> None:
    height = int(height)
    rect, seen = cut.rect(box, width, height), box.clamped(width, height)
    if seen.w < 1 or seen.h < 1:
        assert rect.area == 0
        return
    near = 1e-6
    assert rect.x <= seen.x + near and rect.right >= seen.right - near
    assert rect.y <= seen.y + near and rect.bottom >= seen.bottom - near
    if cut.edge == "clamp":
        assert rect.x >= 0 and rect.right <= width + near
        assert rect.y >= 0 and rect.bottom <= height + near
    room = cut.edge == "pad" or max(seen.w, seen.h) <= min(width, height)
    if cut.shape == "square" and room:
        assert rect.w == pytest.approx(rect.h)


@pytest.mark.parametrize(
    ("cut", "rect"),
    [
        (CropSettings(margin=10, margin_unit="pixels"), Rect(10, 30, 60, 40)),
        (CropSettings(margin=30, margin_unit="pixels"), Rect(0, 10, 90, 80)),
        (CropSettings(margin=30, margin_unit="pixels", edge="pad"), Rect(-10, 10, 100, 80)),
        (CropSettings(shape="square"), Rect(20, 30, 40, 40)),
        (CropSettings(margin=0.5, shape="square"), Rect(0, 10, 80, 80)),
        (CropSettings(margin=1, shape="square"), Rect(0, 0, 100, 100)),  # 120 do not fit in
        (CropSettings(margin=1, shape="square", edge="pad"), Rect(-20, -10, 120, 120)),
    ],
)
def test_the_margin_and_the_shape_of_a_crop(cut: CropSettings, rect: Rect) -> None:
    assert cut.rect(Rect(20, 40, 40, 20), 200, 100) == rect


def test_a_box_wider_than_its_photo_is_high_is_not_cut_for_a_square() -> None:
    assert CropSettings(shape="square").rect(Rect(50, 20, 150, 60), 300, 100) == Rect(
        50, 0, 150, 100
    )


@pytest.mark.parametrize("edge", ["clamp", "pad"])
@pytest.mark.parametrize("shape", ["free", "square"])
def test_a_box_outside_its_photo_gives_no_crop(workshop: Workshop, edge, shape) -> None:
    workshop.box(Rect(97, 5, 20, 20))
    workshop.box(Rect(-30, 5, 30, 20))
    around = CropSettings(margin=50, margin_unit="pixels", edge=edge, shape=shape)
    assert workshop.plan(around) == []


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_a_padded_crop_shows_outside_of_its_photo_is_grey(
    workshop: Workshop, orientation: int
) -> None:
    turn(workshop, orientation)
    workshop.box(Rect(-10, 30, 60, 25))
    workshop.export(FileSettings(form="png"), CropSettings(edge="pad"))
    (path,) = workshop.out.rglob("*.png")
    upright = images.load(workshop.photos_dir / "1.jpg")
    wanted = Image.new("RGB", (60, 25), FILL)
    wanted.paste(upright.crop((0, 30, 50, 55)), (10, 0))
    assert np.array_equal(images.load(path), wanted)


def turn(workshop: Workshop, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = workshop.photos_dir / "1.jpg"
    with Image.open(path) as drawn:
        drawn.save(path, exif=exif, quality=95)
    workshop.project.put_photos([workshop.describe(workshop.project.photos[1])])


def large_photo(path: Path, orientation: int, size: tuple[int, int] = (1237, 931)) -> None:
    picture, _ = draw_sample("Stone Arch", 3, size)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture.save(path, quality=92, exif=exif)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_a_photo_decoded_small_gives_the_crop_of_all_its_pixels(
    tmp_path: Path, orientation: int, scale: int
) -> None:
    """Neither the place nor the detail: an odd size makes the last pixels of a scale half empty."""
    path = tmp_path / "large.jpg"
    large_photo(path, orientation)
    header = images.header(path)
    rect = Rect(131, 77, 641, 643)
    whole = header.width, header.height
    crop = Crop(1, "b", path, "", whole, rect, "Arch", "train")
    size = int(641 / (2 * scale))
    upright = images.load(path)

    def exact(dx: int, dy: int) -> np.ndarray:
        cut = upright.crop((131 + dx, 77 + dy, 131 + dx + 641, 77 + dy + 643))
        return averaged(np.asarray(cut), (0.0, 0.0, 641.0, 643.0), (size, size)).astype(int)

    assert images.stored(path, scale).scale == scale
    seen = crops.render(crop, size).astype(int)
    off = np.abs(seen - exact(0, 0))
    assert off.mean() < 1 and np.percentile(off, 99) < 10
    step = 2 * scale  # half a pixel of what is seen: nearer than any crop in whole small pixels
    for shift in ((scale, 0), (0, scale), (-scale, 0), (0, -scale), (step, step)):
        assert off.mean() < 0.6 * np.abs(seen - exact(*shift)).mean()


def test_averages_count_the_pixels_that_are_cut_through_by_their_share() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    (found,) = averaged(image, (0.5, 1.0, 2.5, 2.0), (1, 1))[0]
    assert found.tolist() == [round(np.dot([0.25, 0.5, 0.25], image[1, :3, c])) for c in range(3)]


@given(st.integers(0, 2**32 - 1))
def test_averages_agree_with_those_over_repeated_pixels(seed: int) -> None:
    """Repeated four times, the part has whole numbers, and a plain mean can be taken."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (12, 14, 3), np.uint8)
    (left, top), across, down = rng.integers(0, 8, 2), *rng.integers(2, 6, 2) * 2
    box = (left / 4, top / 4, left / 4 + across, top / 4 + down)
    found = averaged(image, box, (int(across) // 2, int(down) // 2))
    large = image.repeat(4, 0).repeat(4, 1)[top : top + 4 * down, left : left + 4 * across]
    wanted = large.reshape(down // 2, 8, across // 2, 8, 3).mean((1, 3))
    assert np.abs(found - wanted).max() <= 0.5 + 1e-9


@pytest.mark.parametrize("resampling", ["bicubic", "lanczos"])
def test_the_other_ways_to_resize_are_pillows(workshop: Workshop, resampling) -> None:
    workshop.box(Rect(3, 11, 80, 40))
    workshop.export(FileSettings(size=60, resampling=resampling, form="png"))
    (path,) = workshop.out.rglob("*.png")
    with Image.open(workshop.photos_dir / "1.jpg") as stored:
        cut = stored.crop((3, 11, 83, 51))
        wanted = cut.resize((60, 30), Image.Resampling[resampling.upper()])
    assert np.array_equal(images.load(path), wanted)


def test_jpeg_has_the_quality_that_was_asked_for(workshop: Workshop) -> None:
    workshop.box(Rect(0, 0, 60, 60))
    workshop.export(FileSettings(quality=30))
    ((content, _),) = workshop.files().values()
    buffer = BytesIO()
    with Image.open(workshop.photos_dir / "1.jpg") as stored:
        stored.crop((0, 0, 60, 60)).save(buffer, "JPEG", quality=30)
    assert content == buffer.getvalue()


def test_a_square_stays_square_to_the_pixel(workshop: Workshop) -> None:
    for x in (3.2, 3.5, 4.5, 7.9):
        workshop.box(Rect(x, 10.4, 30.5, 21))
    workshop.export(FileSettings(), CropSettings(shape="square"))
    sizes = {images.load(path).size for path in workshop.out.rglob("*.jpg")}
    assert len(sizes) == 1 and len(set(sizes.pop())) == 1


def test_a_crop_does_not_depend_on_its_neighbours(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "large.jpg"
    large_photo(path, 6)
    rects = Rect(0, 0, 900, 1200), Rect(100, 100, 200, 210), Rect(3, 3, 30, 30)
    planned = [Crop(1, "b", path, "", (931, 1237), rect, "x", "train") for rect in rects]
    files = FileSettings(size=48)
    assert encode_all(planned, files) == [encode_all([crop], files)[0] for crop in planned]
    alone = [crops.render(crop, 32) for crop in planned]
    decoded: list[int] = []
    decode = images.stored
    monkeypatch.setattr(
        images, "stored", lambda path, scale: decoded.append(scale) or decode(path, scale)
    )
    assert np.array_equal(render_crops(planned, 32).images, alone)
    assert sorted(decoded) == sorted(set(decoded))


def test_a_format_that_cannot_be_decoded_small_is_decoded_once(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "large.png"
    draw_sample("Stone Arch", 3, (640, 480))[0].save(path)
    rects = Rect(0, 0, 600, 400), Rect(0, 0, 300, 300), Rect(3, 3, 60, 60)
    planned = [Crop(1, "b", path, "", (640, 480), rect, "x", "train") for rect in rects]
    decoded: list[int] = []
    decode = images.stored
    monkeypatch.setattr(
        images, "stored", lambda path, scale: decoded.append(scale) or decode(path, scale)
    )
    for crop, seen in zip(planned, crops.render_all(planned, 24), strict=True):
        cut = images.load(path).crop((crop.rect.x, crop.rect.y, crop.rect.right, crop.rect.bottom))
        box = (0.0, 0.0, float(cut.width), float(cut.height))
        assert np.array_equal(seen, averaged(np.asarray(cut), box, (24, 24)))
    assert len(decoded) == 1


def test_rendered_crops_keep_their_order_and_name_what_is_damaged(workshop: Workshop) -> None:
    for photo_id in (1, 2, 3, 1, 2, 3):
        workshop.box(Rect(photo_id, 2, 30, 40), photo_id=photo_id)
    planned = sorted(workshop.plan(), key=lambda crop: crop.box_id or "")
    (workshop.photos_dir / "2.jpg").write_bytes(b"damaged")
    told: list[tuple[int, int]] = []
    rendered = render_crops(planned, 32, lambda done, total: told.append((done, total)))
    assert rendered.crops == [crop for crop in planned if crop.photo_id != 2]
    for crop, pixels in zip(rendered.crops, rendered.images, strict=True):
        assert np.array_equal(pixels, crops.render(crop, 32))
    assert [path.name for path, _ in rendered.skipped] == ["2.jpg", "2.jpg"]
    assert told[-1] == (6, 6)


def test_a_box_without_end_costs_its_photo_and_not_the_memory(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.box(Rect(-1e6, -1e6, 3e6, 3e6), 1)
    workshop.box(Rect(1, 2, 30, 40), 2)
    report = workshop.export(cut=CropSettings(edge="pad"))
    assert report.written == 1
    assert report.skipped == [
        (workshop.photos_dir / "1.jpg", "a box on it is far larger than the photo")
    ]


def test_a_photo_too_wide_for_jpeg_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    Image.new("RGB", (66_000, 4)).save(workshop.photos_dir / "1.jpg", "PNG")
    workshop.project.put_photos([workshop.describe(workshop.project.photos[1])])
    for photo_id, width in ((1, 66_000), (2, 30)):
        workshop.box(Rect(0, 0, width, 4), photo_id)
    report = workshop.export()
    assert report.written == 1
    assert report.skipped == [
        (workshop.photos_dir / "1.jpg", "66000 × 4 pixels are too many for this format")
    ]
    assert workshop.export(FileSettings(size=512)).skipped == []
