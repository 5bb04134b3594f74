"""A form or a column that may be higher than the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from landmark_gui.gui import theme


def scrolled(widget: QWidget, width: int = 0) -> QScrollArea:
    """`widget` with a scroll bar where it needs one; of a fixed width if one is given,
    which larger text makes larger.

    Tab passes the area by: the fields in it come into view as they get the focus.
    """
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)  # which setWidget has switched on
    if width:
        area.setFixedWidth(theme.grown(width))
    return area
