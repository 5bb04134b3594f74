"""The boxes on a photo in words, for those who do not see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.canvas.interaction import Shape, tab_order


def selection_text(shapes: Mapping[str, Shape], selected: Sequence[str]) -> str:
    """Which boxes are selected: of one, its landmark and its place; "" for none."""
    if not selected:
        return ""
    if len(selected) > 1:
        return ntr("{n} box selected", "{n} boxes selected", len(selected))
    shape, order = shapes[selected[0]], tab_order(shapes.values())
    rect = shape.rect
    text = tr(
        "{name}, box {number} of {count}: {width} × {height} pixels, {left} from the left, "
        "{top} from the top",
        name=shape.name,
        number=order.index(shape.id) + 1,
        count=len(order),
        width=f"{rect.w:.0f}",
        height=f"{rect.h:.0f}",
        left=f"{rect.x:.0f}",
        top=f"{rect.y:.0f}",
    )
    if shape.proposed:
        return tr("{box}. A proposal.", box=text)
    return tr("{box}. Left out.", box=text) if shape.excluded else text
