"""What the Train page says, as pure functions of events and of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.intervals import wilson
from landmark_gui.core.run_results import (
    DAMAGE,
    ProbeResult,
    label_errors_sentence,
    leak_sentence,
    not_measured_sentence,
)
from landmark_gui.core.unknown import UnknownRule, unknown_sentence
from landmark_gui.gui.widgets.common import duration

if TYPE_CHECKING:
    from landmark_gui.core.augmentation import AugmentationConfig
    from landmark_gui.jobs.worker_process import Event


def probing_text(event: Event) -> str:
    """Where the probe is: it reads the examples once more, then learns from parts of them."""
    if event["part"] == "features":
        return tr(
            "The model is saved · looking at the crops once more {done}/{total}",
            done=event["done"],
            total=event["total"],
        )
    return tr(
        "The model is saved · checking labels and splits {done}/{total}",
        done=event["done"],
        total=event["total"],
    )


def probe_lines(metrics: Mapping[str, Any]) -> list[str]:
    """What the probe found, or why there is nothing."""
    if not metrics.get("probe"):
        reason = metrics.get("probe_reason")
        return [not_measured_sentence(reason)] if reason else []
    try:
        result = ProbeResult.from_dict(metrics["probe"])
    except DAMAGE:
        return []
    return [leak_sentence(result), label_errors_sentence(result)]


def unknown_lines(metrics: Mapping[str, Any]) -> list[str]:
    """What the model does to strangers; nothing of a training by an older version."""
    try:
        return [unknown_sentence(UnknownRule.from_dict(metrics["unknown"]))]
    except DAMAGE:
        return []


def step_text(event: Event) -> str:
    """Where a training is, and how long it will still take."""
    place = tr(
        "Epoch {epoch} of {epochs} · step {step} of {steps}",
        **{key: event[key] for key in ("epoch", "epochs", "step", "steps")},
    )
    left = event.get("seconds_left")
    if left is None:
        return place
    return tr("{place} · {time} left", place=place, time=duration(left))


def count_text(event: Event) -> str:
    """ "5 of 9", with the figures of the epoch so far."""
    count = tr("{done} of {total}", done=event["step"], total=event["steps"])
    if event.get("loss") is None:
        return count
    return tr("{count} · loss {loss}", count=count, loss=f"{event['loss']:.3f}")


def figure_text(key: str, value: float) -> str:
    """A figure of the row above the curves, with its unit."""
    if key == "seconds_left":
        return duration(value)
    if key == "images_per_second":
        return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    if key == "memory":
        return f"{value / 1e9:.1f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"
    return f"{value:.3g}"


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def epoch_line(event: Event) -> str:
    """An epoch as one line of the log."""
    parts = [tr("Epoch {epoch}/{epochs}", epoch=event["epoch"], epochs=event["epochs"])]
    for key in ("loss", "accuracy", "val_loss", "val_accuracy"):
        if key in event:
            value = event[key]
            parts.append(f"{key} {event.get(f'{key}_reason') if value is None else f'{value:.4f}'}")
    if event.get("best"):
        parts.append(tr("best so far"))
    return " · ".join(parts)


def counts_line(event: Event) -> str:
    """The examples of each split as one line of the log."""
    counts = {split: sum(table.values()) for split, table in event["counts"].items()}
    return tr(
        "{classes} landmarks · {train} examples to learn from, {validation} to choose the best "
        "epoch, {test} to test",
        classes=len(event["classes"]),
        train=counts.get("train", 0),
        validation=counts.get("validation", 0),
        test=counts.get("test", 0),
    )


def busy_text(task: str) -> str:
    """Why nothing can be trained while a study or a search has the worker; "" if none has it."""
    return {
        "study": tr("A study is running. Wait for it, or pause it on its page."),
        "search": tr("A search is running. Wait for it, or pause it on its page."),
    }.get(task, "")


def augmentation_text(config: AugmentationConfig) -> str:
    """The augmentation in one line, such as "rotation ±20°, zoom 0.8–1.2, mirrored"."""
    values = config.to_dict()
    low, high = _zoom(values["zoom_range"])
    across, down = values["width_shift_range"], values["height_shift_range"]
    parts = [
        (values["rotation_range"], tr("rotation ±{n}°", n=f"{values['rotation_range']:g}")),
        (across, tr("shift {n} across", n=_shift(across))),
        (down, tr("{n} up or down", n=_shift(down))),
        (values["shear_range"], tr("shear {n}°", n=f"{values['shear_range']:g}")),
        ((low, high) != (1, 1), tr("zoom {low}–{high}", low=f"{low:g}", high=f"{high:g}")),
        (values["horizontal_flip"], tr("mirrored")),
        (values["vertical_flip"], tr("upside down")),
        (config.beyond_keras or config.changes_tones, tr("other changes")),
    ]
    said = [text for used, text in parts if used]
    return ", ".join(said) or tr("nothing is varied yet")


def _shift(limit: float | Sequence[float]) -> str:
    """A list, as Keras takes it, is the values to draw from."""
    if isinstance(limit, int | float):
        return f"{limit:g}"
    return " ".join(f"±{abs(value):g}" for value in limit)


def _zoom(zoom: float | Sequence[float]) -> tuple[float, float]:
    if isinstance(zoom, int | float):
        return 1 - zoom, 1 + zoom
    return zoom[0], zoom[1]


def result_title(metrics: Mapping[str, Any]) -> str:
    accuracy = metrics.get("accuracy")
    if accuracy is None:
        return tr("The model is ready")
    return tr(
        "{accuracy} of the test examples are named correctly (by chance: {chance})",
        accuracy=percent(accuracy),
        chance=percent(metrics.get("chance")),
    )


def beats_chance(accuracy: float | None, chance: float | None) -> bool:
    """Whether an accuracy is clearly above guessing."""
    return accuracy is None or chance is None or accuracy >= 1.2 * chance


def result_lines(metrics: Mapping[str, Any], epochs: int) -> list[str]:
    """What a training came to, line by line."""
    lines = []
    tested = sum(metrics.get("counts", {}).get("test", {}).values())
    if metrics.get("accuracy") is None:
        lines.append(tr("There was no test example to measure it with."))
    elif tested:
        lines.append(ntr("Measured on {n} example.", "Measured on {n} examples.", tested))
        interval = wilson(round(metrics["accuracy"] * tested), tested)
        lines.append(
            tr(
                "With other photos of this kind it would mostly be between {low} and {high}.",
                low=percent(interval.low),
                high=percent(interval.high),
            )
        )
    if metrics.get("best_epoch") is not None:
        lines.append(
            tr("Best epoch: {best} of {epochs}.", best=metrics["best_epoch"], epochs=epochs)
        )
    if metrics.get("seconds") is not None:
        lines.append(tr("It took {time}.", time=duration(metrics["seconds"])))
    return lines
