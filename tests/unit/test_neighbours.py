from __future__ import annotations

import tracemalloc
from itertools import combinations
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.grouping import Joined
from landmark_gui.core.quality import neighbours
from landmark_gui.core.quality.neighbours import LOWEST, Likeness, near_forest, near_pairs
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


def some_like(random: Random, count: int, spread: int) -> list[str]:
    """Hashes of one to three views, many of them near each other, some flat."""
    bases = [[random.getrandbits(256) for _ in range(3)] for _ in range(3)]

    def changed(word: int) -> str:
        for bit in random.sample(range(256), random.randrange(spread)):
            word ^= 1 << bit
        return f"{word:064x}"

    views = [random.choice(bases)[: random.choice((2, 2, 3))] for _ in range(count)]
    return ["" if not random.randrange(9) else "".join(map(changed, view)) for view in views]


@given(st.randoms(use_true_random=False), st.integers(0, 96))
def test_one_picture_is_asked_as_all_are(random: Random, distance: int) -> None:
    hashes = some_like(random, 12, 70)
    pairs = zip(*(column.tolist() for column in near_pairs(hashes, distance)), strict=True)
    expected = {(a, b): bits for a, b, bits in pairs}
    likeness, places = Likeness(hashes), np.arange(len(hashes))
    found = {}
    for one in range(len(hashes)):
        others, bits = likeness.near(one, places, distance)
        found |= {
            (min(one, other), max(one, other)): differing
            for other, differing in zip(others.tolist(), bits.tolist(), strict=True)
        }
    assert found == expected


@given(st.randoms(use_true_random=False), st.sampled_from([0, 3, 10_000]))
def test_a_forest_joins_what_all_pairs_join_by_the_nearest(random: Random, many: int) -> None:
    hashes = some_like(random, 15, 60)
    a, b, bits = (column.tolist() for column in near_pairs(hashes, 64))
    together, expected = Joined(range(len(hashes))), 0
    for differing, one, other in sorted(zip(bits, a, b, strict=True)):  # Kruskal, 1956
        expected += differing if together.join(one, other) else 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "_MANY", many)
        one, other, differing = (column.tolist() for column in near_forest(hashes, 64))
    thin = Joined(range(len(hashes)))
    assert all(thin.join(*pair) for pair in zip(one, other, strict=True))  # no circle
    assert thin.roots() == together.roots() and sum(differing) == expected


def test_a_film_of_thousands_of_frames_needs_little_memory() -> None:
    random = Random(1)
    word = random.getrandbits(256)
    frames = [f"{word ^ 1 << random.randrange(256):064x}" * 2 for _ in range(4000)]
    tracemalloc.start()
    one, _, _ = near_forest(frames, 64)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(one) == 3999 and peak < 300_000_000  # all eight million pairs take 1.6 GB
