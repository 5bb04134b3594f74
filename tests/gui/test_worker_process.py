"""The supervisor against small child programs that misbehave, each in its own way."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landmark_gui.core import scan
from landmark_gui.core.project import Project
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.studies import StudyConfig
from landmark_gui.jobs import worker_process
from landmark_gui.jobs.worker_process import TrainingWorker, WorkerOutcome

CONFIG = TrainConfig("project.landmarks", "model.landmark-model")
PREAMBLE = """
import json, os, sys, time
def say(**event): print(json.dumps(event), flush=True)
def listen(): return json.loads(sys.stdin.readline() or "null")
"""
OBEDIENT = """
say(event="state", state="importing")
say(event="state", state="ready")
order = listen()
say(event="state", state="training")
say(event="step", epoch=1, epochs=1, step=1, steps=1)
say(event="log", message=order["config"]["out"])
"""
DONE = 'say(event="done", model="m.landmark-model", metrics={"accuracy": 0.5})\n'

MakeWorker = Callable[[str], TrainingWorker]


@pytest.fixture
def make_worker(qapp, tmp_path: Path) -> Iterator[MakeWorker]:
    made: list[TrainingWorker] = []

    def make(program: str) -> TrainingWorker:
        path = tmp_path / "child.py"
        path.write_text(PREAMBLE + program, "utf-8")
        made.append(TrainingWorker([sys.executable, str(path)], tmp_path / "log" / "worker.log"))
        return made[-1]

    yield make
    for worker in made:
        worker.shutdown()
    qapp.processEvents()


def outcome_of(qtbot, worker: TrainingWorker) -> WorkerOutcome:
    with qtbot.waitSignal(worker.finished, timeout=15_000) as caught:
        worker.train(CONFIG)
    assert not worker.is_training and worker.state == "idle"
    return caught.args[0]


def wait_for_state(qtbot, worker: TrainingWorker, state: str) -> None:
    qtbot.waitUntil(lambda: worker.state == state, timeout=15_000)


def test_events_and_states_arrive_in_order_and_the_outcome_is_a_value(qtbot, make_worker):
    worker = make_worker(OBEDIENT + DONE)
    events, states = [], []
    worker.event_received.connect(lambda event: events.append(event["event"]))
    worker.state_changed.connect(states.append)
    outcome = outcome_of(qtbot, worker)
    assert outcome.kind == "done"
    assert outcome.model == Path("m.landmark-model")
    assert outcome.metrics == {"accuracy": 0.5}
    assert states == ["starting", "importing", "ready", "training", "idle"]
    assert events == ["state", "state", "state", "step", "log", "done"]


SAVED = 'say(event="saved", model="m.landmark-model", metrics={"accuracy": 0.5})\n'


@pytest.mark.parametrize(
    "end", ["sys.exit(3)", "os.abort()", 'say(event="failed", message="x"); sys.exit(1)']
)
def test_what_fails_after_the_model_is_saved_costs_nothing(qtbot, make_worker, end):
    outcome = outcome_of(qtbot, make_worker(OBEDIENT + SAVED + end))
    assert (outcome.kind, outcome.model) == ("done", Path("m.landmark-model"))
    assert outcome.metrics == {"accuracy": 0.5}


def test_what_is_done_says_more_than_what_is_saved(qtbot, make_worker):
    more = DONE.replace('{"accuracy": 0.5}', '{"accuracy": 0.5, "probe": None}')
    outcome = outcome_of(qtbot, make_worker(OBEDIENT + SAVED + more))
    assert outcome.metrics == {"accuracy": 0.5, "probe": None}


def test_the_process_started_beforehand_is_the_one_that_trains(qtbot, make_worker):
    worker = make_worker('say(event="log", message=str(os.getpid()))' + OBEDIENT + DONE)
    pids = []
    worker.event_received.connect(
        lambda event: pids.append(event["message"]) if event["event"] == "log" else None
    )
    worker.prestart()
    worker.prestart()
    wait_for_state(qtbot, worker, "ready")
    assert outcome_of(qtbot, worker).kind == "done"
    assert len(pids) == 2  # one process id, and the config echoed


def test_a_process_that_dies_while_it_waits_is_replaced(qtbot, make_worker, tmp_path):
    mark = tmp_path / "was here"
    once = f"if not os.path.exists({str(mark)!r}): open({str(mark)!r}, 'w'); sys.exit(3)\n"
    worker = make_worker(once + OBEDIENT + DONE)
    outcomes = []
    worker.finished.connect(outcomes.append)
    worker.prestart()
    wait_for_state(qtbot, worker, "idle")
    assert outcomes == []
    assert outcome_of(qtbot, worker).kind == "done"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (OBEDIENT, "ended without a model"),
        (OBEDIENT + DONE + "sys.exit(4)", "exit code 4"),
        (OBEDIENT + "sys.exit(5)", "exit code 5"),
        ('say(event="failed", message="no photos", detail="Traceback")', "no photos"),
        ('say(event="done", metrics={})', "ended without a model"),
    ],
)
def test_success_needs_both_the_exit_code_and_the_event(qtbot, make_worker, program, words):
    outcome = outcome_of(qtbot, make_worker(program))
    assert outcome.kind == "failed"
    assert words in outcome.message


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "words"), [(9, "lack of memory"), (11, "signal 11")])
def test_death_by_signal_is_said_in_words(qtbot, make_worker, number, words):
    program = f'os.write(2, b"last words")\nos.kill(os.getpid(), {number})'
    outcome = outcome_of(qtbot, make_worker(OBEDIENT + program))
    assert words in outcome.message
    assert "last words" in outcome.details


def test_the_details_hold_the_traceback_and_the_end_of_the_log(qtbot, make_worker):
    noise = "\n".join(f'print("line {n}", file=sys.stderr)' for n in range(100))
    failed = '\nsay(event="failed", message="no", detail="Traceback: here")\nsys.exit(1)'
    outcome = outcome_of(qtbot, make_worker(noise + failed))
    assert "Traceback: here" in outcome.details and "line 99" in outcome.details
    assert "line 9\n" not in outcome.details
    assert outcome.log_path is not None and "line 0" in outcome.log_path.read_text()


def test_stray_prints_go_to_the_log(qtbot, make_worker):
    stray = 'print("hello")\nprint("{broken")\nprint("[1]")\nos.write(1, b"\\xff\\xfe\\n")\n'
    worker = make_worker(stray + OBEDIENT + DONE)
    outcome = outcome_of(qtbot, worker)
    assert outcome.kind == "done"
    assert outcome.log_path is not None and "{broken" in outcome.log_path.read_text("utf-8")


def test_a_flood_of_steps_is_thinned_to_the_newest(qtbot, make_worker):
    flood = """
