"""What the window can be started with; without a console, a box says what would be printed."""

from __future__ import annotations

import io
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
COMMANDS = (
    *("new", "import", "export", "check", "crop", "train", "runs", "compare", "search"),
    *("evaluate", "classify", "convert"),
)
_ANSWERED = ("-h", "--help", "--version")
_BOX_LENGTH = 3_000


def wants_window(arguments: Sequence[str]) -> bool:
    """Whether arguments are for the window, and not for the command line."""
    if not arguments:
        return True
    return (
        arguments[0] not in COMMANDS
        and not any(argument in _ANSWERED for argument in arguments)
        and not _is_slip(arguments[0])
    )


def _is_slip(argument: str) -> bool:
    """Whether it is a bare word that names no file: a slip of the pen for a command."""
    return argument.isalpha() and not Path(argument).exists()


def of_window(arguments: Sequence[str]) -> Namespace:
    """The window's arguments: `paths`, `new_window`, `reset_settings`, `verbose`.

    Raises:
        SystemExit: with code 2 for wrong ones.
    """
    if not any(argument.startswith("-") for argument in arguments):  # argparse takes its time
        paths = [Path(argument) for argument in arguments]
        return Namespace(paths=paths, new_window=False, reset_settings=False, verbose=False)
    from landmark_gui.cli_parser import Parser
    from landmark_gui.core.i18n import set_language, system_language

    set_language(system_language())
    parser = Parser("landmark-gui", usage="landmark-gui [PATH…] [OPTIONS]", allow_abbrev=False)
    parser.add_argument("paths", nargs="*", type=Path)
    add_options(parser)
    return parser.parse_args(arguments)


def add_options(parser: ArgumentParser) -> None:
    """The options of the window."""
    from landmark_gui.core.i18n import tr

    group = parser.add_argument_group(tr("the window"))
    group.add_argument(
        "--new-window",
        action="store_true",
        help=tr("open another window, though one is open already"),
    )
    group.add_argument(
        "--reset-settings",
        action="store_true",
        help=tr("forget the settings of the program (a copy is kept), then open the window"),
    )
    group.add_argument(
        "--verbose", action="store_true", help=tr("log more, and on the terminal as well")
    )
    group.add_argument(
        "--smoke-test",
        action="store_true",
        help=tr("try whether the program is whole, without a window, and exit with 0 if it is"),
    )


def with_words(work: Callable[[], T]) -> T:
    """`work()`, which prints; where there is no console, a box shows what it printed.

    That is so with the program for double-clicking on Windows.
    """
    if sys.stdout is not None:
        return work()
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            return work()
    finally:
        if printed.getvalue():
            _show_box(printed.getvalue()[-_BOX_LENGTH:])


def _show_box(text: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, "Landmark GUI", 0)
