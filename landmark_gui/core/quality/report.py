"""What was found in a dataset: faults with their cases, and advice in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Remedy = Literal["exclude", "merge_boxes", "fit_box", "relabel", "trash"]
"""What a person can do about a case with one click.

"exclude" leaves photos or boxes out of the dataset, "merge_boxes" makes one of boxes that overlap,
"fit_box" cuts a box at the edge of its photo, "relabel" moves to another landmark, and "trash"
gives files to the system's trash. All but the last are edits, and so can be undone.
"""


class Fault(StrEnum):
    """The kinds of faults, in the order in which they are shown."""

    UNREADABLE = "unreadable"
    EXACT_ACROSS = "exact_duplicates_across_classes"
    EXACT_WITHIN = "exact_duplicates"
    NEAR_ACROSS = "near_duplicates_across_classes"
    NEAR_WITHIN = "near_duplicates"
    LABEL_ERROR = "label_error"
    OVERLAP = "overlapping_boxes"
    OUTSIDE = "box_outside_photo"
    BLURRED = "blurred"
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    GREYSCALE = "greyscale"
    TINY = "tiny"
    ODD_ASPECT = "odd_aspect"
    FEW_PHOTOS = "few_photos"
    IMBALANCE = "imbalance"
    ONE_BURST = "one_burst"
    SPLIT_LEAK = "split_leak"


@dataclass(frozen=True)
class Subject:
    """A photo as a whole, or one box on it."""

    photo_id: int
    box_id: str | None = None


@dataclass(frozen=True)
class Case:
    """One instance of a fault.

    Attributes:
        subjects: what it is about. Of duplicates all that look alike, and of boxes all that lie on
            each other, the one to keep first; "exclude" and "trash" act on the others.
        detail: the figure behind it in words, as "12 of 256 bits differ"; "" for none.
        severity: the worst cases are shown first.
        landmark_id: of a case that is about a class; of a likely label error the landmark that
            it seems to be.
    """

    subjects: tuple[Subject, ...] = ()
    detail: str = ""
    severity: float = 0.0
    landmark_id: int | None = None


@dataclass(frozen=True)
class Finding:
    """A fault with its cases, the worst first.

    Attributes:
        remedies: what can be done, the usual one first; empty where only advice helps.
    """

    fault: Fault
    cases: tuple[Case, ...]
    remedies: tuple[Remedy, ...] = ()

    @property
    def count(self) -> int:
        return len(self.cases)


@dataclass(frozen=True)
class Report:
    """All that was found.

    Attributes:
        photos, examples: how many were looked at.
        findings: only faults that have a case, in the order of `Fault`.
        advice: sentences in plain words, the most useful first.
    """

    photos: int
    examples: int
    findings: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    _flags: dict[Subject, tuple[Fault, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for finding in self.findings:
            for case in finding.cases:
                for subject in case.subjects:
                    known = self._flags.get(subject, ())
                    self._flags[subject] = tuple(dict.fromkeys((*known, finding.fault)))

    def flags(self, subject: Subject) -> tuple[Fault, ...]:
        """The faults of a photo or a box; a box has those of its photo as well."""
        own = self._flags.get(subject, ())
        of_photo = self._flags.get(Subject(subject.photo_id), ()) if subject.box_id else ()
        return tuple(dict.fromkeys((*own, *of_photo)))
