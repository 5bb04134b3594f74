"""A bounded search for better settings of a training.

`space` says what is chosen from, `config` what is asked for, `result` what came out. The search
itself is `training.search`; how its trainings are kept is `core.studies.journal`.
"""

from __future__ import annotations

from landmark_gui.core.search.config import SearchConfig
from landmark_gui.core.search.result import SearchResult, Tried, sentence, table
from landmark_gui.core.search.space import Settings, Space

__all__ = ["SearchConfig", "SearchResult", "Settings", "Space", "Tried", "sentence", "table"]
