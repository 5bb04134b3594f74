"""The answers that the gallery shows, as Qt's views ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.evaluation.answers import Key
from landmark_gui.core.evaluation.corrections import Corrections, Now
from landmark_gui.core.evaluation.texts import answer_text
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

ANSWER_ROLE = Qt.ItemDataRole.UserRole


class AnswerModel(QAbstractListModel):
    """A row for each answer that is shown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.answers: Sequence[CropAnswer] = ()
        self._corrections, self._project = Corrections((), Project()), Project()
        self._unreadable: dict[Key, str] = {}

    def set_evaluation(self, corrections: Corrections, project: Project) -> None:
        """What the answers of `show_answers` are judged against."""
        self._corrections, self._project = corrections, project
        self._unreadable.clear()

    def show_answers(self, answers: Sequence[CropAnswer]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.answers = answers
        self.endResetModel()

    def now(self, answer: CropAnswer) -> Now:
        """What an example is after the newest edit."""
        return self._corrections.now(self._project, answer)

    def refresh(self) -> None:
        """Something of the project is another."""
        if self.answers:
            self.dataChanged.emit(self.index(0), self.index(len(self.answers) - 1))

    def mark_unreadable(self, key: Key, reason: str) -> None:
        self._unreadable[key] = reason

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.answers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _TOLD:
            return None
        answer = self.answers[index.row()]
        if role == ANSWER_ROLE:
            return answer
        lines = [answer_text(answer), *state_texts(answer, self.now(answer))]
        lines += filter(None, [self._unreadable.get(answer.key)])
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal("\n".join([answer.crop.source, *lines[1:]]))
        return ". ".join(lines)


_TOLD = (
    ANSWER_ROLE,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


def state_texts(answer: CropAnswer, now: Now) -> list[str]:
    """What else the model says of an example, and what was done with it since."""
    lines = [tr("the model says unknown")] if answer.unknown else []
    if now.gone:
        return [*lines, tr("deleted since")]
    if now.left_out:
        lines.append(tr("left out of the dataset"))
    if now.landmark and now.landmark != answer.true:
        lines.append(tr("now {name}", name=now.landmark))
    elif now.corrected and not now.left_out:
        lines.append(tr("box changed since"))
    return lines
