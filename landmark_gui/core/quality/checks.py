"""Looking for faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landmark_gui.core.label_errors import LabelError
from landmark_gui.core.project import Project, Split
from landmark_gui.core.quality.facts import Facts
from landmark_gui.core.quality.report import Case, Fault, Finding, Report, Subject
from landmark_gui.core.splits import SplitSettings


def inspect(
    project: Project,
    facts: Facts,
    splits: Mapping[int, Split] | None = None,
    settings: SplitSettings | None = None,
    label_errors: Sequence[LabelError] = (),
) -> Report:
    """All that can be said about a dataset."""
    bad = [photo for photo in project.photos.values() if photo.state == "unreadable"]
    cases = tuple(Case((Subject(photo.id),), photo.reason) for photo in bad)
    findings = (Finding(Fault.UNREADABLE, cases, ("exclude", "trash")),) if cases else ()
    return Report(len(project.photos), len(project.boxes), findings)
