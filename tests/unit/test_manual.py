"""The manual: every page and heading that is linked is there, each page of the program has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landmark_gui.core.manual import INDEX, Manual, Place, anchor_of, excerpt
from landmark_gui.core.resources import manual_root
from landmark_gui.gui.help import page_of_step
from landmark_gui.gui.page_list import page_titles

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "manual"
ENGLISH = sorted(path.stem for path in FOLDER.glob("*.md") if "." not in path.stem)
LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)\s]+)\)")
KOREAN = sorted(path.name.removesuffix(".ko.md") for path in FOLDER.glob("*.ko.md"))


@pytest.fixture(scope="module")
def manual() -> Manual:
    return Manual(manual_root())


@pytest.fixture(scope="module")
def korean() -> Manual:
    return Manual(manual_root(), "ko")


def test_the_manual_of_the_source_is_that_of_the_documents() -> None:
    assert manual_root() == FOLDER


def test_the_index_leads_to_every_page(manual: Manual) -> None:
    listed = [page.name for _, pages in manual.contents for page in pages]
    assert sorted([*listed, INDEX]) == ENGLISH


def test_the_site_has_every_page_of_the_index_in_its_order(manual: Manual) -> None:
    listed = [page.name for _, pages in manual.contents for page in pages]
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    of_site = re.findall(r"- manual/([\w-]+)\.md", site)
    assert of_site == [INDEX, *listed]
    assert re.findall(r"- manual/([\w-]+)\.ko\.md", site) == [n for n in of_site if n in KOREAN]


def test_each_page_of_the_program_has_a_page_of_its_name(manual: Manual, korean: Manual) -> None:
    for step, (title, _) in page_titles().items():
        assert manual.page(page_of_step(step)).title == title


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_link_within_the_manual_finds_its_heading(language: str) -> None:
    manual = Manual(FOLDER, language)
    for name in ENGLISH:
        for link in LINK.findall(manual.page(name).markdown):
            place = manual.place(link, name)
            if place is None:
                assert link.startswith(("http", "../")), f"{name}: {link}"
            elif place.anchor:
                assert manual.anchor(place), f"{name}: {link}"


@pytest.mark.parametrize("name", ENGLISH)
def test_no_two_headings_of_a_page_have_one_anchor(manual: Manual, name: str) -> None:
    anchors = [section.place.anchor for section in manual.page(name).sections]
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("name", KOREAN)
def test_a_korean_page_has_the_headings_of_the_english_one(
    manual: Manual, korean: Manual, name: str
) -> None:
    levels = [[section.level for section in book.page(name).sections] for book in (manual, korean)]
    assert levels[0] == levels[1]
    assert korean.page(name).is_translated


@pytest.mark.parametrize("name", KOREAN)
def test_a_korean_page_has_the_pictures_of_the_english_one_and_no_other_keys(
    manual: Manual, korean: Manual, name: str
) -> None:
    def marked(book: Manual, pattern: str) -> set[str]:
        return set(re.findall(pattern, book.page(name).markdown))

    picture, code = r"\]\((pictures/[^)]+)\)", r"`([^`\n]+)`"
    assert marked(korean, picture) == marked(manual, picture)
    assert marked(korean, code) <= marked(manual, code)


def test_a_page_that_is_not_translated_is_english_and_says_so(korean: Manual) -> None:
    assert "glossary" not in KOREAN
    assert not korean.page("glossary").is_translated
    assert korean.page("glossary").title == "Glossary"


def test_a_link_to_an_english_heading_finds_the_korean_one(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# One\n\n## Two\n\n## Three\n", encoding="utf-8")
    (tmp_path / "one.ko.md").write_text("# 하나\n\n## 둘\n\n## 셋\n", encoding="utf-8")
    manual = Manual(tmp_path, "ko")
    assert manual.anchor(Place("one", "three")) == "셋"
    assert manual.anchor(Place("one", "셋")) == "셋"
    assert manual.anchor(Place("one", "four")) == ""
    assert manual.place("one.ko.md#둘") == Place("one", "둘")


def test_links_that_lead_out_of_the_manual_are_words_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# A\n\n[B](b.md) [C](../c.md) [D](https://d.org) [E](#a) ![F](f.png)", encoding="utf-8"
    )
    (tmp_path / "b.md").write_text("# B\n", encoding="utf-8")
    manual = Manual(tmp_path)
    shown = manual.markdown(manual.page("a"))
    assert shown.endswith("[B](b.md) C [D](https://d.org) [E](#a) ![F](f.png)")


def test_headings_in_code_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n```\n# not one\n```\n\n## B `c`\n", encoding="utf-8")
    assert [section.title for section in Manual(tmp_path).page("a").sections] == ["A", "B c"]


def test_anchors_are_as_github_makes_them() -> None:
    assert anchor_of("What `--json` holds") == "what---json-holds"
    assert anchor_of('When a model says "unknown"') == "when-a-model-says-unknown"
    assert anchor_of("모델이 나쁜 이유") == "모델이-나쁜-이유"


def test_the_search_finds_parts_of_words_and_prefers_titles(manual: Manual) -> None:
    hits = manual.search("leak worth")
    assert hits[0].section.place == Place("train", "what-a-leak-is-worth")
    assert manual.search("TRAIN")[0].section.place == Place("train")
    assert manual.search("qwertz") == manual.search(" ") == []
    assert "diagnosis" in {hit.section.place.page for hit in manual.search("dead unit")}


def test_the_search_finds_half_a_korean_syllable(korean: Manual) -> None:
    assert korean.search("빠른 시자")[0].section.place == Place("quickstart")


def test_an_excerpt_begins_near_the_first_word() -> None:
    text = "much … " * 40 + "then a needle, and more"
    assert "needle" in excerpt(text, "needle")
    assert excerpt(text, "nowhere").startswith("much")
