"""The search for near-duplicates: how fast, and how much of what is planted it finds.

Time: `near_pairs` over random hashes, against the loop that most scripts have: one hash after the
other against all, counting bits of Python's whole numbers. The loop runs over a part of the rows,
and its time is taken times the rest. Quality: copies of real photos, planted among all of them; a
pair of two originals counts as false (by eye none of those in the shared folder is a duplicate).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.near_copies import KINDS, write_copy
from benchmarks.report import ratio, spread
from landmark_gui.core import scan
from landmark_gui.core.grouping import links
from landmark_gui.core.project import Project
from landmark_gui.core.quality.facts import Facts, gather
from landmark_gui.core.quality.neighbours import near_pairs
from landmark_gui.core.splits import NEAR_DISTANCE, SplitSettings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
DISTANCES = (32, 48, 56, 64, 72, 80, 96)
Source = str
"""Where a picture comes from: two pictures of one source are duplicates."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks duplicates", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--counts", type=int, nargs="+", default=[5_000, 10_000, 20_000, 40_000])
    parser.add_argument("--rows", type=int, default=20, help="rows of the reference")
    parser.add_argument("--each", type=int, default=60, help="copies of each kind")
    parser.add_argument("--photos", type=Path, nargs="+", default=None)
    arguments = parser.parse_args(argv)
    for count in arguments.counts:
        _time(count, arguments.runs, arguments.rows)
    folders = arguments.photos or [SHARED / "wonders", SHARED / "towers"]
    for folder in folders:
        if folder.is_dir():
            _quality(folder, arguments.each)
        else:
            print(f"there is no folder {folder}: quality is not measured on it")
    return 0


def _time(count: int, runs: int, rows: int) -> None:
    chance = Random(count)
    # As of photos: whole and inner view, and of one in ten the view inside a border.
    hashes = [chance.randbytes(96 if n % 10 == 0 else 64).hex() for n in range(count)]
    numbers = [int(text[:64], 16) for text in hashes]
    ours, reference = [], []
    for _ in range(runs):
        start = time.perf_counter()
        near_pairs(hashes, NEAR_DISTANCE)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for one in numbers[:rows]:
            _ = [n for n, other in enumerate(numbers) if (one ^ other).bit_count() <= NEAR_DISTANCE]
        reference.append((time.perf_counter() - start) * count / 2 / rows)
    print(f"{count} hashes: {spread(ours)}; of the loop's {ratio(ours, reference)}")


def _quality(folder: Path, each: int) -> None:
    with tempfile.TemporaryDirectory() as made:
        sources = dict(_plant(folder, Path(made), each))
        start = time.perf_counter()
        project = Project()
        for batch in scan.new_photos(project, Path(made)):
            project.put_photos(batch)
        facts = gather(project, Path(made))
        took = time.perf_counter() - start
    kind_of = {n: sources[photo.path] for n, photo in project.photos.items()}
    print(f"{folder.name}: {len(kind_of)} pictures, listed and measured in {took:.1f} s")
    for distance in DISTANCES:
        _tell(distance, _found(project, facts, distance), kind_of)


def _plant(folder: Path, made: Path, each: int) -> Iterator[tuple[str, tuple[Source, str]]]:
    """All photos, and copies of some; each by its path with its source and its kind."""
    photos = sorted(scan.find_photos(folder))
    for number, photo in enumerate(photos):
        write_copy("exact", photo, made / f"{number}.jpg")
        yield f"{number}.jpg", (photo.name, "original")
    for kind in KINDS:
        for photo in Random(kind).sample(photos, min(each, len(photos))):
            name = f"{KINDS.index(kind)} {photo.name}"
            write_copy(kind, photo, made / name)
            yield name, (photo.name, kind)


def _found(project: Project, facts: Facts, distance: int) -> set[tuple[int, int]]:
    """All pairs of photos that are found, exact and near."""
    settings = SplitSettings(near_distance=None, burst_seconds=0)
    exact = {(link.a, link.b) for link in links(project, facts, settings)}
    told = [(number, found.whole.phash) for number, found in facts.items() if found.whole]
    a, b, _ = near_pairs([text for _, text in told], distance)
    near = {(told[one][0], told[other][0]) for one, other in zip(a, b, strict=True)}
    return exact | {(min(pair), max(pair)) for pair in near}


def _tell(
    distance: int, found: set[tuple[int, int]], kind_of: dict[int, tuple[Source, str]]
) -> None:
    originals = {source: n for n, (source, kind) in kind_of.items() if kind == "original"}
    hits: dict[str, list[int]] = defaultdict(list)
    false: dict[str, int] = defaultdict(int)
    for number, (source, kind) in kind_of.items():
        if kind != "original":
            pair = sorted((number, originals[source]))
            hits[kind].append(tuple(pair) in found)
    for one, other in found:
        if kind_of[one][0] != kind_of[other][0]:
            for kind in {kind_of[one][1], kind_of[other][1]}:
                false[kind] += 1
    wrong = sum(kind_of[one][0] != kind_of[other][0] for one, other in found)
    right = sum(map(sum, hits.values()))
    recall = right / sum(map(len, hits.values()))
    precision = 1 - wrong / max(len(found), 1)
    print(f"  within {distance} bits: precision {precision:.3f}, recall {recall:.3f}")
    if distance == NEAR_DISTANCE:
        for kind, told in hits.items():
            precise = sum(told) / max(sum(told) + false[kind], 1)
            share = sum(told) / len(told)
            print(f"    {kind}: precision {precise:.3f}, recall {share:.3f} (n={len(told)})")
        print(f"    pairs of two originals: {false['original']}")
