"""A photo as Pillow alone shows it: what our loader is measured against."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps


def as_pillow_shows_it(path: Path) -> tuple[Image.Image, int]:
    """The photo upright, in sRGB, on white; and how far our values may be from it, of 255."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened)
    if upright.mode == "I;16":  # Pillow cuts off what is above 255
        grey = np.round(np.asarray(upright) / 257).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB"), 1
    profile = upright.info.get("icc_profile")
    clear = upright.has_transparency_data
    if upright.mode not in ("RGB", "RGBA", "CMYK", "L"):
        upright = upright.convert("RGBA" if clear else "RGB")
    managed = _in_srgb(upright, profile) if profile else upright
    tolerance = 3 if profile else 0  # a profile that is nearly sRGB is left alone
    if not clear:
        return managed.convert("RGB"), tolerance
    rgba = np.asarray(managed.convert("RGBA")).astype(np.int16)  # Pillow drops it; paper is white
    alpha = rgba[..., 3:] / 255
    on_paper = np.round(rgba[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return Image.fromarray(on_paper), tolerance + 1


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    out = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        managed = ImageCms.profileToProfile(picture, source, srgb, outputMode=out)
    except ImageCms.PyCMSError:
        return picture
    assert managed is not None
    return managed
