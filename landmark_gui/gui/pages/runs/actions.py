"""What can be done with runs: go on, use, look, save, take the settings of, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_folder import is_running
from landmark_gui.core.run_list import Run, write_note
from landmark_gui.core.run_texts import date_text
from landmark_gui.core.suffixes import MODEL_SUFFIX
from landmark_gui.core.trash import Trashed, trash_folders
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.model_files import ask_new_model
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.gui.pages.runs.texts import delete_lines, delete_question
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.jobs.tasks import run_task

Chosen = Callable[[], Sequence[Run]]


class RunActions(QObject):
    """Commands over the chosen runs; they work in the list and in its menu.

    Args:
        chosen: the runs that are selected.
        owner: while it is shown, the keys work.
        focused: has the focus for keys that mean something else elsewhere.

    Signals:
        changed(): something on the disk is no longer as it was listed.
        problem(str): what went wrong, in words.
        note_wanted(): the person wants to write the note of the current run.
    """

    changed = Signal()
    problem = Signal(str)
    note_wanted = Signal()

    def __init__(
        self, context: AppContext, chosen: Chosen, owner: QWidget, focused: QWidget
    ) -> None:
        super().__init__(owner)
        self._context, self._chosen, self._owner = context, chosen, owner
        add = partial(context.commands.add, category=tr("Runs"))
        self.resume = add("runs.resume", tr("Go on"), self._resume, owner=owner)
        self.use = add("runs.use", tr("Use this model"), self._use, owner=owner)
        self.evaluate = add("runs.evaluate", tr("See its mistakes"), self._evaluate, owner=owner)
        self.reuse = add("runs.reuse", tr("Train with these settings…"), self._reuse, owner=owner)
        self.save = add("runs.save", tr("Save the model as…"), self._save, owner=owner)
        self.export = add("runs.export", tr("Export model…"), self._export, owner=owner)
        self.note = add("runs.note", tr("Write a note"), self._write_note, "F2", owner=focused)
        self.open = add("runs.open", tr("Open the folder"), self._open, owner=owner)
        self.delete = add(
            *("runs.delete", tr("Move to the trash…"), self._ask_delete, "Del"),
            owner=focused,
            icon_name="delete",
            focused=True,
        )

    def menu(self) -> QMenu:
        """All of them, for the runs that are chosen."""
        menu = QMenu(self._owner)
        for action in self._in_order():
            menu.addAction(action)
        return menu

    def refresh(self) -> None:
        """Enable what can be done with the runs that are chosen."""
        runs = self._chosen()
        one = runs[0] if len(runs) == 1 else None
        busy = bool(self._context.task)
        complete = one is not None and one.state == "done"
        self.resume.setEnabled(one is not None and one.can_resume and not busy)
        self.use.setEnabled(complete)
        self.evaluate.setEnabled(complete)
        self.save.setEnabled(complete)
        self.export.setEnabled(complete)
        self.reuse.setEnabled(one is not None and bool(one.config))
        self.note.setEnabled(one is not None)
        self.open.setEnabled(one is not None)
        self.delete.setEnabled(any(run.state != "running" for run in runs))

    def activate(self, run: Run) -> None:
        """What Enter does: use a complete run, go on with another."""
        if run.state == "done":
            self._use_model(run)
        elif run.can_resume and not self._context.task:
            self._context.resume_requested.emit(run)

    def write_note(self, run: Run, text: str) -> None:
        """Keep what the person has written about a run."""
        if self._refuse_read_only():
            return
        task = partial(write_note, run.folder, text)
        run_task(task, lambda _: self.changed.emit(), self._note_failed, owner=self)

    def delete_runs(self, runs: Sequence[Run]) -> None:
        """Move these runs to the trash; those at work stay."""
        if self._refuse_read_only():
            return
        folders = [run.folder for run in runs]
        run_task(partial(_trash, folders), self._deleted, self._show_error, owner=self)

    def save_model(self, run: Run, path: Path) -> None:
        """Write the model of a run to a file."""
        model = run.folder / "model.landmark-model"
        done = partial(self._saved, path)
        run_task(lambda: write_atomic(path, model.read_bytes()), done, self._show_error, owner=self)

    def _refuse_read_only(self) -> bool:
        """Whether the runs belong to whoever has the project open for writing; then say so.

        A new training is no such change: it has a folder of its own, which it locks.
        """
        document = self._context.document
        if document is None or not document.read_only:
            return False
        self.problem.emit(
            tr(
                "{path} is open for reading only in this window, so its runs are neither deleted "
                "nor given notes here.",
                path=document.path,
            )
        )
        return True

    def _write_note(self) -> None:
        if not self._refuse_read_only():
            self.note_wanted.emit()

    def _in_order(self) -> tuple[QAction, ...]:
        first = (self.resume, self.use, self.evaluate, self.reuse)
        return (*first, self.save, self.export, self.note, self.open, self.delete)

    def _one(self) -> Run:
        return self._chosen()[0]

    def _resume(self) -> None:
        self._context.resume_requested.emit(self._one())

    def _use(self) -> None:
        self._use_model(self._one())

    def _use_model(self, run: Run) -> None:
        model = run.model
        if model is None:
            self.problem.emit(tr("This run has no model file any more."))
            return
        self._context.set_model(model)
        self._context.page_requested.emit("classify")

    def _evaluate(self) -> None:
        model = self._one().model
        if model is None:
            self.problem.emit(tr("This run has no model file any more."))
        else:
            self._context.evaluate_requested.emit(model)

    def _reuse(self) -> None:
        try:
            self._context.settings_requested.emit(self._one().train_config())
        except TrainingError as error:
            self.problem.emit(str(error))

    def _open(self) -> None:
        folder = self._one().folder
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.problem.emit(tr("{path} could not be opened.", path=folder))

    def _save(self) -> None:
        run = self._one()
        if run.model is None:
            self.problem.emit(tr("This run has no model file any more."))
            return
        name = f"{_file_name(run)}{MODEL_SUFFIX}"
        chosen = ask_new_model(self._owner, tr("Save model"), run.folder.parents[2] / name)
        if chosen is not None:
            self.save_model(run, chosen)

    def _export(self) -> None:
        model, document = self._one().model, self._context.document
        if model is None or document is None:
            self.problem.emit(tr("This run has no model file any more."))
            return
        start = document.path.parent / _file_name(self._one())
        ExportDialog(self._context, document, model, start, self._owner).open()

    def _ask_delete(self) -> None:
        runs = [run for run in self._chosen() if run.state != "running"]
        if not runs or self._refuse_read_only():
            return
        box = QMessageBox(self._owner)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(delete_question(runs))
        box.setText(delete_question(runs))
        said = tr("Their models and curves go with them; models saved elsewhere stay.")
        box.setInformativeText(literal(f"{delete_lines(runs)}\n\n{said}"))
        move = box.addButton(tr("Move to the trash"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is move:
            self.delete_runs(runs)
        box.deleteLater()

    def _deleted(self, trashed: Trashed) -> None:
        count = len(trashed.gone)
        if count:
            said = ntr(
                "{n} run was moved to the trash.", "{n} runs were moved to the trash.", count
            )
            self._context.status(said)
        if trashed.refused:
            first = trashed.refused[0]
            self.problem.emit(tr("{name} stayed: {reason}", name=first.path, reason=first.reason))
        self.changed.emit()

    def _saved(self, path: Path, _: object) -> None:
        self._context.status(tr("Saved to {path}", path=path))

    def _note_failed(self, error: Exception) -> None:
        self._show_error(error)
        self.changed.emit()  # the table goes back to what is kept

    def _show_error(self, error: Exception) -> None:
        self.problem.emit(str(error))


def _trash(folders: Sequence[Path]) -> Trashed:
    return trash_folders(folders, lambda path: tr("it is running") if is_running(path) else "")


def _file_name(run: Run) -> str:
    """When a run began, as a file name: those of one day differ."""
    return date_text(run).replace(":", "-")
