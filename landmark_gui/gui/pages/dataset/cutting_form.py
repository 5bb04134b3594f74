"""Which part of a photo becomes a crop, and of which size."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QSpinBox

from landmark_gui.core.crops import MAX_MARGIN
from landmark_gui.core.i18n import tr
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.pages.dataset.form_parts import FormPart, labelled
from landmark_gui.gui.widgets.common import LabeledCombo, SliderField, padded, wrapped
from landmark_gui.gui.widgets.fold import Fold

LARGEST = 8192


class CuttingForm(FormPart):
    """Margin, shape and size in view; what happens at the edge and how to shrink under a fold."""

    def __init__(self) -> None:
        super().__init__()
        self._make_fields()
        self._make_rest()
        for field in (self.use, self._percent, self._pixels, self._shape):
            self.column.addWidget(field)
        self.column.addLayout(labelled(tr("Longest side"), self._size))
        self.column.addWidget(self.fold)
        for field in (self.use, self._unit, self._shape, self._edge, self._resampling):
            field.valueChanged.connect(self._changed)
        for slider in (self._percent, self._pixels):
            slider.valueChanged.connect(self._changed)
        self._size.valueChanged.connect(self._changed)
        self._follow()

    def values(self) -> dict[str, Any]:
        margin = self._percent if self._unit.value() == "fraction" else self._pixels
        return {
            "use": self.use.value(),
            "margin": round(margin.value()),
            "margin_unit": self._unit.value(),
            "shape": self._shape.value(),
            "edge": self._edge.value(),
            "size": self._size.value(),
            "resampling": self._resampling.value(),
        }

    def show_choices(self, choices: Choices) -> None:
        self.use.set_value(choices.use)
        self._unit.set_value(choices.margin_unit)
        margin = self._percent if choices.margin_unit == "fraction" else self._pixels
        margin.set_value(choices.margin)
        self._shape.set_value(choices.shape)
        self._edge.set_value(choices.edge)
        self._size.setValue(choices.size)
        self._resampling.set_value(choices.resampling)
        self._follow()

    def _make_fields(self) -> None:
        self.use = LabeledCombo(
            tr("Make crops from"),
            (
                ("crops", tr("Boxes"), tr("A photo without boxes counts whole")),
                ("photos", tr("Whole photos"), tr("Boxes only say what is on the photo")),
            ),
        )
        self.use.combo.setObjectName("crop_use")
        about = tr("Added around each box, in per cent of its sides")
        self._percent = SliderField(tr("Margin"), "%", 0, 100, 1, 0, about)
        self._percent.setObjectName("crop_margin")
        about = tr("Added around each box, in pixels of the photo")
        self._pixels = SliderField(tr("Margin"), tr("px"), 0, MAX_MARGIN, 1, 0, about)
        self._pixels.setObjectName("crop_margin_pixels")
        self._shape = LabeledCombo(
            tr("Shape"),
            (
                ("free", tr("As the box"), tr("The box's own shape is kept")),
                ("square", tr("Square"), tr("The shorter sides of the box are lengthened")),
            ),
        )
        self._shape.combo.setObjectName("crop_shape")
        self._size = padded(QSpinBox())
        self._size.setObjectName("crop_size")
        self._size.setAccessibleName(tr("Longest side"))
        self._size.setRange(0, LARGEST)
        self._size.setSingleStep(32)
        self._size.setSpecialValueText(tr("as in the photo"))
        self._size.setSuffix(tr(" px"))
        self._size.setToolTip(tr("Longest side of a saved crop; smaller ones are not enlarged"))

    def _make_rest(self) -> None:
        self.fold = Fold("more_cutting", tr("More about how crops are cut"))
        self._unit = LabeledCombo(
            tr("Margin in"),
            (
                ("fraction", tr("Per cent of the box"), tr("Large boxes get a wide margin")),
                ("pixels", tr("Pixels of the photo"), tr("The same margin for all boxes")),
            ),
        )
        self._unit.combo.setObjectName("crop_margin_unit")
        self._edge = LabeledCombo(
            tr("At the edge of the photo"),
            (
                ("clamp", tr("Stay inside"), _edge_text("clamp")),
                ("pad", tr("Fill up"), _edge_text("pad")),
            ),
        )
        self._edge.combo.setObjectName("crop_edge")
        self._edge_note = wrapped("")
        self._resampling = LabeledCombo(
            tr("Shrink by"),
            (
                ("area", tr("Averaging"), tr("Smooth, and what training does itself")),
                ("bicubic", tr("Bicubic"), tr("A little sharper")),
                ("lanczos", tr("Lanczos"), tr("The sharpest; edges may ring")),
            ),
        )
        self._resampling.combo.setObjectName("crop_resampling")
        for field in (self._unit, self._edge, self._edge_note, self._resampling):
            self.fold.content.addWidget(field)

    def _changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        boxes, percent = self.use.value() == "crops", self._unit.value() == "fraction"
        self._percent.setVisible(percent)
        self._pixels.setVisible(not percent)
        self._edge_note.setText(_edge_text(self._edge.value()))
        for field in (self._percent, self._pixels, self._unit, self._shape, self._edge):
            field.setEnabled(boxes)


def _edge_text(edge: str) -> str:
    return {
        "clamp": tr(
            "Where margin or square would leave the photo, the crop is moved and cut so that it "
            "shows nothing but photo."
        ),
        "pad": tr(
            "The box stays in the middle, and what lies outside the photo is filled with grey."
        ),
    }[edge]
