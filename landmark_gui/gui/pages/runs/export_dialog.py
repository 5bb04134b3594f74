"""Handing on the model of a run to other programs, and what that costs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from landmark_gui.core.disk_space import of_model_export
from landmark_gui.core.i18n import tr
from landmark_gui.core.model_export import SUFFIXES, Exported, ModelExport, ModelForm
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.problem import details_of
from landmark_gui.gui.document import Document
from landmark_gui.gui.room import when_room
from landmark_gui.gui.widgets.common import (
    Banner,
    LabeledCombo,
    ProgressRow,
    button,
    set_role,
    wrapped,
)
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.gui.widgets.plain import label
from landmark_gui.jobs.worker_process import Event, WorkerOutcome


class ExportDialog(QDialog):
    """Asks for a form and a place; exports in the background, and says what came of it.

    Args:
        model: the model file to hand on.
        start: where it goes unless the person says otherwise, without the suffix.
    """

    def __init__(
        self, context: AppContext, document: Document, model: Path, start: Path, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export model"))
        self._document, self._model, self._exporter = document, model, context.exporter
        self._form: ModelForm = "litert"
        self._asked: ModelExport | None = None
        self._make_widgets(start)
        self._lay_out()
        self._exporter.state_changed.connect(self._show_state)
        self._exporter.event_received.connect(self._show_event)
        self._exporter.finished.connect(self._show_outcome)
        self._show_form(self._form)
        self._refresh()

    def start(self) -> None:
        """Begin the export that is described."""
        if self._asked is not None:
            return
        if self._exporter.task:
            self.banner.show_message(tr("Another export has not ended yet."), "warning")
            return
        dest = Path(self.place.text().strip())
        if dest.exists():  # said at once; the process, which takes its time, refuses as well
            said = tr(
                "{path} is there already. Choose another name; it is not replaced.", path=dest
            )
            self.banner.show_message(said, "warning")
            return
        self._asked = ModelExport(self._model, dest, self._form, self._document.path)
        self.banner.hide()
        self.told.hide()
        self.progress.start(tr("Starting…"))
        self._refresh()
        self._document.when_saved(self._begin)  # the process reads the project from the disk

    def reject(self) -> None:
        """Close; what runs is cancelled, and nothing of it is left."""
        if self._asked is not None:
            self._exporter.cancel()
        super().reject()

    def _begin(self) -> None:
        if self._asked is not None:
            needs = partial(of_model_export, self._model, self._asked.dest)
            when_room(self, needs, self._convert, self._give_up)

    def _convert(self) -> None:
        if self._asked is not None:
            self._exporter.convert(self._asked)

    def _give_up(self) -> None:
        self._asked = None
        self._refresh()

    def _make_widgets(self, start: Path) -> None:
        self.forms = LabeledCombo(tr("Format"), _forms())
        self.forms.combo.setObjectName("export_form")
        self.about = wrapped("")
        self.place = QLineEdit(str(start) + SUFFIXES[self._form])
        self.place.setObjectName("export_place")
        self.place.setAccessibleName(tr("Where to save it"))
        self.banner = Banner()
        self.told = wrapped("", "success")
        self.told.setObjectName("export_told")
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.hide()
        self.progress = ProgressRow("")
        self.browse = button(tr("Browse…"), "export_browse", self._browse)
        self.show_button = button(tr("Show in its folder"), "export_show", self._show_place)
        self.close_button = button(tr("Close"), "export_close", self.reject)
        self.go = button(tr("Export"), "export_start", self.start, kind="primary")
        self.go.setDefault(True)
        self.forms.valueChanged.connect(self._show_form)
        self.place.textChanged.connect(self._refresh)

    def _lay_out(self) -> None:
        name = label(tr("Where to save it"))
        name.setBuddy(self.place)
        place = QHBoxLayout()
        place.addWidget(self.place, 1)
        place.addWidget(self.browse)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        layout = column(self)
        layout.addWidget(self.forms)
        layout.addWidget(self.about)
        layout.addWidget(name)
        layout.addLayout(place)
        layout.addWidget(self.banner)
        layout.addWidget(self.progress)
        layout.addWidget(self.told)
        layout.addStretch()
        layout.addLayout(buttons)
        give_size(self, 620, 340)

    def _refresh(self) -> None:
        running = self._asked is not None
        for part in (self.forms, self.place, self.browse):
            part.setEnabled(not running)
        place = self.place.text().strip()
        self.go.setEnabled(not running and bool(place) and Path(place).is_absolute())
        self.go.setToolTip("" if place else tr("Say where to save it first."))
        self.progress.setVisible(running)
        self.close_button.setText(tr("Cancel") if running else tr("Close"))
        self.show_button.setVisible(self.told.isVisibleTo(self))

    def _show_form(self, form: ModelForm) -> None:
        """Explain a form, and let the name end as it should."""
        before, self._form = self._form, form
        place, suffix = self.place.text(), SUFFIXES[before]
        if place.endswith(suffix):
            self.place.setText(place.removesuffix(suffix) + SUFFIXES[form])
        index = self.forms.combo.currentIndex()
        self.about.setText(self.forms.combo.itemData(index, Qt.ItemDataRole.ToolTipRole))

    def _browse(self) -> None:
        title = tr("Where to save it")
        chosen, _ = QFileDialog.getSaveFileName(self, title, self.place.text())
        if chosen:
            suffix = SUFFIXES[self._form]
            self.place.setText(chosen if chosen.endswith(suffix) else chosen + suffix)

    def _show_state(self, state: str) -> None:
        words = {
            "starting": tr("Starting…"),
            "importing": tr("Importing TensorFlow…"),
            "preparing": tr("Reading the project…"),
            "exporting": tr("Exporting the model…"),
            "checking": tr("Trying it against the original…"),
        }
        if self._asked is not None and state in words:
            self.progress.start(words[state])

    def _show_event(self, event: Event) -> None:
        if self._asked is not None and event["event"] == "preparing":
            self.progress.set(event["done"], event["total"])

    def _show_outcome(self, outcome: WorkerOutcome) -> None:
        asked, self._asked = self._asked, None
        if asked is None or outcome.task != "convert":
            return
        if outcome.kind == "done":
            exported = Exported.from_dict(outcome.metrics)
            note = tr("{path} says how to use it.", path=asked.note.name)
            self.told.setText("\n".join([*exported.sentences(), note]))
            set_role(self.told, "success")
            self.told.show()
        elif outcome.kind == "failed":
            nothing = tr("Nothing of the export is left.")
            show_details = details_of(outcome, nothing, self)
            self.banner.show_message(outcome.message, "danger", tr("Details"), show_details)
        self._refresh()

    def _show_place(self) -> None:
        folder = Path(self.place.text().strip()).parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.banner.show_message(tr("{path} could not be opened.", path=folder), "warning")


def _forms() -> list[tuple[ModelForm, str, str]]:
    return [
        (
            "litert",
            "LiteRT",
            tr("For phones, small computers and this program: the numbers stay as they are."),
        ),
        (
            "int8",
            "LiteRT, int8",
            tr(
                "A quarter of the size, and faster on small devices. It reckons with whole "
                "numbers, which may cost accuracy; how much is measured on the test photos."
            ),
        ),
        (
            "onnx",
            "ONNX",
            tr("For ONNX Runtime, OpenCV, .NET, browsers and most other programs."),
        ),
        (
            "savedmodel",
            tr("SavedModel (folder)"),
            tr("For TensorFlow, TensorFlow Serving and TensorFlow.js."),
        ),
    ]
