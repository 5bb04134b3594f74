"""How the photos are shared out between the splits, and which of them stay together."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.splits import HASH_BITS, MAX_BURST_SECONDS, MAX_NEAR_DISTANCE, NEAR_DISTANCE
from landmark_gui.gui import theme
from landmark_gui.gui.choices import NOTHING_NEAR, Choices
from landmark_gui.gui.pages.dataset.form_parts import FormPart, labelled
from landmark_gui.gui.pages.dataset.ties import Ties
from landmark_gui.gui.widgets.common import button, heading, padded, wrapped
from landmark_gui.gui.widgets.fold import Fold


class SharingForm(FormPart):
    """Shares, pins, and under a fold what ties photos together.

    Signals:
        folders_wanted(): take the splits from the names of the folders.
    """

    folders_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kept, self._ties = 0, Ties()
        self._make_shares()
        self._make_pins()
        self._make_ties()
        self._lay_out()
        for spin in (self._validation, self._test, self._near, self._burst):
            spin.valueChanged.connect(self._changed)
        self._keep.toggled.connect(self._changed)
        self._follow()

    def values(self) -> dict[str, Any]:
        return {
            "validation": self._validation.value(),
            "test": self._test.value(),
            "near_distance": self._near.value(),
            "burst_seconds": self._burst.value(),
            "fresh": not self._keep.isChecked(),
        }

    def show_choices(self, choices: Choices) -> None:
        self._test.setMaximum(99)
        self._validation.setMaximum(99)
        self._validation.setValue(choices.validation)
        self._test.setValue(choices.test)
        self._near.setValue(choices.near_distance)
        self._burst.setValue(choices.burst_seconds)
        self._keep.setChecked(not choices.fresh)
        self._follow()

    def keep_splits(self) -> None:
        """Photos stay where they are from now on."""
        self._keep.setChecked(True)

    def set_kept(self, photos: int) -> None:
        """Offer to share photos out anew if some have a split already."""
        self._kept = photos
        self._follow()

    def set_pins(self, pinned: int, folders: bool) -> None:
        """Say how many photos are pinned; `folders` whether their names tell splits."""
        text = ntr(
            "{n} photo is pinned to a split.",
            "{n} photos are pinned to a split.",
            pinned,
        )
        self.pins.setText(text)
        self.pins.setVisible(pinned > 0)
        self.folders_button.setVisible(folders)

    def set_ties(self, ties: Ties) -> None:
        """Say how many photos are tied together now."""
        self._ties = ties
        self._follow()

    def _make_shares(self) -> None:
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
        self._keep_note = wrapped("")

    def _make_pins(self) -> None:
        self.pins = wrapped("")
        self.pins.setObjectName("pinned_note")
        self.pins.hide()
        self.folders_button = button(
            tr("Take the split from the folders"),
            "pins_from_folders",
            self.folders_wanted.emit,
            tooltip=tr("Pin each photo to the split that its folder is named after"),
        )
        self.folders_button.hide()

    def _make_ties(self) -> None:
        self.fold = Fold("more_sharing", tr("More about which photos stay together"))
        self._near = padded(QSpinBox())
        self._near.setObjectName("near_distance")
        self._near.setAccessibleName(tr("Look the same up to"))
        self._near.setRange(NOTHING_NEAR, MAX_NEAR_DISTANCE)
        self._near.setSpecialValueText(tr("off"))
        self._near.setSuffix(tr(" of {n} bits", n=HASH_BITS))
        self._near.setToolTip(tr("How much the fingerprints of two photos may differ"))
        self._near_note = wrapped("")
        self._near_note.setObjectName("near_note")
        self._burst = padded(QSpinBox())
        self._burst.setObjectName("burst_seconds")
        self._burst.setAccessibleName(tr("One burst within"))
        self._burst.setRange(0, int(MAX_BURST_SECONDS))
        self._burst.setSpecialValueText(tr("off"))
        self._burst.setSuffix(tr(" s"))
        self._burst.setToolTip(tr("Photos of one camera that follow each other so closely"))
        self._burst_note = wrapped("")
        self._burst_note.setObjectName("burst_note")

    def _lay_out(self) -> None:
        shares = QHBoxLayout()
        shares.setSpacing(theme.M)
        for label, field in (
            (tr("Train"), self._train),
            (tr("Validation"), self._validation),
            (tr("Test"), self._test),
        ):
            shares.addLayout(labelled(label, field), 1)
        self.column.addWidget(heading(tr("Shares of the photos"), "subtitle"))
        self.column.addLayout(shares)
        for widget in (self._keep, self._keep_note, self.pins, self.folders_button, self.fold):
            self.column.addWidget(widget)
        self.fold.content.addLayout(labelled(tr("Look the same up to"), self._near))
        self.fold.content.addWidget(self._near_note)
        self.fold.content.addLayout(labelled(tr("One burst within"), self._burst))
        self.fold.content.addWidget(self._burst_note)

    def _changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        validation, test = self._validation.value(), self._test.value()
        self._validation.setMaximum(99 - test)  # something must be left to learn from
        self._test.setMaximum(99 - validation)
        self._train.setValue(100 - validation - test)
        self._keep.setVisible(self._kept > 0)
        self._keep_note.setVisible(self._kept > 0)
        self._keep_note.setText(self._kept_text())
        self._near_note.setText(_near_text(self._near.value(), self._ties.near))
        self._burst_note.setText(_burst_text(self._burst.value(), self._ties.bursts))

    def _kept_text(self) -> str:
        if not self._keep.isChecked():
            return tr("Models trained before may have seen photos that will now test them.")
        return ntr(
            "{n} photo was shared out before and stays; the shares are for the others.",
            "{n} photos were shared out before and stay; the shares are for the others.",
            self._kept,
        )


def _near_text(distance: int, tied: int | None) -> str:
    if distance == NOTHING_NEAR:
        return tr(
            "Photos that look the same may be trained on and tested on; only exact copies stay "
            "together."
        )
    if distance == 0:
        words = tr("Only photos whose fingerprints are the same stay together.")
    elif distance <= NEAR_DISTANCE:
        words = tr("The same picture in another size, quality or cut stays together.")
    elif distance <= NEAR_DISTANCE * 5 // 4:
        words = tr("Slightly other views stay together as well.")
    else:
        words = tr("So loose that different photos may be taken for the same.")
    return f"{words} {_tied_text(tied)}".rstrip()


def _burst_text(seconds: int, tied: int | None) -> str:
    if not seconds:
        return tr("Photos of one moment may be trained on and tested on.")
    words = tr("Photos that one camera took so shortly one after the other stay together.")
    return f"{words} {_tied_text(tied)}".rstrip()


def _tied_text(tied: int | None) -> str:
    if tied is None:
        return ""
    if not tied:
        return tr("No photo is tied to another by that now.")
    return ntr(
        "{n} photo is tied to another by that now.",
        "{n} photos are tied to another by that now.",
        tied,
    )


def _share(label: str, name: str) -> QSpinBox:
    spin = padded(QSpinBox())
    spin.setObjectName(name)
    spin.setAccessibleName(label)
    spin.setRange(0, 99)
    spin.setSingleStep(5)
    spin.setSuffix(" %")
    return spin
