"""How well the search finds the box that a person drew, and what the box is worth to the answer.

Towers: `transfer` learns from the crops of a grouped split, then each test photo is searched. The
box is compared with the best of the photo's hand-drawn ones (intersection over union), and the name
for the whole photo with that for the box. References on the same photos: the whole photo as the
box; the window of the highest confidence, which is the naive search; the median box of the training
photos in the middle, which never looks. Then the search with parts of its score left out, on the
same windows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks.photos import SHARED, WEIGHTS, project_of
from landmark_gui.core import images
from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.formats.registry import import_boxes
from landmark_gui.core.paths import data_folder
from landmark_gui.core.run_results import split_of_model
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.training_advice import usual_epochs
from landmark_gui.core.windows import WHOLE, Numbers, overlaps
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.localizing import (
    FAMILIAR_WEIGHT,
    SEARCH_SIDE,
    Asked,
    scores_of,
    searched,
    settled,
)

SPLIT = (0.6, 0.15, 0.25)


@dataclass(frozen=True)
class Found:
    """Of one photo: the overlap with the best drawn box, and whether the name is right."""

    overlap: float
    right: bool


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks localize", description=__doc__)
    parser.add_argument("--splits", type=int, default=2, help="other photos are held out in each")
    parser.add_argument("--first", type=int, default=5, help="the first; 0 to 4 chose the weights")
    parser.add_argument("--epochs", type=int, default=usual_epochs("transfer"))
    arguments = parser.parse_args(argv)
    found: dict[str, list[Found]] = defaultdict(list)
    seconds: list[float] = []
    windows: list[int] = []
    for seed in range(arguments.first, arguments.first + arguments.splits):
        with tempfile.TemporaryDirectory() as folder:
            classifier, examples = _trained(Path(folder), seed, arguments.epochs)
            typical = _typical(examples)
            for crops in _by_photo(examples.of("test")).values():
                _look(classifier, crops, typical, found, seconds, windows)
        print(f"  split {seed}: {len(seconds)} photos so far", flush=True)
    _tell(found, seconds, windows)
    return 0


def _trained(folder: Path, seed: int, epochs: int) -> tuple[Classifier, Examples]:
    from landmark_gui.training.train import train

    photos = SHARED / "data" / "towers"
    project = project_of(photos, folder)
    with ProjectStore.open(project) as store:
        store.commit(import_boxes("csv", photos / "boxes.csv", store.load(), photos).edit)
    out = folder / "towers.landmark-model"
    config = TrainConfig(
        str(project),
        str(out),
        recipe="transfer",
        weights=str(WEIGHTS),
        epochs=epochs,
        image_size=160,
        seed=seed,
        split=SPLIT,
        probe=False,
    )
    train(config, lambda event: None)
    stood = split_of_model(data_folder(project), out)
    examples = load_project_examples(project, config.crop_settings, stood=stood)
    return Classifier(read_bundle(out)), examples


def _by_photo(crops: list[Crop]) -> dict[Path, list[Crop]]:
    photos: dict[Path, list[Crop]] = defaultdict(list)
    for crop in crops:
        photos[crop.path].append(crop)
    return photos


def _share(crop: Crop) -> tuple[float, ...]:
    assert crop.rect is not None
    width, height = crop.photo_size
    rect = crop.rect.scaled(1 / width, 1 / height)
    return rect.x, rect.y, rect.w, rect.h


def _typical(examples: Examples) -> Numbers:
    w, h = np.median([_share(crop)[2:] for crop in examples.of("train")], axis=0)
    return np.array([(1 - w) / 2, (1 - h) / 2, w, h])


def _look(
    classifier: Classifier,
    crops: list[Crop],
    typical: Numbers,
    found: dict[str, list[Found]],
    seconds: list[float],
    windows: list[int],
) -> None:
    path, truth = crops[0].path, crops[0].landmark
    drawn = np.array([_share(crop) for crop in crops])
    labels, shapes = classifier.bundle.labels, classifier.bundle.shapes
    width, height = crops[0].photo_size
    started = time.perf_counter()  # as `locate_photo`, whose windows are wanted here
    window, asked = searched(classifier, np.asarray(images.decode(path, SEARCH_SIDE)))
    box = np.array(WHOLE) if window is None else window
    whole = classifier.classify(path)
    verdict = classifier.classify(path, box=tuple(box * [width, height, width, height]))
    seconds.append(time.perf_counter() - started)
    windows.append(len(asked.windows))

    def note(name: str, window: Numbers, label: str) -> None:
        overlap = float(overlaps(window[None], drawn).max())
        found[name].append(Found(overlap, label == truth))

    note("the search", box, verdict.label)
    note("the whole photo", np.array(WHOLE), whole.label)
    note("the median box in the middle", typical, "")
    best, label = np.unravel_index(asked.odds.argmax(), asked.odds.shape)
    note("the highest confidence", asked.windows[best], labels[label])
    best = asked.familiar.argmax()
    note("the most familiar window", asked.windows[best], labels[asked.odds[best].argmax()])
    for name, scores in _parts(asked, shapes).items():
        _, label = np.unravel_index(scores.argmax(), scores.shape)
        window = settled(asked, scores)
        note(name, np.array(WHOLE) if window is None else window, labels[label])


def _parts(asked: Asked, shapes: tuple[tuple[float, float], ...]) -> dict[str, Numbers]:
    none, nowhere = np.zeros_like(asked.familiar), np.zeros_like(asked.background)
    flat = replace(asked, odds=np.zeros_like(asked.odds), familiar=none, background=nowhere)
    usual = scores_of(flat, shapes)
    alone = FAMILIAR_WEIGHT * asked.familiar[:, None] + asked.odds - asked.background
    return {
        "  without the neighbours": alone + usual,
        "  without the photo at large": scores_of(replace(asked, background=nowhere), shapes),
        "  without familiarity": scores_of(replace(asked, familiar=none), shapes),
        "  without the shapes": scores_of(asked, shapes) - usual,
        "  with no shapes known": scores_of(asked, ()),
        "  the shapes alone": usual,
    }


def _tell(found: dict[str, list[Found]], seconds: list[float], windows: list[int]) -> None:
    print(f"{len(seconds)} photos; {fmean(windows):.0f} windows and {fmean(seconds):.2f} s each")
    print(f"  {'box':32} IoU    ≥ 0.5  named rightly")
    for name, photos in found.items():
        overlap = fmean(photo.overlap for photo in photos)
        hits = fmean(photo.overlap >= 0.5 for photo in photos)
        right = fmean(photo.right for photo in photos)
        print(f"  {name:32} {overlap:.3f}  {hits:.2f}   {right:.2f}")
