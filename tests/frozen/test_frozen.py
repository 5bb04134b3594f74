"""The built program starts, tells who it is, and does the main job by itself."""

from __future__ import annotations

from pathlib import Path

from landmark_gui import __version__
from tests.frozen.alone import Alone


def test_version(alone: Alone) -> None:
    done = alone.run("--version")
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout


def test_wrong_arguments(alone: Alone) -> None:
    assert alone.run("train").returncode == 2


def test_windowed_twin_is_there(windowed: Path) -> None:
    assert windowed.is_file()


def test_main_job(alone: Alone) -> None:
    """Window, every page, training in the frozen worker, classification."""
    done = alone.run("--smoke-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "smoke test passed" in done.stdout
    assert list(alone.home.rglob("*.landmark*")) == []


def test_paths_are_short_enough_for_windows(built: Path) -> None:
    """Without long paths 260 letters are all; the folder of a person takes some 70."""
    lengths = {len(str(path.relative_to(built))): path for path in built.rglob("*")}
    assert max(lengths) < 180, lengths[max(lengths)]
