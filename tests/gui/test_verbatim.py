"""Names and paths that look like HTML are shown to the letter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from landmark_gui.gui.widgets.common import Banner, heading, wrapped
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.verbatim import verbatim

NAME = "Tour <img src='file:///etc/passwd'> & <b>bold</b>\nof Pisa"


def test_what_looks_like_html_comes_out_as_it_was_typed() -> None:
    page = QTextDocument()
    page.setHtml(verbatim(NAME))
    assert page.toPlainText() == NAME


def test_other_texts_are_left_alone() -> None:
    assert verbatim("width < height & more") == "width < height & more"


def test_labels_render_nothing(qtbot: QtBot) -> None:
    banner = Banner()
    banner.show_message(NAME)
    elided = ElidedLabel()
    elided.setText(NAME)
    labels = [heading(NAME), wrapped(NAME), elided, *banner.findChildren(QLabel)]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "&lt;img" in elided.toolTip()
