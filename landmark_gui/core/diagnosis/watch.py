"""Follows the events of a training, and tells what they mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from landmark_gui.core.diagnosis.chances import Share
from landmark_gui.core.diagnosis.diagnose import diagnose
from landmark_gui.core.diagnosis.evidence import DeadShare, Epoch, Evidence
from landmark_gui.core.diagnosis.findings import Finding
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.runs import TrainConfig

Event = dict[str, Any]

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")


class Watch:
    """An `emit` between a training and whoever listens: every event passes, and after those that
    change the diagnosis comes {"event": "diagnosis", "findings": […]}.

    Args:
        config: of the training.
        emit: the listener.

    Attributes:
        findings: the diagnosis so far.
    """

    def __init__(self, config: TrainConfig, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._evidence = Evidence(config)
        self.findings: tuple[Finding, ...] = ()

    def __call__(self, event: Event) -> None:
        self._emit(event)
        evidence = _with(self._evidence, event)
        if evidence is not self._evidence:
            self._judge(evidence)

    def conclude(self, probe: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        """The diagnosis with what the probe found, as `findings` of the event has it."""
        if probe is not None:
            honest = Accuracy(probe["honest"]["value"], probe["honest"]["spread"])
            self._judge(replace(self._evidence, cross_validated=honest))
        return self.to_list()

    def to_list(self) -> list[dict[str, Any]]:
        return [finding.to_dict() for finding in self.findings]

    def _judge(self, evidence: Evidence) -> None:
        self._evidence = evidence
        findings = diagnose(evidence)
        if findings != self.findings:
            self.findings = findings
            self._emit({"event": "diagnosis", "findings": self.to_list()})


def _with(evidence: Evidence, event: Event) -> Evidence:
    """The evidence after an event; the same object where that tells nothing new."""
    kind = event["event"]
    if kind == "dataset":
        return replace(evidence, counts=event["counts"], planned=event["epochs"])
    if kind == "step" and not math.isfinite(event["loss"]):
        return replace(evidence, lost=(event["epoch"], event["step"]))
    if kind == "state" and event["state"] == "saving":
        return replace(evidence, finished=True)
    if kind == "epoch":
        return _with_epoch(evidence, event)
    return evidence


def _with_epoch(evidence: Evidence, event: Event) -> Evidence:
    epoch = Epoch(**{name: event.get(name) for name in FIGURES})
    epochs = (*evidence.epochs, epoch)
    dead, plain = evidence.dead, evidence.plain
    if event.get("dead") is not None:
        dead = tuple(DeadShare(each["layer"], each["share"]) for each in event["dead"])
    if event.get("train_eval_accuracy") is not None:
        of = event["train_eval_examples"]
        plain = Share(round(event["train_eval_accuracy"] * of), of)
    return replace(
        evidence,
        epochs=epochs,
        planned=event["epochs"],
        dead=dead,
        plain=plain,
        finished=len(epochs) >= event["epochs"],
    )
