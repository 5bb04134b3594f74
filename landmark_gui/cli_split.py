"""How `crop` and `train` share photos out: their options, and what the project remembers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from landmark_gui.core.errors import DatasetError, Progress, ProjectError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.splits import SplitSettings

T = TypeVar("T")


def add_options(command: argparse.ArgumentParser) -> None:
    """The shares and the seed, and which photos must stay together."""
    unset = argparse.SUPPRESS  # what the project remembers stands for what is not given
    command.add_argument(
        "--split",
        type=_shares,
        default=unset,
        metavar="T,V,T",
        help=tr("shares of train, validation and test (default: 0.7,0.15,0.15)"),
    )
    command.add_argument(
        "--seed",
        type=_seed,
        default=unset,
        metavar="N",
        help=tr("another number gives another split (default: 0)"),
    )
    add_grouping(command)


def add_grouping(command: argparse.ArgumentParser) -> None:
    """Which photos must stay together."""
    unset = argparse.SUPPRESS
    command.add_argument(
        "--near-distance",
        type=_near_distance,
        default=unset,
        metavar="N|off",
        help=tr("bits of 256 in which near-duplicates may differ, 0 to 96 (default: 64)"),
    )
    command.add_argument(
        "--burst-seconds",
        type=_burst_seconds,
        default=unset,
        metavar="F",
        help=tr("seconds between two photos of a burst, 0 to 3600, 0 for none (default: 10)"),
    )


def asked(arguments: argparse.Namespace) -> SplitSettings:
    """What was asked for; the rest as the project has it.

    Other shares or another seed than the project's share its photos out anew, and a line says so.
    """
    from landmark_gui.core.splits import SplitFractions, SplitSettings

    remembered, given = _remembered(arguments.project), vars(arguments)
    known = remembered or SplitSettings()
    split = replace(
        known,
        fractions=SplitFractions(*given["split"]) if "split" in given else known.fractions,
        seed=given.get("seed", known.seed),
        near_distance=given.get("near_distance", known.near_distance),
        burst_seconds=given.get("burst_seconds", known.burst_seconds),
    )
    if split.shares_as(known):
        return split
    if remembered is None:  # an experiment must not decide what the project remembers
        return replace(split, fresh=True)
    said = tr(
        "These are not the shares or the seed that the project remembers: its photos are shared "
        "out anew, for this time only."
    )
    print(said, file=sys.stderr)
    return replace(split, fresh=True)


def _remembered(project: Path) -> SplitSettings | None:
    from landmark_gui.core.dataset import remembered_split

    try:
        return remembered_split(project)
    except ProjectError:  # whoever reads the project next says so
        return None


def keep(project: Path, split: SplitSettings, progress: Progress) -> None:
    """Let the project remember where its photos stand, unless they were shared out anew."""
    from landmark_gui.core.dataset import remember_splits

    if not split.fresh and project.is_file() and not remember_splits(project, split, progress):
        said = tr("The project cannot be written now, so this split is not remembered.")
        print(said, file=sys.stderr)


def tell_leaks(leaks: Iterable[Sequence[str]]) -> None:
    """Name the photos that pins tear apart."""
    for paths in leaks:
        said = tr("pinned apart, though they belong together: {paths}", paths=", ".join(paths))
        print(said, file=sys.stderr)


def _shares(text: str) -> tuple[float, float, float]:
    from landmark_gui.core.splits import SplitFractions

    try:
        train, validation, test = (float(part) for part in text.split(","))
        return SplitFractions(train, validation, test).parts()
    except ValueError as error:
        raise argparse.ArgumentTypeError(tr("three numbers, as 0.7,0.15,0.15")) from error
    except DatasetError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seed(text: str) -> int:
    from landmark_gui.core.runs import HIGHEST_SEED

    try:
        if 0 <= int(text) <= HIGHEST_SEED:
            return int(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(tr("a whole number from 0 to {highest}", highest=HIGHEST_SEED))


def _near_distance(text: str) -> int | None:
    said = tr("a whole number, or off")
    return None if text == "off" else _setting("near_distance", int, said, text)


def _burst_seconds(text: str) -> float:
    return _setting("burst_seconds", float, tr("a number of seconds"), text)


def _setting(name: str, kind: Callable[[str], T], said: str, text: str) -> T:
    """A value that `SplitSettings` takes; `said` is what stands in place of no number."""
    from landmark_gui.core.splits import SplitSettings

    try:
        value = kind(text)
        SplitSettings(**{name: value})  # type: ignore[arg-type]  # which checks its range
    except ValueError as error:
        raise argparse.ArgumentTypeError(said) from error
    except DatasetError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return value
