"""The offer to go on with the newest training, if that was cut short."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.run_list import Run, unfinished_run
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.widgets.common import Banner
from landmark_gui.jobs.tasks import LatestOnly


class UnfinishedOffer(Banner):
    """Hidden until `look` has found something to go on with; a cross puts the offer off."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setObjectName("unfinished_offer")
        self._context = context
        self._reading = LatestOnly(self)
        self._shown = ""
        context.document_changed.connect(self.withdraw)

    def look(self, training: bool = False) -> None:
        """See whether the newest run was cut short; nothing is offered while one is at work."""
        document = self._context.document
        if document is None or training:
            self.hide()
            return
        data = document.data_folder
        self._reading.submit(partial(unfinished_run, data), partial(self._show, data))

    def withdraw(self, _: object = None) -> None:
        """Offer nothing until `look` is called, and then whatever there is."""
        self._shown = ""
        self._reading.cancel()
        self.hide()

    def _show(self, data: Path, run: Run | None) -> None:
        document = self._context.document
        if document is None or document.data_folder != data or self._context.is_training:
            return
        if run is None:
            self.hide()
        elif run.id != self._shown or not self.isHidden():
            self._shown = run.id
            done = ntr("{n} epoch is done.", "{n} epochs are done.", run.epochs)
            said = tr("The last training was not finished.")
            go_on = partial(self._context.resume_requested.emit, run)
            self.show_message(f"{said} {done}", "info", tr("Go on"), go_on)
