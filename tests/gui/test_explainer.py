"""The explainer against small child programs, and against the real process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landmark_gui.jobs.explainer import Explainer

MODEL, PHOTO = Path("m.landmark-model"), Path("photo.jpg")
PREAMBLE = """
import json, os, sys, time
def say(**event): print(json.dumps(event), flush=True)
def listen():
    line = sys.stdin.readline()
    if not line: sys.exit(2)
    return json.loads(line)
def heat(asked, value=1):
    say(event="heat", id=asked["id"], label=asked["label"] or "best", shape=[1, 2],
        values=[0, value], part=asked["box"])
say(event="state", state="importing")
say(event="state", state="ready")
"""
OBEDIENT = "while True: heat(listen())"

MakeExplainer = Callable[[str], Explainer]


@pytest.fixture
def make_explainer(qapp, tmp_path: Path) -> Iterator[MakeExplainer]:
    made: list[Explainer] = []

    def make(program: str) -> Explainer:
        path = tmp_path / "child.py"
        path.write_text(PREAMBLE + program, "utf-8")
        made.append(Explainer([sys.executable, str(path)], tmp_path / "log" / "explain.log"))
        return made[-1]

    yield make
    for explainer in made:
        explainer.shutdown()
    qapp.processEvents()


class Told:
    """What an explainer has told, in order."""

    def __init__(self, explainer: Explainer) -> None:
        self.heats: list[tuple[object, object]] = []
        self.failures: list[tuple[object, str]] = []
        self.states: list[str] = []
        explainer.explained.connect(lambda key, heat: self.heats.append((key, heat)))
        explainer.failed.connect(lambda key, message: self.failures.append((key, message)))
        explainer.state_changed.connect(self.states.append)


def test_an_answer_comes_back_with_its_key(qtbot, make_explainer):
    explainer = make_explainer(OBEDIENT)
    told = Told(explainer)
    with qtbot.waitSignal(explainer.explained, timeout=15_000) as caught:
        explainer.ask(("photo", 7), MODEL, PHOTO, label="Tower")
    key, heat = caught.args
    assert (key, heat.label, heat.values.tolist()) == (("photo", 7), "Tower", [[0.0, 1.0]])
    assert told.states == ["starting", "importing", "explaining", "ready"]


def test_the_process_is_told_all_and_stays_for_the_next_question(qtbot, make_explainer):
    echo = "while True: asked = listen(); asked['label'] = json.dumps([os.getpid(), asked])"
    explainer = make_explainer(echo + "; heat(asked)")
    labels, parts = [], []
    explainer.explained.connect(lambda key, heat: labels.append(heat.label))
    explainer.explained.connect(lambda key, heat: parts.append(heat.part))
    for box in ((1.5, 2, 3, 4), None):
        with qtbot.waitSignal(explainer.explained, timeout=15_000):
            explainer.ask(0, MODEL, PHOTO, box, "Dome")
    (first, asked), (second, whole) = map(json.loads, labels)
    assert first == second
    assert (asked["command"], asked["model"], asked["photo"]) == (
        "explain",
        *map(str, (MODEL, PHOTO)),
    )
    assert (asked["box"], asked["label"], whole["box"]) == ([1.5, 2, 3, 4], "Dome", None)
    assert parts == [(1.5, 2, 3, 4), None]


def test_only_the_newest_question_is_answered(qtbot, make_explainer):
    explainer = make_explainer(OBEDIENT)
    told = Told(explainer)
    with qtbot.waitSignal(explainer.explained, timeout=15_000):
        for number in range(20):
            explainer.ask(number, MODEL, PHOTO)
    qtbot.wait(100)
    assert [key for key, _ in told.heats] == [19] and not told.failures


def test_what_is_cancelled_is_not_told_and_the_next_question_is(qtbot, make_explainer):
    explainer = make_explainer("while True: asked = listen(); time.sleep(0.3); heat(asked)")
    told = Told(explainer)
    explainer.ask("old", MODEL, PHOTO)
    qtbot.waitUntil(lambda: explainer.state == "explaining", timeout=15_000)
    explainer.cancel()
    with qtbot.waitSignal(explainer.explained, timeout=15_000):
        explainer.ask("new", MODEL, PHOTO)
    assert [key for key, _ in told.heats] == ["new"]


def test_a_question_without_an_answer_is_told_in_words(qtbot, make_explainer):
    explainer = make_explainer(
        "while True: say(event='unexplained', id=listen()['id'], message='photo.jpg: damaged')"
    )
    with qtbot.waitSignal(explainer.failed, timeout=15_000) as caught:
        explainer.ask("key", MODEL, PHOTO)
    assert caught.args == ["key", "photo.jpg: damaged"] and explainer.state == "ready"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        pytest.param(
            "os.kill(os.getpid(), 9)",
            "lack of memory",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="signals"),
        ),
        ("sys.exit(7)", "exit code 7"),
        ("say(event='failed', message='no TensorFlow'); sys.exit(1)", "no TensorFlow"),
    ],
)
def test_a_process_that_dies_is_told_and_the_next_question_starts_another(
    qtbot, make_explainer, tmp_path, end, words
):
    mark = str(tmp_path / "was here")
    once = f"asked = listen()\nif not os.path.exists({mark!r}):\n open({mark!r}, 'w'); {end}\n"
    explainer = make_explainer(once + "heat(asked)\n" + OBEDIENT)
    with qtbot.waitSignal(explainer.failed, timeout=15_000) as caught:
        explainer.ask("first", MODEL, PHOTO)
    key, message = caught.args
    assert key == "first" and str(PHOTO) in message and words in message
    assert explainer.state == "idle"
    with qtbot.waitSignal(explainer.explained, timeout=15_000) as caught:
        explainer.ask("second", MODEL, PHOTO)
    assert caught.args[0] == "second"


def test_a_question_that_waits_when_the_process_dies_gets_another_process(
    qtbot, make_explainer, tmp_path
):
    mark = str(tmp_path / "was here")
    once = f"if not os.path.exists({mark!r}): open({mark!r}, 'w'); time.sleep(0.3); sys.exit(7)\n"
    explainer = make_explainer("asked = listen()\n" + once + "heat(asked)\n" + OBEDIENT)
    told = Told(explainer)
    explainer.ask("old", MODEL, PHOTO)
    qtbot.waitUntil(lambda: explainer.state == "explaining", timeout=15_000)
    with qtbot.waitSignal(explainer.explained, timeout=15_000):
        explainer.ask("new", MODEL, PHOTO)
    assert [key for key, _ in told.heats] == ["new"] and not told.failures


def test_a_program_that_is_not_there_is_told(qtbot, qapp, tmp_path):
    explainer = Explainer([str(tmp_path / "none")], tmp_path / "explain.log")
    with qtbot.waitSignal(explainer.failed, timeout=15_000) as caught:
        explainer.ask("key", MODEL, PHOTO)
    assert str(PHOTO) in caught.args[1] and "could not be started" in caught.args[1]


def test_without_questions_the_process_ends_and_comes_back(qtbot, make_explainer):
    explainer = make_explainer(OBEDIENT)
    explainer._idle_timer.setInterval(50)
    for key in ("first", "second"):
        with qtbot.waitSignal(explainer.explained, timeout=15_000) as caught:
            explainer.ask(key, MODEL, PHOTO)
        assert caught.args[0] == key
        qtbot.waitUntil(lambda: explainer.state == "idle", timeout=15_000)


def test_shutdown_ends_a_process_that_does_not_listen(qtbot, make_explainer, monkeypatch):
    monkeypatch.setattr("landmark_gui.jobs.explainer.SHUTDOWN_PATIENCE_MS", 200)
    explainer = make_explainer("listen(); time.sleep(600)")
    told = Told(explainer)
    explainer.ask("key", MODEL, PHOTO)
    qtbot.waitUntil(lambda: explainer.state == "explaining", timeout=15_000)
    explainer.shutdown()
    qtbot.wait(50)
    assert explainer._supervisor is None and not told.failures


def test_the_window_has_one_and_ends_it(qtbot, context, monkeypatch):
    ended = []
    assert context.explainer is context.explainer
    monkeypatch.setattr(context.explainer, "shutdown", lambda: ended.append(True))
    context.shutdown()
    assert ended


@pytest.mark.slow
def test_the_real_process_answers(qtbot, qapp, tmp_path):
    made = subprocess.run(
        [sys.executable, "-c", REAL_BUNDLE, str(tmp_path)], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    explainer = Explainer(log_path=tmp_path / "explain.log")
    told = Told(explainer)
    explainer.ask("key", tmp_path / "m.landmark-model", tmp_path / "photo.png")
    qtbot.waitUntil(lambda: bool(told.heats or told.failures), timeout=180_000)
    explainer.shutdown()
    assert not told.failures
    (key, heat) = told.heats[0]
    assert (key, heat.values.shape, heat.values.max()) == ("key", (3, 3), 1)


REAL_BUNDLE = """
import sys
from pathlib import Path
import keras, numpy as np
from PIL import Image
from landmark_gui.training import models
from tests.keras_bundle import write_keras_bundle
folder = Path(sys.argv[1])
keras.utils.set_random_seed(0)
write_keras_bundle(folder / "m.landmark-model", models.modern(48, 2), ("a", "b"))
noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
Image.fromarray(noise).save(folder / "photo.png")
"""
