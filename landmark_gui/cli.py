"""The command line: thin commands over the functions that the window uses as well."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from landmark_gui import (
    __version__,
    cli_arguments,
    cli_check,
    cli_classify,
    cli_compare,
    cli_convert,
    cli_crop,
    cli_evaluate,
    cli_runs,
    cli_search,
    cli_split,
    cli_train,
    launch,
)
from landmark_gui.cli_output import Result, progress_of
from landmark_gui.cli_parser import Parser
from landmark_gui.core.errors import LandmarkError, ProjectError
from landmark_gui.core.i18n import ntr, set_language, system_language, tr
from landmark_gui.core.paths import is_same_file
from landmark_gui.core.protocol import finite
from landmark_gui.launch import COMMANDS

__all__ = ["COMMANDS", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when the work failed (one line says what and what to do).

    Raises:
        SystemExit: with code 2 for wrong arguments, with 0 after --help and --version.
    """
    _survive_any_text()
    set_language(system_language())
    arguments = _parser().parse_args(argv)
    try:
        value, words = arguments.run(arguments)
    except (LandmarkError, OSError) as error:
        print(f"landmark-gui: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"landmark-gui: {tr('stopped')}", file=sys.stderr)
        return 1
    if value is not None:  # of a training on several machines, the chief alone has something
        print(json.dumps(finite(value), allow_nan=False) if arguments.json else words)
    return 0


def _survive_any_text() -> None:
    # A pipe on Windows, or a file name that is no UTF-8, must not end a command that succeeded.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "landmark-gui",
        description=tr("Teach a computer to recognise landmarks. Without a command: the window."),
        usage="landmark-gui [PATH…] | landmark-gui COMMAND …",
    )
    parser.add_argument("--version", action="version", version=f"landmark-gui {__version__}")
    launch.add_options(parser)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, prog="landmark-gui")
    for add in (
        *(_new, _import, _export, _check, _crop),
        *(_train, _runs, _compare, _search, _evaluate, _classify, _convert),
    ):
        add(commands)
    return parser


Commands = Any  # argparse names the type of add_subparsers() only privately


def _command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], Result], help_text: str
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=help_text
    )
    command.add_argument("--json", action="store_true", help=tr("print one JSON document"))
    command.set_defaults(run=run, refuse=command.error)
    return command


def _new(commands: Commands) -> None:
    command = _command(commands, "new", _run_new, tr("make a project for a folder of photos"))
    cli_arguments.add_project(command)
    command.add_argument(
        "--photos", type=Path, required=True, metavar="DIR", help=tr("the folder of photos")
    )
    command.add_argument(
        "--labels-from-folders",
        action="store_true",
        help=tr("name each photo's landmark after its folder"),
    )
    command.add_argument(
        "--splits-from-folders",
        action="store_true",
        help=tr("pin photos to the split that their folder or file name tells: train, val, test"),
    )


def _run_new(arguments: argparse.Namespace) -> Result:
    from landmark_gui.core import scan
    from landmark_gui.core.split_names import pins_from_folders
    from landmark_gui.core.store import ProjectStore

    if not arguments.photos.is_dir():
        raise ProjectError(tr("There is no folder {path}.", path=arguments.photos))
    with ProjectStore.create(arguments.project, arguments.photos) as store:
        for look in (scan.new_photos, scan.hashed_photos):
            for batch in look(store.load(), store.photos_dir):
                store.put_photos(batch)
        project = store.load()
        if arguments.labels_from_folders:
            store.commit(scan.labels_from_folders(project, project.photos.values()))
            project = store.load()
        if arguments.splits_from_folders:
            store.commit(pins_from_folders(project))
            project = store.load()
    unreadable = {p.path: p.reason for p in project.photos.values() if p.state == "unreadable"}
    landmarks = [mark.name for mark in project.ordered_landmarks()]
    for path, reason in unreadable.items():
        print(f"{path}: {reason}", file=sys.stderr)
    value = {
        "project": str(arguments.project),
        "photos": len(project.photos) - len(unreadable),
        "unreadable": unreadable,
        "landmarks": landmarks,
    }
    if arguments.splits_from_folders:
        value["pinned"] = sum(bool(photo.split) for photo in project.photos.values())
    words = tr(
        "{project}: {photos} photos, {bad} unreadable, {landmarks} landmarks",
        project=arguments.project,
        photos=value["photos"],
        bad=len(unreadable),
        landmarks=len(landmarks),
    )
    return value, words


def _import(commands: Commands) -> None:
    command = _command(commands, "import", _run_import, tr("add boxes from a file or folder"))
    cli_arguments.add_project(command)
    command.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help=tr("a file of boxes, or for yolo, voc and labelme a folder of them"),
    )
    cli_arguments.add_format(command)
    command.add_argument(
        "--splits",
        action="store_true",
        help=tr("pin photos to the splits that the file names (csv: a column split)"),
    )


