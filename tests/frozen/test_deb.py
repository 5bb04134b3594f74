"""The Debian package, as `python -m release.deb` leaves it in `dist`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from release.facts import COMMAND, FILE_TYPES, NAME, PROGRAM, VERSION
from release.linux import APPSTREAM_ID
from tests.desktop import needs_desktop, open_desktop
from tests.frozen.alone import Alone
from tests.thorough import when_thorough

needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")
pytestmark = needs_dpkg


def run(*command: object) -> str:
    """What a command of the system prints."""
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="session")
def package(built: Path) -> Path:
    found = sorted(built.parent.glob(f"{COMMAND}_*.deb"), key=lambda path: path.stat().st_mtime)
    if not found or found[-1].stat().st_mtime < built.stat().st_mtime:
        pytest.skip(f"needs a package of {built}: python -m release.deb")
    return found[-1]


@pytest.fixture(scope="session")
def root(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the root of the disk will be."""
    folder = tmp_path_factory.mktemp("설치 자리")
    run("dpkg-deb", "--extract", package, folder)
    return folder


@pytest.fixture(scope="session")
def entry(root: Path) -> Path:
    return root / "usr" / "share" / "applications" / f"{COMMAND}.desktop"


def test_dpkg_knows_it(package: Path) -> None:
    assert run("dpkg-deb", "--field", package, "Package", "Version").splitlines() == [
        f"Package: {COMMAND}",
        f"Version: {VERSION}",
    ]


def test_all_belongs_to_root_and_none_but_root_writes(package: Path) -> None:
    for line in run("dpkg-deb", "--contents", package).splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root", line
        assert mode[0] == "l" or "w" not in mode[5:], line


def test_the_command_is_on_the_path(root: Path) -> None:
    link = root / "usr" / "bin" / COMMAND
    assert (root / link.readlink().relative_to("/")).is_file()


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-utils")
def test_the_menu_entry_is_valid(entry: Path) -> None:
    assert run("desktop-file-validate", entry) == ""


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="needs appstream")
def test_the_software_centre_takes_it(root: Path) -> None:
    info = root / "usr" / "share" / "metainfo" / f"{APPSTREAM_ID}.metainfo.xml"
    run("appstreamcli", "validate", "--no-net", info)


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="needs shared-mime-info")
def test_a_desktop_knows_our_files(root: Path, alone: Alone, photo_folder: Callable[..., Path]):
    """By Qt's own database, which reads what `update-mime-database` makes of the package."""
    folder = photo_folder(each=1)
    project = folder.with_suffix(".landmarks")
    alone.told("new", project, "--photos", folder)
    nameless = shutil.copy(project, folder.parent / "nameless")
    share = root / "usr" / "share"
    run("update-mime-database", share / "mime")
    ask = (
        "import sys; from PySide6.QtCore import QMimeDatabase as D;"
        "print(*(D().mimeTypeForFile(path).name() for path in sys.argv[1:]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", ask, project, "a.landmark-model", nameless],
        env={**os.environ, "XDG_DATA_DIRS": f"{share}:/usr/share"},
        capture_output=True,
        text=True,
    )
    project_type, model_type = (kind.mime for kind in FILE_TYPES)
    assert ran.stdout.split() == [project_type, model_type, project_type], ran.stderr


@needs_desktop
def test_its_menu_entry_opens_a_project(
    root: Path, entry: Path, alone: Alone, photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    """Exec= is started as a desktop does, and the window belongs to the entry."""
    folder = photo_folder("탑 사진", each=2)
    project = folder.with_suffix(".landmarks")
    alone.told("new", project, "--photos", folder, "--labels-from-folders")
    lines = dict(line.split("=", 1) for line in entry.read_text("utf-8").splitlines()[1:])
    program, *arguments = shlex.split(lines["Exec"].replace("%F", shlex.quote(str(project))))
    assert Path(program).name == PROGRAM
    with (
        open_desktop() as desktop,
        desktop.program(
            *arguments,
            settings=tmp_path / "settings",
            command=[root / Path(program).relative_to("/")],
            environment=alone.environment,
        ) as process,
    ):
        desktop.fill_screen(f"탑 사진 – {NAME}")
        assert desktop.do("search", "--onlyvisible", "--class", f"^{lines['StartupWMClass']}$")
        desktop.keys("ctrl+q")
        assert process.wait(timeout=20) == 0


@when_thorough
@pytest.mark.skipif(
    not shutil.which("debootstrap") or os.geteuid() != 0, reason="needs debootstrap, as root"
)
def test_a_bare_system_needs_no_more_than_it_asks_for(package: Path, tmp_path: Path) -> None:
    """apt alone is there, installs the package with what it depends on, and removes all of it."""
    suite = run("sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME").strip()
    index = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    bare = tmp_path / "bare"
    run("debootstrap", "--variant=minbase", suite, bare, index.split()[0])
    shutil.copy(package, bare)
    within = ("unshare", "--mount", "sh", "-c", WITHIN, bare)
    run(*within, "apt-get", "update")
    run(*within, "apt-get", "install", "-y", "--no-install-recommends", f"/{package.name}")
    told = run(*within, "env", "-i", "HOME=/root", f"/usr/bin/{COMMAND}", "--smoke-test")
    assert "smoke test passed" in told
    run(*within, "apt-get", "purge", "-y", COMMAND)
    assert [path for path in bare.rglob(f"*{COMMAND}*") if path.name != package.name] == []


WITHIN = 'mount --bind /proc "$0/proc" && exec chroot "$0" "$@"'
"""A shell's way into the system at $0, whose /proc is gone again with the process."""
