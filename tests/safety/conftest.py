"""What tests of failing disks share."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def failing_disk(tmp_path: Path) -> Path:
    """A library to preload (`LD_PRELOAD`), which lets a chosen write fail; see its source."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    library = tmp_path / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    build = [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(build, check=True)
    return library
