"""The built program, as a person gets it: no Python, no settings, an awkward place.

Made by `python run.py build`, or found where LANDMARK_GUI_FROZEN points to.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landmark_gui import __version__

ROOT = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("LANDMARK_GUI_FROZEN", ROOT / "dist" / "LandmarkGUI"))
SUFFIX = ".exe" if sys.platform == "win32" else ""
SYSTEM_VARIABLES = ("SYSTEMROOT", "TEMP", "TMPDIR")  # without these, nothing runs on Windows

pytestmark = pytest.mark.skipif(
    not BUILT.is_dir(), reason=f"needs the built program in {BUILT}: python run.py build"
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console twin, in a folder with a space and Korean letters."""
    place = tmp_path_factory.mktemp("frozen") / "한글 폴더" / "LandmarkGUI"
    place.parent.mkdir()
    try:
        shutil.copytree(BUILT, place, symlinks=True, copy_function=os.link)
    except OSError:  # the temporary folder is on another disk
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(BUILT, place, symlinks=True)
    return place / f"landmark-gui{SUFFIX}"


def run(program: Path, home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run with next to no environment: no PATH, an empty home, a plain locale."""
    environment = {name: os.environ[name] for name in SYSTEM_VARIABLES if name in os.environ}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))
    return subprocess.run(
        [program, *args],
        env={**environment, **homes},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )


def test_version(program: Path, tmp_path: Path) -> None:
    done = run(program, tmp_path, "--version")
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout


def test_wrong_arguments(program: Path, tmp_path: Path) -> None:
    assert run(program, tmp_path, "train").returncode == 2


def test_windowed_twin_is_there(program: Path) -> None:
    assert (program.parent / f"LandmarkGUI{SUFFIX}").is_file()


def test_main_job(program: Path, tmp_path: Path) -> None:
    """Window, every page, training in the frozen worker, classification."""
    done = run(program, tmp_path, "--smoke-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "smoke test passed" in done.stdout
    assert list(tmp_path.rglob("*.landmark*")) == []
