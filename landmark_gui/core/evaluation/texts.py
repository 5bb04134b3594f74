"""An evaluation in words, as the page, the report and the command line say it."""

from __future__ import annotations

from landmark_gui.core.evaluation.answers import CropAnswer, Evaluation, Part
from landmark_gui.core.evaluation.calibration import MeasuredCalibration
from landmark_gui.core.evaluation.changes import Changes
from landmark_gui.core.evaluation.figures import Figures
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.intervals import Interval
from landmark_gui.core.run_texts import LEVEL, smallest_text
from landmark_gui.core.shares import percent


def part_name(part: Part) -> str:
    """What a model was asked about."""
    return {
        "test": tr("Test photos"),
        "validation": tr("Validation photos"),
        "train": tr("Training photos"),
        "all": tr("All photos"),
    }[part]


def share_text(share: float | None, interval: Interval | None = None) -> str:
    """A share with its 95 % interval: "94% (84–98)"; "–" where there is none."""
    if share is None:
        return "–"
    if interval is None:
        return f"{share:.0%}"
    return f"{share:.0%} ({interval.low * 100:.0f}–{interval.high * 100:.0f})"


def headline(figures: Figures) -> str:
    """How many are right: "47 of 50 right: 94% (84–98)"."""
    accuracy = share_text(figures.accuracy, figures.interval)
    return ntr(
        "{right} of {n} right: {accuracy}",
        "{right} of {n} right: {accuracy}",
        figures.examples,
        right=figures.right,
        accuracy=accuracy,
    )


def meaning(figures: Figures, part: Part) -> str:
    """What the figures of the headline mean, which for photos of the training is not much."""
    chance = tr("Guessing would be right in {chance}.", chance=f"{figures.chance:.0%}")
    if figures.interval is None:
        return chance
    if part in ("train", "all"):
        learned = tr("On photos that it learned from a model is right more often than on new ones.")
        return f"{chance} {learned}"
    low, high = f"{figures.interval.low:.0%}", f"{figures.interval.high:.0%}"
    among = tr(
        "With other photos of this kind it would mostly be between {low} and {high}.",
        low=low,
        high=high,
    )
    return f"{chance} {among}"


def figure_lines(
    figures: Figures, calibration: MeasuredCalibration | None
) -> list[tuple[str, str, str]]:
    """Further figures: name, value, and what it means."""
    lines = [
        (
            tr("Macro F1"),
            "–" if figures.macro_f1 is None else f"{figures.macro_f1:.2f}",
            tr(
                "The mean over the landmarks of how many of each are found and how many of its "
                "verdicts are right; 1 is best. A rare landmark counts as much as a frequent one."
            ),
        )
    ]
    lines += [
        (
            tr("Top {k}", k=k),
            share_text(share),
            tr("How often the right landmark is among the {k} most probable ones.", k=k),
        )
        for k, share in figures.top.items()
        if k > 1
    ]
    lines.append(
        (
            tr("Unknown to it"),
            str(figures.unknown),
            tr(
                "Of how many the model says that it does not know them, though it has learned "
                "these landmarks. What it would have called them counts in the other figures."
            ),
        )
    )
    if calibration is not None:
        lines.append(
            (
                tr("Calibration error"),
                f"{calibration.now.error:.1%}",
                tr(
                    "How far the confidence is from how often the model is right, on average; 0 "
                    "is best. With few photos it is never 0."
                ),
            )
        )
    return lines


def calibration_text(calibration: MeasuredCalibration) -> str:
    """What the reliability diagram shows."""
    now = f"{calibration.now.error:.1%}"
    if calibration.before is None:
        return tr("The confidence is off by {now} on average.", now=now)
    return tr(
        "The confidence is off by {now} on average; without temperature scaling (T = {t}) it "
        "would be {before}.",
        now=now,
        t=f"{calibration.temperature:.2f}",
        before=f"{calibration.before.error:.1%}",
    )


def left_out_lines(evaluation: Evaluation) -> list[str]:
    """What could not be asked about, and why."""
    lines = []
    if count := sum(evaluation.foreign.values()):
        names = ", ".join(evaluation.foreign)
        lines.append(
            ntr(
                "{n} example was not asked about: the model does not know {names}.",
                "{n} examples were not asked about: the model does not know {names}.",
                count,
                names=names,
            )
        )
    if evaluation.skipped:
        count = len(evaluation.skipped)
        lines.append(
            ntr("{n} example could not be read.", "{n} examples could not be read.", count)
        )
    return lines


def answer_text(answer: CropAnswer) -> str:
    """An answer in a line."""
    values = {
        "name": answer.crop.source,
        "true": answer.true,
        "said": answer.predicted,
        "confidence": percent(answer.confidence),
    }
    if answer.is_right:
        return tr("{name}: {true}, recognised ({confidence})", **values)
    return tr("{name}: {true}, taken for {said} ({confidence})", **values)


def changes_text(changes: Changes) -> str:
    """Whether the later model is better, or that this cannot be told, and why."""
    told = changes.paired
    if told is None:
        return tr("Both models have no example in common, so they cannot be compared.")
    asked = ntr(
        "Both models answered the same {n} example: {right} newly right, {wrong} newly wrong.",
        "Both models answered the same {n} examples: {right} newly right, {wrong} newly wrong.",
        told.examples,
        right=told.second_only,
        wrong=told.first_only,
    )
    p = f"{told.p:.2g}"
    if not told.first_only and not told.second_only:
        return f"{asked} {tr('They are right and wrong on the same ones.')}"
    if told.p >= LEVEL:
        said = tr("Chance does that easily (p = {p}): the two cannot be told apart.", p=p)
        return f"{asked} {said} {smallest_text(told.examples)}"
    if told.second_only > told.first_only:
        said = tr("It became better: chance rarely does that (p = {p}).", p=p)
    else:
        said = tr("It became worse: chance rarely does that (p = {p}).", p=p)
    return f"{asked} {said}"
