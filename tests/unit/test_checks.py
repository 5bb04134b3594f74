from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project, Split
from landmark_gui.core.quality.check_boxes import intersection_over_union
from landmark_gui.core.quality.measure import look
from landmark_gui.core.quality.neighbours import near_pairs
from landmark_gui.core.quality.report import Fault, Subject
from landmark_gui.core.splits import MAX_NEAR_DISTANCE, SplitSettings
from tests.quality_scenes import PETRA, TREASURY, Scene, balanced, picture


def test_nothing_is_found_in_a_good_dataset() -> None:
    report = balanced().report()

    assert report.findings == ()
    assert (report.photos, report.examples) == (50, 50)


def test_an_empty_project_has_no_findings_but_advice() -> None:
    report = Scene(Project()).report()

    assert (report.photos, report.examples, report.findings) == (0, 0, ())
    assert len(report.advice) == 1


# Photos


def test_a_photo_is_unreadable_by_its_header_or_by_its_pixels() -> None:
    scene = balanced()
    header = scene.photo(state="unreadable", reason="it is no picture")
    pixels = scene.photo(fault="the file is cut off")

    finding = scene.finding(Fault.UNREADABLE)

    assert finding is not None
    told = {case.subjects[0].photo_id: case.detail for case in finding.cases}
    assert told == {header: "it is no picture", pixels: "the file is cut off"}


def test_a_missing_photo_is_not_called_unreadable() -> None:
    scene = balanced()
    scene.photo(state="missing", reason="it is no longer in the folder")

    assert scene.report().findings == ()


def test_copies_are_found_together_with_the_one_to_keep_first() -> None:
    scene = balanced()
    scene.photo(None, content="same", like=90)
    labelled = scene.photo(content="same", like=90)
    scene.photo(None, content="same", like=90)

    assert scene.flagged(Fault.EXACT_WITHIN) == [[labelled, labelled - 1, labelled + 1]]
    assert scene.flagged(Fault.NEAR_WITHIN) == []


def test_of_copies_that_are_equal_in_all_else_the_one_of_the_shortest_name_is_kept() -> None:
    scene = balanced()
    names = ("a/Copy of tower.jpg", "a/tower (2).jpg", "a long folder/tower.jpg")
    long, middle, short = [scene.photo(content="same", like=90, path=name) for name in names]

    assert scene.flagged(Fault.EXACT_WITHIN) == [[short, middle, long]]


def test_copies_are_found_by_their_hash_before_they_are_measured() -> None:
    scene = balanced()
    copies = scene.photos(2, content="same")
    unread = scene.photos(2, hash="")
    for photo in (*copies, *unread):
        del scene.facts[photo]

    assert scene.flagged(Fault.EXACT_WITHIN) == [copies]


def test_copies_under_two_landmarks_are_told_apart_from_copies_under_one() -> None:
    scene = balanced()
    scene.photo(PETRA, content="one", like=90)
    scene.photo(PETRA, content="one", like=90)
    first = scene.photo(PETRA, content="other", like=91)
    second = scene.photo(TREASURY, content="other", like=91)

    assert len(scene.flagged(Fault.EXACT_WITHIN)) == 1
    assert scene.flagged(Fault.EXACT_ACROSS) == [[first, second]]


def test_a_landmark_on_both_copies_is_no_contradiction() -> None:
    scene = balanced()
    first, second = scene.photos(2, like=90, content="same")
    scene.box(first, Rect(0, 0, 100, 100), PETRA)
    scene.box(first, Rect(300, 0, 100, 100), TREASURY)
    scene.box(second, Rect(0, 0, 100, 100), PETRA)

    assert scene.flagged(Fault.EXACT_ACROSS) == []
    assert scene.flagged(Fault.EXACT_WITHIN) == [[first, second]]


def test_photos_that_look_the_same_are_near_duplicates_across_and_within() -> None:
    scene = balanced()
    within = [scene.photo(PETRA, like=90), scene.photo(PETRA, like=90)]
    across = [scene.photo(PETRA, like=91), scene.photo(TREASURY, like=91)]

    assert scene.flagged(Fault.NEAR_WITHIN) == [within]
    assert scene.flagged(Fault.NEAR_ACROSS) == [across]
    assert scene.flagged(Fault.EXACT_WITHIN) == []


def test_near_duplicates_can_be_let_be() -> None:
    scene = balanced()
    scene.photos(2, like=90)

    assert scene.flagged(Fault.NEAR_WITHIN, settings=SplitSettings(near_distance=None)) == []


