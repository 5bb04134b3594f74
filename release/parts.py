"""How large the built program is, part by part."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

TOGETHER = {
    "shiboken6": "PySide6",
    "google": "tensorflow",
    "ml_dtypes": "tensorflow",
    "h5py": "keras",
}
"""Folders that are part of another package."""
SMALL = 0.005
"""Parts below this share are told in one line."""


def sizes(folder: Path) -> Counter[str]:
    """Bytes of each part of a built program, links not followed."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found[_part(path.relative_to(folder).parts)] += path.stat().st_size
    return found


def table(found: Counter[str]) -> str:
    """The parts for people, the largest first."""
    total = found.total()
    told = {part: size for part, size in found.most_common() if size >= SMALL * total}
    rows = [*told.items(), ("all others", total - sum(told.values())), ("together", total)]
    return "\n".join(f"{size / 1e6:8.1f} MB  {size / total:4.0%}  {part}" for part, size in rows)


def _part(names: tuple[str, ...]) -> str:
    """Which part a file belongs to, by the names of its folders."""
    inside = names[1:] if names[0] == "_internal" else names
    if len(inside) == len(names):
        return "launchers, with the program's own code"
    if len(inside) == 1:
        return "Python and system libraries"
    package = inside[0].split("-")[0].removesuffix(".libs")
    return TOGETHER.get(package, package)
