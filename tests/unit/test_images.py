from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from tests.pillow_oracle import as_pillow_shows_it

Array = npt.NDArray[np.int16]
TURN_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def pixels(picture: Image.Image) -> Array:
    return np.asarray(picture).astype(np.int16)


def picture(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Another colour in each corner, so that no turn or mirror goes unseen."""
    drawn = Image.new("RGB", size, "white")
    width, height = size
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), "red")
    draw.rectangle((width // 2, 0, width, height // 2 - 1), "lime")
    draw.rectangle((0, height // 2, width // 2 - 1, height), "blue")
    return drawn


def save_turned(drawn: Image.Image, path: Path, orientation: int) -> None:
    """Save it as a camera held otherwise does: turned pixels, and the tag that says so."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = drawn.transpose(TURN_BACK[orientation]) if orientation > 1 else drawn
    stored.save(path, exif=exif.tobytes(), quality=100)  # in HEIC: an `irot` box, AVIF the same


def assert_alike(found: Image.Image, wanted: Image.Image, within: float = 4.0) -> None:
    """Same size, and colours alike on average: JPEG and WebP smear the borders between them."""
    assert found.size == wanted.size
    assert np.abs(pixels(found) - pixels(wanted)).mean() <= within


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif", "avif", "heic"])
def test_a_photo_comes_upright(tmp_path: Path, extension: str, orientation: int) -> None:
    path = tmp_path / f"turned.{extension}"
    save_turned(picture(), path, orientation)
    assert_alike(images.load(path), picture())
    assert_alike(images.load(path, 48), picture((48, 32)))
    assert images.header(path) == images.ImageHeader(images.header(path).format, 96, 64)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("extension", ["jpg", "png", "tif"])
def test_a_part_of_a_photo_is_cut_from_the_upright_one(
    tmp_path: Path, extension: str, orientation: int
) -> None:
    path, area = tmp_path / f"turned.{extension}", (30, 7, 71, 50)
    save_turned(picture(), path, orientation)
    assert_alike(images.part(path, area), images.load(path).crop(area), within=0)


def test_a_photo_is_decoded_to_fill_a_space(tmp_path: Path) -> None:
    for extension in ("png", "jpg", "webp"):
        path = tmp_path / f"wide.{extension}"
        save_turned(picture((1200, 400)), path, 6)
        decoded = images.decode(path, (300, 90))  # upright it is 1200 × 400: 270 × 90
        assert 270 <= decoded.width < 540 and 90 <= decoded.height < 180, extension
        assert_alike(decoded, picture(decoded.size))


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA", "CMYK", "P", "1", "I;16", "F"])
def test_a_photo_of_any_kind_looks_the_same_decoded_small(tmp_path: Path, mode: str) -> None:
    grey = Image.linear_gradient("L").resize((400, 300))
    if mode == "I;16":
        deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        deep = grey.convert("RGBA").convert(mode) if mode == "LA" else grey.convert(mode)
    deep.save(tmp_path / "any.tif")
    small = images.load(tmp_path / "any.tif", 100)
    whole = images.load(tmp_path / "any.tif").resize((100, 75), Image.Resampling.BOX)
    assert_alike(small, whole, within=12 if mode == "1" else 3)


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_ignored(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture().save(tmp_path / "odd.jpg", exif=exif, quality=100)
    assert_alike(images.load(tmp_path / "odd.jpg"), picture())


def test_broken_exif_does_not_hide_a_good_photo(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xffgarbage", quality=100)
    assert_alike(images.load(tmp_path / "a.jpg"), picture())


def png_with_late_exif(path: Path, orientation: int) -> None:
    """A PNG whose orientation stands behind its pixels, as the standard allows."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture().transpose(TURN_BACK[orientation]).save(path)
    data = exif.tobytes().removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(data)) + b"eXIf" + data
    chunk += struct.pack(">I", zlib.crc32(b"eXIf" + data))
    content = path.read_bytes()
    end = content.rindex(b"IEND") - 4
    path.write_bytes(content[:end] + chunk + content[end:])


def test_exif_behind_the_pixels_of_a_png_counts(tmp_path: Path) -> None:
    png_with_late_exif(tmp_path / "late.png", 6)
    header = images.header(tmp_path / "late.png")
    assert (header.width, header.height) == (96, 64)
    assert_alike(images.load(tmp_path / "late.png"), picture(), within=0)


def test_the_header_of_a_png_is_read_without_its_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import PngImagePlugin

    picture().save(tmp_path / "a.png")
    decoded = []
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", decoded.append)
    assert images.header(tmp_path / "a.png").width == 96
    assert not decoded


def swapped_profile() -> bytes:
    """An ICC profile in which red and green are exchanged, made of Pillow's sRGB."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    places = {}
    for number in range(int.from_bytes(profile[128:132])):
        entry = 132 + 12 * number
        places[bytes(profile[entry : entry + 4])] = slice(entry + 4, entry + 12)
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red], profile[green] = profile[green], profile[red]
    return bytes(profile)


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif", "avif", "heic"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_colours_of_a_profile_become_srgb(tmp_path: Path, extension: str, mode: str) -> None:
    if (extension, mode) == ("jpg", "RGBA"):
        pytest.skip("JPEG knows no transparency")
    import pillow_heif

    pillow_heif.register_heif_opener()
    path = tmp_path / f"swapped.{extension}"
    red = Image.new("RGB", (64, 64), (250, 20, 20)).convert(mode)
    red.save(path, icc_profile=swapped_profile(), quality=95)
    for found in (images.load(path), images.load(path, 16), images.part(path, (8, 8, 40, 40))):
        assert found.getpixel((5, 5)) == pytest.approx((20, 250, 20), abs=12)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P"])
@pytest.mark.parametrize("kind", ["broken", "of another mode", "sRGB"])
def test_a_profile_without_sense_or_need_changes_nothing(
    tmp_path: Path, mode: str, kind: str
) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    profile = {"broken": b"no profile", "of another mode": lab, "sRGB": srgb}[kind]
    picture().convert(mode).save(tmp_path / "plain.tif")
    picture().convert(mode).save(tmp_path / "profile.tif", icc_profile=profile)
    plain, found = images.load(tmp_path / "plain.tif"), images.load(tmp_path / "profile.tif")
    assert_alike(found, plain, within=0)


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_every_awkward_file_is_shown_as_pillow_shows_it_or_refused_with_a_reason(
    shared: Path,
) -> None:
    refused = {}
    for path in sorted((shared / "data" / "awkward").iterdir()):
        try:
            found = images.load(path)
        except ImageError as error:
            refused[path.name] = error.reason
            continue
        wanted, tolerance = as_pillow_shows_it(path)
        assert (found.mode, found.size) == ("RGB", wanted.size), path.name
        difference = ImageChops.difference(found, wanted).getextrema()
        assert max(high for _, high in difference) <= tolerance, path.name
        header = images.header(path)
        assert (header.width, header.height) == found.size, path.name
    assert all(refused.values())
    assert set(refused) == {
        "pillow__decompression_bomb.gif",
        "pillow__truncated_image.png",
        "pillow__truncated_jpeg.jpg",
        "pillow__zero_width.gif",
    }


@pytest.mark.shared
@pytest.mark.parametrize("side", [100, 999, 2000])
def test_a_large_photo_is_decoded_small_but_not_too_small(shared: Path, side: int) -> None:
    for path in sorted((shared / "data" / "large").iterdir()):
        header = images.header(path)
        full = max(header.width, header.height)
        decoded, shown = images.decode(path, side), images.load(path, side)
        assert side <= max(decoded.size) < max(2 * side, full / 8 + 1), path.name
        assert max(shown.size) == side
        for size in (decoded.size, shown.size):
            shorter = max(size) * min(header.width, header.height) / full
            assert abs(min(size) - shorter) <= 1.5, path.name


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "tif"])
def test_a_small_photo_is_never_enlarged(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"small.{extension}"
    picture().save(path)
    assert images.load(path, 5000).size == images.decode(path, 5000).size == (96, 64)
    assert images.load(path, 1).size == (1, 1)


def test_transparency_becomes_white(tmp_path: Path) -> None:
    rgba = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    rgba.putpixel((1, 1), (200, 0, 0, 255))
    rgba.putpixel((2, 2), (200, 0, 0, 128))
    rgba.save(tmp_path / "a.png")
    rgba.quantize().save(tmp_path / "palette.png")
    rgba.convert("LA").save(tmp_path / "grey.png")
    found = images.load(tmp_path / "a.png")
    assert found.getpixel((0, 0)) == (255, 255, 255)
    assert found.getpixel((1, 1)) == (200, 0, 0)
    assert found.getpixel((2, 2)) == pytest.approx((227, 127, 127), abs=1)
    for name in ("palette.png", "grey.png"):
        assert images.load(tmp_path / name).getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    for name in ("ramp.png", "ramp.tif"):
        Image.fromarray(ramp).save(tmp_path / name)
        found = pixels(images.load(tmp_path / name))
        assert np.abs(found[..., 0] - np.arange(256).reshape(16, 16)).max() <= 1


def test_floating_point_grey_is_stretched_to_what_it_holds(tmp_path: Path) -> None:
    heights = np.array([[-3.0, 1.0], [5.0, 1.0]], dtype=np.float32)
    Image.fromarray(heights).save(tmp_path / "relief.tif")
    found = pixels(images.load(tmp_path / "relief.tif"))
    assert found[..., 0].tolist() == [[0, 127], [255, 127]]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB"])
def test_every_kind_of_pixel_becomes_rgb(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (8, 6), 255)
    converted = Image.new("LAB", (8, 6), (255, 128, 128)) if mode == "LAB" else grey.convert(mode)
    converted.save(tmp_path / "any.tif")
    found = images.load(tmp_path / "any.tif")
    assert found.mode == "RGB"
    assert found.getpixel((3, 3)) == pytest.approx((255, 255, 255), abs=1)


def test_cmyk_jpeg_has_the_right_colours(tmp_path: Path) -> None:
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "red.jpg", quality=100)
    assert images.load(tmp_path / "red.jpg").getpixel((8, 8)) == pytest.approx((255, 0, 0), abs=3)


