"""Batches: what they hold depends on seed, epoch and step alone, whoever makes them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig, augment, batch_generator, generator
from landmark_gui.core.augmentation.mixing import mix

pytestmark = pytest.mark.slow
LOG = AugmentationConfig.log_preset()
MIXED = replace(LOG, mixup_alpha=0.4, cutmix_alpha=1.0)


@pytest.fixture
def examples():
    from tests.plain_batches import noise

    return noise


def taken(batches, epochs: int = 2) -> list[tuple[np.ndarray, np.ndarray]]:
    """All batches of some epochs, in order."""
    found = []
    for _ in range(epochs):
        found += [batches[step] for step in range(len(batches))]
        batches.on_epoch_end()
    return found


def same(some, others) -> bool:
    return len(some) == len(others) and all(
        np.array_equal(a, b) and a.dtype == b.dtype
        for left, right in zip(some, others, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def test_the_last_batch_holds_what_is_left(examples):
    from landmark_gui.training.batches import Batches

    with Batches(examples(10), 4) as batches:
        found = taken(batches, 1)
    assert [len(labels) for _, labels in found] == [4, 4, 2] and len(batches) == 3
    images, labels = found[2]
    assert (images.dtype, images.max() > 1) == (np.uint8, True)
    np.testing.assert_array_equal(images, examples(10).images[8:])
    np.testing.assert_array_equal(labels, [0, 1])


def test_each_epoch_has_its_own_order_and_each_seed_repeats_it(examples):
    from landmark_gui.training.batches import Batches

    def firsts(seed: int) -> list[list[float]]:
        with Batches(examples(64), 64, seed=seed, shuffle=True) as batches:
            return [images[:, 0, 0, 0].tolist() for images, _ in taken(batches, 3)]

    first = firsts(3)
    assert first[0] != first[1] != first[2]
    assert sorted(first[0]) == sorted(first[1])
    assert first == firsts(3) and first != firsts(4)


def test_training_sees_what_the_preview_shows(examples):
    from landmark_gui.training.batches import Batches

    with Batches(examples(3), 3, seed=7, augmentation=LOG) as batches:
        batches.on_epoch_end()
        for number, image in enumerate(batches[0][0]):
            shown = augment(examples(3).images[number], LOG, generator(7, 1, number))
            np.testing.assert_array_equal(image, shown)


@pytest.mark.parametrize("config", [None, LOG, MIXED], ids=["plain", "augmented", "mixed"])
def test_no_bit_depends_on_the_number_of_threads(config, examples):
    from landmark_gui.training.batches import Batches

    def made(workers: int) -> list[tuple[np.ndarray, np.ndarray]]:
        options = {"seed": 5, "shuffle": True, "augmentation": config, "classes": 2}
        with Batches(examples(50, 48), 8, workers=workers, **options) as batches:
            return taken(batches)

    reference = made(0)
    assert len(reference) == 14
    for workers in (1, 2, 4, 4):
        assert same(made(workers), reference)


def test_nor_on_the_order_in_which_they_are_asked_for(examples):
    from landmark_gui.training.batches import Batches

    with Batches(examples(40), 4, seed=1, shuffle=True, augmentation=LOG) as batches:
        reference = taken(batches, 1)
    with Batches(examples(40), 4, seed=1, shuffle=True, augmentation=LOG) as batches:
        steps = [0, 1, 0, 7, 3, 9, 9, 2, 4, 5, 6, 8, 1]
        assert same([batches[step] for step in steps], [reference[step] for step in steps])


def test_keras_learns_the_same_from_them_as_from_plain_ones():
    """Bit for bit, in a process where Keras repeats itself."""
    command = [sys.executable, "-m", "tests.plain_batches"]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    histories = json.loads(ran.stdout)
    plain = histories.pop("plain")
    assert len(set(plain["loss"])) == 3 and set(histories) == {"0", "1", "2", "4"}
    for history in histories.values():
        assert history == plain


def test_what_is_validated_is_neither_shuffled_nor_augmented(examples):
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.training.data import LearningData
    from landmark_gui.training.fitting import validation_batches

    data = LearningData(("a", "b"), examples(8), examples(21), {})
    config = TrainConfig("", "", batch_size=8, augmentation=MIXED.to_dict())
    with validation_batches(config, data) as batches:
        for images in (taken(batches, 1), taken(batches, 1)):
            pixels, labels = (np.concatenate(part) for part in zip(*images, strict=True))
            np.testing.assert_array_equal(pixels, examples(21).images)
            np.testing.assert_array_equal(labels, np.eye(2)[examples(21).labels])


def test_mixed_batches_are_those_of_the_core(examples):
    from landmark_gui.training.batches import Batches

    given = examples(10)
    with Batches(given, 4, seed=2, augmentation=MIXED, classes=2) as batches:
        batches.on_epoch_end()
        images, labels = batches[2]
    varied = [augment(given.images[n], MIXED, generator(2, 1, n)) for n in (8, 9)]
    pure = np.eye(2, dtype=np.float32)[given.labels[8:]]
    expected = mix(np.stack(varied).astype(np.float32), pure, MIXED, batch_generator(2, 1, 2))
    assert same([(images, labels)], [expected])
    np.testing.assert_allclose(labels.sum(axis=1), 1, atol=1e-6)


def test_a_last_batch_of_one_is_mixed_with_itself(examples):
    from landmark_gui.training.batches import Batches

    with Batches(examples(5), 4, augmentation=MIXED, classes=2) as batches:
        images, labels = batches[1]
    assert images.shape == (1, 32, 32, 3)
    np.testing.assert_array_equal(labels, [[1, 0]])


def test_no_more_is_made_ahead_than_memory_is_meant_for(monkeypatch, examples):
    from landmark_gui.training import batches as module

    size = 4 * 32 * 32 * 3 * 4
    for limit, depth in ((0, 1), (3 * size, 3), (10**9, 8)):
        monkeypatch.setattr(module, "AHEAD_BYTES", limit)
        assert module.Batches(examples(8), 4, workers=4)._depth == depth


def test_a_training_that_is_cancelled_leaves_no_thread(examples):
    from landmark_gui.core.errors import Cancelled
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.training import recipes
    from landmark_gui.training.data import LearningData
    from landmark_gui.training.fitting import fit

    def threads() -> set[str]:
        return {thread.name for thread in threading.enumerate()}

    before = threads()
    config = TrainConfig(
        "", "", recipe="scratch", image_size=32, batch_size=2, augmentation=LOG.to_dict()
    )
    data = LearningData(("a", "b"), examples(40), examples(8), {})
    events: list[dict] = []
    with pytest.raises(Cancelled):
        model = recipes.built_model(config, 2, print)
        fit(
            model,
            recipes.phases_of(config),
            config,
            data,
            events.append,
            lambda: any(e["event"] == "step" for e in events),
        )
    assert not {name for name in threads() - before if name.startswith("ahead")}