for n in range(1, 50_001):
    print('{"event":"step","epoch":1,"step":%d}' % n)
say(event="epoch", epoch=1)
"""
    worker = make_worker(OBEDIENT + flood + DONE)
    events = []
    worker.event_received.connect(events.append)
    assert outcome_of(qtbot, worker).kind == "done"
    steps = [event["step"] for event in events if event["event"] == "step"]
    assert steps == sorted(steps) and steps[-1] == 50_000
    assert len(steps) < 5_000
    assert [event["event"] for event in events[-2:]] == ["epoch", "done"]


def test_cancel_asks_once_steps_have_come(qtbot, make_worker):
    worker = make_worker(
        OBEDIENT + 'assert listen()["command"] == "cancel"\nsay(event="cancelled")'
    )
    worker.event_received.connect(
        lambda event: worker.cancel() if event["event"] == "log" else None
    )
    assert outcome_of(qtbot, worker).kind == "cancelled"


@pytest.mark.parametrize("state", ["importing", "training"])
def test_cancel_kills_at_once_while_the_process_cannot_listen(qtbot, make_worker, state):
    worker = make_worker(f'say(event="state", state="{state}")\ntime.sleep(600)')
    worker.state_changed.connect(lambda now: worker.cancel() if now == state else None)
    assert outcome_of(qtbot, worker).kind == "cancelled"


def test_cancel_before_the_process_exists_works_too(qtbot, make_worker):
    worker = make_worker("time.sleep(600)")
    with qtbot.waitSignal(worker.finished, timeout=15_000) as caught:
        worker.train(CONFIG)
        worker.cancel()
    assert caught.args[0].kind == "cancelled"


def test_a_process_that_ignores_cancel_is_killed(qtbot, make_worker, monkeypatch):
    monkeypatch.setattr(worker_process, "CANCEL_PATIENCE_MS", 200)
    worker = make_worker(OBEDIENT + "time.sleep(600)")
    worker.event_received.connect(
        lambda event: worker.cancel() if event["event"] == "log" else None
    )
    assert outcome_of(qtbot, worker).kind == "cancelled"


def test_a_training_that_finished_before_it_heard_cancel_is_done(qtbot, make_worker):
    worker = make_worker(OBEDIENT + "listen()\n" + DONE)
    worker.event_received.connect(
        lambda event: worker.cancel() if event["event"] == "log" else None
    )
    assert outcome_of(qtbot, worker).kind == "done"


def test_a_command_that_cannot_be_started_is_a_failure_in_words(qtbot, tmp_path):
    worker = TrainingWorker([str(tmp_path / "missing")], tmp_path / "worker.log")
    outcome = outcome_of(qtbot, worker)
    assert outcome.kind == "failed" and "could not be started" in outcome.message


def test_two_trainings_at_once_are_refused(qtbot, make_worker):
    worker = make_worker("time.sleep(600)")
    worker.train(CONFIG)
    with pytest.raises(RuntimeError):
        worker.train(CONFIG)


@pytest.mark.parametrize("program", ["sys.stdin.read()", "time.sleep(600)"])
def test_shutdown_leaves_no_process_behind(qtbot, make_worker, program, monkeypatch):
    monkeypatch.setattr(worker_process, "SHUTDOWN_PATIENCE_MS", 300)
    worker = make_worker('say(event="log", message=os.getpid())\n' + program)
    with qtbot.waitSignal(worker.event_received, timeout=15_000) as caught:
        worker.prestart()
    pid = caught.args[0]["message"]
    outcomes = []
    worker.finished.connect(outcomes.append)
    worker.shutdown()
    worker.shutdown()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert outcomes == []


def test_the_child_stops_when_the_window_dies(tmp_path):
    """A window killed outright closes the pipe, and the pipe is what the child watches."""
    child = tmp_path / "child.py"
    child.write_text("import sys, pathlib; sys.stdin.read(); pathlib.Path(sys.argv[1]).touch()")
    window = tmp_path / "window.py"
    window.write_text(
        "import os, sys\n"
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "from landmark_gui.jobs.worker_process import TrainingWorker\n"
        "app = QCoreApplication([])\n"
        "worker = TrainingWorker(sys.argv[1:], __import__('pathlib').Path(sys.argv[2] + '.log'))\n"
        "worker.prestart()\n"
        "QTimer.singleShot(1500, lambda: os._exit(1))\n"
        "app.exec()\n"
    )
    mark = tmp_path / "stopped"
    command = [sys.executable, str(window), sys.executable, str(child), str(mark)]
    os.spawnve(os.P_WAIT, sys.executable, command, os.environ | {"PYTHONPATH": str(Path.cwd())})
    deadline = time.monotonic() + 15
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert mark.exists()


@pytest.fixture
def real_worker(qapp, tmp_path, monkeypatch) -> Iterator[TrainingWorker]:
    """The program's own worker, started from a folder that knows nothing of the package."""
    monkeypatch.chdir(tmp_path)
    worker = TrainingWorker(log_path=tmp_path / "worker.log")
    yield worker
    worker.shutdown()


