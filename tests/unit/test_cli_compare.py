"""`landmark-gui compare`, its words and its files; the trainings are replaced by figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from landmark_gui import cli
from landmark_gui.core.studies import StudyConfig, variants
from landmark_gui.core.studies.result import StudyResult
from tests.studies import partial, result_with

GAINS = {"crops": 0.2, "zoom_range": 0.1}
Study = Callable[..., StudyResult]


@pytest.fixture
def project(tmp_path: Path, photo_folder: Callable[..., Path]) -> Path:
    path = tmp_path / "p.landmarks"
    photos = str(photo_folder(each=3))
    assert cli.main(["new", str(path), "--photos", photos, "--labels-from-folders"]) == 0
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[StudyConfig]:
    """The studies that were asked for; each comes to figures at once."""
    configs: list[StudyConfig] = []

    def study(config: StudyConfig, emit: Callable[[dict], None]) -> StudyResult:
        configs.append(config)
        emit({"event": "log", "message": "a word"})
        emit({"event": "downloading", "title": "A net", "done": 9e6, "total": 9e6})
        for left in (3000.0, 30.0, 0.0, None):
            tell(config, emit, left)
        return result_with(config, GAINS)

    _stand_in(monkeypatch, study)
    capsys.readouterr()
    return configs


def tell(config: StudyConfig, emit: Callable[[dict], None], left: float | None) -> None:
    key = variants(config)[1].key
    place = {"variant": key, "round": 1, "done": 3, "total": 20, "seconds_left": left}
    emit({"event": "trial_progress", **place, "epoch": 1, "epochs": 2})
    emit({"event": "trial", **place, "accuracy": 0.5, "result": partial(config, {}).to_dict()})


def _stand_in(monkeypatch: pytest.MonkeyPatch, study: Study) -> None:
    module = ModuleType("landmark_gui.training.study")
    module.study = study  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "landmark_gui.training.study", module)


def compare(project: Path, *options: object) -> int:
    out = project.parent / "out"
    return cli.main(["compare", str(project), "--out", str(out), *map(str, options)])


def test_the_table_is_the_default_with_the_recipe_of_train(
    project: Path, asked: list[StudyConfig], capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(project) == 0
    (study,) = asked
    assert (study.kind, study.repeats, study.base.recipe) == ("compare", 5, "transfer")
    assert study.base.augmentation is not None and study.base.augmentation["rotation_range"] == 40
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("Best: Crops, 0.72") and len(lines) == 4
    assert all(Path(line).is_file() for line in lines[1:])
    place = "3/20 Photos, augmented, round 2: 0.500"
    assert said.err.splitlines() == [
        *(
            "a word",
            "A net: 9.0 of 9.0 MB",
            f"{place} (50 minutes left)",
            f"{place} (30 seconds left)",
            place,
            place,
        ),
    ]


def test_options_of_augmentation_are_compared_without_the_test_split(
    project: Path, asked: list[StudyConfig], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from landmark_gui.core.augmentation import AugmentationConfig
    from landmark_gui.core.store import ProjectStore

    AugmentationConfig(zoom_range=(0.9, 1.1)).save(tmp_path / "mine.toml")
    options = ("--of", "augmentation", "--augment", tmp_path / "mine.toml", "--repeats", 3)
    assert compare(project, *options, "--recipe", "scratch", "--epochs", 7, "--json") == 0
    (study,) = asked
    assert (study.kind, study.repeats) == ("augmentation", 3)
    assert (study.base.recipe, study.base.epochs) == ("scratch", 7)
    assert (study.base.augmentation or {})["zoom_range"] == [0.9, 1.1]
    value = json.loads(capsys.readouterr().out)
    assert StudyResult.from_dict(value) == result_with(study, GAINS)
    assert value["winner"] == "zoom_range" and value["sentence"].startswith("Zoom: 0.6")
    assert [Path(file).name for file in value["files"]] == [
        *("compare.csv", "compare.svg", "compare.json"),
    ]
    with ProjectStore.open(project, read_only=True) as store:
        assert store.split_assignments(), "the choice must not be tested on its own photos later"


def test_files_of_others_are_told_before_the_work(
    project: Path, asked: list[StudyConfig], capsys: pytest.CaptureFixture[str]
) -> None:
    out = project.parent / "out"
    out.mkdir()
    (out / "compare.svg").write_text("mine")
    assert compare(project) == 1
    assert f"{out / 'compare.svg'} is not as an earlier comparison" in capsys.readouterr().err
    assert asked == [] and (out / "compare.svg").read_text() == "mine"


@pytest.mark.parametrize(
    "options",
    [("--augment", "off"), ("--repeats", "1"), ("--repeats", "0"), ("--of", "recipes")],
)
def test_wrong_arguments_end_with_2(
    project: Path, asked: list[StudyConfig], options: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        compare(project, *options)
    assert (ended.value.code, asked) == (2, [])


def test_a_file_that_varies_nothing_is_refused(
    project: Path, asked: list[StudyConfig], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from landmark_gui.core.augmentation import AugmentationConfig

    AugmentationConfig().save(tmp_path / "none.toml")
    with pytest.raises(SystemExit) as ended:
        compare(project, "--augment", tmp_path / "none.toml")
    assert (ended.value.code, asked) == (2, [])
    assert "none.toml varies nothing" in capsys.readouterr().err


def test_after_ctrl_c_it_says_how_to_go_on(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object) -> StudyResult:
        raise KeyboardInterrupt

    _stand_in(monkeypatch, interrupted)
    capsys.readouterr()
    assert compare(project) == 1
    assert capsys.readouterr().err.splitlines() == [
        "What is done is kept: the same command goes on from there.",
        "landmark-gui: stopped",
    ]
    assert not (project.parent / "out").exists()
