"""What a training should be like, chosen from the data and the machine, with a reason for each.

The figures behind the rules stand in docs/adr/0025. Nothing is measured here: times are estimates
from how many multiplications a network needs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landmark_gui.core import backbones
from landmark_gui.core.backbones import Backbone
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.memory import free_memory
from landmark_gui.core.runs import Recipe

OPERATIONS_OF_CORE = 1500.0
"""Millions of multiplications with additions that a core does in a second: 1400 to 1600 measured
with MobileNetV2 of width 0.35 on two cores that others used too. Larger networks reach more."""
OPERATIONS_OF_GPU = 500_000.0
"""A fraction of what a small GPU can do: layers this small leave it idle half of the time."""
PATIENCE_SECONDS = 60.0
"""How long the looks of a frozen network may take."""
NOTICEABLE = 1.5
"""How many times as long as the quickest network another may take, if even that takes longer."""
LOOKS_OF_ALL, FEWEST_LOOKS, MOST_LOOKS = 2000, 4, 20
"""Variations that a frozen network looks at, as `training.frozen` draws them."""

ENOUGH_TO_TUNE = 1000
"""Examples from which tuning the network itself is worth its time."""
CORES_TO_TUNE = 8
UNEVEN = 3.0
"""How many times as many examples the commonest landmark has as the rarest where weights help."""
MEMORY_SHARE = 0.25
"""Of the free memory, for what the layers of a batch give."""
COPIES = 3
"""Of each activation while it learns: itself, its gradient, and what a kernel works in."""

USUAL_BATCH, BATCH_OF_GPU, SMALLEST_BATCH = 16, 64, 4

SCRATCH_SIDE = 128
LARGER, MULTIPLE = 8 / 7, 32
"""Of the pictures that a backbone was trained with: it then saw parts of photos enlarged, so that
whole ones should be larger to look alike (Touvron et al., NeurIPS 2019,
https://arxiv.org/abs/1906.06423). On 355 photos of 7 wonders MobileNetV2 of width 0.35 is right in
0.93 at 160 pixels, 0.95 at 224 and 0.96 at 256 (docs/adr/0025)."""

HEAD_EPOCHS = 60
TUNING_EPOCHS = 20
SCRATCH_EPOCHS, SCRATCH_STEPS, MOST_EPOCHS = 40, 2000, 200


@dataclass(frozen=True)
class Facts:
    """What is known before a training.

    Attributes:
        examples: how many each landmark has.
        cores: of the processor.
        memory: free bytes.
        gpu: whether there is a GPU that TensorFlow can use.
        at_hand: keys of the backbones whose weights are here already.
    """

    examples: Mapping[str, int]
    cores: int
    memory: int
    gpu: bool = False
    at_hand: frozenset[tuple[str, float]] = frozenset()

    @property
    def total(self) -> int:
        return sum(self.examples.values())


@dataclass(frozen=True)
class Advice:
    """Values for fields of `TrainConfig`; `reasons` has a line for each of them by its name."""

    recipe: Recipe
    backbone: Backbone
    image_size: int
    batch_size: int
    epochs: int
    augment: bool
    class_weights: bool
    reasons: Mapping[str, str] = field(default_factory=dict)


def facts_of_machine(examples: Mapping[str, int]) -> Facts:
    """The facts about these examples on this machine. Reads the disk."""
    return Facts(
        examples, os.cpu_count() or 1, free_memory(), has_nvidia_gpu(), backbones.at_hand()
    )


def has_nvidia_gpu() -> bool:
    """Whether TensorFlow, as it is installed from PyPI, may find a GPU: on Linux alone."""
    return sys.platform == "linux" and Path("/dev/nvidia0").exists()


def advise(facts: Facts, recipe: Recipe | None = None, backbone: Backbone | None = None) -> Advice:
    """What a training on these facts should be like.

    Args:
        recipe, backbone: what the person has chosen; None to choose it, too.
    """
    reasons: dict[str, str] = {}
    chosen, why = _recipe(facts)
    reasons["recipe"] = why
    recipe = recipe or chosen
    chosen_backbone, reasons["backbone"] = _backbone(facts)
    backbone = backbone or chosen_backbone
    size, reasons["image_size"] = _image_size(recipe, backbone)
    batch, reasons["batch_size"] = _batch_size(facts, recipe, backbone, size)
    epochs, reasons["epochs"] = _epochs(facts, recipe)
    augment, reasons["augment"] = _augment(recipe)
    weights, reasons["class_weights"] = _class_weights(facts)
    return Advice(recipe, backbone, size, batch, epochs, augment, weights, reasons)


def usual_size(recipe: Recipe, backbone: Backbone) -> int:
    """The side of the input, in pixels, where nobody says another."""
    if recipe == "scratch":
        return SCRATCH_SIDE
    return round(backbone.side * LARGER / MULTIPLE) * MULTIPLE


def usual_epochs(recipe: Recipe) -> int:
    """The epochs where nobody says another number, and nothing is known of the photos."""
    return {"transfer": HEAD_EPOCHS, "fine-tune": TUNING_EPOCHS, "scratch": SCRATCH_EPOCHS}[recipe]


def seconds_of_looks(facts: Facts, backbone: Backbone, size: int) -> float:
    """About how long a frozen network takes to look at all variations of the examples."""
    each = min(max(-(-LOOKS_OF_ALL // max(1, facts.total)), FEWEST_LOOKS), MOST_LOOKS)
    speed = OPERATIONS_OF_GPU if facts.gpu else OPERATIONS_OF_CORE * facts.cores
    return facts.total * each * backbone.operations_at(size) / speed


def _recipe(facts: Facts) -> tuple[Recipe, str]:
    strong = facts.gpu or facts.cores >= CORES_TO_TUNE
    if facts.total >= ENOUGH_TO_TUNE and strong:
        return "fine-tune", tr(
            "{n} examples are enough to tune a trained network, and this machine is quick.",
            n=facts.total,
        )
    return "transfer", ntr(
        "With {n} example, a network that was trained elsewhere is right most often.",
        "With {n} examples, a network that was trained elsewhere is right most often.",
        facts.total,
    )


def _backbone(facts: Facts) -> tuple[Backbone, str]:
    """The most accurate one that looks at all examples in good time; those at hand come first."""
    seconds = {
        known.key: seconds_of_looks(facts, known, usual_size("transfer", known))
        for known in backbones.ALL
    }
    limit = max(PATIENCE_SECONDS, NOTICEABLE * min(seconds.values()))
    quick = [known for known in backbones.ALL if seconds[known.key] <= limit]
    here = [known for known in quick if known.key in facts.at_hand]
    best = max(here or quick, key=lambda known: known.accuracy)
    if here:
        return best, tr("{title}: its weights are here already.", title=best.title)
    if limit > PATIENCE_SECONDS:
        return best, tr(
            "{title}: one of the quickest, for so many examples; {n} MB to download.",
            title=best.title,
            n=best.megabytes,
        )
    return best, tr(
        "{title}: the best of those that need less than a minute here; {n} MB to download.",
        title=best.title,
        n=best.megabytes,
    )


def _image_size(recipe: Recipe, backbone: Backbone) -> tuple[int, str]:
    size = usual_size(recipe, backbone)
    if recipe == "scratch":
        return size, tr(
            "{n} px: larger crops take longer and teach a small network no more.", n=size
        )
    return size, tr(
        "{n} px: {title} was trained at {side}, and sees whole photos best a little larger.",
        n=size,
        title=backbone.title,
        side=backbone.side,
    )


def _batch_size(facts: Facts, recipe: Recipe, backbone: Backbone, size: int) -> tuple[int, str]:
    wanted = BATCH_OF_GPU if facts.gpu and recipe != "transfer" else USUAL_BATCH
    if recipe != "fine-tune":
        return wanted, tr("{n}: with few photos, small steps learn best.", n=wanted)
    each = 4e6 * backbone.activations * (size / backbone.side) ** 2 * COPIES
    fitting = wanted
    while fitting > SMALLEST_BATCH and fitting * each > facts.memory * MEMORY_SHARE:
        fitting //= 2
    if fitting < wanted:
        return fitting, tr("{n}: more would not fit into the free memory.", n=fitting)
    return fitting, tr("{n}: it fits into the free memory.", n=fitting)


def _epochs(facts: Facts, recipe: Recipe) -> tuple[int, str]:
    if recipe == "transfer":
        return HEAD_EPOCHS, tr(
            "{n}: they cost next to nothing once the network has looked at all crops.",
            n=HEAD_EPOCHS,
        )
    if recipe == "fine-tune":
        return TUNING_EPOCHS, tr(
            "{n}: the first half for the last layer, the second for the top of the network.",
            n=TUNING_EPOCHS,
        )
    steps = max(1, -(-facts.total // USUAL_BATCH))
    epochs = min(max(SCRATCH_EPOCHS, -(-SCRATCH_STEPS // steps)), MOST_EPOCHS)
    return epochs, tr(
        "{n}: with {examples} examples, so many make {steps} steps.",
        n=epochs,
        examples=facts.total,
        steps=epochs * steps,
    )


def _augment(recipe: Recipe) -> tuple[bool, str]:
    if recipe == "transfer":
        return True, tr("Varied crops teach the last layer what does not matter.")
    return True, tr("Without varied crops, so large a network learns few photos by heart.")


def _class_weights(facts: Facts) -> tuple[bool, str]:
    counts = [count for count in facts.examples.values() if count]
    if counts and max(counts) >= UNEVEN * min(counts):
        rarest = min(facts.examples, key=lambda name: facts.examples[name] or max(counts))
        return True, tr(
            "“{name}” has {n} examples, another landmark {most}: it would hardly count.",
            name=rarest,
            n=min(counts),
            most=max(counts),
        )
    return False, tr("All landmarks have about as many examples.")
