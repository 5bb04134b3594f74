"""What a study compares, and what it found, in words."""

from __future__ import annotations

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.studies.result import Pool, StudyResult, paired, rounds_for


def variant_label(key: str) -> str:
    """A variant in words; a key that is not known stands for itself."""
    return _labels().get(key, key)


def sentence(result: StudyResult) -> str:
    """What a study found, in one or a few sentences, and what to do."""
    return " ".join([*_found(result), *(_failed(result, key) for key in result.failures)])


def _found(result: StudyResult) -> list[str]:
    """But for what could not be trained."""
    if not result.is_complete:
        return [_unfinished(result)]
    if result.failures and not result.is_comparable:
        return [tr("There is nothing to compare.")]
    if result.kind == "compare":
        return [_compared(result), *_worth(result)]
    return list(filter(None, [_best(result), _harmful(result)]))


def _failed(result: StudyResult, key: str) -> str:
    return tr(
        "{option} could not be trained: {reason}",
        option=f"“{variant_label(key)}”",
        reason=result.failures[key],
    )


def figure(accuracy: Accuracy) -> str:
    """A mean with half of its interval, as 0.71 (±0.04)."""
    return f"{accuracy.value:.2f} (±{accuracy.spread:.2f})"


def _unfinished(result: StudyResult) -> str:
    return ntr(
        "{done} of {n} training is done; nothing can be said before the last.",
        "{done} of {n} trainings are done; nothing can be said before the last.",
        result.planned,
        done=result.done,
    )


def _best(result: StudyResult) -> str:
    """Which option to take, or that none can be told from chance."""
    if result.winner is None or result.baseline is None:
        return _undecided(result)
    best = result.outcomes[result.winner]
    return tr(
        "{option}: {with_it} against {without} without. It helps: take it.",
        option=variant_label(result.winner),
        with_it=figure(best.accuracy),
        without=figure(result.baseline.accuracy),
    )


def _undecided(result: StudyResult) -> str:
    harmful = any(outcome.harms for outcome in result.outcomes.values())
    found = (
        tr("No option helps as far as can be told.")
        if harmful
        else tr("No option makes a difference that could be told from chance.")
    )
    return f"{found} {_remedy(result)}"


def _remedy(result: StudyResult) -> str:
    """What may tell the most promising variant from chance."""
    gains = {key: one.gain.value for key, one in result.outcomes.items() if one.gain}
    best = max(gains, key=lambda key: gains[key], default=None)
    rounds = rounds_for(result, best) if best is not None and gains[best] > 0 else None
    if best is None or rounds is None:
        return tr("More repeats will hardly change that; more photos may.")
    return ntr(
        "If it goes on like this, {option} is told from chance after {n} round: ask for as many.",
        "If it goes on like this, {option} is told from chance after {n} rounds: ask for as many.",
        rounds,
        option=f"“{variant_label(best)}”",
    )


def _harmful(result: StudyResult) -> str:
    """Which options to leave out."""
    assert result.baseline is not None
    without = figure(result.baseline.accuracy)
    return " ".join(
        tr(
            "{option}: {with_it} against {without} without. It harms: leave it out.",
            option=variant_label(key),
            with_it=figure(outcome.accuracy),
            without=without,
        )
        for key, outcome in result.outcomes.items()
        if outcome.harms
    )


def _compared(result: StudyResult) -> str:
    """Which of the four ways is best."""
    if result.winner is None or result.baseline is None:
        return _undecided_ways(result)
    return tr(
        "Best: {way}, {with_it} against {without} of plain photos.",
        way=variant_label(result.winner),
        with_it=figure(result.outcomes[result.winner].accuracy),
        without=figure(result.baseline.accuracy),
    )


def _undecided_ways(result: StudyResult) -> str:
    found = ntr(
        "No way is better than plain photos as far as can be told from {n} round.",
        "No way is better than plain photos as far as can be told from {n} rounds.",
        result.repeats,
    )
    return f"{found} {_remedy(result)}"


def _worth(result: StudyResult) -> list[str]:
    """What cropping and augmentation are worth, each by itself."""
    told = (
        (tr("Cropping"), "crops", "photos"),
        (tr("Augmentation of photos"), "photos+augmentation", "photos"),
        (tr("Augmentation of crops"), "crops+augmentation", "crops"),
    )
    return [
        _points(what, result, ours, others)
        for what, ours, others in told
        if not {ours, others} & result.failures.keys()
    ]


def _points(what: str, result: StudyResult, ours: str, others: str) -> str:
    gain = gain_between(result, ours, others)
    if gain is None or abs(gain.value) <= gain.spread:
        return tr("{what}: no difference that could be told from chance.", what=what)
    return ntr(
        "{what}: {points} point (±{spread}).",
        "{what}: {points} points (±{spread}).",
        max(1, round(abs(gain.value) * 100)),
        what=what,
        points=f"{gain.value * 100:+.0f}",
        spread=f"{gain.spread * 100:.0f}",
    )


def gain_between(result: StudyResult, ours: str, others: str) -> Accuracy | None:
    """How much better one variant of "compare" is than another, paired round by round.

    The intervals of the three differences that are told hold together with 95 %.
    """
    one, other = result.outcomes.get(ours), result.outcomes.get(others)
    if one is None or other is None or result.folds < 2:
        return None
    pool = Pool(result.examples, 1, result.folds)
    return paired(one.trials, other.trials, pool, comparisons=3)


def _labels() -> dict[str, str]:
    return {
        "plain": tr("Without augmentation"),
        "all": tr("All together"),
        "photos": tr("Photos"),
        "photos+augmentation": tr("Photos, augmented"),
        "crops": tr("Crops"),
        "crops+augmentation": tr("Crops, augmented"),
        "rotation_range": tr("Rotation"),
        "width_shift_range": tr("Shift sideways"),
        "height_shift_range": tr("Shift up and down"),
        "shear_range": tr("Shear"),
        "zoom_range": tr("Zoom"),
        "horizontal_flip": tr("Mirror sideways"),
        "vertical_flip": tr("Mirror upside down"),
        "channel_shift_range": tr("Channel shift"),
        "brightness_range": tr("Light"),
        "jitter_brightness": tr("Brightness"),
        "jitter_contrast": tr("Contrast"),
        "jitter_saturation": tr("Saturation"),
        "jitter_hue": tr("Hue"),
        "perspective": tr("Perspective"),
        "blur": tr("Blur"),
        "jpeg_quality": tr("JPEG compression"),
        "erasing": tr("Hidden parts"),
        "randaugment_count": tr("RandAugment"),
        "mixup_alpha": tr("Blended (mixup)"),
        "cutmix_alpha": tr("Pasted (cutmix)"),
    }
