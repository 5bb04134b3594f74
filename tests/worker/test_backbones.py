"""Backbones of each family: their range, their weights from files, and their download."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core import backbones
from landmark_gui.core.backbones import Backbone
from landmark_gui.core.errors import Cancelled, TrainingError
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies.result import Pool
from landmark_gui.core.studies.rounds import Round
from tests.thorough import thorough

pytestmark = pytest.mark.slow
FAMILIES = ["mobilenet_v2", "mobilenet_v3_small", "efficientnet_v2_b0", "convnext_tiny"]
SMALLEST = [next(known for known in backbones.ALL if known.name == name) for name in FAMILIES]
FILES = [(name, "b.weights.h5") for name in FAMILIES]
OLD_FILES = [(name, "b.h5") for name in FAMILIES]


@pytest.mark.parametrize("known", thorough(SMALLEST, backbones.ALL), ids=lambda known: known.title)
def test_what_is_said_of_a_backbone_is_true(known: Backbone):
    import keras

    from landmark_gui.training.backbones import built, free_top

    model = built(known, 32)
    assert model.count_params() == known.parameters
    module = vars(sys.modules[getattr(keras.applications, _builder(known)).__module__])
    hashes = module.get("WEIGHTS_HASHES", {})
    assert known.hash in {"" if not hashes else "no", *(pair[1] for pair in hashes.values())}
    base = module.get("BASE_WEIGHT_PATH") or module["BASE_WEIGHTS_PATH"]
    from landmark_gui.training.download import ORIGIN

    assert base == f"{ORIGIN}/{known.place}/"
    free_top(model, known.top)
    free = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert 0.1 * known.parameters < free < 0.75 * known.parameters


def _builder(known: Backbone) -> str:
    from landmark_gui.training.backbones import BUILDERS

    return BUILDERS[known.name].__name__


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_sees_pixels_in_the_range_it_was_trained_with(name):
    """The first layer that computes gets what Keras' own preprocessing makes of the pixels."""
    import keras

    from landmark_gui.training.backbones import built
    from landmark_gui.training.recipes.transfer import network

    known = backbones.backbone(name, 0.35)
    backbone = built(known, 32)
    model = network(known, backbone, 32, 2, 0.0)
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 32, 32, 3)).astype(np.float32)
    first = next(n for n in _leaves(backbone) if isinstance(n, keras.layers.Conv2D))
    seen: list[Any] = []
    call = first.call
    first.call = lambda inputs, *rest: seen.append(np.asarray(inputs)) or call(inputs, *rest)
    model(pixels)
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    expected = pixels / 127.5 - 1
    if name in ("efficientnet_v2_b0", "convnext_tiny"):
        expected = (pixels / 255 - mean) / deviation
    np.testing.assert_allclose(seen[0], expected, atol=1e-4)


