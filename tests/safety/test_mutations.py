"""Mutated project files work, are restored or refused; see `tests.safety.mutate` for more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COUNT = int(os.environ.get("LANDMARK_GUI_MUTATIONS", "200"))


def test_mutated_projects_never_crash_nor_write_outside() -> None:
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.safety.mutate", str(COUNT)]
    root = Path(__file__).parents[2]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=60 + COUNT)
    assert ran.returncode == 0, ran.stderr
    ends = json.loads(ran.stdout)
    assert [end for end in ends if end.startswith("!")] == []
    assert sum(ends.values()) == COUNT
    assert ends["restored"] > COUNT / 4 and ends["opened"] > COUNT / 20  # both ways were tried
