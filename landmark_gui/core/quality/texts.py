"""The words for faults and remedies, the same on the page and on the command line."""

from __future__ import annotations

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.quality.report import Fault, Remedy


def title(fault: Fault) -> str:
    """What a fault is called, as "Blurred"."""
    return {
        Fault.UNREADABLE: tr("Damaged or unreadable"),
        Fault.EXACT_ACROSS: tr("Exact copies under several landmarks"),
        Fault.EXACT_WITHIN: tr("Exact copies"),
        Fault.NEAR_ACROSS: tr("Look the same under several landmarks"),
        Fault.NEAR_WITHIN: tr("Look the same"),
        Fault.LABEL_ERROR: tr("Perhaps another landmark"),
        Fault.OVERLAP: tr("Boxes on each other"),
        Fault.OUTSIDE: tr("Boxes outside their photo"),
        Fault.BLURRED: tr("Blurred"),
        Fault.DARK: tr("Too dark"),
        Fault.OVEREXPOSED: tr("Overexposed"),
        Fault.GREYSCALE: tr("Without colour"),
        Fault.TINY: tr("Tiny"),
        Fault.ODD_ASPECT: tr("Odd shape"),
        Fault.FEW_PHOTOS: tr("Few photos"),
        Fault.IMBALANCE: tr("Far fewer than others"),
        Fault.ONE_BURST: tr("All from one moment"),
        Fault.SPLIT_LEAK: tr("Alike in several splits"),
    }[fault]


def explanation(fault: Fault) -> str:
    """Why a fault matters and what to do, in one sentence or two."""
    return {
        Fault.UNREADABLE: tr(
            "All or part of these pictures is lost; copy the files again from their source, or "
            "leave them out."
        ),
        Fault.EXACT_ACROSS: tr(
            "The same file is said to show different landmarks, so that one of them is wrong; "
            "decide which it is."
        ),
        Fault.EXACT_WITHIN: tr(
            "Copies teach nothing new and count twice; keep one of each. Until then they share "
            "a split."
        ),
        Fault.NEAR_ACROSS: tr(
            "Photos that look the same are said to show different landmarks; decide which it is, "
            "or leave them as they are if both are right."
        ),
        Fault.NEAR_WITHIN: tr(
            "Photos that look the same teach little new; keep the best of each. Until then they "
            "share a split."
        ),
        Fault.LABEL_ERROR: tr(
            "A model that never saw these examples is sure that they show another landmark; look "
            "who is right."
        ),
        Fault.OVERLAP: tr(
            "Boxes that lie almost wholly on each other give the same crop twice; make one of "
            "them, and where they differ decide which landmark it is."
        ),
        Fault.OUTSIDE: tr(
            "There are no pixels outside a photo; cut the box at its edge, or leave it out if "
            "nothing of it is inside."
        ),
        Fault.BLURRED: tr(
            "Nothing in these pictures is sharp, so that the details that tell landmarks apart "
            "are gone; leave them out unless such photos will come later as well."
        ),
        Fault.DARK: tr(
            "Even the brightest part of these pictures is nearly black; leave them out unless "
            "you can make the landmark out."
        ),
        Fault.OVEREXPOSED: tr(
            "Most of these pictures is burnt out to white, so that no detail is left there; leave "
            "them out unless you can make the landmark out."
        ),
        Fault.GREYSCALE: tr(
            "Most other examples are in colour, so that a model may learn the missing colour in "
            "place of the landmark; add colour photos, or leave these out."
        ),
        Fault.TINY: tr(
            "So few pixels must be enlarged several times for a model; use a larger photo, or "
            "leave them out."
        ),
        Fault.ODD_ASPECT: tr(
            "The shape is unlike that of the other examples of the landmark, as after a slip of "
            "the hand, and a model gets it stretched to a square; check the box."
        ),
        Fault.FEW_PHOTOS: tr(
            "With so few different photos the test says little and the model learns the photos by "
            "heart; add more, from other days and places."
        ),
        Fault.IMBALANCE: tr(
            "A model prefers the landmark that it sees most; add photos of those that have few."
        ),
        Fault.ONE_BURST: tr(
            "All photos of the landmark show the same moment and must stay in one split, so that "
            "none is left for an honest test; add photos from other days and places."
        ),
        Fault.SPLIT_LEAK: tr(
            "Photos that look the same stand on both sides of the test, which then says too much; "
            "take their pins off, or pin them to one split."
        ),
    }[fault]


def unit(fault: Fault, count: int) -> str:
    """How many cases there are of what, as "3 groups of photos"."""
    if fault in _GROUPS:
        return ntr("{n} group of photos", "{n} groups of photos", count)
    if fault is Fault.UNREADABLE:
        return ntr("{n} photo", "{n} photos", count)
    if fault is Fault.OVERLAP:
        return ntr("{n} place with several boxes", "{n} places with several boxes", count)
    if fault is Fault.OUTSIDE:
        return ntr("{n} box", "{n} boxes", count)
    if fault in _LANDMARKS:
        return ntr("{n} landmark", "{n} landmarks", count)
    return ntr("{n} example", "{n} examples", count)


_GROUPS = (
    Fault.EXACT_ACROSS,
    Fault.EXACT_WITHIN,
    Fault.NEAR_ACROSS,
    Fault.NEAR_WITHIN,
    Fault.SPLIT_LEAK,
)
_LANDMARKS = (Fault.FEW_PHOTOS, Fault.IMBALANCE, Fault.ONE_BURST)


def remedy_text(remedy: Remedy) -> str:
    """What stands on the button of a remedy."""
    return {
        "exclude": tr("Leave out"),
        "merge_boxes": tr("Merge boxes"),
        "fit_box": tr("Cut at the edge"),
        "relabel": tr("Move to landmark"),
        "trash": tr("Move file to the trash"),
    }[remedy]
