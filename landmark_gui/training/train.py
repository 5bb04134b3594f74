"""One training from project file to model file: the worker and the command line share it."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import keras

from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.diagnosis import Watch
from landmark_gui.core.errors import Cancel, TrainingError, never_cancelled
from landmark_gui.core.example_hash import examples_hash
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_same_file
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.windows import shapes_of
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluation import answered, figures
from landmark_gui.training.after import not_probed, probed
from landmark_gui.training.bundle_writer import make_card, write_bundle
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import LearningData, render_examples
from landmark_gui.training.finishing import finished
from landmark_gui.training.fitting import Fitted, fit, training_batches
from landmark_gui.training.keeping import KeptRun, kept_run
from landmark_gui.training.recipes import built_model, exported_model, phases_of
from landmark_gui.training.strangers import background, whole_photos
from landmark_gui.training.strategy import ALONE, Team
from landmark_gui.training.weights import fetch


def train(
    config: TrainConfig,
    emit: Emit,
    cancelled: Cancel = never_cancelled,
    resume: str = "",
    team: Team = ALONE,
) -> dict[str, Any]:
    """Train a model and write it to `config.out`. The same config gives the same model.

    The training is kept as a run beside the project, with its epochs, so that it can go on.

    Args:
        config: what to learn from, and how.
        emit: receives the events of the worker protocol from "preparing" to "probing"; "done",
            "failed" and "cancelled" are left to the caller.
        cancelled: asked between photos, between batches and between folds.
        resume: the id of an unfinished run of the project to go on with; the config is its own.
        team: the devices or machines that do it. Only the chief writes files; the others have
            nothing to return.

    Returns:
        The figures of `inference.evaluation.figures` on the test split, and `model`, `recipe`,
        `epochs`, `best_epoch`, `history` (a list an epoch for each figure), `threshold`,
        `calibration` (`Calibration.to_dict()`; None without validation photos), `unknown`
        (`UnknownRule.to_dict()`),
        `agreement` (largest difference between Keras and LiteRT), `skipped`, `seconds`, `run`
        (its id, "" if it was not kept), `diagnosis` (the findings, as the event has them) and
        `probe` (`ProbeResult.to_dict()`, or None with the reason as `probe_reason`).

    Raises:
        LandmarkError: in words, if the data, the weights or the training is at fault, if a disk
            is full, or if the run cannot be gone on with.
        Cancelled: if the person asked to stop before the model was saved; nothing is then
            written. Later, it only ends the probe.
    """
    if team.is_chief:
        _check_writable(Path(config.out), Path(config.project))
    emit = watch = Watch(config, emit)
    keras.config.disable_interactive_logging()  # what Keras prints goes to its log, not to stdout
    keras.utils.set_random_seed(config.seed)
    cv2.setNumThreads(1)  # crops are rendered and varied on threads of our own

    with _run_of(config, resume, emit, team) as run:
        _emit_state(run.emit, "preparing")
        examples = _examples(config, run, cancelled)
        team.check_same(lambda: (_settings(config), examples_hash(examples)))
        # Before the photos are read: a weights file that does not fit should be known at once.
        fetch(config, run.emit, cancelled)
        with team.scope():
            model = built_model(config, len(examples.classes), partial(_emit_log, run.emit))
        if team.is_chief:
            run.check_room(model, Path(config.out))
        data = _prepare(examples, config, run.emit, cancelled)
        team.check_same(lambda: _read(data))  # a photo may be damaged on one machine alone
        run.begin(config, examples, data)
        fitted = fit(model, phases_of(config), config, data, run.emit, cancelled, run, team)
        if not team.is_chief:
            return {}
        fitted = replace(fitted, model=exported_model(fitted.model, config))
        _emit_state(run.emit, "saving")
        metrics, kept = _saved(config, examples, data, fitted, run, watch, cancelled)
    found = probed(config, examples, fitted.model, kept, emit, cancelled, data)
    return {**metrics, **found, "diagnosis": watch.conclude(found["probe"])}


def _run_of(
    config: TrainConfig, resume: str, emit: Emit, team: Team
) -> AbstractContextManager[KeptRun]:
    """The run, which the chief alone keeps."""
    return kept_run(config, resume, emit) if team.is_chief else nullcontext(KeptRun(None, emit, {}))


def _settings(config: TrainConfig) -> dict[str, Any]:
    """All but where the files are."""
    places = ("project", "out", "weights")
    return {name: value for name, value in config.to_dict().items() if name not in places}


def _read(data: LearningData) -> list[tuple[int, str | None]]:
    """The examples that could be read."""
    crops = (*data.train.crops, *data.validation.crops)
    return [(crop.photo_id, crop.box_id) for crop in crops]


def _examples(config: TrainConfig, run: KeptRun, cancelled: Cancel) -> Examples:
    def progress(done: int, total: int) -> None:
        run.emit({"event": "preparing", "done": done, "total": total, "measuring": True})

    examples = load_project_examples(
        Path(config.project),
        config.crop_settings,
        config.split_settings,
        progress,
        cancelled,
        run.stood,
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

    data = render_examples(
        examples,
        config.image_size,
        log,
        progress,
        cancelled,
        whole_photos(examples, config.seed),
        background(examples, config.seed),
    )
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


def _saved(
    config: TrainConfig,
    examples: Examples,
    data: LearningData,
    fitted: Fitted,
    run: KeptRun,
    watch: Watch,
    cancelled: Cancel,
) -> tuple[dict[str, Any], Path | None]:
    """Write the model and complete its run; the figures, and the folder if the run was kept."""
    bundle, agreement = finished(config, data, fitted, cancelled)
    classifier = Classifier(bundle)
    answers, skipped = answered(classifier, examples, cancel=cancelled)
    metrics = {
        **figures(classifier, examples, "test", answers, skipped),
        "model": config.out,
        "recipe": config.recipe,
        "epochs": config.epochs,
        "best_epoch": fitted.best_epoch,
        "history": fitted.history,
        "threshold": bundle.threshold,
        "agreement": agreement,
        "diagnosis": watch.to_list(),
        "seconds": run.seconds,
    }
    told = {name: bundle.card[name] for name in ("calibration", "unknown") if name in bundle.card}
    card = make_card(
        threshold=bundle.threshold,
        metrics=metrics,
        config=config.to_dict(),
        shapes=shapes_of(data.train.crops, config.crop_settings),
        more=told,
    )
    write_bundle(replace(bundle, card=card), fitted.model)
    metrics |= {"calibration": None, **told, "run": run.id}
    cut_short = not_probed(tr("It was stopped."))
    run.emit({"event": "saved", "model": config.out, "metrics": {**metrics, **cut_short}})
    return metrics, run.finish(metrics, answers, Path(config.out))


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
