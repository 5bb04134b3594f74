"""What a study keeps beside the project, and what becomes of it when it is damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.studies import StudyConfig, kept_result
from landmark_gui.core.studies.journal import Journal, Trial, study_key
from tests.studies import POOL, accuracies, result_with, study_of

STUDY = study_of("compare", 3)
GAINS = {"crops": 0.2}


def kept(data: Path, study: StudyConfig = STUDY, name: str = "key", rounds: int = 3) -> Journal:
    """A study of which so many rounds are done."""
    journal = Journal(data / "studies" / name)
    journal.begin(study, POOL)
    for key, values in accuracies(study, GAINS).items():
        for number, value in enumerate(values[:rounds]):
            journal.keep(Trial(key, number, value, 1.5))
    return journal


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    journal = kept(tmp_path)
    assert journal.study() == (STUDY, POOL)
    assert len(journal.trials()) == 12
    assert journal.trials()["crops", 2].seconds == 1.5
    whole = result_with(STUDY, GAINS)
    assert kept_result(tmp_path) == kept_result(tmp_path, STUDY) == whole
    assert kept_result(tmp_path, kind="compare") == whole
    assert kept_result(tmp_path, kind="augmentation") is None
    assert kept_result(tmp_path, study_of("compare", 3, epochs=7)) is None
    assert kept_result(tmp_path / "nowhere") is None


def test_the_newest_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = study_of("compare", 2, epochs=3), study_of("compare", 2, epochs=4)
    kept(tmp_path, new, "a")
    kept(tmp_path, old, "b")
    for path in tmp_path.glob("studies/b/trials/*.json"):
        journal, told = Journal(path.parents[1]), json.loads(path.read_text())
        values = {name: told[name] for name in ("variant", "round", "accuracy", "seconds")}
        journal._write(f"trials/{path.name}", {**values, "time": "2001-01-01T00:00:00+00:00"})
    found = kept_result(tmp_path)
    assert found is not None and found.epochs == 4
    again = kept_result(tmp_path, old)
    assert again is not None and again.epochs == 3


def test_more_repeats_add_to_those_that_are_there(tmp_path: Path) -> None:
    kept(tmp_path)
    more = kept_result(tmp_path, replace(STUDY, repeats=5))
    assert more is not None and (more.done, more.planned, more.winner) == (12, 20, None)
    fewer = kept_result(tmp_path, replace(STUDY, repeats=2))
    assert fewer is not None and (fewer.done, fewer.planned) == (8, 8)


def test_a_gap_ends_the_rounds_of_its_variant(tmp_path: Path) -> None:
    journal = kept(tmp_path)
    (journal.folder / "trials" / "001-crops.json").unlink()
    found = kept_result(tmp_path, STUDY)
    assert found is not None
    assert [len(outcome.trials) for outcome in found.outcomes.values()] == [3, 3, 1, 3]
    assert not found.is_complete and found.winner is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_entry_is_passed_over(tmp_path: Path, data: st.DataObject) -> None:
    """One byte changed, cut off, or other JSON: never another figure, never a crash."""
    journal = kept(tmp_path, rounds=1)
    before = journal.trials()
    path = journal.folder / "trials" / "000-crops.json"
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content)[: data.draw(st.sampled_from([place, len(content)]))])
    found = journal.trials()
    assert found in (before, {key: one for key, one in before.items() if key[0] != "crops"})
    assert kept_result(tmp_path) is not None


@pytest.mark.parametrize("text", ["", "[]", "3", '{"check": 1}', "\x00" * 40, '{"study": {}}'])
def test_a_study_that_cannot_be_read_is_passed_over(tmp_path: Path, text: str) -> None:
    journal = kept(tmp_path)
    (journal.folder / "study.json").write_text(text)
    assert journal.study() is None
    assert kept_result(tmp_path) is None
    kept(tmp_path, name="whole")
    assert kept_result(tmp_path) == result_with(STUDY, GAINS)


def test_a_trial_under_the_name_of_another_does_not_count(tmp_path: Path) -> None:
    trials = kept(tmp_path, rounds=1).folder / "trials"
    (trials / "000-crops.json").rename(trials / "001-crops.json")
    (trials / "000-photos.json").rename(trials / ".000-photos.json.tmp")
    assert len(Journal(trials.parent).trials()) == 2


def test_the_key_is_that_of_config_and_data_alone() -> None:
    key = study_key(STUDY, "data")
    base = STUDY.base
    same = (
        replace(STUDY, repeats=9),
        replace(STUDY, base=replace(base, project="elsewhere/p.landmarks", out="x", probe=False)),
    )
    assert {study_key(one, "data") for one in same} == {key}
    others = (
        study_of("augmentation", 3),
        replace(STUDY, base=replace(base, epochs=21)),
        replace(STUDY, base=replace(base, seed=1)),
        replace(STUDY, base=replace(base, margin=0.1)),
    )
    keys = {study_key(one, "data") for one in others} | {study_key(STUDY, "other data"), key}
    assert len(keys) == 6
    assert all(len(one) == 32 and one.isalnum() for one in keys)


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "studies").write_text("a file")
    with pytest.raises(TrainingError, match=r"study\.json could not be written"):
        Journal(tmp_path / "studies" / "key").begin(STUDY, POOL)


def test_a_trial_that_failed_comes_back_with_its_reason(tmp_path: Path) -> None:
    journal = kept(tmp_path, rounds=1)
    failed = Trial("crops", 1, None, 0.5, failure="The loss is lost.")
    journal.keep(failed)
    assert journal.trials()["crops", 1].failure == "The loss is lost."
    found = kept_result(tmp_path, STUDY)
    assert found is not None and found.failures == {"crops": "The loss is lost."}
    assert found.outcomes["crops"].trials == kept_accuracies("crops")[:1]
    fewer = kept_result(tmp_path, replace(STUDY, repeats=2))
    assert fewer is not None and "crops" in fewer.failures


@pytest.mark.parametrize(
    "values", [{"accuracy": None}, {"failure": "lost"}, {"accuracy": None, "failure": 3}]
)
def test_a_trial_that_neither_failed_nor_has_a_figure_does_not_count(tmp_path, values) -> None:
    journal = kept(tmp_path, rounds=1)
    told = {"variant": "crops", "round": 0, "accuracy": 0.5, "seconds": 1.0, **values}
    journal._write("trials/000-crops.json", told)
    assert ("crops", 0) not in journal.trials() and len(journal.trials()) == 3


def kept_accuracies(key: str) -> tuple[float, ...]:
    return tuple(accuracies(STUDY, GAINS)[key])
