"""What the probe finds where one knows what there is: planted near-duplicates and wrong labels.

Each photo of a folder of landmarks is there once, then twice: as it is, and smaller and compressed
anew, with both in one group. Of the photos a tenth gets the name of another landmark, and its copy
with it. Printed are honest and naive accuracy, and precision and recall of the label errors,
against two plain ways on the same probabilities: every example that is named otherwise ("argmax"),
and as many as were planted, by the lowest probability of their own label ("self-confidence",
which would have to know how many there are).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks.photos import SHARED, WEIGHTS, project_of
from landmark_gui.core.crops import Crop, CropSettings
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.errors import never_cancelled, no_progress
from landmark_gui.core.run_results import ProbeResult, leak_sentence

SIDE = 160
COPY = " copy"
SCALE, QUALITY = 0.8, 60
FLIPPED = 0.1

Found = tuple[float, float, int]
"""Precision, recall and how many were named."""


@dataclass(frozen=True)
class Rows:
    """Features of all examples, and which scene each of them shows."""

    features: np.ndarray
    crops: list[Crop]
    scenes: list[str]
    classes: tuple[str, ...]
    group_of: dict[int, int]

    def only(self, chosen: Sequence[int]) -> Rows:
        return replace(
            self,
            features=self.features[list(chosen)],
            crops=[self.crops[index] for index in chosen],
            scenes=[self.scenes[index] for index in chosen],
        )


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks probe", description=__doc__)
    parser.add_argument("--photos", type=Path, default=SHARED / "data" / "wonders")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--runs", type=int, default=5, help="draws of wrong labels")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        rows = _rows(arguments.photos, arguments.weights, Path(folder))
    once = rows.only([i for i, crop in enumerate(rows.crops) if COPY not in crop.path.stem])
    for title, data in (("each photo once", once), ("each photo twice", rows)):
        started = time.perf_counter()
        result = _probe(data)
        print(f"{title}, {result.examples} examples in {result.groups} groups:")
        print(f"  {leak_sentence(result)}")
        leak = f"{result.leak.value:+.3f} (±{result.leak.spread:.3f})"
        print(f"  naive less honest {leak}; {time.perf_counter() - started:.1f} s without features")
        _label_errors(data, arguments.runs)
    return 0


def _rows(photos: Path, weights: Path, folder: Path) -> Rows:
    from landmark_gui.training.features import crop_features, feature_model
    from landmark_gui.training.recipes.transfer import network
    from landmark_gui.training.weights import from_file

    examples = _examples(photos, folder)
    model = feature_model(network(*from_file(weights, SIDE), SIDE, 1, 0))
    started = time.perf_counter()
    features, crops = crop_features(model, examples.crops, no_progress, never_cancelled)
    print(f"features of {len(crops)} photos: {time.perf_counter() - started:.1f} s")
    scenes = [f"{crop.path.parent.name}/{crop.path.stem.replace(COPY, '')}" for crop in crops]
    first: dict[str, int] = {}
    planted = {
        crop.photo_id: first.setdefault(scene, crop.photo_id)
        for crop, scene in zip(crops, scenes, strict=True)
    }
    group_of = dict(examples.group_of) or planted
    kept = sum(group_of[photo] == group_of[other] for photo, other in planted.items())
    print(f"planted copies in the group of their original: {kept} of {len(planted)} photos")
    return Rows(features, crops, scenes, examples.classes, group_of)


def _examples(photos: Path, folder: Path) -> Examples:
    """A project of all photos and their copies, named after their folders."""
    for path in sorted(photos.glob("*/*")):
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        target = folder / "photos" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        size = (round(picture.width * SCALE), round(picture.height * SCALE))
        copy = target.with_name(target.stem + COPY + ".jpg")
        picture.resize(size, Image.Resampling.LANCZOS).save(copy, quality=QUALITY)
    path = project_of(folder / "photos", folder)
    return load_project_examples(path, CropSettings("photos"))


def _probe(rows: Rows, seed: int = 0) -> ProbeResult:
    from landmark_gui.training.probe import examined, probe

    return probe(examined(rows.features, rows.crops, rows.classes, rows.group_of), "", seed)


def _label_errors(rows: Rows, runs: int) -> None:
    """Plant wrong labels several times, and say how many are found, and how many found are."""
    figures: dict[str, list[Found]] = {}
    honest, naive = [], []
    for run in range(runs):
        flipped, wrong = _flip(rows, run)
        result = _probe(flipped, run)
        named = {error.photo_id for error in result.label_errors}
        ours = [index for index, crop in enumerate(flipped.crops) if crop.photo_id in named]
        honest.append(result.honest.value)
        naive.append(result.naive.value)
        for name, found in {"confident learning": ours, **_plainly(flipped, wrong, run)}.items():
            figures.setdefault(name, []).append(_found(found, wrong))
    print(f"  {FLIPPED:.0%} wrong labels, median of {runs} draws:", end=" ")
    print(f"honest {median(honest):.3f}, naive {median(naive):.3f}")
    for name, found in figures.items():
        precision, recall, count = (median(column) for column in zip(*found, strict=True))
        print(f"  {name:30} precision {precision:.2f}, recall {recall:.2f} ({count:.0f} named)")


def _flip(rows: Rows, seed: int) -> tuple[Rows, set[int]]:
    """Other landmarks for some scenes, copies included; and the examples that are wrong now."""
    random = np.random.default_rng(seed)
    scenes = sorted(set(rows.scenes))
    chosen = random.choice(scenes, round(FLIPPED * len(scenes)), replace=False)
    number = {name: index for index, name in enumerate(rows.classes)}
    shift = {str(scene): int(random.integers(1, len(number))) for scene in chosen}
    crops, wrong = list(rows.crops), set()
    for index, (crop, scene) in enumerate(zip(rows.crops, rows.scenes, strict=True)):
        if scene in shift:
            other = rows.classes[(number[crop.landmark] + shift[scene]) % len(number)]
            crops[index] = replace(crop, landmark=other)
            wrong.add(index)
    return replace(rows, crops=crops), wrong


def _plainly(rows: Rows, wrong: set[int], seed: int) -> dict[str, list[int]]:
    """The reference ways on honest folds, and confident learning on naive ones."""
    from landmark_gui.core.confident_learning import label_issues
    from landmark_gui.core.softmax_regression import compressed
    from landmark_gui.training.probe import REPEATS, cross_validate, examined

    data = examined(rows.features, rows.crops, rows.classes, rows.group_of)
    inputs, seeds = compressed(rows.features), range(seed, seed + REPEATS)
    answers = cross_validate(inputs, data.labels, data.groups, seeds).probabilities
    alone = cross_validate(inputs, data.labels, range(len(data.labels)), seeds).probabilities
    own = answers[np.arange(len(answers)), data.labels]
    return {
        "argmax": np.flatnonzero(answers.argmax(axis=1) != data.labels).tolist(),
        "self-confidence, count known": np.argsort(own)[: len(wrong)].tolist(),
        "confident learning, naive folds": label_issues(data.labels, alone),
    }


def _found(named: Sequence[int], wrong: set[int]) -> Found:
    hits = len(wrong & set(named))
    return hits / max(1, len(named)), hits / len(wrong), len(named)
