"""The set-up script, on a temporary folder and without a network."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module whose folder is a temporary one with an empty lock file."""
    spec = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "한글 폴더"
    folder.mkdir()
    places = {
        "ROOT": folder,
        "VENV": folder / ".venv",
        "RUNTIME_LOCK": folder / "requirements.lock",
        "DEV_LOCK": folder / "requirements-dev.lock",
    }
    for name, path in places.items():
        monkeypatch.setattr(module, name, path)
    (folder / "requirements.lock").write_text("# nothing\n")
    (folder / "requirements-dev.lock").write_text("# nothing, and the tools\n")
    return module


def pretend_interpreter(script: ModuleType) -> Path:
    python = script.venv_python()
    python.parent.mkdir(parents=True)
    python.touch()
    return python


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ("start", [])),
        (["--"], ("start", [])),
        (["--", "classify", "--help"], ("start", ["classify", "--help"])),
        (["--", "test"], ("start", ["test"])),
        (["test", "-k", "crops"], ("test", ["-k", "crops"])),
        (["build"], ("build", [])),
        (["-h"], ("help", [])),
    ],
)
def test_arguments(script: ModuleType, argv: list[str], expected: object) -> None:
    assert script.parse(argv) == expected


@pytest.mark.parametrize("argv", [["photos"], ["--version"], ["lock", "x"], ["check", "x"]])
def test_unknown_arguments_are_refused(script: ModuleType, argv: list[str]) -> None:
    with pytest.raises(script.SetupError):
        script.parse(argv)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_pythons(script: ModuleType, version: tuple[int, int]) -> None:
    script.check_machine(version, "linux", 64)


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (4, 0)])
def test_other_pythons_are_refused_in_words(script: ModuleType, version: tuple[int, int]) -> None:
    with pytest.raises(script.SetupError, match=f"this is Python {version[0]}.{version[1]}"):
        script.check_machine(version, "linux", 64)
    with pytest.raises(script.SetupError, match=r"py -3\.13"):
        script.check_machine(version, "win32", 64)


def test_32_bits_are_refused(script: ModuleType) -> None:
    with pytest.raises(script.SetupError, match="64-bit"):
        script.check_machine((3, 12), "win32", 32)


def test_supported_versions_agree_with_pyproject(script: ModuleType) -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (oldest, newest) = (script.OLDEST, script.NEWEST)
    assert f'requires-python = ">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"' in text


def test_stamp_makes_ready(script: ModuleType) -> None:
    assert not script.is_ready(script.RUNTIME_LOCK)
    pretend_interpreter(script)
    assert not script.is_ready(script.RUNTIME_LOCK)
    script.write_stamp(script.RUNTIME_LOCK)
    assert script.is_ready(script.RUNTIME_LOCK)
    assert not script.is_ready(script.DEV_LOCK)


def test_development_packages_include_the_others(script: ModuleType) -> None:
    pretend_interpreter(script)
    script.write_stamp(script.DEV_LOCK)
    assert script.is_ready(script.RUNTIME_LOCK)
    assert script.is_ready(script.DEV_LOCK)


def test_changed_lock_is_installed_again(script: ModuleType) -> None:
    pretend_interpreter(script)
    script.write_stamp(script.RUNTIME_LOCK)
    script.RUNTIME_LOCK.write_text("# something else\n")
    assert not script.is_ready(script.RUNTIME_LOCK)
    assert script.is_whole()  # added to, not made anew


