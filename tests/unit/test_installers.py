"""What packages and installers say of the program agrees with the program."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from landmark_gui.core.i18n import LANGUAGES
from landmark_gui.core.schema import APPLICATION_ID
from release import deb, linux
from release.facts import COMMAND, FILE_TYPES, NAME, PROGRAM, VERSION, FileType
from release.words import KOREAN
from run import WINDOW_LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = (ROOT / "release" / "windows.iss").read_text("utf-8-sig")
FREEDESKTOP = "{http://www.freedesktop.org/standards/shared-mime-info}"


def value(name: str) -> str:
    """What the .iss file gives for `#define NAME` or `NAME=`."""
    found = re.search(rf'^(?:#define {name} "(.*)"|{re.escape(name)}=(.*))$', WINDOWS, re.MULTILINE)
    assert found, name
    return found[1] or found[2]


def registered(key: str) -> str:
    """The default value that the .iss file gives a key of file types."""
    key = re.escape(f"Software\\Classes\\{key}")
    found = re.search(f'Subkey: "{key}"; .*ValueName: ""; ValueData: "(.*?)"(;|$)', WINDOWS, re.M)
    assert found, key
    return found[1]


def test_the_windows_installer_has_the_programs_names() -> None:
    assert (value("Name"), value("Program"), value("Command")) == (NAME, PROGRAM, COMMAND)


def test_the_windows_installer_asks_for_no_administrator() -> None:
    assert value("PrivilegesRequired") == "lowest"
    roots = set(re.findall(r"^Root: (\w+);", WINDOWS, re.MULTILINE))
    assert roots == {"HKA", "HKCU"}


def test_the_windows_installer_speaks_the_programs_languages() -> None:
    spoken = re.findall(r'^Name: "(\w+)"; MessagesFile', WINDOWS, re.MULTILINE)
    assert sorted(spoken) == sorted(LANGUAGES)


def test_uninstalling_on_windows_removes_only_what_was_installed() -> None:
    """And an update only the folder that PyInstaller fills, of the version before."""
    assert "[UninstallDelete]" not in WINDOWS
    assert re.findall(r"^Type: .*", WINDOWS, re.MULTILINE) == [
        r'Type: filesandordirs; Name: "{app}\_internal"'
    ]


@pytest.mark.parametrize("kind", FILE_TYPES, ids=lambda kind: kind.suffix)
def test_windows_opens_our_files_with_the_program(kind: FileType) -> None:
    text = kind.prog_id.partition(".")[2] + "Type"
    told = (value(f"en.{text}"), value(f"ko.{text}"))
    assert told == (kind.description, KOREAN[kind.description])
    assert registered(kind.suffix) == kind.prog_id
    assert registered(kind.prog_id) == f"{{cm:{text}}}"
    command = '""{app}\\{#Program}.exe"" ""%1""'
    assert registered(f"{kind.prog_id}\\shell\\open\\command") == command


def test_linux_knows_our_files_by_their_ending_and_a_project_by_its_content() -> None:
    kinds = {
        kind.get("type"): kind
        for kind in ElementTree.fromstring(linux.mime_types()).iter(f"{FREEDESKTOP}mime-type")
    }
    assert {
        name: kind.find(f"{FREEDESKTOP}glob").get("pattern") for name, kind in kinds.items()
    } == {kind.mime: f"*{kind.suffix}" for kind in FILE_TYPES}
    assert f'value="{APPLICATION_ID.to_bytes(4).decode()}"' in linux.mime_types()


def test_the_menu_entry_opens_both_kinds_of_files() -> None:
    entry = linux.desktop_entry("/opt/x")
    assert "\nExec=/opt/x %F\n" in entry
    assert "\nMimeType=" + "".join(f"{kind.mime};" for kind in FILE_TYPES) + "\n" in entry


def test_the_software_centre_is_told_in_both_languages() -> None:
    component = ElementTree.fromstring(linux.metainfo())
    assert component.findtext("launchable") == f"{COMMAND}.desktop"
    assert len(component.findall("summary")) == len(LANGUAGES)


@pytest.mark.skipif(not shutil.which("dpkg"), reason="needs dpkg")
def test_the_debian_package_depends_on_what_the_window_loads(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1025)
    control = deb.control(tmp_path, "A <a@b>")
    fields = dict(line.split(": ", 1) for line in control.splitlines() if ": " in line)
    assert set(WINDOW_LIBRARIES.values()) < set(fields["Depends"].split(", "))
    assert (fields["Version"], fields["Installed-Size"]) == (VERSION, "2")


@pytest.mark.parametrize(
    ("ours", "debian"), [("1.0", "1.0"), ("1.0rc1", "1.0~rc1"), ("1.0.dev3", "1.0~dev3")]
)
def test_versions_are_sorted_as_debian_does(
    monkeypatch: pytest.MonkeyPatch, ours: str, debian: str
) -> None:
    monkeypatch.setattr(deb, "VERSION", ours)
    assert deb.version() == debian
