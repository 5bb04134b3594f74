from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landmark_gui.core import thumbnail_cache
from landmark_gui.core.thumbnail_cache import ThumbnailCache, cache_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "thumbnails.sqlite"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time that the cache sees, as a list of one number to be set."""
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    yield now


def test_what_was_put_is_there_in_the_next_session(path: Path) -> None:
    ThumbnailCache(path).put("a", b"one")
    cache = ThumbnailCache(path)
    assert cache.get("a") == b"one"
    assert cache.get("b") is None
    cache.put("a", b"two")
    assert ThumbnailCache(path).get("a") == b"two"
    cache.drop("a")
    assert cache.get("a") is None


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDMARK_GUI_CACHE", str(tmp_path / "here"))
    ThumbnailCache().put("a", b"one")
    assert [item.name for item in (tmp_path / "here").glob("*.sqlite")] == ["thumbnails-1.sqlite"]
    monkeypatch.delenv("LANDMARK_GUI_CACHE")
    assert cache_folder().is_absolute()


def test_the_limit_holds_and_the_least_recently_used_go_first(
    path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnail_cache, "_PUTS_BETWEEN_TRIMS", 16)
    limit = 400_000
    cache = ThumbnailCache(path, limit)
    for number in range(300):
        clock[0] += 7200
        cache.put(str(number), os.urandom(4000))
        assert cache.get("0") is not None  # used all the time
    kept = [number for number in range(300) if cache.get(str(number)) is not None]
    assert 40 < len(kept) < 120
    assert kept[0] == 0
    assert kept[1:] == list(range(300 - len(kept) + 1, 300))
    with sqlite3.connect(path) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    assert path.stat().st_size < limit * 1.3


def test_a_damaged_entry_is_thrown_away(path: Path) -> None:
    cache = ThumbnailCache(path)
    cache.put("a", b"one")
    cache.put("b", b"two")
    other = sqlite3.connect(path)
    with other:
        other.execute("UPDATE thumbnails SET content = ? WHERE key = 'a'", (b"onf",))
        other.execute("UPDATE thumbnails SET content = 'text' WHERE key = 'b'")
    assert cache.get("a") is None
    assert cache.get("b") is None
    assert other.execute("SELECT count(*) FROM thumbnails").fetchone() == (0,)
    other.close()
    cache.put("a", b"one")
    assert cache.get("a") == b"one"


@pytest.mark.parametrize("part", [0.0, 0.3, 1.0])
def test_a_damaged_file_is_begun_anew(path: Path, part: float) -> None:
    cache = ThumbnailCache(path)
    for number in range(200):
        cache.put(str(number), os.urandom(1000))
    del cache
    content = bytearray(path.read_bytes())
    content[: max(int(len(content) * part), 100)] = b"x" * max(int(len(content) * part), 100)
    path.write_bytes(content)
    cache = ThumbnailCache(path)
    for number in range(200):
        cache.get(str(number))
    cache.put("a", b"one")
    assert cache.get("a") == b"one"


def test_a_file_of_another_kind_costs_only_speed(path: Path) -> None:
    path.mkdir(parents=True)
    cache = ThumbnailCache(path)
    cache.put("a", b"one")
    assert cache.get("a") is None
    cache = ThumbnailCache(Path(os.devnull) / "thumbnails.sqlite")
    cache.put("a", b"one")
    assert cache.get("a") is None


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_costs_only_speed(path: Path) -> None:
    ThumbnailCache(path).put("a", b"one")
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        cache = ThumbnailCache(path)
        cache.put("b", b"two")
        cache.get("a")
        assert cache.get("b") is None
    finally:
        path.parent.chmod(0o700)


def test_a_full_disk_costs_only_speed(path: Path) -> None:
    cache = ThumbnailCache(path)
    cache.put("a", b"one")
    cache._run("PRAGMA max_page_count = 8")  # what SQLite says of a full disk
    for number in range(20):
        cache.put(str(number), os.urandom(4000))
    assert cache.get("a") == b"one"
    assert cache.get("19") is None
    assert cache.get("0") is not None


def test_a_busy_file_costs_only_speed(path: Path) -> None:
    cache = ThumbnailCache(path)
    cache.put("a", b"one")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cache.put("b", b"two")
    assert cache.get("a") == b"one"
    assert cache.get("b") is None
    other.execute("ROLLBACK")
    other.close()
    cache.put("b", b"two")
    assert cache.get("b") == b"two"


def test_threads_and_windows_share_a_file(path: Path) -> None:
    caches = [ThumbnailCache(path) for _ in range(3)]

    def work(number: int) -> bool:
        cache, content = caches[number % 3], str(number).encode() * 100
        cache.put(str(number), content)
        return caches[(number + 1) % 3].get(str(number)) == content

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(300)))
