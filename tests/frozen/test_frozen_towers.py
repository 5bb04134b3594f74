"""The built command line from photos to verdicts, on real photos of three towers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.frozen.alone import Alone

pytestmark = pytest.mark.shared

SMALL = ("--recipe", "scratch", "--epochs", 2, "--image-size", 32, "--no-probe")


@pytest.fixture(scope="module")
def towers(program: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """A home with the folder `탑 사진` of photos and their project, made by the built program."""
    home = tmp_path_factory.mktemp("탑의 집")
    alone = Alone(program, home)
    photos = shutil.copytree(shared / "data" / "towers", home / "탑 사진")
    made = alone.told("new", "탑.landmarks", "--photos", photos)
    assert (made["photos"], made["unreadable"]) == (132, {})
    imported = alone.told("import", "탑.landmarks", photos / "boxes.csv", "--format", "csv")
    assert imported["imported"] + len(imported["problems"]) == 144
    return alone


@pytest.fixture(scope="module")
def model(towers: Alone, shared: Path) -> str:
    """A model by `transfer` from weights of a file, with no internet."""
    weights = shared / "weights" / "mobilenet_v2_0.35_224_no_top.weights.h5"
    trained = towers.told(
        *("train", "탑.landmarks", "--out", "탑.landmark-model"),
        *("--recipe", "transfer", "--weights", weights, "--epochs", 10, "--image-size", 160),
    )
    assert trained["accuracy"] >= 0.8
    assert trained["probe"]["examples"] == 144
    return "탑.landmark-model"


def test_check_finds_what_is_wrong(towers: Alone) -> None:
    report = towers.told("check", "탑.landmarks")
    assert (report["photos"], report["examples"]) == (132, 144)
    assert report["advice"]


def test_crops_are_cut_once(towers: Alone) -> None:
    asked = ("crop", "탑.landmarks", "--out", "크롭", "--size", 96)
    assert towers.told(*asked)["written"] == 144
    again = towers.told(*asked)
    assert (again["written"], again["kept"]) == (0, 144)


def test_a_network_from_scratch(towers: Alone) -> None:
    trained = towers.told("train", "탑.landmarks", "--out", "새.landmark-model", *SMALL)
    assert trained["epochs"] == 2 and len(trained["history"]["loss"]) == 2
    assert (towers.home / "새.landmark-model").is_file()


def test_evaluation_repeats_the_figures_of_the_training(towers: Alone, model: str) -> None:
    figures = towers.told("evaluate", model, "탑.landmarks", "--report", "보고서.html")
    assert figures["accuracy"] >= 0.8
    assert figures["chance"] == pytest.approx(1 / 3)
    assert (towers.home / "보고서.html").is_file()


def test_photos_are_classified(towers: Alone, model: str) -> None:
    verdicts = towers.told("classify", model, Path("탑 사진", "Eiffel_Tower"), "--csv", "판정.csv")
    right = [verdict["label"] == "Eiffel_Tower" for verdict in verdicts]
    assert sum(right) / len(right) > 0.7
    assert (towers.home / "판정.csv").is_file()


@pytest.mark.parametrize("name", ["탑.onnx", "탑.int8.tflite"])
def test_a_model_is_handed_on(towers: Alone, model: str, name: str) -> None:
    exported = towers.told("convert", model, name, "--project", "탑.landmarks")
    assert (towers.home / name).stat().st_size == exported["bytes"]


def test_settings_are_searched(towers: Alone) -> None:
    """Optuna, of which the build leaves out what is not used."""
    asked = ("search", "탑.landmarks", "--out", "찾음", "--trials", 2, "--rounds", 2)
    few = ("--recipes", "scratch", "--sizes", 32, "--recipe", "scratch", "--image-size", 32)
    assert towers.told(*asked, *few, "--epochs", 1)["done"] == 2
