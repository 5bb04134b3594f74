from __future__ import annotations

import pytest

from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Landmark, Project
from landmark_gui.core.quality import texts
from landmark_gui.core.quality.advice import MOST
from landmark_gui.core.quality.report import Fault
from tests.quality_scenes import TREASURY, Scene, balanced


def test_photos_that_look_the_same_are_counted_once() -> None:
    scene = Scene()
    scene.photos(25, TREASURY)
    scene.photos(7, like=90)
    scene.photos(2)

    assert scene.report().advice[0] == (
        "“Petra” has 9 photos, 7 of them nearly the same; add about 15 different ones."
    )


def test_of_different_photos_only_the_number_is_told() -> None:
    scene = Scene()
    scene.photos(25, TREASURY)
    scene.photos(12)

    assert scene.report().advice == ("“Petra” has 12 photos; add about 10 different ones.",)


def test_landmarks_that_share_photos_are_told_first() -> None:
    scene = balanced()
    scene.photos(3)
    for like in (90, 91):
        scene.photo(like=like)
        scene.photo(TREASURY, like=like)

    assert scene.report().advice[0] == (
        "“Petra” and “Treasury” share 4 photos that look the same; decide which they are."
    )


def test_a_burst_is_told_with_its_time() -> None:
    scene = Scene()
    scene.photos(25, TREASURY)
    for second in range(0, 41, 5):
        scene.photo(camera="Canon", taken=f"2024-05-31T18:04:{second:02}")

    (advice,) = scene.report().advice

    assert advice.startswith("All 9 photos of “Petra” were taken within 40 seconds,")


@pytest.mark.parametrize("taken", ["soon", "2024-05-31T18:04:00+02:00"])
def test_a_date_that_is_none_or_has_a_zone_is_survived(taken: str) -> None:
    """The file of facts is one that anybody can write."""
    scene = Scene()
    scene.photos(25, TREASURY)
    for second in range(0, 41, 5):
        scene.photo(camera="Canon", taken=f"2024-05-31T18:04:{second:02}")
    scene.photo(camera="Canon", taken=taken)
    assert "Petra" in scene.report().advice[0]


def test_without_dates_they_look_the_same() -> None:
    scene = Scene()
    scene.photos(25, TREASURY)
    scene.photos(9, like=90)

    (advice, *_) = scene.report().advice

    assert advice.startswith("All 9 photos of “Petra” look the same,")


def test_imbalance_names_both_landmarks() -> None:
    scene = Scene()
    scene.photos(101)
    scene.photos(25, TREASURY)

    assert scene.report().advice == (
        "“Petra” has 101 examples and “Treasury” 25; a model will prefer the first. Add photos of "
        "“Treasury”.",
    )


def test_a_good_dataset_is_sent_on() -> None:
    assert balanced().report().advice == (
        "Nothing is wrong with these examples. Next: train a model.",
    )


def test_small_findings_do_not_keep_anybody_from_training() -> None:
    scene = balanced()
    scene.photo(look={"colour": 0.0})

    assert scene.report().advice == (
        "Nothing here keeps you from training: look through the cases, then train.",
    )


def test_before_anything_is_labelled_that_comes_first() -> None:
    scene = Scene()
    scene.photos(3)
    assert scene.report().advice == (
        "Only “Petra” has examples. A model tells landmarks apart: add a second one.",
    )
    assert Scene().report().advice == (
        "Nothing is labelled yet. Draw boxes, or say what whole photos show.",
    )


def test_there_are_never_more_sentences_than_one_reads() -> None:
    scene = Scene(Project.of(Landmark(n, f"Place {n}", "#123456") for n in range(1, 13)))
    for mark in range(1, 13):
        photo = scene.photo(mark, like=90 + mark // 2, look={"sharpness": 0.1})
        for _ in range(2):
            scene.box(photo, Rect(0, 0, 100, 100), mark)
        scene.photo(mark, fault="the file is cut off")

    advice = scene.report().advice

    assert len(advice) == MOST
    assert len(set(advice)) == MOST


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_its_words(fault: Fault) -> None:
    assert texts.title(fault)
    assert texts.explanation(fault).endswith(".")
    assert texts.unit(fault, 1) != texts.unit(fault, 2)
