"""How often each recipe names photos rightly that it has not seen, and what it takes.

Cross-validation in folds that keep groups of photos whole, repeated with other seeds. Of each fold
every recipe learns from the same examples, all of the other folds; nothing of the fold held out
steers it, so it is the weights of the lowest training loss that are measured. Intervals and those
of paired differences are corrected for what folds have in common (Nadeau and Bengio 2003).

Each has as many epochs as the program usually gives it, or all have as many (`--epochs`), or as
many as fit into the same time (`--minutes`, by the pace of a first short training of each, made in
turn).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from benchmarks.photos import SHARED, WEIGHTS, project_of
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.backbones import backbone
from landmark_gui.core.crops import CropSettings
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.errors import never_cancelled, no_progress
from landmark_gui.core.folds import grouped_folds
from landmark_gui.core.formats.registry import import_boxes
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.studies.intervals import interval
from landmark_gui.core.training_advice import usual_epochs, usual_size

CONFIGS = {
    "log": TrainConfig("", "", recipe="scratch", network="log"),
    "scratch": TrainConfig("", "", recipe="scratch"),
    "transfer": TrainConfig("", "", recipe="transfer", weights=str(WEIGHTS)),
    "fine-tune": TrainConfig("", "", recipe="fine-tune", weights=str(WEIGHTS)),
}
BACKBONE = backbone("mobilenet_v2", 0.35)
REFERENCE = "log"
PILOT_EPOCHS = 4


@dataclass
class Found:
    """What the rounds of a recipe gave: accuracies and seconds of training, fold by fold."""

    epochs: int
    accuracies: list[float]
    seconds: list[float]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks accuracy", description=__doc__)
    parser.add_argument("--data", choices=("wonders", "towers"), default="wonders")
    parser.add_argument("--recipes", nargs="+", choices=CONFIGS, default=["log", "scratch"])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=1, help="repetitions in other folds")
    parser.add_argument("--epochs", type=int, help="of each; otherwise what each usually has")
    parser.add_argument("--minutes", type=float, help="of each training, in place of --epochs")
    parser.add_argument("--augment", choices=("off", "log"), default="off")
    parser.add_argument("--size", type=int, help="side of the crops; otherwise the usual one")
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)  # as a training has it
    with tempfile.TemporaryDirectory() as folder:
        examples = _examples(arguments.data, Path(folder))
        configs = {name: _config(name, arguments) for name in arguments.recipes}
        data = Data(examples)
        if arguments.minutes:
            for name, config in configs.items():
                configs[name] = replace(config, epochs=_fitting(config, data, arguments))
        found = _rounds(configs, data, arguments.folds, arguments.seeds)
    _tell(found, arguments.folds, len(examples.crops))
    return 0


class Data:
    """The examples of a project, rendered once for each size."""

    def __init__(self, examples: Examples) -> None:
        self.classes = examples.classes
        self._examples = examples

    @cache  # noqa: B019  # it lives as long as the program
    def of(self, size: int) -> tuple[Any, np.ndarray, list[int]]:
        """Images, labels, and the group of each."""
        from landmark_gui.inference.rendering import render_crops

        rendered = render_crops(self._examples.crops, size, no_progress, never_cancelled)
        labels = np.array(self._examples.labels(rendered.crops), np.int32)
        groups = [self._examples.group_of[crop.photo_id] for crop in rendered.crops]
        return rendered.images, labels, groups

    def folds(self, size: int, count: int, seed: int) -> np.ndarray:
        _, labels, groups = self.of(size)
        return grouped_folds(labels, groups, count, seed)


def _examples(data: str, folder: Path) -> Examples:
    """Whole photos of the wonders; of the towers their crops."""
    photos = SHARED / "data" / data
    project = project_of(photos, folder)
    boxes = photos / "boxes.csv"
    if not boxes.exists():
        return load_project_examples(project, CropSettings("photos"))
    with ProjectStore.open(project) as store:
        store.commit(import_boxes("csv", boxes, store.load(), photos).edit)
    return load_project_examples(project, CropSettings("crops"))


def _config(name: str, arguments: argparse.Namespace) -> TrainConfig:
    augmentation = AugmentationConfig.log_preset() if arguments.augment == "log" else None
    recipe = CONFIGS[name].recipe
    return replace(
        CONFIGS[name],
        epochs=arguments.epochs or usual_epochs(recipe),
        image_size=arguments.size or usual_size(recipe, BACKBONE),
        augmentation=augmentation and augmentation.to_dict(),
    )


def _rounds(
    configs: dict[str, TrainConfig], data: Data, folds: int, seeds: int
) -> dict[str, Found]:
    found = {name: Found(config.epochs, [], []) for name, config in configs.items()}
    for seed in range(seeds):
        for fold in range(folds):
            for name, config in configs.items():
                held = data.folds(config.image_size, folds, seed) == fold
                config = replace(config, seed=seed * folds + fold)
                accuracy, seconds = _trained(config, data, held)
                found[name].accuracies.append(accuracy)
                found[name].seconds.append(seconds)
                print(f"  {seed}.{fold} {name:9} {accuracy:.3f} in {seconds:.0f} s", flush=True)
    return found


def _trained(config: TrainConfig, data: Data, held: np.ndarray) -> tuple[float, float]:
    """The accuracy on what was held out, and the seconds from the model's making to its end."""
    import keras

    from landmark_gui.training.data import LabelledImages, LearningData
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import built_model, phases_of

    images, labels, _ = data.of(config.image_size)
    keras.backend.clear_session()
    keras.utils.set_random_seed(config.seed)
    learned = LabelledImages(images[~held], labels[~held])
    nothing = LabelledImages(images[:0], labels[:0])
    given = LearningData(data.classes, learned, nothing, {})
    started = time.perf_counter()
    model = built_model(config, len(data.classes), lambda text: None)
    fitted = fit(model, phases_of(config), config, given, lambda event: None, never_cancelled)
    seconds = time.perf_counter() - started
    answers = fitted.model.predict(images[held].astype(np.float32), verbose=0)
    return float((answers.argmax(axis=1) == labels[held]).mean()), seconds


