"""Which files in a folder of a person are ours, and how we left them.

One of them, JSON, has an account of the others, and a checksum of itself. A file that it does not
name, or that was changed since, is another's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.images import content_hash
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.studies.journal import digest, digest_of


@dataclass(frozen=True)
class Account:
    """The account that the file `path` gives of its folder; `format` says whose it is."""

    path: Path
    format: str

    def known(self) -> dict[str, list[str]] | None:
        """Hashes of the files beside it, by name; None if there is no account, or it is damaged."""
        try:
            told: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            if told.pop("check") != digest_of(told) or told["format"] != self.format:
                return None
            return dict(told["files"])
        except (OSError, *DAMAGE):
            return None

    def is_ours(self, path: Path) -> bool:
        """Whether a file is as we left it."""
        known = self.known() or {}
        return path.is_file() and content_hash(path) in known.get(path.name, ())

    def write(self, values: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        """Write texts by their names, and the account with `values`. Raises OSError.

        Until all is done both the old and the new ones count as ours: a power cut may come between
        two files.
        """
        before = self.known() or {}
        now = {name: [digest(text)] for name, text in texts.items()}
        self._note(values, {name: before.get(name, []) + hashes for name, hashes in now.items()})
        for name, text in texts.items():
            write_atomic(self.path.with_name(name), text)
        self._note(values, now)

    def _note(self, values: Mapping[str, Any], files: Mapping[str, list[str]]) -> None:
        told = {"format": self.format, "version": 1, **values, "files": files}
        signed = {**told, "check": digest_of(told)}
        write_atomic(self.path, json.dumps(signed, ensure_ascii=False, indent=1))
