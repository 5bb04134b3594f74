"""Builds the program that needs no Python, and says how large it is: `python run.py build`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import PyInstaller.__main__

from landmark_gui.core.errors import TrainingError
from release import parts, weights
from release.facts import PROGRAM

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "build" / "weights"
"""Where build.spec takes weights from."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python run.py build", description=__doc__, epilog=_EPILOG)
    parser.add_argument(
        "--with-weights",
        nargs="+",
        default=(),
        metavar="WEIGHTS",
        help='files of weights, or titles of networks, such as "MobileNetV2 0.35", to download',
    )
    parser.add_argument("--distpath", default="dist", help="where to put it (default: dist)")
    arguments, others = parser.parse_known_args(argv)
    built = Path(arguments.distpath).resolve() / PROGRAM
    wanted = [
        str(Path(name).resolve()) if Path(name).exists() else name
        for name in arguments.with_weights
    ]
    os.chdir(ROOT)  # where build.spec finds all it names
    try:
        weights.gather(wanted, WEIGHTS)
    except TrainingError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1
    options = ["--noconfirm", "--log-level", "WARN", "--distpath", str(built.parent)]
    PyInstaller.__main__.run([*options, *others, "build.spec"])
    print(f"\n{built}\n{parts.table(parts.sizes(built))}")
    return 0


_EPILOG = "Other options go to PyInstaller."

if __name__ == "__main__":
    sys.exit(main())
