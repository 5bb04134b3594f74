"""Entry point: the window, a sub-command, or the hidden worker process."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

WORKER = "worker"
SMOKE_TEST = "--smoke-test"
START_TEST = "--start-test"


def main(argv: list[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code."""
    multiprocessing.freeze_support()  # first: a frozen child must not open a window
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [WORKER]:
        from landmark_gui.training.worker import main as run_worker

        return run_worker()
    if SMOKE_TEST in arguments:
        from landmark_gui import smoke

        return smoke.run()
    if START_TEST in arguments:
        from landmark_gui import smoke

        return smoke.start()
    if _wants_window(arguments):
        from landmark_gui.gui.app import run

        return run(Path(arguments[0]) if arguments else None)
    from landmark_gui.cli import main as run_command

    return run_command(arguments)


def _wants_window(arguments: list[str]) -> bool:
    if not arguments:
        return True
    from landmark_gui.cli import COMMANDS

    return (
        len(arguments) == 1
        and arguments[0] not in COMMANDS
        and arguments[0][0:1] != "-"
        and not _is_slip(arguments[0])
    )


def _is_slip(argument: str) -> bool:
    """Whether it is a bare word that names no file: a slip of the pen for a command."""
    return argument.isalpha() and not Path(argument).exists()


if __name__ == "__main__":
    sys.exit(main())
