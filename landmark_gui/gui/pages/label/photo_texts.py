"""What the photo list says in words: states, filters, orders."""

from __future__ import annotations

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Photo, Project
from landmark_gui.core.proposals import Proposal
from landmark_gui.core.shares import percent
from landmark_gui.gui.pages.label.photo_query import (
    NO_LANDMARK,
    BoxCount,
    Kind,
    PhotoQuery,
    SortBy,
)


def kind_text(kind: Kind) -> str:
    return {
        Kind.ALL: tr("All photos"),
        Kind.TODO: tr("To do"),
        Kind.DONE: tr("Done"),
        Kind.SKIPPED: tr("Skipped"),
        Kind.LABELLED: tr("Labelled"),
        Kind.UNLABELLED: tr("Unlabelled"),
        Kind.PROPOSED: tr("With a proposal"),
        Kind.WHOLE: tr("Whole photo"),
        Kind.UNREADABLE: tr("Cannot be read"),
        Kind.MISSING: tr("Missing"),
    }[kind]


def count_text(count: BoxCount) -> str:
    return {
        BoxCount.ANY: tr("Any number of boxes"),
        BoxCount.NONE: tr("No box"),
        BoxCount.ONE: tr("One box"),
        BoxCount.SEVERAL: tr("Two boxes or more"),
    }[count]


def sort_text(sort: SortBy) -> str:
    return {
        SortBy.FOLDER: tr("Folder and name"),
        SortBy.NAME: tr("Name"),
        SortBy.TAKEN: tr("Date taken"),
        SortBy.MODIFIED: tr("Date modified"),
        SortBy.BOXES: tr("Number of boxes"),
        SortBy.REVIEW: tr("To do, skipped, done"),
        SortBy.SIZE: tr("Size of the picture"),
    }[sort]


def direction_text(descending: bool) -> str:
    return tr("Descending") if descending else tr("Ascending")


def landmark_text(landmark_id: int, project: Project) -> str:
    if landmark_id == NO_LANDMARK:
        return tr("No landmark")
    return project.landmarks[landmark_id].name


def filter_text(query: PhotoQuery, project: Project) -> str:
    """The filters in use, without the search: "To do · Tower, Dome · One box"."""
    known = (id_ for id_ in query.landmarks if id_ == NO_LANDMARK or id_ in project.landmarks)
    names = ", ".join(sorted(landmark_text(id_, project) for id_ in known))
    parts = [
        kind_text(query.kind) if query.kind is not Kind.ALL else "",
        names,
        count_text(query.boxes) if query.boxes is not BoxCount.ANY else "",
    ]
    return " · ".join(filter(None, parts))


def review_text(review: str) -> str:
    """How far the person is with a photo; "" where it is still to do."""
    skipped = tr("skipped: left out of the dataset")
    return {"done": tr("done"), "skipped": skipped}.get(review, "")


def pin_text(photo: Photo) -> str:
    """Where the person has pinned a photo, or ""."""
    return {
        "train": tr("pinned to train"),
        "validation": tr("pinned to validation"),
        "test": tr("pinned to test"),
    }.get(photo.split, "")


def label_text(photo: Photo, boxes: int, project: Project) -> str:
    """What is labelled on a photo, or why it is not to be had."""
    if photo.state == "unreadable":
        return tr("Cannot be read: {reason}", reason=photo.reason)
    if photo.state == "missing":
        return tr("Missing: {reason}", reason=missing_text(photo))
    mark = project.landmarks.get(photo.landmark_id or 0)
    whole = tr("Whole photo: {name}", name=mark.name) if mark else ""
    counted = ntr("{n} box", "{n} boxes", boxes) if boxes else ""
    return ", ".join(filter(None, (counted, whole))) or tr("Unlabelled")


def proposal_text(proposal: Proposal) -> str:
    """What a model proposes for a photo, in the list."""
    share = percent(proposal.confidence)
    if proposal.is_certain:
        return tr("{name} {share}, proposed", name=proposal.label, share=share)
    return tr("{name} {share}, proposed, not certain", name=proposal.label, share=share)


def missing_text(photo: Photo) -> str:
    """Why a photo is missing; damaged projects and those of older versions do not say."""
    return photo.reason or tr("the file is no longer in the folder")


def stage_texts(done: int, labelled: int, skipped: int, opened: int) -> list[str]:
    """The parts of the progress of a folder, each in words, without those that are empty."""
    texts = (
        (done, ntr("{n} done", "{n} done", done)),
        (labelled, ntr("{n} to confirm", "{n} to confirm", labelled)),
        (skipped, ntr("{n} skipped", "{n} skipped", skipped)),
        (opened, ntr("{n} not begun", "{n} not begun", opened)),
    )
    return [text for n, text in texts if n]
