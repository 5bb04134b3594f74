"""`landmark-gui crop`: the crops of a project as files."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from landmark_gui import cli_arguments, cli_split
from landmark_gui.cli_output import Result, progress_of, tell_shortage, tell_skipped
from landmark_gui.core.disk_space import of_crops
from landmark_gui.core.i18n import tr


def run(arguments: argparse.Namespace) -> Result:
    """Bring the place of the crops up to date, and say what was done."""
    from landmark_gui.core.crops import CropSettings, export_as, refuse_among_photos
    from landmark_gui.core.dataset import load_project_examples
    from landmark_gui.core.store import ProjectStore

    files = cli_arguments.file_settings(arguments)
    cut = cli_arguments.margin_of(arguments)
    settings = CropSettings(arguments.use, **cut, shape=arguments.shape, edge=arguments.edge)
    with ProjectStore.open(arguments.project, read_only=True) as store:
        refuse_among_photos(arguments.kind, arguments.out, store.photos_dir)
    split, measured = cli_split.asked(arguments), progress_of(tr("photos measured"))
    cli_split.keep(arguments.project, split, measured)
    examples = load_project_examples(arguments.project, settings, split, measured)
    cli_split.tell_leaks(examples.leaks)
    tell_shortage(of_crops(examples.crops, files, arguments.out))
    progress = progress_of(tr("crops"))
    report = export_as(arguments.kind, examples.crops, files, arguments.out, progress)
    report.skipped = [*examples.left_out, *report.skipped]
    tell_skipped(report.skipped)
    skipped = [{"path": str(path), "reason": reason} for path, reason in report.skipped]
    words = tr(
        "{written} written, {kept} unchanged, {removed} removed, {skipped} skipped",
        written=report.written,
        kept=report.kept,
        removed=report.removed,
        skipped=len(skipped),
    )
    value = {**asdict(report), "skipped": skipped, "groups": len(set(examples.group_of.values()))}
    if examples.leaks:
        value["leaks"] = examples.leaks
    return value, words
