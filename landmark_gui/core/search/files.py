"""A search as files in a folder of the person.

`search.json` knows what was written. A file that the person has changed since is kept, and the new
one stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from landmark_gui.core.account import Account
from landmark_gui.core.augmentation.strength import weakened
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search.result import SearchResult, table
from landmark_gui.core.search.space import augmentation_of

FIGURES, TABLE, AUGMENTATION, COMMAND = "search.json", "search.csv", "best.toml", "best.txt"
FORMAT = "landmark-gui-search"


def check_free(folder: Path) -> None:
    """Raises FormatError if the folder holds files of these names, but no whole `search.json`."""
    if folder.exists() and not folder.is_dir():
        raise FormatError(tr("{path} is a file. Choose a folder.", path=folder))
    if _account(folder).known() is not None:
        return
    for name in (FIGURES, TABLE, AUGMENTATION, COMMAND):
        if (folder / name).exists():
            raise FormatError(
                tr(
                    "{path} is of no search, or damaged, and is not replaced. Choose another "
                    "folder, or move the file.",
                    path=folder / name,
                )
            )


def augmentation_file(folder: Path, base: TrainConfig, result: SearchResult) -> Path | None:
    """Where `write_files` puts the augmentation of the best settings; None if it is the base's or
    none."""
    text = _augmentation(base, result)
    return _free(folder / AUGMENTATION, text, _account(folder)) if text else None


def write_files(
    folder: Path, base: TrainConfig, result: SearchResult, command: str
) -> tuple[Path, ...]:
    """Write figures, table, the best augmentation, and the command that trains with it.

    What an earlier search has written is replaced, but for files that were changed since.

    Returns:
        The files; one beside another that is kept has a number behind its name.

    Raises:
        FormatError: if `check_free` does.
        OSError: if they cannot be written.
    """
    check_free(folder)
    account = _account(folder)
    wanted = {TABLE: table(result.tried), COMMAND: command + "\n"}
    augmentation = _augmentation(base, result)
    wanted |= {AUGMENTATION: augmentation} if augmentation else {}
    texts = {_free(folder / name, text, account).name: text for name, text in wanted.items()}
    for path in _outdated(folder, account, texts):
        path.unlink()
    account.write({**result.to_dict(), "command": command}, texts)
    return tuple(folder / name for name in (FIGURES, *texts))


def kept_sentences(files: Sequence[Path]) -> Iterator[str]:
    """Which files were kept as the person has changed them, by what was written beside them."""
    for path in files:
        for name in (TABLE, AUGMENTATION, COMMAND):
            plain = path.with_name(name)
            if path != plain and path.suffix == plain.suffix and path.stem.startswith(plain.stem):
                yield tr(
                    "{kept} was changed since, so it is kept, and {path} is written beside it.",
                    kept=plain,
                    path=path,
                )


def _augmentation(base: TrainConfig, result: SearchResult) -> str:
    settings = result.best.settings
    best = weakened(augmentation_of(base), settings.strength) if settings else None
    return best.to_toml() if best else ""


def _free(path: Path, text: str, account: Account) -> Path:
    """The path, or the first one beside it that may be written."""
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    while path.exists() and not account.is_ours(path) and not _holds(path, text):
        path = next(others)
    return path


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _outdated(folder: Path, account: Account, now: Mapping[str, str]) -> list[Path]:
    """What an earlier search wrote, nobody has changed, and this one does not write."""
    known = [folder / Path(name).name for name in account.known() or {} if name not in now]
    return [path for path in known if account.is_ours(path)]


def _account(folder: Path) -> Account:
    return Account(folder / FIGURES, FORMAT)
