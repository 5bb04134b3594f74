"""Which model is asked, and about which photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from landmark_gui.core.evaluation import PARTS, Part, texts
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_texts import model_text
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.asking import Model
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import button, heading
from landmark_gui.gui.widgets.elided_combo import ElidedCombo

_NARROWEST, _PARTS = 180, 170


def models_of(runs: Sequence[Run]) -> list[Model]:
    """The models that the complete runs of a project have left, the newest first."""
    return [Model(run.model, model_text(run), run.id) for run in runs if run.model is not None]


@dataclass(frozen=True)
class ChosenModel:
    """What is chosen in a bar, and which files were opened."""

    files: list[Path]
    model: Path | None
    part: Part


class ModelBar(QWidget):
    """Chooses among the models of the project's runs and those that were opened, and a part.

    Signals:
        model_chosen(): another model is chosen.
        part_chosen(): other photos are chosen.
        file_wanted(): the person wants to open a model file.
    """

    model_chosen = Signal()
    part_chosen = Signal()
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[Model] = []
        self._files: list[Model] = []
        self.models, self.parts = ElidedCombo(), QComboBox()
        self._dress(self.models, "evaluate_model", tr("Model"), _NARROWEST)
        self._dress(self.parts, "evaluate_split", tr("Asked about"), _PARTS)
        for part in PARTS:
            self.parts.addItem(texts.part_name(part), part)
        tips = _tips()
        for row, part in enumerate(PARTS):
            self.parts.setItemData(row, tips[part], Qt.ItemDataRole.ToolTipRole)
        self.open = button(
            tr("Open model…"),
            "evaluate_open_button",
            self.file_wanted.emit,
            tooltip=tr("Choose a model file that is no run of this project"),
        )
        self._lay_out()
        self.models.activated.connect(lambda _: self.model_chosen.emit())
        self.parts.activated.connect(lambda _: self.part_chosen.emit())

    @property
    def model(self) -> Model | None:
        """The model that is chosen."""
        chosen = self.models.currentData()
        return chosen if isinstance(chosen, Model) else None

    @property
    def part(self) -> Part:
        """The photos that are chosen."""
        chosen: Part = self.parts.currentData()
        return chosen

    def set_part(self, part: Part) -> None:
        self.parts.setCurrentIndex(PARTS.index(part))

    def keep(self) -> ChosenModel:
        """What the bar that takes the place of this one shows."""
        files, model = [one.path for one in self._files], self.model
        return ChosenModel(files, None if model is None else model.path, self.part)

    def take(self, kept: ChosenModel) -> None:
        for path in (*kept.files, *filter(None, [kept.model])):
            self.open_file(path)
        self.set_part(kept.part)

    def clear(self) -> None:
        """Another project: nothing of the one before."""
        self._runs, self._files = [], []
        self._fill(None)
        self.set_part(PARTS[0])

    def show_runs(self, models: list[Model]) -> bool:
        """List the models of a project's runs; a new newest one is chosen. Whether it is."""
        newest = models[0].run if models else ""
        known = {model.run for model in self._runs}
        chosen, self._runs = self.model, models
        is_new = bool(newest) and newest not in known
        self._fill(models[0] if is_new else chosen)
        return is_new

    def open_file(self, path: Path) -> None:
        """Choose a model file."""
        model = next((one for one in self._all() if one.path == path), None)
        if model is None:
            model = Model(path, path.name)
            self._files.append(model)
        self._fill(model)

    def earlier(self, model: Model) -> list[Model]:
        """The models of runs that are older than this one, the newest first; all for a file."""
        runs = [one.run for one in self._runs]
        return self._runs[runs.index(model.run) + 1 :] if model.run in runs else list(self._runs)

    def _all(self) -> list[Model]:
        return [*self._runs, *self._files]

    def _fill(self, chosen: Model | None) -> None:
        self.models.clear()
        for model in self._all():
            self.models.addItem(model.name, model)
            row = self.models.count() - 1
            tip = plain.literal(str(model.path))
            self.models.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        paths = [model.path for model in self._all()]
        if chosen is not None and chosen.path in paths:
            self.models.setCurrentIndex(paths.index(chosen.path))
        self.models.setEnabled(bool(paths))

    def _dress(self, combo: QComboBox, name: str, label: str, width: int) -> None:
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.setMinimumWidth(width)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _lay_out(self) -> None:
        self.models.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        for name, combo in ((tr("Model"), self.models), (tr("Asked about"), self.parts)):
            column = QVBoxLayout()
            column.setSpacing(2)
            title = heading(name, "muted")
            title.setBuddy(combo)
            column.addWidget(title)
            column.addWidget(combo)
            layout.addLayout(column, 1 if combo is self.models else 0)
        layout.addWidget(self.open, 0, Qt.AlignmentFlag.AlignBottom)


def _tips() -> dict[Part, str]:
    return {
        "test": tr("Photos that took no part in the training: only they tell how good it is."),
        "validation": tr("Photos by which the training chose its best epoch; they flatter it."),
        "train": tr(
            "Photos that it learned from: what is wrong here is often labelled wrongly, or hard."
        ),
        "all": tr("All of them together, to find labels that are wrong."),
    }
