"""A study as files in a folder of the person: a table, a picture, and all figures as JSON.

`compare.json` knows what was written: a file that it does not name, or that was changed since, is
another's and is not replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr
from landmark_gui.core.images import content_hash
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.studies.journal import digest, digest_of
from landmark_gui.core.studies.picture import chart_svg
from landmark_gui.core.studies.result import StudyResult
from landmark_gui.core.studies.table import table_csv
from landmark_gui.core.studies.texts import sentence

TABLE, PICTURE, FIGURES = "compare.csv", "compare.svg", "compare.json"
FORMAT = "landmark-gui-compare"


def check_free(folder: Path) -> None:
    """Raises FormatError if a file that would be replaced is not ours as we left it."""
    known = _written(folder)
    for name in (TABLE, PICTURE, FIGURES):
        path = folder / name
        if path.exists() and not _is_known(path, known):
            raise FormatError(
                tr(
                    "{path} is not as an earlier comparison left it, and is not replaced. Choose "
                    "another folder, or move the file.",
                    path=path,
                )
            )
    if folder.exists() and not folder.is_dir():
        raise FormatError(tr("{path} is a file. Choose a folder.", path=folder))


def write_files(folder: Path, result: StudyResult) -> tuple[Path, ...]:
    """Write table, picture and figures.

    Returns:
        The three paths.

    Raises:
        FormatError: if a file of another would be replaced.
        OSError: if they cannot be written.
    """
    check_free(folder)
    before = _written(folder)
    contents = {TABLE: table_csv(result), PICTURE: chart_svg(result)}
    now = {name: [digest(text)] for name, text in contents.items()}
    # Both old and new are ours until all is done: a power cut may come between two files.
    either = {name: before.get(name, []) + hashes for name, hashes in now.items()}
    _note(folder, result, either)
    for name, text in contents.items():
        write_atomic(folder / name, text)
    _note(folder, result, now)
    return folder / TABLE, folder / PICTURE, folder / FIGURES


def _note(folder: Path, result: StudyResult, files: Mapping[str, list[str]]) -> None:
    values = {
        "format": FORMAT,
        "version": 1,
        **result.to_dict(),
        "sentence": sentence(result),
        "files": files,
    }
    signed = {**values, "check": digest_of(values)}
    write_atomic(folder / FIGURES, json.dumps(signed, ensure_ascii=False, indent=1))


def _written(folder: Path) -> dict[str, list[str]]:
    """What stands in the folder by our own account: hashes by name; empty if there is none."""
    try:
        told: dict[str, Any] = json.loads((folder / FIGURES).read_text("utf-8"))
        if told.pop("check") != digest_of(told) or told["format"] != FORMAT:
            return {}
        return {FIGURES: [], **told["files"]}
    except (OSError, *DAMAGE):
        return {}


def _is_known(path: Path, known: Mapping[str, list[str]]) -> bool:
    if path.name == FIGURES:
        return bool(known)
    return path.is_file() and content_hash(path) in known.get(path.name, ())
