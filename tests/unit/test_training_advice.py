from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import backbones
from landmark_gui.core.runs import ALPHAS, BACKBONES, RECIPES, TrainConfig
from landmark_gui.core.training_advice import (
    PATIENCE_SECONDS,
    Facts,
    advise,
    seconds_of_looks,
    usual_size,
)

GIGABYTE = 10**9
FEW = {"A": 40, "B": 50, "C": 30}
MANY = {"A": 900, "B": 800}
EVERYTHING = frozenset(known.key for known in backbones.ALL)


def facts(examples: dict[str, int], cores: int = 2, memory: int = 8 * GIGABYTE, **rest) -> Facts:
    return Facts(examples, cores, memory, **rest)


@given(
    st.dictionaries(st.text("ABC", max_size=3), st.integers(0, 10**6), max_size=5),
    st.integers(1, 256),
    st.integers(0, 10**12),
    st.booleans(),
    st.sets(st.sampled_from(sorted(EVERYTHING))),
    st.sampled_from([None, *RECIPES]),
)
def test_whatever_the_facts_the_advice_is_a_training_with_reasons(
    examples, cores, memory, gpu, at_hand, recipe
):
    advice = advise(Facts(examples, cores, memory, gpu, frozenset(at_hand)), recipe)
    config = TrainConfig(
        "p",
        "m",
        recipe=advice.recipe,
        backbone=advice.backbone.name,
        alpha=advice.backbone.alpha,
        image_size=advice.image_size,
        batch_size=advice.batch_size,
        epochs=advice.epochs,
        class_weights=advice.class_weights,
    )
    assert recipe is None or config.recipe == recipe
    chosen = {"recipe", "backbone", "image_size", "batch_size", "epochs", "augment"}
    assert set(advice.reasons) == {*chosen, "class_weights"}
    assert all(reason and "{" not in reason for reason in advice.reasons.values())


def test_tuning_is_for_many_examples_on_a_quick_machine() -> None:
    assert advise(facts(FEW, cores=32)).recipe == "transfer"
    assert advise(facts(MANY, cores=2)).recipe == "transfer"
    assert advise(facts(MANY, cores=8)).recipe == "fine-tune"
    assert advise(facts(MANY, gpu=True)).recipe == "fine-tune"


def test_the_best_network_within_a_minute_is_chosen() -> None:
    accuracies = []
    for cores in (1, 2, 4, 16, 64):
        chosen = advise(facts(FEW, cores)).backbone
        quick = [
            known
            for known in backbones.ALL
            if seconds_of_looks(facts(FEW, cores), known, usual_size("transfer", known))
            <= PATIENCE_SECONDS
        ]
        assert not quick or chosen.accuracy == max(known.accuracy for known in quick)
        accuracies.append(chosen.accuracy)
    assert accuracies == sorted(accuracies) and len(set(accuracies)) > 2
    assert advise(facts(FEW, gpu=True)).backbone.name == "efficientnet_v2_b3"
    slow = advise(facts({"A": 10**6, "B": 10**6}, cores=1))
    assert slow.backbone.name == "mobilenet_v3_small" and "quickest" in slow.reasons["backbone"]
    here = facts({"A": 10**6, "B": 10**6}, 1, at_hand=frozenset({("mobilenet_v2", 0.35)}))
    assert advise(here).backbone.key == ("mobilenet_v2", 0.35)


def test_weights_that_are_here_need_no_download() -> None:
    here = facts(FEW, cores=64, at_hand=frozenset({("mobilenet_v2", 0.5)}))
    assert advise(here).backbone.key == ("mobilenet_v2", 0.5)
    assert "MB to download" in advise(facts(FEW)).reasons["backbone"]
    too_slow = facts(MANY, cores=1, at_hand=frozenset({("convnext_tiny", 1.0)}))
    assert advise(too_slow).backbone.name != "convnext_tiny"


def test_a_batch_fits_into_the_memory() -> None:
    large = backbones.backbone("efficientnet_v2_b3", 1.0)
    sizes = [
        advise(facts(MANY, 8, memory * GIGABYTE), "fine-tune", large).batch_size
        for memory in (1, 16, 64, 256)
    ]
    assert sizes == sorted(sizes) and sizes[0] == 4 and sizes[-1] == 16
    assert advise(facts(MANY, 8, 256 * GIGABYTE, gpu=True), "fine-tune").batch_size == 64


def test_rare_landmarks_are_named_and_weighed() -> None:
    advice = advise(facts({"Petra": 10, "Giza": 31, "none yet": 0}))
    assert advice.class_weights and "Petra" in advice.reasons["class_weights"]
    assert not advise(facts({"Petra": 10, "Giza": 29})).class_weights


def test_few_examples_from_scratch_need_more_epochs() -> None:
    epochs = [advise(facts({"A": n, "B": n}), "scratch").epochs for n in (10, 100, 5000)]
    assert epochs == sorted(epochs, reverse=True) and epochs[0] == 200 and epochs[-1] == 40


def test_the_networks_are_told_apart() -> None:
    for name in ("key", "parameters", "title", "file"):
        assert len({getattr(known, name) for known in backbones.ALL}) == len(backbones.ALL)
    assert {known.name for known in backbones.ALL} == set(BACKBONES)
    for name in BACKBONES:
        for alpha in ALPHAS:
            found = backbones.backbone(name, alpha)
            assert found.name == name and (found.alpha == alpha or name != "mobilenet_v2")


def test_downloads_are_found_where_keras_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert backbones.at_hand() == frozenset()
    known = backbones.backbone("mobilenet_v3_large", 1.0)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / f"{known.file}.12.part").touch()
    assert backbones.at_hand() == frozenset()
    (tmp_path / "models" / known.file).touch()
    assert backbones.at_hand() == {known.key}
