"""The whole way on real photos, through the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def landmark_gui(*arguments: object) -> Any:
    """Run a command with --json in a process of its own; what it printed."""
    command = [sys.executable, "-m", "landmark_gui", *map(str, arguments), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def towers(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the towers with their authors' boxes."""
    project = tmp_path_factory.mktemp("towers") / "towers.landmarks"
    made = landmark_gui("new", project, "--photos", shared / "data" / "towers")
    assert (made["photos"], made["unreadable"]) == (132, {})
    imported = landmark_gui(
        "import", project, shared / "data" / "towers" / "boxes.csv", "--format", "csv"
    )
    assert imported["imported"] + len(imported["problems"]) == 144
    return project


@pytest.fixture(scope="module")
def model(shared: Path, towers: Path) -> Path:
    model = towers.with_suffix(".landmark-model")
    weights = shared / "weights" / "mobilenet_v2_0.35_224_no_top.weights.h5"
    metrics = landmark_gui(
        "train", towers, "--out", model, "--recipe", "transfer", "--weights", weights
    )
    assert metrics["accuracy"] >= 0.90
    assert metrics["classes"] == ["Oriental_Pearl_TV_Tower", "Canton_Tower", "Eiffel_Tower"]
    assert metrics["probe"]["honest"]["value"] >= 0.90 and metrics["probe"]["examples"] == 144
    assert {"counts", "macro_f1", "confusion", "chance", "seconds"} <= metrics.keys()
    return model


def test_crops_of_a_photo_share_a_split_and_a_second_run_writes_nothing(
    towers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "crops"
    first = landmark_gui("crop", towers, "--out", out, "--size", 224)
    assert (first["written"], first["skipped"]) == (144, [])
    split_of: dict[str, set[str]] = {}
    for path in out.rglob("*.jpg"):
        split_of.setdefault(path.name.split("-")[0], set()).add(path.parts[-3])
    assert all(len(splits) == 1 for splits in split_of.values())
    again = landmark_gui("crop", towers, "--out", out, "--size", 224)
    assert again == {"written": 0, "kept": 144, "removed": 0, "skipped": [], "groups": 132}


def test_evaluation_repeats_the_figures_of_the_training(towers: Path, model: Path) -> None:
    metrics = landmark_gui("evaluate", model, towers)
    assert metrics["accuracy"] >= 0.90
    assert metrics["chance"] == pytest.approx(1 / 3)
    assert sum(map(sum, metrics["confusion"])) == sum(metrics["counts"]["test"].values())


def test_whole_photos_are_classified_and_sorted(shared: Path, model: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "towers" / "Eiffel_Tower"
    rows = landmark_gui(
        "classify", model, folder, "--csv", tmp_path / "v.csv", "--sort-into", tmp_path / "sorted"
    )
    photos = [path for path in folder.iterdir() if path.suffix == ".jpg"]
    assert len(rows) == len(photos) == len(list((tmp_path / "sorted").rglob("*.jpg")))
    assert {"path", "label", "confidence", "unknown", "top"} <= rows[0].keys()
    right = sum(row["label"] == "Eiffel_Tower" for row in rows)
    assert right / len(rows) > 0.8
    assert len((tmp_path / "v.csv").read_text("utf-8").splitlines()) == len(rows) + 1
    assert sum(row["unknown"] for row in rows) / len(rows) < 0.2
    assert {"score", "box"} <= rows[0].keys()


def test_what_the_model_has_never_seen_is_unknown(shared: Path, model: Path) -> None:
    rows = landmark_gui("classify", model, shared / "data" / "wonders" / "Roman_Colosseum")
    assert len(rows) > 30
    assert sum(row["unknown"] for row in rows) / len(rows) > 0.8
