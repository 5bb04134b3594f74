"""What a model proposes for photos without a label, until a person accepts or refuses it.

A proposal is no box: it stands in `NAME.data/proposals.json`, not in the project, and takes no part
in crops, splits or exports. All of the file can be made again, so a damaged one costs nothing but
the time of asking the model once more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from landmark_gui.core import edits
from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError, NameRefused
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Change, Edit, Photo, Project
from landmark_gui.core.run_results import DAMAGE

FILE = "proposals.json"
VERSION = 1
CERTAIN = 0.75
"""A proposal of less confidence is marked: look twice."""
LARGEST_FILE = 64_000_000
"""Bytes; 100,000 photos take a quarter of that."""

State = Literal["open", "refused", "unknown"]
_DAMAGE = (*DAMAGE, OSError)
STATES: tuple[State, ...] = ("open", "refused", "unknown")


@dataclass(frozen=True)
class Proposal:
    """What a model said of one photo.

    Attributes:
        version: `Photo.version` of the file that the model saw.
        label: name of the landmark.
        confidence: 0 to 1.
        rect: in oriented pixels of the photo; None for the whole photo.
        state: "unknown" proposes nothing, since the model does not know what it sees; "refused" is
            what the person said no to, kept so that the same model is not asked again.
    """

    version: tuple[int, int, int]
    label: str
    confidence: float
    rect: Rect | None
    state: State = "open"

    @property
    def photo_id(self) -> int:
        return self.version[0]

    @property
    def is_certain(self) -> bool:
        return self.confidence >= CERTAIN


@dataclass(frozen=True)
class Proposals:
    """What one model said of the photos of a project.

    Attributes:
        model: name of the model file, for the person.
        model_id: SHA-256 of its network; "" while there is none.
        by_photo: by the id of the photo.
    """

    model: str = ""
    model_id: str = ""
    by_photo: Mapping[int, Proposal] = field(default_factory=dict)

    def of(self, photo: Photo | None, project: Project) -> Proposal | None:
        """The proposal that a photo shows now.

        None for a photo that was labelled, marked as done or skipped, or replaced since: so undo,
        which takes the label back, brings the proposal back.
        """
        known = None if photo is None else self.by_photo.get(photo.id)
        if known is None or photo is None or known.state != "open":
            return None
        return known if known.version == photo.version and awaits(photo, project) else None

    def shown(self, project: Project) -> dict[int, Proposal]:
        """The open proposals by photo id, in no order."""
        found = ((id_, self.of(project.photos.get(id_), project)) for id_ in self.by_photo)
        return {id_: proposal for id_, proposal in found if proposal is not None}

    def unanswered(self, project: Project, model_id: str) -> list[Photo]:
        """The photos without a label that this model has not been asked about, in their order."""
        known = self.by_photo if model_id == self.model_id else {}
        return [
            photo
            for photo in project.ordered_photos()
            if awaits(photo, project)
            and (photo.id not in known or known[photo.id].version != photo.version)
        ]

    def is_unknown(self, photo: Photo | None, project: Project) -> bool:
        """Whether a photo without a label shows nothing that the model knows."""
        known = None if photo is None else self.by_photo.get(photo.id)
        if known is None or photo is None or known.state != "unknown":
            return False
        return known.version == photo.version and awaits(photo, project)

    def having(self, proposals: Iterable[Proposal]) -> Proposals:
        """These with some more, or with others in their place."""
        return replace(self, by_photo={**self.by_photo, **{p.photo_id: p for p in proposals}})

    def standing(self, project: Project) -> Proposals:
        """Without those of photos that were labelled, removed or replaced since."""
        photos = project.photos
        return replace(
            self,
            by_photo={
                id_: proposal
                for id_, proposal in self.by_photo.items()
                if id_ in photos
                and proposal.version == photos[id_].version
                and awaits(photos[id_], project)
            },
        )


def awaits(photo: Photo, project: Project) -> bool:
    """Whether a photo can be shown and nobody has said anything about it yet."""
    return photo.state == "ok" and not photo.review and not project.is_labelled(photo)


def accepted(
    project: Project, proposals: Iterable[Proposal], landmark_id: int | None = None
) -> Edit:
    """The one edit that makes boxes of proposals, or names the photo where one is of all of it.

    Landmarks that the project does not have yet are added.

    Args:
        landmark_id: what they show, in place of what the model said.
    """
    known = Project(landmarks=dict(project.landmarks))
    added, changes = [], []
    for proposal in proposals:
        photo = project.photos[proposal.photo_id]
        chosen = landmark_id
        if chosen is None:
            mark = edits.namesake(known, proposal.label)
            if mark is None:
                mark = edits.new_landmark(known, proposal.label)
                added.append(Change(None, mark))
                known.apply(Edit("", (added[-1],)))
            chosen = mark.id
        if proposal.rect is None:
            changes.append(Change(photo, replace(photo, landmark_id=chosen)))
        else:
            rect = proposal.rect.clamped(photo.width, photo.height)
            changes.append(Change(None, edits.new_box(photo.id, chosen, rect)))
    return Edit("accept_proposals", (*added, *changes))


# The file


def read(folder: Path) -> Proposals:
    """The proposals beside a project; none if there is no file.

    Args:
        folder: `NAME.data` of the project (`core.paths.data_folder`).

    Raises:
        FormatError: if the file is damaged, or from a newer version; nothing is lost with it but
            the model's time.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(path)
        return _proposals(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Proposals()
    except (*_DAMAGE, NameRefused) as error:
        raise FormatError(
            tr(
                "{path} is damaged or from another version, and was ignored. Let the model "
                "propose once more.",
                path=path,
            )
        ) from error


def write(folder: Path, proposals: Proposals) -> None:
    """Keep proposals beside a project, in one step. Raises OSError."""
    told = {
        "version": VERSION,
        "model": proposals.model,
        "model_id": proposals.model_id,
        "proposals": [_row(proposal) for proposal in proposals.by_photo.values()],
    }
    write_atomic(folder / FILE, json.dumps(told, ensure_ascii=False, allow_nan=False))


def _row(proposal: Proposal) -> dict[str, Any]:
    rect = proposal.rect
    return {
        "photo": list(proposal.version),
        "label": proposal.label,
        "confidence": proposal.confidence,
        "box": None if rect is None else [rect.x, rect.y, rect.w, rect.h],
        "state": proposal.state,
    }


def _proposals(told: Mapping[str, Any]) -> Proposals:
    if told["version"] != VERSION:
        raise ValueError(told["version"])
    proposals = [_proposal(row) for row in told["proposals"]]
    by_photo = {proposal.photo_id: proposal for proposal in proposals}
    return Proposals(str(told["model"]), str(told["model_id"]), by_photo)


def _proposal(row: Mapping[str, Any]) -> Proposal:
    photo, size, modified = (int(part) for part in row["photo"])
    label, state = row["label"], row["state"]
    confidence = float(row["confidence"])
    if not isinstance(label, str) or state not in STATES or not 0 <= confidence <= 1:
        raise ValueError(row)
    return Proposal((photo, size, modified), edits.clean_name(label), confidence, _rect(row), state)


def _rect(row: Mapping[str, Any]) -> Rect | None:
    if row["box"] is None:
        return None
    x, y, w, h = (float(side) for side in row["box"])
    if not all(map(math.isfinite, (x, y, w, h))) or min(x, y) < 0 or min(w, h) <= 0:
        raise ValueError(row)
    return Rect(x, y, w, h)
