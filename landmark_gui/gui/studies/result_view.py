"""The chart of a study and perhaps its table, to be looked at, copied and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.studies import StudyResult
from landmark_gui.gui import theme
from landmark_gui.gui.studies import saving
from landmark_gui.gui.studies.chart import StudyChart
from landmark_gui.gui.studies.parts import Switch
from landmark_gui.gui.studies.rows import View
from landmark_gui.gui.studies.table import ResultTable
from landmark_gui.gui.widgets.common import button
from landmark_gui.jobs.tasks import run_task


class ResultView(QWidget):
    """Args:
        view: what the chart shows at first.
        table: whether the figures stand below as a table.

    Signals:
        said(str): what was done.
        failed(str): why it was not.
    """

    said = Signal(str)
    failed = Signal(str)

    def __init__(self, view: View, table: bool) -> None:
        super().__init__()
        self._result: StudyResult | None = None
        self._title, self._note = "", ""
        self.chart = StudyChart()
        self.table = ResultTable() if table else None
        self.switch = _view_switch()
        self.copy = button(tr("Copy"), "study_copy", self._copy, kind="quiet")
        self.copy.setToolTip(tr("Copy the chart as a picture"))
        self.save = button(tr("Save…"), "study_save", self._ask_save, kind="quiet")
        self.save.setToolTip(tr("Save the chart as a picture, or the figures as a table"))
        self._lay_out()
        self.switch.chosen.connect(self.show_view)
        self.show_view(view)

    def show_result(
        self, keys: Sequence[str], result: StudyResult | None, details: Mapping[str, str]
    ) -> None:
        """Show what is known of each variant; None only which there will be."""
        self._result = result
        self.chart.show_result(keys, result, details)
        if self.table is not None:
            self.table.show_result(keys, result)
            self.table.setVisible(result is not None)
        self._bar.setVisible(result is not None)

    def describe(self, title: str, note: str) -> None:
        """What stands above and below the chart in a picture."""
        self._title, self._note = title, note

    def show_view(self, view: View) -> None:
        """Show how good each variant is, or how much better than the first."""
        self.switch.set_value(view)
        self.chart.show_view(view)

    def save_to(self, path: Path) -> None:
        """Write the picture or the table, as the suffix says."""
        shown = self._shown()
        if shown is not None:
            work = partial(saving.save, path, shown, self.font())
            run_task(work, partial(self._saved, path), partial(self._unsaved, path), owner=self)

    def _lay_out(self) -> None:
        self._bar = QWidget()
        above = QHBoxLayout(self._bar)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(theme.S)
        above.addWidget(self.switch, 1)
        above.addWidget(self.copy)
        above.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(self._bar)
        card = QFrame()
        card.setProperty("role", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        inner.addWidget(self.chart)
        column.addWidget(card)
        if self.table is not None:
            column.addSpacing(theme.M)
            column.addWidget(self.table)

    def _shown(self) -> saving.Shown | None:
        if self._result is None:
            return None
        return saving.Shown(self._result, self.chart.picture, self._title, self._note)

    def _copy(self) -> None:
        shown = self._shown()
        if shown is not None:
            run_task(partial(saving.picture_of, shown, self.font()), self._copied, owner=self)

    def _copied(self, picture: QImage) -> None:
        QGuiApplication.clipboard().setImage(picture)
        self.said.emit(tr("The picture is in the clipboard."))

    def _ask_save(self) -> None:
        kinds = {
            ".png": tr("Picture") + " (*.png)",
            ".svg": tr("Drawing") + " (*.svg)",
            ".csv": tr("Table") + " (*.csv)",
        }
        title, name = tr("Save the result"), f"{self._title.rstrip('?')}.png"
        chosen, kind = QFileDialog.getSaveFileName(self, title, name, ";;".join(kinds.values()))
        if chosen:
            suffix = next((suffix for suffix, text in kinds.items() if text == kind), ".png")
            path = Path(chosen)
            self.save_to(path if path.suffix in kinds else path.with_name(path.name + suffix))

    def _saved(self, path: Path, _: None) -> None:
        self.said.emit(tr("Saved to {path}", path=path))

    def _unsaved(self, path: Path, error: Exception) -> None:
        self.failed.emit(tr("{path} could not be written: {detail}", path=path, detail=error))


def _view_switch() -> Switch:
    why = tr("How much better than the first one, on the same photos")
    return Switch(
        tr("What the chart shows"),
        [
            ("gain", "study_gain", tr("Gain"), why),
            ("accuracy", "study_accuracy", tr("Accuracy"), tr("How good each one is by itself")),
        ],
    )
