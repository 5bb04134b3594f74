"""Building blocks: headings, empty states, banners, progress with time left, sliders."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.widgets import accessible, plain

ICON = QSize(20, 20)
"""Of the icons in toolbars."""
_BESIDE_WORDS = QSize(24, 20)
"""Of those that have words to their right: Qt itself leaves too little between the two."""
AnySpinBox = TypeVar("AnySpinBox", bound=QAbstractSpinBox)


def heading(text: str, role: str = "title") -> QLabel:
    """A line of text in a role of the theme: title, subtitle, muted, danger, success."""
    made = plain.label(text)
    made.setProperty("role", role)
    return made


def wrapped(text: str, role: str = "muted") -> QLabel:
    """As `heading`, over several lines."""
    made = heading(text, role)
    made.setWordWrap(True)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Change the role of a widget that is already shown."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(
    text: str, name: str, on_click: Callable[[], Any], *, kind: str = "", tooltip: str = ""
) -> QPushButton:
    """A push button; `kind` is "primary", "quiet" or "" and `name` its object name."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("kind", kind)
    made.setToolTip(plain.literal(tooltip))
    made.clicked.connect(lambda: on_click())
    return made


def action_button(name: str, action: QAction) -> QToolButton:
    """A tool button for an action, `name` its object name."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setObjectName(name)
    made.setAccessibleName(action.text())
    made.setIconSize(ICON)
    return made


def with_words(made: QToolButton, on: bool = True) -> QToolButton:
    """Let a tool button show its words beside the icon, or the icon alone."""
    styles = Qt.ToolButtonStyle
    made.setToolButtonStyle(styles.ToolButtonTextBesideIcon if on else styles.ToolButtonIconOnly)
    made.setIconSize(_BESIDE_WORDS if on else ICON)
    return made


def search_field(name: str, text: str) -> QLineEdit:
    """A field to search in; `text` says what."""
    field = QLineEdit()
    dress_search(field, name, text)
    return field


def dress_search(field: QLineEdit, name: str, text: str, hint: str = "") -> None:
    """Make a field one to search in; `hint` is shown while it is empty, if it is not `text`."""
    field.setObjectName(name)
    field.setPlaceholderText(hint or text)
    field.setAccessibleName(text)
    field.setClearButtonEnabled(True)
    field.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
    accessible.name_buttons(field, text)


def padded(field: AnySpinBox) -> AnySpinBox:
    """A number field whose text keeps off the border, which no style sheet can bring about."""
    field.lineEdit().setTextMargins(7, 0, 0, 0)
    return field


def duration(seconds: float) -> str:
    """A time left in words: "under 10 s", "40 s", "3 min"."""
    if seconds < 10:
        return tr("under 10 s")
    if seconds < 90:
        return tr("{n} s", n=round(seconds / 10) * 10)
    return ntr("{n} min", "{n} min", round(seconds / 60))


def list_note(text: str, action: str, name: str, on_action: Callable[[], Any]) -> QWidget:
    """What stands in the place of a list that has no row: why, and the next step as a button."""
    note = QWidget()
    layout = QVBoxLayout(note)
    said = wrapped(text)
    said.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addStretch(2)
    layout.addWidget(said)
    layout.addWidget(button(action, name, on_action), 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addStretch(3)
    return note


class EmptyState(QWidget):
    """What a page shows while it has nothing: an icon, why, and the next step as a button.

    `below` stands under the button: other steps that are possible.
    """

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        action_text: str = "",
        on_action: Callable[[], Any] | None = None,
        below: QWidget | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout()
        column.setSpacing(theme.M)
        column.addStretch(2)
        column.addWidget(icons.IconView(48, icon), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (wrapped(title, "title"), wrapped(text)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        if on_action is not None:
            action = button(action_text, "empty_state_action", on_action, kind="primary")
            column.addSpacing(theme.M)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        if below is not None:
            column.addWidget(below, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        # A box of fixed width around the column: a wrapped label in an aligned cell is clipped.
        box = QWidget()
        box.setFixedWidth(theme.grown(440))
        box.setLayout(column)
        layout = QHBoxLayout(self)
        layout.addWidget(box)


def close_button(on_click: Callable[[], Any]) -> QToolButton:
    """The cross of a message."""
    made = QToolButton()
    made.setIcon(icons.icon("close"))
    made.setToolTip(tr("Close this message"))
    made.setAccessibleName(tr("Close this message"))
    made.clicked.connect(lambda: on_click())
    return made


class Banner(QFrame):
    """A message above a page's content, with what to do about it as a button if there is one.

    Hidden until `show_message`. Levels: "info", "warning", "danger".
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = plain.label()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = close_button(self.hide)
        self._act: Callable[[], Any] | None = None
        self._button = button("", "banner_action", self._do)
        self._button.setAccessibleName(tr("Do what the message says"))
        layout = QHBoxLayout(self)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_message(
        self,
        text: str,
        level: str = "info",
        action_text: str = "",
        on_action: Callable[[], Any] | None = None,
    ) -> None:
        """Show `text` in place of what is shown."""
        set_role(self, f"banner-{level}")
        self._text.setText(text)
        self._act = on_action
        self._button.setText(action_text)
        self._button.setAccessibleName(action_text or tr("Do what the message says"))
        self._button.setVisible(on_action is not None)
        self.setAccessibleName(text)
        accessible.announce(self, text, urgent=level != "info")
        self.show()

    def _do(self) -> None:
        if self._act is not None:
            self._act()

    def text(self) -> str:
        return self._text.text()


