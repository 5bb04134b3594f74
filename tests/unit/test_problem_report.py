"""What the program says of itself after a failure: logs, crash dumps, the text of a report."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landmark_gui import __version__
from landmark_gui.core import crash_dump, log_files
from landmark_gui.core.packages import packages
from landmark_gui.core.problem_report import Problem, report, without_home


def test_logs_go_where_the_platform_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert log_files.log_folder() == Path(os.environ["LANDMARK_GUI_SETTINGS"], "logs")
    monkeypatch.delenv("LANDMARK_GUI_SETTINGS")
    folder = log_files.log_folder()
    assert folder.is_absolute() and "Landmark GUI" in folder.parts


def test_the_log_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "worker.log"
    for text in (b"first", b"second", b"third"):
        with log_files.begin(path) as log:
            log.write(text)
    assert path.read_bytes() == b"third"
    assert path.with_name("worker.log.1").read_bytes() == b"second"


def test_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    with log_files.begin(tmp_path / "log") as log:
        log.write(b"x" * 50)
        log_files.bound(log, 50)
        log.write(b"y")
        log_files.bound(log, 50)
        log.write(b"z")
    assert (tmp_path / "log").read_bytes() == b"z"


def test_the_last_lines_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"".join(b"line %d \xff\n" % number for number in range(30_000)))
    assert log_files.tail(log, 2) == "line 29998 \ufffd\nline 29999 \ufffd"
    assert str(tmp_path / "gone") in log_files.tail(tmp_path / "gone", 2)


DIE = """
import faulthandler, sys
from pathlib import Path
from landmark_gui.core.crash_dump import CrashDump
dump = CrashDump(Path(sys.argv[1]))
dump.start()
if sys.argv[2] == "crash":
    faulthandler._sigsegv()
dump.end()
"""


def test_a_crash_is_found_once(tmp_path: Path) -> None:
    for how in ("in order", "crash"):
        assert crash_dump.left_behind(tmp_path) is None
        subprocess.run([sys.executable, "-c", DIE, str(tmp_path), how], capture_output=True)
    crash = crash_dump.left_behind(tmp_path)
    assert crash is not None and "Segmentation fault" in crash.text
    assert abs(crash.time - time.time()) < 60
    assert crash_dump.left_behind(tmp_path) is None
    assert (tmp_path / crash_dump.LAST).read_text("utf-8") == crash.text


def test_a_process_that_was_killed_says_nothing(tmp_path: Path) -> None:
    new, old = tmp_path / "crash-1.txt", tmp_path / "crash-2.txt"
    new.touch()
    old.touch()
    os.utime(old, (0, 0))
    assert crash_dump.left_behind(tmp_path) is None
    assert new.exists() and not old.exists()


def test_a_folder_that_cannot_be_written_costs_the_dump_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    dump = crash_dump.CrashDump(tmp_path / "file")
    dump.start()
    dump.end()
    assert crash_dump.left_behind(tmp_path / "file") is None


def test_a_report_says_what_a_programmer_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/minji"))
    problem = Problem("That failed.", "Try again.", 'File "/home/minji/a.py"\nValueError: x')
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)  # of a test before this one
    text = report(problem, {"Qt": "6.11"}, "last line of /home/minji/b")
    assert text.startswith("That failed.") and "minji" not in text
    for part in (f"Landmark GUI: {__version__}", "tensorflow: 2.", "Qt: 6.11", "~/a.py", "~/b"):
        assert part in text
    assert "tensorflow" not in sys.modules


@pytest.mark.parametrize("home", ["/", ""])
def test_a_home_that_is_the_root_hides_nothing(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path(home))
    assert without_home("/a/b") == "/a/b"


def test_the_packages_of_others_have_licences() -> None:
    found = {package.name: package for package in packages()}
    assert "MIT-CMU" in found["pillow"].licence or "HPND" in found["pillow"].licence
    assert "Redistribution" in found["numpy"].licence_text()
    assert all(package.version for package in found.values())
