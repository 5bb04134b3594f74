"""The settings of the Crops page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import (
    LabeledCombo,
    SliderField,
    button,
    heading,
    padded,
    wrapped,
)
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

LARGEST = 8192


class CropForm(QWidget):
    """How crops are cut, shared out and where they go.

    Signals:
        changed(): a setting was changed by the person.
        open_folder_requested(): show the output folder in the system's file manager.
    """

    changed = Signal()
    open_folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._own_folder = Path()
        self._filling = False
        self._make_cutting()
        self._make_sharing()
        self._make_folder()
        self._lay_out()
        self._connect()
        WheelGuard(self)
        self._follow_choices()

    def choices(self) -> Choices:
        out = self.folder()
        return Choices(
            use=self._use.value(),
            size=self._size.value(),
            margin=round(self._margin.value()),
            validation=self._validation.value(),
            test=self._test.value(),
            fresh=not self._keep.isChecked(),
            out="" if out in (None, self._own_folder) else str(out),
        )

    def set_choices(self, choices: Choices, own_folder: Path) -> None:
        """Fill the form; `own_folder` is where crops go unless another folder is chosen."""
        self._own_folder, self._filling = own_folder, True
        self._use.set_value(choices.use)
        self._size.setValue(choices.size)
        self._margin.set_value(choices.margin)
        self._test.setMaximum(99)
        self._validation.setMaximum(99)
        self._validation.setValue(choices.validation)
        self._test.setValue(choices.test)
        self._keep.setChecked(not choices.fresh)
        self._out.setText(choices.out or str(own_folder))
        self._filling = False
        self._follow_choices()

    def folder(self) -> Path | None:
        """The output folder; None while the field is empty."""
        text = self._out.text().strip()
        return Path(text) if text else None

    def set_kept(self, photos: int) -> None:
        """Offer to share photos out anew if some have a split already."""
        self._keep.setVisible(photos > 0)
        self._keep_note.setVisible(photos > 0)
        self._keep_note.setText(
            ntr(
                "{n} photo was shared out before and stays; the shares are for the others.",
                "{n} photos were shared out before and stay; the shares are for the others.",
                photos,
            )
            if self._keep.isChecked()
            else tr("Models trained before may have seen photos that will now test them.")
        )

    def keep_splits(self) -> None:
        """Photos stay where they are from now on."""
        self._keep.setChecked(True)

    def _make_cutting(self) -> None:
        self._use = LabeledCombo(
            tr("Make crops from"),
            (
                ("crops", tr("Boxes"), tr("A photo without boxes counts whole")),
                ("photos", tr("Whole photos"), tr("Boxes only say what is on the photo")),
            ),
        )
        self._use.combo.setObjectName("crop_use")
        self._size = padded(QSpinBox())
        self._size.setObjectName("crop_size")
        self._size.setAccessibleName(tr("Longest side"))
        self._size.setRange(0, LARGEST)
        self._size.setSingleStep(32)
        self._size.setSpecialValueText(tr("as in the photo"))
        self._size.setSuffix(tr(" px"))
        self._size.setToolTip(tr("Longest side of a saved crop; smaller ones are not enlarged"))
        self._margin = SliderField(
            tr("Margin"), "%", 0, 100, 1, 0, tr("Added around each box, in per cent of its sides")
        )
        self._margin.setObjectName("crop_margin")

    def _make_sharing(self) -> None:
        self._train = _share(tr("Train"), "split_train")
        self._train.setRange(1, 100)
        self._train.setEnabled(False)
        self._train.setToolTip(tr("What validation and test leave"))
        self._validation = _share(tr("Validation"), "split_validation")
        self._validation.setToolTip(tr("Photos that choose the best epoch of a training"))
        self._test = _share(tr("Test"), "split_test")
        self._test.setToolTip(tr("Photos that say at the end how good a model is"))
        self._keep = QCheckBox(tr("Photos stay in their split"))
        self._keep.setObjectName("keep_splits")
        self._keep.setChecked(True)
        self._keep.setToolTip(tr("Turn it off to share all photos out anew"))
        self._keep.hide()
        self._keep_note = wrapped("")
        self._keep_note.hide()

    def _make_folder(self) -> None:
        self._out = QLineEdit()
        self._out.setObjectName("crops_folder")
        self._out.setAccessibleName(tr("Folder"))
        self._choose_button = button(
            tr("Browse…"),
            "choose_crops_folder",
            self._choose,
            tooltip=tr("Choose where the crops go"),
        )
        self._open_button = button(
            tr("Open folder"),
            "open_crops_folder",
            self.open_folder_requested.emit,
            tooltip=tr("Show the crops in the file manager"),
        )

    def _lay_out(self) -> None:
        shares = QHBoxLayout()
        shares.setSpacing(theme.M)
        for label, field in (
            (tr("Train"), self._train),
            (tr("Validation"), self._validation),
            (tr("Test"), self._test),
        ):
            shares.addLayout(_labelled(label, field), 1)
        folder = QHBoxLayout()
        folder.setSpacing(theme.M)
        folder.addWidget(self._choose_button)
        folder.addWidget(self._open_button)
        folder.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self._use)
        layout.addLayout(_labelled(tr("Longest side"), self._size))
        layout.addWidget(self._margin)
        layout.addSpacing(theme.M)
        layout.addWidget(heading(tr("Shares of the photos"), "subtitle"))
        layout.addLayout(shares)
        layout.addWidget(self._keep)
        layout.addWidget(self._keep_note)
        layout.addSpacing(theme.M)
        layout.addLayout(_labelled(tr("Folder"), self._out))
        layout.addLayout(folder)
        layout.addStretch()

    def _connect(self) -> None:
        self._use.valueChanged.connect(self._changed)
        self._margin.valueChanged.connect(self._changed)
        for spin in (self._size, self._validation, self._test):
            spin.valueChanged.connect(self._changed)
        self._keep.toggled.connect(self._changed)
        self._out.textChanged.connect(self._changed)

    def _changed(self) -> None:
        if not self._filling:
            self._follow_choices()
            self.changed.emit()

    def _follow_choices(self) -> None:
        self._margin.setEnabled(self._use.value() == "crops")
        validation, test = self._validation.value(), self._test.value()
        self._validation.setMaximum(99 - test)  # something must be left to learn from
        self._test.setMaximum(99 - validation)
        self._train.setValue(100 - validation - test)
        self._out.setToolTip(plain.literal(self._out.text()))

    def _choose(self) -> None:
        start = str(self.folder() or self._own_folder)
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the crops"), start)
        if chosen:
            self._out.setText(str(Path(chosen)))


def _share(label: str, name: str) -> QSpinBox:
    spin = padded(QSpinBox())
    spin.setObjectName(name)
    spin.setAccessibleName(label)
    spin.setRange(0, 99)
    spin.setSingleStep(5)
    spin.setSuffix(" %")
    return spin


def _labelled(label: str, field: QWidget) -> QVBoxLayout:
    name = plain.label(label)
    name.setBuddy(field)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(field)
    return column
