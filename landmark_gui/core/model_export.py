"""Forms in which a trained model is handed on to other programs, and what is told of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import ntr, tr

ModelForm = Literal["litert", "int8", "onnx", "savedmodel"]
FORMS: tuple[ModelForm, ...] = get_args(ModelForm)

SUFFIXES: dict[ModelForm, str] = {
    "litert": ".tflite",
    "int8": ".int8.tflite",
    "onnx": ".onnx",
    "savedmodel": "",
}
"""Of the file; a SavedModel is a folder."""

CHECKED_CROPS = 20
TOLERANCE: dict[ModelForm, float] = {"litert": 1e-3, "int8": 0.1, "onnx": 1e-3, "savedmodel": 1e-3}
"""How far an export's probabilities may be from the model's own. Of the first kind, which differ by
the order of additions (1e-7 measured), it is the largest difference on any crop. Rounding to whole
numbers costs a few hundredths, and more on a crop that the model is not sure of: of int8 it is the
mean over the crops of each one's largest difference."""


@dataclass(frozen=True)
class ModelExport:
    """What is asked for.

    Attributes:
        model: a model file.
        dest: the file or folder to make; nothing may be there yet.
        project: whose crops the export is tried on; of int8, whose training crops tell the ranges
            of values. None tries it on drawn pictures.
    """

    model: Path
    dest: Path
    form: ModelForm
    project: Path | None = None

    def __post_init__(self) -> None:
        if self.form == "int8" and self.project is None:
            raise TrainingError(
                tr("int8 needs a project, whose crops tell the ranges of values in the network.")
            )

    @property
    def note(self) -> Path:
        """The file beside the export that says how to use it."""
        return self.dest.with_name(self.dest.name + ".json")

    def to_dict(self) -> dict[str, Any]:
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelExport:
        """The inverse of `to_dict`. Raises TrainingError if a value is missing or wrong."""
        form, project = values.get("form"), values.get("project")
        if form not in FORMS or not values.get("model") or not values.get("dest"):
            raise TrainingError(tr("Wrong settings of an export: {detail}", detail=dict(values)))
        return cls(
            Path(str(values["model"])),
            Path(str(values["dest"])),
            form,
            Path(str(project)) if project else None,
        )


@dataclass(frozen=True)
class Exported:
    """An export that was tried and found to answer as the model does.

    Attributes:
        bytes: that it takes on the disk.
        crops: how many pictures both were asked about.
        real: whether these were crops of a project, and not drawn.
        difference: between their probabilities, as `TOLERANCE` counts it.
        examples: of the project's test split, of which `right_before` are named rightly by the
            model and `right` by the export; all 0 where that was not measured.
    """

    path: Path
    form: ModelForm
    bytes: int
    crops: int
    real: bool
    difference: float
    examples: int = 0
    right_before: int = 0
    right: int = 0

    @property
    def loss(self) -> float | None:
        """Accuracy that the export costs, 0 to 1; below 0 if it gains; None if not measured."""
        return (self.right_before - self.right) / self.examples if self.examples else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            **asdict(self),
            "path": str(self.path),
            "note": str(self.path.with_name(self.path.name + ".json")),
            "tolerance": TOLERANCE[self.form],
            "accuracy_loss": self.loss,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Exported:
        """The inverse of `to_dict`."""
        names = cls.__dataclass_fields__
        known = cls(**{name: values[name] for name in names})
        return replace(known, path=Path(values["path"]))

    def sentences(self) -> list[str]:
        """For people: where it is, that it was tried, and what it costs."""
        said = [
            tr("Saved to {path} ({size}).", path=self.path, size=size_text(self.bytes)),
            self._tried(),
        ]
        return [*said, self._cost()] if self.examples else said

    def _tried(self) -> str:
        kind = (
            ntr("{n} crop of the project", "{n} crops of the project", self.crops)
            if self.real
            else ntr("{n} drawn picture", "{n} drawn pictures", self.crops)
        )
        return tr(
            "Tried on {pictures}: its probabilities differ by {difference} (allowed: {tolerance}).",
            pictures=kind,
            difference=f"{self.difference:.2g}",
            tolerance=TOLERANCE[self.form],
        )

    def _cost(self) -> str:
        return tr(
            "Test accuracy: {before} of {n} before ({before_share}), {after} of {n} now "
            "({after_share}).",
            before=self.right_before,
            after=self.right,
            n=self.examples,
            before_share=f"{self.right_before / self.examples:.1%}",
            after_share=f"{self.right / self.examples:.1%}",
        )


def size_text(size: int) -> str:
    """Bytes for people."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


def form_of(dest: Path) -> ModelForm:
    """The form that a file or folder name suggests; a SavedModel has no suffix."""
    name = dest.name.lower()
    longest_first: tuple[ModelForm, ...] = ("int8", "litert", "onnx")
    return next((form for form in longest_first if name.endswith(SUFFIXES[form])), "savedmodel")


def how_to_use(
    form: ModelForm, labels: tuple[str, ...], preprocessing: Mapping[str, Any], names: list[str]
) -> dict[str, Any]:
    """What somebody needs to use an export in another program.

    Args:
        preprocessing: of the model's card.
        names: of the export's input, and of the output that has the probabilities.
    """
    size = preprocessing["size"]
    batch = 1 if form in ("litert", "int8") else "any"
    return {
        "form": form,
        "input": {
            "name": names[0],
            "shape": [batch, size, size, 3],
            "dtype": "float32",
            "color": "RGB",
            "range": [0, 255],
            "resize": "stretch the upright crop to the square; average areas where it shrinks",
        },
        "output": {"name": names[1], "shape": [batch, len(labels)], "dtype": "float32"},
        "labels": list(labels),
    }
