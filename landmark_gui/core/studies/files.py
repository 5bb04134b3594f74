"""A study as files in a folder of the person: a table, a picture, and all figures as JSON.

`compare.json` knows what was written: a file that it does not name, or that was changed since, is
another's and is not replaced.
"""

from __future__ import annotations

from pathlib import Path

from landmark_gui.core.account import Account
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr
from landmark_gui.core.studies.picture import chart_svg
from landmark_gui.core.studies.result import StudyResult
from landmark_gui.core.studies.table import table_csv
from landmark_gui.core.studies.texts import sentence

TABLE, PICTURE, FIGURES = "compare.csv", "compare.svg", "compare.json"
FORMAT = "landmark-gui-compare"


def check_free(folder: Path) -> None:
    """Raises FormatError if a file that would be replaced is not ours as we left it."""
    account = _account(folder)
    is_ours = {FIGURES: account.known() is not None}
    for name in (TABLE, PICTURE, FIGURES):
        path = folder / name
        if path.exists() and not is_ours.get(name, account.is_ours(path)):
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
    values = {**result.to_dict(), "sentence": sentence(result)}
    _account(folder).write(values, {TABLE: table_csv(result), PICTURE: chart_svg(result)})
    return folder / TABLE, folder / PICTURE, folder / FIGURES


def _account(folder: Path) -> Account:
    return Account(folder / FIGURES, FORMAT)
