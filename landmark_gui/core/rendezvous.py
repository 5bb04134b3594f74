"""Machines wait for each other before TensorFlow does.

TensorFlow waits for an hour and more in a place where neither Ctrl+C nor a timer of Python's gets
through, and does not say for whom. So the others first call at the chief's address, and all go on
once everybody has called.
"""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack

from landmark_gui.core.cluster import Cluster
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr

HELLO = b"landmark-gui "
GO = b"go"
PAUSE = 0.2
"""Seconds between two calls at a chief that is not there yet."""


def meet(cluster: Cluster, wait: float) -> None:
    """Return once all machines have come to this line.

    Args:
        wait: seconds, after which it is given up.

    Raises:
        TrainingError: with the addresses of those that did not come.
    """
    until = time.monotonic() + wait
    if cluster.is_chief:
        _receive(cluster, until)
    else:
        _call(cluster, until)


def absent(machines: tuple[str, ...]) -> TrainingError:
    """What to say where machines are not there, or are no longer."""
    return TrainingError(
        tr(
            "The training was stopped, as {machines} cannot be reached. See that it runs there "
            "too, with the same TF_CONFIG but its own index, and start it again on all machines.",
            machines=", ".join(machines),
        )
    )


def _receive(cluster: Cluster, until: float) -> None:
    """Wait for a call from each of the others, then tell them to go on."""
    missing = set(range(1, len(cluster.addresses)))
    port = int(cluster.addresses[0].rpartition(":")[2])
    with ExitStack() as calls:
        try:
            server = calls.enter_context(socket.create_server(("", port)))
        except OSError as error:
            raise TrainingError(
                tr(
                    "Port {port} of this machine cannot be used ({detail}). Close what uses it, "
                    "or name another port in TF_CONFIG on all machines.",
                    port=port,
                    detail=error.strerror or error,
                )
            ) from error
        callers = []
        while missing and (left := until - time.monotonic()) > 0:
            server.settimeout(left)
            try:
                caller = calls.enter_context(server.accept()[0])
                caller.settimeout(1.0)
                name = caller.recv(64)
            except OSError:  # nobody in time, or one that says nothing
                continue
            index = _index(name)
            if 0 < index < len(cluster.addresses):
                missing.discard(index)
                callers.append(caller)
        if missing:
            raise absent(tuple(cluster.addresses[index] for index in sorted(missing)))
        for caller in callers:
            _tell(caller)


def _call(cluster: Cluster, until: float) -> None:
    """Call at the chief until it says that all are there."""
    host, _, port = cluster.addresses[0].rpartition(":")
    while (left := until - time.monotonic()) > 0:
        try:
            with socket.create_connection((host.strip("[]"), int(port)), left) as chief:
                chief.sendall(HELLO + str(cluster.index).encode())
                if chief.recv(len(GO)) == GO:
                    return
        except OSError:  # not there yet
            pass
        time.sleep(PAUSE)
    raise absent(cluster.addresses[:1])


def _index(name: bytes) -> int:
    """Which machine says hello; 0 for a stranger."""
    number = name.removeprefix(HELLO)
    return int(number) if number != name and number.isdigit() else 0


def _tell(caller: socket.socket) -> None:
    try:
        caller.sendall(GO)
    except OSError:  # it called once more, or is gone, which TensorFlow will notice
        return
