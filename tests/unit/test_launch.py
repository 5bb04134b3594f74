"""What the program is started with: paths and options of the window, slips of the pen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from landmark_gui import __version__, cli, launch
from landmark_gui.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "paths", "options"),
    [
        ([], [], set()),
        (["사진.landmarks"], ["사진.landmarks"], set()),
        (["a.jpg", "b.jpg"], ["a.jpg", "b.jpg"], set()),
        (["--new-window", "a b"], ["a b"], {"new_window"}),
        (["--reset-settings", "--verbose"], [], {"reset_settings", "verbose"}),
        (["--", "-x"], ["-x"], set()),
    ],
)
def test_the_window_takes_paths_and_options(
    arguments: list[str], paths: list[str], options: set[str]
) -> None:
    assert launch.wants_window(arguments)
    asked = launch.of_window(arguments)
    assert asked.paths == [Path(path) for path in paths]
    switches = ("new_window", "reset_settings", "verbose")
    assert {name for name in switches if getattr(asked, name)} == options


@pytest.mark.parametrize(
    ("arguments", "suggested"),
    [
        (["--new-windw"], "--new-window"),
        (["--reset_settings"], "--reset-settings"),
        (["trian", "x"], "train"),
        (["train", "x", "--out", "y", "--recipe", "transfr"], "transfer"),
        (["train", "x", "--out", "y", "--epochz=3"], "--epochs"),
        (["--nonsense"], ""),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(
    arguments: list[str], suggested: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.endswith(f"(did you mean {suggested}?)") if suggested else arguments[0] in said


@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_help_lists_commands_and_the_options_of_the_window(
    asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([asked])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    options = ("PATH", "--new-window", "--reset-settings", "--smoke-test", "--verbose", "--version")
    assert all(name in told for name in (*cli.COMMANDS, *options))


def test_without_a_console_a_box_says_what_would_be_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boxes: list[str] = []
    monkeypatch.setattr(launch, "_show_box", boxes.append)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit):
        main(["--version"])
    with pytest.raises(SystemExit):
        main(["--new-windw"])
    assert boxes[0] == f"landmark-gui {__version__}\n"
    assert "did you mean --new-window?" in boxes[1]