@pytest.fixture
def small_training(photo_folder, tmp_path) -> TrainConfig:
    folder = photo_folder(each=4)
    path = tmp_path / "towers.landmarks"
    with ProjectStore.create(path, folder) as store:
        found = [photo for batch in scan.new_photos(Project(), folder) for photo in batch]
        store.put_photos(found)
        store.commit(scan.labels_from_folders(store.load(), found))
    out = str(tmp_path / "towers.landmark-model")
    return TrainConfig(str(path), out, recipe="scratch", epochs=2, image_size=32, batch_size=4)


@pytest.mark.slow
def test_the_real_worker_trains(qtbot, real_worker, small_training):
    events = []
    real_worker.event_received.connect(lambda event: events.append(event["event"]))
    with qtbot.waitSignal(real_worker.finished, timeout=180_000) as caught:
        real_worker.train(small_training)
    outcome = caught.args[0]
    assert outcome.kind == "done", outcome.details
    assert outcome.model == Path(small_training.out) and outcome.model.is_file()
    assert outcome.metrics["chance"] == 0.5
    assert [name for name in events if name == "epoch"] == ["epoch"] * 2
    assert "dataset" in events and "step" in events and events[-1] == "done"


@pytest.mark.slow
@pytest.mark.parametrize("state", ["importing", "training"])
def test_the_real_worker_can_be_cancelled_before_its_first_batch(
    qtbot, real_worker, small_training, state
):
    real_worker.state_changed.connect(lambda now: real_worker.cancel() if now == state else None)
    with qtbot.waitSignal(real_worker.finished, timeout=180_000) as caught:
        real_worker.train(small_training)
    assert caught.args[0].kind == "cancelled"
    assert not Path(small_training.out).exists()