def _fitting(config: TrainConfig, data: Data, arguments: argparse.Namespace) -> int:
    """Epochs that fit into the minutes, by the difference of two short trainings."""
    held = data.folds(config.image_size, arguments.folds, 0) == 0
    _, short = _trained(replace(config, epochs=1), data, held)
    _, longer = _trained(replace(config, epochs=1 + PILOT_EPOCHS), data, held)
    pace = max(1e-3, (longer - short) / PILOT_EPOCHS)
    return max(1, round((arguments.minutes * 60 - short) / pace) + 1)


def _tell(found: dict[str, Found], folds: int, examples: int) -> None:
    held = examples / folds

    def told(values: Sequence[float], sign: str = "") -> str:
        accuracy = interval(values, folds, held)
        return f"{accuracy.value:{sign}.3f} (±{accuracy.spread:.3f})"

    print(f"{examples} examples, {folds} folds")
    for name, rounds in found.items():
        took = f"{median(rounds.seconds):.0f} s of training, {rounds.epochs} epochs"
        print(f"  {name:9} {told(rounds.accuracies)}, n = {len(rounds.accuracies)}; {took}")
    for name, rounds in found.items():
        if name != REFERENCE and REFERENCE in found:
            print(f"  {name} less {REFERENCE}: {told(_less(rounds, found[REFERENCE]), '+')}")
    if {"log", "scratch", "transfer"} <= set(found):
        log, ours, best = (np.mean(found[n].accuracies) for n in ("log", "scratch", "transfer"))
        print(
            f"  of the gap from log to transfer, scratch closes {(ours - log) / (best - log):.2f}"
        )


def _less(ours: Found, reference: Found) -> list[float]:
    return [a - b for a, b in zip(ours.accuracies, reference.accuracies, strict=True)]
