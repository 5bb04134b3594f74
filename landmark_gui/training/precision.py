"""Computing in 16 bits where that is quicker: on a GPU."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
import tensorflow as tf

from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig

QUICK = "mixed_float16"


def has_gpu() -> bool:
    """Whether TensorFlow has a GPU to compute on."""
    return bool(tf.config.list_physical_devices("GPU"))


@contextmanager
def quick_precision(config: TrainConfig, log: Callable[[str], None]) -> Iterator[None]:
    """Build layers that compute in 16 bits and keep weights in 32, if a config asks for it.

    Without a GPU nothing changes: a processor has to imitate 16 bits.
    """
    if config.mixed_precision and not has_gpu():
        log(tr("There is no GPU, so mixed precision would be slower: it is not used."))
    if not config.mixed_precision or not has_gpu():
        yield
        return
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(QUICK)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def in_full_precision(model: keras.Model, rebuilt: Callable[[], keras.Model]) -> keras.Model:
    """A model that computes in 32 bits, with the same weights: what is saved runs anywhere.

    Args:
        rebuilt: makes the same network anew, outside of `quick_precision`.
    """
    # Its layers say so: a copy of the model as a whole no longer does.
    if all(layer.dtype_policy.name != QUICK for layer in model.layers):
        return model
    plain = rebuilt()
    plain.set_weights(model.get_weights())
    return plain
