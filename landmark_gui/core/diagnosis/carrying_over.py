"""Checks of whether what was learned holds for other photos: labels, over-fitting, numbers."""

from __future__ import annotations

from landmark_gui.core.diagnosis import remedies
from landmark_gui.core.diagnosis.chances import Share
from landmark_gui.core.diagnosis.evidence import RECENT, Evidence
from landmark_gui.core.diagnosis.findings import Finding
from landmark_gui.core.diagnosis.learning import FIRST_LOOK, PATIENCE
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_results import Accuracy

GAP = 0.1
"""Least difference of training and validation accuracy that is worth a word."""
WIDE_GAP = 0.15
"""The same where the validation loss stands still rather than rises."""
RISE = 0.1
"""Part of its lowest value by which the validation loss must have risen since."""
SHUFFLED_EPOCHS, SHUFFLED_EACH, SHUFFLED_JUDGES = 8, 12, 15
"""Epochs, training photos of a landmark, validation photos before labels are doubted: with fewer
photos a network learns them by heart and knows nothing of others, with the best of labels."""
KNOWN_BY_HEART = 0.4
"""How far from guessing to perfect the training accuracy has come, at least."""
FEWEST = {"scratch": 10, "fine-tune": 5, "transfer": 5}
"""Training photos of each landmark."""
FEWEST_JUDGES = 10
GOOD = 0.8


def labels_shuffled(e: Evidence) -> Finding | None:
    """What is learned of the training photos says nothing about others, though they are many."""
    measured = e.cross_validated
    if measured is not None and _guesses(measured, e.train_guess):
        text = tr(
            "Learned from all other photos of a landmark, {value} are named correctly "
            "(±{spread}); always saying the commonest landmark gives {guess}.",
            value=f"{measured.value:.0%}",
            spread=f"{measured.spread * 100:.0f}",
            guess=f"{e.train_guess:.0%}",
        )
        return _shuffled(text)
    seen, judged = e.training(), e.validation(PATIENCE)
    by_heart = e.train_guess + KNOWN_BY_HEART * (1 - e.train_guess)
    enough = (
        len(e.epochs) >= SHUFFLED_EPOCHS
        and _smallest(e)[1] >= SHUFFLED_EACH
        and judged.of >= SHUFFLED_JUDGES
    )
    if not enough or seen.low < by_heart or not judged.is_guessing(e.guess):
        return None
    return _shuffled(
        tr(
            "{seen} of the training photos are named correctly, but only {right} of {of} "
            "validation photos; always saying the commonest landmark gives {guess}.",
            seen=f"{seen.value:.0%}",
            right=judged.right,
            of=judged.of,
            guess=f"{e.guess:.0%}",
        )
    )


def _guesses(measured: Accuracy, guess: float) -> bool:
    low, high = measured.value - measured.spread, measured.value + measured.spread
    return low <= guess and high < (1 + guess) / 2


def _shuffled(evidence: str) -> Finding:
    return Finding(
        "labels_shuffled",
        tr(
            "The labels may be mixed up: the network learns its photos by heart, but finds "
            "nothing in them that holds for others."
        ),
        evidence,
        tuple(remedies.look_at_labels()),
    )


def over_fitting(e: Evidence) -> Finding | None:
    """Better and better on the training photos, worse or no better on others."""
    seen, judged = e.training(), e.validation()
    if len(e.epochs) < PATIENCE or judged.of < FEWEST_JUDGES or judged.high >= seen.value:
        return None
    gap = seen.value - judged.value
    rises = gap >= GAP and _has_risen(e)
    stands = gap >= WIDE_GAP and e.stale >= PATIENCE
    if not rises and not stands:
        return None
    return Finding(
        "over_fitting",
        tr("Over-fitting: the network learns its photos by heart rather than the landmark."),
        tr(
            "{seen} of the training photos are named correctly, but {right} of {of} validation "
            "photos. The validation loss was lowest in epoch {n} ({low}) and is {now} now; the "
            "weights of that epoch are kept.",
            seen=f"{seen.value:.0%}",
            right=judged.right,
            of=judged.of,
            n=e.best_epoch,
            low=f"{min(e.val_losses):.3f}",
            now=f"{e.val_losses[-1]:.3f}",
        ),
        (*remedies.augmentation(e), *remedies.more_dropout(e), *remedies.trained_network(e)),
    )


def _has_risen(e: Evidence) -> bool:
    losses = e.val_losses
    if len(losses) < PATIENCE:
        return False
    now, lowest = sum(losses[-RECENT:]) / RECENT, min(losses)
    return now > lowest * (1 + RISE) + 0.05 * e.guess_loss and e.stale >= RECENT


def too_few_photos(e: Evidence) -> Finding | None:
    """So few photos that no figure tells much; not where the model is good all the same."""
    name, count = _smallest(e)
    best = e.validation()
    few = count < FEWEST.get(e.config.recipe, FEWEST["transfer"])
    few_judges = e.size("validation") < FEWEST_JUDGES
    if len(e.epochs) < FIRST_LOOK and not e.finished:
        return None
    if not (few or few_judges) or best.low >= GOOD:
        return None
    return Finding(
        "too_few_photos",
        tr("There are too few photos to learn from, or to tell what was learned."),
        ntr(
            "“{name}” has {n} training photo. {judged}",
            "“{name}” has {n} training photos. {judged}",
            count,
            name=name,
            judged=_judged(best),
        ),
        (*remedies.trained_network(e), *remedies.augmentation(e), *remedies.look_at_photos()),
    )


def _judged(best: Share) -> str:
    if not best.of:
        return tr("No validation photo says how good the network is.")
    return tr(
        "{right} of {of} validation photos were named correctly: the accuracy may be anything "
        "from {low} to {high}.",
        right=best.right,
        of=best.of,
        low=f"{best.low:.0%}",
        high=f"{best.high:.0%}",
    )


def _smallest(e: Evidence) -> tuple[str, int]:
    """The landmark with the fewest training photos, and how many."""
    counts = e.counts.get("train", {})
    return min(counts.items(), key=lambda item: item[1], default=("", 0))
