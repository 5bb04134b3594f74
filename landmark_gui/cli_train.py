"""`landmark-gui train`: what is asked of a training, and what came of it."""

from __future__ import annotations

import argparse
import atexit
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_arguments, cli_runs, cli_split
from landmark_gui.cli_output import Result, progress_of, refusing, tell_skipped
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.cluster import Cluster
    from landmark_gui.core.runs import TrainConfig

LABEL_ERRORS_TOLD = 20


def train(arguments: argparse.Namespace) -> Result:
    """Train a model. Events go to standard error as lines for people."""
    resumed = arguments.resume is not None
    if resumed and arguments.strategy != "one":
        arguments.refuse(tr("--resume goes on with a training of one device."))
    cluster = _cluster(arguments)
    if resumed:
        config, id_ = cli_runs.to_resume(arguments.project, arguments.out, arguments.resume)
    else:
        config, id_ = config_of(arguments), ""
    if not resumed and (cluster is None or cluster.is_chief):
        cli_split.keep(arguments.project, config.split_settings, progress_of(tr("photos measured")))
    metrics = _learned(config, id_, arguments)
    if metrics is None:
        return None, ""
    tell_skipped(metrics["skipped"])
    words = [_metrics_words(metrics), _unknown_words(metrics), *_probe_words(metrics["probe"])]
    return metrics, "\n".join(words)


def _unknown_words(metrics: dict[str, Any]) -> str:
    from landmark_gui.core.unknown import UnknownRule, unknown_sentence

    return unknown_sentence(UnknownRule.from_dict(metrics["unknown"]))


def _probe_words(probe: dict[str, Any] | None) -> list[str]:
    """What the probe found, a line each; why there is nothing stands on stderr already."""
    from landmark_gui.core import run_results

    if probe is None:
        return []
    result = run_results.ProbeResult.from_dict(probe)
    errors = [_label_error_words(error) for error in probe["label_errors"]]
    untold = len(errors) - LABEL_ERRORS_TOLD
    more = tr("… and {n} more; --json names them all.", n=untold) if untold > 0 else None
    sentences = [run_results.leak_sentence(result), run_results.label_errors_sentence(result)]
    return [*sentences, *errors[:LABEL_ERRORS_TOLD], *filter(None, [more])]


def _label_error_words(error: dict[str, Any]) -> str:
    return tr(
        "{path}: {given}, but likely {likely} ({confidence})",
        path=error["path"],
        given=error["given"],
        likely=error["likely"],
        confidence=f"{error['confidence']:.0%}",
    )


def config_of(arguments: argparse.Namespace) -> TrainConfig:
    """The training that the options describe."""
    from landmark_gui.core.runs import TrainConfig

    _fill_in(arguments)
    augmentation = _augmentation(arguments.augment)
    split = cli_split.asked(arguments)
    with refusing(arguments):
        return TrainConfig(
            project=str(arguments.project),
            out=str(arguments.out),
            weights=None if arguments.weights is None else str(arguments.weights),
            augmentation=augmentation,
            split=split.fractions.parts(),
            seed=split.seed,
            near_distance=split.near_distance,
            burst_seconds=split.burst_seconds,
            fresh=split.fresh,
            **cli_arguments.margin_of(arguments),
            **{name: getattr(arguments, name) for name in _TRAIN_OPTIONS},
        )


def _fill_in(arguments: argparse.Namespace) -> None:
    """What depends on the recipe alone, so that a script does the same on any machine."""
    from landmark_gui.core.backbones import backbone
    from landmark_gui.core.training_advice import usual_epochs, usual_size

    if arguments.epochs is None:
        arguments.epochs = usual_epochs(arguments.recipe)
    if arguments.image_size is None:
        known = backbone(arguments.backbone, arguments.alpha)
        arguments.image_size = usual_size(arguments.recipe, known)


_TRAIN_OPTIONS = (
    *("use", "shape", "edge", "recipe", "network", "backbone", "alpha", "activation", "dropout"),
    *("batch_normalization", "epochs", "image_size", "batch_size", "learning_rate", "optimizer"),
    *("weight_decay", "schedule", "warmup_epochs", "label_smoothing", "class_weights", "patience"),
    *("mixed_precision", "averaged_weights", "feature_cache", "probe"),
)


