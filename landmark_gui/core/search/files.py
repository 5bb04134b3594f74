"""A search as files in a folder of the person."""

from __future__ import annotations

import json
from pathlib import Path

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.augmentation.strength import weakened
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search.result import SearchResult, table
from landmark_gui.core.search.space import augmentation_of

FIGURES, TABLE, AUGMENTATION, COMMAND = "search.json", "search.csv", "best.toml", "best.txt"
FORMAT = "landmark-gui-search"


def check_free(folder: Path) -> None:
    """Raises FormatError if the folder holds a file of these names that no search wrote."""
    if folder.exists() and not folder.is_dir():
        raise FormatError(tr("{path} is a file. Choose a folder.", path=folder))
    if _is_ours(folder / FIGURES):
        return
    for name in (FIGURES, TABLE, AUGMENTATION, COMMAND):
        if (folder / name).exists():
            raise FormatError(
                tr(
                    "{path} is of no search, and is not replaced. Choose another folder, or move "
                    "the file.",
                    path=folder / name,
                )
            )


def augmentation_file(folder: Path, result: SearchResult) -> Path | None:
    """Where the augmentation of the best settings stands; None if they have none, or the base's."""
    settings = result.best.settings
    return folder / AUGMENTATION if settings and settings.strength else None


def write_files(
    folder: Path, base: TrainConfig, result: SearchResult, command: str
) -> tuple[Path, ...]:
    """Write figures, table, the best augmentation, and the command that trains with it.

    Raises:
        FormatError: if a file of another would be replaced.
        OSError: if they cannot be written.
    """
    check_free(folder)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"format": FORMAT, **result.to_dict(), "command": command}
    write_atomic(folder / FIGURES, json.dumps(figures, ensure_ascii=False, indent=1))
    write_atomic(folder / TABLE, table(result.tried))
    write_atomic(folder / COMMAND, command + "\n")
    written = [folder / FIGURES, folder / TABLE, folder / COMMAND]
    path, settings = augmentation_file(folder, result), result.best.settings
    (folder / AUGMENTATION).unlink(missing_ok=True)  # of an earlier search, as `search.json` says
    if path and settings and (best := weakened(augmentation_of(base), settings.strength)):
        best.save(path)
        written.append(path)
    return tuple(written)


def _is_ours(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text("utf-8"))["format"] == FORMAT)
    except (OSError, *DAMAGE):
        return False
