from __future__ import annotations

from itertools import combinations
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.quality import neighbours
from landmark_gui.core.quality.neighbours import LOWEST, near_pairs
from landmark_gui.core.quality.phash import DIGITS, MIRROR, perceptual_hash

LOW = (1 << 256) - (1 << 192)


def picture(seed: int, height: int = 180, width: int = 240) -> np.ndarray:
    """Smooth hills, as of no two seeds alike."""
    noise = np.random.default_rng(seed).uniform(0, 255, (12, 16)).astype(np.float32)
    hills = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(hills, 0, 255).astype(np.uint8)


def distances(*pictures: np.ndarray) -> list[tuple[int, int, int]]:
    found = near_pairs([perceptual_hash(one) for one in pictures], 64)
    return list(zip(*(column.tolist() for column in found), strict=True))


def test_what_was_done_to_a_picture_leaves_it_near() -> None:
    one = picture(1)
    turned = cv2.warpAffine(
        one, cv2.getRotationMatrix2D((120, 90), 1.5, 1), (240, 180), borderMode=cv2.BORDER_REFLECT
    )
    framed = cv2.copyMakeBorder(one, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=255)
    _, jpeg = cv2.imencode(".jpg", one, [cv2.IMWRITE_JPEG_QUALITY, 30])
    made = {
        "recompressed": cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE),
        "half size": cv2.resize(one, (120, 90), interpolation=cv2.INTER_AREA),
        "5 % cut off": one[4:176, 9:237],
        "brighter": np.clip(one * 1.1, 0, 255).astype(np.uint8),
        "turned": turned,
        "framed": framed,
        "mirrored": np.ascontiguousarray(one[:, ::-1]),
    }
    for name, other in made.items():
        assert distances(one, other), name
        assert distances(one, picture(2), other)[0][:2] == (0, 2), name


def test_other_pictures_are_not_near() -> None:
    assert distances(*map(picture, range(40))) == []


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_flat_pictures_resemble_nothing_not_even_each_other(grey: int) -> None:
    flat = np.full((50, 70), grey, np.uint8)
    assert perceptual_hash(flat) == ""
    assert distances(flat, flat, picture(1)) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 3), (33, 31)])
def test_the_smallest_pictures_have_a_hash_or_none(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, size, np.uint8)
    assert len(perceptual_hash(noise)) in (0, 2 * DIGITS, 3 * DIGITS)


def test_only_a_uniform_border_gives_a_third_view() -> None:
    one = picture(1)
    framed = cv2.copyMakeBorder(one, 9, 9, 9, 9, cv2.BORDER_CONSTANT, value=0)
    assert [len(perceptual_hash(each)) // DIGITS for each in (one, framed)] == [2, 3]


def plain(hashes: list[str], distance: int) -> list[tuple[int, int, int]]:
    """What `near_pairs` says it does, one pair after the other."""
    views = [
        [int(text[at : at + DIGITS], 16) for at in range(0, len(text), DIGITS)] for text in hashes
    ]
    flip = int.from_bytes(MIRROR.tobytes(), "big")
    found = []
    for (i, one), (j, other) in combinations(enumerate(views), 2):
        if not one or not other:
            continue
        pairs = [(a, b, distance) for a in one[:1] for b in other]
        pairs += [(a, other[0], distance) for a in one[1:]]
        pairs += [(a, b, distance) for a in one[2:] for b in other[2:]]
        pairs += [(one[0] ^ flip, other[0], distance // 2)]
        near = [
            (a ^ b).bit_count()
            for a, b, most in pairs
            if (a ^ b).bit_count() <= most and ((a ^ b) & LOW).bit_count() <= LOWEST
        ]
        if near:
            found.append((i, j, min(near)))
    return found


@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(0, 96))
def test_all_pairs_are_found_and_no_others(seed: int, count: int, distance: int) -> None:
    chance = Random(seed)
    kinds = [chance.getrandbits(256) for _ in range(3)]

    def near(bits: int) -> str:
        for _ in range(chance.choice((0, 10, 40, 80))):
            bits ^= 1 << chance.randrange(256)
        return f"{bits:064x}"

    hashes = [
        "".join(near(chance.choice(kinds)) for _ in range(chance.choice((0, 2, 2, 3))))
        for _ in range(count)
    ]
    found = near_pairs(hashes, distance)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == plain(hashes, distance)


def test_pairs_across_blocks_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_ROWS", 3)
    monkeypatch.setattr(neighbours, "_COLUMNS", 5)
    chance = Random(1)
    kinds = [chance.randbytes(64).hex() for _ in range(6)]
    hashes = [chance.choice(kinds) for _ in range(40)]
    found = near_pairs(hashes, 10)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == plain(hashes, 10)
