"""One training from project file to model file: the worker and the command line share it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.errors import Cancel, TrainingError, never_cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder, is_same_file
from landmark_gui.core.run_results import MODEL, SPLIT
from landmark_gui.core.runs import RunFolder, TrainConfig
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluate import evaluate
from landmark_gui.training.after import not_probed, probed
from landmark_gui.training.batches import Batches
from landmark_gui.training.bundle_writer import (
    check_agreement,
    make_card,
    to_litert,
    versions,
    write_bundle,
)
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import (
    LabelledImages,
    Labels,
    LearningData,
    Probabilities,
    render_examples,
)
from landmark_gui.training.fitting import Fitted, fit, training_batches
from landmark_gui.training.recipes import built_model, phases_of
from landmark_gui.training.strategy import ALONE, Team

HIGHEST_THRESHOLD = 0.5
RIGHT_ANSWERS_KEPT = 0.95
AGREEMENT_IMAGES = 32


def train(
    config: TrainConfig, emit: Emit, cancelled: Cancel = never_cancelled, team: Team = ALONE
) -> dict[str, Any]:
    """Train a model and write it to `config.out`. The same config gives the same model.

    Args:
        config: what to learn from, and how.
        emit: receives the events of the worker protocol from "preparing" to "probing"; "done",
            "failed" and "cancelled" are left to the caller.
        cancelled: asked between photos, between batches and between folds.
        team: the devices or machines that do it. Only the chief writes files; the others have
            nothing to return.

    Returns:
        The figures of `inference.evaluate.evaluate` on the test split, and `model`, `recipe`,
        `epochs`, `best_epoch`, `history` (a list an epoch for each figure), `threshold`,
        `agreement` (largest difference between Keras and LiteRT), `skipped`, `seconds` and
        `probe` (`ProbeResult.to_dict()`, or None with the reason as `probe_reason`).

    Raises:
        LandmarkError: in words, if the data, the weights or the training is at fault.
        Cancelled: if the person asked to stop before the model was saved; nothing is then
            written. Later, it only ends the probe.
    """
    started = time.monotonic()
    if team.is_chief:
        _check_writable(Path(config.out), Path(config.project))
    keras.config.disable_interactive_logging()  # what Keras prints goes to its log, not to stdout
    keras.utils.set_random_seed(config.seed)
    cv2.setNumThreads(1)  # crops are rendered and varied on threads of our own

    _emit_state(emit, "preparing")
    examples = _examples(config, emit, cancelled)
    team.check_same((_settings(config), examples.classes, [*map(_seen, examples.crops)]))
    # Before the photos are read: a weights file that does not fit should be known at once.
    with team.scope():
        model = built_model(config, len(examples.classes), lambda text: _emit_log(emit, text))
    data = _prepare(examples, config, emit, cancelled)
    fitted = fit(model, phases_of(config), config, data, emit, cancelled, team)
    if not team.is_chief:
        return {}
    _emit_state(emit, "saving")
    bundle, metrics = _assess(config, examples, data, fitted, cancelled)
    metrics["seconds"] = time.monotonic() - started
    card = make_card(threshold=bundle.threshold, metrics=metrics, config=config.to_dict())
    write_bundle(replace(bundle, card=card), fitted.model)
    cut_short = not_probed(tr("It was stopped."))
    emit({"event": "saved", "model": config.out, "metrics": {**metrics, **cut_short}})
    run = _keep_run(config, metrics, examples, emit)
    return {**metrics, **probed(config, examples, fitted.model, run, emit, cancelled, data)}


def _settings(config: TrainConfig) -> dict[str, Any]:
    """All but where the files are."""
    places = ("project", "out", "weights")
    return {name: value for name, value in config.to_dict().items() if name not in places}


def _seen(crop: Crop) -> tuple[Any, ...]:
    """What a crop shows, wherever its photo lies."""
    return crop.photo_hash, crop.rect, crop.landmark, crop.split


def choose_threshold(probabilities: Probabilities, labels: Labels) -> float:
    """The confidence under which an answer counts as unknown.

    95 of 100 right answers on the validation photos are at least this confident; it is never
    above one half, where an answer is more likely right than wrong.

    Args:
        probabilities: shape (n, classes).
        labels: the n true class indices.

    Returns:
        0 to 0.5; 0.5 where no answer was right.
    """
    right = probabilities.argmax(axis=1) == labels
    if not right.any():
        return HIGHEST_THRESHOLD
    confidences = probabilities.max(axis=1)[right]
    return min(HIGHEST_THRESHOLD, float(np.quantile(confidences, 1 - RIGHT_ANSWERS_KEPT)))


def _examples(config: TrainConfig, emit: Emit, cancelled: Cancel) -> Examples:
    def progress(done: int, total: int) -> None:
        emit({"event": "preparing", "done": done, "total": total, "measuring": True})

    examples = load_project_examples(
        Path(config.project), config.crop_settings, config.split_settings, progress, cancelled
    )
    examples.check_distinguishable()
    return examples


def _prepare(
    examples: Examples, config: TrainConfig, emit: Emit, cancelled: Cancel
) -> LearningData:
    def progress(done: int, total: int) -> None:
        emit({"event": "preparing", "done": done, "total": total})

    def log(text: str) -> None:
        _emit_log(emit, text)

    data = render_examples(examples, config.image_size, log, progress, cancelled)
    emit(
        {
            "event": "dataset",
            "classes": list(data.classes),
            "counts": data.counts,
            "epochs": sum(phase.epochs for phase in phases_of(config)),
            "steps": len(training_batches(config, data)),
        }
    )
    return data


def _assess(
    config: TrainConfig,
    examples: Examples,
    data: LearningData,
    fitted: Fitted,
    cancelled: Cancel,
) -> tuple[Bundle, dict[str, Any]]:
    """The bundle, its card still without figures, and the figures: LiteRT's own."""
    judged = data.validation if len(data.validation) else data.train
    probabilities = _predict(fitted.model, judged, config.batch_size)
    threshold = choose_threshold(probabilities, judged.labels)
    card = make_card(threshold=threshold, metrics={}, config=config.to_dict())
    bundle = Bundle(Path(config.out), data.classes, card, to_litert(fitted.model))
    classifier = Classifier(bundle)
    compared = slice(AGREEMENT_IMAGES)
    agreement = check_agreement(probabilities[compared], classifier, judged.images[compared])
    metrics = {
        **evaluate(classifier, examples, cancel=cancelled),
        "model": config.out,
        "recipe": config.recipe,
        "epochs": config.epochs,
        "best_epoch": fitted.best_epoch,
        "history": fitted.history,
        "threshold": threshold,
        "agreement": agreement,
    }
    return bundle, metrics


