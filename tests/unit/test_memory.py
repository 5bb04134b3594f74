"""Memory of large pictures, measured in a process of its own; and how much is free."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landmark_gui.core import memory

FREED = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from PIL import Image
from landmark_gui.core.memory import return_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def work(_):
    for side in (2000, 3000, 1000, 2500):
        Image.new("RGB", (side, side)).resize((side // 2, side // 2)).tobytes()

return_large_blocks()
before = resident()
with ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(16)))
    print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measures memory as Linux does")
def test_memory_of_large_pictures_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", FREED], stdout=subprocess.PIPE, check=True)
    assert float(done.stdout) < 20  # MB; 40 without it


def test_some_memory_is_free_and_no_more_than_there_is():
    free = memory.free_memory()
    assert free > 50_000_000
    if hasattr(os, "sysconf"):
        assert free < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked in another way")
def test_the_system_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:  16000000 kB\nMemFree:  1 kB\nMemAvailable:   2000 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", file)
    assert memory.free_memory() == 2_048_000
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "none")
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    assert memory.free_memory() == half
