"""How soon the first verdict is there, and how many photos a second are classified.

Start: `landmark-gui classify MODEL PHOTO` as a whole process, against a process that loads the same
model with Keras and predicts. Rate, once that is over: a folder of large photos, each process ready
and the files in the disk's cache, against Keras' `predict` of one photo after the other, opened by
Pillow; and against the bare decode on all cores, which drops the pixels: in full, and at the scale
at which ours decodes. All run in turn.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.photos import SHARED, WEIGHTS, project_of
from benchmarks.report import ratio, spread
from landmark_gui.core import images

HEAD = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
model, photos = Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]]
"""
KERAS = """
import io, zipfile, keras, numpy as np
from PIL import Image, ImageOps
with zipfile.ZipFile(model) as archive, open(sys.argv[1] + ".keras", "wb") as file:
    file.write(archive.read("model.keras"))
network = keras.models.load_model(sys.argv[1] + ".keras")
side = network.input_shape[1]
def work(photos):
    for path in photos:
        with Image.open(path) as photo:
            small = ImageOps.exif_transpose(photo).convert("RGB").resize((side, side))
        network.predict(np.asarray(small, np.float32)[None], verbose=0)
"""
OURS = """
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.classifying import classified
classifier = Classifier(read_bundle(model))
def work(photos):
    assert all(not isinstance(verdict, str) for _, verdict in classified(classifier, photos))
"""
DECODE = """
from PIL import Image
def decode(path):
    with Image.open(path) as photo:
        scale = min(photo.size) // {side} if {side} else 1
        if scale > 1:
            photo.draft(None, (photo.width // scale, photo.height // scale))
        photo.load()
def work(photos):
    with ThreadPoolExecutor(cpu_count()) as pool:
        list(pool.map(decode, photos))
"""
TIMED = """
work(photos[:1])
started = time.perf_counter()
work(photos)
print(len(photos) / (time.perf_counter() - started))
"""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks classify", description=__doc__)
    parser.add_argument("--model", type=Path, help="otherwise one is trained on the wonders")
    parser.add_argument("--photos", type=Path, default=SHARED / "data" / "large")
    parser.add_argument("--times", type=int, default=4, help="how often each photo is classified")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args(argv)
    photos = sorted(path for path in arguments.photos.rglob("*") if images.is_photo(path))
    if not photos:
        print(f"there are no photos in {arguments.photos}; name a folder with --photos")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, "timed.landmark-model")
        if arguments.model:
            model.write_bytes(arguments.model.read_bytes())
        else:
            _train(Path(folder), model)
        _starts(model, photos[0], arguments.runs)
        _rates(model, photos * arguments.times, arguments.runs)
    return 0


def _train(folder: Path, model: Path) -> None:
    project = project_of(SHARED / "data" / "wonders", folder)
    command = ("train", str(project), "--out", str(model), "--use", "photos")
    options = ("--weights", str(WEIGHTS), "--epochs", "5", "--image-size", "160", "--no-probe")
    ours = [sys.executable, "-m", "landmark_gui"]
    subprocess.run([*ours, *command, *options], check=True, capture_output=True)


def _starts(model: Path, photo: Path, runs: int) -> None:
    ways = {
        "ours": [sys.executable, "-m", "landmark_gui", "classify", str(model), str(photo)],
        "Keras": [sys.executable, "-c", HEAD + KERAS + "work(photos)", str(model), str(photo)],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, command in ways.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            if run:  # the first is for the disk's cache
                seconds[name].append(time.perf_counter() - started)
    print("process start to the end of one verdict")
    for name, measured in seconds.items():
        print(f"  {name:14}", spread(measured))
    print(f"  Keras takes {ratio(seconds['Keras'], seconds['ours'])} times as long; aim: 50")


def _rates(model: Path, photos: list[Path], runs: int) -> None:
    ways = {
        "ours": OURS,
        "Keras": KERAS,
        "full decode": DECODE.format(side=0),
        "scaled decode": DECODE.format(side=_side(model)),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, script in ways.items():
            rates[name].append(_rate(script, model, photos))
    print(f"{len(photos)} photos, {os.cpu_count()} cores")
    for name, measured in rates.items():
        print(f"  {name:14}", spread(measured, "photos/s"), end="")
        print("" if name == "ours" else f" | ours is {ratio(rates['ours'], measured)} of it")
    print("  aim: 5 times Keras, 0.85 of the decode")


def _side(model: Path) -> int:
    from landmark_gui.inference.bundle import read_bundle

    return read_bundle(model).size


def _rate(script: str, model: Path, photos: list[Path]) -> float:
    command = [sys.executable, "-c", HEAD + script + TIMED, str(model), *map(str, photos)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
