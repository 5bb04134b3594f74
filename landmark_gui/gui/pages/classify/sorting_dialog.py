"""Asks where photos are to be sorted to, and shows what would be done before it is done."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from landmark_gui.core.errors import Cancel, Progress, SortingError
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.settings import Settings
from landmark_gui.core.sorting import Guard, Plan, Wish, newest, plan
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.pages.classify.plan_table import PlanModel, make_table
from landmark_gui.gui.pages.classify.texts import entry_text
from landmark_gui.gui.widgets import accessible, plain
from landmark_gui.gui.widgets.common import button, set_role, wrapped
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.jobs.progress_job import ProgressJob

REMEMBERED = "classify.sorted_into"
TAKE_BACK = 2
"""A result of the dialog, beside Accepted and Rejected."""
TYPED_MS = 400
"""How long the name of a folder must rest until it is looked at."""


class SortingDialog(QDialog):
    """Accepted only by its own button, and then `plan` says what to do.

    If something was sorted into the folder before, `TAKE_BACK` may be the result; then it is
    what `journal` names that the person wants undone.

    Args:
        choices: lists of photos that may be meant, each with what it is called.
        labels: of the model.
        guard: what the open project keeps to itself.
    """

    def __init__(
        self,
        choices: list[tuple[str, list[Entry]]],
        labels: tuple[str, ...],
        guard: Guard | None,
        settings: Settings,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.plan: Plan | None = None
        self.journal: Path | None = None
        self._choices, self._labels, self._guard = choices, labels, guard
        self._settings, self._stale = settings, False
        self.setWindowTitle(tr("Sort into folders"))
        self._job = ProgressJob(self)
        self._job.done.connect(self._planned)
        self._job.failed.connect(self._failed)
        self._job.progressed.connect(self._show_progress)
        self._rest = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._rest.timeout.connect(self._look)
        self.model = PlanModel()
        self.model.setParent(self)
        self._make_fields()
        self._lay_out()
        self.folder.setText(settings.get(REMEMBERED, ""))
        self._look()

    def done(self, result: int) -> None:
        self._job.abandon()
        super().done(result)

    # Widgets

    def _make_fields(self) -> None:
        self.which = QComboBox()
        self.which.setObjectName("sorting_photos")
        self.which.setAccessibleName(tr("Photos"))
        self.which.addItems([f"{name} ({len(entries):,})" for name, entries in self._choices])
        self.which.currentIndexChanged.connect(self._look)
        self.folder = QLineEdit()
        self.folder.setObjectName("sorting_folder")
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setPlaceholderText(tr("A folder, in which each landmark gets one"))
        self.folder.textChanged.connect(self._rest.start)
        self.copying = QRadioButton(tr("Copy"))
        self.moving = QRadioButton(tr("Move"))
        self.copying.setChecked(True)
        self.moving.setObjectName("sorting_move")
        self._ways = QButtonGroup(self)
        self._ways.addButton(self.copying)
        self._ways.addButton(self.moving)
        self.moving.toggled.connect(self._look)
        self.summary = wrapped("")
        self.summary.setObjectName("sorting_summary")
        self.table = make_table(self.model)
        self.back = button(
            tr("Take back the last sorting"),
            "sorting_back",
            partial(self.done, TAKE_BACK),
            kind="quiet",
            tooltip=tr("Undo what was sorted into this folder before, as far as it is unchanged"),
        )
        self.confirm = button("", "sorting_confirm", self._accept, kind="primary")
        self.confirm.setDefault(True)

    def _lay_out(self) -> None:
        browse = button(tr("Choose…"), "sorting_browse", self._browse)
        place = QHBoxLayout()
        for part in (plain.label(tr("Photos")), self.which):
            place.addWidget(part)
        place.addSpacing(theme.L)
        place.addWidget(plain.label(tr("Folder")))
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copying)
        buttons.addWidget(self.moving)
        buttons.addStretch()
        buttons.addWidget(self.back)
        buttons.addWidget(button(tr("Cancel"), "sorting_cancel", self.reject))
        buttons.addWidget(self.confirm)
        layout = column(self)
        layout.addLayout(place)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        give_size(self, 860, 520, self._settings, "sorting.size")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Sort into"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._look()

    def _accept(self) -> None:
        if self.plan is not None:
            self._settings.set(REMEMBERED, self.folder.text())
            self.accept()

    # The plan

    def _look(self) -> None:
        """Plan anew; what is being planned ends first."""
        self._rest.stop()
        self._show(None, tr("Choose a folder."))
        self._stale = self._job.running
        if self._job.running:
            self._job.cancel()
        elif self.folder.text().strip():
            folder = Path(self.folder.text().strip()).expanduser()
            entries, move = self._choices[self.which.currentIndex()][1], self.moving.isChecked()
            self._show(None, tr("Looking what is there…"))

            def work(progress: Progress, cancel: Cancel) -> tuple[Plan, Path | None]:
                wishes = [wish_of(entry) for entry in entries]
                found = plan(
                    *(wishes, folder, self._labels),
                    move=move,
                    guard=self._guard,
                    progress=progress,
                    cancel=cancel,
                )
                return found, last_journal(folder)

            self._job.run(work, len(entries))

    def _planned(self, result: tuple[Plan, Path | None]) -> None:
        if self._stale:
            self._look()
            return
        found, self.journal = result
        self._show(found, summary_text(found))
        self.back.setVisible(self.journal is not None)

    def _failed(self, error: Exception) -> None:
        if self._stale:
            self._look()
        else:
            self._show(None, str(error))
            set_role(self.summary, "danger")
            accessible.announce(self.summary, str(error), urgent=True)

    def _show_progress(self, done: int, total: int) -> None:
        if self._job.running and not self._stale:
            self.summary.setText(
                tr("Looking what is there… {done} of {total}", done=done, total=total)
            )

    def _show(self, found: Plan | None, text: str) -> None:
        self.plan = found
        self.back.hide()
        self.model.show_plan(found)
        self.summary.setText(text)
        set_role(self.summary, "muted")
        count = len(found.of("put")) if found else 0
        self.confirm.setEnabled(count > 0)
        if self.moving.isChecked():
            self.confirm.setText(ntr("Move {n} photo", "Move {n} photos", count))
        else:
            self.confirm.setText(ntr("Copy {n} photo", "Copy {n} photos", count))


def last_journal(folder: Path) -> Path | None:
    """What knows the last sorting into a folder, if there was one."""
    try:
        return newest(folder)
    except SortingError:
        return None


def wish_of(entry: Entry) -> Wish:
    """Where a photo belongs: what the person says, else what the model says."""
    if entry.corrected or entry.verdict is not None:
        return Wish(entry.path, entry.label or None, why=entry_text(entry))
    problem = entry.reason if entry.state == "failed" else tr("it is not classified yet")
    return Wish(entry.path, problem=problem)


def summary_text(found: Plan) -> str:
    """What a plan would do, in a line."""
    put, kept, left = (len(found.of(fate)) for fate in ("put", "kept", "left"))
    rooms = {step.target.parent for step in found.of("put") if step.target}
    photos = ntr("{n} photo", "{n} photos", put)
    folders = ntr("{n} folder", "{n} folders", len(rooms))
    if found.move:
        text = tr("{photos} would be moved into {folders}", photos=photos, folders=folders)
    else:
        text = tr("{photos} would be copied into {folders}", photos=photos, folders=folders)
    parts = [text]
    if kept:
        parts.append(ntr("{n} is there already", "{n} are there already", kept))
    if left:
        parts.append(ntr("{n} stays where it is", "{n} stay where they are", left))
    return ", ".join(parts) + ". " + tr("No file is replaced.")
