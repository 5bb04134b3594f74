"""A program with next to nothing around it: no PATH, an empty home, a plain locale."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_VARIABLES = ("SYSTEMROOT", "TEMP", "TMPDIR")  # without these, nothing runs on Windows


@dataclass(frozen=True)
class Alone:
    """`program`, started in the folder `home`, which is also its home."""

    program: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """All the variables that the program sees."""
        kept = {name: os.environ[name] for name in SYSTEM_VARIABLES if name in os.environ}
        homes = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
        return {**kept, **dict.fromkeys(homes, str(self.home))}

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *map(str, arguments)],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            encoding="utf-8",
            timeout=900,
        )

    def told(self, *arguments: object) -> Any:
        """What a command prints with --json."""
        ran = self.run(*arguments, "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)
