"""How the window looks: contrast, themes that change, large text, small screens, icons."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

import landmark_gui
from landmark_gui.core.edits import PALETTE
from landmark_gui.core.resources import resource
from landmark_gui.core.settings import Settings
from landmark_gui.gui import icons, theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.contrast import SHAPE, STRONG_TEXT, TEXT, contrast, ink_on
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.pages.runs import curves
from landmark_gui.gui.widgets.common import heading
from landmark_gui.gui.widgets.dialogs import give_size
from landmark_gui.gui.widgets.page_room import PageRoom
from landmark_gui.gui.widgets.rows import swatch_icon
from tests.colors import SEEN_BY, difference
from tests.thorough import when_thorough

GROUNDS = ("window", "surface", "raised", "selection")
INKS = ("text", "muted", "accent", "danger", "warning", "success")
themes = pytest.mark.parametrize("name", theme.CHOICES)


@pytest.fixture(autouse=True)
def dressed_as_before(qapp: QApplication) -> Iterator[None]:
    """Later tests find the theme and the text that they expect."""
    font = qapp.font()
    yield
    qapp.setFont(font)
    theme.apply("light")


class TestContrast:
    def test_black_on_white_is_the_most_there_is(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # as WebAIM has it

    @themes
    def test_all_text_is_legible_on_all_grounds(self, name: str) -> None:
        colors = theme.CHOICES[name]
        least = STRONG_TEXT if colors.strong else TEXT
        for ink in INKS:
            for ground in GROUNDS:
                found = contrast(getattr(colors, ink), getattr(colors, ground))
                assert found >= least, f"{ink} on {ground}: {found:.2f}"
        for ground in (colors.accent, colors.accent_hover):
            assert contrast(colors.accent_text, ground) >= least

    @themes
    def test_controls_and_the_focus_are_seen(self, name: str) -> None:
        colors = theme.CHOICES[name]
        for ground in GROUNDS[:3]:
            for shape in (colors.outline, colors.focus, colors.accent):
                assert contrast(shape, getattr(colors, ground)) >= SHAPE
        if colors.strong:
            assert contrast(colors.border, colors.surface) >= SHAPE
            assert contrast(colors.track, colors.surface) >= SHAPE
            assert contrast(colors.track, colors.accent) >= SHAPE

    def test_names_are_legible_on_every_landmark_and_any_other_colour(self) -> None:
        for color in (
            *PALETTE,
            *(QColor.fromHsv(hue, 255, 150).name() for hue in range(0, 360, 5)),
        ):
            assert contrast(ink_on(QColor(color).rgb()), color) >= TEXT

    @pytest.mark.parametrize("seen_by", SEEN_BY)
    def test_landmarks_and_runs_are_told_apart(self, seen_by: str) -> None:
        for palette in (PALETTE, curves.LIGHT, curves.DARK):
            closest = min(combinations(palette, 2), key=lambda pair: difference(*pair, seen_by))
            assert difference(*closest, seen_by) >= 10, closest

    def test_curves_are_seen_on_their_ground(self) -> None:
        for colors, palette in ((theme.LIGHT, curves.LIGHT), (theme.DARK, curves.DARK)):
            assert min(contrast(color, colors.surface) for color in palette) >= SHAPE


class TestThemes:
    @themes
    def test_the_palette_follows(self, qapp: QApplication, name: str) -> None:
        theme.apply(name)
        assert theme.colors() is theme.CHOICES[name]
        ground = qapp.palette().color(QPalette.ColorRole.Window)
        assert ground.name() == theme.CHOICES[name].window

    @pytest.mark.parametrize("dark", [False, True])
    @pytest.mark.parametrize("strong", [False, True])
    def test_the_system_is_followed_in_contrast_too(
        self, monkeypatch: pytest.MonkeyPatch, dark: bool, strong: bool
    ) -> None:
        if not hasattr(Qt, "ContrastPreference"):
            pytest.skip("needs Qt 6.10")
        preferences = Qt.ContrastPreference
        asked = preferences.HighContrast if strong else preferences.NoPreference
        scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
        hints = SimpleNamespace(
            colorScheme=lambda: scheme,
            setColorScheme=lambda _: None,
            accessibility=lambda: SimpleNamespace(contrastPreference=lambda: asked),
        )
        theme.apply("light")
        monkeypatch.setattr(QApplication, "styleHints", lambda: hints)
        theme.apply("system")
        assert (theme.colors().dark, theme.colors().strong) == (dark, strong)
        monkeypatch.undo()

    def test_icons_take_the_new_colours(self, qtbot: QtBot) -> None:
        for name in theme.CHOICES:
            theme.apply(name)
            expected = QColor(theme.colors().text)
            assert darkest_pixel(icons.icon("add").pixmap(48, 48).toImage()) == expected

    def test_what_is_shown_is_painted_anew(self, context: AppContext, qtbot: QtBot) -> None:
        """Nothing of the old theme is left in the window: no caches, no pictures in labels."""
        window = MainWindow(context)
        qtbot.addWidget(window)
        window.resize(1100, 700)
        theme.apply("dark")
        window.show()
        before = grounds(window)
        theme.apply("light")
        assert (
            grounds(window)
            == [
                QColor(theme.LIGHT.surface),
                QColor(theme.LIGHT.window),
                QColor(theme.LIGHT.surface),
            ]
            != before
        )

    def test_larger_text_of_the_system_makes_all_text_larger(
        self, qapp: QApplication, context: AppContext, qtbot: QtBot
    ) -> None:
        theme.apply("light")
        window = MainWindow(context)
        qtbot.addWidget(window)
        window.show()
        title = heading("Title")
        title.setParent(window)
        title.show()
        before, rail = title.sizeHint().height(), window.findChild(QWidget, "steps").width()
        larger = QFont(qapp.font())
        larger.setPointSizeF(2 * theme.body_points())
        qapp.setFont(larger)
        qtbot.waitUntil(lambda: title.sizeHint().height() > 1.7 * before)
        window.resize(3000, 900)
        qtbot.waitUntil(lambda: window.findChild(QWidget, "steps").width() > 1.4 * rail)


def darkest_pixel(image: QImage) -> QColor:
    """The colour of the pixel that is covered most."""
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    best = max(points, key=lambda point: image.pixelColor(*point).alpha())
    return image.pixelColor(*best)


def grounds(window: MainWindow) -> list[QColor]:
    """The colours of the rail, the page and the status line."""
    picture = window.grab().toImage()
    places = ((4, 400), (window.width() - 30, 300), (window.width() // 2, window.height() - 4))
    return [picture.pixelColor(*place) for place in places]


class TestStyleSheet:
    TEXT = resource("style.qss").read_text("utf-8")

    def test_it_names_no_colours_and_no_sizes_of_text_of_its_own(self) -> None:
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", self.TEXT) == []
        assert re.findall(r"font-size: [^$]", self.TEXT) == []

    @themes
    def test_all_its_pictures_are_there(self, name: str) -> None:
        paths = re.findall(r'url\("([^"]+)"\)', theme._sheet(theme.CHOICES[name]))
        assert len(paths) > 10 and all(Path(path).is_file() for path in paths)

    def test_no_widget_has_colours_of_its_own(self) -> None:
        """But for the photo's surroundings, which are painted on whatever the photo shows."""
        allowed = {"theme.py", "contrast.py", "curves.py", "bars.py"}
        gui = Path(landmark_gui.__file__).parent / "gui"
        named = re.compile(r"#[0-9a-fA-F]{6}\b")
        found = {
            (path.name, color)
            for path in gui.rglob("*.py")
            if path.name not in allowed
            for color in named.findall(path.read_text("utf-8"))
        }
        assert {color for _, color in found} <= {"#ffffff"}, found