def _learned(
    config: TrainConfig, resume: str, arguments: argparse.Namespace
) -> dict[str, Any] | None:
    """The figures of the training; None of a machine that is not the chief."""
    from landmark_gui.training.train import train as learn  # TensorFlow: only once all is checked

    if arguments.strategy == "one":
        return learn(config, _Teller(), resume=resume)
    from landmark_gui.training.strategy import team_of

    team = team_of(arguments.strategy, _say, arguments.wait)
    atexit.register(_leave_at_once)
    metrics = learn(config, _Teller(), team=team)
    atexit.unregister(_leave_at_once)
    return metrics or None


def _leave_at_once() -> None:
    """After a failure. In order, TensorFlow would wait for machines that may wait for this one."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(1)


def _cluster(arguments: argparse.Namespace) -> Cluster | None:
    """The machines, looked up before anything is done; None if there is only this one."""
    from landmark_gui.core.cluster import read_cluster

    if arguments.strategy != "multiworker":
        return None
    return read_cluster(os.environ.get("TF_CONFIG"))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _augmentation(choice: str) -> dict[str, Any] | None:
    from landmark_gui.core.augmentation import AugmentationConfig

    if choice == "off":
        return None
    if choice == "on":
        return AugmentationConfig.log_preset().to_dict()
    return AugmentationConfig.load(Path(choice)).to_dict()


class _Teller:
    """Training events as lines for people, on stderr; a finding only when it is new."""

    def __init__(self) -> None:
        self._found: set[str] = set()

    def __call__(self, event: dict[str, Any]) -> None:
        if event["event"] != "diagnosis":
            _tell(event)
            return
        for finding in event["findings"]:
            if finding["kind"] not in self._found:
                print(_finding_words(finding), file=sys.stderr)
        self._found = {finding["kind"] for finding in event["findings"]}


def _finding_words(finding: dict[str, Any]) -> str:
    """A finding with its evidence and, as settings have them, its remedies."""
    said = " ".join(filter(None, [finding["text"], finding["evidence"]]))
    remedies = [remedy["text"] for remedy in finding["remedies"] if remedy["changes"]]
    if not remedies:
        return said
    return tr("{finding} Try: {remedies}.", finding=said, remedies=", ".join(remedies))


def _tell(event: dict[str, Any]) -> None:
    """A training event as a line for people, on stderr."""
    if event["event"] == "epoch" and not event.get("again"):
        line = tr(
            "epoch {epoch}/{epochs}: loss {loss}, accuracy {accuracy}, validation {val}",
            epoch=event["epoch"],
            epochs=event["epochs"],
            loss=_figure(event.get("loss")),
            accuracy=_figure(event.get("accuracy")),
            val=_figure(event.get("val_accuracy")),
        )
        print(line, file=sys.stderr)
    elif event == {"event": "state", "state": "probing"}:
        print(tr("The model is saved. Checking labels and splits…"), file=sys.stderr)
    else:
        tell_aside(event)


def tell_aside(event: dict[str, Any]) -> None:
    """What any long command tells besides: a download, and what there is to say."""
    if event["event"] == "downloading":
        _tell_download(event)
    elif event["event"] == "log":
        print(event["message"], file=sys.stderr)


def _tell_download(event: dict[str, Any]) -> None:
    """A line that replaces itself, where a person looks on."""
    if not sys.stderr.isatty() and event["done"] != event["total"]:
        return
    total = "?" if event["total"] is None else f"{event['total'] / 1e6:.1f}"
    line = tr(
        "{title}: {done} of {total} MB",
        title=event["title"],
        done=f"{event['done'] / 1e6:.1f}",
        total=total,
    )
    print(line, end="\n" if event["done"] == event["total"] else "\r", file=sys.stderr)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _metrics_words(metrics: dict[str, Any]) -> str:
    return tr(
        "Test accuracy {accuracy} on {examples} examples (chance is {chance}), macro F1 {f1}.",
        accuracy=_figure(metrics["accuracy"]),
        examples=sum(map(sum, metrics["confusion"])),
        chance=_figure(metrics["chance"]),
        f1=_figure(metrics["macro_f1"]),
    )
