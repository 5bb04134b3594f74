from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies import Outcome, StudyConfig, StudyResult, variants
from landmark_gui.core.studies.result import Pool, result_of
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.layout import NARROWEST, arrange, span, wrap
from landmark_gui.gui.studies.rows import Row, View, baseline_of, chance_of, rows_of

BASE = TrainConfig("p.landmarks", "m", augmentation=AugmentationConfig.log_preset().to_dict())
COMPARE = StudyConfig("compare", BASE, 3)
KEYS = [variant.key for variant in variants(COMPARE)]
SIZES = {"top": 20.0, "line": 16.0, "names": 120.0, "figures": 100.0}


def result(crops: tuple[float, ...] = (0.9, 0.92, 0.91)) -> StudyResult:
    accuracies = {
        "photos": (0.6, 0.62, 0.61),
        "photos+augmentation": (0.6, 0.6, 0.6),
        "crops": crops,
        "crops+augmentation": (0.1, 0.12, 0.11),
    }
    return result_of(COMPARE, Pool(2000, 4, 5), accuracies)


def test_rows_say_how_much_better_than_the_first_each_is():
    rows = rows_of(KEYS, result(), "gain")
    assert [row.key for row in rows] == KEYS
    assert [row.verdict for row in rows] == ["baseline", "", "helps", "harms"]
    assert [row.won for row in rows] == [False, False, True, False]
    assert rows[2].value == pytest.approx(0.3) and rows[2].trials == pytest.approx((0.3,) * 3)
    assert rows[2].figure.startswith("+0.30 (±") and rows[1].figure.startswith("-0.01 (±")
    assert rows[0].value == 0 and rows[0].figure.startswith("0.61")
    assert baseline_of(rows) == 0 and chance_of(result(), "gain") is None


def test_rows_say_how_good_each_is():
    rows = rows_of(KEYS, result(), "accuracy")
    assert [row.value for row in rows] == pytest.approx([0.61, 0.6, 0.91, 0.11])
    assert rows[2].trials == (0.9, 0.92, 0.91)
    assert baseline_of(rows) == pytest.approx(0.61)
    assert chance_of(result(), "accuracy") == 0.25


def test_before_the_last_training_nothing_is_said_to_help():
    rows = rows_of(KEYS, result(crops=(0.9, 0.92)), "gain")
    assert rows[2].spread is not None
    assert {row.verdict for row in rows} == {"baseline", ""}
    assert not any(row.won for row in rows)


@pytest.mark.parametrize("view", get_args(View))
def test_an_interval_that_says_nothing_is_not_shown(view: View):
    rows = rows_of(KEYS, result(crops=(0.9,)), view)
    assert rows[2].value is not None and rows[2].spread is None and "±" not in rows[2].figure
    waiting = rows_of(KEYS, None, view)
    assert all(row.value is None for row in waiting) and "not trained yet" in waiting[0].told()


def test_a_gain_that_rounds_to_nothing_has_no_sign():
    outcome = Outcome((0.6, 0.6), Accuracy(0.6, 0.1), Accuracy(-0.001, 0.1))
    outcomes = {"photos": outcome, "crops": outcome}
    told = StudyResult("compare", outcomes, 0.5, 9, 4, 4, None)
    assert rows_of(["photos", "crops"], told, "gain")[1].figure == "0.00 (±0.10)"


def test_a_row_is_told_in_words():
    row = rows_of(KEYS, result(), "gain", {"crops": "±20°"})[2]
    assert row.told().startswith("Crops, ±20°: +0.30 (±")
    assert row.told().endswith("3 trainings, it helps")


shares = st.floats(0, 1)


@st.composite
def many_rows(draw: st.DrawFn) -> list[Row]:
    count = draw(st.integers(2, 20))
    return [
        Row(str(n), str(n), value=draw(shares), spread=draw(st.none() | shares), trials=(0.5,))
        for n in range(count)
    ]


@given(many_rows(), shares, st.floats(300, 2000))
def test_all_dots_lie_on_the_axis_in_their_order(rows: list[Row], chance: float, width: float):
    layout = arrange(rows, "accuracy", chance, width=width, **SIZES)
    assert 0 <= layout.left < layout.right <= width
    values = sorted(row.value for row in rows if row.value is not None)
    assert all(layout.low <= value <= layout.high for value in [*values, chance])
    places = [layout.x(value) for value in values]
    assert places == sorted(places)
    assert layout.left <= places[0] and places[-1] <= layout.right
    assert layout.high - layout.low >= NARROWEST * 0.999
    for number in range(len(rows)):
        assert layout.row_at(layout.y(number)) == number
        assert layout.row_at(layout.text_y(number)) == number
    assert layout.row_at(layout.bottom + 1) is None and layout.row_at(0) is None