STUDY = StudyConfig("compare", CONFIG, 2)
STUDIED = """
say(event="state", state="ready")
order = listen()
assert order["command"] == "study", order
say(event="state", state="studying")
say(event="trial", repeats=order["config"]["repeats"])
"""


def studied(qtbot, worker: TrainingWorker) -> WorkerOutcome:
    with qtbot.waitSignal(worker.finished, timeout=15_000) as caught:
        worker.study(STUDY)
        assert (worker.task, worker.is_training) == ("study", True)
        with pytest.raises(RuntimeError):
            worker.train(CONFIG)
    assert (worker.task, worker.is_training) == ("", False)
    return caught.args[0]


def test_a_study_is_done_with_a_result_and_no_model(qtbot, make_worker):
    worker = make_worker(STUDIED + 'say(event="done", metrics={"winner": None})')
    states = []
    worker.state_changed.connect(states.append)
    outcome = studied(qtbot, worker)
    assert (outcome.kind, outcome.task, outcome.model) == ("done", "study", None)
    assert outcome.metrics == {"winner": None}
    assert "studying" in states


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("", "ended without a result"),
        ('say(event="done", metrics={})', "ended without a result"),
        ('say(event="done", metrics={"winner": None})\nsys.exit(3)', "exit code 3"),
        ('say(event="saved", model="m.landmark-model")\nsys.exit(3)', "exit code 3"),
        ('say(event="failed", message="no photos")\nsys.exit(1)', "no photos"),
    ],
)
def test_a_study_needs_a_result_and_a_clean_end(qtbot, make_worker, end, words):
    outcome = studied(qtbot, make_worker(STUDIED + end))
    assert (outcome.kind, outcome.task) == ("failed", "study")
    assert words in outcome.message


def test_a_training_is_not_done_with_the_end_of_a_study(qtbot, make_worker):
    outcome = outcome_of(qtbot, make_worker(OBEDIENT + 'say(event="done", metrics={"winner": 1})'))
    assert (outcome.kind, outcome.task) == ("failed", "train")
    assert "without a model" in outcome.message


def test_a_study_is_cancelled_as_a_training_is(qtbot, make_worker):
    worker = make_worker(STUDIED + 'assert listen()["command"] == "cancel"\nsay(event="cancelled")')
    worker.event_received.connect(
        lambda event: worker.cancel() if event["event"] == "trial" else None
    )
    assert studied(qtbot, worker).kind == "cancelled"