def _run_import(arguments: argparse.Namespace) -> Result:
    from landmark_gui.core.formats.registry import import_boxes
    from landmark_gui.core.store import ProjectStore

    with ProjectStore.open(arguments.project) as store:
        plan = import_boxes(
            arguments.format,
            arguments.file,
            store.load(),
            store.photos_dir,
            progress_of(tr("files")),
        )
        store.commit(plan.edit)
        if arguments.splits:
            store.commit(plan.pins)
    problems = [*plan.problems, *(plan.pin_problems if arguments.splits else ())]
    for problem in problems:
        print(problem, file=sys.stderr)
    value: dict[str, Any] = {"imported": plan.boxes, "problems": problems}
    if arguments.splits:
        value["pinned"] = len(plan.pins.changes)
    words = ntr(
        "{n} box imported, {bad} left out",
        "{n} boxes imported, {bad} left out",
        plan.boxes,
        bad=plan.left_out,
    )
    return value, words


def _export(commands: Commands) -> None:
    command = _command(commands, "export", _run_export, tr("write the boxes to a file or folder"))
    cli_arguments.add_project(command)
    command.add_argument(
        "dest",
        metavar="DEST",
        type=Path,
        help=tr("the file to write, or for yolo, voc and labelme the folder"),
    )
    cli_arguments.add_format(command)


def _run_export(arguments: argparse.Namespace) -> Result:
    from landmark_gui.core.formats.registry import export_boxes
    from landmark_gui.core.store import ProjectStore

    dest = arguments.dest
    if is_same_file(dest, arguments.project):
        arguments.refuse(tr("DEST is the project itself. Choose another file."))
    with ProjectStore.open(arguments.project, read_only=True) as store:
        project, folder = store.load(), store.photos_dir
    report = export_boxes(arguments.format, dest, project, folder, progress_of(tr("files")))
    if not arguments.json:
        for problem in report.problems:
            print(problem, file=sys.stderr)
    words = ntr("{n} box written to {path}", "{n} boxes written to {path}", report.boxes, path=dest)
    return {"exported": report.boxes, "file": str(dest), "problems": report.problems}, words


def _check(commands: Commands) -> None:
    command = _command(commands, "check", cli_check.run, tr("find what is wrong with the dataset"))
    cli_arguments.add_project(command)
    cli_split.add_grouping(command)


def _crop(commands: Commands) -> None:
    command = _command(
        commands, "crop", cli_crop.run, tr("save the crops, a folder for each landmark")
    )
    cli_arguments.add_project(command)
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DEST",
        help=tr("the folder to write to, or the zip file"),
    )
    cli_arguments.add_split(command)
    cli_arguments.add_files(command)


def _train(commands: Commands) -> None:
    from landmark_gui.core.runs import RECIPES

    command = _command(commands, "train", cli_train.train, tr("train a model"))
    cli_arguments.add_project(command)
    command.add_argument(
        "--out", type=Path, required=True, metavar="MODEL", help=tr("the model file to write")
    )
    cli_arguments.add_split(command)
    command.add_argument(
        "--recipe",
        choices=RECIPES,
        default="transfer",
        help=tr(
            "a network that knows ImageNet, the same tuned, or one from nothing (default: transfer)"
        ),
    )
    command.add_argument(
        "--augment",
        default="off",
        metavar="off|on|FILE.toml",
        help=tr("vary the examples: not, as the student's log, or as a file (default: off)"),
    )
    cli_arguments.add_network(command)
    cli_arguments.add_fit(command)
    cli_arguments.add_strategy(command)
    cli_arguments.add_probe(command)
    command.add_argument(
        "--resume",
        nargs="?",
        const=cli_runs.NEWEST,
        metavar="ID",
        help=tr(
            "go on with a training that was cut short, with its own settings: the newest, or the "
            "one of this id (see runs)"
        ),
    )


def _runs(commands: Commands) -> None:
    command = _command(commands, "runs", cli_runs.run, tr("list the trainings of a project"))
    cli_arguments.add_project(command)


def _compare(commands: Commands) -> None:
    command = _command(
        commands,
        "compare",
        cli_compare.compare,
        tr("measure what cropping and augmentation are worth"),
    )
    cli_arguments.add_project(command)
    cli_compare.add_options(command)
    cli_arguments.add_split(command)
    cli_arguments.add_network(command)
    cli_arguments.add_fit(command)


def _search(commands: Commands) -> None:
    command = _command(
        commands, "search", cli_search.search, tr("try settings of a training and find the best")
    )
    cli_arguments.add_project(command)
    cli_search.add_options(command)
    cli_arguments.add_split(command)
    cli_arguments.add_network(command)
    cli_arguments.add_fit(command)


def _evaluate(commands: Commands) -> None:
    command = _command(commands, "evaluate", cli_evaluate.evaluate, tr("test a model on a project"))
    cli_evaluate.add_options(command)


def _classify(commands: Commands) -> None:
    command = _command(commands, "classify", cli_classify.run, tr("name the landmark on photos"))
    cli_classify.add_options(command)


def _convert(commands: Commands) -> None:
    command = _command(
        commands, "convert", cli_convert.convert, tr("hand a model on to other programs")
    )
    cli_convert.add_options(command)
