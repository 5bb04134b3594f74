"""What the page shows in place of an evaluation, and the next step as a button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from landmark_gui.core.evaluation import Evaluation
from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.evaluate.asking import Asked, Model
from landmark_gui.gui.widgets.common import EmptyState


class States(QStackedWidget):
    """The content, or why there is none.

    Args:
        ask: asks the chosen model.
        open_model: lets the person choose a model file.
    """

    def __init__(
        self,
        context: AppContext,
        content: QWidget,
        ask: Callable[[], None],
        open_model: Callable[[], None],
    ) -> None:
        super().__init__()
        self._context, self._content = context, content
        self._no_model = EmptyState(
            "evaluate",
            tr("No model to evaluate yet"),
            tr(
                "Train one: its figures, its mistakes and what changed since the one before "
                "are shown here. Or open a model file that was trained elsewhere."
            ),
            tr("Go to Train"),
            lambda: context.page_requested.emit("train"),
        )
        self._ready = EmptyState(
            "evaluate",
            tr("Not asked yet"),
            tr("The model names each photo, and what it says is compared with the labels."),
            tr("Evaluate"),
            ask,
        )
        self._asking = QWidget()
        self._nothing: QWidget = QWidget()
        self._told = ""
        for page in (content, self._no_model, self._ready, self._asking, self._nothing):
            self.addWidget(page)

    def show_state(self, model: Model | None, asked: Asked | None, asking: bool) -> None:
        """Show what fits."""
        if asked is not None and asked.evaluation.answers:
            self.setCurrentWidget(self._content)
        elif asking:
            self.setCurrentWidget(self._asking)
        elif asked is not None:
            self._tell_nothing(asked.evaluation)
            self.setCurrentWidget(self._nothing)
        else:
            self.setCurrentWidget(self._ready if model is not None else self._no_model)

    def _tell_nothing(self, evaluation: Evaluation) -> None:
        title, text = nothing_text(evaluation)
        if text == self._told:
            return
        self._told = text
        label, page_name = tr("Go to Crops"), "dataset"
        if evaluation.foreign:
            label, page_name = tr("Go to Train"), "train"
        go = partial(self._context.page_requested.emit, page_name)
        page = EmptyState("evaluate", title, text, label, go)
        self.addWidget(page)
        self.removeWidget(self._nothing)
        self._nothing.deleteLater()
        self._nothing = page


def nothing_text(evaluation: Evaluation) -> tuple[str, str]:
    """Why a model could be asked about nothing, and what to do."""
    if evaluation.foreign:
        names = ", ".join(evaluation.foreign)
        known = ", ".join(evaluation.labels)
        return tr("The model knows other landmarks"), tr(
            "These photos show {names}; the model knows {known}. Train one on this project, or "
            "choose another model.",
            names=names,
            known=known,
        )
    if evaluation.skipped:
        photo, reason = evaluation.skipped[0]
        return tr("No photo could be read"), tr(
            "The first one is {photo}: {reason}.", photo=photo, reason=reason
        )
    if evaluation.part == "test":
        return tr("No test photos"), tr(
            "All photos were learned from, so none can tell how good the model is. Label some "
            "more, or pin photos to test, and train again. Or choose other photos above."
        )
    return tr("No photos here"), tr("Choose other photos above.")
