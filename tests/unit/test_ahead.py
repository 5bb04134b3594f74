"""Things made ahead: in order, within bounds, and nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from landmark_gui.training.ahead import Ahead


def window(key: int, depth: int = 3, count: int = 10) -> list[int]:
    return list(range(key + 1, min(key + 1 + depth, count)))


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_each_thing_comes_when_it_is_asked_for(workers: int):
    ahead = Ahead(lambda key: key * key, workers)
    keys = [0, 1, 2, 3, 9, 2, 2, 4]
    assert [ahead.take(key, window(key)) for key in keys] == [key * key for key in keys]
    ahead.close()
    assert ahead.take(5, window(5)) == 25


@pytest.fixture
def noted() -> tuple[list[int], Callable[[int], int]]:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return key

    return made, make


def test_in_order_everything_is_made_once_and_no_further_than_asked(noted):
    made, make = noted
    ahead = Ahead(make, 1)
    for key in range(10):
        ahead.take(key, window(key))
        assert max(made) <= key + 3
    ahead.close()
    assert made == list(range(10))


def test_without_threads_nothing_is_made_before_its_time(noted):
    made, make = noted
    ahead = Ahead(make, 0)
    ahead.begin([0, 1])
    ahead.take(4, [5, 6])
    assert made == [4]


def test_what_is_begun_is_ready_or_under_way(noted):
    made, make = noted
    ahead = Ahead(make, 1)
    ahead.begin([7, 8])
    assert ahead.take(7, [8]) == 7 and ahead.take(8, []) == 8
    ahead.close()
    assert made == [7, 8]


def test_an_error_comes_to_whoever_asks():
    def make(key: int) -> int:
        if key == 2:
            raise ValueError("two")
        return key

    ahead = Ahead(make, 2)
    assert ahead.take(0, [1, 2]) == 0
    assert ahead.take(1, [2]) == 1
    with pytest.raises(ValueError, match="two"):
        ahead.take(2, [])
    ahead.close()


def test_close_leaves_no_thread_and_does_not_make_the_rest(noted):
    made, make = noted
    go, threads = threading.Event(), set(threading.enumerate())

    def slow(key: int) -> int:
        go.wait(60)
        return make(key)

    ahead = Ahead(slow, 1)
    ahead.begin(list(range(20)))
    closing = threading.Thread(target=ahead.close)
    closing.start()
    go.set()
    closing.join(60)
    assert set(threading.enumerate()) <= threads
    assert len(made) < 20
