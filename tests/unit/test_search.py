"""What a search chooses from, and what it says."""

from __future__ import annotations

import csv
import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui import cli, cli_search
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.augmentation.strength import weakened
from landmark_gui.core.errors import FormatError, TrainingError
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search import SearchConfig, SearchResult, Settings, Space, Tried, sentence
from landmark_gui.core.search.files import (
    augmentation_file,
    check_free,
    kept_sentences,
    write_files,
)
from landmark_gui.core.search.journal import SearchJournal, kept_search, search_folder
from landmark_gui.core.search.result import table
from landmark_gui.core.studies.result import Pool

BASE = TrainConfig("p.landmarks", "", recipe="scratch", seed=3)
POOL = Pool(examples=1000, classes=4, folds=5)
BETTER = Settings("transfer", 3e-4, 128, 0.5)


def result(*gains: float, end: str = "done", planned: int = 0) -> SearchResult:
    base = (0.5, 0.52, 0.54, 0.5, 0.52)
    tried = [Tried(None, base, "done")]
    for number, gain in enumerate(gains):
        wobble = [gain + 0.004 * (place % 2) for place in range(5)]
        found = tuple(level + more for level, more in zip(base, wobble, strict=True))
        tried.append(Tried(replace(BETTER, image_size=64 + number), found, end))
    return SearchResult(tuple(tried), POOL, planned or len(tried))


def test_settings_go_into_a_training_and_leave_the_rest():
    config = BETTER.applied(BASE)
    assert (config.recipe, config.learning_rate, config.image_size) == ("transfer", 3e-4, 128)
    assert config.augmentation is not None and config.augmentation["rotation_range"] == 20
    assert (config.seed, config.epochs, config.use) == (3, BASE.epochs, BASE.use)
    assert replace(BETTER, strength=0.0).applied(BASE).augmentation is None


@given(st.floats(0.01, 1))
def test_augmentation_of_any_strength_is_one(strength: float):
    full = AugmentationConfig(
        rotation_range=40,
        width_shift_range=[-0.2, 0.2],
        height_shift_range=9,
        zoom_range=(0.7, 1.4),
        brightness_range=(0.5, 2),
        jpeg_quality=(30, 90),
        randaugment_count=2,
        mixup_alpha=0.4,
        horizontal_flip=True,
    )
    found = weakened(full, strength)
    assert found is not None and found == AugmentationConfig.from_dict(found.to_dict())
    assert found.rotation_range == 40 * strength and found.horizontal_flip
    assert 0.7 <= found.zoom_range[0] <= 1 <= found.zoom_range[1] <= 1.4
    assert weakened(full, 1.0) == full and weakened(full, 0.0) is None


@pytest.mark.parametrize(
    "values",
    [
        {"recipes": ()},
        {"recipes": ("guess",)},
        {"image_sizes": (16,)},
        {"image_sizes": (96, 96)},
        {"image_sizes": (96.0,)},
        {"strengths": (1.5,)},
        {"rates": (1e-2, 1e-4)},
        {"rates": (0.0, 1e-4)},
        {"rates": (float("nan"), 1e-4)},
    ],
)
def test_bounds_that_are_none_are_refused(values):
    with pytest.raises(TrainingError, match="cannot be searched"):
        Space(**values)


def test_a_config_survives_json_and_unknown_or_wrong_values_are_refused():
    config = SearchConfig(BASE, Space(("scratch",), (1e-3, 1e-2), (64,), (0.5, 1.0)), 9, 3, 5)
    told = json.loads(json.dumps(config.to_dict()))
    assert SearchConfig.from_dict(told) == config
    for wrong in (
        {**told, "trials": 1},
        {**told, "rounds": True},
        {**told, "minutes": 0},
        {**told, "more": 1},
        {**told, "space": {"recipes": 3}},
        {**told, "space": {"other": []}},
        {"base": 3},
        {},
    ):
        with pytest.raises(TrainingError):
            SearchConfig.from_dict(wrong)


def test_a_clear_gain_is_to_be_taken():
    found = result(0.01, 0.3)
    assert found.best.settings == replace(BETTER, image_size=65) and found.is_clear
    said = sentence(found)
    assert "Best of 3: transfer, learning rate 0.0003, 65 pixels, 50%" in said
    assert "clear of chance" in said


def test_a_small_one_may_be_chance():
    assert not result(0.0005).is_clear
    assert "may be chance" in sentence(result(0.0005))


def test_nothing_better_is_said_so():
    assert sentence(result(-0.1)).startswith("None of 1 trial was better than your settings")


def test_what_is_not_finished_is_said_so():
    assert sentence(result(0.3, planned=20)).endswith("2 of 20 trials are done.")
    assert "are done" not in sentence(result(0.3))


def test_what_was_given_up_is_never_the_best():
    assert result(0.4, end="pruned").best.settings is None


def test_more_trials_need_a_larger_gain():
    few, many = result(0.3), result(0.3, *[0.0] * 30)
    assert few.gain is not None and many.gain is not None
    assert many.gain.spread > few.gain.spread


def test_those_given_up_need_a_larger_gain_too():
    few, given_up, failed = (
        result(0.3),
        result(*[0.0] * 30, end="pruned"),
        result(0.0, end="failed"),
    )
    both = replace(few, tried=(*few.tried, *given_up.tried[1:]))
    assert few.gain is not None and both.gain is not None
    assert both.best == few.best and both.gain.spread > few.gain.spread
    assert replace(few, tried=(*few.tried, *failed.tried[1:])).gain == few.gain