def test_a_near_duplicate_of_copies_is_told_once_beside_the_copy_that_is_kept() -> None:
    scene = balanced()
    scene.photo(None, content="same", like=90)
    kept = scene.photo(content="same", like=90)
    other = scene.photo(like=90)

    assert scene.flagged(Fault.NEAR_WITHIN) == [[kept, other]]


def test_what_resembles_only_one_that_goes_stays() -> None:
    first, last = picture(90).astype(float), picture(91).astype(float)
    chain = [
        look((first * (1 - share) + last * share).astype(np.uint8)) for share in (0, 0.15, 0.3)
    ]
    a, b, bits = near_pairs([seen.phash for seen in chain], MAX_NEAR_DISTANCE)
    apart = dict(zip(zip(a.tolist(), b.tolist(), strict=True), bits.tolist(), strict=True))
    distance = max(apart[0, 1], apart[1, 2])
    assert apart.get((0, 2), MAX_NEAR_DISTANCE + 1) > distance
    scene = balanced()
    one, between, _ = [scene.photo(look=seen) for seen in chain]

    settings = SplitSettings(near_distance=distance)

    assert scene.flagged(Fault.NEAR_WITHIN, settings=settings) == [[one, between]]


@pytest.mark.parametrize("fault", [Fault.EXACT_WITHIN, Fault.NEAR_WITHIN])
def test_what_is_skipped_is_no_longer_the_other_one(fault: Fault) -> None:
    scene = balanced()
    content = "same" if fault is Fault.EXACT_WITHIN else ""
    first, second = scene.photos(2, like=90, content=content)
    assert scene.flagged(fault) == [[first, second]]

    scene.project.apply(edits.review_photos([scene.project.photos[second]], "skipped"))

    assert scene.report().findings == ()


def test_a_photo_whose_boxes_are_all_left_out_is_dealt_with() -> None:
    scene = balanced()
    first, second = scene.photos(2, like=90, content="same")
    scene.box(second, Rect(0, 0, 20, 20), excluded=True, sharpness=0.1)

    assert scene.report().findings == ()
    assert scene.report().photos == 51
    assert first in scene.project.photos


def test_a_photo_that_is_done_with_nothing_on_it_is_no_example() -> None:
    scene = balanced()
    scene.photo(None, review="done", look={"sharpness": 0.1})

    assert scene.report().findings == ()


# Boxes


def test_almost_the_same_box_twice_is_found_and_a_box_inside_another_is_not() -> None:
    scene = balanced()
    photo = scene.photo()
    first = scene.box(photo, Rect(100, 100, 200, 300))
    second = scene.box(photo, Rect(103, 98, 200, 300))
    scene.box(photo, Rect(100, 100, 200, 150))

    assert scene.flagged(Fault.OVERLAP) == [[first, second]]


def test_three_boxes_on_each_other_are_one_case() -> None:
    scene = balanced()
    photo = scene.photo()
    boxes = [scene.box(photo, Rect(100 + x, 100, 200, 300)) for x in (0, 2, 4)]

    assert scene.flagged(Fault.OVERLAP) == [boxes]


def test_boxes_of_two_landmarks_on_each_other_come_first() -> None:
    scene = balanced()
    photo = scene.photo()
    for mark, x in ((PETRA, 0), (PETRA, 0), (PETRA, 300), (TREASURY, 310)):
        scene.box(photo, Rect(x, 100, 200, 300), mark)

    assert scene.flagged(Fault.OVERLAP) == [["box 3", "box 4"], ["box 1", "box 2"]]


def test_excluded_boxes_lie_on_nothing() -> None:
    scene = balanced()
    photo = scene.photo()
    scene.box(photo, Rect(0, 0, 200, 300))
    scene.box(photo, Rect(0, 0, 200, 300), excluded=True)

    assert scene.flagged(Fault.OVERLAP) == []


@given(st.tuples(*[st.floats(0, 100), st.floats(0, 100), st.floats(1, 100), st.floats(1, 100)] * 2))
def test_intersection_over_union_counts_pixels(sides: tuple[float, ...]) -> None:
    one, two = Rect(*map(round, sides[:4])), Rect(*map(round, sides[4:]))
    painted = np.zeros((2, 201, 201), bool)
    for canvas, rect in zip(painted, (one, two), strict=True):
        canvas[int(rect.y) : int(rect.bottom), int(rect.x) : int(rect.right)] = True
    counted = (painted[0] & painted[1]).sum() / (painted[0] | painted[1]).sum()

    assert intersection_over_union(one, two) == pytest.approx(counted)
    assert intersection_over_union(two, one) == pytest.approx(counted)