def test_beyond_the_axis_things_stand_at_its_end():
    layout = arrange([Row("a", "A", value=0.5)], "gain", None, width=800, **SIZES)
    assert layout.x(-5) == layout.left and layout.x(5) == layout.right


def test_an_interval_runs_off_the_axis_only_where_there_is_more():
    layout = arrange([Row("a", "A", value=0.9, spread=0.6)], "accuracy", None, width=800, **SIZES)
    assert layout.high == 1 and not layout.runs_off(1.5, "accuracy")
    assert layout.low > 0.3 and layout.runs_off(0.3, "accuracy")


def test_a_narrow_chart_has_its_axis_below_the_names():
    rows = [Row("a", "A", value=0.5), Row("b", "B", value=0.1)]
    wide, narrow = (arrange(rows, "gain", None, width=w, **SIZES) for w in (800, 400))
    assert wide.text_y(0) == wide.y(0) and narrow.text_y(0) == narrow.y(0) - 16
    assert narrow.right - narrow.left > 350 and wide.left > 120
    assert narrow.name_width + SIZES["figures"] < 400


def test_the_gain_is_measured_around_nothing():
    low, high = span([Row("a", "A", value=0.3)], "gain", None)
    assert low < 0 < 0.3 < high


def test_a_legend_flows_into_lines():
    assert wrap([50, 60, 70], 120) == [(0, 0), (0, 50), (1, 0)]
    assert wrap([500], 120) == [(0, 0)]


@pytest.mark.parametrize(
    ("term", "values", "told"),
    [
        ("rotation_range", {"rotation_range": 20.0}, "±20°"),
        ("width_shift_range", {"width_shift_range": 0.2}, "±0.2"),
        ("width_shift_range", {"width_shift_range": [-5, 5]}, "±5 ±5"),
        ("zoom_range", {"zoom_range": [0.8, 1.2]}, "0.8–1.2"),
        ("zoom_range", {"zoom_range": 0.2}, "0.8–1.2"),
        ("horizontal_flip", {"horizontal_flip": True}, ""),
        ("erasing", {"erasing": 0.5}, "0.5"),
        (
            "randaugment_count",
            {"randaugment_count": 2, "randaugment_magnitude": 9.0},
            "2 × strength 9",
        ),
    ],
)
def test_the_strength_of_an_option(term, values, told):
    assert texts.strength_text(term, values) == told


def test_options_that_are_off_are_tried_and_said_to_be_off():
    augmentation = AugmentationConfig(rotation_range=15).to_dict()
    study = StudyConfig("augmentation", TrainConfig("p", "m", augmentation=augmentation), 3)
    details = texts.details_of(study)
    assert details["rotation_range"] == "±15°"
    assert details["zoom_range"] == "0.8–1.2 (off at present)"
    assert "plain" not in details and texts.details_of(COMPARE) == {}


def test_the_settings_of_the_trainings_stand_in_a_line():
    assert texts.settings_text(StudyConfig("augmentation", BASE, 3)) == (
        "Build on a trained network · MobileNetV2 0.35 · crops · 20 epochs · 160 px"
    )
    scratch = replace(BASE, recipe="scratch", epochs=1)
    assert texts.settings_text(StudyConfig("compare", scratch, 3)) == (
        "Train from scratch · 1 epoch · 160 px"
    )


def test_the_plan_counts_the_trainings():
    assert "12 trainings: photos and crops" in texts.plan_text(COMPARE)
    study = StudyConfig("augmentation", BASE, 5)
    count = 5 * len(variants(study))
    assert f"{count} trainings" in texts.plan_text(study)
    assert "test split is not touched" in texts.plan_text(study)


def test_without_any_augmentation_that_of_the_log_is_taken_and_said():
    off = replace(BASE, augmentation=AugmentationConfig().to_dict())
    assert "student's log" in texts.plan_text(StudyConfig("compare", off, 3))
    assert "student's log" not in texts.plan_text(COMPARE)
    details = texts.details_of(StudyConfig("augmentation", off, 3))
    assert details and all("(off at present)" in detail for detail in details.values())


def test_a_row_that_failed_says_why() -> None:
    result = result_of(COMPARE, Pool(2000, 4, 5), {"photos": [0.5] * 5}, {"crops": "It is lost."})
    for view in ("gain", "accuracy"):
        row = next(row for row in rows_of(KEYS, result, view) if row.key == "crops")
        assert (row.figure, row.verdict, row.value) == ("failed", "failed", None)
        assert row.told() == "Crops: It is lost."
    lost = result_of(COMPARE, Pool(2000, 4, 5), {"crops": [0.5] * 5}, {"photos": "It is lost."})
    row = next(row for row in rows_of(KEYS, lost, "gain") if row.key == "crops")
    assert row.value is None and row.told() == "Crops: there is nothing to compare it with"
    alone = next(row for row in rows_of(KEYS, lost, "accuracy") if row.key == "crops")
    assert alone.value == 0.5