def test_the_content_counts_and_not_the_extension(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    renamed = (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert images.header(renamed).format == "PNG"
    assert_alike(images.load(renamed), picture(), within=0)


def png_of(width: int, height: int) -> bytes:
    """The first bytes of a PNG of that size, without its pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 1 << 20) + b"IDAT"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"no picture at all", "not a picture"),
        (b"\xff\xd8\xff\xe0", "damaged"),
        (png_of(20_000, 20_000), "20000 × 20000"),
        (png_of(100_000, 100_000), "more pixels than fit in memory"),
        (png_of(300, 200), "cut off"),
    ],
    ids=["empty", "text", "only a start", "large", "bomb", "truncated"],
)
def test_a_file_that_cannot_be_shown_is_named_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(ImageError) as caught:
        images.load(path)
    assert reason in caught.value.reason
    assert caught.value.path == path and str(path) in str(caught.value)


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_photo_that_is_cut_off_is_not_shown_half(tmp_path: Path, part: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for extension in ("jpg", "png", "webp", "gif", "avif"):
        path = tmp_path / f"a.{extension}"
        Image.fromarray(noise).save(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * part)])
        with pytest.raises(ImageError):
            images.load(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="missing"):
        images.header(tmp_path / "gone.jpg")
    with pytest.raises(ImageError):
        images.load(tmp_path)


def test_reading_leaves_the_photo_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    save_turned(picture(), path, 6)
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    images.header(path), images.load(path), images.decode(path, 20), images.content_hash(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [item.name for item in tmp_path.iterdir()] == ["a.jpg"]


def test_the_hash_is_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"any bytes")
    assert images.content_hash(path) == hashlib.blake2b(b"any bytes", digest_size=16).hexdigest()


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("A.JPG", b"", True),
        ("photo.heic", b"", True),
        ("film.mp4", FILM, False),
        ("film.mov", b"\0\0\0\x14ftypqt  \0\0\0\0", False),
        ("BMX.txt", b"BMX bikes of Seoul", False),
        ("readme", b"", False),
        ("phone.img", b"\0\0\0\x18ftypheic\0\0\0\0", True),
        ("web", b"RIFF\0\0\0\0WEBPVP8 ", True),
        ("sound.wav", b"RIFF\0\0\0\0WAVEfmt ", False),
    ],
)
def test_what_counts_as_a_photo(tmp_path: Path, name: str, content: bytes, expected: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert images.is_photo(tmp_path / name) is expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_a_photo_is_known_by_its_first_bytes(tmp_path: Path, kind: str) -> None:
    picture().save(tmp_path / "no extension", kind)
    assert images.is_photo(tmp_path / "no extension")
