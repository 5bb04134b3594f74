"""Names and paths of strangers are shown letter by letter, never as HTML."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import Qt as Text
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QListView, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import landmark_gui.gui
from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo
from landmark_gui.core.project_opening import open_folder
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import Banner, EmptyState
from landmark_gui.gui.widgets.elided_label import ElidedLabel

EVIL = '<img src="file:///secret.png"><b>Tower</b> & "Gate"'


def shown(text: str) -> str:
    """What a person reads where Qt decides for itself whether a text is HTML."""
    if not Text.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@pytest.fixture
def window(
    qtbot: QtBot,
    context: AppContext,
    photo_folder: Callable[..., Path],
    tmp_path: Path,
) -> MainWindow:
    """All pages of a project whose landmark and photo have names with tags."""
    made = MainWindow(context)
    qtbot.addWidget(made)
    document = Document(open_folder(photo_folder(each=2), tmp_path))
    context.set_document(document)
    document.do(edits.add_landmark(document.project, EVIL))
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
    photo = document.project.ordered_photos()[0]
    document.do(edits.add_box(photo.id, 1, Rect(5, 5, 40, 40)))
    document.do(edits.set_photos_landmark([photo], 1))
    document.project.put_photos([Photo(99, f"a/{EVIL}", 1, "", 0, 0, "missing", EVIL)])
    document.photos_changed.emit()
    for name in PAGES:
        made.show_page(name)
    made.toggle_history()
    made.open_palette()
    document.set_current(99)
    made.show()
    return made


def test_no_label_of_the_window_takes_a_text_for_html(window: MainWindow) -> None:
    window.show_message(EVIL)
    labels = window.findChildren(QLabel)
    assert any(EVIL in label.text() for label in labels)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_no_tool_tip_of_the_window_takes_a_name_for_html(window: MainWindow) -> None:
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    assert any(EVIL in shown(tip) for tip in tips)
    views = [view for view in window.findChildren(QListView) if view.model() is not None]
    tips += [tip for view in views for tip in tips_of(view.model())]
    assert sum(EVIL in shown(tip) for tip in tips) > 4
    assert not [tip for tip in tips if "secret" in tip and EVIL not in shown(tip)]


def tips_of(model: QAbstractItemModel) -> list[str]:
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return [str(row.data(Qt.ItemDataRole.ToolTipRole) or "") for row in rows]


def test_the_question_about_a_landmark_shows_its_name_as_it_is(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QMessageBox] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box) and 0)
    window.page("label").landmarks.delete()
    assert EVIL in asked[0].text() and asked[0].textFormat() == Qt.TextFormat.PlainText


def test_a_name_in_a_menu_keeps_its_ampersand(window: MainWindow) -> None:
    panel = window.page("label").photos
    panel.list.selectAll()
    panel._open_menu(QPoint(1, 1))
    texts = [action.text() for menu in panel.findChildren(QMenu) for action in menu.actions()]
    assert EVIL.replace("&", "&&") in texts


@pytest.mark.parametrize("text", ["plain", "a < b\nc > d", EVIL, "line 1\n<b>  line 2</b>"])
def test_a_tool_tip_says_what_it_was_given(qapp: object, text: str) -> None:
    assert shown(plain.literal(text)) == text


def test_building_blocks_show_tags_as_they_are(qtbot: QtBot) -> None:
    banner, elided = Banner(), ElidedLabel()
    empty = EmptyState("photo", EVIL, EVIL)
    for widget in (banner, elided, empty):
        qtbot.addWidget(widget)
    banner.show_message(EVIL)
    elided.setText(EVIL)
    assert banner.text() == EVIL and shown(elided.toolTip()) == EVIL
    labels = [elided, *banner.findChildren(QLabel), *empty.findChildren(QLabel)]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_labels_are_made_in_one_place() -> None:
    folder = Path(landmark_gui.gui.__file__).parent
    makers = {path.name for path in folder.rglob("*.py") if makes_label(path)}
    assert makers == {"plain.py"}


def makes_label(path: Path) -> bool:
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QLabel"
        for node in calls
    )
