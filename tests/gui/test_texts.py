"""Every text of the window is translated, and has room where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.augmentation.config import FillMode
from landmark_gui.core.formats import TITLES
from landmark_gui.core.i18n import LANGUAGES, set_translations
from landmark_gui.gui.language import speak
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from tests.gui.furnished import RUNS, dialogs, furnished, settle, train
from tests.gui.room import cut_off
from tests.gui.seen import texts_in
from tests.plain_photos import COLORS
from tests.pseudo import CLOSE, MORE, OPEN, Pseudo, unmarked

NAMES = (
    "Landmark GUI",
    *LANGUAGES.values(),  # a person looks for the own language by its own name
    *TITLES.values(),
    *COLORS,  # the landmarks, and the folders of the photos
    *RUNS,
    "model",  # the file of one
    "scratch",  # a recipe, as the command line and the runs call it
    "erasing_area",
    *(field.name for field in fields(AugmentationConfig)),  # as Keras calls them
    *get_args(FillMode),
    *("aaaa|abcd|dddd", "dcba|abcd|dcba", "abcd|abcd|abcd", "kkkk|abcd|kkkk"),
    *("val_loss", "loss", "val_accuracy", "accuracy"),  # of the log, as Keras writes it
    *("LiteRT, int8", "LiteRT", "ONNX"),
    "Press shortcut",  # Qt's own, in its own translation
    *("LeakyReLU", "PReLU", "ReLU", "GELU", "ELU", "AdamW", "Adam", "MobileNetV3 Large"),
)
"""What is called the same in every language, or by the person."""
SIZES = ((880, 560), (1280, 800))
"""The smallest that the window has, and the one that it has at first."""
FILES = r"\w+\.(png|landmarks|landmark-model)"
KEYS = r"\((\w+\+)*(\w+|[-+])\)$|, (\w+\+)+\w+$"


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    with furnished(qtbot, tmp_path, tmp_path / "settings.toml") as made:
        train(made, end=True)
        yield made
    speak("en")


def test_every_text_is_translated(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    painted: list[str] = []
    draw = QPainter.drawText

    def drawText(painter: QPainter, *given: object) -> object:  # noqa: N802
        painted.extend(one for one in given if isinstance(one, str))
        return draw(painter, *given)

    set_translations(Pseudo())
    window.build_again()  # what is still English then was made before, and kept somewhere
    settle(qtbot, window)
    monkeypatch.setattr(QPainter, "drawText", drawText)
    left, marks = {}, {OPEN, CLOSE, MORE}
    for name in PAGES:
        window.show_page(name)
        settle(qtbot, window)
        window.grab()
        parts = {"…", *marks}  # of a text that is cut, or of half a line
        whole = [text for text in painted if not parts.intersection(text)]
        left |= {text: f"painted on {name}: {text!r}" for text in untranslated(whole, tmp_path)}
        painted.clear()
    everything = list(texts_in(window))
    for dialog in dialogs(window):
        settle(qtbot, window)
        everything += texts_in(dialog)
    window.opening.close_document()
    for name in PAGES:
        window.show_page(name)
        everything += texts_in(window.page(name))
    for seen in everything:
        left |= {text: str(seen) for text in untranslated([seen.text], tmp_path)}
    assert not left, "\n".join(left.values())


def test_every_text_has_room(qtbot: QtBot, window: MainWindow) -> None:
    cut: dict[str, str] = {}
    for language in ("en", "ko", "pseudo"):
        speak(language)
        if language == "pseudo":
            set_translations(Pseudo())
        window.build_again()
        settle(qtbot, window)
        for width, height in SIZES:
            window.resize(width, height)
            for name in PAGES:
                window.show_page(name)
                settle(qtbot, window)
                for _ in range(6):  # what is laid out may change what is beside it
                    QApplication.processEvents()
                for seen in cut_off(window, may_scroll=language == "pseudo"):
                    cut.setdefault(f"{language} {seen}", f"{language} {name} {width}: {seen}")
        for dialog in dialogs(window):
            settle(qtbot, window)
            QApplication.processEvents()
            for seen in cut_off(dialog, may_scroll=False):
                cut.setdefault(f"{language} {seen}", f"{language} {seen}")
    assert not cut, "\n".join(cut.values())


def untranslated(texts: Iterable[str], folder: Path) -> Iterator[str]:
    """The texts that have letters outside of the marks and are no data."""
    data = re.compile(
        "|".join((re.escape(str(folder)) + r"\S*", FILES, KEYS, *map(re.escape, NAMES)))
    )
    for text in texts:
        if re.search(r"[^\W\d_]", data.sub("", unmarked(text))):
            yield text
