"""From evidence to findings: causes before symptoms, and each only once it can be told."""

from __future__ import annotations

from landmark_gui.core.diagnosis import carrying_over, learning
from landmark_gui.core.diagnosis.evidence import Evidence
from landmark_gui.core.diagnosis.findings import Finding


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """What is wrong with a training, the most important first; empty for a healthy one.

    A network that cannot learn is told why, and of what follows from that nothing more is said.
    Otherwise one finding says how well what was learned carries over to other photos. That
    there are too few photos is said beside either.
    """
    if evidence.lost is not None:
        return (learning.loss_lost(evidence, evidence.lost),)
    cannot = [learning.rate_too_high(evidence), learning.dead_units(evidence)]
    found = [finding for finding in cannot if finding is not None]
    if not found:
        found = _first(evidence)
    few = carrying_over.too_few_photos(evidence)
    return (*found, *([few] if few is not None else []))


def _first(evidence: Evidence) -> list[Finding]:
    for check in (
        carrying_over.labels_shuffled,
        carrying_over.over_fitting,
        learning.at_chance,
        learning.never_moved,
        learning.under_fitting,
        learning.stands_still,
    ):
        finding = check(evidence)
        if finding is not None:
            return [finding]
    return []
