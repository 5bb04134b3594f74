"""Small data sets of drawn photos, as a training gets them, and a training of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from landmark_gui.core.diagnosis import Watch
from landmark_gui.core.errors import TrainingError, never_cancelled
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.sample import LANDMARKS, draw_sample

Event = dict[str, Any]
SIDE = 32
FIRST_JUDGE = 1000
"""Number of the first drawing to validate with; those to learn from count from 0."""


@cache
def drawings(each: int, first: int, whole: bool) -> tuple[np.ndarray, np.ndarray]:
    """Drawn landmarks, cut out or with what is around them, and their class indices."""
    images = []
    for landmark in LANDMARKS:
        for number in range(first, first + each):
            picture, box = draw_sample(landmark, number, (120, 90))
            near = box.expanded(0.1).clamped(*picture.size)
            if not whole:
                picture = picture.crop((near.x, near.y, near.right, near.bottom))
            images.append(np.asarray(picture.resize((SIDE, SIDE))))
    return np.stack(images), np.repeat(np.arange(len(LANDMARKS), dtype=np.int32), each)


def drawn_data(
    each: int = 20, judges: int = 8, whole: bool = False, shuffled: int | None = None
) -> Any:
    """`LearningData` with `each` photos of a landmark to learn from and `judges` to validate.

    Args:
        shuffled: seed with which the labels of both are shuffled.
    """
    from landmark_gui.training.data import LabelledImages, LearningData

    parts = {}
    for split, count, first in (("train", each, 0), ("validation", judges, FIRST_JUDGE)):
        images, labels = drawings(count, first, whole)
        if shuffled is not None:
            labels = np.random.default_rng(shuffled).permutation(labels)
        parts[split] = LabelledImages(images, labels)
    counts = {
        split: {name: int((part.labels == n).sum()) for n, name in enumerate(LANDMARKS)}
        for split, part in parts.items()
    }
    return LearningData(tuple(LANDMARKS), parts["train"], parts["validation"], counts)


def diagnosed(
    data: Any,
    seed: int = 0,
    spoil: Callable[[Any], None] = lambda model: None,
    optimizer: Callable[[], Any] | None = None,
    **settings: Any,
) -> tuple[Watch, list[Event]]:
    """Train the small network for real, and watch. Returns the watch, and all events.

    Args:
        spoil: does something to the model before it is trained.
        optimizer: makes one that no setting asks for.
    """
    import keras

    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import built_model, phases_of

    quick = {"recipe": "scratch", "image_size": SIDE, "batch_size": 8, "dropout": 0.0}
    config = TrainConfig("p", "o", seed=seed, **{**quick, **settings})
    keras.utils.set_random_seed(seed)
    events: list[Event] = []
    watch = Watch(config, events.append)
    model = built_model(config, len(data.classes), print)
    spoil(model)
    phases = phases_of(config)
    if optimizer is not None:
        phases = (_with_optimizer(phases[0], optimizer),)
    watch(
        {
            "event": "dataset",
            "classes": list(data.classes),
            "counts": data.counts,
            "epochs": config.epochs,
            "steps": -(-len(data.train) // config.batch_size),
        }
    )
    try:
        fit(model, phases, config, data, watch, never_cancelled)
        watch({"event": "state", "state": "saving"})
    except TrainingError:
        assert events[-1]["event"] == "diagnosis"  # what went wrong is known when it fails
    return watch, events


def _with_optimizer(phase: Any, optimizer: Callable[[], Any]) -> Any:
    from dataclasses import replace

    def prepare(model: Any, steps: int) -> None:
        phase.prepare(model, steps)
        model.compile(optimizer=optimizer(), loss=model.loss, metrics=["accuracy"])

    return replace(phase, prepare=prepare)


def kinds_of(events: list[Event]) -> list[set[str]]:
    """The kinds of findings of each diagnosis, in their order."""
    return [
        {finding["kind"] for finding in event["findings"]}
        for event in events
        if event["event"] == "diagnosis"
    ]
