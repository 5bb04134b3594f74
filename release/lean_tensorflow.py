"""TensorFlow's libraries without code for NVIDIA's cards. The usual ones of Linux have it, and are
half as large again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-build.lock"
FOLDER = ROOT / "build" / "tensorflow-cpu"
Entry = tuple[str, str, str]
"""Of PyInstaller: where a file goes, where it comes from, and of what kind it is."""


def swapped(entries: list[Entry]) -> list[Entry]:
    """The files of a program, with these libraries in place of those of the same names."""
    if not _is_fetched():
        print(
            "build.spec: TensorFlow without GPU code could not be fetched. The one that is "
            "installed is taken, and the program gets some 250 MB larger.",
            file=sys.stderr,
        )
        return entries
    return [
        (name, str(FOLDER / name) if (FOLDER / name).is_file() else source, kind)
        for name, source, kind in entries
    ]


def _is_fetched() -> bool:
    """Have the package that the lock names in its folder, where it stays until the lock changes.

    The lock names none for a system whose usual build has no such code.
    """
    stamp = FOLDER / LOCK.name
    if stamp.is_file() and stamp.read_bytes() == LOCK.read_bytes():
        return True
    shutil.rmtree(FOLDER, ignore_errors=True)
    options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile"]
    pip = [sys.executable, "-m", "pip", "install", *options, "--target", FOLDER, "-r", LOCK]
    if subprocess.run(pip).returncode:
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(LOCK, stamp)
    return True