class TestIcons:
    FILES = sorted(resource("icons").glob("*.svg"))

    def test_they_are_one_family(self) -> None:
        for path in self.FILES:
            root = ElementTree.parse(path).getroot()
            told = {
                key: root.get(key)
                for key in ("viewBox", "stroke", "stroke-width", "stroke-linecap", "fill")
            }
            assert told == {
                "viewBox": "0 0 24 24",
                "stroke": "currentColor",
                "stroke-width": "1.75",
                "stroke-linecap": "round",
                "fill": "none",
            }, path.name

    def test_none_is_missing_and_none_is_left_over(self) -> None:
        gui = Path(landmark_gui.__file__).parent / "gui"
        text = "\n".join(path.read_text("utf-8") for path in gui.rglob("*.py"))
        words = set(re.findall(r'"([a-z-]+)"', text))
        assert {path.stem for path in self.FILES} <= words
        asked = set(re.findall(r'\bicon\("([a-z-]+)"|icon_name="([a-z-]+)"', text))
        assert {one or other for one, other in asked} <= {path.stem for path in self.FILES}

    @pytest.mark.parametrize("ratio", [1.0, 1.5, 3.0])
    def test_they_are_drawn_at_the_pixels_of_the_screen(self, qapp: object, ratio: float) -> None:
        for icon in (icons.icon("tower"), swatch_icon("#0072b2")):
            picture = icon.pixmap(QSize(16, 16), ratio)
            assert picture.size() == QSize(round(16 * ratio), round(16 * ratio))


