"""TFRecord files and `tf.train.Example`s, written without TensorFlow.

A record is its length (8 bytes, little-endian), the masked CRC-32C of those, its bytes, and the
masked CRC-32C of them; see TensorFlow's `tensorflow/core/lib/io/record_writer.h`. An `Example` is a
protocol buffer; its few kinds of fields are in `tensorflow/core/example/feature.proto`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Registers = npt.NDArray[np.uint32]

Value = bytes | str | int | float | list[float]

_POLYNOMIAL = 0x82F63B78
"""Castagnoli's, bits reversed."""
_LANE = 64
"""Bytes that are run through one after the other; lanes of that length side by side."""
_LENGTH_FIRST = 2
"""Wire type of protocol buffers: a length and so many bytes."""


def record(content: bytes) -> bytes:
    """`content` as it lies in a TFRecord file."""
    length = struct.pack("<Q", len(content))
    return length + _masked(length) + content + _masked(content)


def example(features: Mapping[str, Value]) -> bytes:
    """A `tf.train.Example`; names in alphabetical order, so the bytes are always the same."""
    entries = (
        _field(1, _field(1, name.encode()) + _field(2, _feature(features[name])))
        for name in sorted(features)
    )
    return _field(1, b"".join(entries))


def _feature(value: Value) -> bytes:
    """A `Feature`: of its three lists (bytes, floats, whole numbers) the one that fits."""
    if isinstance(value, str | bytes):
        return _field(1, _field(1, value.encode() if isinstance(value, str) else value))
    if isinstance(value, int):
        return _field(3, _field(1, _varint(value)))
    numbers = value if isinstance(value, list) else [value]
    return _field(2, _field(1, struct.pack(f"<{len(numbers)}f", *numbers)))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_FIRST) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    value &= 2**64 - 1  # negative ones as two's complement
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def _masked(content: bytes) -> bytes:
    """Rotated and shifted, as a checksum of data that hold checksums needs it."""
    crc = crc32c(content)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def crc32c(content: bytes) -> int:
    """CRC-32C (RFC 3720). The checksum is linear, so lanes are summed side by side and joined."""
    import numpy as np

    register = 0xFFFFFFFF
    whole = len(content) // _LANE * _LANE
    if whole:
        lanes = np.frombuffer(content, np.uint8, whole).reshape(-1, _LANE)
        ahead = _ahead()
        for lane in _run(np.zeros(len(lanes), np.uint32), lanes).tolist():
            register = (
                ahead[0][register & 255]
                ^ ahead[1][register >> 8 & 255]
                ^ ahead[2][register >> 16 & 255]
                ^ ahead[3][register >> 24]
                ^ lane
            )
    table = _plain_table()
    for byte in content[whole:]:
        register = table[(register ^ byte) & 255] ^ register >> 8
    return register ^ 0xFFFFFFFF


@lru_cache(maxsize=1)
def _table() -> Registers:
    """What each low byte of the register turns it into, eight bits later."""
    import numpy as np

    register = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        register = np.where(register & 1, register >> 1 ^ np.uint32(_POLYNOMIAL), register >> 1)
    return register


@lru_cache(maxsize=1)
def _plain_table() -> list[int]:
    return [int(value) for value in _table()]


@lru_cache(maxsize=1)
def _ahead() -> list[list[int]]:
    """What each byte of the register has become after a lane of zeros: 4 tables of 256."""
    import numpy as np

    places = (np.arange(256, dtype=np.uint32) << shift for shift in (0, 8, 16, 24))
    starts = np.concatenate(list(places))
    zeros = np.zeros((len(starts), _LANE), np.uint8)
    after = _run(starts, zeros).tolist()
    return [after[first : first + 256] for first in range(0, 1024, 256)]


def _run(register: Registers, lanes: npt.NDArray[np.uint8]) -> Registers:
    """The registers after one lane each; `lanes` has the shape (lanes, bytes)."""
    import numpy as np

    table = _table()
    for column in np.ascontiguousarray(lanes.T):
        register = table[(register ^ column) & 255] ^ register >> np.uint32(8)
    return register
