"""After a training: the probe, with the model already safe whatever becomes of it."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import keras

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import Cancel, Cancelled, DatasetError, LandmarkError, Progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_folder import PROBE
from landmark_gui.core.run_results import ProbeResult, not_measured_sentence
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import LearningData
from landmark_gui.training.features import crop_features, feature_model
from landmark_gui.training.probe import examined, probe
from landmark_gui.training.recipes import transfer
from landmark_gui.training.weights import at_hand

SMALLEST_SIDE = 160
"""Of a backbone's input where the network itself has a smaller one, in pixels."""


def probed(
    config: TrainConfig,
    examples: Examples,
    model: keras.Model,
    run: Path | None,
    emit: Emit,
    cancelled: Cancel,
    data: LearningData | None = None,
) -> dict[str, Any]:
    """Probe the examples of a training, and keep the result in its run.

    Nothing that goes wrong here is an error of the training: it is told in the log.

    Args:
        model: the trained model; of "transfer" its backbone is used.
        run: folder of the run, if it was recorded.
        data: what the training has rendered, which is then not read once more.

    Returns:
        `probe`: `ProbeResult.to_dict()`, or None with the reason as `probe_reason`.
    """
    try:
        if not config.probe:
            return not_probed(tr("It was not asked for."))
        result = _result(config, examples, model, emit, cancelled, data)
        _keep(run, result, emit)
        return {"probe": result.to_dict()}
    except (Cancelled, KeyboardInterrupt):
        reason = tr("It was stopped.")
    except LandmarkError as error:
        reason = str(error)
    except MemoryError:
        reason = tr("Memory ran out.")
    except Exception as error:
        traceback.print_exc()  # the worker's stderr is its log
        reason = f"{type(error).__name__}: {error}"
    _log(emit, not_measured_sentence(reason))
    return not_probed(reason)


def not_probed(reason: str) -> dict[str, Any]:
    """The entry of a probe that gave no result."""
    return {"probe": None, "probe_reason": reason}


def _result(
    config: TrainConfig,
    examples: Examples,
    model: keras.Model,
    emit: Emit,
    cancelled: Cancel,
    data: LearningData | None,
) -> ProbeResult:
    emit({"event": "state", "state": "probing"})
    extractor, name = _extractor(config, model, emit)
    at_hand = data.at_hand(extractor.input_shape[1]) if data else {}
    told = _told(emit, "features")
    features, crops = crop_features(extractor, examples.crops, told, cancelled, at_hand)
    rows = examined(features, crops, examples.classes, examples.group_of)
    return probe(rows, name, config.seed, _told(emit, "folds"), cancelled)


def _extractor(config: TrainConfig, model: keras.Model, emit: Emit) -> tuple[keras.Model, str]:
    """What turns pixels into features, and its name."""
    if config.recipe == "transfer":
        return feature_model(model), _name(model)
    size = max(config.image_size, SMALLEST_SIDE)  # a backbone that was tuned has seen the labels
    found = at_hand(config, size, lambda text: _log(emit, text))
    if found is None:
        raise DatasetError(
            tr(
                "It needs the weights of a trained network, which the recipe “scratch” does not "
                "download. Choose a weights file, or train once with “transfer”."
            )
        )
    built = transfer.network(*found, size, classes=1, dropout=0.0)
    return feature_model(built), _name(built)


def _name(model: keras.Model) -> str:
    backbone = next(layer for layer in model.layers if isinstance(layer, keras.Model))
    return f"{backbone.name}, {model.input_shape[1]} pixels"


def _told(emit: Emit, part: str) -> Progress:
    def told(done: int, total: int) -> None:
        emit({"event": "probing", "part": part, "done": done, "total": total})

    return told


def _keep(run: Path | None, result: ProbeResult, emit: Emit) -> None:
    if run is None:
        return
    try:
        write_atomic(run / PROBE, json.dumps(result.to_dict(), ensure_ascii=False, indent=1))
    except OSError as error:
        _log(emit, tr("The run was not recorded: {detail}", detail=error))


def _log(emit: Emit, message: str) -> None:
    emit({"event": "log", "message": message})
