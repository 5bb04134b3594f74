"""Machines that train together, as TensorFlow's `TF_CONFIG` names them; and who sees what."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:  # the command line knows the strategies and starts without NumPy
    import numpy.typing as npt

Strategy = Literal["one", "mirrored", "multiworker"]
STRATEGIES: tuple[Strategy, ...] = ("one", "mirrored", "multiworker")

TRAINING_JOBS = ("chief", "worker")
EXAMPLE = (
    '{"cluster": {"worker": ["machine-1:23456", "machine-2:23456"]}, '
    '"task": {"type": "worker", "index": 0}}'
)
KNOCK = 2.0
"""Seconds after which a machine that does not answer counts as not there."""


@dataclass(frozen=True)
class Share:
    """Which rows of each batch one process learns from.

    Attributes:
        first: the place of its first device among all, from 0.
        devices: how many of its own it has.
        total: devices of all processes. Device d takes the rows d, d + total, d + 2 total, …
    """

    first: int = 0
    devices: int = 1
    total: int = 1

    def of(self, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The rows of this process, in their order.

        A device that a small batch has no row for gets one of another's, which does not count:
        TensorFlow's convolutions fail on none, and batch normalisation wants a real one.
        """
        import numpy as np

        places = np.arange(max(len(rows), self.total if len(rows) else 0))
        device = places % self.total - self.first
        return rows[places[(device >= 0) & (device < self.devices)] % max(len(rows), 1)]

    def of_device(self, rows: npt.NDArray[Any], device: int) -> npt.NDArray[Any]:
        """Those of them for one of its own devices, counted from 0."""
        return rows[device :: self.devices]

    def counts(self, device: int, batch: int) -> bool:
        """Whether one of its own devices has rows to itself in a batch of so many."""
        return self.first + device < batch


WHOLE = Share()


@dataclass(frozen=True)
class Cluster:
    """The machines of a training, and which of them this is.

    Attributes:
        addresses: "host:port" of each; the first is the chief, which writes the files.
        index: the place of this one, from 0.
    """

    addresses: tuple[str, ...]
    index: int

    @property
    def is_chief(self) -> bool:
        return self.index == 0

    def silent(self) -> tuple[str, ...]:
        """The others that nobody answers for, each asked for at most `KNOCK` seconds."""
        others = (a for place, a in enumerate(self.addresses) if place != self.index)
        return tuple(address for address in others if not _answers(address))


def read_cluster(text: str | None) -> Cluster:
    """The machines that a value of `TF_CONFIG` names.

    Raises:
        TrainingError: if there is none, or it cannot be used; it says what to set.
    """
    if not text:
        raise TrainingError(
            tr(
                "The strategy “multiworker” needs the environment variable TF_CONFIG, which names "
                "all machines and says which of them this is. Set it on each machine, with an "
                "index of its own, as in: {example}",
                example=EXAMPLE,
            )
        )
    try:
        value = json.loads(text)
    except ValueError as error:
        raise _misfit(tr("it is no JSON: {detail}", detail=error)) from error
    return Cluster(*_read(value))


def _read(value: Any) -> tuple[tuple[str, ...], int]:
    cluster = value.get("cluster") if isinstance(value, dict) else None
    task = value.get("task") if isinstance(value, dict) else None
    if not isinstance(cluster, dict) or not isinstance(task, dict):
        raise _misfit(tr("it has no “cluster” and “task”"))
    jobs = {job: _addresses(job, cluster[job]) for job in cluster}
    if len(jobs.get("chief", ())) > 1:
        raise _misfit(tr("there is more than one chief"))
    kind, index = str(task.get("type")), task.get("index")
    if type(index) is not int or not 0 <= index < len(jobs.get(kind, ())):
        raise _misfit(tr("its “task” is none of the machines in “cluster”"))
    every = tuple(address for job in TRAINING_JOBS for address in jobs.get(job, ()))
    if len(set(every)) < len(every):
        raise _misfit(tr("two machines have the same address"))
    return every, index + (len(jobs.get("chief", ())) if kind == "worker" else 0)


def _addresses(job: object, listed: object) -> tuple[str, ...]:
    if job not in TRAINING_JOBS:
        raise _misfit(tr("“{job}” is no job here; there are chief and worker", job=job))
    if not isinstance(listed, list) or not listed:
        raise _misfit(tr("the machines of “{job}” are no list of addresses", job=job))
    for address in listed:
        host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise _misfit(tr("{address} is no address of the form host:port", address=address))
    return tuple(listed)


def _misfit(reason: str) -> TrainingError:
    return TrainingError(
        tr(
            "TF_CONFIG cannot be used: {reason}. It has the form: {example}",
            reason=reason,
            example=EXAMPLE,
        )
    )


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), KNOCK):
            return True
    except OSError:
        return False
