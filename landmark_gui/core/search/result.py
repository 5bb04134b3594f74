"""What a search found, in figures and in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any, Literal

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.search.space import Settings
from landmark_gui.core.studies.intervals import interval
from landmark_gui.core.studies.result import Pool
from landmark_gui.core.studies.texts import figure

End = Literal["done", "pruned", "failed"]


@dataclass(frozen=True)
class Tried:
    """One trial.

    Attributes:
        settings: None for those of the base.
        accuracies: one a round, 0 to 1; fewer where it was pruned.
        end: "pruned" if it was given up after some rounds, being worse than most; "failed" if it
            cannot be trained.
        reason: why it failed, in words.
    """

    settings: Settings | None
    accuracies: tuple[float, ...]
    end: End
    reason: str = ""

    @property
    def mean(self) -> float | None:
        return fmean(self.accuracies) if self.accuracies else None


@dataclass(frozen=True)
class SearchResult:
    """What was tried; the first trial is the base.

    Attributes:
        pool: of what the rounds are drawn.
        planned: trials that were asked for.
        left_out: recipes that were not tried, with the reason.
    """

    tried: tuple[Tried, ...]
    pool: Pool
    planned: int
    left_out: Mapping[str, str] = field(default_factory=dict)

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
            "left_out": dict(self.left_out),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SearchResult:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError if it is damaged."""
        tried = tuple(
            Tried(
                row["settings"] and Settings(**row["settings"]),
                tuple(map(float, row["accuracies"])),
                row["end"],
                str(row.get("reason", "")),
            )
            for row in values["trials"]
        )
        if not tried or tried[0].end != "done":
            raise ValueError("trials")
        left_out = {str(name): str(why) for name, why in values.get("left_out", {}).items()}
        return cls(tried, Pool(**values["pool"]), int(values["planned"]), left_out)


def sentence(result: SearchResult) -> str:
    """What came out, or came out so far, and what to do."""
    parts = [_finding(result)]
    if len(result.tried) < result.planned:
        parts.append(tr("{done} of {n} trials are done.", done=len(result.tried), n=result.planned))
    parts += [left_out_text(name, why) for name, why in result.left_out.items()]
    return " ".join(parts)


def left_out_text(recipe: str, reason: str) -> str:
    """That a recipe takes no part."""
    return tr("“{recipe}” was left out: {reason}", recipe=recipe, reason=reason)


def _finding(result: SearchResult) -> str:
    base, best = result.accuracy(result.tried[0]), result.best
    if best.settings is None:
        return ntr(
            "None of {n} trial was better than your settings, which reach {base}.",
            "None of {n} trials was better than your settings, which reach {base}.",
            len(result.tried) - 1,
            base=figure(base),
        )
    found = tr(
        "Best of {n}: {settings}. It reaches {best}, against {base} with your settings.",
        n=len(result.tried),
        settings=best.settings.words(),
        best=figure(result.accuracy(best)),
        base=figure(base),
    )
    if result.is_clear:
        return f"{found} " + tr("The difference is clear of chance; take it.")
    return f"{found} " + tr(
        "That may be chance: more photos or more rounds would tell. It does no harm to take it."
    )


def table(tried: Sequence[Tried]) -> str:
    """The trials as CSV, the best first."""
    ranked = sorted(tried, key=lambda one: (one.end != "done", -(one.mean or 0)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    settings = ("recipe", "learning_rate", "image_size", "strength")
    writer.writerow([*settings, "accuracy", "rounds", "end", "reason"])
    writer.writerows(map(_line, ranked))
    return text.getvalue()


def _line(one: Tried) -> list[object]:
    settings = list(asdict(one.settings).values()) if one.settings else ["base", "", "", ""]
    mean = "" if one.mean is None else f"{one.mean:.4f}"
    return [*settings, mean, len(one.accuracies), one.end, one.reason]


def _row(one: Tried) -> dict[str, Any]:
    return {
        "settings": one.settings and asdict(one.settings),
        "accuracies": list(one.accuracies),
        "mean": one.mean,
        "end": one.end,
        "reason": one.reason,
    }
