"""An evaluation as HTML, CSV and JSON: nothing of a hostile name is taken for more than text."""

from __future__ import annotations

import base64
import csv
import json
import os
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import Cancelled, FormatError
from landmark_gui.core.evaluation import CropAnswer, Evaluation, changes_between
from landmark_gui.core.evaluation import html_report as html
from landmark_gui.core.evaluation.html_report import About, html_of, write_html
from landmark_gui.core.evaluation.pictures import SIDE, crop_pictures
from landmark_gui.core.evaluation.report import COLUMNS, as_json, check_place, write_csv, write_json
from landmark_gui.core.geometry import Rect
from tests.evaluations import THRESHOLD, evaluation_of

MADE = datetime(2026, 5, 31, 12, 0)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
FORMULA = '=HYPERLINK("http://example.com";"x")'


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def picture(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (400, 300)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path)
    return path


def named(
    path: Path, true: str, said: str, rect: Rect | None = None, number: int = 1
) -> CropAnswer:
    crop = Crop(number, f"b{number}", path, "", (400, 300), rect, true, "test", path.name)
    return CropAnswer(number, f"b{number}", true, said, 0.9, crop, (0.1, 0.9), 0.9, False)


@pytest.fixture
def hostile(tmp_path: Path) -> Evaluation:
    """One landmark and one photo have names that a browser or a spreadsheet might obey."""
    photo = picture(tmp_path / "photos" / "=1+1 & more.jpg", (200, 20, 20))
    answers = (named(photo, HOSTILE, FORMULA), named(photo, FORMULA, FORMULA, number=2))
    skipped = (("<b>gone</b>.jpg", "cut <i>off</i>"),)
    return Evaluation(
        Path(f"{HOSTILE}.landmark-model"), (HOSTILE, FORMULA), "test", answers, skipped
    )


def test_a_name_in_the_report_is_text_and_nothing_else(hostile: Evaluation, tmp_path: Path):
    about = About(HOSTILE, MADE, HOSTILE, changes_between((), hostile.answers))
    write_html(tmp_path / "r.html", hostile, about)
    page = Tags((tmp_path / "r.html").read_text("utf-8"))
    assert {tag for tag, _ in page.tags} & {"script", "b", "i", "link", "iframe"} <= {"b"}
    assert not page.of("script")
    images = page.of("img")
    assert len(images) == 1 and all("onerror" not in image for image in images)
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert page.text.count(HOSTILE) >= 3 and FORMULA in page.text
    assert "<b>gone</b>.jpg: cut <i>off</i>" in page.text


def test_the_report_asks_for_nothing_from_elsewhere(hostile: Evaluation, tmp_path: Path):
    write_html(tmp_path / "r.html", hostile, About("p", MADE))
    page = Tags((tmp_path / "r.html").read_text("utf-8"))
    sources = [
        value for _, each in page.tags for key, value in each.items() if key in ("src", "href")
    ]
    assert sources and all(value.startswith("data:image/jpeg;base64,") for value in sources)
    assert "url(" not in html.STYLE and "@import" not in html.STYLE
    assert "prefers-color-scheme: dark" in html.STYLE


def test_a_mistake_is_shown_by_its_crop_of_bounded_size(tmp_path: Path):
    pixels = np.zeros((300, 400, 3), np.uint8)
    pixels[:, 200:] = (0, 0, 250)
    path = tmp_path / "p.png"
    Image.fromarray(pixels).save(path)
    wrong = named(path, "a", "b", Rect(200, 0, 200, 300))
    content = crop_pictures([wrong])[wrong.key]
    shown = Image.open(BytesIO(content))
    assert max(shown.size) == SIDE and shown.format == "JPEG"
    red, _, blue = np.asarray(shown).reshape(-1, 3).mean(axis=0)
    assert blue > 200 and red < 30
    page = html_of(Evaluation(Path("m"), ("a", "b"), "test", (wrong,)), About("p", MADE), {})
    assert not Tags(page).of("img")
    shown_in = html_of(
        Evaluation(Path("m"), ("a", "b"), "test", (wrong,)),
        About("p", MADE),
        {wrong.key: content},
    )
    (image,) = Tags(shown_in).of("img")
    assert base64.b64decode((image["src"] or "").partition(",")[2]) == content


