"""One crop, one answer: whoever asks, in training, evaluation, viewer or command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.dataset import Examples
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluation import answered, project_examples
from tests.worker_client import config_for

pytestmark = pytest.mark.slow

USES = {
    "crops": {"use": "crops", "margin": 0.1, "shape": "square", "edge": "pad"},
    "photos": {"use": "photos"},
}
ALIKE = 1e-4
"""Keras and LiteRT add in another order; where only LiteRT is asked, the numbers are the same."""


@pytest.fixture(scope="module", params=USES)
def trained(
    request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Bundle, Examples]:
    """A model that learned from boxes or from whole photos, and the project's examples to it."""
    from landmark_gui.training.train import train

    out = tmp_path_factory.mktemp("trained") / "towers.landmark-model"
    train(config_for(project, out, probe=False, **USES[request.param]), lambda event: None)
    bundle = read_bundle(out)
    return bundle, project_examples(bundle, project)


def in_evaluation(trained: tuple[Bundle, Examples]) -> list[Any]:
    bundle, examples = trained
    answers, _ = answered(Classifier(bundle), examples, "validation")
    assert answers
    return answers


def told(verdict: dict[str, Any], labels: tuple[str, ...]) -> list[float]:
    """The probabilities of a verdict in the order of the labels."""
    shares = {entry["label"]: entry["confidence"] for entry in verdict["top"]}
    return [shares[label] for label in labels]


def test_training_and_evaluation_say_the_same(trained):
    """What validation was measured on, asked of the trained Keras model itself."""
    from landmark_gui.core.errors import never_cancelled, no_progress
    from landmark_gui.training.bundle_reader import load_keras
    from landmark_gui.training.data import render_examples

    bundle, examples = trained
    data = render_examples(examples, bundle.size, print, no_progress, never_cancelled)
    learned = np.asarray(load_keras(bundle)(data.validation.images.astype(np.float32)))
    answers = in_evaluation(trained)
    assert [answer.crop for answer in answers] == list(data.validation.crops)
    assert np.array([answer.probabilities for answer in answers]) == pytest.approx(
        learned, abs=ALIKE
    )


def test_the_classifier_says_the_same_of_the_box_on_its_photo(trained, project):
    from landmark_gui.core.store import ProjectStore

    bundle, _ = trained
    with ProjectStore.open(project, read_only=True) as store:
        boxes = store.load().boxes
    classifier = Classifier(bundle)
    for answer in in_evaluation(trained):
        box = boxes[answer.box_id].rect if answer.box_id else None
        asked = None if box is None else (box.x, box.y, box.w, box.h)
        verdict = classifier.classify(answer.crop.path, len(bundle.labels), asked)
        assert told(verdict.to_dict(), bundle.labels) == list(answer.probabilities)


def test_the_command_line_says_the_same_of_the_photo(trained, capsys):
    from landmark_gui.cli import main

    bundle, _ = trained
    answers = in_evaluation(trained)
    photos = [str(answer.crop.path) for answer in answers]
    assert main(["classify", str(bundle.path), *photos, "--json", "--top", "3"]) == 0
    rows = json.loads(capsys.readouterr().out)
    classifier = Classifier(bundle)
    for answer, row in zip(answers, rows, strict=True):
        whole = classifier.classify(answer.crop.path, 3).to_dict()
        assert told(row, bundle.labels) == told(whole, bundle.labels)
        if answer.box_id is None:
            assert told(row, bundle.labels) == list(answer.probabilities)


def test_the_viewer_says_the_same(trained, project, qtbot):
    from PySide6.QtCore import QObject

    from landmark_gui.core.store import ProjectStore
    from landmark_gui.gui.pages.classify.engine import Engine
    from landmark_gui.gui.pages.classify.photos import Entry

    bundle, _ = trained
    with ProjectStore.open(project, read_only=True) as store:
        boxes = store.load().boxes
    owner = QObject()
    engine = Engine(owner)
    with qtbot.waitSignal(engine.model_loaded):
        engine.load(bundle.path)
    outcomes: dict[int, Any] = {}
    engine.settled.connect(lambda settled: outcomes.update(settled))
    answers = in_evaluation(trained)
    for key, answer in enumerate(answers):
        rect = boxes[answer.box_id].rect if answer.box_id else None
        entry = Entry(key, answer.crop.path, answer.crop.path.name)
        entry.box = None if rect is None else (rect.x, rect.y, rect.w, rect.h)
        engine.classify([entry])
    qtbot.waitUntil(lambda: len(outcomes) == len(answers), timeout=30_000)
    for key, answer in enumerate(answers):
        assert told(outcomes[key].to_dict(), bundle.labels) == list(answer.probabilities)
    engine.cancel()


def test_what_explains_looks_at_the_same_pixels(trained, project):
    from landmark_gui.core.crops import render
    from landmark_gui.core.store import ProjectStore
    from landmark_gui.inference.parts import render_part

    bundle, examples = trained
    with ProjectStore.open(project, read_only=True) as store:
        boxes = store.load().boxes
    for crop in examples.of("validation"):
        rect = boxes[crop.box_id].rect if crop.box_id else None
        box = None if rect is None else (rect.x, rect.y, rect.w, rect.h)
        shown = render_part(bundle, crop.path, box)
        assert (shown == render(crop, bundle.size)).all()