def test_other_python_makes_the_environment_anew(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_interpreter(script)
    script.write_stamp(script.RUNTIME_LOCK)
    monkeypatch.setattr(script, "python_version", lambda: "3.99")
    assert not script.is_ready(script.RUNTIME_LOCK)
    assert not script.is_whole()


def test_half_finished_install_is_noticed(script: ModuleType) -> None:
    pretend_interpreter(script)
    assert script.is_whole()
    script.unfinished_mark().touch()
    assert not script.is_whole()


@pytest.mark.parametrize("text", ["", "{", "[1]"])
def test_damaged_stamp_means_not_installed(script: ModuleType, text: str) -> None:
    pretend_interpreter(script)
    (script.VENV / "installed.json").write_text(text)
    assert script.read_stamp() == {}
    assert not script.is_ready(script.RUNTIME_LOCK)


def test_set_up_from_nothing_and_after_an_interruption(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    package = script.ROOT / "landmark_gui"
    package.mkdir()
    (package / "__init__.py").touch()
    (script.ROOT / ".venv").mkdir()
    (script.VENV / "half a package").touch()
    script.unfinished_mark().touch()

    script.set_up(script.RUNTIME_LOCK)

    assert "Making it anew" in capsys.readouterr().err
    assert not (script.VENV / "half a package").exists()
    assert not script.unfinished_mark().exists()
    assert script.is_ready(script.RUNTIME_LOCK)
    elsewhere = [script.venv_python(), "-P", "-c", "import landmark_gui"]
    assert subprocess.run(elsewhere, cwd=script.ROOT.parent).returncode == 0

    script.set_up(script.RUNTIME_LOCK)
    assert capsys.readouterr().err == ""


def test_second_start_waits_for_the_first(script: ModuleType) -> None:
    entered = threading.Event()

    def enter() -> None:
        with script.SetupLock():
            entered.set()

    other = threading.Thread(target=enter)
    with script.SetupLock():
        other.start()
        assert not entered.wait(0.2)
    other.join(30)
    assert entered.is_set()


def test_missing_libraries_are_found_by_loading_them(script: ModuleType) -> None:
    wanted = {"libno-such-thing.so.9": "no-such-package"}
    assert script.missing_libraries(wanted) == wanted
    assert script.missing_programs({"no-such-program": "x"}) == {"no-such-program": "x"}


@pytest.mark.skipif(sys.platform != "linux", reason="packages of Debian-like systems")
def test_one_command_for_all_that_is_missing(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    message = script.missing_message({"libEGL.so.1": "libegl1"}, {"Xvfb": "xvfb"})
    assert message.endswith("apt-get install -y libegl1 xvfb")
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert "libEGL.so.1" in script.missing_message({"libEGL.so.1": "libegl1"}, {})
    assert script.missing_message({}, {}) == ""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError(...): [Errno -3] Temporary failure", "no internet"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "nothing of it was used"),
        ("ERROR: No matching distribution found for tensorflow", "no build for this computer"),
        ("ERROR: something new", "could not be installed.\n(ERROR: something new)"),
    ],
)
def test_reasons_in_words(script: ModuleType, output: str, words: str) -> None:
    assert words in script.explain(output)


def test_no_internet_in_words_from_pip_itself(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What real pip prints without a connection is recognised, and the next start goes on."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    script.RUNTIME_LOCK.write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(script.SetupError, match="no internet"):
        script.set_up(script.RUNTIME_LOCK)
    assert script.is_whole()
    assert not script.is_ready(script.RUNTIME_LOCK)


def test_too_little_space_is_refused_before_the_download(script: ModuleType) -> None:
    with pytest.raises(script.SetupError, match=r"1\.0 GB free"):
        script.check_free_space(10**9)
    script.check_free_space(10**11)


def test_trouble_with_the_disk_is_told_without_a_traceback(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    (script.ROOT / ".venv.lock").mkdir()  # so that no lock can be taken
    assert script.main([]) == 1
    assert capsys.readouterr().err.startswith("run.py: ")


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"]
)
def test_locks_are_pinned_hashed_and_name_no_place(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith(" ")]
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert not any("://" in line or "--index" in line or "@ " in line for line in lines)
    assert any("--hash=sha256:" in line for line in lines)


def test_locks_agree() -> None:
    """A tool may want everywhere what the program wants on one system."""

    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        return {line.split(";")[0].rstrip("\\ ") for line in lines if not line.startswith(" ")}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
