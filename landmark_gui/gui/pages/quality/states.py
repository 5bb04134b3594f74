"""What stands in the place of the cases: nothing open, no labels, measuring, nothing wrong."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality import texts
from landmark_gui.core.quality.report import Fault
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.widgets.common import EmptyState
from landmark_gui.gui.widgets.note_stack import NoteStack


class States(NoteStack):
    """Shows the cases, or why there are none.

    Signals:
        next_wanted(): the person goes on to the next fault.
    """

    next_wanted = Signal()

    def __init__(self, context: AppContext, content: QWidget) -> None:
        super().__init__(content)
        self._context = context
        self._shown: object = None

    def closed(self) -> EmptyState:
        """For the whole page while nothing is open."""
        return EmptyState(
            "quality",
            tr("Nothing is open"),
            tr("Open a folder of photos; what is wrong with them is found here."),
            tr("Open folder of photos…"),
            self._context.open_folder_requested.emit,
        )

    def show_cases(self) -> None:
        self._show(None, None)

    def show_measuring(self) -> None:
        """Not all photos have been looked at yet."""
        text = tr("Each photo is looked at once; what is known of it is kept for the next time.")
        self._show("measuring", ("quality", tr("Looking at your photos…"), text))

    def show_nothing(self, labelled: bool) -> None:
        """The report is empty."""
        if not labelled:
            text = tr(
                "Draw boxes around the landmarks on your photos, or name the photos; then it can "
                "be said whether they are fit to learn from."
            )
            self._show(
                "unlabelled",
                ("label", tr("No labels yet"), text, tr("Label photos"), self._label),
            )
            return
        text = tr(
            "No copies, no blurred or dark crops, no boxes on each other, and enough photos of "
            "each landmark. Train a model; afterwards likely wrong labels are shown here as well."
        )
        title, train = tr("Nothing wrong was found"), tr("Go to Train")
        self._show("nothing", ("check", title, text, train, self._train))

    def show_settled(self, fault: Fault, following: Fault | None) -> None:
        """The last case of a fault was dealt with."""
        title = tr("“{fault}” is dealt with", fault=texts.title(fault))
        if following is None:
            text = tr("No other fault is left.")
            train = tr("Go to Train")
            self._show((fault, None), ("check", title, text, train, self._train))
            return
        text = tr("Undo brings the cases back.")
        action = tr("Go on with “{fault}”", fault=texts.title(following))
        self._show((fault, following), ("check", title, text, action, self.next_wanted.emit))

    def _train(self) -> None:
        self._context.page_requested.emit("train")

    def _label(self) -> None:
        self._context.page_requested.emit("label")

    def _show(self, key: object, parts: tuple[object, ...] | None) -> None:
        """A note that is shown already is not made anew: its button may have the focus."""
        if key != self._shown:
            self._shown = key
            self.set_note(None if parts is None else EmptyState(*parts))  # type: ignore[arg-type]  # each is built above
