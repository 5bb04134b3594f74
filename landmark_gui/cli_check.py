"""`landmark-gui check`: the faults of a dataset, in words and as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_split
from landmark_gui.cli_output import Result, progress_of
from landmark_gui.core.i18n import ntr, tr

if TYPE_CHECKING:
    from landmark_gui.core.project import Project, Split
    from landmark_gui.core.quality.report import Case, Finding, Report

_SHOWN = 5
"""Cases of a fault that are named."""


def run(arguments: argparse.Namespace) -> Result:
    """Measure the photos that are not known yet, and say what is wrong.

    Returns:
        The report for --json, and the same in words.
    """
    from landmark_gui.core.dataset import as_measured, project_splits
    from landmark_gui.core.paths import data_folder
    from landmark_gui.core.quality.checks import inspect
    from landmark_gui.core.quality.facts import facts_path, gather
    from landmark_gui.core.run_results import newest_probe
    from landmark_gui.core.store import ProjectStore

    settings = cli_split.asked(arguments)
    with ProjectStore.open(arguments.project, read_only=True) as store:
        project, folder, stored = store.load(), store.photos_dir, store.split_assignments()
    kept = facts_path(data_folder(arguments.project))
    facts = gather(project, folder, kept, progress_of(tr("photos")))
    measured = as_measured(project, facts)
    splits = project_splits(measured, settings, stored, facts)
    probe = newest_probe(data_folder(arguments.project))
    report = inspect(project, facts, splits, settings, probe.label_errors if probe else ())
    value = {
        "photos": report.photos,
        "examples": report.examples,
        "counts": _counts(measured, folder, splits),
        "findings": [_finding(project, finding) for finding in report.findings],
        "advice": list(report.advice),
    }
    return value, "\n".join(_words(project, arguments.project, report))


def _counts(
    project: Project, folder: Path, splits: Mapping[int, Split]
) -> dict[str, dict[str, int]]:
    """The examples of each landmark in each split."""
    from landmark_gui.core.crops import CropSettings, plan, split_counts

    names = [landmark.name for landmark in project.ordered_landmarks()]
    return split_counts(plan(project, folder, CropSettings(), splits), names)


def _finding(project: Project, finding: Finding) -> dict[str, Any]:
    cases = [_case(project, case) for case in finding.cases]
    return {"fault": str(finding.fault), "count": finding.count, "cases": cases}


def _case(project: Project, case: Case) -> dict[str, Any]:
    return {
        "photos": _paths(project, case),
        "boxes": [subject.box_id for subject in case.subjects if subject.box_id is not None],
        "landmark": _name(project, case),
        "detail": case.detail,
    }


def _paths(project: Project, case: Case) -> list[str]:
    ids = dict.fromkeys(subject.photo_id for subject in case.subjects)
    return [project.photos[photo_id].path for photo_id in ids]


def _name(project: Project, case: Case) -> str | None:
    return None if case.landmark_id is None else project.landmarks[case.landmark_id].name


def _words(project: Project, path: Path, report: Report) -> Iterator[str]:
    """A line for each fault, its worst cases below it, and the advice last."""
    from landmark_gui.core.quality.texts import title, unit

    photos = ntr("{n} photo", "{n} photos", report.photos)
    examples = ntr("{n} example", "{n} examples", report.examples)
    yield f"{path}: {photos}, {examples}"
    for finding in report.findings:
        yield f"{title(finding.fault)}: {unit(finding.fault, finding.count)}"
        for case in finding.cases[:_SHOWN]:
            yield f"    {_case_words(project, case)}"
        if finding.count > _SHOWN:
            more = finding.count - _SHOWN
            yield f"    {ntr('and {n} more', 'and {n} more', more)}"
    yield ""
    yield from report.advice


def _case_words(project: Project, case: Case) -> str:
    """The landmark of a case, or its photos; of many only the first."""
    paths = _paths(project, case)
    names = paths[:3] + ["…"] * (len(paths) > 3)
    shown = ", ".join(names) or _name(project, case) or ""
    return f"{shown} ({case.detail})" if case.detail else shown