def _predict(model: keras.Model, examples: LabelledImages, batch_size: int) -> Probabilities:
    with Batches(examples, batch_size) as batches:
        return np.asarray(model.predict(batches, verbose=0), np.float32)


def _keep_run(
    config: TrainConfig, metrics: Mapping[str, Any], examples: Examples, emit: Emit
) -> Path | None:
    """Record the run beside the project. The model is safe by then, so a failure is only told."""
    try:
        run = RunFolder(data_folder(Path(config.project)) / "runs")
        run.write("config.json", config.to_dict())
        run.write("environment.json", versions())
        run.write(SPLIT, {str(crop.photo_id): crop.split for crop in examples.crops})
        run.write("history.json", metrics["history"])
        run.write("metrics.json", metrics)
        (run.path / MODEL).write_bytes(Path(config.out).read_bytes())
        return run.finish()
    except OSError as error:
        _emit_log(emit, tr("The run was not recorded: {detail}", detail=error))
        return None


def _check_writable(out: Path, project: Path) -> None:
    """Refuse before the work what could not, or must not, be saved after it."""
    parents = (parent for parent in out.absolute().parents if parent.exists())
    folder = next(parents, None)  # None on a drive that is not there
    free = folder is not None and folder.is_dir() and os.access(folder, os.W_OK)
    if not free or out.is_dir() or is_same_file(out, project):
        raise TrainingError(
            tr("No model can be saved as {path}. Choose a file in a folder of yours.", path=out)
        )


def _emit_state(emit: Emit, state: str) -> None:
    emit({"event": "state", "state": state})


def _emit_log(emit: Emit, message: str) -> None:
    emit({"event": "log", "message": message})
