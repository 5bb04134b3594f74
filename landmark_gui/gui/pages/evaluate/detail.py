"""The chosen answer: its crop, what the model said of it, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from landmark_gui.core.evaluation import CropAnswer, Evaluation
from landmark_gui.core.heat import HeatMap
from landmark_gui.core.i18n import tr
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.answer_model import AnswerModel, state_texts
from landmark_gui.gui.pages.evaluate.crop_view import SIDE, SMALL, CropView
from landmark_gui.gui.widgets.class_bars import ClassBars
from landmark_gui.gui.widgets.common import action_button, set_role, with_words, wrapped
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.flow_layout import FlowLayout

TOP = 3


class AnswerPanel(QFrame):
    """Hidden until there is an answer to show.

    Args:
        actions: buttons for these, in their order.
    """

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("evaluate_detail")
        self.setProperty("role", "card")
        self.crop = CropView()
        self.said = wrapped("", "subtitle")
        self.said.setObjectName("evaluate_said")
        self.truth = wrapped("")
        self.truth.setObjectName("evaluate_truth")
        self.name = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self.bars = ClassBars()
        self.bars.set_rows(TOP)
        self.note = wrapped("")
        self.note.setObjectName("evaluate_heat_note")
        self._lay_out(actions)
        self.hide()

    def show_answer(
        self, answer: CropAnswer | None, evaluation: Evaluation, model: AnswerModel
    ) -> None:
        """Show an answer; None hides the panel.

        Args:
            model: knows what the example is by now.
        """
        self.setVisible(answer is not None)
        self.crop.show_answer(answer)
        if answer is None:
            return
        share = percent(answer.confidence)
        if answer.is_right:
            self.said.setText(
                tr("Recognised as {name} ({share})", name=answer.predicted, share=share)
            )
        else:
            self.said.setText(tr("Taken for {name} ({share})", name=answer.predicted, share=share))
        set_role(self.said, "success" if answer.is_right else "danger")
        lines = [
            tr("It is labelled {name}", name=answer.true),
            *state_texts(answer, model.now(answer)),
        ]
        self.truth.setText(" · ".join(lines))
        self.name.setText(answer.crop.source)
        best = sorted(zip(evaluation.labels, answer.probabilities, strict=True), key=_share)[:TOP]
        self.bars.show_shares(best, answer.true)

    def show_heat(self, heat: HeatMap | None, note: str) -> None:
        """Lay over the crop where the model looks, and say what that is."""
        self.crop.show_heat(heat)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def set_compact(self, on: bool) -> None:
        """Leave room for the gallery where there is little: a small crop, buttons without words."""
        self.crop.set_side(SMALL if on else SIDE)
        self.bars.setHidden(on)
        for made in self.buttons:
            with_words(made, not on)

    def _lay_out(self, actions: list[QAction]) -> None:
        words = QVBoxLayout()
        words.setSpacing(theme.S)
        for part in (self.said, self.truth, self.name):
            words.addWidget(part)
        words.addSpacing(theme.S)
        words.addWidget(self.bars)
        words.addWidget(self.note)
        words.addStretch()
        upper = QHBoxLayout()
        upper.setSpacing(theme.L)
        upper.addWidget(self.crop, 0, Qt.AlignmentFlag.AlignTop)
        upper.addLayout(words, 1)
        self.buttons = [_button(action) for action in actions]
        lower = FlowLayout(theme.S)
        for made in self.buttons:
            lower.add(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.M)
        layout.addLayout(upper)
        layout.addLayout(lower)


def _button(action: QAction) -> QToolButton:
    made = with_words(action_button(f"{action.objectName().replace('.', '_')}_button", action))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _share(pair: tuple[str, float]) -> float:
    return -pair[1]
