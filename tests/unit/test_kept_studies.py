from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies import StudyConfig, StudyKind, variants
from landmark_gui.core.studies.journal import STUDIES, Journal, Trial
from landmark_gui.core.studies.kept import kept_study
from landmark_gui.core.studies.result import Pool
from landmark_gui.gui.studies import texts


def study(kind: StudyKind = "compare", repeats: int = 3, **base: object) -> StudyConfig:
    augmentation = AugmentationConfig.log_preset().to_dict()
    config = TrainConfig("p.landmarks", "m", augmentation=augmentation)
    return StudyConfig(kind, replace(config, **base), repeats)


def keep(folder: Path, name: str, done: StudyConfig, trainings: int, seconds: float = 10) -> None:
    journal = Journal(folder / STUDIES / name)
    journal.begin(done, Pool(60, 3, 5))
    places = [(v.key, n) for n in range(done.repeats) for v in variants(done)]
    for key, number in places[:trainings]:
        journal.keep(Trial(key, number, 0.5, seconds))


def test_nothing_is_kept_of_what_was_never_done(tmp_path: Path):
    assert kept_study(tmp_path, study()) is None
    keep(tmp_path, "a", study("augmentation"), 3)
    assert kept_study(tmp_path, study()) is None


def test_the_same_study_is_found_with_as_many_repeats_as_are_asked_for(tmp_path: Path):
    keep(tmp_path, "a", study(), 12)
    kept = kept_study(tmp_path, study())
    assert kept is not None and kept.same and kept.result.is_complete
    assert kept.seconds_left(study()) == 0
    assert (kept.ended - kept.began).total_seconds() >= 10
    more = kept_study(tmp_path, study(repeats=5))
    assert more is not None and more.same
    assert (more.result.done, more.result.planned) == (12, 20)
    assert more.seconds_left(study(repeats=5)) == 80


def test_the_same_study_goes_before_newer_ones_with_other_settings(tmp_path: Path):
    keep(tmp_path, "a", study(), 4)
    keep(tmp_path, "b", study(epochs=3), 12)
    kept = kept_study(tmp_path, study())
    assert kept is not None and kept.same and kept.result.done == 4


def test_other_settings_are_named(tmp_path: Path):
    keep(tmp_path, "a", study(epochs=3, image_size=96), 12)
    kept = kept_study(tmp_path, study())
    assert kept is not None and not kept.same and kept.result.is_complete
    assert texts.differences(kept.study, study()) == ["epochs", "image size"]
    assert "with other settings (epochs, image size)" in texts.kept_text(kept, study(), False)
    assert kept.seconds_left(study()) is None


def test_another_study_of_the_same_trainings_tells_how_long_they_take(tmp_path: Path):
    gentle = AugmentationConfig(rotation_range=3).to_dict()
    keep(tmp_path, "a", study(augmentation=gentle), 12, seconds=7)
    kept = kept_study(tmp_path, study(repeats=5))
    assert kept is not None and not kept.same
    assert kept.seconds_left(study(repeats=5)) == pytest.approx(7 * 20)


def test_weights_of_another_file_are_another_study(tmp_path: Path):
    keep(tmp_path, "a", study(weights="w.h5"), 12)
    kept = kept_study(tmp_path, study())
    assert kept is not None and not kept.same


def test_a_damaged_study_is_passed_over(tmp_path: Path):
    keep(tmp_path, "a", study(), 12)
    (tmp_path / STUDIES / "a" / "study.json").write_text("{")
    assert kept_study(tmp_path, study()) is None
