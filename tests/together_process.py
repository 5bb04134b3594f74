"""A process that fits a small network, alone or as one of a team, and prints how it went.

`python -m tests.together_process KIND… [--slow]`: KIND is two_devices, one or multiworker (with
`TF_CONFIG`); each gives an entry of a list. 19 examples in batches of 6: of the last batch, one
of two processes has no row.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

SECONDS_A_STEP = 0.5


def fitted(kind: str, slow: bool) -> dict[str, Any]:
    """History, best epoch and what the model says of the validation examples in the end."""
    import keras

    from landmark_gui.core.cluster import Share
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.training import models
    from landmark_gui.training.data import LabelledImages, LearningData
    from landmark_gui.training.fitting import Phase, fit
    from landmark_gui.training.strategy import Team, team_of

    team = two_devices(Team, Share) if kind == "two_devices" else team_of(kind, tell, 15)
    keras.utils.set_random_seed(3)

    def examples(count: int, seed: int) -> LabelledImages:
        images = np.random.default_rng(seed).integers(0, 256, (count, 48, 48, 3), np.uint8)
        return LabelledImages(images, np.arange(count, dtype=np.int32) % 3)

    def prepare(model: keras.Model, steps: int) -> None:
        loss = keras.losses.SparseCategoricalCrossentropy()
        model.compile(optimizer=keras.optimizers.Adam(3e-4), loss=loss, metrics=["accuracy"])

    def emit(event: dict[str, Any]) -> None:
        if event["event"] == "step":
            tell(f"step {event['epoch']}.{event['step']}")
            time.sleep(SECONDS_A_STEP if slow else 0)

    config = TrainConfig("p", "m", recipe="scratch", epochs=40 if slow else 3, batch_size=6)
    with team.scope():
        model = models.modern(48, 3, "relu", True, 0.0)
    data = LearningData(("a", "b", "c"), examples(19, 1), examples(7, 2), {})
    result = fit(model, (Phase(config.epochs, prepare),), config, data, emit, bool, team=team)
    said = result.model.predict(data.validation.images.astype(np.float32), verbose=0)
    return {"history": result.history, "best": result.best_epoch, "said": said.tolist()}


def two_devices(team: Any, share: Any) -> Any:
    """A team of two halves of this machine's processor."""
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [half] * 2)
    return team(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), share(0, 2, 2))


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    kinds = [word for word in sys.argv[1:] if word != "--slow"]
    print(json.dumps([fitted(kind, "--slow" in sys.argv) for kind in kinds]))
