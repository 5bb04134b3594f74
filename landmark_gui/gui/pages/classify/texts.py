"""Verdicts and models in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.shares import percent

if TYPE_CHECKING:
    from landmark_gui.core.unknown import UnknownRule
    from landmark_gui.gui.pages.classify.photos import Entry
    from landmark_gui.inference.bundle import Bundle
    from landmark_gui.inference.classifier import Box, Verdict

NAMED = 8
"""Of more classes than these, the rest is counted."""


def verdict_text(verdict: Verdict) -> str:
    """A verdict in a line."""
    label, confidence = verdict.label, percent(verdict.confidence)
    if verdict.unknown:
        return tr("Unknown; perhaps {label}, {confidence}", label=label, confidence=confidence)
    return f"{label}, {confidence}"


def part_text(box: Box) -> str:
    """Which part of a photo was asked about."""
    x, y, w, h = (round(side) for side in box)
    return tr("Of the part of {w} × {h} pixels at {x}, {y}.", w=w, h=h, x=x, y=y)


def guess_text(verdict: Verdict) -> str:
    """What an unknown photo may show."""
    confidence = percent(verdict.confidence)
    return tr("Perhaps {label}, {confidence}.", label=verdict.label, confidence=confidence)


def entry_text(entry: Entry) -> str:
    """What is known of a photo, in a line."""
    if entry.corrected:
        return corrected_text(entry)
    if entry.verdict is not None:
        said = verdict_text(entry.verdict)
        return said if entry.verdict.box is None else tr("Part: {verdict}", verdict=said)
    texts = {
        "waiting": tr("Waiting…"),
        "stopped": tr("Not classified"),
        "failed": tr("Cannot be classified: {reason}", reason=entry.reason),
    }
    return texts[entry.state]


def corrected_text(entry: Entry) -> str:
    """What the person says of a photo, and what the model said where that is something else."""
    verdict, label = entry.verdict, entry.corrected
    if entry.sent:
        return tr("{label}, in the project", label=label)
    if verdict is None or (verdict.label == label and not verdict.unknown):
        return tr("{label}, by you", label=label)
    return tr("{label}, by you (was: {verdict})", label=label, verdict=verdict_text(verdict))


def tally_text(entries: Sequence[Entry]) -> str:
    """How many photos were classified, and how many of them in vain."""
    counts = Counter(entry.state for entry in entries)
    unknown = sum(entry.verdict is not None and entry.verdict.unknown for entry in entries)
    parts = [ntr("{n} photo classified", "{n} photos classified", counts["done"])]
    if unknown:
        parts.append(tr("{n} unknown", n=unknown))
    if counts["failed"]:
        parts.append(tr("{n} cannot be classified", n=counts["failed"]))
    return ", ".join(parts)


def threshold_text(threshold: float) -> str:
    return tr("A verdict under {confidence} counts as unknown.", confidence=percent(threshold))


def why_unknown_text(verdict: Verdict, threshold: float) -> str:
    """What a verdict that is unknown was judged by; its confidence may be high for all that."""
    if verdict.score == verdict.confidence:
        return threshold_text(threshold)
    return tr(
        "It is {score} like the nearest photo learned from; under {threshold} counts as unknown.",
        score=percent(verdict.score),
        threshold=percent(threshold),
    )


def operating_text(rule: UnknownRule, threshold: float) -> str:
    """What a threshold costs and gains, as far as the training of the model measured it."""
    point = rule.at(threshold)
    if point is None:
        missing = tr(
            "What that keeps of the model's own photos and refuses of strangers was not measured "
            "when it was trained."
        )
        return f"{threshold_text(threshold)} {missing}"
    return tr(
        "Keeps {kept} of its own, says unknown to {refused} of strangers.",
        kept=percent(point.kept),
        refused=percent(point.refused),
    )


def measured_on_text(rule: UnknownRule) -> str:
    """How much the figures of `operating_text` rest on."""
    if not rule.operating:
        return ""
    return tr(
        "Measured on {own} photos of its landmarks and {strangers} pictures of something else.",
        own=rule.own,
        strangers=rule.strangers,
    )


def model_text(bundle: Bundle) -> str:
    """What a model knows and how good it is."""
    count = len(bundle.labels)
    names = ", ".join(bundle.labels[:NAMED]) + (", …" if count > NAMED else "")
    known = ntr("{n} landmark: {names}", "{n} landmarks: {names}", count, names=names)
    accuracy = _accuracy_text(bundle)
    text = tr("{accuracy} · {known}", accuracy=accuracy, known=known) if accuracy else known
    if bundle.learned_from_crops:
        hint = tr("It learned from crops, so it is at its best where the landmark fills the photo.")
        return f"{text}\n{hint}"
    return text


def _accuracy_text(bundle: Bundle) -> str:
    metrics = bundle.card.get("metrics")
    metrics = metrics if isinstance(metrics, Mapping) else {}  # the card may be a stranger's
    accuracy, examples = metrics.get("accuracy"), metrics.get("examples")
    if not isinstance(accuracy, int | float) or not 0 <= accuracy <= 1:
        return ""
    if not isinstance(examples, int):
        return tr("Test accuracy {accuracy}", accuracy=percent(accuracy))
    return ntr(
        "Test accuracy {accuracy} on {n} example",
        "Test accuracy {accuracy} on {n} examples",
        examples,
        accuracy=percent(accuracy),
    )
