"""Memory of large pictures, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
