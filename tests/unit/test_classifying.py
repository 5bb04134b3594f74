from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_gui.core.errors import Cancelled
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier, Verdict
from landmark_gui.inference.classifying import classified
from tests.tiny_bundle import LABELS, write_tiny_bundle


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    return Classifier(read_bundle(write_tiny_bundle(tmp_path / "tiny.landmark-model")))


def coloured(folder: Path, count: int) -> list[Path]:
    """Photos whose class is their number modulo three."""
    paths = []
    for number in range(count):
        pixels = np.zeros((30 + number, 40, 3), np.uint8)
        pixels[..., number % 3] = 250
        paths.append(folder / f"{number:03}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def test_each_photo_has_its_own_verdict_in_their_order(
    classifier: Classifier, tmp_path: Path
) -> None:
    photos = coloured(tmp_path, 60)

    found = list(classified(classifier, photos))

    assert [path for path, _ in found] == photos
    said = [verdict.label for _, verdict in found if isinstance(verdict, Verdict)]
    assert said == [LABELS[number % 3] for number in range(60)]
    assert [verdict for _, verdict in found] == [classifier.classify(path) for path in photos]


def test_a_damaged_photo_is_told_and_the_rest_goes_on(
    classifier: Classifier, tmp_path: Path
) -> None:
    photos = coloured(tmp_path, 3)
    photos[1].write_bytes(b"no picture")

    outcomes = [outcome for _, outcome in classified(classifier, photos)]

    assert [isinstance(outcome, str) for outcome in outcomes] == [False, True, False]


def test_a_cancel_ends_it_between_two_photos(classifier: Classifier, tmp_path: Path) -> None:
    asked = []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(Cancelled):
        list(classified(classifier, coloured(tmp_path, 40), cancel=cancel))
    assert len(asked) < 40