def test_a_photo_that_is_gone_has_no_picture_and_the_rest_goes_on(tmp_path: Path):
    there = named(picture(tmp_path / "a.png", (9, 9, 9)), "a", "b")
    gone = named(tmp_path / "gone.png", "a", "b", number=2)
    assert set(crop_pictures([gone, there])) == {there.key}


def test_many_mistakes_are_counted_but_not_all_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(html, "MOST_PICTURES", 3)
    path = picture(tmp_path / "a.png", (9, 9, 9), (20, 20))
    answers = tuple(named(path, "a", "b", number=n) for n in range(5))
    write_html(
        tmp_path / "r.html", Evaluation(Path("m"), ("a", "b"), "test", answers), About("p", MADE)
    )
    page = Tags((tmp_path / "r.html").read_text("utf-8"))
    assert len(page.of("img")) == 3
    assert "5 mistakes" in page.text and "and 2 more" in page.text


def test_a_cancelled_report_leaves_nothing(hostile: Evaluation, tmp_path: Path):
    with pytest.raises(Cancelled):
        write_html(tmp_path / "r.html", hostile, About("p", MADE), cancel=lambda: True)
    assert not (tmp_path / "r.html").exists()


def test_no_cell_of_the_table_is_a_formula(hostile: Evaluation, tmp_path: Path):
    write_csv(tmp_path / "t.csv", hostile)
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert tuple(header[: len(COLUMNS)]) == COLUMNS
    assert header[len(COLUMNS) :] == [HOSTILE, f"'{FORMULA}"]
    assert rows[0][0] == "'=1+1 & more.jpg" and rows[0][8] == f"'{FORMULA}"
    assert not any(cell[:1] in "=+@\t\r" for row in rows for cell in row if cell)


def test_the_table_has_a_row_for_each_example(tmp_path: Path):
    rng = np.random.default_rng(3)
    probabilities = rng.dirichlet(np.ones(4), 30)
    evaluation = evaluation_of(rng.integers(0, 4, 30), probabilities)
    write_csv(tmp_path / "t.csv", evaluation)
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    for row, answer, given in zip(rows, evaluation.answers, probabilities, strict=True):
        assert (row["landmark"], row["predicted"]) == (answer.true, answer.predicted)
        assert row["unknown"] == str(answer.confidence < THRESHOLD)
        assert row["right"] == str(answer.true == answer.predicted)
        assert [float(row[label]) for label in evaluation.labels] == pytest.approx(given, abs=1e-6)


def test_json_has_all_figures_and_answers(tmp_path: Path):
    rng = np.random.default_rng(4)
    evaluation = evaluation_of(rng.integers(0, 4, 20), rng.dirichlet(np.ones(4), 20))
    write_json(tmp_path / "e.json", evaluation)
    told = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(as_json(evaluation)))
    assert {"classes", "counts", "accuracy", "macro_f1", "confusion", "chance"} <= set(told)
    assert told["right"] == sum(answer["right"] for answer in told["answers"])
    assert sum(map(sum, told["confusion"])) == len(told["answers"]) == 20


def test_an_older_file_stays_whole_if_the_new_one_cannot_be_written(
    hostile: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "e.json"
    path.write_text("older")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        write_json(path, hostile)
    assert path.read_text() == "older" and list(tmp_path.glob(".e.json*")) == []


def test_no_file_goes_among_the_photos(tmp_path: Path):
    photos = tmp_path / "photos"
    photos.mkdir()
    (tmp_path / "link").symlink_to(photos, target_is_directory=True)
    for place in (photos / "r.html", photos / "deep" / "r.html", tmp_path / "link" / "r.html"):
        with pytest.raises(FormatError, match="among the photos"):
            check_place(place, photos)
    check_place(tmp_path / "r.html", photos)


def test_a_name_that_is_no_text_can_be_reported(hostile: Evaluation, tmp_path: Path):
    answer = hostile.answers[0]
    odd = replace(answer, crop=replace(answer.crop, source="caf\udce9.jpg"))
    evaluation = replace(hostile, answers=(odd,))
    write_html(tmp_path / "r.html", evaluation, About("p", MADE))
    write_csv(tmp_path / "t.csv", evaluation)
    write_json(tmp_path / "e.json", evaluation)
    told = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert told["answers"][0]["photo"] == "caf\udce9.jpg"
    assert r"caf\udce9.jpg" in (tmp_path / "t.csv").read_text("utf-8")
    assert "caf?.jpg" in Tags((tmp_path / "r.html").read_text("utf-8")).text
