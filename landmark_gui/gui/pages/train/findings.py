"""The diagnosis of a training: a card for each finding, with remedies as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from landmark_gui.core.diagnosis import Finding, Remedy
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import button, set_role, wrapped
from landmark_gui.gui.widgets.flow_layout import FlowLayout
from landmark_gui.gui.widgets.plain import menu_text


class FindingsPanel(QWidget):
    """Hidden while nothing is found.

    Signals:
        remedy_chosen(Remedy): the person wants it.
    """

    remedy_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[FindingCard] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.M)
        self.hide()

    @property
    def findings(self) -> list[Finding]:
        return [card.finding for card in self._cards]

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these; a card that says the same with newer figures stays where it is."""
        if [_outline(each) for each in findings] == [_outline(each) for each in self.findings]:
            for card, finding in zip(self._cards, findings, strict=True):
                card.show_finding(finding)
            return
        for card in self._cards:
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [FindingCard(finding) for finding in findings]
        for card in self._cards:
            card.remedy_chosen.connect(self.remedy_chosen)
            self._layout.addWidget(card)
            accessible.announce(card, card.accessibleName(), urgent=True)
        self.setVisible(bool(findings))

    def clear(self) -> None:
        self.show_findings(())


class FindingCard(QFrame):
    """What is wrong, the figures that say so, and what can be done.

    Signals:
        remedy_chosen(Remedy)
    """

    remedy_chosen = Signal(object)

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.setObjectName(f"finding_{finding.kind}")
        set_role(self, "banner-danger" if finding.kind == "loss_lost" else "banner-warning")
        self.finding = finding
        self._text, self._evidence = wrapped("", "subtitle"), wrapped("")
        buttons = FlowLayout(theme.M)
        for number in range(len(finding.remedies)):
            buttons.add(self._button(number))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.S)
        layout.addWidget(self._text)
        layout.addWidget(self._evidence)
        layout.addSpacing(theme.S)
        layout.addLayout(buttons)
        self.show_finding(finding)

    def show_finding(self, finding: Finding) -> None:
        """Newer figures of the same finding."""
        self.finding = finding
        self._text.setText(finding.text)
        self._evidence.setText(finding.evidence)
        self.setAccessibleName(f"{finding.text} {finding.evidence}")

    def _button(self, number: int) -> QPushButton:
        remedy = self.finding.remedies[number]
        name = f"remedy_{self.finding.kind}_{number}"
        about = (
            tr("Show that page")
            if remedy.page
            else tr("Change this setting for the next training; it can be taken back")
        )
        return button(menu_text(remedy.text), name, lambda: self._choose(number), tooltip=about)

    def _choose(self, number: int) -> None:
        self.remedy_chosen.emit(self.finding.remedies[number])


def _outline(finding: Finding) -> tuple[str, tuple[Remedy, ...]]:
    return finding.kind, finding.remedies
