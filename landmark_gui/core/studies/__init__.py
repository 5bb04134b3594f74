"""Paired studies: the same short trainings with one thing changed, on the same photos and seeds.

`config` says what is compared, `rounds` on which photos, `intervals` what can be told from chance,
`result` what came out, `journal` keeps it beside the project, `texts`, `picture` and `table` show
it. The trainings themselves are `training.study`.
"""

from __future__ import annotations

from landmark_gui.core.studies.config import (
    StudyConfig,
    StudyKind,
    Variant,
    variants,
)
from landmark_gui.core.studies.journal import kept_result
from landmark_gui.core.studies.picture import chart_svg
from landmark_gui.core.studies.result import Outcome, StudyResult
from landmark_gui.core.studies.table import table_csv
from landmark_gui.core.studies.texts import sentence, variant_label

__all__ = [
    "Outcome",
    "StudyConfig",
    "StudyKind",
    "StudyResult",
    "Variant",
    "chart_svg",
    "kept_result",
    "sentence",
    "table_csv",
    "variant_label",
    "variants",
]
