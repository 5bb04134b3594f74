"""Whether there is room is said before the work begins."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from landmark_gui.cli_output import tell_shortage
from landmark_gui.core import disk_space
from landmark_gui.core.crops import Crop, FileSettings
from landmark_gui.core.disk_space import LOW, LowSpace, Need, shortage
from landmark_gui.core.geometry import Rect
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.store import ProjectStore

Usage = namedtuple("Usage", "total used free")


class Disk:
    free = 10**12


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Whose `free` is what the system says of every disk."""
    made = Disk()
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, made.free))
    return made


def test_what_is_needed_is_compared_with_what_is_free(disk: Disk, tmp_path: Path) -> None:
    need = Need(tmp_path / "not" / "yet", 3_400_000_000)
    assert shortage([need]) == ""
    disk.free = 3_400_000_000 + LOW
    assert shortage([need]) == ""
    disk.free -= 1
    told = shortage([need])
    assert "3.4 GB" in told and "3.6 GB" in told and "yet" in told
    assert shortage([]) == "" == shortage([Need(tmp_path, 0)])


def test_needs_on_one_disk_add_up(disk: Disk, tmp_path: Path) -> None:
    disk.free = LOW + 1_500
    assert shortage([Need(tmp_path / "a", 1_000)]) == ""
    assert shortage([Need(tmp_path / "a", 1_000), Need(tmp_path / "b", 1_000)])


def test_a_disk_that_tells_nothing_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert shortage([Need(tmp_path, 10**15)]) == ""
    assert not LowSpace(tmp_path).is_low()


def test_a_disk_that_fills_up_is_said_once(disk: Disk, tmp_path: Path) -> None:
    space = LowSpace(tmp_path / "a.landmarks")
    assert space.notice() == ""
    disk.free = LOW - 1
    assert "a.landmarks is nearly full" in space.notice()
    assert space.notice() == ""
    disk.free = LOW
    assert space.notice() == ""
    disk.free = 0
    assert space.notice() != ""


def test_on_a_full_disk_edits_are_saved_and_backups_are_not_made(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landmark_gui.core.backups.EVERY_SECONDS", -1)
    with ProjectStore.create(tmp_path / "a.landmarks", tmp_path) as store:
        store._edits_since = 1
        disk.free = LOW - 1
        assert "nearly full" in store.after_write()
        assert store.after_write() == ""
        assert not (tmp_path / "a.data" / "backups").exists()
        disk.free = 10**12
        assert store.after_write() == ""
        assert len(list((tmp_path / "a.data" / "backups").iterdir())) == 1


def test_a_training_needs_room_for_its_models_and_for_many_crops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landmark_gui.core.memory.free_memory", lambda: 10**9)
    config = TrainConfig("p", str(tmp_path / "m"), recipe="transfer", image_size=160)
    model, run, cache = disk_space.of_training(config, 100, tmp_path / "runs")
    assert model.place == tmp_path and 1e6 < model.bytes < 1e8
    assert run.bytes > model.bytes and cache.bytes == 0
    *_, cache = disk_space.of_training(config, 100_000, tmp_path)
    assert cache.bytes == 100_000 * 160 * 160 * 3
    scratch = TrainConfig("p", str(tmp_path / "m"), recipe="scratch")
    assert sum(need.bytes for need in disk_space.of_training(scratch, 10, tmp_path)) < 1e8


def test_crops_are_reckoned_as_they_are_saved(tmp_path: Path) -> None:
    def crop(rect: Rect | None) -> Crop:
        return Crop(1, None, tmp_path / "a.jpg", "", (4000, 3000), rect, "x", "train")

    def size(files: FileSettings, *rects: Rect | None) -> int:
        (need,) = disk_space.of_crops(map(crop, rects), files, tmp_path)
        return need.bytes

    whole = size(FileSettings(), None)
    assert 5e6 < whole < 2e7
    assert size(FileSettings(), None, None) == 2 * whole
    assert size(FileSettings(size=400), None) < whole / 50
    assert size(FileSettings(), Rect(0, 0, 100, 100)) < 20_000
    assert size(FileSettings(form="png"), None) > whole


def test_copies_take_what_the_files_take(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a", "b", "gone")]
    for file in files[:2]:
        file.write_bytes(b"x" * 500)
    (need,) = disk_space.of_copies(files, tmp_path / "to")
    assert need == Need(tmp_path / "to", 1_000)
    (need,) = disk_space.of_copies(files, tmp_path / "to", move=True)
    assert need.bytes == 0  # on one disk a move is a renaming
    (need,) = disk_space.of_model_export(files[0], tmp_path / "m.tflite")
    assert need.bytes > 500
    assert disk_space.of_model_export(files[2], tmp_path) == []


def test_the_command_line_warns_and_goes_on(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_shortage([Need(tmp_path, 1)])
    assert capsys.readouterr().err == ""
    disk.free = 0
    tell_shortage([Need(tmp_path, 10**9)])
    assert "1.0 GB are needed" in capsys.readouterr().err
