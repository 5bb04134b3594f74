"""Colours, spacing and the style sheet, in light and dark."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from landmark_gui.core.resources import resource

S, M, L, XL = 4, 8, 16, 24
"""The spacing scale in device-independent pixels."""


@dataclass(frozen=True)
class Colors:
    """The palette by role, so that no widget names a colour of its own."""

    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str
    selection: str
    danger: str
    warning: str
    success: str
    canvas: str


LIGHT = Colors(
    window="#f4f5f7",
    surface="#ffffff",
    raised="#eceef2",
    border="#d5d9e0",
    text="#1c2330",
    muted="#5c6675",
    accent="#1f6feb",
    accent_hover="#1a5fcc",
    accent_text="#ffffff",
    selection="#dbe8fd",
    danger="#b3261e",
    warning="#8a5a00",
    success="#1a7f4b",
    canvas="#3a3f4a",
)
DARK = Colors(
    window="#16191f",
    surface="#1e222a",
    raised="#2a2f39",
    border="#3a414d",
    text="#e6e9ef",
    muted="#9aa4b2",
    accent="#5b9dff",
    accent_hover="#7ab0ff",
    accent_text="#0b1220",
    selection="#2b416b",
    danger="#ff8a80",
    warning="#f2b84b",
    success="#5fd39a",
    canvas="#0f1115",
)


class _Signals(QObject):
    """`changed` is emitted after the application was dressed anew."""

    changed = Signal()


signals = _Signals()
_current = LIGHT
_choice = ""


def colors() -> Colors:
    """The colours of the theme in use."""
    return _current


def apply(choice: str = "system") -> None:
    """Dress the application in "light", "dark" or what the "system" prefers."""
    global _choice
    hints = QApplication.styleHints()
    if not _choice:
        hints.colorSchemeChanged.connect(_system_changed)
    _choice = choice
    if choice in _SCHEMES:
        _dress(_SCHEMES[choice])
    else:
        hints.setColorScheme(Qt.ColorScheme.Unknown)
        _dress(hints.colorScheme())


_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def _system_changed(scheme: Qt.ColorScheme) -> None:
    if _choice not in _SCHEMES:
        _dress(scheme)


def _dress(scheme: Qt.ColorScheme) -> None:
    global _current
    _current = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")
    application.setPalette(_palette(_current))
    application.setStyleSheet(_sheet(_current))
    signals.changed.emit()


def _sheet(c: Colors) -> str:
    icons = resource("icons").as_posix()
    return Template(_SHEET).substitute(asdict(c), icons=icons)


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
        QPalette.ColorRole.Mid: c.border,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        disabled = QColor(c.muted)
        disabled.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    return palette


_SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 6px; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="subtitle"] { font-size: 14px; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="success"] { color: $success; }
QLabel[role="warning"] { color: $warning; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[role="banner-info"] { background: $selection; border-radius: 6px; }
QFrame[role="banner-warning"], QFrame[role="banner-danger"] { background: $surface;
  border: 1px solid $warning; border-radius: 6px; }
QFrame[role="banner-danger"] { border-color: $danger; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { background: $surface; border: 1px solid $border; border-radius: 6px;
  padding: 6px 14px; min-height: 18px; }
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $border; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; background: $window; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border-color: $accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 1px solid $text; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $muted; border-color: $border; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $raised; }
QPushButton[kind="quiet"]:focus { border: 1px solid $accent; }
QPushButton[kind="arrow"] { background: transparent; border-color: transparent; padding: 1px; }
QPushButton[kind="arrow"]:hover { background: $raised; }
QPushButton[kind="arrow"]:focus { border-color: $accent; }
QPushButton[kind="card"] { border-radius: 8px; padding: 0; text-align: left; }
QPushButton[kind="card"]:hover { background: $surface; border-color: $accent; }
QPushButton[kind="card"]:focus { border: 2px solid $accent; }
QFrame[role="drop"] { border: 1px dashed $border; border-radius: 8px; }
QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $raised; }
QToolButton:checked { background: $selection; }
QToolButton[kind="fold"]:checked { background: transparent; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit {
  background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px 6px;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {
  border: 1px solid $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
  color: $muted; background: $window; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid $muted; border-radius: 4px;
  background: $surface; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
  image: url("$icons/check-mark.svg"); }
QCheckBox::indicator:disabled { border-color: $border; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
  background: $surface; border: 1px solid $muted; }
QSlider::handle:horizontal:hover, QSlider:focus::handle:horizontal { border-color: $accent; }
QSlider::sub-page:horizontal:disabled { background: $border; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
  image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
  image: url("$icons/chevron-up.svg"); width: 12px; height: 12px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button { border: 0; background: transparent; width: 18px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border;
  selection-background-color: $selection; selection-color: $text; }

QListView, QTableView, QTreeView { background: $surface; border: 1px solid $border;
  border-radius: 8px; outline: 0; alternate-background-color: $window; gridline-color: $border; }
QListView::item:selected, QTableView::item:selected, QTreeView::item:selected {
  background: $selection; color: $text; }
QTableView#study_table::item { padding: 0 8px; }
QHeaderView::section { background: $surface; color: $muted; border: 0;
  border-bottom: 1px solid $border; padding: 6px 8px; }

QProgressBar { background: $raised; border: 0; border-radius: 4px; height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $border; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent; }
QScrollArea { border: 0; background: transparent; }
QStatusBar { background: $surface; border-top: 1px solid $border; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { padding: 3px 8px; }
QMenuBar { background: $surface; border-bottom: 1px solid $border; }
QMenuBar::item { padding: 5px 9px; background: transparent; }
QMenuBar::item:selected, QMenu::item:selected { background: $selection; color: $text; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QFrame#steps { background: $surface; border: 0; border-right: 1px solid $border; }
QFrame#steps QToolButton { text-align: left; padding: 8px 12px; font-size: 14px; }
QFrame#steps QToolButton:checked { background: $selection; font-weight: 600; }
"""
