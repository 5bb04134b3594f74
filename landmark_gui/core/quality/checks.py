"""All faults of a dataset, found in one pass over what is known of its photos."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from landmark_gui.core.project import Project, Split
from landmark_gui.core.quality import (
    advice,
    check_boxes,
    check_classes,
    check_looks,
    check_photos,
)
from landmark_gui.core.quality.check_classes import LabelErrorLike
from landmark_gui.core.quality.facts import Facts
from landmark_gui.core.quality.report import Fault, Finding, Report
from landmark_gui.core.quality.scope import Scope
from landmark_gui.core.splits import SplitSettings


def inspect(
    project: Project,
    facts: Facts,
    splits: Mapping[int, Split] | None = None,
    settings: SplitSettings | None = None,
    label_errors: Sequence[LabelErrorLike] = (),
) -> Report:
    """Find what is wrong with a dataset, and say what to do. Pure: reads no file.

    Args:
        facts: of `facts.gather`; photos that have none are judged by their rows alone.
        splits: the split of each photo id; None leaves out the search for leaks.
        settings: what counts as a near-duplicate and as a burst; None means the defaults.
        label_errors: what a training found, as `core/label_errors.LabelError`.
    """
    scope = Scope(project, facts, settings or SplitSettings(), splits)
    found = {finding.fault: finding for finding in _findings(scope, label_errors) if finding.cases}
    findings = tuple(_worst_first(found[fault]) for fault in Fault if fault in found)
    examples = sum(example.landmark_id is not None for example in scope.examples)
    return Report(len(scope.photos), examples, findings, advice.advice(scope, findings))


def _findings(scope: Scope, label_errors: Sequence[LabelErrorLike]) -> Iterator[Finding]:
    yield check_photos.unreadable(scope)
    yield from check_photos.duplicates(scope)
    yield check_classes.label_errors(scope, label_errors)
    yield check_boxes.overlapping(scope)
    yield check_boxes.outside(scope)
    yield from check_looks.looks(scope)
    yield check_looks.tiny(scope)
    yield check_looks.odd_aspect(scope)
    yield check_classes.few_photos(scope)
    yield check_classes.imbalance(scope)
    yield check_classes.one_burst(scope)
    yield check_classes.split_leaks(scope)


def _worst_first(finding: Finding) -> Finding:
    cases = sorted(finding.cases, key=lambda case: -case.severity)
    return replace(finding, cases=tuple(cases))
