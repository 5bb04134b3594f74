"""`landmark-gui compare`: what cropping and augmentation are worth, as a table and a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_arguments, cli_split, cli_train
from landmark_gui.cli_output import Result, kept_when_stopped, progress_of, refusing, writing
from landmark_gui.core.i18n import ntr, tr

if TYPE_CHECKING:
    from landmark_gui.core.studies import StudyConfig, StudyKind

KINDS: dict[str, StudyKind] = {"table": "compare", "augmentation": "augmentation"}


def add_options(command: argparse.ArgumentParser) -> None:
    """What is compared, how often, and where the result goes."""
    from landmark_gui.core.runs import RECIPES

    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=tr("the folder to write to")
    )
    command.add_argument(
        "--of",
        choices=tuple(KINDS),
        default="table",
        help=tr(
            "photos and crops, each without and with augmentation, or each option of augmentation "
            "(default: table)"
        ),
    )
    command.add_argument(
        "--repeats",
        type=cli_arguments.count,
        default=5,
        metavar="N",
        help=tr("rounds, of which five are one cross-validation; 2 or more (default: 5)"),
    )
    command.add_argument(
        "--recipe",
        choices=RECIPES,
        default="transfer",
        help=tr("as in train (default: transfer)"),
    )
    command.add_argument(
        "--augment",
        default="on",
        metavar="on|FILE.toml",
        help=tr("the augmentation: as the student's log, or as a file (default: on)"),
    )


def compare(arguments: argparse.Namespace) -> Result:
    """Do the study, or the rest of it, and write what came out."""
    from landmark_gui.core.studies import sentence
    from landmark_gui.core.studies.files import check_free, write_files

    if arguments.augment == "off":
        arguments.refuse(tr("--augment off leaves nothing to compare."))
    config = _study_of(arguments)
    if config.kind == "compare" and not _varies(config):
        arguments.refuse(
            tr("{path} varies nothing, so there is nothing to compare.", path=arguments.augment)
        )
    check_free(arguments.out)  # before the work, which may take hours
    if config.kind == "augmentation":  # a choice is made: the test split must stay apart from it
        split = config.base.split_settings
        cli_split.keep(arguments.project, split, progress_of(tr("photos measured")))
    from landmark_gui.training.study import study  # TensorFlow: only once all is checked

    with kept_when_stopped():
        result = study(config, _tell)
    with writing(arguments.out):
        files = write_files(arguments.out, result)
    value = {**result.to_dict(), "sentence": sentence(result), "files": list(map(str, files))}
    return value, "\n".join([sentence(result), *map(str, files)])


def _study_of(arguments: argparse.Namespace) -> StudyConfig:
    from landmark_gui.core.studies import StudyConfig

    arguments.probe = False
    with refusing(arguments):
        return StudyConfig(KINDS[arguments.of], cli_train.config_of(arguments), arguments.repeats)


def _varies(config: StudyConfig) -> bool:
    from landmark_gui.core.augmentation import AugmentationConfig

    chosen = AugmentationConfig.from_dict(config.base.augmentation or {})
    return chosen != AugmentationConfig()


def _tell(event: dict[str, Any]) -> None:
    """An event of a study as a line for people, on stderr."""
    if event["event"] == "trial":
        print(_trial_words(event), file=sys.stderr)
    else:
        cli_train.tell_aside(event)


def _trial_words(event: dict[str, Any]) -> str:
    from landmark_gui.core.studies import variant_label

    reached = event["accuracy"]
    words = tr(
        "{done}/{total} {variant}, round {round}: {accuracy}",
        done=event["done"],
        total=event["total"],
        variant=variant_label(event["variant"]),
        round=event["round"] + 1,
        accuracy=tr("failed") if reached is None else f"{reached:.3f}",
    )
    left = event["seconds_left"]
    return f"{words} ({_time_left(left)})" if left else words


def _time_left(seconds: float) -> str:
    if seconds < 90:
        return ntr("{n} second left", "{n} seconds left", max(1, round(seconds)))
    return ntr("{n} minute left", "{n} minutes left", round(seconds / 60))
