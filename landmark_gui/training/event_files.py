"""The curves of a run as event files, which TensorBoard reads: `tensorboard --logdir runs`."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import tensorflow as tf

Curves = Mapping[str, Sequence[float | None]]

# What `tf.summary.scalar` would say; since TensorFlow 2.20 that needs TensorBoard itself.
_SCALAR = tf.compat.v1.SummaryMetadata(
    plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"),
    data_class="DATA_CLASS_SCALAR",
)


class EventFiles:
    """Writes `train` and `validation` below a folder, with the tags that Keras' callback has.

    Not a callback itself: after an interruption the epochs that are learned again must not
    stand there twice, so the files are made anew from the curves.

    Args:
        folder: is emptied first.
        history: curves so far, an epoch a value.
    """

    def __init__(self, folder: Path, history: Curves) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._folder = folder
        self._writers: dict[str, tf.summary.SummaryWriter] = {}
        self._told = 0
        self.tell(history)

    def tell(self, history: Curves) -> None:
        """Add the epochs that are new."""
        done = max(map(len, history.values()), default=0)
        for epoch in range(self._told, done):
            for name, values in history.items():
                value = values[epoch] if epoch < len(values) else None
                if value is not None:
                    part, tag = _place(name)
                    with self._writer(part).as_default(step=epoch):
                        tf.summary.write(
                            f"epoch_{tag}", tf.constant(value, tf.float32), metadata=_SCALAR
                        )
        self._told = done
        for writer in self._writers.values():
            writer.flush()

    def close(self) -> None:
        for writer in self._writers.values():
            with suppress(tf.errors.OpError):
                writer.close()

    def _writer(self, part: str) -> tf.summary.SummaryWriter:
        if part not in self._writers:
            self._writers[part] = tf.summary.create_file_writer(str(self._folder / part))
        return self._writers[part]


def _place(name: str) -> tuple[str, str]:
    if name.startswith("val_"):
        return "validation", name.removeprefix("val_")
    return "train", name
