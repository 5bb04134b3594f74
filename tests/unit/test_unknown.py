"""The rule by which a verdict is unknown, and what its thresholds do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from landmark_gui.core.unknown import (
    BACKGROUND,
    BOTH,
    LANDMARKS,
    MAX_POINTS,
    Operating,
    UnknownRule,
    unknown_sentence,
)

POINTS = (Operating(0.2, 1.0, 0.1), Operating(0.4, 0.9, 0.5), Operating(0.8, 0.3, 1.0))
RULE = UnknownRule(threshold=0.4, operating=POINTS, own=30, strangers=12, strangers_kind=BOTH)


@pytest.mark.parametrize(
    ("threshold", "kept", "refused"),
    [
        (0.0, 1.0, 0.1),
        (0.2, 1.0, 0.1),
        (0.3, 0.95, 0.3),
        (0.4, 0.9, 0.5),
        (0.7, 0.45, 0.875),
        (0.8, 0.3, 1.0),
        (1.0, 0.3, 1.0),
    ],
)
def test_between_two_measured_thresholds_is_a_line(threshold, kept, refused):
    found = RULE.at(threshold)
    assert found is not None
    assert (found.threshold, found.kept, found.refused) == pytest.approx((threshold, kept, refused))


def test_equal_thresholds_are_a_step():
    steps = (Operating(0.5, 1.0, 0.0), Operating(0.5, 0.6, 0.8))
    found = UnknownRule(operating=steps).at(0.5)
    assert found == Operating(0.5, 0.6, 0.8)


def test_what_was_not_measured_is_not_told():
    assert UnknownRule().at(0.5) is None
    assert UnknownRule(operating=POINTS[:1]).at(0.9) == Operating(0.9, 1.0, 0.1)


@pytest.mark.parametrize(
    ("kind", "measured"),
    [
        (BACKGROUND, "Measured with 12 parts of photos outside of their boxes."),
        (LANDMARKS, "with 12 photos of landmarks that were left out of the training in turn."),
        (BOTH, "with 12 parts of photos outside of their boxes and photos of landmarks"),
    ],
)
def test_the_sentence_names_both_shares_and_the_strangers(kind, measured):
    said = unknown_sentence(replace(RULE, strangers_kind=kind))
    assert said.startswith(
        "It says unknown to 50% of strangers while keeping 90% of its own photos."
    )
    assert measured in said


def test_the_sentence_says_that_there_were_no_strangers():
    assert "no strangers to measure" in unknown_sentence(UnknownRule())


def test_a_rule_comes_back_as_it_was_written():
    assert UnknownRule.from_dict(json.loads(json.dumps(RULE.to_dict()))) == RULE


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "magic"},
        {"kind": ["confidence"]},
        {"threshold": float("nan")},
        {"threshold": "0.5"},
        {"threshold": 10**400},
        {"threshold": True},
        {"operating": None},
        {"operating": {"0.5": 1}},
        {"operating": [[0.5, 1.0]]},
        {"operating": [[0.5, 1.0, 0.5, 0.5]]},
        {"operating": [[0.5, 1.0, float("inf")]]},
        {"operating": [0.5]},
        {"operating": [[0.5, 1.0, 0.0], [0.4, 1.0, 0.0]]},
        {"operating": [[0.5, 1.0, 0.0]] * (MAX_POINTS + 1)},
        {"own": -1},
        {"own": 1.5},
        {"strangers": 10**30},
        {"strangers_kind": 3},
        {"strangers_kind": "martians"},
        {"strangers_kind": []},
    ],
)
def test_values_that_make_no_sense_are_refused(change: dict):
    with pytest.raises(ValueError):
        UnknownRule.from_dict({**RULE.to_dict(), **change})


@pytest.mark.parametrize("name", RULE.to_dict())
def test_a_missing_value_is_refused(name: str):
    values = RULE.to_dict()
    del values[name]
    with pytest.raises(ValueError):
        UnknownRule.from_dict(values)
