"""What is otherwise when another model answers about the same examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from landmark_gui.core.evaluation.answers import CropAnswer
from landmark_gui.core.intervals import Paired, paired
from landmark_gui.core.run_list import Answer

_Place = tuple[int, str | None]


@dataclass(frozen=True)
class Changes:
    """Two models on the examples that both answered. The answers are those of the later one.

    Attributes:
        still_right, newly_right, newly_wrong, still_wrong: judged by what the examples are known
            to be now, so a label that was put right changes both models alike.
        relabelled: examples that were something else when the earlier answer was judged.
        paired: who alone was right how often, the earlier model first; None without an example.
    """

    still_right: tuple[CropAnswer, ...]
    newly_right: tuple[CropAnswer, ...]
    newly_wrong: tuple[CropAnswer, ...]
    still_wrong: tuple[CropAnswer, ...]
    relabelled: int
    paired: Paired | None

    @property
    def examples(self) -> int:
        """That both answered."""
        return self.paired.examples if self.paired is not None else 0


def changes_between(before: Sequence[Answer], after: Sequence[CropAnswer]) -> Changes:
    """Compare two models on the examples that both were asked about."""
    pairs = _pairs(before, after)
    groups: dict[tuple[bool, bool], list[CropAnswer]] = defaultdict(list)
    first, second = {}, {}
    for number, (earlier, later) in enumerate(pairs):
        first[number] = earlier.predicted == later.true
        second[number] = later.is_right
        groups[first[number], second[number]].append(later)
    return Changes(
        tuple(groups[True, True]),
        tuple(groups[False, True]),
        tuple(groups[True, False]),
        tuple(groups[False, False]),
        sum(earlier.true != later.true for earlier, later in pairs),
        paired(first, second),
    )


def _pairs(
    before: Sequence[Answer], after: Sequence[CropAnswer]
) -> list[tuple[Answer, CropAnswer]]:
    """Each answer of the later model with that of the earlier one about the same box or photo.

    A photo may be an example as a whole for several landmarks; which is which is known by name.
    """
    earlier: dict[_Place, list[Answer]] = defaultdict(list)
    later: dict[_Place, list[CropAnswer]] = defaultdict(list)
    for answer in before:
        earlier[answer.photo_id, answer.box_id].append(answer)
    for answer in after:
        later[answer.photo_id, answer.box_id].append(answer)
    found = []
    for place, answers in later.items():
        known = earlier.get(place, [])
        if len(known) == len(answers) == 1:
            found.append((known[0], answers[0]))
            continue
        by_name = {answer.true: answer for answer in known}
        found += [(by_name[answer.true], answer) for answer in answers if answer.true in by_name]
    return found
