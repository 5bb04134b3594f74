"""The keys and gestures that stay as they are, as rows of the sheet of shortcuts."""

from __future__ import annotations

from landmark_gui.core import edits
from landmark_gui.core.i18n import tr
from landmark_gui.gui.commands import Commands

_ARROWS = tuple(
    f"{modifier}{arrow}"
    for modifier in ("", "Shift+", "Ctrl+", "Ctrl+Shift+")
    for arrow in ("Left", "Right", "Up", "Down")
)


def describe_fixed_keys(commands: Commands) -> None:
    """Tell the sheet what the canvas and the fields do by themselves."""
    boxes, landmark, zoom = tr("Boxes"), tr("Landmark"), tr("Zoom")
    rows = (
        (tr("Drag"), tr("Draw a box; with Ctrl also on top of another"), boxes, ()),
        (tr("Drag a box, its border"), tr("Move the selected boxes, resize one"), boxes, ()),
        (tr("Shift during a drag"), tr("Hold the ratio; a new box is square"), boxes, ()),
        (tr("Alt, Ctrl during a drag"), tr("Grow about the middle, do not snap"), boxes, ()),
        (tr("Shift+click, Shift+drag"), tr("Select several boxes"), boxes, ()),
        (tr("Arrows"), tr("Move the boxes; with Shift by 10, with Ctrl resize"), boxes, _ARROWS),
        (tr("Tab, Shift+Tab"), tr("Next, previous box"), boxes, ("Tab", "Shift+Tab", "Backtab")),
        ("Ctrl+Tab", tr("Leave the photo for the next control"), boxes, _LEAVE),
        (tr("Enter, double-click"), tr("Rename the selected box"), boxes, ("Return", "Enter")),
        (tr("Del"), tr("Delete the selected boxes"), boxes, ("Del", "Backspace")),
        (tr("Esc"), tr("Give up the drag or the selection"), boxes, ("Esc",)),
        ("1–9, 0", tr("Name the selected boxes, or choose the landmark"), landmark, edits.KEYS),
        (tr("Del"), tr("Leave the selected cases out"), tr("Quality"), ()),
        (tr("Enter"), tr("Show the case on the Label page"), tr("Quality"), ()),
        ("1–9, 0", tr("Move the selected cases to the landmark"), tr("Quality"), ()),
        (tr("Enter"), tr("Accept the proposal"), tr("Proposals"), ()),
        (tr("Del"), tr("Refuse the proposal"), tr("Proposals"), ()),
        ("1–9, 0", tr("Accept the proposal as the landmark"), tr("Proposals"), ()),
        (tr("Drag"), tr("Classify the part of the photo in the box"), tr("Classify"), ()),
        (tr("Del, Esc"), tr("Classify the whole photo again"), tr("Classify"), ()),
        (tr("Wheel"), tr("Zoom at the pointer"), zoom, ()),
        (tr("Space+drag, middle button"), tr("Move the photo"), zoom, ("Space",)),
        ("Ctrl+C, X, V, A", tr("Copy, cut, paste and select all in a field"), tr("Fields"), _EDIT),
    )
    for keys, text, category, reserved in rows:
        commands.describe(keys, text, category, reserved)


_LEAVE = ("Ctrl+Tab", "Ctrl+Shift+Tab", "Ctrl+Backtab")
_EDIT = ("Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+A")
