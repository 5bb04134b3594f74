"""What the crops are written as, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit

from landmark_gui.core.crops import (
    JPEG_QUALITY,
    NAME_FIELDS,
    PATTERN,
    FileSettings,
    example_name,
)
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.pages.dataset.exporting import own_place
from landmark_gui.gui.pages.dataset.form_parts import FormPart, labelled
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import (
    LabeledCombo,
    SliderField,
    button,
    heading,
    set_role,
    wrapped,
)
from landmark_gui.gui.widgets.fold import Fold


class FilesForm(FormPart):
    """Kind and place in view; format and names under a fold.

    Signals:
        open_requested(): show the place in the system's file manager.
    """

    open_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data_folder = Path()
        self._make_place()
        self._make_rest()
        self._lay_out()
        self._kind.valueChanged.connect(self._kind_changed)
        self._form.valueChanged.connect(self._changed)
        self._quality.valueChanged.connect(self._changed)
        self.out.textChanged.connect(self._changed)
        self.pattern.textChanged.connect(self._changed)
        self._follow()

    def values(self) -> dict[str, Any]:
        out, kind = self.place(), self._kind.value()
        return {
            "form": self._form.value(),
            "quality": round(self._quality.value()),
            "pattern": self.pattern.text().strip(),
            "kind": kind,
            "out": "" if out in (None, own_place(self._data_folder, kind)) else str(out),
        }

    def show_choices(self, choices: Choices) -> None:
        self._known_kind = choices.kind
        self._kind.set_value(choices.kind)
        self._form.set_value(choices.form)
        self._quality.set_value(choices.quality)
        self.pattern.setText(choices.pattern)
        self.out.setText(choices.out or str(own_place(self._data_folder, choices.kind)))
        self._follow()

    def set_data_folder(self, folder: Path) -> None:
        """Where crops go unless another place is chosen."""
        self._data_folder = folder

    def place(self) -> Path | None:
        """The output folder or file; None while the field is empty."""
        text = self.out.text().strip()
        return Path(text) if text else None

    def problem(self) -> str:
        """Why no file can be written with these names, in words; "" if they can."""
        try:
            self._example()
        except DatasetError as error:
            return str(error)
        return ""

    def _example(self) -> str:
        return example_name(
            FileSettings(
                form=self._form.value(),
                quality=round(self._quality.value()),
                pattern=self.pattern.text().strip(),
            )
        )

    def _make_place(self) -> None:
        self._kind = LabeledCombo(
            tr("Save as"),
            (
                ("folder", tr("Folder"), tr("split/landmark/name, as Keras reads it")),
                ("zip", tr("Zip file"), tr("The same folder in one file")),
                ("tfrecord", tr("TFRecord"), tr("Files of records, for TensorFlow")),
                (
                    "imagefolder",
                    tr("Hugging Face imagefolder"),
                    tr("A folder with metadata.jsonl, for the datasets library"),
                ),
            ),
        )
        self._kind.combo.setObjectName("crops_kind")
        self._known_kind = self._kind.value()
        self.out = QLineEdit()
        self.out.setObjectName("crops_folder")
        self.out.setAccessibleName(tr("Place"))
        self._choose_button = button(
            tr("Browse…"),
            "choose_crops_folder",
            self._choose,
            tooltip=tr("Choose where the crops go"),
        )
        self._open_button = button(
            tr("Open folder"),
            "open_crops_folder",
            self.open_requested.emit,
            tooltip=tr("Show the crops in the file manager"),
        )

    def _make_rest(self) -> None:
        self.fold = Fold("more_files", tr("More about the files of crops"))
        self._form = LabeledCombo(
            tr("Format"),
            (
                ("jpeg", tr("JPEG"), tr("Small files")),
                ("png", tr("PNG"), tr("No loss, and about five times as large")),
            ),
        )
        self._form.combo.setObjectName("crop_form")
        about = tr("Of JPEG: 95 can hardly be told from the photo")
        self._quality = SliderField(tr("Quality"), "", 1, 100, 1, JPEG_QUALITY, about)
        self._quality.setObjectName("crop_quality")
        self.pattern = QLineEdit(PATTERN)
        self.pattern.setObjectName("crop_pattern")
        self.pattern.setAccessibleName(tr("Names of the files"))
        fields = ", ".join(f"{{{name}}}" for name in NAME_FIELDS)
        self.pattern.setToolTip(tr("May hold {fields}", fields=fields))
        self.example = wrapped("")
        self.example.setObjectName("pattern_example")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.M)
        buttons.addWidget(self._choose_button)
        buttons.addWidget(self._open_button)
        buttons.addStretch()
        self.column.addWidget(heading(tr("Files"), "subtitle"))
        self.column.addWidget(self._kind)
        self.column.addLayout(labelled(tr("Place"), self.out))
        self.column.addLayout(buttons)
        self.column.addWidget(self.fold)
        self.fold.content.addWidget(self._form)
        self.fold.content.addWidget(self._quality)
        self.fold.content.addLayout(labelled(tr("Names of the files"), self.pattern))
        self.fold.content.addWidget(self.example)

    def _kind_changed(self) -> None:
        """A place of the project's own goes with the kind; a chosen one keeps its folder."""
        before, kind, out = self._known_kind, self._kind.value(), self.place()
        self._known_kind = kind
        if out is None or out == own_place(self._data_folder, before):
            self.out.setText(str(own_place(self._data_folder, kind)))
        elif kind == "zip" and out.suffix.lower() != ".zip":
            self.out.setText(f"{out}.zip")
        elif before == "zip" and out.suffix.lower() == ".zip":
            self.out.setText(str(out.with_suffix("")))
        self._changed()

    def _changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        self._quality.setEnabled(self._form.value() == "jpeg")
        self.out.setToolTip(plain.literal(self.out.text()))
        problem = self.problem()
        self.example.setText(problem or tr("For example {name}", name=self._example()))
        set_role(self.example, "danger" if problem else "muted")
        if problem:
            self.fold.open()

    def _choose(self) -> None:
        start = str(self.place() or own_place(self._data_folder, self._kind.value()))
        if self._kind.value() == "zip":
            kinds = tr("Zip files") + " (*.zip)"
            chosen, _ = QFileDialog.getSaveFileName(self, tr("File for the crops"), start, kinds)
        else:
            chosen = QFileDialog.getExistingDirectory(self, tr("Folder for the crops"), start)
        if chosen:
            self.out.setText(str(Path(chosen)))