def _leaves(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield from _leaves(layer) if hasattr(layer, "layers") else [layer]


@pytest.mark.parametrize(("name", "form"), thorough([*FILES, OLD_FILES[0]], [*FILES, *OLD_FILES]))
def test_a_weights_file_is_recognised_by_what_it_holds(name, form, tmp_path: Path):
    from landmark_gui.training.backbones import built
    from landmark_gui.training.weights import loaded, recognised

    known = backbones.backbone(name, 0.5)
    original = built(known, 48)
    path = tmp_path / form
    original.save_weights(path) if form == "b.weights.h5" else original.save(path)
    assert recognised(path) == known
    said: list[str] = []
    config = TrainConfig("p", "m", weights=str(path), backbone="mobilenet_v2", alpha=0.35)
    found, model = loaded(config, 64, said.append)
    assert found == known and known.title in said[0] and model.input_shape[1] == 64
    for mine, theirs in zip(model.get_weights(), original.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", thorough(FAMILIES[:2], FAMILIES))
def test_lite_rt_agrees_with_keras(name, tmp_path: Path):
    import keras

    from landmark_gui.inference.bundle import Bundle
    from landmark_gui.inference.classifier import Classifier
    from landmark_gui.training.backbones import built
    from landmark_gui.training.bundle_writer import keras_file, make_card, to_litert
    from landmark_gui.training.recipes.transfer import network

    keras.utils.set_random_seed(1)
    known = backbones.backbone(name, 0.35)
    model = network(known, built(known, 64), 64, 4, 0.3)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    config = TrainConfig("p", "m", image_size=64).to_dict()
    card = make_card(threshold=0.5, metrics={}, config=config)
    classifier = Classifier(Bundle(tmp_path / "m", ("a", "b", "c", "d"), card, to_litert(model)))
    expected = model.predict(pixels.astype(np.float32), verbose=0)
    np.testing.assert_allclose(classifier.predict(pixels), expected, atol=1e-4)
    path = tmp_path / "model.keras"
    path.write_bytes(keras_file(model))
    again = keras.saving.load_model(path, safe_mode=True)
    np.testing.assert_allclose(again.predict(pixels.astype(np.float32), verbose=0), expected)


class Server:
    """A server of weights: what it answers, and what it was asked for."""

    def __init__(self) -> None:
        self.body = b""
        self.status, self.length, self.asked = 200, -1, list[str]()
        self.silent = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that the library calls
                server.asked.append(self.path)
                self.send_response(server.status)
                length = len(server.body) if server.length < 0 else server.length
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(server.body)
                if server.silent.is_set():
                    self.wfile.flush()
                    threading.Event().wait(20)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=partial(self.http.serve_forever, 0.05), daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    from landmark_gui.training import download

    made = Server()
    monkeypatch.setattr(download, "ORIGIN", made.origin)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def small(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    """MobileNetV3 Small, with a file of random weights whose hash is the one that is known."""
    from landmark_gui.training.backbones import built

    known = backbones.backbone("mobilenet_v3_small", 1.0)
    path = tmp_path / "made.h5"
    built(known, 32).save(path)
    server.body = path.read_bytes()
    hashed = replace(known, hash=hashlib.md5(server.body).hexdigest())
    everything = tuple(hashed if one == known else one for one in backbones.ALL)
    monkeypatch.setattr(backbones, "ALL", everything)
    return TrainConfig("p", "m", backbone="mobilenet_v3_small")


def kept(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "models").glob("*"))


def test_weights_are_fetched_once_with_progress(small, server, empty_keras_cache):
    from landmark_gui.training.weights import at_hand, fetch, loaded

    events: list[dict] = []
    assert at_hand(small, 32, print) is None
    fetch(small, events.append)
    known = backbones.backbone(small.backbone, 1.0)
    assert server.asked == [f"/{known.place}/{known.file}"]
    assert events[0] == {"event": "state", "state": "downloading"}
    told = [event for event in events if event["event"] == "downloading"]
    size = len(server.body)
    assert told[-1]["done"] == told[-1]["total"] == size and told[-1]["seconds_left"] == 0
    done = [event["done"] for event in told]
    assert done == sorted(done) and told[0]["title"] == "MobileNetV3 Small"
    assert kept(empty_keras_cache) == [known.file]
    assert backbones.at_hand() == {known.key}
    fetch(small, events.append)
    loaded(small, 32, print)
    assert at_hand(small, 32, print) is not None and len(server.asked) == 1


def test_weights_that_came_with_the_program_need_no_network(
    small, server, empty_keras_cache, tmp_path, monkeypatch
):
    from landmark_gui.training.backbones import built
    from landmark_gui.training.weights import at_hand, fetch
    from release.weights import gather

    model = built(backbones.backbone(small.backbone, 1.0), 32)
    given = tmp_path / "given.weights.h5"
    model.save_weights(given)
    shipped = tmp_path / "resources" / "weights"
    gather([str(given)], shipped)
    monkeypatch.setattr(backbones, "resource", lambda name: shipped.with_name(name))
    assert backbones.at_hand() == {(small.backbone, 1.0)}
    fetch(small, print)
    found = at_hand(small, 32, print)
    assert found is not None and server.asked == []
    for ours, theirs in zip(found[1].get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_build_takes_weights_by_the_title_of_their_network(
    small, server, empty_keras_cache, tmp_path
):
    from release.weights import gather

    (shipped,) = gather(["mobilenetv3 small"], tmp_path / "weights")
    assert shipped.read_bytes() == server.body and len(server.asked) == 1


def test_keras_itself_takes_what_was_fetched(small, server, empty_keras_cache, monkeypatch):
    """The name and the place are Keras' own: another program does not download it once more."""
    import keras

    from landmark_gui.training.weights import fetch

    fetch(small, lambda event: None)
    known = backbones.backbone(small.backbone, 1.0)
    path = keras.utils.get_file(
        known.file,
        f"{server.origin}/never",
        cache_subdir="models",
        cache_dir=str(empty_keras_cache),
        file_hash=known.hash,
    )
    assert Path(path).read_bytes() == server.body and len(server.asked) == 1


def test_a_cancel_is_heard_and_leaves_nothing(small, server, empty_keras_cache):
    from landmark_gui.training.weights import fetch

    told: list[dict] = []
    with pytest.raises(Cancelled):
        fetch(small, told.append, lambda: len(told) > 2)
    assert kept(empty_keras_cache) == [] and len(server.asked) == 1


def test_a_trial_of_a_search_hears_a_cancel_too(small, server, empty_keras_cache):
    from landmark_gui.training.study_data import StudyData
    from landmark_gui.training.trials import Trials

    told: list[dict] = []
    trials = Trials(StudyData(("a", "b"), Pool(2, 2, 2), {}, None), told.append)
    with pytest.raises(Cancelled):
        trials.accuracy(small, Round(frozenset(), frozenset()), print, lambda: len(told) > 2)
    assert kept(empty_keras_cache) == [] and len(server.asked) == 1


@pytest.mark.parametrize("fault", ["damaged", "short", "missing", "silent"])
def test_a_download_that_fails_is_said_in_words_and_leaves_nothing(
    fault, small, server, empty_keras_cache, monkeypatch
):
    from landmark_gui.training import download
    from landmark_gui.training.weights import fetch

    monkeypatch.setattr(download, "SILENCE", 0.5)
    if fault == "damaged":
        server.body = server.body[:-1] + b"x"
    elif fault == "missing":
        server.status = 404
    else:
        server.length = len(server.body)
        server.body = server.body[:100_000]
        if fault == "silent":
            server.silent.set()
    with pytest.raises(TrainingError, match="MobileNetV3 Small could not be downloaded") as caught:
        fetch(small, lambda event: None)
    assert "choose a weights file" in str(caught.value) and "scratch" in str(caught.value)
    assert "--weights" not in str(caught.value), "the window has no options"
    assert kept(empty_keras_cache) == []


def test_without_a_network_it_is_said_at_once(small, monkeypatch):
    from landmark_gui.training import download
    from landmark_gui.training.weights import fetch

    monkeypatch.setattr(download, "ORIGIN", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(TrainingError, match="Connect to the internet"):
        fetch(small, lambda event: None)


def test_a_part_that_another_program_left_is_fetched_again(small, server, empty_keras_cache):
    from landmark_gui.training.weights import fetch

    known = backbones.backbone(small.backbone, 1.0)
    (empty_keras_cache / "models").mkdir(parents=True)
    path = empty_keras_cache / "models" / known.file
    path.write_bytes(server.body[:5000])
    fetch(small, lambda event: None)
    assert path.read_bytes() == server.body and len(server.asked) == 1


def test_old_parts_are_swept_away_and_new_ones_let_be(small, server, empty_keras_cache):
    import os
    import time

    from landmark_gui.training import download
    from landmark_gui.training.weights import fetch

    folder = empty_keras_cache / "models"
    folder.mkdir(parents=True)
    for name in ("old.h5.1.part", "new.h5.2.part"):
        (folder / name).touch()
    long_ago = time.time() - download.FORGOTTEN - 60
    os.utime(folder / "old.h5.1.part", (long_ago, long_ago))
    fetch(small, lambda event: None)
    assert "new.h5.2.part" in kept(empty_keras_cache)
    assert "old.h5.1.part" not in kept(empty_keras_cache)
