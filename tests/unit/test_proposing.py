"""A model looks at photos of a project: whole, turned, damaged, unknown and replaced ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_gui.core import images
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.project import Photo
from landmark_gui.core.proposals import Proposal
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.proposing import proposed
from tests.conftest import draw_photo
from tests.tiny_bundle import write_tiny_bundle


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    path = write_tiny_bundle(tmp_path / "colours.landmark-model", shapes=[[0.375, 0.5], [0.3, 0.4]])
    return Classifier(read_bundle(path))


def known(path: Path, number: int = 1) -> tuple[Photo, Path]:
    status = path.stat()
    try:
        header = images.header(path)
        sides = header.width, header.height
    except images.ImageError:
        sides = 96, 72
    photo = Photo(number, path.name, status.st_size, "", *sides, modified=status.st_mtime_ns)
    return photo, path


def answer(classifier: Classifier, path: Path) -> Proposal | str:
    ((_, said),) = proposed(classifier, [known(path)])
    return said


def test_a_photo_gets_a_box_and_a_name(classifier: Classifier, tmp_path: Path) -> None:
    draw_photo(tmp_path / "red.png", "Red Tower", 1)
    said = answer(classifier, tmp_path / "red.png")
    assert isinstance(said, Proposal)
    assert (said.label, said.state) == ("red", "open")
    assert said.rect is not None and said.confidence > 0.7


def test_a_photo_of_nothing_that_it_knows_gets_none(classifier: Classifier, tmp_path: Path) -> None:
    Image.new("RGB", (96, 72), (120, 120, 120)).save(tmp_path / "wall.png")
    said = answer(classifier, tmp_path / "wall.png")
    assert isinstance(said, Proposal) and said.state == "unknown"


def test_the_box_of_a_turned_photo_lies_on_it_as_it_is_seen(
    classifier: Classifier, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "red.png", "Red Tower", 3)
    upright = np.asarray(Image.open(tmp_path / "red.png"))
    exif = Image.Exif()
    exif[0x0112] = 8  # to be turned left by 90 degrees
    turned = Image.fromarray(np.rot90(upright, -1))
    turned.save(tmp_path / "turned.png", exif=exif)
    straight, bent = (answer(classifier, tmp_path / f"{name}.png") for name in ("red", "turned"))
    assert isinstance(straight, Proposal) and isinstance(bent, Proposal)
    assert bent.rect == straight.rect


def test_damaged_and_vanished_photos_are_named_and_the_rest_goes_on(
    classifier: Classifier, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        draw_photo(tmp_path / f"{name}.png", "Red Tower", 1)
    whole = (tmp_path / "b.png").read_bytes()
    (tmp_path / "b.png").write_bytes(whole[: len(whole) // 2])
    photos = [known(tmp_path / f"{name}.png", n) for n, name in enumerate("abc")]
    (tmp_path / "a.png").unlink()
    said = {photo.path: outcome for photo, outcome in proposed(classifier, photos)}
    assert isinstance(said["a.png"], str) and isinstance(said["b.png"], str)
    assert isinstance(said["c.png"], Proposal)


def test_a_photo_that_changes_meanwhile_gets_none(
    classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "red.png"
    draw_photo(path, "Red Tower", 1)
    photo = known(path)
    classify = Classifier.classify

    def then_replaced(self: Classifier, *arguments: object) -> object:
        draw_photo(path, "Green Dome", 2, (120, 80))
        return classify(self, path)

    monkeypatch.setattr(Classifier, "classify", then_replaced)
    ((_, said),) = proposed(classifier, [photo])
    assert said == "its file has changed in between"
    monkeypatch.undo()
    ((_, said),) = proposed(classifier, [photo])  # and one that had changed before
    assert said == "its file has changed in between"


def test_it_stops_within_a_photo(classifier: Classifier, tmp_path: Path) -> None:
    draw_photo(tmp_path / "red.png", "Red Tower", 1)
    with pytest.raises(Cancelled):
        list(proposed(classifier, [known(tmp_path / "red.png")], cancel=lambda: True))