class ProgressRow(QWidget):
    """A named progress bar with count, time left and, if wanted, a Cancel button.

    In a narrow column the count stands under the name.

    Signals:
        cancelled(): the person pressed Cancel.
        told(str): what it shows as one line, "" once it is hidden.
    """

    cancelled = Signal()
    told = Signal(str)

    def __init__(self, label: str, cancellable: bool = False, narrow: bool = False) -> None:
        super().__init__()
        self._label, self._detail = plain.label(label), heading("", "muted")
        self.name, self.cancellable, self._shown = label, cancellable, False
        self._detail.setFont(theme.tabular(self._detail.font()))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(label)
        top = QVBoxLayout() if narrow else QHBoxLayout()
        top.addWidget(self._label, 1)
        top.addWidget(self._detail)
        bottom = QHBoxLayout()
        bottom.addWidget(self.bar, 1)
        if cancellable:
            bottom.addWidget(button(tr("Cancel"), "cancel_button", self.cancelled.emit))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(top)
        layout.addLayout(bottom)
        self._started = time.monotonic()

    def start(self, label: str | None = None) -> None:
        """Begin anew; without a known total the bar moves to and fro."""
        if label is not None:
            self._label.setText(label)
        self._started = time.monotonic()
        self.bar.setRange(0, 0)
        self._detail.clear()
        self._tell()

    def set(self, done: int, total: int, detail: str | None = None) -> None:
        """Show `done` of `total`; `detail` replaces the count and the estimated time left."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done if total else 1)
        self._detail.setText(self._estimate(done, total) if detail is None else detail)
        self._tell()

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        """Show or hide the row; that its page is hidden does not count."""
        super().setVisible(visible)
        self._shown = visible
        self._tell()

    def _tell(self) -> None:
        parts = (self._label.text(), self._detail.text())
        self.told.emit(" · ".join(filter(None, parts)) if self._shown else "")

    def _estimate(self, done: int, total: int) -> str:
        spent = time.monotonic() - self._started
        count = tr("{done} of {total}", done=done, total=total)
        if not 0 < done < total or spent < 1:
            return count
        left = duration(spent / done * (total - done))
        return tr("{count} · {left} left", count=count, left=left)


def _name_row(label: str, term: str, field: QWidget) -> QHBoxLayout:
    """The name of a field, and at the right what the field is called in code and papers."""
    name = plain.label(label)
    name.setBuddy(field)
    row = QHBoxLayout()
    row.addWidget(name)
    row.addStretch()
    if term:
        row.addWidget(heading(term, "caption"))
    return row


class SliderField(QWidget):
    """A number by slider or keyboard, with its unit and a button back to the default.

    Args:
        term: what the number is called in code, such as "rotation_range".

    Signals:
        valueChanged(float): after any change, from the person or the program.
    """

    valueChanged = Signal(float)  # noqa: N815  # Qt's spelling, as on every Qt input

    def __init__(
        self,
        label: str,
        unit: str,
        minimum: float,
        maximum: float,
        step: float,
        default: float,
        tooltip: str = "",
        term: str = "",
    ) -> None:
        super().__init__()
        self._step, self._minimum, self._default = step, minimum, default
        self._spin = self._make_spin(label, unit, minimum, maximum, step)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, round((maximum - minimum) / step))
        self._slider.setAccessibleName(label)
        self._reset = QToolButton()
        self._reset.setIcon(icons.icon("reset"))
        self._reset.setToolTip(tr("Back to {value}", value=f"{default:g}"))
        self._reset.setAccessibleName(tr("Reset {name}", name=label))
        self._lay_out(label, term)
        self.setToolTip(tooltip)
        self._spin.valueChanged.connect(self._spun)
        self._slider.valueChanged.connect(lambda n: self._spin.setValue(minimum + n * step))
        self._reset.clicked.connect(self.reset)
        self.set_value(default)
        self._reset.setEnabled(False)

    def value(self) -> float:
        return self._spin.value()

    def set_value(self, value: float) -> None:
        self._spin.setValue(value)

    def reset(self) -> None:
        self.set_value(self._default)

    def _make_spin(
        self, label: str, unit: str, minimum: float, maximum: float, step: float
    ) -> QDoubleSpinBox:
        spin = padded(QDoubleSpinBox())
        decimals = len(f"{step:g}".partition(".")[2])
        spin.setDecimals(decimals)
        spin.setRange(minimum, maximum)
        spin.setSingleStep(step)
        spin.setSuffix(f" {unit}" if unit else "")
        spin.setAccessibleName(label)
        spin.setFixedWidth(theme.grown(96))
        return spin

    def _lay_out(self, label: str, term: str) -> None:
        row = QHBoxLayout()
        row.addWidget(self._slider, 1)
        row.addWidget(self._spin)
        row.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(_name_row(label, term, self._spin))
        layout.addLayout(row)

    def _spun(self, value: float) -> None:
        self._slider.blockSignals(True)
        self._slider.setValue(round((value - self._minimum) / self._step))
        self._slider.blockSignals(False)
        self._reset.setEnabled(abs(value - self._default) > self._step / 2)
        self.valueChanged.emit(value)


class LabeledCombo(QWidget):
    """A choice among (value, text, explanation) with its label above.

    Signals:
        valueChanged(object): the value now chosen.
    """

    valueChanged = Signal(object)  # noqa: N815  # Qt's spelling, as on every Qt input

    def __init__(self, label: str, choices: Iterable[tuple[Any, str, str]], term: str = "") -> None:
        super().__init__()
        self.combo = QComboBox()
        self.combo.setAccessibleName(label)
        for index, (value, text, explanation) in enumerate(choices):
            self.combo.addItem(text, value)
            self.combo.setItemData(index, explanation, Qt.ItemDataRole.ToolTipRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(_name_row(label, term, self.combo))
        layout.addWidget(self.combo)
        self.combo.currentIndexChanged.connect(lambda: self.valueChanged.emit(self.value()))

    def value(self) -> Any:
        return self.combo.currentData()

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentIndex(max(self.combo.findData(value), 0))
