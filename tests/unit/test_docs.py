"""Links of the documents lead somewhere, and what they say of the code's files is there."""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CODE = [
    path.relative_to(ROOT).as_posix()
    for folder in ("landmark_gui", "tests", "benchmarks", "docs", "release")
    for path in (ROOT / folder).rglob("*.py")
] + [path.name for path in ROOT.glob("*.py")]

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MODULE = re.compile(r"`((?:[\w*]+/)*[\w*]+\.py)`")


def anchor(heading: str) -> str:
    """What a heading is linked by, as GitHub makes it: letters, digits, hyphens."""
    plain = re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", heading).strip().lower()
    kept = (
        letter for letter in plain if letter in " -_" or unicodedata.category(letter)[0] in "LN"
    )
    return "".join(kept).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings_that_are_there(document: Path) -> None:
    broken = []
    for link in LINK.findall(FENCED.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue  # elsewhere
        place, _, heading = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", ["development.md", "manual/glossary.md"])
def test_modules_that_are_named_are_there(name: str) -> None:
    named = MODULE.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
    gone = [
        module
        for module in named
        if not any(fnmatch(path, module) or fnmatch(path, f"*/{module}") for path in CODE)
    ]
    assert gone == []


def test_decisions_are_numbered_without_gap_or_double() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
