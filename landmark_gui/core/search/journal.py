"""The trainings of a search, kept one file each in `NAME.data/searches/KEY`, and what came out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landmark_gui import __version__
from landmark_gui.core.errors import LandmarkError
from landmark_gui.core.paths import data_folder
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search.config import SearchConfig
from landmark_gui.core.search.result import SearchResult
from landmark_gui.core.studies.config import StudyConfig
from landmark_gui.core.studies.journal import (
    TRIALS,
    Journal,
    digest_of,
    identity,
    is_same,
    read_signed,
)

SEARCHES, SEARCH, RESULT = "searches", "search.json", "result.json"


class SearchJournal(Journal):
    """The folder of one search: trainings by settings and round."""

    def files(self) -> int:
        """How many trainings there are, damaged ones included."""
        return len(list(self.folder.glob(f"{TRIALS}/*.json")))

    def note(self, config: SearchConfig) -> None:
        """Write down what the search is. Raises TrainingError if nothing can be written."""
        self._write(SEARCH, config.to_dict())

    def keep_result(self, result: SearchResult) -> None:
        """Write down what came out so far, and when. Raises as `note` does."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._write(RESULT, {"result": result.to_dict(), "time": now})

    def kept(self) -> KeptSearch | None:
        """What was noted; None if it cannot be read."""
        told = read_signed(self.folder / SEARCH)
        found = read_signed(self.folder / RESULT)
        try:
            ended = datetime.fromisoformat(found["time"]).astimezone()  # type: ignore[index]
            result = SearchResult.from_dict(found["result"])  # type: ignore[index]
            return KeptSearch(SearchConfig.from_dict(told or {}), result, ended)
        except (LandmarkError, *DAMAGE):
            return None


@dataclass(frozen=True)
class KeptSearch:
    """A result beside a project, perhaps of a search that is not complete, and when it came."""

    config: SearchConfig
    result: SearchResult
    ended: datetime

    @property
    def done(self) -> int:
        """Trials."""
        return len(self.result.tried)

    @property
    def is_complete(self) -> bool:
        return self.done >= self.result.planned

    def is_of(self, base: TrainConfig) -> bool:
        """Whether these settings were to be bettered. Boxes may have changed since."""
        return is_same(_study(self.config.base), _study(base))


def search_folder(config: SearchConfig, more: Sequence[Any]) -> Path:
    """Where a search is kept. How long is searched does not count: more trials go on from those
    that are there.

    Args:
        more: what else it depends on: the data, and what proposes settings.
    """
    key = digest_of([__version__, identity(_study(config.base)), asdict(config.space), *more])
    return data_folder(Path(config.base.project)) / SEARCHES / key


def kept_search(data_folder: Path, base: TrainConfig) -> KeptSearch | None:
    """The newest search for what is better than these settings, or else the newest of all.

    Args:
        data_folder: `NAME.data` of the project.
    """
    found = _all(data_folder)
    return max(found, key=lambda kept: (kept.is_of(base), kept.ended), default=None)


def _all(data_folder: Path) -> Iterator[KeptSearch]:
    for folder in sorted(data_folder.glob(f"{SEARCHES}/*/")):
        kept = SearchJournal(folder).kept()
        if kept is not None:
            yield kept


def _study(base: TrainConfig) -> StudyConfig:
    """As a search sees its photos: of this kind of study the test split takes no part."""
    return StudyConfig("augmentation", base)
