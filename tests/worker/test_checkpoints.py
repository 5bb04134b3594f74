"""Fitting that goes on from a checkpoint: phases, schedules, averaged weights, early stopping."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.runs import TrainConfig

pytestmark = pytest.mark.slow
SIDE, EPOCHS = 32, (3, 4)
VARIED = AugmentationConfig(rotation_range=10, horizontal_flip=True).to_dict()


class Disk:
    """Keeps checkpoints in a folder, as a run does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written = 0

    def load(self) -> Any:
        from landmark_gui.training.checkpoints import read_checkpoint

        return read_checkpoint(self._folder)

    def save(self, checkpoint: Any) -> None:
        from landmark_gui.training.checkpoints import write_checkpoint

        self.written += 1
        write_checkpoint(self._folder, checkpoint)

    def epoch_done(self, history: Any) -> None:
        pass


def made_data() -> Any:
    from landmark_gui.training.data import LabelledImages, LearningData

    random = np.random.default_rng(0)

    def part(count: int) -> LabelledImages:
        labels = np.arange(count, dtype=np.int32) % 2
        images = random.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
        images[labels == 1, :, :, 0] //= 2
        return LabelledImages(images, labels)

    return LearningData(("a", "b"), part(13), part(6), {})


def made_model() -> Any:
    """A frozen backbone with batch normalisation under a last layer with dropout."""
    import keras
    from keras import layers

    from landmark_gui.core.backbones import backbone as known
    from landmark_gui.training.recipes import transfer

    keras.utils.set_random_seed(3)
    backbone = keras.Sequential(
        [
            layers.Input((SIDE, SIDE, 3)),
            layers.Conv2D(8, 3, strides=4, name="below"),
            layers.BatchNormalization(momentum=0.5),
            layers.ReLU(),
        ],
        name="tiny",
    )
    return transfer.network(known("mobilenet_v2", 0.35), backbone, SIDE, 2, 0.4)


def head_then_top(top_rate: float = 0.02) -> Sequence[Any]:
    """As `fine-tune` has them: the head on features, then all with averaged weights."""
    import keras

    from landmark_gui.training.fitting import Phase

    def loss(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])

    def head(model: keras.Model, batches: Any) -> None:
        model.get_layer("tiny").trainable = False
        loss(model, keras.optimizers.Adam(0.05))

    def top(model: keras.Model, batches: Any) -> None:
        model.get_layer("tiny").trainable = True
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, EPOCHS[1] * len(batches), warmup_target=top_rate, warmup_steps=len(batches)
        )
        averaged = {"use_ema": True, "ema_momentum": 0.5}
        loss(model, keras.optimizers.AdamW(rate, weight_decay=0.01, **averaged))

    swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
    return Phase(EPOCHS[0], head), Phase(EPOCHS[1], top, [swap])


def head_that_stops() -> Sequence[Any]:
    """A first phase that a callback ends after three of its eight epochs."""
    import keras

    from landmark_gui.training.fitting import Phase

    class Patience(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            self._waited = 0

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._waited += 1
            self.model.stop_training = self._waited >= EPOCHS[0]

    first, second = head_then_top()
    return Phase(8, first.prepare, [Patience()]), second


def fitted(phases: Sequence[Any], keeper: Any = None, stop_after: int = 0) -> tuple[Any, list]:
    from landmark_gui.training.fitting import fit

    events: list[dict[str, Any]] = []

    def cancelled() -> bool:
        ended = [e["epoch"] for e in events if e["event"] == "epoch" and not e.get("again")]
        return bool(stop_after) and stop_after in ended

    config = TrainConfig("", "", batch_size=4, epochs=20, seed=5, augmentation=VARIED)
    made = fit(made_model(), phases, config, made_data(), events.append, cancelled, keeper)
    return made, events


def check_same(whole: Any, resumed: Any) -> None:
    assert (resumed.history, resumed.best_epoch) == (whole.history, whole.best_epoch)
    for one, other in zip(whole.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("phases", "stops"), [(head_then_top, (1, 3, 5)), (head_that_stops, (2, 3))]
)
def test_it_goes_on_from_an_epoch_to_the_same_result(phases, stops, tmp_path: Path):
    """Also where a phase has just ended, by its epochs or early."""
    whole, _ = fitted(phases())
    assert len(whole.history["loss"]) == sum(EPOCHS)
    if phases is head_then_top:
        assert len(set(whole.history["learning_rate"][3:])) == EPOCHS[1], "the schedule moves"
    for epoch in stops:
        disk = Disk(tmp_path / str(epoch))
        with pytest.raises(Cancelled):
            fitted(phases(), disk, stop_after=epoch)
        checkpoint = disk.load()
        assert checkpoint.standing.done == epoch
        assert checkpoint.standing.phase == (epoch > EPOCHS[0])
        resumed, _ = fitted(phases(), disk)
        check_same(whole, resumed)


def test_the_best_epoch_may_lie_in_an_earlier_phase(tmp_path: Path):
    """The later phase has more to put back than the earlier one has kept."""
    before = [value.copy() for value in made_model().get_layer("tiny").get_weights()]
    whole, _ = fitted(head_then_top(top_rate=30.0))
    assert whole.best_epoch <= EPOCHS[0]
    for one, other in zip(before, whole.model.get_layer("tiny").get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    disk = Disk(tmp_path)
    with pytest.raises(Cancelled):
        fitted(head_then_top(top_rate=30.0), disk, stop_after=6)
    check_same(whole, fitted(head_then_top(top_rate=30.0), disk)[0])


def test_quick_epochs_are_written_together(tmp_path: Path, monkeypatch):
    """Only now and then, and at the end; nothing of it changes the result."""
    from landmark_gui.training import checkpoints

    monkeypatch.setattr(checkpoints, "SHORTEST_PAUSE", 1e9)
    disk = Disk(tmp_path)
    kept, _ = fitted(head_then_top(), disk)
    assert disk.written == 2, "once at the end of each phase"
    check_same(fitted(head_then_top())[0], kept)


def test_a_checkpoint_on_the_disk_is_what_was_kept(tmp_path: Path):
    from landmark_gui.training.checkpoints import (
        Checkpoint,
        Standing,
        read_checkpoint,
        write_checkpoint,
    )

    assert read_checkpoint(tmp_path) is None
    arrays = {"weights/0": np.arange(6, dtype=np.float32), "weights/11": np.array(3, np.uint32)}
    counts = ({"wait": 3, "best": float("inf"), "name": "x", "on": True, "none": None},)
    standing = Standing(1, 3, 5, True, 2, 0.25, 4, 1.5, "abc", counts)
    write_checkpoint(tmp_path, Checkpoint(standing, {"loss": [1.0, None]}, arrays))
    read = read_checkpoint(tmp_path)
    assert read is not None
    assert (read.standing, read.history) == (standing, {"loss": [1.0, None]})
    assert read.arrays.keys() == arrays.keys() and read.of("weights").keys() == {0, 11}
    for name, value in arrays.items():
        np.testing.assert_array_equal(read.arrays[name], value)
        assert read.arrays[name].dtype == value.dtype
