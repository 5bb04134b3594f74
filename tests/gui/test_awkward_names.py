"""Folders and projects under names in other scripts, dropped on the window and opened again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from landmark_gui.core.settings import Settings
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.widgets.plain import menu_text
from tests.gui.journey import opened
from tests.plain_photos import COLORS, draw

PLACE = "여행 & Ταξίδι 🧳 #1 100%41 'é'"
PHOTO = "🗼 #2 50%25 & 'x' “y”;,=+@[1]{2}.png"


def test_a_dropped_folder_is_opened_shown_and_listed_as_recent(
    qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / PLACE
    draw(folder / "경복궁 & <b>" / PHOTO, COLORS["red"], 1)
    settings = Settings(tmp_path / f"설정 {PLACE}" / "settings.toml")
    context = AppContext(settings)
    window = MainWindow(context)
    window.show()
    qtbot.waitExposed(window)
    data, action = QMimeData(), Qt.DropAction.CopyAction
    data.setUrls(
        [
            QUrl(
                QUrl.fromLocalFile(str(folder)).toString(
                    QUrl.ComponentFormattingOption.FullyEncoded
                )
            )
        ]
    )
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), action, data, *none))
    document = opened(qtbot, context, window, photos=1)
    assert document.photos_dir == folder and PLACE in window.windowTitle()
    document.label_by_folder()
    qtbot.waitUntil(lambda: not window.page("label").canvas.photo_rect().isEmpty())  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: document.is_saved)
    project = document.path

    assert window.opening.close_document()
    window.menus._recent.aboutToShow.emit()
    recent = window.menus._recent.actions()[0]
    assert menu_text(project.stem) in recent.text()
    recent.trigger()
    document = opened(qtbot, context, window, photos=1)
    assert [mark.name for mark in document.project.ordered_landmarks()] == ["경복궁 & <b>"]
    window.close()
    assert list(Settings(settings.path).recent_projects()) == [project]
