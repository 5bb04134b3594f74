"""The bar above the photo: what is proposed for it, how far the model is, what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.proposals import Proposal
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.proposals import Outcome
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import (
    ProgressRow,
    button,
    close_button,
    set_role,
    wrapped,
)
from landmark_gui.gui.widgets.report import ReportDialog


class ProposalBar(QFrame):
    """Hidden while there is nothing to say.

    Signals:
        cancel_wanted(): the person stops the model.
        all_wanted(): all proposals above a confidence are to be accepted.
    """

    cancel_wanted = Signal()
    all_wanted = Signal()

    def __init__(self, accept: QAction, refuse: QAction, following: QAction) -> None:
        super().__init__()
        self.setObjectName("proposal_bar")
        self.setProperty("role", "card")
        self._outcome: Outcome | None = None
        self.progress = ProgressRow(tr("The model looks at the photos"), cancellable=True)
        self.progress.cancelled.connect(self.cancel_wanted)
        self.progress.hide()
        self.text, self.hint = wrapped("", ""), wrapped("")
        self.text.setObjectName("proposal_text")
        self.count = wrapped("")
        self.count.setObjectName("proposal_count")
        self.accept = _button(tr("Accept"), "accept_proposal", accept, "primary")
        self.refuse = _button(tr("Refuse"), "refuse_proposal", refuse)
        self.next = _button(tr("Next proposal"), "next_proposal", following)
        self.all = button(tr("Accept all above…"), "accept_all_proposals", self.all_wanted.emit)
        self.problems = button(
            tr("Which, and why"), "proposal_problems", self._show_problems, kind="quiet"
        )
        self.close_outcome = close_button(self.forget)
        self._lay_out()
        self._has_proposals = False
        self._settle()

    def show_proposal(
        self, proposal: Proposal | None, count: int, unknown: int, editable: bool
    ) -> None:
        """Say what is proposed for the photo on show, and for how many there is a proposal."""
        self._has_proposals = count > 0
        for widget in (self.accept, self.refuse, self.hint):
            widget.setVisible(proposal is not None and editable)
        if proposal is not None:
            self.text.setText(_text(proposal))
            set_role(self.text, "" if proposal.is_certain else "warning")
            self.hint.setText(_hint(proposal))
        elif count:
            self.text.setText(tr("Nothing is proposed for this photo."))
            set_role(self.text, "muted")
        self.text.setVisible(proposal is not None or count > 0)
        self.count.setText(_counts(count, unknown))
        self.count.setVisible(count > 0)
        self.next.setVisible(count > (proposal is not None))
        self.all.setVisible(count > 0 and editable)
        self.setAccessibleName(self.text.text() if self._has_proposals else tr("Proposals"))
        self._settle()

    def show_unknown(self) -> None:
        """Say of the photo on show that the model does not know what is on it."""
        self.text.setText(tr("The model knows nothing that this photo shows."))
        self.setAccessibleName(self.text.text())

    def show_start(self, photos: int) -> None:
        """A model begins to look at photos."""
        self._outcome = None
        self.progress.start()
        self.progress.show()
        self._settle()

    def show_progress(self, done: int, total: int) -> None:
        self.progress.set(done, total)

    def show_outcome(self, outcome: Outcome) -> None:
        """Say what a run came to, until it is closed."""
        self._outcome = outcome
        self.progress.hide()
        self._settle()
        accessible.announce(self, self.outcome.text(), urgent=bool(outcome.failure))

    def forget(self) -> None:
        """Say no more of the last run."""
        self._outcome = None
        self.progress.hide()
        self._settle()

    def _settle(self) -> None:
        outcome = self._outcome
        self.outcome.setText(outcome.text() if outcome else "")
        set_role(self.outcome, "danger" if outcome and outcome.failure else "muted")
        self.outcome.setVisible(outcome is not None)
        self.close_outcome.setVisible(outcome is not None)
        self.problems.setVisible(bool(outcome and outcome.problems))
        running = not self.progress.isHidden()
        self.setVisible(self._has_proposals or running or outcome is not None)

    def _show_problems(self) -> None:
        if self._outcome is not None:
            lines = [f"{path}: {reason}" for path, reason in self._outcome.problems]
            title = tr("Photos that could not be looked at")
            ReportDialog(title, self._outcome.text(), lines, self).open()

    def _lay_out(self) -> None:
        self.outcome = wrapped("")
        self.outcome.setObjectName("proposal_outcome")
        first, second, last = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.text, 1)
        first.addWidget(self.accept)
        first.addWidget(self.refuse)
        second.addWidget(self.count, 1)
        second.addWidget(self.next)
        second.addWidget(self.all)
        last.addWidget(self.outcome, 1)
        last.addWidget(self.problems)
        last.addWidget(self.close_outcome)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        layout.setSpacing(theme.S)
        layout.addWidget(self.progress)
        layout.addLayout(first)
        layout.addWidget(self.hint)
        layout.addLayout(second)
        layout.addLayout(last)


def _button(text: str, name: str, action: QAction, kind: str = "") -> QPushButton:
    made = button(text, name, action.trigger, kind=kind, tooltip=action.toolTip())
    action.enabledChanged.connect(made.setEnabled)
    return made


def _text(proposal: Proposal) -> str:
    share = percent(proposal.confidence)
    if proposal.rect is None:
        text = tr(
            "The model proposes that the whole photo is {name} ({share}).",
            name=proposal.label,
            share=share,
        )
    else:
        text = tr("The model proposes {name} ({share}).", name=proposal.label, share=share)
    if proposal.is_certain:
        return text
    return tr("{proposal} It is not certain: look twice.", proposal=text)


def _hint(proposal: Proposal) -> str:
    if proposal.rect is None:
        return tr("Enter: accept · Del: refuse · 1–9: accept as another landmark")
    return tr(
        "Enter: accept · Del: refuse · 1–9: accept as another landmark · Drag, arrows: change it"
    )


def _counts(count: int, unknown: int) -> str:
    counted = ntr("{n} proposal", "{n} proposals", count)
    if not unknown:
        return counted
    without = ntr("{n} photo unknown to it", "{n} photos unknown to it", unknown)
    return f"{counted} · {without}"