def test_a_result_survives_json():
    found = result(0.1, -0.1)
    told = json.loads(json.dumps(found.to_dict()))
    assert SearchResult.from_dict(told) == found
    with pytest.raises(ValueError, match="trials"):
        SearchResult.from_dict({**told, "trials": []})


def test_the_command_shares_photos_out_as_the_search_did(tmp_path: Path):
    shares = ["--split", "0.6,0.2,0.2", "--near-distance", "off", "--burst-seconds", "0"]
    asked = cli._parser().parse_args(["search", "p.landmarks", "--out", str(tmp_path), *shares])
    words = shlex.split(cli_search.command_of(asked, BASE, result(-0.1)))
    trained = cli._parser().parse_args(words[1:])
    assert trained.split == (0.6, 0.2, 0.2)
    assert (trained.near_distance, trained.burst_seconds) == (None, 0.0)


def test_files_hold_the_best_and_no_file_of_another_is_replaced(tmp_path: Path):
    files = write_files(tmp_path / "out", BASE, result(0.1), "landmark-gui train")
    assert [path.name for path in files] == ["search.json", "search.csv", "best.txt", "best.toml"]
    assert AugmentationConfig.load(files[3]).rotation_range == 20
    assert files[1].read_text().splitlines()[1].startswith("transfer,0.0003,64,0.5,0.6")
    write_files(tmp_path / "out", BASE, result(-0.1), "landmark-gui train")
    assert not files[3].exists()
    (tmp_path / "search.csv").write_text("mine")
    with pytest.raises(FormatError, match="is of no search"):
        check_free(tmp_path)
    with pytest.raises(FormatError, match="is a file"):
        check_free(tmp_path / "search.csv")
    assert (tmp_path / "search.csv").read_text() == "mine" and asdict(BETTER)


def test_a_file_that_was_changed_is_kept_and_the_new_one_stands_beside_it(tmp_path: Path):
    out = tmp_path / "out"
    first = write_files(out, BASE, result(0.1), "landmark-gui train")
    edited = first[3].read_text().replace("20", "21")
    first[3].write_text(edited)
    place = augmentation_file(out, BASE, result(0.1))
    assert place == out / "best-2.toml"
    files = write_files(out, BASE, result(0.1), "landmark-gui train --augment best-2.toml")
    assert [path.name for path in files] == [
        *("search.json", "search.csv", "best.txt", "best-2.toml"),
    ]
    assert first[3].read_text() == edited
    assert AugmentationConfig.load(files[3]).rotation_range == 20
    (said,) = kept_sentences(files)
    assert "best.toml was changed since" in said and "best-2.toml" in said
    assert write_files(out, BASE, result(0.1), "the same") == files, "a third one is not needed"
    write_files(out, BASE, result(-0.1), "landmark-gui train")
    assert not files[3].exists() and first[3].read_text() == edited
    assert not list(kept_sentences(write_files(tmp_path / "new", BASE, result(0.1), "train")))


@pytest.mark.parametrize("content", ["", "[]", '{"format": "landmark-gui-search"}', "half"])
def test_a_damaged_folder_is_refused_in_words(tmp_path: Path, content: str):
    write_files(tmp_path, BASE, result(0.1), "landmark-gui train")
    before = {path: path.read_text() for path in tmp_path.iterdir()}
    whole = before[tmp_path / "search.json"]
    before[tmp_path / "search.json"] = damaged = content if content != "half" else whole[:100]
    (tmp_path / "search.json").write_text(damaged)
    with pytest.raises(FormatError, match=r"search\.json is of no search, or damaged"):
        write_files(tmp_path, BASE, result(-0.1), "landmark-gui train")
    assert {path: path.read_text() for path in tmp_path.iterdir()} == before


def test_what_failed_and_what_was_left_out_is_said():
    found = result(0.1)
    failed = Tried(replace(BETTER, image_size=99), (), "failed", 'The loss, "lost", is gone.')
    found = replace(found, tried=(*found.tried, failed), left_out={"fine-tune": "No weights."})
    rows = list(csv.DictReader(table(found.tried).splitlines()))
    assert list(rows[0])[-1] == "reason"
    assert [row["reason"] for row in rows] == ["", "", failed.reason]
    assert sentence(found).endswith("“fine-tune” was left out: No weights.")
    assert SearchResult.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_what_is_kept_of_a_search_comes_back_and_damage_is_passed_over(tmp_path: Path):
    base = replace(BASE, project=str(tmp_path / "p.landmarks"))
    other = replace(base, learning_rate=0.5)
    data = tmp_path / "p.data"
    for config, found in ((other, result(0.2)), (base, result(0.1))):
        journal = SearchJournal(search_folder(SearchConfig(config), ["data"]))
        journal.note(SearchConfig(config))
        journal.keep_result(found)
    kept = kept_search(data, base)
    assert kept is not None and kept.result == result(0.1) and kept.is_of(base)
    newest = kept_search(data, replace(base, epochs=9))
    assert newest is not None and not newest.is_of(replace(base, epochs=9))
    path = journal.folder / "result.json"
    path.write_text(path.read_text().replace("0.5", "0.6", 1))
    assert (kept_search(data, base) or kept).result == result(0.2)
    assert kept_search(tmp_path / "nowhere.data", base) is None
