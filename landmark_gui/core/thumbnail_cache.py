"""Thumbnails kept on disk between sessions, up to a limit, for all projects of a person.

Anything that goes wrong here, a full disk, a folder that cannot be written, a damaged file, costs
only the time of making thumbnails anew.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import weakref
import zlib
from pathlib import Path
from typing import Any

LIMIT_BYTES = 256_000_000
"""About 60,000 thumbnails."""
_TRIMMED_TO = 0.9
_PUTS_BETWEEN_TRIMS = 256
_USED_AGAIN = 3600
"""Seconds within which a second use of a thumbnail is not written down."""
_BUSY = 0.5
"""Seconds to wait for another window that writes."""
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS thumbnails (
    key TEXT PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL, used INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS by_use ON thumbnails (used);
"""
_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """The platform's folder for what can be made again; `LANDMARK_GUI_CACHE` overrides it."""
    override = os.environ.get("LANDMARK_GUI_CACHE")
    if override:
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("Landmark GUI", appauthor=False)


class ThumbnailCache:
    """A bounded store of small files by key, the least recently used dropped first.

    Any thread may call it, and any number of windows may share its file. No method raises.

    Args:
        path: the SQLite file. Default: `thumbnails-1.sqlite` in the cache folder; the number is
            that of the table above.
        limit: of the file, in bytes.
    """

    def __init__(self, path: Path | None = None, limit: int = LIMIT_BYTES) -> None:
        self._path, self._limit = path or cache_folder() / "thumbnails-1.sqlite", limit
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._usable, self._thrown_away = True, False
        self._puts = 0

    def get(self, key: str) -> bytes | None:
        """What was put under `key`; None if nothing was, or it is damaged."""
        row = self._run("SELECT content, checksum, used FROM thumbnails WHERE key = ?", key)
        if row is None:
            return None
        content, checksum, used = row
        if not isinstance(content, bytes) or zlib.crc32(content) != checksum:
            self.drop(key)
            return None
        now = int(time.time())
        if abs(now - used) > _USED_AGAIN:
            self._run("UPDATE thumbnails SET used = ? WHERE key = ?", now, key)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`, and drop what was not used for longest if it is too much."""
        row = (key, content, zlib.crc32(content), int(time.time()))
        self._run("INSERT OR REPLACE INTO thumbnails VALUES (?, ?, ?, ?)", *row)
        if self._puts % _PUTS_BETWEEN_TRIMS == 0:
            self._trim()
        self._puts += 1

    def drop(self, key: str) -> None:
        """Forget what was put under `key`."""
        self._run("DELETE FROM thumbnails WHERE key = ?", key)

    def _trim(self) -> None:
        pages = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
        size = pages * self._number("PRAGMA page_size")
        if size <= self._limit:
            return
        surplus = 1 - _TRIMMED_TO * self._limit / size
        oldest = "SELECT key FROM thumbnails ORDER BY used LIMIT ?"
        count = int(surplus * self._number("SELECT count(*) FROM thumbnails")) + 1
        self._run(f"DELETE FROM thumbnails WHERE key IN ({oldest})", count)

    def _number(self, sql: str) -> int:
        row = self._run(sql)
        return row[0] if row else 0

    def _run(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of the answer; None if there is none, or the file is of no use now."""
        with self._lock:
            try:
                connection = self._connection or self._open()
                row: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
                return row
            except (sqlite3.OperationalError, OSError) as error:  # busy, full, not to be written
                _log.debug("%s: %s", self._path, error)
            except sqlite3.Error as error:
                _log.warning("%s is damaged and begun anew: %s", self._path, error)
                self._throw_away()
        return None

    def _open(self) -> sqlite3.Connection:
        if not self._usable:
            raise OSError("given up")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
        try:
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        weakref.finalize(self, connection.close)
        self._connection = connection
        return connection

    def _throw_away(self) -> None:
        self._usable, self._thrown_away = not self._thrown_away, True  # once: disks may be broken
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        try:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        except OSError as error:  # open in another window, on Windows
            self._usable = False
            _log.debug("%s: %s", self._path, error)
