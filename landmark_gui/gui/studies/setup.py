"""From what is set on the pages to a study."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from landmark_gui.core.dataset import as_measured
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project, Row
from landmark_gui.core.runs import RECIPES, TrainConfig
from landmark_gui.core.studies import StudyConfig, StudyKind
from landmark_gui.core.suffixes import MODEL_SUFFIX
from landmark_gui.core.training_advice import Facts, facts_of_machine
from landmark_gui.gui import training_examples
from landmark_gui.gui.choices import choices_of
from landmark_gui.gui.training_settings import DEFAULTS, remembered, training_of, usable

if TYPE_CHECKING:
    from landmark_gui.core.quality.facts import Facts as PhotoFacts
    from landmark_gui.gui.context import AppContext
    from landmark_gui.gui.document import Document

REPEATS = (3, 5, 10, 20, 50)
EXPECTED = 5


class StudySetup:
    """Reads the Train page's settings, the augmentation, and what was chosen for studies.

    Attributes:
        facts: what the Train page's suggestions are made from; None until `look_up` was done.
    """

    def __init__(self, context: AppContext, kind: StudyKind) -> None:
        self._context, self._kind = context, kind
        self.facts: Facts | None = None

    @property
    def repeats(self) -> int:
        chosen = self._context.settings.get(f"study.{self._kind}.repeats", EXPECTED)
        return chosen if chosen in REPEATS else EXPECTED

    @repeats.setter
    def repeats(self, number: int) -> None:
        self._context.settings.set(f"study.{self._kind}.repeats", number)

    @property
    def recipe(self) -> str:
        """The recipe that was chosen for studies; "" for that of the Train page."""
        chosen = self._context.settings.get(f"study.{self._kind}.recipe", "")
        return chosen if chosen in RECIPES else ""

    @recipe.setter
    def recipe(self, recipe: str) -> None:
        self._context.settings.set(f"study.{self._kind}.recipe", recipe)

    def study(self) -> StudyConfig | None:
        """What would be measured now; None without a project, and before `facts` are known.

        Raises:
            TrainingError: if a setting is out of its range.
        """
        base = self.training(self._chosen())
        return None if base is None else StudyConfig(self._kind, base, self.repeats)

    def training(self, otherwise: Mapping[str, Any] = MappingProxyType({})) -> TrainConfig | None:
        """The training that the Train page describes, always with the augmentation that is set.

        Args:
            otherwise: values of its form that are to be others.

        Returns:
            None without a project, and before `facts` are known.

        Raises:
            TrainingError: if a setting is out of its range.
        """
        document = self._context.document
        if document is None or self.facts is None:
            return None
        values = usable(remembered(self._context) | dict(otherwise))
        out = document.path.with_suffix(MODEL_SUFFIX)
        augmentation = self._context.augmentation.to_dict()
        cutting = choices_of(document)
        base = training_of(values, self.facts, document.path, out, augmentation, cutting)
        return replace(base, augmentation=augmentation)

    def look_up(self) -> Callable[[], Facts] | None:
        """The job that finds `facts` out, to be done on another thread; None without a project."""
        document = self._context.document
        if document is None:
            return None
        dataset = self._context.dataset.dataset
        measured = dataset.facts if dataset else None
        use = str((remembered(self._context) | self._chosen()).get("use", DEFAULTS["use"]))
        return partial(_facts, list(document.project.rows()), measured, use)

    def missing(self, study: StudyConfig | None) -> str:
        """What must be done before it can start; "" if nothing must."""
        document = self._context.document
        if document is None:
            return tr("Open a folder of photos first.")
        if study is None:
            return ""
        dataset = self._context.dataset.dataset
        measured = as_measured(document.project, dataset.facts if dataset else None)
        names = training_examples.example_names(measured, study.base.use)
        return training_examples.missing_text(_two_of(names))

    def edited_since(self, moment: float) -> bool:
        """Whether the project was changed after a time, in seconds since 1970."""
        document = self._context.document
        return document is not None and edited_since(document, moment)

    def is_open(self, project: str) -> bool:
        """Whether that is the project that is open."""
        document = self._context.document
        return document is not None and document.path == Path(project)

    def _chosen(self) -> dict[str, Any]:
        """What a study has otherwise than a training: "compare" takes crops and photos anyway."""
        recipe = {"recipe": self.recipe} if self.recipe else {}
        return recipe | ({"use": "crops"} if self._kind == "compare" else {})


def edited_since(document: Document, moment: float) -> bool:
    """Whether a project was changed after a time, in seconds since 1970."""
    history = document.history[: document.position]
    return bool(history) and history[-1].time > math.ceil(moment)  # both are whole seconds


def _facts(rows: list[Row], measured: PhotoFacts | None, use: str) -> Facts:
    project = as_measured(Project.of(rows), measured)
    return facts_of_machine(training_examples.examples_of(project, use))


def _two_of(names: Iterable[str]) -> dict[str, int]:
    """The first two different names, which are enough; counting all takes too long."""
    found: dict[str, int] = {}
    for name in names:
        found[name] = 1
        if len(found) == 2:
            break
    return found
