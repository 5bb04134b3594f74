"""Why a training is not doing well: from what it reports to findings with remedies.

`Watch` follows the events of a training and collects them as `Evidence`; `diagnose` says what
that means. Which evidence, which thresholds and why stands in docs/adr/0026.
"""

from landmark_gui.core.diagnosis.diagnose import diagnose
from landmark_gui.core.diagnosis.evidence import DeadShare, Epoch, Evidence
from landmark_gui.core.diagnosis.findings import Finding, Kind, Remedy
from landmark_gui.core.diagnosis.watch import Watch

__all__ = ["DeadShare", "Epoch", "Evidence", "Finding", "Kind", "Remedy", "Watch", "diagnose"]
