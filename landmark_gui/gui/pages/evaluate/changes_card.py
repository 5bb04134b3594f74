"""What is otherwise than with an earlier model, and what was corrected since it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from landmark_gui.core.evaluation import texts
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.asking import Comparison, Model
from landmark_gui.gui.pages.evaluate.views import Show
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.gui.widgets.elided_combo import ElidedCombo
from landmark_gui.gui.widgets.flow_layout import FlowLayout

_NARROW = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class ChangesCard(QFrame):
    """Hidden while there is no earlier model.

    Signals:
        earlier_chosen(Model | None): compare with this one.
        show_wanted(Show): show these answers.
    """

    earlier_chosen = Signal(object)
    show_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate_changes")
        self.setProperty("role", "card")
        self.earlier = ElidedCombo()
        self.earlier.setObjectName("evaluate_earlier")
        self.earlier.setAccessibleName(tr("What changed since"))
        self.earlier.setMinimumWidth(60)
        self.earlier.setSizeAdjustPolicy(_NARROW)
        self.text = wrapped("")
        self.text.setObjectName("evaluate_changed")
        self.buttons = {
            show: self._button(show)
            for show in (Show.NEWLY_RIGHT, Show.NEWLY_WRONG, Show.STILL_WRONG)
        }
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(heading(tr("What changed since"), "subtitle"))
        head.addWidget(self.earlier, 1)
        row = FlowLayout(theme.S)
        for made in self.buttons.values():
            row.add(made)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addWidget(self.text)
        layout.addLayout(row)
        self.earlier.activated.connect(lambda _: self.earlier_chosen.emit(self.chosen))
        self.hide()

    @property
    def chosen(self) -> Model | None:
        """The model to compare with."""
        chosen = self.earlier.currentData()
        return chosen if isinstance(chosen, Model) else None

    def offer(self, models: Sequence[Model], chosen: Model | None) -> None:
        """List what can be compared with."""
        with QSignalBlocker(self.earlier):
            self.earlier.clear()
            for model in models:
                self.earlier.addItem(model.name, model)
            self.earlier.addItem(tr("(nothing)"), None)
            listed: list[Model | None] = [*models, None]
            self.earlier.setCurrentIndex(listed.index(chosen))
        self.setVisible(bool(models))

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Say what changed."""
        changes = comparison.changes if comparison is not None else None
        counts = dict.fromkeys(self.buttons, 0)
        if changes is not None:
            counts = {show: len(getattr(changes, show.value)) for show in self.buttons}
            self.text.setText(texts.changes_text(changes))
        else:
            self.text.setText(comparison.problem if comparison is not None else "")
        self.text.setVisible(bool(self.text.text()))
        words = {
            Show.NEWLY_RIGHT: ntr("{n} newly right", "{n} newly right", counts[Show.NEWLY_RIGHT]),
            Show.NEWLY_WRONG: ntr("{n} newly wrong", "{n} newly wrong", counts[Show.NEWLY_WRONG]),
            Show.STILL_WRONG: ntr("{n} still wrong", "{n} still wrong", counts[Show.STILL_WRONG]),
        }
        for show, made in self.buttons.items():
            made.setText(words[show])
            made.setVisible(changes is not None)
            made.setEnabled(bool(counts[show]))

    def _button(self, show: Show) -> QPushButton:
        name = f"evaluate_{show.value}_button"
        return button("", name, lambda: self.show_wanted.emit(show), tooltip=tr("Show them"))


class CorrectionsBar(QFrame):
    """Hidden while nothing was corrected.

    Signals:
        train_wanted(), ask_wanted(): train with the corrections; ask the same model again.
    """

    train_wanted = Signal()
    ask_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate_corrections")
        self.setProperty("role", "banner-info")
        self.text = wrapped("", "")
        self.train = button(tr("Go to Train"), "evaluate_train_button", self.train_wanted.emit)
        self.again = button(
            tr("Ask again"),
            "evaluate_again_button",
            self.ask_wanted.emit,
            tooltip=tr("Judge the same model by the labels as they are now"),
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        layout.setSpacing(theme.M)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.again)
        layout.addWidget(self.train)
        self.hide()

    def show_count(self, count: int) -> None:
        """Say how many examples were corrected."""
        self.setVisible(count > 0)
        self.text.setText(
            ntr(
                "{n} correction since this evaluation: train again to see what it changes.",
                "{n} corrections since this evaluation: train again to see what they change.",
                count,
            )
        )
