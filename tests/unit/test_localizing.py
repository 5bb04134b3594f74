"""The search for the box, with a real LiteRT model that names the colour it sees most of."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pytest
from PIL import Image

from landmark_gui.core.errors import BundleError, Cancelled
from landmark_gui.core.geometry import Rect
from landmark_gui.inference import localizing
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.localizing import Located, locate_photo
from tests.tiny_bundle import tiny_members, write_tiny_bundle, write_zip

SHAPES = [[0.2, 0.6], [0.25, 0.55], [0.3, 0.5]]
PLANTED = Rect(130, 60, 50, 90)
RED = (230, 20, 20)


def classifier(tmp_path: Path, shapes: list[list[float]], **card: object) -> Classifier:
    path = write_tiny_bundle(tmp_path / "colours.landmark-model", shapes=shapes, **card)
    return Classifier(read_bundle(path))


def planted(rect: Rect = PLANTED, size: tuple[int, int] = (240, 160), scale: int = 1) -> np.ndarray:
    """Noise of no colour with a red rectangle."""
    rng = np.random.default_rng(7)
    width, height = size
    grey = rng.integers(90, 160, (height, width, 1), dtype=np.uint8)
    image = np.repeat(grey, 3, axis=2)
    x, y, right, bottom = (round(side) for side in (rect.x, rect.y, rect.right, rect.bottom))
    image[y:bottom, x:right] = RED
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)


def locate(asking: Classifier, image: np.ndarray, **options: object) -> Located:
    """Search an image as a photo."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "photo.png"
        Image.fromarray(image).save(path)
        return locate_photo(asking, path, **options)


def overlap(located: Located, rect: Rect) -> float:
    box = Rect(*located.box)
    w = min(box.right, rect.right) - max(box.x, rect.x)
    h = min(box.bottom, rect.bottom) - max(box.y, rect.y)
    shared = max(w, 0) * max(h, 0)
    return shared / (box.area + rect.area - shared)


@pytest.mark.parametrize("place", [PLANTED, Rect(4, 10, 50, 90), Rect(186, 68, 50, 90)])
def test_a_planted_object_is_found_wherever_it_is(tmp_path: Path, place: Rect) -> None:
    found = locate(classifier(tmp_path, SHAPES), planted(place))
    assert overlap(found, place) > 0.6
    assert (found.verdict.label, found.verdict.box) == ("red", found.box)
    assert found.verdict.confidence > found.whole.confidence + 0.2


def test_the_most_confident_window_alone_would_be_a_worse_box(tmp_path: Path) -> None:
    """A tenth of the object is as red as all of it."""
    asking = classifier(tmp_path, SHAPES)
    image = planted()
    found = locate(asking, image)
    inside = asking.classify_image(image[70:80, 140:150])
    assert inside.confidence >= found.verdict.confidence
    assert Rect(*found.box).area > 0.5 * PLANTED.area


def test_without_known_shapes_it_still_lands_on_the_object(tmp_path: Path) -> None:
    found = locate(classifier(tmp_path, []), planted())
    assert overlap(found, PLANTED) > 0.3
    assert found.verdict.label == "red"


def test_a_photo_full_of_its_landmark_needs_no_box(tmp_path: Path) -> None:
    image = np.full((160, 240, 3), RED, np.uint8)
    found = locate(classifier(tmp_path, [[1.0, 1.0], [0.9, 0.95], [0.3, 0.4]]), image)
    assert found.is_whole
    assert found.box == (0, 0, 240, 160)
    assert found.verdict == found.whole


def test_a_model_of_whole_photos_is_asked_once(tmp_path: Path) -> None:
    found = locate(classifier(tmp_path, [[1.0, 1.0]] * 5), planted())
    assert (found.is_whole, found.windows) == (True, 1)


@pytest.mark.parametrize("shapes", [SHAPES, [], [[0.01, 0.01], [0.05, 0.9], [1.0, 0.02]]])
def test_the_number_of_windows_is_bounded(tmp_path: Path, monkeypatch, shapes) -> None:
    asking = classifier(tmp_path, shapes)
    asked, ask = [], Classifier.ask
    monkeypatch.setattr(
        Classifier,
        "ask",
        lambda self, images: asked.append(len(images)) or ask(self, images),
    )
    found = locate(asking, planted())
    most = localizing.COARSE + localizing.FINE + 2
    assert 30 < found.windows <= sum(asked) <= most


@pytest.mark.parametrize("sides", [(1, 1), (2, 400), (400, 2), (7, 5)])
def test_slivers_of_photos_are_searched_as_well(tmp_path: Path, sides: tuple[int, int]) -> None:
    found = locate(classifier(tmp_path, SHAPES), np.full((*sides, 3), RED, np.uint8))
    box = Rect(*found.box)
    assert box.w >= 1 and box.h >= 1
    assert box.x >= 0 and box.right <= sides[1] and box.y >= 0 and box.bottom <= sides[0]


def test_it_stops_between_windows(tmp_path: Path) -> None:
    told: list[int] = []
    with pytest.raises(Cancelled):
        locate(
            classifier(tmp_path, SHAPES),
            planted(),
            cancel=lambda: len(told) >= 3,
            progress=lambda done, total: told.append(done),
        )
    assert len(told) == 3


def test_progress_never_goes_back_and_ends_at_the_total(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    locate(
        classifier(tmp_path, SHAPES),
        planted(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


def test_boxes_of_turned_photos_are_in_oriented_pixels(tmp_path: Path) -> None:
    upright = planted()
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by 90 degrees
    Image.fromarray(np.rot90(upright)).save(path, exif=exif)
    found = locate_photo(classifier(tmp_path, SHAPES), path)
    assert overlap(found, PLANTED) > 0.6


def test_a_large_photo_is_searched_small_and_its_box_is_in_full_pixels(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.fromarray(planted(scale=16)).save(path, quality=90)
    asking = classifier(tmp_path, SHAPES)
    found = locate_photo(asking, path)
    assert overlap(found, PLANTED.scaled(16, 16)) > 0.6
    assert found.verdict == asking.classify(path, 3, found.box)
    assert found.whole == asking.classify(path)


def test_the_margin_of_the_training_is_cut_again_round_the_box(tmp_path: Path) -> None:
    """The box is that of the landmark; what the model is shown has the margin round it."""
    training = {"use": "crops", "margin": 0.25, "margin_unit": "fraction", "recipe": "transfer"}
    asking = classifier(tmp_path, SHAPES, training=training)
    assert asking.bundle.crop_settings.margin == 0.25
    image = planted()
    x, y, w, h = (int(side) for side in (PLANTED.x, PLANTED.y, PLANTED.w, PLANTED.h))
    seen = localizing._input(asking, image, PLANTED)
    grown = image[y - round(h / 4) : y + h + round(h / 4), x - round(w / 4) : x + w + round(w / 4)]
    near = cv2.resize(grown, (8, 8), interpolation=cv2.INTER_AREA)
    assert np.abs(seen.astype(int) - near.astype(int)).mean() < 12


@pytest.mark.parametrize(
    "bad", [[[0.5]], [[0, 0.5]], [["a", 1]], [[0.5, 1.5]], 7, [[0.5, 1]] * 2000]
)
def test_shapes_of_a_strangers_card_are_checked(tmp_path: Path, bad: object) -> None:
    members = tiny_members()
    card = json.loads(members["card.json"]) | {"shapes": bad}
    path = write_zip(
        tmp_path / "bad.landmark-model", members | {"card.json": json.dumps(card).encode()}
    )
    with pytest.raises(BundleError):
        read_bundle(path)
