"""Devices and machines that train one model together (docs/adr/0028)."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from landmark_gui.core.cluster import WHOLE, Cluster, Share, Strategy, read_cluster
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.rendezvous import absent, meet
from landmark_gui.training.together import fit_together

WAIT = 300.0
"""Seconds for which the others are waited for, at the start and in every step."""

Log = Callable[[str], None]


class Watch:
    """Ends the process, in words, once nothing has happened for a while.

    TensorFlow waits for other machines for ever, in a place where neither an exception nor
    Ctrl+C gets through. Nothing is lost: all files are written atomically, and at the end.

    Args:
        wait: seconds without `alive()`.
        words: says what is the matter.
    """

    def __init__(self, wait: float, words: Callable[[], str]) -> None:
        self._wait, self._words = wait, words
        self._over = threading.Event()
        self.alive()

    def alive(self) -> None:
        self._last = time.monotonic()

    def __enter__(self) -> Watch:
        self.alive()
        threading.Thread(target=self._look, name="watch", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(min(1.0, self._wait / 4)):
            if time.monotonic() - self._last > self._wait:
                print(f"landmark-gui: {self._words()}", file=sys.stderr, flush=True)
                os._exit(1)


@dataclass(frozen=True)
class Team:
    """What trains a model: this process on one device, several devices, or several machines.

    Attributes:
        strategy: None for one device, where Keras' own `fit` does the work.
        share: the rows of each batch that fall to this process.
        cluster: the machines, if they are several.
        wait: seconds after which a machine that says nothing is given up.
    """

    strategy: tf.distribute.Strategy | None = None
    share: Share = WHOLE
    cluster: Cluster | None = None
    wait: float = WAIT

    @property
    def is_chief(self) -> bool:
        """Whether this process writes the files."""
        return self.cluster is None or self.cluster.is_chief

    def scope(self) -> AbstractContextManager[object]:
        """Where the model and its optimizer are to be made."""
        return nullcontext() if self.strategy is None else self.strategy.scope()

    def check_same(self, what: Callable[[], object]) -> None:
        """See that all machines are about to do the same.

        Args:
            what: finds what reads the same on each, if all is well; not asked where there is
                only one.

        Raises:
            TrainingError: if they have not.
        """
        if self.strategy is None or self.cluster is None:
            return
        own = zlib.crc32(repr(what()).encode())
        with self._watched():
            parts = self.strategy.run(lambda: tf.constant(own, tf.float64))
            total = float(self.strategy.reduce("SUM", parts, axis=None))
        if total != own * self.share.total:
            raise TrainingError(
                tr(
                    "The machines were not given the same photos, boxes and settings. Copy the "
                    "project and its photos to all of them, and give the same options everywhere."
                )
            )

    def fit(self, model: keras.Model, batches: Any, **options: Any) -> keras.callbacks.History:
        """Keras' `fit`, on all devices.

        Args:
            model: compiled in `scope()`.
            batches: `Batches` or `FeatureBatches`, whole; so is `validation_data` in `options`.

        Raises:
            TrainingError: if another machine is lost.
        """
        if self.strategy is None:
            return model.fit(batches, **options)
        for given in (batches, options.get("validation_data")):
            if given is not None:
                given.share = self.share
        with self._watched() as watch:
            return fit_together(
                model, self.strategy, self.share, batches, alive=watch.alive, **options
            )

    def plain(self, model: keras.Model) -> keras.Model:
        """A copy that needs no other device. All machines must ask for it, or none."""
        if self.strategy is None:
            return model
        with self._watched():  # averages of several machines are asked of all of them
            weights = model.get_weights()
        bare = keras.Model(model.inputs, model.outputs, name=model.name)  # without its optimizer
        copy = keras.models.clone_model(bare)
        copy.set_weights(weights)
        return copy

    @contextmanager
    def _watched(self) -> Iterator[Watch]:
        """For what waits for other machines: in words, if one of them is lost."""
        with Watch(self.wait, self._lost) as watch:
            try:
                yield watch
            except tf.errors.OpError as error:  # of many kinds, as the loss comes to be noticed
                if self.cluster is None or not self.cluster.silent():
                    raise
                raise TrainingError(self._lost()) from error

    def _lost(self) -> str:
        silent = self.cluster.silent() if self.cluster else ()
        if silent:
            return str(absent(silent))
        return tr(
            "The other machines have said nothing for {seconds} seconds, so the training was "
            "stopped. See what they say, and start it again on all of them.",
            seconds=round(self.wait),
        )


ALONE = Team()


def team_of(kind: Strategy, log: Log, wait: float = WAIT) -> Team:
    """The team of a strategy. It must be asked for before TensorFlow does anything.

    Args:
        kind: "one"; "mirrored", for all GPUs of this machine; or "multiworker", for the machines
            that the environment variable `TF_CONFIG` names.
        log: told how many devices there are.
        wait: seconds for the other machines to be there, and to end a step.

    Raises:
        TrainingError: if `TF_CONFIG` is missing or wrong.
    """
    if kind == "one":
        return ALONE
    if kind == "mirrored":
        strategy = tf.distribute.MirroredStrategy()
        devices = strategy.num_replicas_in_sync
        if devices == 1:
            log(tr("Only one device was found, so “mirrored” is the same as “one”."))
            return ALONE
        log(tr("{n} devices share each batch.", n=devices))
        return Team(strategy, Share(0, devices, devices))
    cluster = read_cluster(os.environ.get("TF_CONFIG"))
    return _joined(cluster, log, wait)


def _joined(cluster: Cluster, log: Log, wait: float) -> Team:
    """Meet the other machines."""
    count = len(cluster.addresses)
    log(
        tr(
            "Machine {place} of {count}. Waiting up to {seconds} seconds for the others…",
            place=cluster.index + 1,
            count=count,
            seconds=round(wait),
        )
    )
    meet(cluster, wait)
    # It holds Python's lock until the others answer; should they not, only this gets through.
    faulthandler.dump_traceback_later(wait, exit=True)
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    faulthandler.cancel_dump_traceback_later()
    total = strategy.num_replicas_in_sync
    own = total // count
    share = Share(cluster.index * own, own, total)
    log(tr("All machines are there; {n} devices share each batch.", n=total))
    return Team(strategy, share, cluster, wait)
