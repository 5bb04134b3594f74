"""What all commands say on standard error, and how they say it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from landmark_gui.core.disk_space import Need, shortage
from landmark_gui.core.errors import LandmarkError, Progress, TrainingError
from landmark_gui.core.i18n import tr

Result = tuple[Any, str]
"""What a command found, for --json, and the same in words."""


def progress_of(what: str) -> Progress:
    """Progress on stderr, on one line of a terminal; silent where nobody watches."""

    def show(done: int, total: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty():  # a windowed program has none
            end = "\n" if done >= total else ""
            print(f"\r{what} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return show


def tell_skipped(skipped: Iterable[Sequence[object]]) -> None:
    """Name each photo or file that was left out, and why."""
    for path, reason in skipped:
        print(f"{path}: {reason}", file=sys.stderr)


def tell_shortage(needs: Iterable[Need]) -> None:
    """Warn before the work if there is no room for it; what does not fit is refused later."""
    said = shortage(needs)
    if said:
        print(said, file=sys.stderr)


@contextmanager
def refusing(arguments: argparse.Namespace) -> Iterator[None]:
    """Refuse, as a wrong argument, what an option allowed but no training does."""
    try:
        yield
    except TrainingError as error:
        arguments.refuse(str(error))
        raise


@contextmanager
def kept_when_stopped() -> Iterator[None]:
    """Say after Ctrl+C that nothing is lost of work that is kept as it is done."""
    try:
        yield
    except KeyboardInterrupt:
        print(tr("What is done is kept: the same command goes on from there."), file=sys.stderr)
        raise


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says into a sentence about `path`."""
    try:
        yield
    except OSError as error:
        raise LandmarkError(
            tr("{path} could not be written: {detail}", path=path, detail=error.strerror or error)
        ) from error
