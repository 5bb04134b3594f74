"""The wheel, installed where nothing of the checkout is in reach. Needs a package index."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.frozen.alone import Alone
from tests.thorough import ASKED_FOR

ROOT = Path(__file__).resolve().parents[2]
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


def pip(python: str | Path, *arguments: str | Path) -> None:
    ran = subprocess.run([python, *PIP, *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout as `pip install .` does."""
    folder = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `landmark-gui` of a new virtual environment that holds the wheel.

    The packages that it depends on are those of this environment, which it reads by a .pth file;
    where there is time, they are installed anew from requirements.lock.
    """
    place = tmp_path_factory.mktemp("venv") / "새 환경"
    venv.create(place, with_pip=True, symlinks=os.name != "nt")
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    if ASKED_FOR:
        lock = ROOT / "requirements.lock"
        pip(python, "install", "--require-hashes", "--no-deps", "-r", lock)
    else:
        (packages,) = place.glob("[Ll]ib/**/site-packages")
        (packages / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip(python, "install", "--no-deps", wheel)
    if ASKED_FOR:
        pip(python, "check")
    return scripts / ("landmark-gui.exe" if os.name == "nt" else "landmark-gui")


def test_it_holds_the_program_and_its_resources_and_nothing_else(wheel: Path) -> None:
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    code = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("landmark_gui/**/*.py")}
    assert held == code | set(included())


def included() -> Iterator[str]:
    """Where the files lie that pyproject.toml puts into the wheel from elsewhere."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
    for source, target in settings["build"]["targets"]["wheel"]["force-include"].items():
        for path in [ROOT / source, *(ROOT / source).rglob("*")]:
            if path.is_file():
                yield Path(target, path.relative_to(ROOT / source)).as_posix()


def test_it_opens_the_window_and_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    alone = Alone(installed, tmp_path)
    done = alone.run("--smoke-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "smoke test passed" in done.stdout


def test_nothing_is_read_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    asked = "import landmark_gui.core.resources as r; print(r.resource_root())"
    python = installed.with_name("python.exe" if os.name == "nt" else "python")
    told = Alone(python, tmp_path).run("-c", asked)
    assert Path(told.stdout.strip()).is_relative_to(installed.parents[1]), told.stderr
