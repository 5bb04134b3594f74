"""Colours, type and spacing by role, and how they dress the application.

The style sheet itself is `resources/style.qss`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication

from landmark_gui.core.resources import resource

S, M, L, XL = 4, 8, 16, 24
"""The spacing scale in device-independent pixels."""

_USUAL_TEXT = 12
"""The height of the body's text in pixels that lengths are made for: 9 points at 96 dpi."""
TITLE, SUBTITLE, CAPTION = 1.6, 1.15, 0.9
"""The type scale: sizes of text relative to the system's, which that of the body is."""


@dataclass(frozen=True)
class Colors:
    """The palette by role, so that no widget names a colour of its own.

    `border` parts what belongs together anyhow, `outline` says where a control is; `faint` is
    the text of what cannot be used; `track` is what a slider or a bar has yet to fill. `dark`
    says what the ground is, `strong` that the person wants high contrast: then what is chosen
    also has a border.
    """

    window: str
    surface: str
    raised: str
    border: str
    outline: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    selection: str
    focus: str
    danger: str
    warning: str
    success: str
    track: str
    thumb: str
    canvas: str
    dark: bool = False
    strong: bool = False


LIGHT = Colors(
    window="#f4f5f7",
    surface="#ffffff",
    raised="#eceef2",
    border="#d5d9e0",
    outline="#7c8492",
    text="#1c2330",
    muted="#565f6d",
    faint="#8b93a0",
    accent="#1a61d2",
    accent_hover="#1553b5",
    accent_text="#ffffff",
    selection="#dbe8fd",
    focus="#1a61d2",
    danger="#b3261e",
    warning="#805300",
    success="#116b3c",
    track="#d5d9e0",
    thumb="#b4bbc7",
    canvas="#3a3f4a",
)
DARK = Colors(
    window="#16191f",
    surface="#1e222a",
    raised="#2a2f39",
    border="#3a414d",
    outline="#7b8595",
    text="#e6e9ef",
    muted="#a8b1be",
    faint="#737c8a",
    accent="#6aa6ff",
    accent_hover="#8abaff",
    accent_text="#0b1220",
    selection="#26395e",
    focus="#6aa6ff",
    danger="#ff9a91",
    warning="#f2b84b",
    success="#5fd39a",
    track="#3a414d",
    thumb="#4d5665",
    canvas="#0f1115",
    dark=True,
)
STRONG_LIGHT = Colors(
    window="#ffffff",
    surface="#ffffff",
    raised="#e8e8e8",
    border="#000000",
    outline="#000000",
    text="#000000",
    muted="#2b2b2b",
    faint="#6a6a6a",
    accent="#0038a8",
    accent_hover="#002673",
    accent_text="#ffffff",
    selection="#cfe0ff",
    focus="#0038a8",
    danger="#8a0000",
    warning="#573700",
    success="#004d22",
    track="#909090",
    thumb="#000000",
    canvas="#000000",
    strong=True,
)
STRONG_DARK = Colors(
    window="#000000",
    surface="#000000",
    raised="#242424",
    border="#ffffff",
    outline="#ffffff",
    text="#ffffff",
    muted="#e0e0e0",
    faint="#9a9a9a",
    accent="#7cc4ff",
    accent_hover="#b3ddff",
    accent_text="#000000",
    selection="#092a5c",
    focus="#ffe14d",
    danger="#ffb3ab",
    warning="#ffd479",
    success="#7df0b2",
    track="#5e5e5e",
    thumb="#ffffff",
    canvas="#000000",
    dark=True,
    strong=True,
)
CHOICES = {
    "light": LIGHT,
    "dark": DARK,
    "strong-light": STRONG_LIGHT,
    "strong-dark": STRONG_DARK,
}
"""What a person can choose, beside what the system prefers."""


class _Signals(QObject):
    """`changed` is emitted after the application was dressed anew."""

    changed = Signal()


signals = _Signals()
_current = LIGHT
_choice = ""
_points, _growth = 0.0, 1.0


