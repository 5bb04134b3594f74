"""Every illness that a diagnosis knows, produced for real; and healthy trainings, not accused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.drawn_data import diagnosed, drawn_data, kinds_of
from tests.thorough import thorough, when_thorough

pytestmark = pytest.mark.slow


def changes_of(watch: Any, kind: str) -> list[dict[str, Any]]:
    (finding,) = (each for each in watch.findings if each.kind == kind)
    return [dict(remedy.changes) for remedy in finding.remedies]


@pytest.mark.parametrize("seed", thorough([0], range(5)))
def test_a_healthy_training_is_accused_of_nothing(seed):
    """In no epoch, although 24 validation photos jump."""
    watch, events = diagnosed(drawn_data(), seed, epochs=6)
    assert watch.findings == () and kinds_of(events) == []
    assert [event for event in events if event["event"] == "epoch"][-1]["val_accuracy"] > 0.9


def test_a_healthy_training_with_augmentation_is_accused_of_nothing():
    from landmark_gui.core.augmentation import AugmentationConfig

    varied = AugmentationConfig.log_preset().to_dict()
    _, events = diagnosed(drawn_data(), epochs=8, augmentation=varied, dropout=0.3)
    assert kinds_of(events) == []


def test_a_rate_that_is_too_high_kills_units_and_both_are_told():
    watch, _ = diagnosed(drawn_data(), epochs=5, learning_rate=0.1, network="log")
    assert [finding.kind for finding in watch.findings] == ["rate_too_high", "dead_units"]
    assert changes_of(watch, "rate_too_high") == [
        {"learning_rate": 0.01},
        {"network": "modern", "batch_normalization": True},
    ]
    assert "guessing costs 1.10" in watch.findings[0].evidence
    assert "the rate is 0.1" in watch.findings[0].evidence
    assert {"activation": "prelu"} in changes_of(watch, "dead_units")


def test_a_loss_that_is_lost_is_told_before_the_training_fails():
    import keras

    def reckless() -> keras.Optimizer:
        return keras.optimizers.SGD(1e12)

    watch, events = diagnosed(
        drawn_data(each=8), epochs=3, batch_normalization=False, optimizer=reckless
    )
    (finding,) = watch.findings
    assert finding.kind == "loss_lost" and "Epoch 1, step" in finding.evidence
    assert kinds_of(events)[-1] == {"loss_lost"}
    assert {"batch_normalization": True} in changes_of(watch, "loss_lost")


def test_rectifiers_with_large_negative_biases_are_found_layer_by_layer():
    def drown(model: Any) -> None:
        """106 of the 128 channels of block 3 far below zero, and so little of the others that no
        unit of block 4, with biases of -1, fires either."""
        third = [layer for layer in model.layers if "conv2d" in layer.name][2]
        kernel, bias = third.get_weights()
        bias[:106] = -50
        kernel[..., 106:] *= 0.01
        third.set_weights([kernel, bias])
        units = next(layer for layer in model.layers if "dense" in layer.name)
        kernel, bias = units.get_weights()
        units.set_weights([kernel, bias - 1])

    watch, events = diagnosed(
        drawn_data(), epochs=6, network="log", learning_rate=1e-4, spoil=drown
    )
    (finding,) = (each for each in watch.findings if each.kind == "dead_units")
    shares = [each["share"] for each in [e for e in events if e.get("dead")][-1]["dead"]]
    assert max(shares[:2]) < 0.5 and shares[2] >= 106 / 128 and shares[3] == 1
    assert "100% of block 4 never fires" in finding.evidence
    assert f"{shares[2]:.0%}" in finding.evidence


def test_shuffled_labels_are_doubted():
    watch, _ = diagnosed(drawn_data(shuffled=1), epochs=10)
    (finding,) = watch.findings
    assert finding.kind == "labels_shuffled"
    assert "of 24" in finding.evidence and "33%" in finding.evidence
    assert [remedy.page for remedy in finding.remedies] == ["quality"]


def test_few_photos_learned_by_heart_are_over_fitting():
    data = drawn_data(each=5, judges=20, whole=True)
    watch, _ = diagnosed(
        data, epochs=25, learning_rate=3e-3, batch_normalization=False, batch_size=5
    )
    assert [finding.kind for finding in watch.findings] == ["over_fitting", "too_few_photos"]
    first, second, *_ = changes_of(watch, "over_fitting")
    assert first["augmentation"]["rotation_range"] == 40 and second == {"dropout": 0.5}


def test_a_rate_that_is_far_too_low_moves_nothing_and_stays_at_chance():
    watch, events = diagnosed(
        drawn_data(), epochs=10, learning_rate=1e-6, batch_normalization=False
    )
    assert {"not_moving"} in kinds_of(events)[:-1]
    (finding,) = watch.findings
    assert finding.kind == "at_chance" and "of 24" in finding.evidence
    assert {"learning_rate": 1e-5} in changes_of(watch, "at_chance")


def test_a_training_that_is_too_short_is_under_fitting():
    watch, _ = diagnosed(drawn_data(), epochs=2, learning_rate=1e-5)
    (finding,) = watch.findings
    assert finding.kind == "under_fitting" and "after 2 epochs" in finding.evidence
    assert {"epochs": 20} in changes_of(watch, "under_fitting")


@when_thorough
def test_too_few_photos_are_pointed_out():
    watch, events = diagnosed(drawn_data(each=3, judges=2), epochs=4)
    assert watch.findings[-1].kind == "too_few_photos"
    assert "3 training photos" in watch.findings[-1].evidence
    early = [event["event"] for event in events].index("diagnosis")
    assert sum(event["event"] == "epoch" for event in events[:early]) >= 3
