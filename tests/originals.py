"""Whether files are still what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file under a folder, and where each link leads, by relative path."""
    return dict(_contents(folder))


def _contents(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield name, f"link to {path.readlink()}"
        elif path.is_file():
            with path.open("rb") as file:
                yield name, hashlib.file_digest(file, "blake2b").hexdigest()
