"""The settings of the Crops page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.pages.dataset.cutting_form import CuttingForm
from landmark_gui.gui.pages.dataset.files_form import FilesForm
from landmark_gui.gui.pages.dataset.sharing_form import SharingForm
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

_SHRINKING = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class CropForm(QWidget):
    """How crops are cut, shared out and where they go.

    Signals:
        changed(): a setting was changed by the person.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self.cutting, self.sharing, self.files = CuttingForm(), SharingForm(), FilesForm()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.L)
        for part in self._parts():
            layout.addWidget(part)
            part.changed.connect(self._changed)
        layout.addStretch()
        for combo in self.findChildren(QComboBox):  # long words must not widen the column
            combo.setMinimumContentsLength(8)
            combo.setSizeAdjustPolicy(_SHRINKING)
        WheelGuard(self)

    def choices(self) -> Choices:
        """What is filled in; whether files can be named so is told by `files.problem`."""
        values = [part.values() for part in self._parts()]
        return Choices(**{name: value for part in values for name, value in part.items()})

    def set_choices(self, choices: Choices, data_folder: Path) -> None:
        """Fill the form; crops go to `data_folder` unless another place is chosen."""
        self._filling = True
        self.files.set_data_folder(data_folder)
        for part in self._parts():
            part.show_choices(choices)
        self._filling = False

    def _parts(self) -> tuple[CuttingForm, SharingForm, FilesForm]:
        return self.cutting, self.sharing, self.files

    def _changed(self) -> None:
        if not self._filling:
            self.changed.emit()
