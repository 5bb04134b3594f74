"""`landmark-gui search`: better settings for a training, found by trying."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_arguments, cli_split, cli_train
from landmark_gui.cli_output import Result, kept_when_stopped, progress_of, refusing, writing
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.core.search import SearchConfig, SearchResult

_OWN = ("project", "out", "trials", "minutes", "rounds", "recipes", "sizes", "json", "run")
_OF_WINDOW = ("new_window", "reset_settings", "verbose", "smoke_test")
_CHOSEN = ("recipe", "learning_rate", "image_size", "augment")


def add_options(command: argparse.ArgumentParser) -> None:
    """What is searched, for how long, and where the result goes."""
    from landmark_gui.core.runs import RECIPES

    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=tr("the folder to write to")
    )
    command.add_argument(
        "--trials",
        type=cli_arguments.count,
        default=20,
        metavar="N",
        help=tr("settings to try, yours included (default: 20)"),
    )
    command.add_argument(
        "--minutes",
        type=cli_arguments.count,
        metavar="N",
        help=tr("begin no trial later than this (default: no limit)"),
    )
    command.add_argument(
        "--rounds",
        type=cli_arguments.count,
        default=5,
        metavar="N",
        help=tr("trainings of each, on other photos each (default: 5)"),
    )
    command.add_argument(
        "--recipes",
        nargs="+",
        choices=RECIPES,
        default=["transfer", "scratch"],
        metavar="NAME",
        help=tr("recipes to choose from (default: transfer scratch)"),
    )
    command.add_argument(
        "--sizes",
        nargs="+",
        type=cli_arguments.count,
        default=[96, 128, 160],
        metavar="N",
        help=tr("image sizes to choose from (default: 96 128 160)"),
    )
    command.add_argument(
        "--recipe",
        choices=RECIPES,
        default="transfer",
        help=tr("of the first trial, with which the others are compared (default: transfer)"),
    )
    command.add_argument(
        "--augment",
        default="off",
        metavar="off|on|FILE.toml",
        help=tr("of the first trial; what is not off is also what is weakened (default: off)"),
    )
    command.set_defaults(default_of=command.get_default)


def search(arguments: argparse.Namespace) -> Result:
    """Search, or go on with a search, and write what came out."""
    from landmark_gui.core.search import sentence
    from landmark_gui.core.search.files import check_free, kept_sentences, write_files

    config = _config_of(arguments)
    check_free(arguments.out)  # before the work, which may take hours
    # A choice is made: the test split must stay apart from it, and stay what it is.
    split = config.base.split_settings
    cli_split.keep(arguments.project, split, progress_of(tr("photos measured")))
    from landmark_gui.training.search import search as look  # TensorFlow: once all is checked

    with kept_when_stopped():
        result = look(config, _tell)
    command = command_of(arguments, config.base, result)
    with writing(arguments.out):
        files = write_files(arguments.out, config.base, result, command)
    value = {**result.to_dict(), "command": command, "files": list(map(str, files))}
    said = [sentence(result), tr("To train with the best settings:"), command, *map(str, files)]
    said += kept_sentences(files)
    return value, "\n".join(said)


def command_of(arguments: argparse.Namespace, base: TrainConfig, result: SearchResult) -> str:
    """The command line that trains with the best settings, and all else as it was asked for."""
    from landmark_gui.core.search.files import augmentation_file

    settings = result.best.settings
    kept = (*_OWN, *_OF_WINDOW, *(_CHOSEN if settings else ()), "probe", "refuse", "default_of")
    words = ["landmark-gui", "train", str(arguments.project), "--out", "best.landmark-model"]
    for name, value in vars(arguments).items():
        if name not in kept and value != arguments.default_of(name):
            words += _option(name, value)
    if settings:
        path = augmentation_file(arguments.out, base, result)
        words += ["--recipe", settings.recipe, "--learning-rate", f"{settings.learning_rate:g}"]
        words += ["--image-size", str(settings.image_size), "--augment", str(path or "off")]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _option(name: str, value: Any) -> list[str]:
    """An option with its value as it is written, or without one for what is only on or off."""
    written = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{written}" if value else f"--no-{written}"]
    if isinstance(value, tuple):  # shares of the splits
        return [f"--{written}", ",".join(map(str, value))]
    return [f"--{written}", "off" if value is None else str(value)]


def _config_of(arguments: argparse.Namespace) -> SearchConfig:
    from landmark_gui.core.search import SearchConfig, Space

    arguments.probe = False
    with refusing(arguments):
        space = Space(recipes=tuple(arguments.recipes), image_sizes=tuple(arguments.sizes))
        return SearchConfig(
            cli_train.config_of(arguments),
            space,
            arguments.trials,
            arguments.rounds,
            arguments.minutes,
        )


def _tell(event: dict[str, Any]) -> None:
    """An event of a search as a line for people, on stderr."""
    if event["event"] == "tried":
        print(_trial_words(event), file=sys.stderr)
    else:
        cli_train.tell_aside(event)


def _trial_words(event: dict[str, Any]) -> str:
    said = f"{event['done']}/{event['total']} {event['words']}: "
    mean = "–" if event["mean"] is None else f"{event['mean']:.3f}"
    if event["end"] == "pruned":
        return said + tr("{accuracy}, given up early", accuracy=mean)
    if event["end"] == "failed":
        return said + tr("failed: {reason}", reason=event["reason"])
    return said + mean
