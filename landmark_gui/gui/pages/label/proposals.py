"""Going through what a model proposes: accept, name otherwise, change, refuse, on to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Photo
from landmark_gui.core.proposals import Proposal
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import PhotoCanvas, Shape, keys
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.label.photo_panel import PhotoPanel
from landmark_gui.gui.pages.label.proposals_bar import ProposalBar
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from landmark_gui.gui.proposals import Outcome, ProposalDesk
from landmark_gui.gui.widgets.common import ICON

PROPOSAL = "proposal"
"""The id of the proposal among the shapes on the canvas; boxes have ids of 32 digits."""


class ProposalFlow(QObject):
    """What the person can do with proposals; on the canvas one is a shape that is no box yet.

    `bar` stands above the photo, `button` opens the menu with all commands.
    """

    def __init__(
        self, context: AppContext, photos: PhotoPanel, canvas: PhotoCanvas, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._context, self._photos, self._canvas, self._owner = context, photos, canvas, owner
        self._document: Document | None = None
        self._offered: Proposal | None = None
        self._refused: list[int] = []
        self.desk = ProposalDesk(self)
        photos.show_proposals(self.desk.shown)
        self._make_commands()
        self.bar = ProposalBar(self.accept_action, self.refuse_action, self.next_action)
        context.activities.follow(self.bar.progress, "label")
        self.button = self._make_button()
        self._connect()
        self._show()

    def set_document(self, document: Document | None) -> None:
        self._document, self._offered = document, None
        self._refused.clear()
        self.bar.forget()
        self.desk.set_document(document)
        if document is not None:
            document.current_changed.connect(self._show)
        self._show()

    # What the canvas shows

    def shapes(self) -> list[Shape]:
        """The proposal for the photo on show, unless it is of the whole photo."""
        proposal = self.current
        if proposal is None or proposal.rect is None:
            return []
        share = percent(proposal.confidence)
        name = f"{proposal.label} {share}" if proposal.is_certain else f"{proposal.label} {share} ?"
        return [Shape(PROPOSAL, proposal.rect, name, self._color(proposal), proposed=True)]

    def offer(self) -> None:
        """Select a proposal that has come into view, so that the next key is for it."""
        proposal = self.current
        if proposal != self._offered and proposal is not None and not self._canvas.selected():
            self._canvas.select([PROPOSAL])
        self._offered = proposal

    @property
    def current(self) -> Proposal | None:
        """What is proposed for the photo on show."""
        return self.desk.of(self._document.current_photo if self._document else None)

    def _color(self, proposal: Proposal) -> str:
        mark = self._document.project.landmark_named(proposal.label) if self._document else None
        return mark.color if mark is not None else theme.colors().accent

    # What the person does

    def accept(self, landmark_id: int | None = None) -> None:
        """Make a box of the proposal on show, and go to the next photo that has one."""
        proposal = self.current
        if proposal is not None:
            self.desk.accept([proposal.photo_id], landmark_id)
            if self.desk.of(self._photo(proposal)) is None:  # it stays where all is read-only
                self.show_next()

    def refuse(self) -> None:
        """Say no to the proposal on show, and go to the next photo that has one."""
        proposal = self.current
        if proposal is not None:
            self.desk.refuse(proposal.photo_id)
            if self.desk.of(self._photo(proposal)) is None:
                self._refused.append(proposal.photo_id)
                self._say_refused()
                self.show_next()

    def take_back(self) -> None:
        """Let the proposal that was refused last stand again, and show it."""
        if self._document is not None and self._refused:
            photo_id = self._refused.pop()
            self.desk.take_back(photo_id)
            if photo_id in self._document.project.photos:
                self._document.set_current(photo_id)
        else:
            self._context.status(tr("No proposal was refused just now."))

    def show_next(self) -> None:
        """Show the next photo of the list that has a proposal."""
        if not self._photos.show_next(lambda id_: id_ in self.desk.shown) and not self.current:
            self._context.status(tr("No other photo of the list has a proposal."))

    def takes_key(self, landmark_id: int) -> bool:
        """Whether the key of a landmark was for the proposal, which it then accepts as that one."""
        proposal, selected = self.current, self._canvas.selected()
        if proposal is None or selected != ([PROPOSAL] if proposal.rect is not None else []):
            return False
        self.accept(landmark_id)
        return True

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key that nobody else wanted accepts or refuses the proposal on show."""
        if self.current is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in keys.ENTER:
            self.accept()
        elif event.key() in keys.DELETE:
            self.refuse()
        else:
            return False
        return True

    def moved(self, rects: Mapping[str, Rect]) -> dict[str, Rect]:
        """Change the proposal if it is among what was dragged; the rest comes back."""
        proposal = self.current
        if proposal is not None and PROPOSAL in rects:
            self.desk.reshape(proposal.photo_id, rects[PROPOSAL])
        return {id_: rect for id_, rect in rects.items() if id_ != PROPOSAL}

    def ask_model(self) -> None:
        """Let the person choose a model, and let it propose."""
        document = self._document
        if document is None or self.desk.running:
            return
        if document.read_only:
            self.desk.start(Path(), "")  # says why not
            return
        dialog = ProposeDialog(self._context, document, self.desk.unlabelled, self._owner)
        dialog.chosen.connect(self.desk.start)
        dialog.open()

    def ask_accept_all(self) -> None:
        """Let the person choose from which confidence on all proposals become boxes."""
        if not self.desk.shown:
            self._context.status(tr("There is no proposal to accept."))
            return
        dialog = AcceptAllDialog(self.desk.above, self._owner)
        dialog.chosen.connect(self._accept_all)
        dialog.open()

    def _accept_all(self, photo_ids: list[int]) -> None:
        before = len(self.desk.shown)
        self.desk.accept(photo_ids)
        count = before - len(self.desk.shown)
        if count:
            text = ntr(
                "{n} proposal was accepted; Undo takes it back.",
                "{n} proposals were accepted; one Undo takes them back.",
                count,
            )
            self._context.status(text)

    def menu(self) -> QMenu:
        """What can be done with the proposal on show, for the right mouse button."""
        menu = QMenu(self._owner)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self.accept_action, self.refuse_action])
        return menu

    def _photo(self, proposal: Proposal) -> Photo | None:
        assert self._document is not None
        return self._document.project.photos.get(proposal.photo_id)

    # Wiring

    def _make_commands(self) -> None:
        add = partial(self._context.commands.add, owner=self._owner, category=tr("Proposals"))
        self.run_action = add(
            "proposal.run", tr("Propose boxes…"), self.ask_model, icon_name="classify"
        )
        self.accept_action = add("proposal.accept", tr("Accept the proposal"), self.accept, "G")
        self.refuse_action = add("proposal.refuse", tr("Refuse the proposal"), self.refuse, "B")
        self.next_action = add(
            "proposal.next", tr("Next photo with a proposal"), self.show_next, "P"
        )
        self.all_action = add(
            "proposal.accept_all", tr("Accept all proposals above…"), self.ask_accept_all
        )
        self.back_action = add(
            "proposal.take_back", tr("Take the last refusal back"), self.take_back, "Shift+B"
        )
        self.forget_action = add("proposal.forget", tr("Forget all proposals"), self.desk.forget)

    def _make_button(self) -> QToolButton:
        menu = QMenu(tr("Proposals"), self._owner)
        menu.addAction(self.run_action)
        menu.addSeparator()
        menu.addActions([self.accept_action, self.refuse_action, self.next_action])
        menu.addActions([self.all_action, self.back_action])
        menu.addSeparator()
        menu.addAction(self.forget_action)
        button = QToolButton()
        button.setObjectName("proposals_button")
        button.setIcon(icon("classify"))
        button.setIconSize(ICON)
        button.setToolTip(tr("Let a model propose boxes"))
        button.setAccessibleName(tr("Let a model propose boxes"))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _connect(self) -> None:
        desk, bar = self.desk, self.bar
        desk.changed.connect(self._changed)
        desk.started.connect(bar.show_start)
        desk.started.connect(lambda _: self._show())
        desk.progressed.connect(bar.show_progress)
        desk.ended.connect(self._ended)
        bar.cancel_wanted.connect(desk.cancel)
        bar.all_wanted.connect(self.ask_accept_all)

    def _changed(self, photo_ids: Iterable[int]) -> None:
        self._photos.follow_proposals(photo_ids)
        self._show()

    def _ended(self, outcome: Outcome) -> None:
        self.bar.show_outcome(outcome)
        self._context.status(outcome.text())
        self._show()

    def _say_refused(self) -> None:
        key = self.back_action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        if key:
            self._context.status(tr("The proposal was refused; {key} takes that back.", key=key))
        else:
            self._context.status(tr("The proposal was refused."))

    def _show(self, _: object = None) -> None:
        document = self._document
        editable = document is not None and not document.read_only
        proposal, count = self.current, len(self.desk.shown)
        self.bar.show_proposal(proposal, count, self.desk.unknown, editable)
        if document is not None and self.desk.is_unknown(document.current_photo):
            self.bar.show_unknown()
        for action in (self.accept_action, self.refuse_action):
            action.setEnabled(editable and proposal is not None)
        for action in (self.next_action, self.forget_action):
            action.setEnabled(bool(count))
        self.all_action.setEnabled(editable and bool(count))
        self.run_action.setEnabled(document is not None and not self.desk.running)
