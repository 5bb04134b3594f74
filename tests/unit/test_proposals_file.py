"""Proposals without a window: which photos await one, what becomes of one, the file."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core import edits
from landmark_gui.core import proposals as files
from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Landmark, Photo, Project
from landmark_gui.core.proposals import Proposal, Proposals, accepted

RECT = Rect(10, 5, 30, 40)


def photo(number: int, **values: object) -> Photo:
    made = Photo(number, f"IMG_{number}.jpg", 100 + number, f"h{number}", 200, 100, modified=7)
    return replace(made, **values)  # type: ignore[arg-type]


def project(*photos: Photo) -> Project:
    return Project.of([Landmark(1, "Tower", "#ff0000"), *photos])


def proposal(
    of: Photo, label: str = "Tower", confidence: float = 0.9, **values: object
) -> Proposal:
    return replace(Proposal(of.version, label, confidence, RECT), **values)  # type: ignore[arg-type]


def kept(*proposals: Proposal) -> Proposals:
    return Proposals("model", "abc").having(proposals)


def test_labelled_reviewed_missing_and_unreadable_photos_await_nothing() -> None:
    photos = [
        photo(1),
        photo(2, landmark_id=1),
        photo(3, review="done"),
        photo(4, review="skipped"),
        photo(5, state="missing"),
        photo(6, state="unreadable"),
        photo(7),
    ]
    known = project(*photos)
    known.apply(edits.add_box(7, 1, RECT))
    assert [p.id for p in Proposals().unanswered(known, "abc")] == [1]
    assert kept(*(proposal(p) for p in photos)).shown(known).keys() == {1}
    assert kept(*(proposal(p) for p in photos)).standing(known).by_photo.keys() == {1}


def test_the_same_model_is_asked_for_new_and_replaced_photos_alone() -> None:
    known = project(photo(1), photo(2), photo(3))
    answers = kept(
        proposal(photo(1)), proposal(photo(2, size=1)), proposal(photo(3), state="refused")
    )
    assert [p.id for p in answers.unanswered(known, "abc")] == [2]
    assert [p.id for p in answers.unanswered(known, "another")] == [1, 2, 3]


def test_accepting_makes_boxes_and_undo_takes_all_of_it_back() -> None:
    known = project(photo(1), photo(2), photo(3))
    before = set(known.rows())
    edit = accepted(
        known,
        [
            proposal(photo(1), "TOWER"),
            proposal(photo(2), "Dome"),
            proposal(photo(3), "dome", rect=None),
        ],
    )
    known.apply(edit)
    names = {box.photo_id: known.landmarks[box.landmark_id].name for box in known.boxes.values()}
    assert names == {1: "Tower", 2: "Dome"}
    assert known.landmarks[known.photos[3].landmark_id or 0].name == "Dome"
    assert len(known.landmarks) == 2
    known.apply(edit.inverse())
    assert set(known.rows()) == before


def test_a_box_reaches_no_further_than_its_photo() -> None:
    known = project(photo(1))
    known.apply(accepted(known, [proposal(photo(1), rect=Rect(150, 50, 500, 500))]))
    assert [box.rect for box in known.boxes.values()] == [Rect(150, 50, 50, 50)]


def test_another_landmark_can_be_named() -> None:
    known = project(photo(1))
    edit = accepted(known, [proposal(photo(1), "Dome")], landmark_id=1)
    known.apply(edit)
    assert [box.landmark_id for box in known.boxes.values()] == [1] and len(known.landmarks) == 1


# The file


def test_what_was_written_is_read(tmp_path: Path) -> None:
    told = kept(
        proposal(photo(1), "Éiffel 탑", 0.25),
        proposal(photo(2), rect=None, state="refused"),
        proposal(photo(3), confidence=0.1, state="unknown"),
    )
    files.write(tmp_path / "p.data", told)
    assert files.read(tmp_path / "p.data") == told
    assert files.read(tmp_path / "nothing") == Proposals()


def test_whatever_lies_there_is_read_or_refused_in_words(tmp_path: Path) -> None:
    """Bytes of a file changed, cut and repeated at random."""
    path, rng = tmp_path / files.FILE, random.Random(5)
    files.write(tmp_path, kept(*(proposal(photo(n)) for n in range(5))))
    whole, refused = path.read_bytes(), 0
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(content))
            content[place : place + rng.randint(0, 9)] = rng.choice(
                [
                    b"",
                    b"null",
                    b"-1",
                    b"[",
                    b'"',
                    b"1e999",
                    b"NaN",
                    b"{}",
                    bytes([rng.randrange(256)]),
                ]
            )
        path.write_bytes(content)
        try:
            for one in files.read(tmp_path).by_photo.values():
                assert 0 <= one.confidence <= 1 and one.state in files.STATES and one.label
                assert one.rect is None or (one.rect.area > 0 and one.rect.x >= 0)
        except FormatError as error:
            assert str(path) in str(error)
            refused += 1
    assert 100 < refused < 400


@pytest.mark.parametrize("told", [[], {"version": 2}, {"version": 1, "proposals": 5}, "x"])
def test_another_form_is_refused(tmp_path: Path, told: object) -> None:
    write_atomic(tmp_path / files.FILE, json.dumps(told))
    with pytest.raises(FormatError):
        files.read(tmp_path)
