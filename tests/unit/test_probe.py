"""The probe on drawn features: no photo is read, no network asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import Cancelled, DatasetError
from landmark_gui.core.run_results import ProbeResult, leak_sentence
from landmark_gui.training.probe import FOLDS, REPEATS, Examined, examined, interval, probe, repeats

CLASSES = ("Red Tower", "Green Dome", "Blue Gate")
Truth = Sequence[int]


def crop(photo_id: int, label: int, box_id: str | None = "b") -> Crop:
    path = Path(f"IMG_{photo_id}.jpg")
    return Crop(photo_id, box_id, path, "", (9, 9), None, CLASSES[label], "train")


def scenes(count: int, *, shots: int, apart: float, seed: int = 0) -> Examined:
    """Photos of `count` scenes, `shots` alike of each, all shots of a scene in one group.

    Args:
        apart: how far classes are from each other, against how far scenes of a class are.
    """
    random = np.random.default_rng(seed)
    truth = np.arange(count) % len(CLASSES)
    centres = random.normal(size=(len(CLASSES), 40)) * apart
    seen = centres[truth] + random.normal(size=(count, 40))
    features = np.repeat(seen, shots, axis=0) + 0.05 * random.normal(size=(count * shots, 40))
    labels = np.repeat(truth, shots).tolist()
    crops = [crop(number + 1, label) for number, label in enumerate(labels)]
    group_of = {number + 1: number // shots * shots + 1 for number in range(len(labels))}
    return examined(features, crops, CLASSES, group_of)


def relabelled(data: Examined, labels: dict[int, int]) -> Examined:
    crops = [
        crop(one.photo_id, labels.get(index, CLASSES.index(one.landmark)), one.box_id)
        for index, one in enumerate(data.crops)
    ]
    group_of = {one.photo_id: group for one, group in zip(crops, data.groups, strict=True)}
    return examined(data.features, crops, CLASSES, group_of)


def probe_of(data: Examined, seed: int = 0) -> ProbeResult:
    return probe(data, "a backbone", seed)


def test_photos_that_look_alike_flatter_the_naive_split() -> None:
    result = probe_of(scenes(60, shots=3, apart=0.25))
    assert result.naive.value > 0.9 > 0.8 > result.honest.value
    assert result.leak.value == pytest.approx(result.naive.value - result.honest.value)
    assert result.tells and result.leak.value > result.leak.spread > 0
    assert (result.examples, result.alike, result.groups) == (180, 180, 60)
    points = round(result.leak.value * 100)
    assert leak_sentence(result).endswith(f"are worth {points} points.")


def test_where_nothing_is_alike_there_is_nothing_to_leak() -> None:
    result = probe_of(scenes(60, shots=1, apart=0.3))
    assert result.honest == result.naive and result.leak.value == 0
    assert not result.tells and result.alike == 0
    assert "nothing can leak" in leak_sentence(result)


def test_a_few_pairs_are_not_told_from_chance() -> None:
    data = scenes(30, shots=1, apart=0.6)
    groups = [*data.groups[:-2], data.groups[0], data.groups[1]]
    result = probe_of(Examined(data.features, data.crops, groups, data.labels, CLASSES))
    assert result.alike == 4 and not result.tells
    assert "told from chance" in leak_sentence(result)


def test_features_that_say_nothing_come_out_at_chance() -> None:
    result = probe_of(scenes(90, shots=1, apart=0))
    assert abs(result.honest.value - result.chance) < result.honest.spread + 0.05


def test_wrong_labels_are_found_and_said_to_be_what_they_are() -> None:
    data = scenes(90, shots=1, apart=1.5)
    wrong = {4: 0, 31: 2, 60: 1}
    result = probe_of(relabelled(data, wrong))
    found = {error.photo_id: error for error in result.label_errors}
    assert set(found) == {index + 1 for index in wrong}
    for index, given in wrong.items():
        error = found[index + 1]
        assert (error.given, error.likely) == (CLASSES[given], CLASSES[data.labels[index]])
        assert 0.4 < error.confidence <= 1 and error.box_id == "b"
    assert result.paths == {index + 1: f"IMG_{index + 1}.jpg" for index in wrong}


def test_copies_with_the_same_wrong_label_do_not_cover_for_each_other() -> None:
    """Naively, each copy of a wrong label would teach the model to believe the other one."""
    data = scenes(60, shots=2, apart=1.5)
    result = probe_of(relabelled(data, {8: 2, 9: 2}))
    assert {error.photo_id for error in result.label_errors} == {9, 10}


def test_a_photo_that_is_said_to_show_both_is_no_error() -> None:
    data = scenes(60, shots=1, apart=1.5)
    whole = [crop(one.photo_id, CLASSES.index(one.landmark), None) for one in data.crops]
    second = crop(1, 2, None)
    features = np.vstack([data.features, data.features[:1]])
    result = probe_of(examined(features, [*whole, second], CLASSES, {}))
    assert result.label_errors == ()


def test_a_landmark_of_one_burst_is_named_and_left_out() -> None:
    data = scenes(60, shots=1, apart=1.5)
    groups = [
        999 if label == 2 else group for label, group in zip(data.labels, data.groups, strict=True)
    ]
    result = probe_of(Examined(data.features, data.crops, groups, data.labels, CLASSES))
    assert result.unmeasured == ("Blue Gate",)
    assert result.examples == 40 and result.label_errors == ()
    assert result.honest.value > 0.9


def test_a_landmark_with_one_example_does_no_harm() -> None:
    data = scenes(40, shots=1, apart=1.5)
    labels = {index: 0 for index, label in enumerate(data.labels) if label == 2 and index > 2}
    result = probe_of(relabelled(data, labels))
    assert result.unmeasured == ("Blue Gate",) and result.examples == 39


def test_fewer_examples_than_folds() -> None:
    result = probe_of(scenes(4, shots=1, apart=3))
    assert result.examples == 2 and result.unmeasured == ("Green Dome", "Blue Gate")


@pytest.mark.parametrize("group_of", [{1: 1, 2: 1, 3: 1}, {}])
def test_without_independent_photos_there_is_no_result(group_of: dict[int, int]) -> None:
    crops = [crop(number + 1, number) for number in range(3)]
    with pytest.raises(DatasetError, match="independent"):
        probe_of(examined(np.eye(3), crops, CLASSES, group_of))


def test_the_same_seed_gives_the_same_result() -> None:
    data = scenes(45, shots=2, apart=0.3)
    assert probe_of(data) == probe_of(data)
    assert probe_of(data).seeds != probe_of(data, seed=9).seeds


def test_it_tells_of_every_fold_and_can_be_stopped_between_two() -> None:
    told: list[tuple[int, int]] = []
    data = scenes(30, shots=1, apart=1)
    probe(data, "", progress=lambda done, total: told.append((done, total)))
    total = 2 * FOLDS * REPEATS
    assert told == [(done, total) for done in range(1, total + 1)]
    stopped: list[int] = []
    with pytest.raises(Cancelled):
        probe(data, "", 0, lambda done, _: stopped.append(done), lambda: len(stopped) == 3)
    assert stopped == [1, 2, 3]


def test_the_interval_is_about_that_of_a_binomial_where_groups_are_single() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    share = interval(values, np.arange(100), 0)
    assert share.value == pytest.approx(0.8)
    assert share.spread == pytest.approx(1.96 * np.sqrt(0.8 * 0.2 / 100), rel=0.05)


def test_copies_do_not_narrow_the_interval() -> None:
    values = np.array([1.0] * 80 + [0.0] * 20)
    once = interval(values, np.arange(100), 0)
    twice = interval(np.repeat(values, 2), np.repeat(np.arange(100), 2), 0)
    assert twice.spread == pytest.approx(once.spread)


def test_few_right_answers_are_no_certainty() -> None:
    few, many = (interval(np.ones(count), np.arange(count), 0) for count in (10, 1000))
    assert 0.1 < few.spread < 0.3 and 0 < many.spread < 0.01


@pytest.mark.parametrize(("gained", "tells"), [(5, False), (6, True)])
def test_a_difference_tells_where_mcnemars_exact_test_does(gained: int, tells: bool) -> None:
    """6 examples that only one side gets right have p = 0.03, 5 have p = 0.06."""
    values = np.array([1.0] * gained + [0.0] * 94)
    leak = interval(values, np.arange(len(values)), -1)
    assert (leak.value > leak.spread) is tells


def test_many_examples_are_asked_less_often() -> None:
    assert (repeats(10), repeats(100_000)) == (REPEATS, 2)
