"""A part of a form that is folded away until somebody wants it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui import icons, theme
from landmark_gui.gui.widgets.common import with_words


class Fold(QWidget):
    """A button that shows and hides what is laid out in `content`.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(self, name: str, about: str) -> None:
        """`name` is the object name of the button; `about` says for screen readers what is in."""
        super().__init__()
        self.button = QToolButton()
        self.button.setObjectName(name)
        self.button.setProperty("kind", "fold")
        self.button.setAccessibleName(about)
        self.button.setToolTip(about)
        self.button.setCheckable(True)
        with_words(self.button)
        self._inner = QWidget()
        self.content = QVBoxLayout(self._inner)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(theme.M)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.button)
        layout.addWidget(self._inner)
        self.button.toggled.connect(self._show)
        self._show(False)

    @property
    def is_open(self) -> bool:
        return self.button.isChecked()

    def open(self, on: bool = True) -> None:
        """Show or hide the content."""
        self.button.setChecked(on)

    def _show(self, on: bool) -> None:
        self.button.setIcon(icons.icon("chevron-up" if on else "chevron-down", "muted"))
        self.button.setText(tr("Less") if on else tr("More"))
        self._inner.setVisible(on)
        self.toggled.emit(on)


def remember_folds(form: QWidget, settings: Settings, key: str) -> None:
    """Open the folds of a form that were open when it was last used, and keep it so.

    Args:
        key: of the names of the open ones in the settings.
    """
    folds = form.findChildren(Fold)
    opened = settings.texts(key)

    def keep() -> None:
        settings.set(key, [fold.button.objectName() for fold in folds if fold.is_open])

    for fold in folds:
        fold.open(fold.button.objectName() in opened)
        fold.toggled.connect(keep)
