"""Which model is to propose, and from which confidence on its proposals are accepted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QWidget,
)

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.proposals import CERTAIN
from landmark_gui.core.run_list import Run, read_runs
from landmark_gui.core.run_texts import date_text, model_text
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.model_files import ask_model
from landmark_gui.gui.document import Document
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import button, heading, padded, wrapped
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.jobs.tasks import LatestOnly

LISTED = 20


class ProposeDialog(QDialog):
    """Offers the models of the project, the newest first, and any model file.

    Signals:
        chosen(Path, str): the model file, and what the person calls it.
    """

    chosen = Signal(object, str)

    def __init__(
        self, context: AppContext, document: Document, photos: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Propose boxes"))
        self._context, self._project, self._photos = context, document.path, photos
        self.models = QComboBox()
        self.models.setObjectName("proposing_models")
        self.models.setAccessibleName(tr("Model that proposes"))
        self.models.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.models.setMinimumContentsLength(36)
        self.text = wrapped("", "")
        self.start = button(tr("Propose"), "propose_start", self._choose, kind="primary")
        self.start.setDefault(True)
        self._lay_out()
        self._looking = LatestOnly(self)
        self._looking.submit(partial(_models, document.data_folder), self._found)
        self._show()

    def _found(self, models: list[tuple[Path, Run]]) -> None:
        """List the models that trainings of this project have left."""
        for path, run in models:
            name = tr("Training of {date}", date=date_text(run))
            self.models.addItem(model_text(run), (path, name))
        last = self._context.last_model
        if last is not None and last.is_file() and not models:
            self._add(last)
        self.models.setCurrentIndex(0 if self.models.count() else -1)
        self._show()

    def _add(self, path: Path) -> None:
        self.models.insertItem(0, path.stem, (path, path.stem))
        self.models.setCurrentIndex(0)

    def _ask_file(self) -> None:
        chosen = ask_model(self, (self._context.last_model or self._project).parent)
        if chosen is not None:
            self._add(chosen)
            self._show()
            self.start.setFocus(Qt.FocusReason.OtherFocusReason)  # Enter goes on from here

    def _choose(self) -> None:
        path, name = self.models.currentData()
        self.accept()
        self.chosen.emit(path, name)

    def _show(self) -> None:
        self.models.setEnabled(self.models.count() > 0)
        self.start.setEnabled(self.models.count() > 0 and self._photos > 0)
        self.text.setText(self._what())

    def _what(self) -> str:
        if not self._photos:
            return tr("Every photo is labelled, done or skipped: there is nothing to propose for.")
        photos = ntr(
            "{n} photo has no box, no landmark and no mark.",
            "{n} photos have no box, no landmark and no mark.",
            self._photos,
        )
        if not self.models.count():
            models = tr("This project has no trained model yet: train one, or open a model file.")
        else:
            models = tr(
                "The model looks for the landmark on each and proposes a box and a name. Nothing "
                "becomes a box until you accept it."
            )
        return f"{photos} {models}"

    def _lay_out(self) -> None:
        row, buttons = QHBoxLayout(), QHBoxLayout()
        row.addWidget(self.models, 1)
        row.addWidget(button(tr("Open model…"), "proposing_file", self._ask_file))
        buttons.addStretch()
        buttons.addWidget(button(tr("Cancel"), "propose_cancel", self.reject))
        buttons.addWidget(self.start)
        layout = column(self)
        layout.addWidget(heading(tr("Propose boxes"), "subtitle"))
        layout.addWidget(self.text)
        layout.addLayout(row)
        layout.addStretch()
        layout.addLayout(buttons)
        give_size(self, 560, 200)


class AcceptAllDialog(QDialog):
    """Shows how many proposals a confidence would accept, before it does.

    Args:
        above: the photos whose proposal is at least so confident, 0 to 1.

    Signals:
        chosen(list[int]): accept the proposals of these photos.
    """

    chosen = Signal(list)

    def __init__(self, above: Callable[[float], list[int]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Accept proposals"))
        self._above = above
        self.least = padded(QSpinBox())
        self.least.setObjectName("accept_least")
        self.least.setAccessibleName(tr("Least confidence in per cent"))
        self.least.setRange(0, 100)
        self.least.setSuffix(" %")
        self.least.setValue(max(90, round(CERTAIN * 100)))
        self.ready: QPushButton = button("", "accept_all_confirm", self._choose, kind="primary")
        self.ready.setDefault(True)
        self._lay_out()
        self.least.valueChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        count = len(self._ids())
        self.ready.setText(ntr("Accept {n} proposal", "Accept {n} proposals", count))
        self.ready.setEnabled(count > 0)

    def _ids(self) -> list[int]:
        return self._above(self.least.value() / 100)

    def _choose(self) -> None:
        ids = self._ids()
        self.accept()
        self.chosen.emit(ids)

    def _lay_out(self) -> None:
        row, buttons = QHBoxLayout(), QHBoxLayout()
        name = plain.label(tr("Confidence of at least"))
        name.setBuddy(self.least)
        row.addWidget(name)
        row.addWidget(self.least)
        row.addStretch()
        buttons.addStretch()
        buttons.addWidget(button(tr("Cancel"), "accept_all_cancel", self.reject))
        buttons.addWidget(self.ready)
        text = tr(
            "Boxes are made of all proposals at least so confident, as one step that Undo takes "
            "back. Nobody has looked at them: go through the photos afterwards."
        )
        layout = column(self)
        layout.addWidget(wrapped(text, ""))
        layout.addLayout(row)
        layout.addStretch()
        layout.addLayout(buttons)
        give_size(self, 480, 160)


def _models(data_folder: Path) -> list[tuple[Path, Run]]:
    """The models of the trainings of a project, the newest first."""
    runs = read_runs(data_folder)
    return [(run.model, run) for run in runs if run.model is not None][:LISTED]
