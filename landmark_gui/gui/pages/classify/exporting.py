"""Writing what the model, and the person, said of photos to a file for other programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.pages.classify.photos import Entry, PhotoList
from landmark_gui.gui.widgets.common import Banner
from landmark_gui.inference import verdict_table
from landmark_gui.jobs.tasks import run_task


class VerdictExport(QObject):
    """Exports what the list shows: all photos, or those that the filter and the search let pass."""

    def __init__(self, photos: PhotoList, banner: Banner, owner: QWidget) -> None:
        super().__init__(owner)
        self._photos, self._banner, self._owner = photos, banner, owner

    def ask(self) -> None:
        """Let the person choose a file; its ending says what it becomes."""
        shown, total = self._photos.rowCount(), self._photos.total
        title = tr("Export verdicts")
        if shown < total:
            title = tr(
                "Export the {shown} of {total} photos that are shown", shown=shown, total=total
            )
        kinds = tr("Table (*.csv)") + ";;" + tr("JSON (*.json)")
        chosen, kind = QFileDialog.getSaveFileName(self._owner, title, "verdicts.csv", kinds)
        if chosen:
            path = Path(chosen)
            wants_json = kind == tr("JSON (*.json)") and path.suffix.lower() not in (
                ".csv",
                ".json",
            )
            self.export(path.with_suffix(".json") if wants_json else path)

    def export(self, path: Path) -> None:
        """Write the photos that are shown: as JSON if the file is called so, else as CSV."""
        shown = self._photos.shown
        is_json = path.suffix.lower() == ".json"
        write = verdict_table.write_json if is_json else verdict_table.write

        def work() -> int:
            return write(path, [_row(e) for e in shown if e.state in ("done", "failed")])

        run_task(work, partial(self._exported, path), self._failed, owner=self)

    def _exported(self, path: Path, count: int) -> None:
        self._banner.show_message(
            ntr(
                "{n} verdict was written to {path}.",
                "{n} verdicts were written to {path}.",
                count,
                path=path,
            )
        )

    def _failed(self, error: Exception) -> None:
        self._banner.show_message(str(error), "danger")


def _row(entry: Entry) -> verdict_table.Row:
    return verdict_table.Row(entry.path, entry.verdict or entry.reason, entry.corrected)