def test_a_box_leaves_its_photo_partly_or_wholly_but_not_by_rounding() -> None:
    scene = balanced()
    photo = scene.photo()
    partly = scene.box(photo, Rect(600, 100, 60, 100))
    wholly = scene.box(photo, Rect(700, 100, 60, 100))
    scene.box(photo, Rect(-0.6, 0, 640.9, 480.4))

    assert scene.flagged(Fault.OUTSIDE) == [[wholly], [partly]]


# Looks


@pytest.mark.parametrize(
    ("fault", "bad", "fine"),
    [
        (Fault.BLURRED, {"sharpness": 0.35}, {"sharpness": 0.37}),
        (Fault.DARK, {"highlights": 0.24}, {"highlights": 0.26, "brightness": 0.05}),
        (Fault.OVEREXPOSED, {"bright": 0.4, "midtone": 0.7}, {"bright": 0.4, "midtone": 0.5}),
        (Fault.OVEREXPOSED, {"bright": 0.9, "midtone": 0.9}, {"bright": 0.2, "midtone": 0.9}),
        (Fault.GREYSCALE, {"colour": 0.04}, {"colour": 0.06}),
    ],
)
def test_a_look_is_flagged_beyond_its_threshold(
    fault: Fault, bad: dict[str, float], fine: dict[str, float]
) -> None:
    scene = balanced()
    spoilt = scene.photo(look=bad)
    scene.photo(look=fine)
    photo = scene.photo()
    box = scene.box(photo, Rect(0, 0, 100, 100), **bad)

    assert sorted(str(one) for case in scene.flagged(fault) for one in case) == sorted(
        [str(spoilt), box]
    )
    assert len(scene.report().findings) == 1


def test_of_a_photo_with_a_box_only_the_box_is_judged() -> None:
    scene = balanced()
    photo = scene.photo(look={"sharpness": 0.1})
    scene.box(photo, Rect(0, 0, 100, 100))

    assert scene.report().findings == ()


def test_of_a_dark_picture_nothing_else_is_said() -> None:
    scene = balanced()
    scene.photo(look={"highlights": 0.1, "sharpness": 0.1, "colour": 0.0})

    assert [finding.fault for finding in scene.report().findings] == [Fault.DARK]


def test_grey_is_no_fault_where_most_are_grey() -> None:
    scene = Scene()
    scene.photos(25, look={"colour": 0.0})
    scene.photos(24, TREASURY)

    assert scene.flagged(Fault.GREYSCALE) == []


def test_a_landmark_that_is_all_grey_is_found_among_one_in_colour() -> None:
    scene = Scene()
    grey = scene.photos(25, look={"colour": 0.0})
    scene.photos(25, TREASURY)

    assert sorted(scene.flagged(Fault.GREYSCALE)) == [[photo] for photo in grey]


def test_a_crop_is_tiny_by_its_longer_side() -> None:
    scene = balanced()
    photo = scene.photo()
    tiny = scene.box(photo, Rect(0, 0, 63, 50))
    scene.box(photo, Rect(200, 0, 50, 64))

    assert scene.flagged(Fault.TINY) == [[tiny]]


def test_an_odd_shape_is_odd_for_its_landmark() -> None:
    scene = balanced()
    for landmark, width in ((PETRA, 100), (TREASURY, 400)):
        for _ in range(6):
            scene.box(scene.photo(landmark), Rect(0, 0, width, 100), landmark)
    odd = scene.box(scene.photo(), Rect(0, 0, 420, 100), PETRA)
    scene.box(scene.photo(TREASURY), Rect(0, 0, 420, 100), TREASURY)

    assert scene.flagged(Fault.ODD_ASPECT) == [[odd]]


def test_of_few_examples_none_is_odd() -> None:
    scene = Scene()
    for width in (100, 100, 100, 600):
        scene.box(scene.photo(), Rect(0, 0, width, 100))

    assert scene.flagged(Fault.ODD_ASPECT) == []


# Landmarks and splits


def landmarks_of(scene: Scene, fault: Fault) -> list[int | None]:
    finding = scene.finding(fault)
    return [case.landmark_id for case in finding.cases] if finding is not None else []


def test_few_photos_are_counted_by_what_is_different() -> None:
    scene = Scene()
    scene.photos(20)
    scene.photos(19, TREASURY)
    scene.photos(3, TREASURY, like=39)

    assert landmarks_of(scene, Fault.FEW_PHOTOS) == [TREASURY]
    finding = scene.finding(Fault.FEW_PHOTOS)
    assert finding is not None
    assert finding.cases[0].detail == "22 photos, 19 different ones"


