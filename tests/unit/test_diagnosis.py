"""What evidence means: intervals, findings, and that nothing is said before it can be told."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.diagnosis import DeadShare, Epoch, Evidence, Finding, Watch, diagnose
from landmark_gui.core.diagnosis.chances import LUCK, Share, luck
from landmark_gui.core.diagnosis.findings import KINDS
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.runs import TrainConfig

NAMES = ("A", "B", "C")
GUESS = math.log(3)


def config(**values) -> TrainConfig:
    return TrainConfig("p", "o", **{"recipe": "scratch", "batch_normalization": False, **values})


def evidence(
    losses, val_losses=(), accuracies=(), val_accuracies=(), train=40, judges=10, **values
) -> Evidence:
    """Of three landmarks. What has no value for each epoch repeats its last one."""

    def at(figures, number):
        return figures[min(number, len(figures) - 1)] if len(figures) else None

    epochs = tuple(
        Epoch(loss, at(accuracies, n), at(val_losses, n), at(val_accuracies, n), 1e-3)
        for n, loss in enumerate(losses)
    )
    counts = {
        "train": dict.fromkeys(NAMES, train),
        "validation": dict.fromkeys(NAMES, judges),
    }
    given = {"config": config(), "planned": len(epochs), **values}
    return Evidence(counts=counts, epochs=epochs, **given)


def kinds(e: Evidence) -> list[str]:
    return [finding.kind for finding in diagnose(e)]


HEALTHY = {
    "losses": [1.1, 0.8, 0.5, 0.4, 0.3, 0.25, 0.2, 0.18, 0.15, 0.14, 0.13, 0.12],
    "val_losses": [1.1, 0.9, 0.7, 0.5, 0.45, 0.4, 0.35, 0.3, 0.31, 0.3, 0.32, 0.3],
    "accuracies": [0.4, 0.6, 0.8, 0.85, 0.9, 0.95],
    "val_accuracies": [0.4, 0.5, 0.7, 0.83, 0.9, 0.87, 0.93],
}


@given(st.integers(1, 60), st.data())
def test_luck_is_the_tail_of_the_binomial_distribution(of, data):
    right = data.draw(st.integers(0, of))
    guess = Fraction(data.draw(st.integers(1, 19)), 20)
    exact = sum(comb(of, k) * guess**k * (1 - guess) ** (of - k) for k in range(right, of + 1))
    assert luck(right, of, float(guess)) == pytest.approx(float(exact), rel=1e-9)


def test_the_extremes_of_luck():
    assert luck(3, 5, 1.0) == 1 and luck(3, 5, 0.0) == 0 and luck(0, 0, 0.3) == 1


@pytest.mark.parametrize(
    ("right", "of", "interval"),
    # Newcombe 1998, table I, method 3 (https://doi.org/10.1002/sim.857)
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_intervals_are_those_of_wilson(right, of, interval):
    assert Share(right, of).interval == pytest.approx(interval, abs=6e-5)


def test_nothing_was_seen_and_nothing_is_told():
    nothing = Share(0, 0)
    assert nothing.interval == (0, 1)
    assert not nothing.beats(0.5) and not nothing.is_guessing(0.5)


@pytest.mark.parametrize(("of", "guess"), [(10, 1 / 3), (30, 1 / 3), (60, 1 / 7)])
def test_who_guesses_seldom_seems_to_know(of, guess):
    rights = np.random.default_rng(0).binomial(of, guess, 4000)
    seems = np.mean([Share(int(right), of).beats(guess) for right in rights])
    assert seems <= LUCK + 0.01


def test_a_few_photos_tell_nobody_that_a_network_guesses():
    assert not Share(1, 3).is_guessing(1 / 3)
    assert not Share(3, 6).is_guessing(1 / 3)
    assert Share(8, 24).is_guessing(1 / 3)
    assert not Share(20, 24).is_guessing(1 / 3)


def test_the_guess_is_the_commonest_landmark():
    e = replace(evidence([1.0]), counts={"train": {"A": 8, "B": 2}, "validation": {"A": 9, "B": 1}})
    assert (e.train_guess, e.guess) == (0.8, 0.9)
    assert Evidence(config()).guess == 1


def test_who_always_says_the_commonest_landmark_is_at_chance():
    """Nine of ten right, as nine of ten photos show the same landmark."""
    e = evidence([0.33] * 12, [0.33] * 12, [0.9], [0.9], judges=20)
    e = replace(e, counts={"train": {"A": 90, "B": 10}, "validation": {"A": 270, "B": 30}})
    assert kinds(e) == ["at_chance"]


@pytest.mark.parametrize("epochs", range(1, 13))
def test_a_healthy_training_is_accused_in_no_epoch(epochs):
    e = evidence(**HEALTHY, planned=12)
    assert kinds(replace(e, epochs=e.epochs[:epochs])) == []
    assert kinds(replace(e, finished=True)) == []


@given(st.integers(0, 2**32 - 1))
def test_a_healthy_training_is_not_accused_for_few_photos_that_jump(seed):
    """Thirty photos, of which each is named correctly with a probability of 0.93."""
    random = np.random.default_rng(seed)
    e = evidence(**HEALTHY)
    jumping = tuple(
        replace(
            epoch,
            val_accuracy=random.binomial(30, 0.93) / 30,
            val_loss=epoch.val_loss and epoch.val_loss * random.uniform(0.95, 1.05),
        )
        for epoch in e.epochs
    )
    assert set(kinds(replace(e, epochs=jumping))) <= {"over_fitting"}
    low = sum(epoch.val_accuracy < 0.8 for epoch in jumping[-3:])
    if not low:
        assert kinds(replace(e, epochs=jumping)) == []


def test_a_plateau_at_a_good_accuracy_is_no_illness():
    e = evidence([0.1] * 30, [0.3] * 30, [0.97], [0.93])
    assert kinds(e) == []


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_is_told_of_one_or_two_epochs(count):
    e = evidence([50.0, 80.0][:count], [50.0], [0.3], [0.3], planned=20)
    assert kinds(replace(e, dead=(DeadShare("x", 1.0),))) == []


def test_a_lost_loss_is_told_at_once_and_alone():
    e = replace(evidence([50.0] * 9, [50.0], [0.3], [0.3]), lost=(10, 3))
    (finding,) = diagnose(e)
    assert finding.kind == "loss_lost" and "Epoch 10, step 3" in finding.evidence
    assert dict(finding.remedies[0].changes) == {"learning_rate": 1e-4}


@pytest.mark.parametrize(
    ("losses", "found"),
    [
        ([30.0, 5.0, 1.2, 1.1], True),  # exploded, and learned nothing since
        ([30.0, 0.9, 0.4, 0.3, 0.2], False),  # exploded, and recovered
        ([0.9, 0.5, 0.9, 0.5, 0.9], True),  # up and down
        ([0.9, 0.5, 0.8, 0.4, 0.3, 0.2, 0.15, 0.1], False),  # one jump
        ([0.02, 0.001, 0.03, 0.001, 0.04], False),  # jumps near zero are none
    ],
)
def test_a_loss_that_jumps_means_a_rate_that_is_too_high(losses, found):
    e = evidence(losses, losses, [0.9], [0.9], planned=40)
    assert ("rate_too_high" in kinds(e)) is found


def test_dead_units_are_blamed_only_where_the_network_does_not_get_on():
    dead = (DeadShare("a", 0.0), DeadShare("b", 0.1), DeadShare("c", 0.83), DeadShare("d", 0.2))
    stuck = replace(evidence([1.09] * 6, [1.1] * 6, [0.35], [0.33], planned=40), dead=dead)
    (finding,) = diagnose(stuck)
    assert finding.kind == "dead_units" and "83% of block 3 never fires" in finding.evidence
    assert [dict(each.changes) for each in finding.remedies] == [
        {"activation": "prelu"},
        {"learning_rate": 1e-4},
        {"batch_normalization": True},
    ]
    assert kinds(replace(evidence(**HEALTHY), dead=dead)) == []
    few = tuple(replace(each, share=each.share / 2) for each in dead)
    assert "dead_units" not in kinds(replace(stuck, dead=few))


def test_a_validation_loss_that_stops_half_way_is_blamed_on_dead_units_too():
    e = evidence([0.8] * 12, [0.9, 0.8] + [0.79] * 10, [0.6], [0.6], planned=40)
    assert kinds(replace(e, dead=(DeadShare("a", 0.9),))) == ["dead_units"]


def test_shuffled_labels_need_many_photos():
    by_heart = {"losses": [1.0, 0.5] + [0.1] * 8, "val_losses": [1.1, 1.3] + [2.0] * 8}
    e = evidence(**by_heart, accuracies=[0.98], val_accuracies=[0.33])
    assert kinds(e) == ["labels_shuffled"]
    assert kinds(replace(e, epochs=e.epochs[:7])) == ["over_fitting"]  # too early
    few = evidence(**by_heart, accuracies=[0.98], val_accuracies=[0.33], train=8)
    assert kinds(few) == ["over_fitting", "too_few_photos"]


def test_shuffled_labels_are_doubted_after_the_probe():
    e = evidence(**HEALTHY)
    assert kinds(replace(e, cross_validated=Accuracy(0.34, 0.05))) == ["labels_shuffled"]
    assert kinds(replace(e, cross_validated=Accuracy(0.5, 0.05))) == []
    assert kinds(replace(e, cross_validated=Accuracy(0.4, 0.4))) == []  # it tells nothing


def test_over_fitting_needs_a_gap_that_few_photos_cannot_explain():
    curves = {
        "losses": [1.0, 0.6, 0.4, 0.2, 0.1, 0.05, 0.02, 0.01],
        "val_losses": [1.0, 0.8, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4],
        "accuracies": [1.0],
        "val_accuracies": [0.7],
    }
    (finding,) = diagnose(evidence(**curves))
    assert finding.kind == "over_fitting" and "lowest in epoch 3 (0.700)" in finding.evidence
    assert "21 of 30" in finding.evidence
    good = {**curves, "val_accuracies": [0.93], "accuracies": [0.98]}
    assert kinds(evidence(**good)) == []
    assert "over_fitting" not in kinds(evidence(**curves, judges=1))


def test_under_fitting_is_told_at_the_end_and_asks_for_epochs_where_they_help():
    falling = evidence([1.1, 0.95, 0.8, 0.7], [1.0, 0.9, 0.8, 0.75], [0.6], [0.6], planned=4)
    assert kinds(falling) == []
    (finding,) = diagnose(replace(falling, finished=True))
    assert finding.kind == "under_fitting"
    assert dict(finding.remedies[0].changes) == {"epochs": 60}
    flat = evidence([0.8] * 20, [0.8] * 20, [0.6], [0.6], planned=20, finished=True)
    (finding,) = diagnose(flat)
    assert finding.kind == "under_fitting" and "cannot learn" in finding.text


@pytest.mark.parametrize(("network", "offered"), [("modern", True), ("log", False)])
def test_no_dropout_is_offered_to_a_network_that_has_none(network, offered):
    e = evidence([0.8] * 20, [0.8] * 20, [0.6], [0.6], planned=20, finished=True)
    (finding,) = diagnose(replace(e, config=config(network=network)))
    assert any("dropout" in remedy.changes for remedy in finding.remedies) is offered


def test_accuracy_under_augmentation_does_not_accuse_of_under_fitting():
    varied = config(augmentation={"rotation_range": 40.0})
    e = evidence([0.8] * 20, [0.3] * 20, [0.6], [0.9], config=varied, finished=True)
    assert kinds(e) == []
    measured = replace(e, plain=Share(30, 64))
    assert kinds(measured) == ["under_fitting"]


def test_a_plateau_short_of_good_does_not_move():
    e = evidence([0.4] * 20, [0.6] * 20, [0.82], [0.78], judges=30, plain=Share(58, 64))
    assert kinds(e) == ["not_moving"]
    assert kinds(replace(e, epochs=e.epochs[:5])) == []


@pytest.mark.parametrize(
    ("recipe", "train", "found"),
    [("scratch", 9, True), ("scratch", 10, False), ("transfer", 5, False), ("transfer", 4, True)],
)
def test_too_few_photos_are_told_where_the_model_is_not_good_all_the_same(recipe, train, found):
    few = evidence(
        **{**HEALTHY, "val_accuracies": [0.8]}, train=train, config=config(recipe=recipe)
    )
    assert ("too_few_photos" in kinds(few)) is found
    good = evidence(**{**HEALTHY, "val_accuracies": [1.0]}, train=train)
    assert kinds(good) == []


def test_without_validation_photos_that_is_said():
    counts = {"train": dict.fromkeys(NAMES, 40), "validation": {}}
    e = replace(evidence([0.5, 0.4, 0.3], accuracies=[0.9]), counts=counts)
    (finding,) = diagnose(e)
    assert finding.kind == "too_few_photos" and "No validation photo" in finding.evidence


def test_remedies_offer_only_what_is_not_so_already():
    full = config(
        recipe="transfer", augmentation={"rotation_range": 40.0}, dropout=0.5, learning_rate=1e-6
    )
    sick = [
        replace(evidence([1.1] * 12, [1.1] * 12, [0.33], [0.33]), config=full),
        replace(evidence([1.0, 0.1] * 6, [1.0, 2.0] * 6, [0.98], [0.7]), config=full),
    ]
    for e in sick:
        for finding in diagnose(e):
            for remedy in finding.remedies:
                fields = set(remedy.changes)
                assert not fields & {"recipe", "augmentation", "activation"}, finding
                assert remedy.changes.get("learning_rate") != 1e-7


def test_every_change_of_a_remedy_makes_a_config():
    e = evidence([1.1] * 12, [1.1] * 12, [0.33], [0.33], train=4)
    for dead in ((), (DeadShare("a", 1.0),)):
        for finding in diagnose(replace(e, dead=dead)):
            for remedy in finding.remedies:
                TrainConfig.from_dict({**e.config.to_dict(), **remedy.changes})
                assert bool(remedy.changes) != bool(remedy.page)


def test_findings_survive_a_round_trip():
    for finding in diagnose(evidence([1.1] * 12, [1.1] * 12, [0.33], [0.33], train=4)):
        assert finding.kind in KINDS
        assert Finding.from_dict(finding.to_dict()).to_dict() == finding.to_dict()
    with pytest.raises(ValueError, match="no finding"):
        Finding.from_dict({"kind": "x", "text": "", "evidence": "", "remedies": []})


class TestWatch:
    def start(self, **values) -> tuple[Watch, list[dict]]:
        events: list[dict] = []
        watch = Watch(config(**values), events.append)
        counts = {"train": dict.fromkeys(NAMES, 40), "validation": dict.fromkeys(NAMES, 10)}
        watch({"event": "dataset", "counts": counts, "epochs": 20, "classes": [*NAMES]})
        return watch, events

    def epoch(self, number: int, **figures) -> dict:
        values = {"loss": GUESS, "accuracy": 0.33, "val_loss": GUESS, "val_accuracy": 0.33}
        return {
            "event": "epoch",
            "epoch": number,
            "epochs": 20,
            "learning_rate": 1e-3,
            **values,
            **figures,
        }

    def test_every_event_passes_and_a_diagnosis_comes_when_it_changes(self):
        watch, events = self.start()
        for number in range(1, 8):
            watch(self.epoch(number))
        passed = [event["event"] for event in events]
        assert passed[:6] == ["dataset", *["epoch"] * 5]
        assert passed[6:] == ["epoch", "diagnosis", "epoch", "diagnosis"]  # with newer figures
        assert watch.to_list() == events[-1]["findings"]
        assert events[-1]["findings"][0]["kind"] == "not_moving"

    def test_a_loss_that_is_no_number_is_seen_in_the_step(self):
        watch, events = self.start()
        watch({"event": "step", "loss": math.nan, "epoch": 1, "step": 4})
        assert events[-1]["findings"][0]["kind"] == "loss_lost"

    def test_figures_that_are_no_numbers_are_passed_over(self):
        watch, _ = self.start()
        for number in range(1, 9):
            watch(self.epoch(number, val_loss=math.nan, val_accuracy=None, loss=0.5, accuracy=0.9))
        assert watch.to_list() == []

    def test_looks_are_remembered_until_the_next(self):
        watch, _ = self.start()
        for number in range(1, 5):
            look = {"dead": [{"layer": "a", "share": 0.9}]} if number == 2 else {}
            watch(self.epoch(number, **look))
        assert [finding.kind for finding in watch.findings] == ["dead_units"]

    def test_the_probe_has_the_last_word(self):
        watch, events = self.start()
        assert watch.conclude(None) == []
        found = watch.conclude({"honest": {"value": 0.33, "spread": 0.04}})
        assert found[0]["kind"] == "labels_shuffled"
        assert events[-1] == {"event": "diagnosis", "findings": found}
