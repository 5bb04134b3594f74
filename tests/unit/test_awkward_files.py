"""Files under names in other scripts, and with all that shells, URLs and formats trip over, from
the photos to whatever is made of them."""

from __future__ import annotations

import csv
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest

from landmark_gui import cli
from landmark_gui.core.formats import FOLDERS, TITLES
from tests.plain_photos import COLORS, draw
from tests.tiny_bundle import write_tiny_bundle

PLACE = "여행 & Ταξίδι 🧳 #1 100%41 'é'"
NAMES = (
    "경복궁 사진.png",
    unicodedata.normalize("NFD", "광화문 é.png"),  # as macOS writes it
    "Ακρόπολη.png",
    "🗼 #2 50%25 & 'x' “y”;,=+@[1]{2}.png",
    "-top.png",
    "한" * 80 + ".png",  # 244 bytes of the 255 that a name may have
)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """These photos in a folder for each landmark: 붉은 탑 (NFD), Πράσινο & <b>, 🔵#%."""
    folder = tmp_path / PLACE
    landmarks = (unicodedata.normalize("NFD", "붉은 탑"), "Πράσινο & b", "🔵 #%")
    for number, (name, color) in enumerate(zip(landmarks, COLORS.values(), strict=True)):
        for count, photo in enumerate(NAMES):
            draw(folder / name / photo, color, number * len(NAMES) + count)
    return folder


def test_from_photos_to_crops_boxes_verdicts_and_reports(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: object) -> dict[str, object]:
        assert cli.main([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    project = tmp_path / f"{PLACE}.landmarks"
    landmarks = run("new", project, "--photos", photos, "--labels-from-folders")["landmarks"]
    assert set(landmarks) == {"붉은 탑", "Πράσινο & b", "🔵 #%"}

    count = len(NAMES) * len(COLORS)
    for kind, end in (("folder", ""), ("zip", ".zip"), ("imagefolder", " 2"), ("tfrecord", " 3")):
        made = tmp_path / f"크롭 {PLACE}{end}"
        run("crop", project, "--out", made, "--as", kind, "--use", "photos")
        if kind == "zip":
            assert len(zipfile.ZipFile(made).namelist()) >= count
        elif kind != "tfrecord":
            assert sum(file.stat().st_size > 0 for file in made.rglob("*.jpg")) == count
    for form in TITLES:
        run("export", project, tmp_path / f"상자 {PLACE} {form}", "--format", form)

    model = write_tiny_bundle(tmp_path / f"모델 {PLACE}.landmark-model")
    table, sorted_ = tmp_path / f"판정 {PLACE}.csv", tmp_path / f"나눔 {PLACE}"
    verdicts = run("classify", model, photos, "--csv", table, "--sort-into", sorted_)
    assert len(list(sorted_.rglob("*.png"))) == count, verdicts
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert {Path(row["path"]).name for row in csv.DictReader(file)} == set(NAMES)


@pytest.mark.parametrize("form", [form for form in TITLES if form != "json"])
def test_boxes_find_their_photos_again(
    photos: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: object) -> dict[str, object]:
        assert cli.main([*map(str, arguments), "--json"]) == 0, capsys.readouterr().err
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    first, second = (tmp_path / f"{PLACE} {n}.landmarks" for n in (1, 2))
    for project in (first, second):
        run("new", project, "--photos", photos)
    table = tmp_path / "상자.csv"
    names = sorted(file.relative_to(photos).as_posix() for file in photos.rglob("*.png"))
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = [(name, "🗼 탑 & <b>", 1 + n, 2, 20, 20) for n, name in enumerate(names)]
        csv.writer(file).writerows([("file", "class", "x", "y", "w", "h"), *rows])
    assert run("import", first, table)["imported"] == len(names)
    place = tmp_path / f"{PLACE} {form}{'' if form in FOLDERS else '.csv'}"
    run("export", first, place, "--format", form)
    assert run("import", second, place, "--format", form)["imported"] == len(names)