SCALED = """
import sys
from landmark_gui.core.settings import Settings
from landmark_gui.gui.app import make_application
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
folder = sys.argv[1]
settings = Settings(__import__("pathlib").Path(folder, "settings.toml"))
application = make_application(settings)
window = MainWindow(AppContext(settings))
window.show()
window.resize(640, 290)
for name in PAGES:
    window._stack.setCurrentWidget(window.page(name))
    application.processEvents()
    window.grab().save(f"{folder}/{name}.png")
window.close()
"""


class TestSmallScreens:
    def test_the_window_fits_a_screen_at_300_per_cent(
        self, context: AppContext, qtbot: QtBot
    ) -> None:
        window = MainWindow(context)
        qtbot.addWidget(window)
        window.show()
        window.resize(640, 290)
        assert window.size() == QSize(640, 290)
        rail = window.findChild(QWidget, "steps")
        steps = window._steps.values()
        assert all(step.is_narrow for step in steps)
        qtbot.waitUntil(lambda: rail.width() < 60 and min(step.height() for step in steps) >= 20)
        window.resize(1280, 800)
        qtbot.waitUntil(lambda: rail.width() > 100)
        assert not any(step.is_narrow for step in steps)

    @when_thorough
    def test_all_pages_are_drawn_at_300_per_cent(self, tmp_path: Path) -> None:
        """In a process of its own, since the scale is chosen before the first window."""
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "3"}
        command = [sys.executable, "-c", SCALED, str(tmp_path)]
        subprocess.run(command, env=environment, check=True, timeout=120)
        pictures = [QImage(str(path)) for path in tmp_path.glob("*.png")]
        assert len(pictures) == len(PAGES)
        assert {picture.size().toTuple() for picture in pictures} == {(1920, 870)}

    def test_a_page_that_is_too_large_is_scrolled(self, qtbot: QtBot) -> None:
        pages, large, small = QStackedWidget(), QWidget(), QLabel("small")
        large.setMinimumSize(700, 500)
        for page in (large, small):
            pages.addWidget(page)
        room = PageRoom(pages)
        qtbot.addWidget(room)
        room.resize(600, 300)
        room.show()
        assert (pages.width(), pages.height()) == (700, 500)
        bars = (room.verticalScrollBar(), room.horizontalScrollBar())
        qtbot.waitUntil(lambda: all(bar.isVisible() for bar in bars))
        pages.setCurrentWidget(small)
        assert pages.size() == QSize(600, 300)
        qtbot.waitUntil(lambda: room.viewport().size() == pages.size())
        room.resize(900, 600)
        pages.setCurrentWidget(large)
        assert pages.size() == QSize(900, 600)

    def test_a_dialog_is_no_larger_than_the_screen_and_remembers_its_size(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        settings = Settings(tmp_path / "settings.toml")

        def opened(width: int, height: int) -> QDialog:
            dialog = QDialog()
            qtbot.addWidget(dialog)
            give_size(dialog, width, height, settings, "test.size")
            return dialog

        room = QApplication.primaryScreen().availableSize()
        huge = opened(9000, 9000)
        assert huge.width() < room.width() and huge.height() < room.height()
        huge.resize(310, 220)
        huge.accept()
        assert opened(9000, 9000).size() == QSize(310, 220)
        settings.set("test.size", ["a", 3, 4])
        assert opened(300, 200).size() == QSize(300, 200)