def colors() -> Colors:
    """The colours of the theme in use."""
    return _current


def apply(choice: str = "system") -> None:
    """Dress the application in one of the `CHOICES`, or in what the "system" prefers."""
    global _choice
    hints = QApplication.styleHints()
    if not _choice:
        _watch_system(hints)
    _choice = choice
    hints.setColorScheme(_scheme(CHOICES.get(choice)))  # of title bars and native dialogs, too
    _dress(CHOICES.get(choice) or _of_system(hints))


def refresh() -> None:
    """Dress anew if the system's text has another size by now."""
    if _choice and body_points() != _points:
        _dress(_current)


def body_points() -> float:
    """The size of the system's text, of which all others are multiples."""
    return QFontInfo(QApplication.font()).pointSizeF()


def grown(pixels: int) -> int:
    """A length that is right for usual text, with room for the system's text if that is larger."""
    return round(pixels * _growth)


def scaled(font: QFont, scale: float) -> QFont:
    """A font for a painter: `font` in another size of the type scale."""
    made = QFont(font)
    made.setPointSizeF(QFontInfo(font).pointSizeF() * scale)
    return made


def bold(font: QFont) -> QFont:
    """A font for the title of a chart."""
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def tabular(font: QFont) -> QFont:
    """A font for numbers that stand under each other or that change: digits of one width."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _scheme(chosen: Colors | None) -> Qt.ColorScheme:
    if chosen is None:
        return Qt.ColorScheme.Unknown
    return Qt.ColorScheme.Dark if chosen.dark else Qt.ColorScheme.Light


def _watch_system(hints: QStyleHints) -> None:
    hints.colorSchemeChanged.connect(_system_changed)
    if hasattr(hints, "accessibility"):  # from Qt 6.10 on
        hints.accessibility().contrastPreferenceChanged.connect(_system_changed)


def _system_changed(_: object) -> None:
    if _choice not in CHOICES:
        _dress(_of_system(QApplication.styleHints()))


def _of_system(hints: QStyleHints) -> Colors:
    dark, strong = hints.colorScheme() == Qt.ColorScheme.Dark, _wants_contrast(hints)
    return next(known for known in CHOICES.values() if (known.dark, known.strong) == (dark, strong))


def _wants_contrast(hints: QStyleHints) -> bool:
    if not hasattr(hints, "accessibility"):  # before Qt 6.10
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def _dress(chosen: Colors) -> None:
    global _current, _points, _growth
    _current, _points = chosen, body_points()
    _growth = max(1.0, QFontInfo(QApplication.font()).pixelSize() / _USUAL_TEXT)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")
    application.setPalette(_palette(_current))
    application.setStyleSheet(_sheet(_current))
    signals.changed.emit()


def _sheet(c: Colors) -> str:
    """The style sheet with the colours and sizes that go with them."""
    text = resource("style.qss").read_text("utf-8")
    icons, ring = resource("icons").as_posix(), 3 if c.strong else 2
    inks = (f"{icons}/ink-dark", f"{icons}/ink-light")
    thicker = ring - 1  # than the border whose place the ring takes
    return Template(text).substitute(
        asdict(c),
        glyphs=inks[c.dark],
        on_accent=inks[not c.dark],
        faint_glyphs=f"{icons}/ink-faint",
        chosen=c.text if c.strong else "transparent",
        banner=c.text if c.strong else "transparent",
        title=f"{_points * TITLE:.2f}",
        subtitle=f"{_points * SUBTITLE:.2f}",
        caption=f"{_points * CAPTION:.2f}",
        ring=ring,
        ring_y=4 - thicker,
        ring_field=8 - thicker,
        ring_line=6 - thicker,
        ring_spin=2 - thicker,
        ring_button=14 - thicker,
        ring_step=10 - thicker,
        ring_handle=16 - 2 * ring,
    )


def _palette(c: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.raised,
        QPalette.ColorRole.Button: c.raised,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.accent_text,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.LinkVisited: c.accent,
        QPalette.ColorRole.Mid: c.border,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.faint))
    return palette
