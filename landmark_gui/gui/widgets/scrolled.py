"""A form or a column that may be higher than the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from landmark_gui.gui import theme


class _Scrolled(QScrollArea):
    """As wide as what is in it needs to be; sideways it scrolls only where there is no room."""

    def minimumSizeHint(self) -> QSize:
        size, inner = super().minimumSizeHint(), self.widget()
        if inner is not None:
            beside = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
            size.setWidth(max(size.width(), inner.minimumSizeHint().width() + beside))
        return size


def scrolled(widget: QWidget, width: int = 0) -> QScrollArea:
    """`widget` with a scroll bar where it needs one; of a fixed width if one is given,
    which larger text makes larger.

    Tab passes the area by: the fields in it come into view as they get the focus.
    """
    area = _Scrolled()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)  # which setWidget has switched on
    if width:
        area.setFixedWidth(theme.grown(width))
    return area
