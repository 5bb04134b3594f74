"""Keras' own download of weights, with progress, a way to stop it, and nothing half done."""

from __future__ import annotations

import hashlib
import math
import os
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

import keras

from landmark_gui.core.backbones import Backbone, weights_folder
from landmark_gui.core.errors import Cancel, Cancelled
from landmark_gui.training.callbacks import Emit

ORIGIN = "https://storage.googleapis.com/tensorflow/keras-applications"
"""Where `keras.applications` has its weights from."""

SILENCE = 15.0
"""Seconds without a byte after which a download counts as failed."""
TOLD_EACH = 0.1
"""Seconds between two events."""
FORGOTTEN = 3600.0
"""Seconds after which a part of a download belongs to nobody."""


def download(known: Backbone, emit: Emit, cancelled: Cancel) -> Path:
    """Fetch the weights of a backbone to where Keras keeps them.

    They are fetched under another name and renamed once they are whole, so that a download that
    is killed is not taken for the file.

    Args:
        emit: receives "downloading" events: `title`, `done` and `total` bytes, `seconds_left`;
            the latter two are None where the server does not say.

    Raises:
        Cancelled: between two blocks.
        Exception: of Keras or of the network.
    """
    folder = weights_folder()
    _sweep(folder)
    part = folder / f"{known.file}.{os.getpid()}.part"
    try:
        with _watched(_Progress(known.title, emit), cancelled):
            got = keras.utils.get_file(
                part.name,
                f"{ORIGIN}/{known.place}/{known.file}",
                file_hash=known.hash or None,
                cache_subdir=folder.name,
                cache_dir=str(folder.parent),
                force_download=True,
            )
        part = Path(got)  # elsewhere, where the folder cannot be written
        whole = part.with_name(known.file)
        return part.replace(whole)
    finally:
        part.unlink(missing_ok=True)


def has_hash(path: Path, expected: str) -> bool:
    """Whether a file is the one that Keras' hash is of; "" fits any."""
    kind = "sha256" if len(expected) == 64 else "md5"
    with path.open("rb") as file:
        return not expected or hashlib.file_digest(file, kind).hexdigest() == expected


class _Progress:
    """Tells of the bytes that came, at most ten times a second and at the end."""

    def __init__(self, title: str, emit: Emit) -> None:
        self._title, self._emit = title, emit
        self._started, self._told = time.monotonic(), -math.inf

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._told < TOLD_EACH and done != total:
            return
        self._told = now
        left = None
        if total is not None and done:
            left = (now - self._started) / done * (total - done)
        figures = {"title": self._title, "done": done, "total": total, "seconds_left": left}
        self._emit({"event": "downloading", **figures})


class _Watch(urllib.request.BaseHandler):
    """Counts what is read from a server."""

    handler_order = 2000  # after those that follow redirections and raise errors

    def __init__(self, told: Callable[[int, int | None], None], cancelled: Cancel) -> None:
        self._told, self._cancelled = told, cancelled

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> object:
        read, length = response.read, response.headers.get("Content-Length")
        total = int(length) if length else None
        done = 0

        def counted(amount: int | None = None) -> bytes:
            nonlocal done
            if self._cancelled():
                raise Cancelled
            block = read(amount)
            done += len(block)
            self._told(done, total)
            return block

        setattr(response, "read", counted)  # noqa: B010
        return response

    https_response = http_response


@contextmanager
def _watched(told: Callable[[int, int | None], None], cancelled: Cancel) -> Iterator[None]:
    """Keras tells nobody how far it is, and would wait for ever for a server that says nothing."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE)
    urllib.request.install_opener(urllib.request.build_opener(_Watch(told, cancelled)))
    try:
        yield
    finally:
        urllib.request.install_opener(None)  # back to Python's own
        socket.setdefaulttimeout(before)


def _sweep(folder: Path) -> None:
    """Remove what downloads that were killed have left behind."""
    for part in folder.glob("*.part"):
        try:
            if time.time() - part.stat().st_mtime > FORGOTTEN:
                part.unlink()
        except OSError:
            continue  # another process has it
