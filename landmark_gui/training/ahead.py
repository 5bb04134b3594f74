"""Things made ahead on threads, and taken in the order in which they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Ahead(Generic[Key, Made]):
    """Makes what will be asked for next while the last one is being used.

    Args:
        make: makes the thing of a key; its result depends on the key alone, so it does not
            matter which thread makes it, or when.
        workers: threads; 0 makes each thing when it is asked for.
    """

    def __init__(self, make: Callable[[Key], Made], workers: int) -> None:
        self._make = make
        self._pool = ThreadPoolExecutor(workers, "ahead") if workers else None
        self._waiting: dict[Key, Future[Made]] = {}
        self._lock = threading.Lock()

    def take(self, key: Key, following: Sequence[Key]) -> Made:
        """The thing of `key`; those of `following` are begun, and all others are dropped."""
        with self._lock:
            if self._pool is not None:
                self._begin((key, *following))
            future = self._waiting.pop(key, None)
        return self._make(key) if future is None else future.result()

    def begin(self, keys: Sequence[Key]) -> None:
        """Begin these, and drop all others."""
        with self._lock:
            self._begin(keys)

    def close(self) -> None:
        """Stop the threads, once they have made what they are at. Later calls make on demand."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._waiting.clear()
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def _begin(self, keys: Sequence[Key]) -> None:
        if self._pool is None:
            return
        for old in self._waiting.keys() - set(keys):
            self._waiting.pop(old).cancel()
        for key in keys:
            if key not in self._waiting:
                self._waiting[key] = self._pool.submit(self._make, key)
