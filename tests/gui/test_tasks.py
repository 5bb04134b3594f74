from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QThread
from shiboken6 import delete

from landmark_gui.core.errors import Cancelled
from landmark_gui.jobs import tasks
from landmark_gui.jobs.tasks import LatestOnly, NewestFirst, run_task


class Gate:
    """A job that waits until it is opened."""

    def __init__(self, value: object = None) -> None:
        self.began, self.open, self.value = threading.Event(), threading.Event(), value

    def __call__(self) -> object:
        self.began.set()
        assert self.open.wait(10)
        return self.value


def fail() -> None:
    raise ValueError("spilt milk")


@pytest.fixture
def settle(qtbot) -> Callable[[], None]:
    """Waits until every job has ended and its callback, if any, has been called."""

    def wait() -> None:
        assert tasks._pool().waitForDone(10_000)
        last: list[int] = []
        run_task(lambda: 1, last.append)
        qtbot.waitUntil(lambda: last == [1])

    return wait


def test_the_result_comes_back_on_the_gui_thread(qtbot, qapp):
    threads = []
    run_task(QThread.currentThread, lambda there: threads.extend([there, QThread.currentThread()]))
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threads[1]
    assert threads[1] is qapp.thread()


def test_the_error_comes_back_in_place_of_the_result(qtbot):
    results, errors = [], []
    run_task(fail, results.append, errors.append)
    qtbot.waitUntil(lambda: errors != [])
    assert results == [] and str(errors[0]) == "spilt milk"


def test_an_error_that_nobody_wants_is_logged(settle, caplog):
    run_task(fail, lambda _: None)
    settle()
    assert "spilt milk" in caplog.text


def test_a_cancelled_job_is_no_error(settle, caplog):
    def give_up() -> None:
        raise Cancelled

    run_task(give_up, lambda _: None)
    settle()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("begun", [True, False])
def test_nothing_comes_after_cancel(settle, begun):
    gate, calls = Gate(), []
    task = run_task(gate, calls.append, calls.append)
    if begun:
        assert gate.began.wait(10)
    task.cancel()
    gate.open.set()
    settle()
    assert calls == []


def test_nothing_comes_when_the_job_ended_but_its_callback_was_not_yet_called(settle):
    calls = []
    task = run_task(lambda: 1, calls.append)
    assert tasks._pool().waitForDone(10_000)
    task.cancel()
    settle()
    assert calls == []


def test_nothing_comes_when_the_owner_is_gone(settle):
    owner, gate, calls = QObject(), Gate(), []
    run_task(gate, calls.append, owner=owner)
    assert gate.began.wait(10)
    delete(owner)
    gate.open.set()
    settle()
    assert calls == []


def test_the_object_whose_method_is_called_is_the_owner(settle):
    calls = []

    class Page(QObject):
        def show(self, value: object) -> None:
            calls.append(value)

    page, gate = Page(), Gate()
    run_task(gate, page.show)
    assert gate.began.wait(10)
    delete(page)
    gate.open.set()
    settle()
    assert calls == []


def test_objects_behind_callbacks_are_let_go_on_the_gui_thread(settle):
    died_on = []

    class Payload:
        def __del__(self) -> None:
            died_on.append(threading.current_thread())

    for _ in range(200):
        payload = Payload()
        run_task(lambda kept=payload: kept and None, lambda _, kept=payload: kept)
    del payload
    settle()
    gc.collect()
    assert len(died_on) == 200
    assert set(died_on) == {threading.main_thread()}


def test_tasks_do_not_pile_up(settle):
    kept = [weakref.ref(run_task(lambda: b"x", lambda _: None)) for _ in range(500)]
    settle()
    gc.collect()
    assert sum(task() is not None for task in kept) == 0


def test_latest_only_drops_what_waits_and_ignores_what_is_stale(settle, qtbot):
    latest, gate, ran, shown = LatestOnly(), Gate("first"), [], []
    latest.submit(gate, shown.append)
    assert gate.began.wait(10)
    latest.submit(lambda: ran.append("second"), shown.append)
    latest.submit(lambda: "third", shown.append)
    gate.open.set()
    qtbot.waitUntil(lambda: shown == ["third"])
    assert ran == []


def test_latest_only_can_show_the_way_there(qtbot):
    latest, gate, shown = LatestOnly(intermediate=True), Gate("first"), []
    latest.submit(gate, shown.append)
    assert gate.began.wait(10)
    latest.submit(lambda: "second", shown.append)
    latest.submit(lambda: "third", shown.append)
    gate.open.set()
    qtbot.waitUntil(lambda: sorted(shown) == ["first", "third"])
    assert shown == ["first", "third"]


def test_latest_only_goes_on_after_an_error(qtbot):
    latest, errors, shown = LatestOnly(), [], []
    latest.submit(fail, shown.append, errors.append)
    qtbot.waitUntil(lambda: errors != [])
    latest.submit(lambda: "next", shown.append)
    qtbot.waitUntil(lambda: shown == ["next"])


def test_latest_only_is_silent_after_cancel(settle):
    latest, gate, shown = LatestOnly(), Gate("first"), []
    latest.submit(gate, shown.append)
    latest.submit(lambda: "second", shown.append)
    latest.cancel()
    gate.open.set()
    settle()
    assert shown == []


def test_newest_first_takes_the_last_request_and_forgets_the_oldest(qtbot):
    queue, gate, order = NewestFirst(limit=3, threads=1), Gate("first"), []
    queue.submit("first", gate, order.append)
    assert gate.began.wait(10)
    for name in "abcd":
        queue.submit(name, lambda name=name: name, order.append)
    assert "a" not in queue and "b" in queue and "first" in queue
    queue.submit("b", lambda: "b", order.append)
    gate.open.set()
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == ["first", "b", "d", "c"]
    assert "b" not in queue


def test_newest_first_forgets_all_on_clear(settle):
    queue, gate, shown = NewestFirst(threads=1), Gate("first"), []
    queue.submit(1, gate, shown.append)
    queue.submit(2, lambda: "second", shown.append)
    queue.clear()
    gate.open.set()
    settle()
    assert shown == []


def test_shutdown_waits_for_what_runs_and_drops_what_waits(settle):
    gates = [Gate() for _ in range(tasks._pool().maxThreadCount())]
    late: list[int] = []
    for gate in gates:
        run_task(gate, lambda _: None)
    run_task(lambda: late.append(1), lambda _: None)
    for gate in gates:
        assert gate.began.wait(10)
    assert not tasks.shutdown(timeout_ms=1)
    for gate in gates:
        gate.open.set()
    assert tasks.shutdown()
    settle()
    assert late == []
