"""What screen readers are told of the things that we paint ourselves, and of what happens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QAccessibleWidget, QLineEdit, QToolButton, QWidget

from landmark_gui.core.i18n import ntr, tr

Role = QAccessible.Role
_ROLE = "accessible_role"
_POLITENESS = QAccessible.AnnouncementPoliteness


def play(widget: QWidget, role: Role = Role.Graphic) -> None:
    """Say what a painted widget is; to Qt it would be a nameless part of the window."""
    widget.setProperty(_ROLE, role)
    _install()


def decorate(widget: QWidget) -> None:
    """Have a picture passed over: what it says is said in words beside it."""
    play(widget, Role.Whitespace)


def describe(widget: QWidget, text: str) -> None:
    """Say in words what a painted widget shows; where the person is, it is read out."""
    if text == widget.accessibleDescription():
        return
    widget.setAccessibleDescription(text)
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.DescriptionChanged))


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a text read out wherever the person is; an urgent one at once."""
    if text:
        event = QAccessibleAnnouncementEvent(widget, text)
        event.setPoliteness(_POLITENESS.Assertive if urgent else _POLITENESS.Polite)
        QAccessible.updateAccessibility(event)


def name_buttons(field: QLineEdit, text: str) -> None:
    """Name the signs inside a field after what it is for, and its cross."""
    for button in field.findChildren(QToolButton):
        of_ours = any(action in field.actions() for action in button.actions())
        button.setAccessibleName(text if of_ours else tr("Empty the field"))


def curve_text(name: str, values: Sequence[float | None], *, lower_is_better: bool) -> str:
    """A curve in words: "validation: 12 epochs, lowest 0.42 at epoch 9"; "" without values."""
    known = [(value, number) for number, value in enumerate(values, 1) if value is not None]
    if not known:
        return ""
    best, at = min(known) if lower_is_better else max(known, key=lambda pair: (pair[0], -pair[1]))
    told = {"name": name, "value": f"{best:.3g}", "epoch": at}
    if lower_is_better:
        return ntr(
            "{name}: {n} epoch, lowest {value} at epoch {epoch}",
            "{name}: {n} epochs, lowest {value} at epoch {epoch}",
            len(known),
            **told,
        )
    return ntr(
        "{name}: {n} epoch, highest {value} at epoch {epoch}",
        "{name}: {n} epochs, highest {value} at epoch {epoch}",
        len(known),
        **told,
    )


@cache
def _install() -> None:
    QAccessible.installFactory(_interface)


def _interface(_: str, thing: QObject) -> QAccessibleWidget | None:
    role = thing.property(_ROLE)
    if role is None or not isinstance(thing, QWidget):
        return None
    return QAccessibleWidget(thing, role)
