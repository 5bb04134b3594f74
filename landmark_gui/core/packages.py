"""The packages of others that are in the program, and under which licence each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

OURS = "landmark-gui"
_TEXT = re.compile(r"(?i)^(licen[cs]e|copying|notice)")
_CLASSIFIER = "License :: "
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Package:
    """A package as its metadata describes it.

    Attributes:
        licence: its short name; "" if the package does not say.
    """

    name: str
    version: str
    licence: str

    def licence_text(self) -> str:
        """What the package ships of its licence; "" for nothing."""
        files = metadata.distribution(self.name).files or []
        shipped = [file for file in files if file.parts[0].endswith(".dist-info")]
        texts = []
        for file in shipped:
            if _TEXT.match(file.name) and file.locate().is_file():  # type: ignore[attr-defined]  # a Path, though typed as the abstract SimplePath
                texts.append(file.read_text("utf-8"))
        return "\n\n".join(texts)


def packages() -> list[Package]:
    """All packages that the program needs, by name; of a built program those that are in it."""
    found = {name.lower(): name for name in _needed(OURS)} or {
        name.lower(): name
        for distribution in metadata.distributions()
        if (name := distribution.metadata["Name"])
    }
    described = (_described(name) for _, name in sorted(found.items()) if name != OURS)
    return [package for package in described if package is not None]


def _needed(name: str) -> set[str]:
    """What a package needs, and what that needs; without what it needs for extras alone."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        try:
            required = metadata.requires(waiting.pop()) or []
        except metadata.PackageNotFoundError:  # of another system
            continue
        for needed in _names(required):
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)
    return seen


def _names(required: list[str]) -> Iterator[str]:
    for requirement in required:
        name, _, condition = requirement.partition(";")
        if "extra" not in condition:
            yield re.split(r"[\s<>=!~\[(]", name.strip(), maxsplit=1)[0]


def _described(name: str) -> Package | None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return Package(about["Name"], about["Version"], _licence(about))


def _licence(about: metadata.PackageMetadata) -> str:
    told = next(iter([*_all(about, "License-Expression"), *_all(about, "License")]), "")
    if told and "\n" not in told and len(told) <= _LONGEST_NAME:
        return told
    classified = (
        text for text in about.get_all("Classifier") or [] if text.startswith(_CLASSIFIER)
    )
    return ", ".join(text.rpartition(" :: ")[2] for text in classified)


def _all(about: metadata.PackageMetadata, key: str) -> list[str]:
    return about.get_all(key) or []
