"""The built program, as a person gets it: no Python, no settings, an awkward place.

Made by `python run.py build`, or found where LANDMARK_GUI_FROZEN points to.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.frozen.alone import Alone

ROOT = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("LANDMARK_GUI_FROZEN", ROOT / "dist" / "LandmarkGUI"))
SUFFIX = ".exe" if sys.platform == "win32" else ""


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder that `python run.py build` fills."""
    if not BUILT.is_dir():
        pytest.skip(f"needs the built program in {BUILT}: python run.py build")
    return BUILT


@pytest.fixture(scope="session")
def program(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The console twin, in a folder with a space and Korean letters."""
    place = tmp_path_factory.mktemp("frozen") / "한글 폴더" / "LandmarkGUI"
    place.parent.mkdir()
    try:
        shutil.copytree(built, place, symlinks=True, copy_function=os.link)
    except OSError:  # the temporary folder is on another disk
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(built, place, symlinks=True)
    return place / f"landmark-gui{SUFFIX}"


@pytest.fixture(scope="session")
def windowed(program: Path) -> Path:
    """The twin that opens by double-click."""
    return program.with_name(f"LandmarkGUI{SUFFIX}")


@pytest.fixture
def alone(program: Path, tmp_path: Path) -> Alone:
    """The console twin with an empty home of its own, which is also where it is started."""
    home = tmp_path / "빈 집"
    home.mkdir()
    return Alone(program, home)
