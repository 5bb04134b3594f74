"""What can be done, each as a change of the settings of the next training."""

from __future__ import annotations

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.diagnosis.evidence import Evidence
from landmark_gui.core.diagnosis.findings import Remedy
from landmark_gui.core.i18n import tr

LOWEST_RATE, HIGHEST_RATE = 1e-6, 1.0
HIGHEST_SANE_RATE = 0.01
"""Of Adam: from rates above it the way down is taken in one step."""
MOST_EPOCHS = 10_000
STRONG_DROPOUT = 0.5
Some = list[Remedy]
"""None or one: what is as it should be already needs no remedy."""


def lower_rate(evidence: Evidence) -> Some:
    now = evidence.rate
    if now is not None and now > HIGHEST_SANE_RATE:
        return _rate(min(now, 10 * HIGHEST_SANE_RATE), 0.1)
    return _rate(now, 0.1)


def higher_rate(evidence: Evidence) -> Some:
    return _rate(evidence.rate, 10)


def _rate(now: float | None, factor: float) -> Some:
    if now is None or not LOWEST_RATE <= now * factor <= HIGHEST_RATE:
        return []
    rate = float(f"{now * factor:.3g}")
    return [Remedy(tr("Learning rate {rate}", rate=f"{rate:g}"), {"learning_rate": rate})]


def prelu(evidence: Evidence) -> Some:
    if evidence.config.recipe != "scratch" or evidence.config.activation == "prelu":
        return []
    return [Remedy(tr("PReLU in place of ReLU"), {"activation": "prelu"})]


def normalisation(evidence: Evidence) -> Some:
    config = evidence.config
    if config.recipe != "scratch":
        return []
    if config.network == "log":  # which has none at all
        changes = {"network": "modern", "batch_normalization": True}
        return [Remedy(tr("The network with batch normalisation"), changes)]
    if config.batch_normalization:
        return []
    return [Remedy(tr("Batch normalisation on"), {"batch_normalization": True})]


def augmentation(evidence: Evidence) -> Some:
    given = evidence.config.augmentation
    if given is not None and AugmentationConfig.from_dict(given) != AugmentationConfig():
        return []
    preset = AugmentationConfig.log_preset().to_dict()
    return [Remedy(tr("Vary the crops (augmentation on)"), {"augmentation": preset})]


def more_dropout(evidence: Evidence) -> Some:
    if evidence.config.dropout >= STRONG_DROPOUT or not _has_dropout(evidence):
        return []
    return [Remedy(tr("Dropout {share}", share=STRONG_DROPOUT), {"dropout": STRONG_DROPOUT})]


def no_dropout(evidence: Evidence) -> Some:
    if evidence.config.dropout == 0 or not _has_dropout(evidence):
        return []
    return [Remedy(tr("Dropout {share}", share=0), {"dropout": 0.0})]


def _has_dropout(evidence: Evidence) -> bool:
    """All networks have it but the plain one of the log."""
    return evidence.config.recipe != "scratch" or evidence.config.network != "log"


def more_epochs(evidence: Evidence) -> Some:
    epochs = min(MOST_EPOCHS, max(20, 3 * evidence.config.epochs))
    return [Remedy(tr("Train for {n} epochs", n=epochs), {"epochs": epochs})]


def trained_network(evidence: Evidence) -> Some:
    if evidence.config.recipe != "scratch":
        return []
    # A rate that was chosen for the small network need not suit the other.
    changes = {"recipe": "transfer", "learning_rate": None}
    return [Remedy(tr("Build on a trained network"), changes)]


def look_at_labels() -> Some:
    return [Remedy(tr("Look at the labels"), page="quality")]


def look_at_photos() -> Some:
    return [Remedy(tr("See how many each landmark has"), page="dataset")]
