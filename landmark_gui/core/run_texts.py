"""Runs in words: what became of them, in what they differ, and which is better, if that shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.intervals import paired
from landmark_gui.core.run_list import Answer, Run
from landmark_gui.core.runs import TrainConfig

LEVEL = 0.05
"""Of significance: what chance brings more rarely than this counts as a difference."""
FEWEST_APART = 6
"""Examples that one model alone must have right before chance can be ruled out at `LEVEL`."""
_PLACES = ("project", "out", "probe")
_PART = "augmentation."


@dataclass(frozen=True)
class Difference:
    """A setting in which runs differ, with the value of each in words."""

    label: str
    values: tuple[str, ...]


def date_text(run: Run) -> str:
    """When a run began, in the time of this place; its name where that is no time."""
    if run.started is None:
        return run.id
    return f"{run.started.astimezone():%Y-%m-%d %H:%M}"


def state_text(run: Run) -> str:
    """What became of a run: "complete", "stopped after 7 epochs", …"""
    if run.state in ("cancelled", "interrupted"):
        words = {
            "cancelled": ntr("stopped after {n} epoch", "stopped after {n} epochs", run.epochs),
            "interrupted": ntr("cut off after {n} epoch", "cut off after {n} epochs", run.epochs),
        }
        return words[run.state]
    if run.state in ("failed", "damaged") and run.problem:
        words = {
            "failed": tr("failed: {reason}", reason=run.problem),
            "damaged": tr("damaged: {reason}", reason=run.problem),
        }
        return words[run.state]
    states = {
        "done": tr("complete"),
        "running": tr("running"),
        "failed": tr("failed"),
        "damaged": tr("damaged"),
    }
    return states[run.state]


def accuracy_text(run: Run) -> str:
    """The test accuracy with its 95 % interval: "84 % (72–92)"; "" without one."""
    if run.accuracy is None:
        return ""
    interval = run.interval
    if interval is None:
        return f"{run.accuracy:.0%}"
    return f"{run.accuracy:.0%} ({interval.low * 100:.0f}–{interval.high * 100:.0f})"


def recipe_text(run: Run) -> str:
    """The recipe with the network that it names: "transfer, mobilenet_v2"."""
    recipe = str(run.config.get("recipe") or "")
    network = run.config.get("network" if recipe == "scratch" else "backbone")
    return ", ".join(filter(None, [recipe, str(network or "")]))


def data_text(run: Run) -> str:
    """What was learned from: "120 crops"."""
    counts = run.metrics.get("counts")
    train = counts.get("train") if isinstance(counts, Mapping) else None
    whole = isinstance(train, Mapping) and all(isinstance(n, int) for n in train.values())
    if not whole:
        return tr("photos") if run.config.get("use") == "photos" else tr("crops")
    count = sum(train.values())  # type: ignore[union-attr]  # a mapping, if it is whole
    if run.config.get("use") == "photos":
        return ntr("{n} photo", "{n} photos", count)
    return ntr("{n} crop", "{n} crops", count)


def differences(runs: Sequence[Run]) -> list[Difference]:
    """The settings in which runs differ, and their data; none in which all agree."""
    settings = [_settings(run) for run in runs]
    names = dict.fromkeys(name for known in settings for name in known)
    if not all(known["augmentation"] for known in settings):  # off: it has no values to compare
        names = dict.fromkeys(name for name in names if not name.startswith(_PART))
    found = []
    for name in names:
        values = [known.get(name) for known in settings]
        if any(value != values[0] for value in values):
            found.append(Difference(setting_label(name), tuple(map(value_text, values))))
    hashes = [run.data for run in runs]
    if len(set(hashes)) > 1:
        letters = {hash_: chr(ord("A") + n) for n, hash_ in enumerate(dict.fromkeys(hashes))}
        named = tuple(letters[hash_] if hash_ else tr("not known") for hash_ in hashes)
        found.append(Difference(tr("Photos, boxes and splits"), named))
    return found


def setting_label(name: str) -> str:
    """A setting as the Train page calls it; of the augmentation, as Keras does."""
    if name.startswith(_PART):
        return tr("Augmentation: {name}", name=name.removeprefix(_PART))
    labels = {
        "use": tr("Learn from"),
        "recipe": tr("Recipe"),
        "network": tr("Network"),
        "backbone": tr("Backbone"),
        "activation": tr("Activation"),
        "batch_normalization": tr("Batch normalisation"),
        "dropout": tr("Dropout"),
        "augmentation": tr("Augmentation"),
        "weights": tr("Weights"),
        "alpha": tr("Width of the network (alpha)"),
        "epochs": tr("Epochs"),
        "image_size": tr("Image size"),
        "batch_size": tr("Batch size"),
        "learning_rate": tr("Learning rate"),
        "optimizer": tr("Optimizer"),
        "weight_decay": tr("Weight decay"),
        "schedule": tr("Schedule of the learning rate"),
        "warmup_epochs": tr("Warm-up epochs"),
        "label_smoothing": tr("Label smoothing"),
        "class_weights": tr("Class weights"),
        "patience": tr("Epochs of patience"),
        "mixed_precision": tr("Mixed precision"),
        "averaged_weights": tr("Averaged weights"),
        "seed": tr("Seed"),
        "margin": tr("Margin"),
        "margin_unit": tr("Unit of the margin"),
        "shape": tr("Shape"),
        "edge": tr("At the photo's border"),
        "split": tr("Shares of the splits"),
        "feature_cache": tr("Features once"),
    }
    return labels.get(name, name)


def value_text(value: Any) -> str:
    """A value of a setting."""
    if value is None:
        return tr("automatic")
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(value_text, value))
    return str(value)


def comparison_text(first: Run, second: Run) -> str:
    """Which of two complete runs is better, or that this cannot be told, and why."""
    if first.interval is None or second.interval is None:
        return tr("Only runs that were tested can be compared.")
    common = paired(_right(first), _right(second))
    if common is not None and _asked_alike(first, second):
        return _paired_text(common.examples, common.first_only, common.second_only, common.p)
    if first.interval.overlaps(second.interval):
        said = tr(
            "They were not tested on the same photos, and their intervals overlap: the two cannot "
            "be told apart."
        )
    else:
        said = tr(
            "They were not tested on the same photos, but their intervals do not overlap: the one "
            "with the higher accuracy is most likely better on such photos."
        )
    return f"{said} {smallest_text(min(first.tested, second.tested))}"


def _paired_text(examples: int, first_only: int, second_only: int, p: float) -> str:
    counts = {"n": examples, "first": first_only, "second": second_only, "p": f"{p:.2g}"}
    asked = ntr(
        "Both answered the same {n} test example: the first alone is right on {first}, the second "
        "alone on {second}.",
        "Both answered the same {n} test examples: the first alone is right on {first}, the second "
        "alone on {second}.",
        examples,
        first=first_only,
        second=second_only,
    )
    if p < LEVEL:
        better = tr("The first") if first_only > second_only else tr("The second")
        said = tr("{which} is better: chance rarely does that (p = {p}).", which=better, **counts)
        return f"{asked} {said}"
    said = tr("Chance does that easily (p = {p}): the two cannot be told apart.", **counts)
    return f"{asked} {said} {smallest_text(examples)}"


def smallest_text(examples: int) -> str:
    """How large a difference must be to show at all."""
    if examples <= FEWEST_APART:
        return tr("The test set is too small to show any difference.")
    return ntr(
        "The test set is small: with {n} example, only differences of {points} points or more can "
        "show.",
        "The test set is small: with {n} examples, only differences of {points} points or more "
        "can show.",
        examples,
        points=-(-100 * FEWEST_APART // examples),
    )


def _right(run: Run) -> dict[tuple[int, str | None, str], bool]:
    return {_key(answer): answer.is_right for answer in run.answers()}


def _key(answer: Answer) -> tuple[int, str | None, str]:
    return answer.photo_id, answer.box_id, answer.true


def _asked_alike(first: Run, second: Run) -> bool:
    """Whether each was asked about no example that the other had not; else training may leak."""
    return _right(first).keys() == _right(second).keys()


def _settings(run: Run) -> dict[str, Any]:
    """All settings, those of the augmentation one by one; what is missing has its default."""
    defaults = {f.name: f.default for f in fields(TrainConfig) if f.default is not MISSING}
    known = {**defaults, **run.config}
    for name in _PLACES:
        known.pop(name, None)
    augmentation = known.pop("augmentation", None)
    known["split"] = tuple(known["split"]) if isinstance(known["split"], list) else known["split"]
    known["augmentation"] = isinstance(augmentation, Mapping)
    if isinstance(augmentation, Mapping):
        known |= {f"{_PART}{name}": value for name, value in augmentation.items()}
    return known
