"""Small files that claim to be huge are refused by their header, before memory is asked for."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

ROOM_MB = 64
SIDE = 60_000


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes, side: int = 4) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((3 * 4 + 1) * 4)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def zeros() -> bytes:
    return zlib.compress(bytes(400_000_000), 9)


def gif() -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", 0xFFFF, 0xFFFF, 0, 0, 0)
    picture = b"," + struct.pack("<HHHHB", 0, 0, 0xFFFF, 0xFFFF, 0)
    return screen + picture + b"\x08\x02\x01\x01\0\x3b"


def bmp() -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def tiff() -> bytes:
    tags = {256: SIDE, 257: SIDE, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: SIDE, 279: 100}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(4)


def jpeg() -> bytes:
    content = saved("JPEG")
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", 65_500, 65_500) + content[place + 4 :]


def webp() -> bytes:
    size = (16_383).to_bytes(3, "little")  # the largest that the format can say
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + size
    return b"RIFF" + struct.pack("<I", 4 + len(extended)) + b"WEBP" + extended


def heif(kind: str) -> bytes:
    content = saved(kind)
    place = content.index(b"ispe") + 8
    return content[:place] + struct.pack(">II", SIDE, SIDE) + content[place + 8 :]


def saved(kind: str) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    content = BytesIO()
    Image.new("RGB", (64, 64), "red").save(content, kind)
    return content.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "png": lambda: png(side=SIDE),
    "png text": lambda: png(chunk(b"zTXt", b"Comment\0\0" + zeros())),
    "png profile": lambda: png(chunk(b"iCCP", b"sRGB\0\0" + zeros())),
    "gif": gif,
    "bmp": bmp,
    "tiff": tiff,
    "jpeg": jpeg,
    "webp": webp,
    "avif": lambda: heif("AVIF"),
    "heic": lambda: heif("HEIF"),
}
READ = """
import json, sys
from pathlib import Path
from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from PIL import Image
import pillow_heif

def peak():
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1e3

before, said = peak(), []
for read in (images.header, images.load, lambda path: images.load(path, 72)):
    try:
        said.append(str(read(Path(sys.argv[1]))))
    except ImageError as error:
        said.append("refused: " + error.reason)
print(json.dumps({"said": said, "grown": peak() - before}))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux does")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_no_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[name]())
    command = [sys.executable, "-c", READ, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
    result = json.loads(done.stdout)
    assert result["grown"] < ROOM_MB, result
    assert all(said.startswith("refused: ") for said in result["said"]), result
    if name in ("png", "gif", "bmp", "tiff", "jpeg", "heic"):
        assert all("more pixels than fit in memory" in said for said in result["said"]), result
