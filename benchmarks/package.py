"""The built program: its size by part, the time to its painted window, its memory at rest.

The aim is a window within 2 s. References: the same window from the source tree, and a bare
PySide6 window built in the same way. All start in turn, so that a drifting machine cancels out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import ratio, spread
from benchmarks.start import BARE
from release.facts import COMMAND, PROGRAM
from release.parts import sizes, table

ROOT = Path(__file__).resolve().parents[1]
SUFFIX = ".exe" if sys.platform == "win32" else ""
REST_SECONDS = 20.0
"""After a start, until nothing more happens by itself."""
Command = Sequence[str | Path]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks package", description=__doc__)
    parser.add_argument("--built", type=Path, default=ROOT / "dist" / PROGRAM, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args(argv)
    program = arguments.built / f"{COMMAND}{SUFFIX}"
    if not program.exists():
        print(f"There is no built program in {arguments.built}. Make it with: python run.py build")
        return 1
    print(f"size unpacked:\n{table(sizes(arguments.built))}\n")
    with tempfile.TemporaryDirectory(prefix="landmark-gui package ") as folder:
        environment = _environment(Path(folder))
        bare = _built_bare(Path(folder))
        _compare_starts(program, bare, arguments.runs, environment)
        _tell_memory("landmark-gui", [program], environment)
        _tell_memory("bare window", [bare, "stay"], environment)
    return 0


def _environment(folder: Path) -> dict[str, str]:
    places = dict.fromkeys(("LANDMARK_GUI_SETTINGS", "LANDMARK_GUI_CACHE"), str(folder / "own"))
    environment = {**os.environ, **places}
    if not environment.get("DISPLAY") and sys.platform.startswith("linux"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def _built_bare(folder: Path) -> Path:
    """The launcher of a window with nothing of ours in it; given an argument, it stays open."""
    script = folder / "bare.py"
    stays = "if len(sys.argv) > 1: application.quit = lambda: None\napplication.exec()"
    script.write_text(BARE.replace("application.exec()", stays), "utf-8")
    places = ["--distpath", folder / "dist", "--workpath", folder / "work", "--specpath", folder]
    options = ["--noconfirm", "--log-level", "ERROR", *places]
    command = [sys.executable, "-m", "PyInstaller", *options, script]
    subprocess.run(command, check=True, cwd=folder)
    return folder / "dist" / "bare" / f"bare{SUFFIX}"


def _compare_starts(program: Path, bare: Path, runs: int, environment: dict[str, str]) -> None:
    """Print the times from the start of a process to its painted window."""
    source = [sys.executable, "-m", "landmark_gui", "--start-test"]
    commands: tuple[Command, ...] = ([program, "--start-test"], source, [bare])
    for command in commands:  # once uncounted: byte code and the disk's cache
        _seconds(command, environment)
    rounds = [[_seconds(command, environment) for command in commands] for _ in range(runs)]
    for number, what in enumerate(("start to painted window", "processor time of it")):
        frozen, from_source, without = (
            [each[command][number] for each in rounds] for command in range(len(commands))
        )
        print(f"{what}:")
        print(f"  built program:     {spread(frozen)}")
        print(f"  from source:       {spread(from_source)}, ratio {ratio(frozen, from_source)}")
        print(f"  built bare window: {spread(without)}, ratio {ratio(frozen, without)}")


def _seconds(command: Command, environment: dict[str, str]) -> tuple[float, float]:
    """By the clock, and of processors, which Windows does not tell."""
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    after = os.times()
    processor = sum(after[2:4]) - sum(before[2:4])
    return time.perf_counter() - start, processor or float("nan")


def _tell_memory(name: str, command: Command, environment: dict[str, str]) -> None:
    """Print how much memory a window takes that nobody touches."""
    if not Path("/proc/self/smaps_rollup").exists():
        print(f"memory at rest, {name}: only Linux tells")
        return
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        time.sleep(REST_SECONDS)
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    finally:
        process.kill()
        process.wait()
    rows = (line.split() for line in rollup.splitlines()[1:])
    kilobytes = {row[0].removesuffix(":"): int(row[1]) for row in rows}
    share, whole = kilobytes["Pss"] / 1e3, kilobytes["Rss"] / 1e3
    print(f"memory at rest, {name}: {share:.0f} MB (with all that is shared: {whole:.0f} MB)")
