"""Crops of a training in memory, or in a file of which nothing stays."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.errors import TrainingError
from landmark_gui.training import pixel_store
from landmark_gui.training.pixel_store import pixel_array

SIZE = 100 * 32 * 32 * 3


@pytest.fixture
def said() -> list[str]:
    return []


def has_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(pixel_store, "free_memory", lambda: free)


def test_a_quarter_of_the_free_memory_holds_them(monkeypatch, said, tmp_path: Path):
    has_free(monkeypatch, 4 * SIZE)
    array = pixel_array(100, 32, said.append, tmp_path)
    assert (array.shape, array.dtype) == ((100, 32, 32, 3), np.uint8)
    assert not isinstance(array, np.memmap) and not list(tmp_path.iterdir())
    assert said == ["The crops take 0.3 MB and are kept in memory."]


def test_more_goes_into_a_file(monkeypatch, said, tmp_path: Path):
    has_free(monkeypatch, 4 * SIZE - 1)
    folder = tmp_path / "new" / "cache"
    array = pixel_array(100, 32, said.append, folder)
    assert isinstance(array, np.memmap)
    expected = np.random.default_rng(0).integers(0, 256, array.shape, np.uint8)
    array[:] = expected
    np.testing.assert_array_equal(array, expected)
    assert str(folder) in said[0] and "0.3 MB" in said[0] and "1.2 MB" in said[0]
    del array
    assert not list(folder.iterdir())


def test_without_crops_there_is_an_array_too(said):
    assert pixel_array(0, 32, said.append).shape == (0, 32, 32, 3)


def test_without_posix_the_file_is_filled_with_zeros(monkeypatch, said, tmp_path: Path):
    monkeypatch.delattr(pixel_store.os, "posix_fallocate", raising=False)
    monkeypatch.setattr(pixel_store, "_BLOCK", 1000)
    has_free(monkeypatch, 0)
    array = pixel_array(3, 32, said.append, tmp_path)
    assert array.shape == (3, 32, 32, 3) and not array.any()


def test_a_full_disk_is_told_before_the_work(monkeypatch, said, tmp_path: Path):
    def full(descriptor: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    has_free(monkeypatch, 0)
    monkeypatch.setattr(pixel_store, "_reserve", full)
    with pytest.raises(TrainingError, match="smaller image size") as caught:
        pixel_array(100, 32, said.append, tmp_path)
    assert str(tmp_path) in str(caught.value) and "No space left" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_named(monkeypatch, said, tmp_path: Path):
    has_free(monkeypatch, 0)
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainingError, match="file"):
        pixel_array(1, 32, said.append, tmp_path / "file")


def test_nothing_stays_after_a_crash(tmp_path: Path):
    script = """
import sys
from pathlib import Path
from landmark_gui.training import pixel_store
pixel_store.free_memory = lambda: 0
array = pixel_store.pixel_array(200, 64, lambda text: None, Path(sys.argv[1]))
array[:] = 7
print("there", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"there"
        process.kill()
    assert not list(tmp_path.iterdir())
