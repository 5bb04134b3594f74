"""A second start hands its files over to the window that is open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from landmark_gui.core.settings import Settings, settings_folder
from landmark_gui.gui import instance as instances
from landmark_gui.gui.app import Application
from landmark_gui.gui.instance import Instance, address_of
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.start import start

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "landmark_gui"]
SECOND = """
import sys
from pathlib import Path
from landmark_gui.core.settings import Settings, settings_folder
from landmark_gui.gui.instance import Instance
print(Instance(settings_folder()).hand_over([Path(path) for path in sys.argv[1:]]))
"""


@pytest.fixture
def first(qapp: object) -> Iterator[Instance]:
    made = Instance(settings_folder())
    made.listen()
    yield made
    made.close()
    made.deleteLater()


def test_files_under_any_name_arrive_at_the_window_that_is_open(
    first: Instance, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "사진 모음.landmarks").touch()
    names = ["사진 모음.landmarks", os.fsdecode(b"no utf-8 \xff")]
    environment = {**os.environ, "XDG_ACTIVATION_TOKEN": "token"}
    command = [sys.executable, "-c", SECOND, *names]
    environment["PYTHONPATH"] = str(ROOT)
    with qtbot.waitSignal(first.arrived) as arrived:
        second = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
    assert arrived.args == [[tmp_path / name for name in names], "token"]
    assert second.communicate()[0] == b"True\n"


def test_whoever_is_first_opens_a_window(qapp: object, tmp_path: Path) -> None:
    alone = Instance(tmp_path / "not" / "there")
    assert not alone.hand_over([]) and alone.is_first()
    alone.close()


def test_a_folder_that_cannot_be_written_keeps_no_window_from_opening(
    qapp: object, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    instance = Instance(tmp_path / "file" / "settings")
    assert not instance.hand_over([])
    instance.listen()
    instance.close()


def test_other_settings_are_another_program(first: Instance, tmp_path: Path) -> None:
    other = Instance(tmp_path)
    assert not other.hand_over([]) and other.is_first()
    other.close()


@pytest.mark.parametrize("listens", [True, False])
def test_a_window_that_hangs_does_not_keep_the_next_from_opening(
    listens: bool, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instances, "ANSWER_MS", 50)
    monkeypatch.setattr(instances, "START_SECONDS", 0.1)
    hung = Instance(settings_folder())
    assert hung.is_first()
    server = QLocalServer()
    if listens:  # the system takes the call, and nobody answers
        assert server.listen(address_of(settings_folder()))
    second = Instance(settings_folder())
    assert not second.hand_over([])
    assert not second.is_first() or not listens
    server.close()
    hung.close()
    second.close()


@pytest.mark.parametrize("said", [b"nonsense\n", b"[]\n", b'{"paths": 5}\n', b"x" * 1_100_000])
def test_nonsense_is_not_opened(first: Instance, qtbot: QtBot, said: bytes) -> None:
    socket = QLocalSocket()
    with qtbot.assertNotEmitted(first.arrived):
        socket.connectToServer(address_of(settings_folder()))
        socket.write(said)
        qtbot.waitUntil(
            lambda: (
                socket.bytesAvailable() > 0
                or socket.state() == QLocalSocket.LocalSocketState.UnconnectedState
            )
        )
    socket.abort()


def test_after_the_window_is_closed_the_next_is_the_first(first: Instance) -> None:
    first.close()
    after = Instance(settings_folder())
    assert not after.hand_over([]) and after.is_first()
    after.close()


def test_what_arrives_waits_until_a_dialog_is_closed(
    window: MainWindow, qtbot: QtBot, tiny_model: Path
) -> None:
    dialog = QDialog(window)
    dialog.open()
    said: list[str] = []
    window.context.status_changed.connect(said.append)
    window.opening.open_given([tiny_model])
    assert window.current_page == "label" and tiny_model.name in said[0]
    dialog.accept()
    qtbot.waitUntil(lambda: window.current_page == "classify")
    assert window.context.last_model == tiny_model


def test_what_cannot_be_opened_is_named(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.opening.open_given([tmp_path / "gone.xyz"])
    qtbot.waitUntil(lambda: window._banner.isVisible())
    assert "gone.xyz" in window._banner.text()


def test_a_project_that_arrives_takes_the_place_of_the_open_one(
    window: MainWindow, qtbot: QtBot, photo_folder: Callable[..., Path]
) -> None:
    for name in ("하나", "둘"):
        with qtbot.waitSignal(window.context.document_changed):
            window.opening.open_given([photo_folder(name, each=1)])
        qtbot.waitUntil(lambda: window.context.document is not None)
    assert window.context.document is not None and window.context.document.name == "둘"
    with qtbot.waitSignal(window.context.document.scan_finished):
        pass
    assert window.opening.close_document()


def test_the_desktop_of_macos_asks_by_an_event(tmp_path: Path, qapp: object) -> None:
    opened: list[Path] = []

    class Asked:
        file_opened = type("Signal", (), {"emit": staticmethod(opened.append)})

    event = QFileOpenEvent(str(tmp_path / "사진.landmarks"))
    assert Application.event(Asked(), event)  # type: ignore[arg-type]  # there is one QApplication already
    assert opened == [tmp_path / "사진.landmarks"]
    assert QCoreApplication.instance() is qapp


FIRST = """
from landmark_gui.gui import opening, start
def tell_and_close(self, paths):
    print(*paths, sep="\\n")
    self.parent().close()
opening.Opening.open_given = tell_and_close
raise SystemExit(start.start([]))
"""


def test_a_second_process_ends_at_once_and_the_first_opens_the_file(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONUTF8", "1")
    folder, listens = tmp_path / "사진 모음", Path(address_of(settings_folder()))
    folder.mkdir()
    first = subprocess.Popen(
        [sys.executable, "-c", FIRST], stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        qtbot.waitUntil(listens.is_socket, timeout=20_000)
        second = subprocess.run([*PROGRAM, folder.name], cwd=tmp_path, timeout=20)
        assert second.returncode == 0
        assert first.communicate(timeout=20)[0].splitlines() == [str(folder)]
    finally:
        first.kill()
    assert first.returncode == 0 and not listens.exists()
    assert list((settings_folder() / "logs").glob("crash-*")) == []


def test_settings_are_reset_at_the_start_unless_a_window_is_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("landmark_gui.gui.app.run", lambda *_: opened.append("window") or 0)
    settings = Settings()
    settings.set("theme", "dark")
    first = Instance(settings_folder())
    assert first.is_first()
    assert start([], reset_settings=True) == 1 and opened == []
    assert settings.path.exists() and "Close the window" in capsys.readouterr().out
    first.close()
    assert start([], reset_settings=True) == 0 and opened == ["window"]
    assert not settings.path.exists() and "settings.backup.toml" in capsys.readouterr().out
