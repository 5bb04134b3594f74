"""Model files that are whole, and model files from strangers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from landmark_gui.core.calibration import Calibration
from landmark_gui.core.crops import CropSettings
from landmark_gui.core.errors import BundleError
from landmark_gui.core.unknown import Operating, UnknownRule
from landmark_gui.inference import bundle as bundle_module
from landmark_gui.inference.bundle import read_bundle
from tests.tiny_bundle import LABELS, tiny_members, tiny_model, write_tiny_bundle, write_zip

RULE = UnknownRule(operating=(Operating(0.3, 1.0, 0.2), Operating(0.6, 0.8, 0.9))).to_dict()
CALIBRATION = {"temperature": 1.5, "ece_before": 0.2, "ece_after": 0.1, "examples": 30}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "m.landmark-model"


def refusal(path: Path) -> str:
    with pytest.raises(BundleError) as caught:
        read_bundle(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_whole_bundle_is_read(path: Path):
    bundle = read_bundle(write_tiny_bundle(path, size=12, threshold=0.4))
    assert (bundle.labels, bundle.size, bundle.threshold) == (LABELS, 12, 0.4)
    assert bundle.litert == tiny_model(12)


def test_a_bundle_without_a_rule_goes_by_its_threshold_alone(path: Path):
    bundle = read_bundle(write_tiny_bundle(path, threshold=0.4))
    assert bundle.rule == UnknownRule(threshold=0.4)
    assert (bundle.rule.at(0.4), bundle.calibration) == (None, None)


def test_a_card_tells_its_rule_and_calibration(path: Path):
    bundle = read_bundle(write_tiny_bundle(path, unknown=RULE, calibration=CALIBRATION))
    assert bundle.rule.to_dict() == RULE and bundle.threshold == RULE["threshold"]
    assert bundle.calibration == Calibration(**CALIBRATION)


def test_boxes_are_cut_as_the_training_cut_them(path: Path):
    told = {"margin": 0.25, "shape": "square", "edge": "pad"}
    bundle = read_bundle(write_tiny_bundle(path, training=told))
    assert bundle.crop_settings == CropSettings(margin=0.25, shape="square", edge="pad")
    for odd in (None, {"margin": float("nan")}, {"shape": "round"}, {"margin": []}):
        assert read_bundle(write_tiny_bundle(path, training=odd)).crop_settings == CropSettings()


def test_missing_foreign_and_empty_files_are_refused(path: Path):
    assert "no such file" in refusal(path)
    path.write_bytes(b"")
    assert "not a model file" in refusal(path)
    path.write_text("just some text")
    assert "not a model file" in refusal(path)


def test_a_folder_is_refused(path: Path):
    path.mkdir()
    refusal(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_anywhere_is_refused(path: Path, share: float):
    content = write_tiny_bundle(path).read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "cut off" in refusal(path)


@pytest.mark.parametrize("name", ["model.keras", "model.tflite", "labels.json", "card.json"])
def test_each_missing_member_is_named(path: Path, name: str):
    members = tiny_members()
    del members[name]
    assert f"{name} is missing" in refusal(write_zip(path, members))


@pytest.mark.parametrize("name", ["model.keras", "model.tflite", "labels.json"])
def test_a_member_that_was_exchanged_is_named(path: Path, name: str):
    members = tiny_members()
    members[name] = members[name] + b" "
    assert f"{name} in it differs" in refusal(write_zip(path, members))


def test_a_flipped_byte_is_noticed_by_the_zip_itself(path: Path):
    content = bytearray(write_tiny_bundle(path).read_bytes())
    content[content.index(b"TFL3") + 40] ^= 0xFF
    path.write_bytes(content)
    assert "cannot be used" in refusal(path)


def test_a_newer_format_asks_for_an_update(path: Path):
    assert "newer version" in refusal(write_tiny_bundle(path, format_version=2))


@pytest.mark.parametrize(
    "card",
    [
        {"format_version": 0},
        {"format_version": "1"},
        {"preprocessing": {}},
        {"preprocessing": {"size": 0}},
        {"preprocessing": {"size": 10**9}},
        {"preprocessing": {"size": "8"}},
        {"threshold": 2},
        {"threshold": "high"},
        {"threshold": float("nan")},
        {"threshold": 10**400},
        {"unknown": None},
        {"unknown": []},
        {"unknown": {**RULE, "threshold": 0.7}},
        {"unknown": {**RULE, "kind": "magic"}},
        {"unknown": {**RULE, "operating": [[0.5, float("nan"), 0.5]]}},
        {"unknown": {**RULE, "operating": [[0.5, 0.5, 0.5]] * 100_000}},
        {"calibration": None},
        {"calibration": {}},
        {"calibration": {**CALIBRATION, "temperature": float("nan")}},
        {"calibration": {**CALIBRATION, "temperature": 0}},
        {"calibration": {**CALIBRATION, "temperature": 10**400}},
        {"calibration": {**CALIBRATION, "ece_after": "low"}},
        {"calibration": {**CALIBRATION, "examples": -1}},
        {"sha256": {}},
        {"sha256": None},
    ],
)
def test_a_card_that_makes_no_sense_is_refused(path: Path, card: dict):
    assert "card.json in it is damaged" in refusal(write_tiny_bundle(path, **card))


@pytest.mark.parametrize("text", [b"", b"[", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_card_that_is_not_an_object_is_refused(path: Path, text: bytes):
    assert "card.json" in refusal(write_zip(path, {**tiny_members(), "card.json": text}))


def test_labels_must_be_different_names_that_can_be_seen(path: Path):
    import hashlib

    unseen = (["a", "b\n"], ["a", "\x1b[2J"], ["a", ""], ["a", "b" * 2000], ["a", "\u2028"])
    for labels in (["a"], ["a", "a"], [1, 2], {"a": 1}, *unseen):
        members = tiny_members()
        members["labels.json"] = json.dumps(labels).encode()
        card = json.loads(members["card.json"])
        card["sha256"]["labels.json"] = hashlib.sha256(members["labels.json"]).hexdigest()
        members["card.json"] = json.dumps(card).encode()
        assert "labels.json" in refusal(write_zip(path, members))


def test_nothing_is_unpacked_and_foreign_members_are_ignored(path: Path, tmp_path: Path):
    read_bundle(write_zip(path, {**tiny_members(), "notes/read me.txt": b"x"}))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_too_many_or_too_large_members_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch):
    crowd = {f"{number}.txt": b"" for number in range(100)}
    assert "too many" in refusal(write_zip(path, {**tiny_members(), **crowd}))
    monkeypatch.setattr(bundle_module, "MAX_MODEL_BYTES", 100)
    assert "too large" in refusal(write_tiny_bundle(path))


def test_a_small_zip_that_swells_is_refused_by_its_declared_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bundle_module, "MAX_MODEL_BYTES", 2**20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tiny_members().items():
            swollen = bytes(2**24) if name == "model.tflite" else content
            archive.writestr(name, swollen)
    assert path.stat().st_size < 2**18
    assert "model.tflite in it is too large" in refusal(path)
