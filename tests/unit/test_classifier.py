"""Classification against a network whose answers are reckoned by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_gui.core import edits, scan
from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import BundleError, Cancelled, ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import data_folder
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.unknown import UnknownRule
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluation import answered, evaluated, figures
from tests.tiny_bundle import LABELS, TEMPERATURE, tiny_members, write_tiny_bundle, write_zip

RED, GREEN, GREY = (200, 40, 40), (30, 180, 60), (90, 90, 90)


@pytest.fixture
def make_classifier(tmp_path: Path) -> Callable[..., Classifier]:
    def make(threshold: float = 0.5) -> Classifier:
        path = write_tiny_bundle(tmp_path / "m.landmark-model", threshold=threshold)
        return Classifier(read_bundle(path), threads=1)

    return make


def plain(color: tuple[int, int, int], height: int = 8, width: int = 8) -> np.ndarray:
    return np.full((height, width, 3), color, np.uint8)


def softmax_of(color: tuple[int, int, int]) -> np.ndarray:
    powers = np.exp(np.array(color) / TEMPERATURE)
    return powers / powers.sum()


def photo(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (40, 30)) -> Path:
    Image.new("RGB", size, color).save(path)
    return path


def test_probabilities_are_those_of_the_network(make_classifier):
    answers = make_classifier().predict(np.stack([plain(RED), plain(GREEN), plain(GREY)]))
    assert (answers.shape, answers.dtype) == ((3, 3), np.float32)
    expected = np.stack([softmax_of(color) for color in (RED, GREEN, GREY)])
    np.testing.assert_allclose(answers, expected, atol=1e-6)


def test_no_images_give_no_answers(make_classifier):
    assert make_classifier().predict(np.empty((0, 8, 8, 3), np.uint8)).shape == (0, 3)


def test_a_verdict_names_the_best_classes_in_order(make_classifier, tmp_path: Path):
    path = photo(tmp_path / "a.png", (200, 40, 100))
    verdict = make_classifier().classify(path, top_k=2)
    assert (verdict.path, verdict.label, verdict.unknown) == (path, "red", False)
    assert [label for label, _ in verdict.top] == ["red", "blue"]
    assert verdict.confidence == verdict.top[0][1] == pytest.approx(softmax_of((200, 40, 100))[0])
    as_json = json.loads(json.dumps(verdict.to_dict()))
    assert as_json["path"] == str(path) and as_json["top"][1]["label"] == "blue"


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (1, 1), (3, 3), (99, 3)])
def test_there_are_never_more_classes_than_the_model_has(make_classifier, asked, given):
    assert len(make_classifier().classify_image(plain(RED), asked).top) == given


def test_an_answer_under_the_threshold_is_unknown(make_classifier):
    confidence = float(softmax_of(RED)[0])
    assert make_classifier(confidence + 0.01).classify_image(plain(RED)).unknown
    assert not make_classifier(confidence - 0.01).classify_image(plain(RED)).unknown


def test_a_verdict_is_judged_by_another_threshold_without_asking_again(make_classifier):
    verdict = make_classifier(0.5).classify_image(plain(RED))
    assert verdict.score == verdict.confidence and not verdict.unknown
    strict = verdict.at(verdict.score + 0.01)
    assert strict.unknown and strict.at(0.5) == verdict
    assert not verdict.at(verdict.score).unknown


def both_halves(path: Path) -> Path:
    """Red on the left, green on the right of x = 20; 40 × 30 pixels."""
    Image.fromarray(np.concatenate([plain(RED, 30, 20), plain(GREEN, 30, 20)], axis=1)).save(path)
    return path


def test_a_box_asks_about_a_part_of_a_photo(make_classifier, tmp_path: Path):
    classifier, path = make_classifier(), both_halves(tmp_path / "both.png")
    left = classifier.classify(path, box=(0, 0, 20, 30))
    right = classifier.classify(path, box=(20.0, 5.0, 20.0, 20.0))
    assert (left.label, right.label) == ("red", "green")
    assert left.confidence == pytest.approx(softmax_of(RED)[0])
    assert right.to_dict()["box"] == [20, 5, 20, 20]
    assert classifier.classify(path).box is None


def test_a_box_is_cut_as_the_training_cut_boxes(tmp_path: Path):
    path = both_halves(tmp_path / "both.png")
    told = {"use": "crops", "margin": 0.5}
    model = write_tiny_bundle(tmp_path / "m.landmark-model", training=told)
    verdict = Classifier(read_bundle(model)).classify(path, box=(10, 10, 10, 10))
    mean = (np.array(RED) * 15 + np.array(GREEN) * 5) / 20  # from 5 to 25
    np.testing.assert_allclose(verdict.confidence, softmax_of(tuple(mean)).max(), atol=0.01)


def test_a_box_on_a_turned_photo_is_meant_upright(make_classifier, tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned right: what is stored on the left is seen above
    pixels = np.concatenate([plain(RED, 30, 20), plain(GREEN, 30, 20)], axis=1)
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    classifier = make_classifier()
    assert classifier.classify(tmp_path / "turned.png", box=(0, 0, 30, 20)).label == "red"
    assert classifier.classify(tmp_path / "turned.png", box=(0, 20, 30, 20)).label == "green"


@pytest.mark.parametrize(
    "box", [(50, 50, 10, 10), (-9, 0, 9, 9), (0, 0, 0, 9), (np.nan, 0, 9, 9), (0, 0, 9, -9)]
)
def test_a_box_that_is_not_on_the_photo_is_refused(make_classifier, tmp_path: Path, box):
    with pytest.raises(ImageError, match="not on the photo"):
        make_classifier().classify(photo(tmp_path / "a.png", RED), box=box)


def test_pixels_of_any_size_are_fitted_to_the_network(make_classifier):
    verdict = make_classifier().classify_image(plain(GREEN, height=31, width=200))
    assert (verdict.path, verdict.label) == (None, "green")


def test_a_damaged_photo_is_refused_and_the_next_one_classified(make_classifier, tmp_path: Path):
    classifier = make_classifier()
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff no more")
    with pytest.raises(ImageError):
        classifier.classify(tmp_path / "bad.jpg")
    assert classifier.classify(photo(tmp_path / "good.png", RED)).label == "red"


def test_threads_may_share_a_classifier(make_classifier):
    classifier = make_classifier()
    colors = [RED, GREEN] * 100
    with ThreadPoolExecutor(4) as pool:
        labels = list(pool.map(lambda color: classifier.classify_image(plain(color)).label, colors))
    assert labels == ["red", "green"] * 100


def test_a_network_that_does_not_run_or_does_not_fit_is_refused(tmp_path: Path):
    import hashlib

    def bundle_with(litert: bytes) -> Path:
        members = {**tiny_members(), "model.tflite": litert}
        card = json.loads(members["card.json"])
        card["sha256"]["model.tflite"] = hashlib.sha256(litert).hexdigest()
        members["card.json"] = json.dumps(card).encode()
        return write_zip(tmp_path / "m.landmark-model", members)

    with pytest.raises(BundleError, match="no model that can run"):
        Classifier(read_bundle(bundle_with(b"not a model")))
    with pytest.raises(BundleError, match="do not fit"):
        Classifier(read_bundle(bundle_with(tiny_members(size=16)["model.tflite"])))


def test_a_rule_that_the_network_cannot_obey_is_refused(tmp_path: Path):
    rule = UnknownRule("nearest", threshold=0.5)
    path = write_tiny_bundle(tmp_path / "m.landmark-model", unknown=rule.to_dict())
    with pytest.raises(BundleError, match="do not fit"):
        Classifier(read_bundle(path))


def crop(path: Path, landmark: str, split: str = "test", rect: Rect | None = None) -> Crop:
    return Crop(1, None, path, "", (40, 30), rect, landmark, split)


def test_evaluation_counts_right_wrong_skipped_and_foreign_examples(make_classifier, tmp_path):
    red, green = photo(tmp_path / "r.png", RED), photo(tmp_path / "g.png", GREEN)
    (tmp_path / "bad.png").write_bytes(b"bad")
    crops = [
        crop(red, "red"),
        crop(green, "green"),
        crop(green, "red"),
        crop(tmp_path / "bad.png", "blue"),
        crop(red, "violet"),
        crop(red, "green", split="train"),
    ]
    steps: list[tuple[int, int]] = []
    classifier, examples = make_classifier(), Examples((*LABELS, "violet"), crops)
    asked = answered(classifier, examples, progress=lambda done, total: steps.append((done, total)))
    metrics = figures(classifier, examples, "test", *asked)
    assert metrics["confusion"] == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert metrics["accuracy"] == pytest.approx(2 / 3)
    assert [path for path, _ in metrics["skipped"]] == [str(tmp_path / "bad.png")]
    assert metrics["foreign"] == {"violet": 1}
    assert metrics["counts"]["train"]["green"] == 1
    assert steps[-1] == (4, 4)


def test_evaluation_cuts_the_crop_out_of_its_photo(make_classifier, tmp_path: Path):
    pixels = np.concatenate([plain(RED, 30, 20), plain(GREEN, 30, 20)], axis=1)
    Image.fromarray(pixels).save(tmp_path / "both.png")
    halves = [
        crop(tmp_path / "both.png", "red", rect=Rect(0, 0, 20, 30)),
        crop(tmp_path / "both.png", "green", rect=Rect(20, 0, 20, 30)),
    ]
    answers, _ = answered(make_classifier(), Examples(LABELS, halves))
    assert [answer.predicted for answer in answers] == ["red", "green"]


def test_evaluation_without_examples_has_no_accuracy(make_classifier):
    examples, classifier = Examples(LABELS, []), make_classifier()
    asked = answered(classifier, examples)
    assert figures(classifier, examples, "test", *asked)["accuracy"] is None


def test_evaluation_can_be_cancelled(make_classifier, tmp_path: Path):
    examples = Examples(LABELS, [crop(photo(tmp_path / "r.png", RED), "red")])
    with pytest.raises(Cancelled):
        answered(make_classifier(), examples, cancel=lambda: True)


def test_photos_that_a_model_has_learned_from_are_never_its_test(tmp_path: Path):
    """Neither pins nor another split since the training make a test of what was learned."""
    project, model = tmp_path / "p.landmarks", tmp_path / "mine.landmark-model"
    write_tiny_bundle(model, training={"use": "photos", "fresh": True})
    with ProjectStore.create(project, tmp_path / "photos") as store:
        for number, landmark in enumerate(("red", "green", "blue") * 4):
            (tmp_path / "photos" / landmark).mkdir(parents=True, exist_ok=True)
            photo(tmp_path / "photos" / landmark / f"{number}.png", RED, (20 + number, 30))
        for batch in scan.new_photos(store.load(), store.photos_dir):
            store.put_photos(batch)
        loaded = store.load()
        store.commit(scan.labels_from_folders(loaded, loaded.photos.values()))
        ids = sorted(loaded.photos)
        run = data_folder(project) / "runs" / "20260101-000000-000000"
        run.mkdir(parents=True)
        (run / "model.landmark-model").write_bytes(model.read_bytes())
        stood = {id_: "test" if id_ in ids[::4] else "train" for id_ in ids}
        (run / "split.json").write_text(json.dumps(stood))
        store.commit(edits.pin_photos([store.load().photos[ids[1]]], "test"))
        store.set_split_assignments(dict.fromkeys(ids[5:], "test"))
    counts = evaluated(read_bundle(model), project).counts
    assert {split: sum(table.values()) for split, table in counts.items()} == {
        "train": 9,
        "validation": 0,
        "test": 3,
    }


def test_a_model_that_hides_its_training_cannot_be_tested(make_classifier, tmp_path: Path):
    path = write_tiny_bundle(tmp_path / "odd.landmark-model", training=None)
    with pytest.raises(BundleError, match="how it was trained"):
        evaluated(read_bundle(path), tmp_path / "p.landmarks")


def test_classifying_needs_neither_tensorflow_nor_keras(make_classifier, tmp_path: Path):
    make_classifier()
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from landmark_gui.inference.bundle import read_bundle\n"
        "from landmark_gui.inference.classifier import Classifier\n"
        f"Classifier(read_bundle(Path({str(tmp_path / 'm.landmark-model')!r})))\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
