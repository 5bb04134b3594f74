"""Copies of a photo as they come about in collections, for the benchmark of duplicates."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Change = Callable[[Image.Image, random.Random], Image.Image]


def write_copy(kind: str, photo: Path, copy: Path) -> None:
    """Write what `kind` makes of a photo; the same each time for the same name."""
    if kind == "exact":
        copy.write_bytes(photo.read_bytes())
    elif kind == "other EXIF":
        copy.write_bytes(_with_exif(photo.read_bytes()))
    else:
        with Image.open(photo) as opened:
            changed = NEAR[kind](opened.convert("RGB"), random.Random(photo.name))
        changed.save(copy, "JPEG", quality=90)


def _with_exif(jpeg: bytes) -> bytes:
    """The same compressed picture behind another header."""
    exif = Image.Exif()
    exif[0x0131] = "another program"
    content = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    return jpeg[:2] + b"\xff\xe1" + (len(content) + 2).to_bytes(2) + content + jpeg[2:]


def _recompressed(quality: int, photo: Image.Image, _: random.Random) -> Image.Image:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def _resized(share: float, photo: Image.Image, _: random.Random) -> Image.Image:
    return photo.resize((round(photo.width * share), round(photo.height * share)))


def _cropped(share: float, photo: Image.Image, chance: random.Random) -> Image.Image:
    left, top = chance.uniform(0, share) * photo.width, chance.uniform(0, share) * photo.height
    width, height = photo.width * (1 - share), photo.height * (1 - share)
    return photo.crop((round(left), round(top), round(left + width), round(top + height)))


def _lit(factor: float, photo: Image.Image, _: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(photo).enhance(factor)


def _turned(degrees: float, photo: Image.Image, chance: random.Random) -> Image.Image:
    return photo.rotate(degrees * chance.choice((-1, 1)), Image.Resampling.BICUBIC)


def _framed(photo: Image.Image, chance: random.Random) -> Image.Image:
    return ImageOps.expand(photo, max(photo.size) // 25, chance.choice(("white", "black")))


def _written_over(photo: Image.Image, _: random.Random) -> Image.Image:
    place = (photo.width * 0.04, photo.height * 0.9)
    size = max(10, photo.height // 18)
    ImageDraw.Draw(photo).text(place, "(c) 2024 photos.example", "white", font_size=size)
    return photo


NEAR: dict[str, Change] = {
    "JPEG 30": partial(_recompressed, 30),
    "JPEG 60": partial(_recompressed, 60),
    "JPEG 90": partial(_recompressed, 90),
    "half size": partial(_resized, 1 / 2),
    "quarter size": partial(_resized, 1 / 4),
    "2 % cut off": partial(_cropped, 0.02),
    "5 % cut off": partial(_cropped, 0.05),
    "brighter by 20 %": partial(_lit, 1.2),
    "darker by 20 %": partial(_lit, 0.8),
    "turned by 1°": partial(_turned, 1),
    "turned by 2°": partial(_turned, 2),
    "border": _framed,
    "grey": lambda photo, _: photo.convert("L").convert("RGB"),
    "text over it": _written_over,
    "mirrored": lambda photo, _: ImageOps.mirror(photo),
}
KINDS = ("exact", "other EXIF", *NEAR)
