"""What the list of classified photos says in words: kinds, orders, filters, counts."""

from __future__ import annotations

from collections.abc import Collection

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.shares import percent
from landmark_gui.gui.pages.classify.list_query import Kind, ListQuery, SortBy
from landmark_gui.gui.pages.classify.photos import Entry

SURE = 0.8
"""From this confidence on a photo is not thought worth a label."""
LABELS_A_CLASS = 5
"""Labels of uncertain photos that are proposed for each class before the next training."""


def kind_text(kind: Kind) -> str:
    return {
        Kind.ALL: tr("All photos"),
        Kind.NAMED: tr("Named"),
        Kind.UNKNOWN: tr("Unknown"),
        Kind.CORRECTED: tr("Corrected by you"),
        Kind.UNSENT: tr("Corrected, not yet sent"),
        Kind.FAILED: tr("Cannot be classified"),
        Kind.WAITING: tr("Not classified yet"),
    }[kind]


def sort_text(sort: SortBy) -> str:
    return {
        SortBy.ADDED: tr("As they came"),
        SortBy.NAME: tr("Name"),
        SortBy.LABEL: tr("Landmark"),
        SortBy.CERTAINTY: tr("Least certain first"),
        SortBy.UNKNOWN: tr("Unknown first"),
        SortBy.STATE: tr("Classified, waiting, failed"),
    }[sort]


def order_text(query: ListQuery) -> str:
    text = sort_text(query.sort)
    return tr("{order}, the other way round", order=text) if query.descending else text


def filter_text(query: ListQuery) -> str:
    """The filters in a line; "" for none."""
    parts = [kind_text(query.kind)] if query.kind is not Kind.ALL else []
    parts += sorted(query.labels)
    if query.has_range:
        low, high = percent(query.low), percent(query.high)
        parts.append(tr("{low} to {high}", low=low, high=high))
    return ", ".join(parts)


def count_text(shown: int, total: int) -> str:
    """How many of the photos are shown, as "37 of 2,041 shown"."""
    if shown == total:
        return ntr("{n} photo", "{n} photos", total, n=f"{total:,}")
    return tr("{shown} of {total} shown", shown=f"{shown:,}", total=f"{total:,}")


def advice_text(entries: Collection[Entry], classes: int) -> str:
    """How many labels of uncertain photos are worth the effort; "" if there are none.

    Least-confidence sampling (Settles, Active Learning Literature Survey, 2009, section 3.1):
    what the model is least sure of teaches it most. A batch a class keeps the next training from
    learning one landmark alone.
    """
    open_ = [entry.verdict for entry in entries if entry.verdict and not entry.corrected]
    unsure = sum(verdict.unknown or verdict.confidence < SURE for verdict in open_)
    if not unsure:
        return ""
    batch = min(unsure, max(LABELS_A_CLASS * classes, LABELS_A_CLASS))
    return ntr(
        "{unsure} are unknown or under {sure}. Name the first, send it to the project and train "
        "again.",
        "{unsure} are unknown or under {sure}. Name the first {n}, send them to the project and "
        "train again.",
        batch,
        unsure=f"{unsure:,}",
        sure=percent(SURE),
    )
