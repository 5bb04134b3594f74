"""Keras' `fit` once more, on several devices.

Keras 3.15's own fails under MultiWorkerMirroredStrategy (keras-team/keras issue 20585), and its
mean over devices is wrong for a last batch that cannot be shared out evenly. Here each device
adds its part of one mean over the whole batch, so the curves are those of one device but for the
order in which numbers are added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from landmark_gui.core.cluster import Share

Logs = dict[str, float]
Values = tuple[Any, ...]
"""Pixels, labels, weights and which rows count, each as the values of this process' devices."""
Run = Callable[[Values], Any]
"""One step on all devices; its sum of losses, its right answers and its rows."""


class Shared(Protocol):
    """Batches of which this process is given its rows; whole, they have `rows(index)` rows."""

    share: Share

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[Any, ...]: ...

    def rows(self, index: int) -> int: ...

    def on_epoch_end(self) -> None: ...


def fit_together(
    model: keras.Model,
    strategy: tf.distribute.Strategy,
    share: Share,
    batches: Shared,
    *,
    epochs: int,
    initial_epoch: int = 0,
    validation_data: Shared | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    alive: Callable[[], None] = lambda: None,
    verbose: int = 0,
    shuffle: bool = False,
) -> keras.callbacks.History:
    """Fit a model that was made and compiled in the strategy's scope.

    All processes must call it with the same arguments, but for the rows in their batches. The
    figures, and so what callbacks decide, are the same in all of them.

    Args:
        batches, validation_data: give this process' rows of each batch: pixels, labels, and
            perhaps weights of the rows.
        alive: called after every step.
        verbose, shuffle: as for Keras' `fit`; nothing is printed and nothing is shuffled.

    Returns:
        `loss`, `accuracy`, and `val_` of both.
    """
    told = keras.callbacks.CallbackList(
        list(callbacks), add_history=True, model=model, epochs=epochs, steps=len(batches)
    )

    def passed(run: Run, given: Shared, begin: Any, end: Any) -> Logs:
        sums, logs = np.zeros(3), {}
        for index in range(len(given)):
            begin(index)
            sums += [
                float(figure)
                for figure in run(_spread(strategy, share, given[index], given.rows(index)))
            ]
            alive()
            logs = {"loss": sums[0] / sums[2], "accuracy": sums[1] / sums[2]}
            end(index, logs)
        return logs

    with strategy.scope():
        _share_statistics(model)
        model.optimizer.build(model.trainable_variables)  # not in the middle of a traced step
        learn, judge = _learning(model, strategy), _judging(model, strategy)
    model.stop_training = False
    told.on_train_begin()
    for epoch in range(initial_epoch, epochs):
        batches.on_epoch_end()  # before the first epoch too, as Keras does
        told.on_epoch_begin(epoch)
        logs = passed(learn, batches, told.on_train_batch_begin, told.on_train_batch_end)
        if validation_data is not None:
            told.on_test_begin()
            judged = passed(
                judge, validation_data, told.on_test_batch_begin, told.on_test_batch_end
            )
            told.on_test_end(judged)
            logs = {**logs, **{f"val_{name}": value for name, value in judged.items()}}
        told.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    told.on_train_end()
    return model.history


def _spread(
    strategy: tf.distribute.Strategy, share: Share, batch: tuple[Any, ...], rows: int
) -> Values:
    """What this process has of a batch of so many rows, shared out to its devices."""
    pixels, labels, *given = map(np.asarray, batch)
    weights = np.asarray(given[0] if given else np.ones(len(labels)), np.float32)
    parts = (pixels, labels, weights, np.ones(len(labels), np.float32))

    def values(number: int) -> Any:
        def of(context: Any) -> tf.Tensor:
            device = context.replica_id_in_sync_group - share.first
            own = share.of_device(parts[number], device)
            if number == len(parts) - 1 and not share.counts(device, rows):
                own = np.zeros_like(own)
            return tf.convert_to_tensor(own)

        return strategy.experimental_distribute_values_from_function(of)

    return tuple(values(number) for number in range(len(parts)))


def _learning(model: keras.Model, strategy: tf.distribute.Strategy) -> Run:
    """A step that changes the weights, as one device with the whole batch would."""

    def part(pixels: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor, counts: tf.Tensor) -> Any:
        mean, rows = _part_of_mean(counts)
        with tf.GradientTape() as tape:
            said = model(pixels, training=True)
            loss = model.compute_loss(pixels, labels, said, weights * counts * mean)
            scaled = model.optimizer.scale_loss(loss)
        variables = model.trainable_weights
        gradients = tape.gradient(scaled, variables)
        model.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss * rows, _right(labels, said, counts), tf.reduce_sum(counts)

    return _run(part, strategy)


def _judging(model: keras.Model, strategy: tf.distribute.Strategy) -> Run:
    """A step that changes nothing."""

    def part(pixels: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor, counts: tf.Tensor) -> Any:
        mean, rows = _part_of_mean(counts)
        said = model(pixels, training=False)
        loss = model.compute_loss(pixels, labels, said, weights * counts * mean, training=False)
        return loss * rows, _right(labels, said, counts), tf.reduce_sum(counts)

    return _run(part, strategy)


def _run(part: Callable[..., Any], strategy: tf.distribute.Strategy) -> Run:
    def step(values: Values) -> Any:
        return strategy.reduce("SUM", strategy.run(part, args=values), axis=None)

    return tf.function(step, reduce_retracing=True)


def _part_of_mean(counts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """What makes a device's own mean its part of the mean over the batch, and the batch's rows.

    Keras divides a device's sum by its own rows and by the number of devices; devices then add
    up. So each row weighs: rows of this device, times devices, by rows of the batch.
    """
    context = tf.distribute.get_replica_context()
    own = tf.cast(tf.size(counts), tf.float32)
    rows = context.all_reduce(tf.distribute.ReduceOp.SUM, tf.reduce_sum(counts))
    return own * context.num_replicas_in_sync / rows, rows


def _right(labels: tf.Tensor, said: tf.Tensor, counts: tf.Tensor) -> tf.Tensor:
    """How many answers are right."""
    true = tf.argmax(labels, -1) if len(labels.shape) > 1 else tf.cast(labels, tf.int64)
    return tf.reduce_sum(tf.cast(tf.argmax(said, -1) == true, tf.float32) * counts)


def _share_statistics(model: keras.Model) -> None:
    """Let batch normalisation see the whole batch, not a device's few rows of it."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True
