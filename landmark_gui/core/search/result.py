"""What a search found, in figures and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Literal

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.search.space import Settings
from landmark_gui.core.studies.intervals import interval
from landmark_gui.core.studies.result import Pool

End = Literal["done", "pruned", "failed"]


@dataclass(frozen=True)
class Tried:
    """One trial.

    Attributes:
        settings: None for those of the base.
        accuracies: one a round, 0 to 1; fewer where it was pruned.
        end: "pruned" if it was given up after some rounds, being worse than most; "failed" if it
            cannot be trained.
    """

    settings: Settings | None
    accuracies: tuple[float, ...]
    end: End

    @property
    def mean(self) -> float | None:
        return fmean(self.accuracies) if self.accuracies else None


@dataclass(frozen=True)
class SearchResult:
    """What was tried; the first trial is the base.

    Attributes:
        pool: of what the rounds are drawn.
        planned: trials that were asked for.
    """

    tried: tuple[Tried, ...]
    pool: Pool
    planned: int

    @property
    def best(self) -> Tried:
        """The highest mean of those with all rounds; the first of several."""
        return max((one for one in self.tried if one.end == "done"), key=lambda one: one.mean or 0)

    def accuracy(self, one: Tried) -> Accuracy:
        """The mean of a trial, with its interval."""
        return interval(one.accuracies, self.pool.folds, self.pool.examples / self.pool.folds)

    @property
    def gain(self) -> Accuracy | None:
        """Of the best over the base, paired; the interval allows for having picked it."""
        base, best = self.tried[0], self.best
        if best is base:
            return None
        pairs = zip(best.accuracies, base.accuracies, strict=True)
        # Those given up count too: each could have been picked.
        others = sum(one.end != "failed" for one in self.tried) - 1
        gains = [after - before for after, before in pairs]
        return interval(gains, self.pool.folds, self.pool.examples / self.pool.folds, others)

    @property
    def is_clear(self) -> bool:
        """Whether the gain can be told from chance."""
        return self.gain is not None and self.gain.value > self.gain.spread

    def to_dict(self) -> dict[str, Any]:
        best, gain = self.best, self.gain
        return {
            "planned": self.planned,
            "done": len(self.tried),
            "pruned": sum(one.end == "pruned" for one in self.tried),
            "base": asdict(self.accuracy(self.tried[0])),
            "best": asdict(self.accuracy(best)),
            "settings": best.settings and asdict(best.settings),
            "gain": gain and asdict(gain),
            "clear": self.is_clear,
            "sentence": sentence(self),
            "trials": [_row(one) for one in self.tried],
            "pool": asdict(self.pool),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SearchResult:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError if it is damaged."""
        tried = tuple(
            Tried(
                row["settings"] and Settings(**row["settings"]),
                tuple(map(float, row["accuracies"])),
                row["end"],
            )
            for row in values["trials"]
        )
        if not tried or tried[0].end != "done":
            raise ValueError("trials")
        return cls(tried, Pool(**values["pool"]), int(values["planned"]))


def sentence(result: SearchResult) -> str:
    """What came out, or came out so far, and what to do."""
    if len(result.tried) < result.planned:
        done = tr("{done} of {n} trials are done.", done=len(result.tried), n=result.planned)
        return f"{_finding(result)} {done}"
    return _finding(result)


def _finding(result: SearchResult) -> str:
    base, best = result.accuracy(result.tried[0]), result.best
    if best.settings is None:
        return ntr(
            "None of {n} trial was better than your settings, which reach {base}.",
            "None of {n} trials was better than your settings, which reach {base}.",
            len(result.tried) - 1,
            base=_figure(base),
        )
    found = tr(
        "Best of {n}: {settings}. It reaches {best}, against {base} with your settings.",
        n=len(result.tried),
        settings=best.settings.words(),
        best=_figure(result.accuracy(best)),
        base=_figure(base),
    )
    if result.is_clear:
        return f"{found} " + tr("The difference is clear of chance; take it.")
    return f"{found} " + tr(
        "That may be chance: more photos or more rounds would tell. It does no harm to take it."
    )


def table(tried: Sequence[Tried]) -> str:
    """The trials as CSV, the best first."""
    ranked = sorted(tried, key=lambda one: (one.end != "done", -(one.mean or 0)))
    head = "recipe,learning_rate,image_size,strength,accuracy,rounds,end"
    return "\n".join([head, *map(_line, ranked)]) + "\n"


def _line(one: Tried) -> str:
    settings = list(asdict(one.settings).values()) if one.settings else ["base", "", "", ""]
    mean = "" if one.mean is None else f"{one.mean:.4f}"
    return ",".join(map(str, [*settings, mean, len(one.accuracies), one.end]))


def _row(one: Tried) -> dict[str, Any]:
    return {
        "settings": one.settings and asdict(one.settings),
        "accuracies": list(one.accuracies),
        "mean": one.mean,
        "end": one.end,
    }


def _figure(accuracy: Accuracy) -> str:
    return f"{accuracy.value:.2f} (±{accuracy.spread:.2f})"