def test_imbalance_is_a_matter_of_three_times_as_many() -> None:
    scene = Scene()
    scene.photos(75)
    scene.photos(25, TREASURY)
    assert landmarks_of(scene, Fault.IMBALANCE) == []

    scene.photo(PETRA)

    assert landmarks_of(scene, Fault.IMBALANCE) == [TREASURY]


def burst(scene: Scene, count: int, seconds: int = 4) -> list[int]:
    return [
        scene.photo(
            camera="Canon", taken=f"2024-05-31T18:{n * seconds // 60:02}:{n * seconds % 60:02}"
        )
        for n in range(count)
    ]


def test_a_landmark_of_one_burst_is_found_until_a_photo_of_another_day_comes() -> None:
    scene = Scene()
    scene.photos(25, TREASURY)
    shots = burst(scene, 12)
    assert scene.flagged(Fault.ONE_BURST) == [shots]

    scene.photo(camera="Canon", taken="2024-06-01T09:00:00")

    assert scene.flagged(Fault.ONE_BURST) == []


def test_a_leak_is_a_group_in_several_splits() -> None:
    scene = balanced()
    alike = scene.photos(2, like=90)
    scene.photos(2, like=91)
    splits: dict[int, Split] = dict.fromkeys(scene.project.photos, "train")
    assert scene.flagged(Fault.SPLIT_LEAK, splits=splits) == []

    splits[alike[1]] = "test"

    assert scene.flagged(Fault.SPLIT_LEAK, splits=splits) == [alike]
    assert scene.flagged(Fault.SPLIT_LEAK) == []


@dataclass(frozen=True)
class Suspect:
    photo_id: int
    box_id: str | None
    given: str = "Petra"
    likely: str = "Treasury"
    confidence: float = 0.93


def test_a_likely_label_error_names_the_landmark_that_it_seems_to_be() -> None:
    scene = balanced()
    photo = scene.photo()
    box = scene.box(photo, Rect(0, 0, 100, 100))

    finding = scene.finding(Fault.LABEL_ERROR, label_errors=[Suspect(photo, box)])

    assert finding is not None
    (case,) = finding.cases
    assert (case.subjects, case.landmark_id) == ((Subject(photo, box),), TREASURY)
    assert case.detail == "perhaps “Treasury” (93 %), not “Petra”"


@pytest.mark.parametrize("change", ["relabelled", "excluded", "deleted", "renamed"])
def test_a_label_error_that_was_dealt_with_is_not_told_again(change: str) -> None:
    scene = balanced()
    photo = scene.photo()
    box = scene.project.boxes[scene.box(photo, Rect(0, 0, 100, 100))]
    edit = {
        "relabelled": edits.change_box(box, landmark_id=TREASURY),
        "excluded": edits.exclude_boxes([box]),
        "deleted": edits.delete_boxes([box]),
        "renamed": edits.rename_landmark(scene.project.landmarks[PETRA], "Al-Khazneh"),
    }
    scene.project.apply(edit[change])

    assert scene.flagged(Fault.LABEL_ERROR, label_errors=[Suspect(photo, box.id)]) == []


def test_findings_come_in_the_order_of_the_faults_and_the_worst_case_first() -> None:
    scene = balanced()
    for sharpness in (0.3, 0.1, 0.2):
        scene.photo(look={"sharpness": sharpness})
    scene.photo(fault="the file is cut off")
    scene.photos(2, like=90)

    report = scene.report()

    assert [finding.fault for finding in report.findings] == [
        Fault.UNREADABLE,
        Fault.NEAR_WITHIN,
        Fault.BLURRED,
    ]
    blurred = [case.subjects[0].photo_id for case in report.findings[2].cases]
    assert blurred == [52, 53, 51]


def test_a_photo_with_nothing_on_it_connects_what_would_leak() -> None:
    """Splits are made of the same groups; `crop` and `check` must not say different things."""
    scene = balanced()
    one, other = (scene.photo(camera="Canon", taken=f"2024-05-31T18:04:{s}") for s in ("00", "16"))
    between = scene.photo(None, camera="Canon", taken="2024-05-31T18:04:08", review="done")
    splits: dict[int, Split] = dict.fromkeys(scene.project.photos, "train")
    splits[other] = "test"
    del splits[between]
    assert scene.flagged(Fault.SPLIT_LEAK, splits=splits) == [[one, other]]
