"""`landmark-gui classify`: name the landmark on photos, and sort them by it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_arguments
from landmark_gui.cli_output import (
    Result,
    progress_of,
    tell_shortage,
    tell_skipped,
    writing,
)
from landmark_gui.core.disk_space import of_copies
from landmark_gui.core.errors import LandmarkError
from landmark_gui.core.i18n import ntr, tr

if TYPE_CHECKING:
    from landmark_gui.core.sorting import Plan, Sorted, Wish
    from landmark_gui.inference.classifier import Classifier, Verdict
    from landmark_gui.inference.verdict_table import Outcome


def add_options(command: argparse.ArgumentParser) -> None:
    """What is classified, and what is done with the verdicts."""
    command.add_argument(
        "model", metavar="MODEL", type=Path, nargs="?", help=tr("a .landmark-model file")
    )
    command.add_argument(
        "paths", metavar="PATH", type=Path, nargs="*", help=tr("a photo, or a folder of photos")
    )
    command.add_argument(
        "--top",
        type=cli_arguments.count,
        default=3,
        metavar="K",
        help=tr("classes to report (default: 3)"),
    )
    command.add_argument(
        "--unknown-below",
        type=cli_arguments.share,
        metavar="X",
        help=tr("call photos unknown whose score is under X, 0 to 1 (default: as the model does)"),
    )
    command.add_argument(
        "--csv", type=Path, metavar="FILE", help=tr("write the verdicts as a table as well")
    )
    _add_sorting(command)


def _add_sorting(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--sort-into",
        type=Path,
        metavar="DIR",
        help=tr("copy each photo into a folder named like its landmark"),
    )
    command.add_argument(
        "--move", action="store_true", help=tr("with --sort-into: move the photos, do not copy")
    )
    command.add_argument(
        "--plan",
        action="store_true",
        help=tr("with --sort-into: only print what would go where"),
    )
    command.add_argument(
        "--undo",
        type=Path,
        metavar="DIR",
        help=tr("take back what was last sorted into DIR; without MODEL and PATH"),
    )


def run(arguments: argparse.Namespace) -> Result:
    """Classify the photos, sort them if that is wanted, or take a sorting back."""
    if arguments.undo is not None:
        return _undo(arguments)
    _check(arguments)
    classifier = _classifier(arguments)
    outcomes = list(_outcomes(classifier, arguments))
    verdicts = [verdict for _, verdict in outcomes if not isinstance(verdict, str)]
    if not verdicts:
        raise LandmarkError(tr("None of the photos could be classified."))
    if arguments.csv:
        from landmark_gui.inference import verdict_table

        with writing(arguments.csv):
            verdict_table.write(arguments.csv, outcomes)
    if arguments.sort_into:
        return _sort(arguments, classifier.bundle.labels, outcomes)
    return [verdict.to_dict() for verdict in verdicts], "\n".join(map(_words, verdicts))


def _check(arguments: argparse.Namespace) -> None:
    if not arguments.model or not arguments.paths:
        arguments.refuse(tr("say a MODEL and at least one PATH"))
    if arguments.sort_into is None and (arguments.move or arguments.plan):
        arguments.refuse(tr("--move and --plan need --sort-into"))


def _classifier(arguments: argparse.Namespace) -> Classifier:
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.classifier import Classifier

    return Classifier(read_bundle(arguments.model))


def _outcomes(classifier: Classifier, arguments: argparse.Namespace) -> Iterator[Outcome]:
    """Classify on all cores; one photo that cannot be read is named and the rest goes on."""
    from landmark_gui.inference.classifying import classified

    photos = _photos(arguments.paths)
    if not photos:
        raise LandmarkError(tr("There are no photos in {path}.", path=arguments.paths[0]))
    progress = progress_of(tr("photos"))
    found = classified(classifier, photos, arguments.top)
    for done, (photo, outcome) in enumerate(found, 1):
        if isinstance(outcome, str):
            tell_skipped([(photo, outcome)])
            yield photo, outcome
        else:
            yield photo, _judged(outcome, arguments.unknown_below)
        progress(done, len(photos))


def _photos(paths: Iterable[Path]) -> list[Path]:
    """The files among `paths`, and the photos in the folders among them."""
    from landmark_gui.core.scan import find_photos

    found = (photo for path in paths for photo in (find_photos(path) if path.is_dir() else [path]))
    return list(dict.fromkeys(found))


def _judged(verdict: Verdict, threshold: float | None) -> Verdict:
    return verdict if threshold is None else verdict.at(threshold)


def _words(verdict: Verdict) -> str:
    label = verdict.label
    said = tr("unknown; perhaps {label}", label=label) if verdict.unknown else label
    return f"{verdict.path}: {said} ({verdict.confidence:.1%})"


# Sorting


def _sort(
    arguments: argparse.Namespace, labels: tuple[str, ...], outcomes: list[Outcome]
) -> Result:
    """Sort the photos, or say how they would be."""
    from landmark_gui.core.sorting import plan

    wishes = [_wish(photo, outcome) for photo, outcome in outcomes]
    planned = plan(
        wishes,
        arguments.sort_into,
        labels,
        move=arguments.move,
        progress=progress_of(tr("photos looked for in {path}", path=arguments.sort_into)),
    )
    if arguments.plan:
        return _rows(outcomes, planned), "\n".join(_lines(planned))
    done = _sorted(planned)
    tell_skipped((step.source, step.reason) for step in done.left)
    if done.stopped:
        said = tr("{done}. It ended early: {reason}", done=_summary(done), reason=done.stopped)
        raise LandmarkError(said)
    return _rows(outcomes, planned, done), _summary(done)


def _sorted(planned: Plan) -> Sorted:
    from landmark_gui.core.sorting import sort_photos

    files = [step.source for step in planned.of("put")]
    tell_shortage(of_copies(files, planned.destination, move=planned.move))
    try:
        return sort_photos(planned, progress_of(tr("photos sorted")))
    except KeyboardInterrupt:
        told = tr("What was sorted stays; --undo {path} takes it back.", path=planned.destination)
        print(told, file=sys.stderr)
        raise


def _wish(photo: Path, outcome: Verdict | str) -> Wish:
    from landmark_gui.core.sorting import Wish

    if isinstance(outcome, str):
        return Wish(photo, problem=outcome)
    return Wish(photo, None if outcome.unknown else outcome.label)


def _rows(
    outcomes: list[Outcome], planned: Plan, done: Sorted | None = None
) -> list[dict[str, Any]]:
    """The verdicts as JSON has them, each with where its photo is, or would be."""
    places = {step.source: step.target for step in planned.steps if step.fate == "kept"}
    put = planned.of("put") if done is None else done.put
    places |= {step.source: step.target for step in put}
    rows = []
    for (_, outcome), step in zip(outcomes, planned.steps, strict=True):
        if not isinstance(outcome, str):
            place = places.get(step.source)
            rows.append({**outcome.to_dict(), "sorted_to": None if place is None else str(place)})
    return rows


def _lines(planned: Plan) -> Iterator[str]:
    for step in planned.steps:
        why = f" ({step.reason})" if step.reason else ""
        yield (
            f"{step.source} → {step.target}{why}"
            if step.target
            else f"{step.source}: {step.reason}"
        )


def _summary(done: Sorted) -> str:
    photos = ntr("{n} photo", "{n} photos", len(done.put))
    folder = done.plan.destination
    if done.plan.move:
        text = tr("{photos} moved into {folder}", photos=photos, folder=folder)
    else:
        text = tr("{photos} copied into {folder}", photos=photos, folder=folder)
    kept = len(done.plan.of("kept"))
    return f"{text}, {ntr('{n} there already', '{n} there already', kept)}" if kept else text


def _undo(arguments: argparse.Namespace) -> Result:
    from landmark_gui.core.sorting import newest, undo

    if arguments.model or arguments.sort_into:
        arguments.refuse(tr("--undo stands alone, without MODEL and PATH"))
    undone = undo(newest(arguments.undo), progress_of(tr("photos")))
    tell_skipped(undone.left)
    value = {
        "back": len(undone.back),
        "left": [{"path": str(path), "reason": reason} for path, reason in undone.left],
    }
    words = ntr("{n} photo taken back", "{n} photos taken back", len(undone.back))
    left = len(undone.left)
    return value, f"{words}, {ntr('{n} left', '{n} left', left)}" if left else words
