"""Checks of whether a network learns: its loss, its rectifiers, its accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from landmark_gui.core.diagnosis import remedies
from landmark_gui.core.diagnosis.evidence import DeadShare, Evidence
from landmark_gui.core.diagnosis.findings import Finding, Remedy
from landmark_gui.core.i18n import ntr, tr

FIRST_LOOK = 3
"""Epochs before which nothing but a lost loss is told."""
PATIENCE = 5
"""Epochs without a better validation loss after which it does not move."""
EXPLODED = 3.0
"""Times the loss of guessing that no network reaches whose steps are of a sane size."""
JUMP = 0.25
"""Part of the loss of guessing by which the training loss of an epoch rises in a jump."""
RECOVERED = 0.7
"""Part of the loss of guessing under which a network has learned, whatever came before."""
LOOKED_BACK = 8
MOST_DEAD = 0.5
"""Share of a layer's units: healthy networks on the sample photos stay below a fifth, those that
die lose nearly all (docs/adr/0026)."""
LEARNED = 0.9
"""Training accuracy, or part of the loss of guessing, beyond which a network has (not) learned."""
NEVER_MOVED = 0.97
"""Part of the loss of guessing under which a validation loss has fallen at all."""
CHANCE_EPOCHS, CHANCE_PART = 8, 0.2
"""Epochs, and part of those planned, for which a network may stay at chance."""
FIT = 0.85
"""Accuracy on its own training photos that a network should reach."""
FEW_EPOCHS = 10


def loss_lost(e: Evidence, where: tuple[int, int]) -> Finding:
    """The loss is no longer a number."""
    rate = "–" if e.rate is None else f"{e.rate:g}"
    return Finding(
        "loss_lost",
        tr("The loss is no longer a number: a step was so large that the weights overflowed."),
        tr(
            "Epoch {epoch}, step {step}, at a learning rate of {rate}.",
            epoch=where[0],
            step=where[1],
            rate=rate,
        ),
        (*remedies.lower_rate(e), *remedies.normalisation(e)),
    )


def rate_too_high(e: Evidence) -> Finding | None:
    """The training loss explodes, or goes up and down, and has not settled since."""
    losses = e.losses
    if len(e.epochs) < FIRST_LOOK or len(losses) < FIRST_LOOK:
        return None
    jumps = _jumps(losses[-LOOKED_BACK:], JUMP * e.guess_loss)
    exploded = max(losses) >= EXPLODED * e.guess_loss
    settled = max(losses[-2:]) < RECOVERED * e.guess_loss and not jumps
    if settled or not (exploded or jumps >= 2):
        return None
    return Finding(
        "rate_too_high",
        tr("The learning rate is too high: the loss jumps instead of falling."),
        _jumps_text(e, exploded, jumps),
        (*remedies.lower_rate(e), *remedies.normalisation(e)),
    )


def dead_units(e: Evidence) -> Finding | None:
    """The network does not get on, and most units of a layer never fire."""
    worst = max(e.dead, key=lambda dead: dead.share, default=None)
    if worst is None or worst.share < MOST_DEAD or len(e.epochs) < FIRST_LOOK:
        return None
    learns_nothing = min(e.losses[-3:], default=0.0) > LEARNED * e.guess_loss
    stuck = e.stale >= PATIENCE and e.training().high < LEARNED
    if not learns_nothing and not stuck:
        return None
    return Finding(
        "dead_units",
        tr(
            "Most units of a layer are dead: they give 0 whatever they are shown, so no step "
            "can change them."
        ),
        tr(
            "{share} of block {n} never fires; {all}. {loss}",
            share=f"{worst.share:.0%}",
            n=e.dead.index(worst) + 1,
            all=_all_shares(e.dead),
            loss=_best_loss(e),
        ),
        (*remedies.prelu(e), *remedies.lower_rate(e), *remedies.normalisation(e)),
    )


def at_chance(e: Evidence) -> Finding | None:
    """Long enough at chance on the validation photos, or without any on the training photos."""
    needed = max(CHANCE_EPOCHS, round(CHANCE_PART * e.planned))
    if e.finished:
        needed = min(needed, FEW_EPOCHS)
    if len(e.epochs) < needed:
        return None
    judged, guess = e.validation(PATIENCE), e.guess
    if not judged.of:
        judged, guess = e.training(), e.train_guess
    if not judged.is_guessing(guess):
        return None
    low, high = judged.interval
    return Finding(
        "at_chance",
        tr("The network does no better than guessing."),
        tr(
            "{right} of {of} photos were named correctly, so the accuracy is likely between "
            "{low} and {high}; always saying the commonest landmark gives {guess}.",
            right=judged.right,
            of=judged.of,
            low=f"{low:.0%}",
            high=f"{high:.0%}",
            guess=f"{guess:.0%}",
        ),
        (*remedies.trained_network(e), *_of_a_flat_loss(e), *remedies.look_at_labels()),
    )


def under_fitting(e: Evidence) -> Finding | None:
    """The network cannot even name the photos that it learns from."""
    seen = e.training()
    flat = len(e.epochs) >= 2 * PATIENCE and e.stale >= PATIENCE and not e.is_falling
    if not (e.finished or flat) or len(e.epochs) < 2 or _hides_what_it_knows(e):
        return None
    if not seen.of or seen.high >= FIT or seen.low > e.validation().high:
        return None
    rising = e.is_falling or len(e.epochs) < FEW_EPOCHS
    ways = remedies.more_epochs(e) if rising else _of_a_flat_loss(e)
    return Finding(
        "under_fitting",
        tr("The network has not learned its own training photos yet: it was stopped too early.")
        if rising
        else tr("The network cannot learn its own training photos."),
        tr(
            "{right} of {of} training photos were named correctly after {n} epochs. {loss}",
            right=seen.right,
            of=seen.of,
            n=len(e.epochs),
            loss=tr("The training loss still falls.")
            if e.is_falling
            else tr("The training loss is {loss}.", loss=f"{e.losses[-1]:.3f}")
            if e.losses
            else "",
        ),
        (*ways, *remedies.no_dropout(e), *remedies.trained_network(e)),
    )


def never_moved(e: Evidence) -> Finding | None:
    """The validation loss has stayed where guessing has it."""
    if len(e.epochs) <= _patience(e) or not e.val_losses:
        return None
    if min(e.val_losses) <= NEVER_MOVED * e.guess_loss:
        return None
    return _not_moving(e, *_of_a_flat_loss(e), *remedies.prelu(e))


def stands_still(e: Evidence) -> Finding | None:
    """The validation loss does not improve any more, short of a good accuracy."""
    if len(e.epochs) < 2 * PATIENCE or e.stale < _patience(e) or e.validation().high >= LEARNED:
        return None
    return _not_moving(e, *remedies.augmentation(e), *remedies.lower_rate(e))


def _not_moving(e: Evidence, *ways: Remedy) -> Finding:
    return Finding(
        "not_moving",
        tr("The validation loss does not move."),
        ntr(
            "It has not improved for {n} epoch. {loss}",
            "It has not improved for {n} epochs. {loss}",
            e.stale,
            loss=_best_loss(e),
        ),
        (*ways, *remedies.normalisation(e), *remedies.trained_network(e)),
    )


def _patience(e: Evidence) -> int:
    return max(PATIENCE, round(CHANCE_PART * e.planned))


def _jumps(losses: Sequence[float], height: float) -> int:
    return sum(after - before > height for before, after in pairwise(losses))


def _jumps_text(e: Evidence, exploded: bool, jumps: int) -> str:
    figures = {
        "rate": "–" if e.rate is None else f"{e.rate:g}",
        "highest": f"{float(f'{max(e.losses):.3g}'):g}",  # 4090, not 4.09e+03
        "guess": f"{e.guess_loss:.2f}",
    }
    if exploded:
        text = tr(
            "The training loss of an epoch was {highest}, where guessing costs {guess}; the rate "
            "is {rate}.",
            **figures,
        )
    else:
        text = tr(
            "The training loss rose {n} times by a quarter of what guessing costs ({guess}) in "
            "the last {epochs} epochs; the rate is {rate}.",
            n=jumps,
            epochs=min(LOOKED_BACK, len(e.losses)),
            **figures,
        )
    return text


def _all_shares(dead: Sequence[DeadShare]) -> str:
    shares = " · ".join(f"{each.share:.0%}" for each in dead)
    return tr("from the first block to the last {shares}", shares=shares)


def _best_loss(e: Evidence) -> str:
    if not e.val_losses:
        return ""
    return tr(
        "The lowest validation loss was {loss}, in epoch {n}; guessing costs {guess}.",
        loss=f"{min(e.val_losses):.3f}",
        n=e.best_epoch,
        guess=f"{e.guess_loss:.2f}",
    )


def _of_a_flat_loss(e: Evidence) -> list[Remedy]:
    """Where a network does not learn: its steps are too small, or too large, or too few."""
    if e.is_falling:
        return remedies.more_epochs(e)
    usual = 1e-3
    if e.rate is not None and e.rate < usual:
        return remedies.higher_rate(e)
    return [*remedies.lower_rate(e), *remedies.more_epochs(e)]


def _hides_what_it_knows(e: Evidence) -> bool:
    """Whether accuracy while training says little, and it was not measured otherwise."""
    varied = not remedies.augmentation(e)
    return e.plain is None and varied
