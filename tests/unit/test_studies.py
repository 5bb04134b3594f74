"""What a study compares, and what it says of what came out."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.studies import (
    StudyConfig,
    StudyResult,
    sentence,
    variant_label,
    variants,
)
from landmark_gui.core.studies.intervals import interval, student_t
from landmark_gui.core.studies.result import result_of, rounds_for
from landmark_gui.core.studies.texts import gain_between
from tests.studies import POOL, accuracies, partial, result_with, study_of

LOG = AugmentationConfig.log_preset()
LOG_OPTIONS = [
    *("rotation_range", "width_shift_range", "height_shift_range", "shear_range"),
    *("zoom_range", "horizontal_flip"),
]


def test_an_augmentation_study_has_the_baseline_each_option_and_all() -> None:
    found = variants(study_of("augmentation"))
    assert [variant.key for variant in found] == ["plain", *LOG_OPTIONS, "all"]
    assert found[0].config.augmentation is None
    rotated = AugmentationConfig.from_dict(found[1].config.augmentation or {})
    assert rotated == AugmentationConfig(rotation_range=40)
    assert found[-1].config.augmentation == LOG.to_dict()


def test_options_have_the_strength_of_the_base_and_companions_go_along() -> None:
    base = AugmentationConfig(rotation_range=5, erasing=0.5, erasing_area=(0.1, 0.2), cval=9)
    found = {
        one.key: one for one in variants(study_of("augmentation", augmentation=base.to_dict()))
    }
    assert list(found) == ["plain", *LOG_OPTIONS, "erasing", "all"]

    def of(key: str) -> AugmentationConfig:
        return AugmentationConfig.from_dict(found[key].config.augmentation or {})

    companions = {"erasing_area": (0.1, 0.2), "cval": 9}
    assert of("rotation_range") == AugmentationConfig(rotation_range=5, **companions)
    assert of("zoom_range") == AugmentationConfig(zoom_range=LOG.zoom_range, **companions)
    assert of("erasing") == AugmentationConfig(erasing=0.5, **companions)
    assert of("all") == base


def test_companions_alone_are_no_augmentation() -> None:
    base = AugmentationConfig(fill_mode="reflect", rescale=0.5).to_dict()
    assert variants(study_of("augmentation", augmentation=base))[-1].config.augmentation == (
        LOG.to_dict()
    )


def test_a_comparison_has_photos_and_crops_each_with_and_without() -> None:
    found = variants(study_of("compare", use="photos"))
    told = [(one.key, one.config.use, one.config.augmentation is not None) for one in found]
    assert told == [
        ("photos", "photos", False),
        ("photos+augmentation", "photos", True),
        ("crops", "crops", False),
        ("crops+augmentation", "crops", True),
    ]


def test_all_variants_have_words() -> None:
    everything = AugmentationConfig(
        *(1, 0.1, 0.1, 1, (0.9, 1.1), True, True, "reflect", 1, 1, (0.9, 1.1), 0.5),
        *(0.1, 0.1, 0.1, 0.1, 0.1, 1, (50, 90), 0.5, (0.1, 0.2), 2, 5, 0.2, 0.2),
    )
    keys = [
        one.key for one in variants(study_of("augmentation", augmentation=everything.to_dict()))
    ]
    assert len(keys) == 22
    assert all(variant_label(key) != key for key in keys)
    assert variant_label("of a newer version") == "of a newer version"


def test_a_config_comes_back_from_json_and_wrong_ones_are_refused() -> None:
    study = study_of("augmentation", 7, augmentation=LOG.to_dict())
    assert StudyConfig.from_dict(json.loads(json.dumps(study.to_dict()))) == study
    for wrong in (
        {"repeats": 1},
        {"repeats": 101},
        {"repeats": 2.5},
        {"kind": "guess"},
        {"base": 3},
        {"base": {"epochs": 0}},
        {"more": 1},
    ):
        with pytest.raises(TrainingError):
            StudyConfig.from_dict({**study.to_dict(), **wrong})


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 9, 24, 99])
def test_quantiles_are_those_of_scipy(degrees: int) -> None:
    for level in (0.5, 0.9, 0.975, 1 - 0.025 / 3, 1 - 0.025 / 21):
        assert student_t(level, degrees) == pytest.approx(stats.t.ppf(level, degrees), rel=1e-9)


def test_the_interval_is_that_of_nadeau_and_bengio() -> None:
    values = [0.7, 0.74, 0.71, 0.69, 0.75]
    error = np.sqrt((1 / 5 + 1 / 4) * np.var(values, ddof=1))
    found = interval(values, folds=5, held=1000)
    assert found.value == pytest.approx(np.mean(values))
    assert found.spread == pytest.approx(stats.t.ppf(0.975, 4) * error)
    wider = interval(values, folds=5, held=1000, comparisons=7)
    assert wider.spread == pytest.approx(stats.t.ppf(1 - 0.025 / 7, 4) * error)


def test_a_handful_of_photos_all_right_is_no_certainty() -> None:
    few, many = (interval([1.0] * 5, folds=5, held=held) for held in (4, 70))
    assert 0.1 < few.spread < 0.2
    assert 0 < many.spread < 0.02
    assert interval([0.5], 5, 10).spread == 1.0


def overlapping(rng: np.random.Generator, rounds: int, many: int) -> np.ndarray:
    """Accuracies of rounds that learn from the same photos but a fifth, around 0.7.

    The correlation is what Nadeau and Bengio take it to be, held / (held + learned) = 1/5: so
    the true coverage of their interval is its nominal one.
    """
    together = rng.normal(0, np.sqrt(1 / 5), (many, 1))
    apart = rng.normal(0, np.sqrt(4 / 5), (many, rounds))
    return 0.7 + 0.02 * (together + apart)


@pytest.mark.parametrize("rounds", [5, 10, 25])
def test_intervals_hold_as_often_as_they_say(rounds: int) -> None:
    drawn = overlapping(np.random.default_rng(rounds), rounds, 4000)
    found = [interval(row.tolist(), folds=5, held=10_000) for row in drawn]
    held = np.mean([abs(one.value - 0.7) <= one.spread for one in found])
    assert 0.94 < held < 0.96
    usual = stats.t.ppf(0.975, rounds - 1) * drawn.std(axis=1, ddof=1) / np.sqrt(rounds)
    assert np.mean(abs(drawn.mean(axis=1) - 0.7) <= usual) < 0.9  # what overlap makes of it


def test_seldom_does_an_option_win_that_does_nothing() -> None:
    """Of seven that are all as good as the baseline, one would win by luck if each had its 95 %."""
    study, rng = study_of("augmentation"), np.random.default_rng(5)
    keys = [variant.key for variant in variants(study)]
    alone = won = 0
    for _ in range(1500):
        rows = overlapping(rng, 5, len(keys)).clip(0, 1).tolist()
        result = result_of(study, replace(POOL, examples=10**6), dict(zip(keys, rows, strict=True)))
        won += result.winner is not None
        gains = [[a - b for a, b in zip(row, rows[0], strict=True)] for row in rows[1:]]
        single = [interval(gain, 5, 10**6) for gain in gains]
        alone += any(one.value > one.spread for one in single)
    assert won / 1500 < 0.035  # 0.025 to one side, and chance
    assert alone / 1500 > 0.05


def test_a_result_is_paired_and_names_the_best_that_is_clear_of_zero() -> None:
    study = study_of("augmentation")
    result = result_with(study, {"zoom_range": 0.1, "shear_range": 0.2, "all": -0.2})
    assert result.winner == "shear_range"
    assert result.outcomes["plain"].gain is None
    gain = result.outcomes["zoom_range"].gain
    assert gain is not None and gain.value == pytest.approx(0.1016)
    assert gain.spread < result.outcomes["zoom_range"].accuracy.spread, "pairing pays"
    assert result.outcomes["all"].harms and not result.outcomes["rotation_range"].helps
    assert (result.done, result.planned, result.chance) == (40, 40, 0.25)
    assert StudyResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result


def test_nobody_wins_before_all_is_done() -> None:
    study = study_of("augmentation")
    trials = accuracies(study, {"zoom_range": 0.3})
    trials["all"] = trials["all"][:-1]
    result = partial(study, trials)
    assert (result.done, result.winner) == (39, None)
    assert result.outcomes["zoom_range"].helps
    assert sentence(result) == "39 of 40 trainings are done; nothing can be said before the last."
    begun = partial(study, {"plain": [0.5]})
    assert list(begun.outcomes) == ["plain"] and begun.outcomes["plain"].accuracy.spread == 1
    assert partial(study, {}).baseline is None
    assert "0 of 40" in sentence(partial(study, {}))


def test_a_winner_and_what_harms_are_named_with_their_figures() -> None:
    said = sentence(result_with(study_of("augmentation"), {"zoom_range": 0.1, "all": -0.2}))
    assert said == (
        "Zoom: 0.62 (±0.03) against 0.52 (±0.03) without. It helps: take it. "
        "All together: 0.32 (±0.03) against 0.52 (±0.03) without. It harms: leave it out."
    )


def test_where_nothing_can_be_told_it_says_what_to_do() -> None:
    study = study_of("augmentation")
    alike = {variant.key: [0.5, 0.6, 0.7, 0.6, 0.5] for variant in variants(study)}
    assert sentence(partial(study, alike)) == (
        "No option makes a difference that could be told from chance. "
        "More repeats will hardly change that; more photos may."
    )
    harmed = sentence(result_with(study_of("augmentation", 3), {"shear_range": -0.3}))
    assert harmed.startswith("No option helps as far as can be told. ")
    assert harmed.endswith("It harms: leave it out.") and "Shear: 0.2" in harmed


def test_it_says_how_many_rounds_would_tell_if_it_goes_on_like_this() -> None:
    study = study_of("augmentation")
    gains = {"zoom_range": [0.02, 0.06, 0.02, 0.05, 0.05]}
    trials = {
        variant.key: [0.5 + gain for gain in gains.get(variant.key, [0.0] * 5)]
        for variant in variants(study)
    }
    said = sentence(partial(study, trials))
    rounds = rounds_for(partial(study, trials), "zoom_range")
    assert rounds is not None and 5 < rounds < 30
    assert f"“Zoom” is told from chance after {rounds} rounds: ask for as many." in said
    assert said.startswith("No option makes a difference")
    values = gains["zoom_range"]
    scatter = np.var(values, ddof=1)
    for count, clear in ((rounds - 1, False), (rounds, True)):
        width = stats.t.ppf(1 - 0.025 / 7, count - 1) * np.sqrt((1 / count + 1 / 4) * scatter)
        assert (width < np.mean(values)) is np.bool_(clear)


def test_a_comparison_says_what_cropping_and_augmentation_are_worth() -> None:
    gains = {"crops": 0.2, "crops+augmentation": 0.25, "photos+augmentation": -0.1}
    result = result_with(study_of(), gains)
    assert sentence(result) == (
        "Best: Crops, augmented, 0.77 (±0.03) against 0.52 (±0.03) of plain photos. "
        "Cropping: +20 points (±1). Augmentation of photos: -10 points (±1). "
        "Augmentation of crops: +5 points (±0)."
    )
    gain = gain_between(result, "crops+augmentation", "crops")
    assert gain is not None and gain.value == pytest.approx(0.05)
    assert gain_between(result, "crops", "nothing") is None


def test_a_comparison_without_a_difference_says_so() -> None:
    said = sentence(result_with(study_of(), {}))
    assert said.startswith("No way is better than plain photos as far as can be told from 5 rounds")
    assert said.count("no difference that could be told from chance") == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "guess"},
        {"winner": "nobody"},
        {"chance": float("nan")},
        {"outcomes": {"photos": {"trials": [2], "accuracy": None, "gain": None}}},
        {"outcomes": [1]},
    ],
)
def test_what_is_no_result_is_refused(wrong: dict) -> None:
    from landmark_gui.core.run_results import DAMAGE

    values = result_with(study_of(), {}).to_dict()
    with pytest.raises(DAMAGE):
        StudyResult.from_dict({**values, **wrong})


LOST = "The loss is no longer a number."


def failing(study: StudyConfig, gains: dict[str, float], *failed: str) -> StudyResult:
    """Those failed in their second round."""
    trials = accuracies(study, gains)
    kept = {key: trials[key][:1] for key in failed}
    return result_of(study, POOL, {**trials, **kept}, dict.fromkeys(failed, LOST))


def test_an_option_that_failed_is_told_and_the_others_are_compared() -> None:
    found = failing(study_of("augmentation"), {"zoom_range": 0.1}, "shear_range")
    assert found.is_complete and found.winner == "zoom_range"
    assert (found.done, found.planned) == (7 * 5 + 2, 7 * 5 + 2)
    assert found.outcomes["shear_range"].gain is None and not found.outcomes["shear_range"].harms
    assert sentence(found).startswith("Zoom: 0.62 (±0.03) against 0.52 (±0.03) without. It helps")
    assert sentence(found).endswith(f"“Shear” could not be trained: {LOST}")
    assert StudyResult.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_without_the_baseline_there_is_nothing_to_compare_and_nothing_wins() -> None:
    for kind, baseline in (("augmentation", "plain"), ("compare", "photos")):
        found = failing(study_of(kind), {"zoom_range": 0.3, "crops": 0.3}, baseline)
        assert found.is_complete and found.baseline is None and found.winner is None
        assert all(outcome.gain is None for outcome in found.outcomes.values())
        words = variant_label(baseline)
        assert sentence(found) == (
            f"There is nothing to compare. “{words}” could not be trained: {LOST}"
        )


def test_of_ways_that_failed_no_difference_is_told() -> None:
    found = failing(study_of("compare"), {"crops": 0.3}, "crops+augmentation")
    said = sentence(found)
    assert "Cropping: +30 points" in said and "Augmentation of photos: no difference" in said
    assert "Augmentation of crops" not in said and "“Crops, augmented” could not be trained" in said


def test_a_failure_in_a_study_that_goes_on_is_told_too() -> None:
    study = study_of("compare", 2)
    found = result_of(study, POOL, {"photos": [0.5]}, {"crops": LOST})
    assert (found.done, found.planned, found.is_complete) == (2, 7, False)
    assert "2 of 7 trainings are done" in sentence(found) and LOST in sentence(found)
