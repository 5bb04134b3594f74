"""The model file: a zip of both forms of the network, its class names and its card.

`NAME.landmark-model` holds `model.keras`, `model.tflite`, `labels.json` and `card.json`. The
card says how a photo becomes an input, when an answer counts as unknown, how good the model is,
and the SHA-256 of the other members. A file from a stranger is not trusted: members are read by
their known names into memory, within limits, and nothing is unpacked to disk.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.core.archives import DAMAGE, ArchiveRefused, check_members, chunks, content
from landmark_gui.core.card_values import number
from landmark_gui.core.crops.settings import CropSettings
from landmark_gui.core.edits import is_seen
from landmark_gui.core.errors import BundleError, LandmarkError
from landmark_gui.core.i18n import tr
from landmark_gui.core.unknown import UnknownRule

if TYPE_CHECKING:  # NumPy: the window starts without it
    from landmark_gui.core.calibration import Calibration

FORMAT_VERSION = 1
KERAS_MODEL, LITERT_MODEL, LABELS, CARD = "model.keras", "model.tflite", "labels.json", "card.json"
CHECKED = (KERAS_MODEL, LITERT_MODEL, LABELS)
"""The members whose checksums the card holds."""

MAX_MEMBERS = 16
MAX_JSON_BYTES = 16 * 2**20
MAX_MODEL_BYTES = 2**30
MAX_LABELS = 10_000
MAX_LABEL_LENGTH = 1000
MAX_SHAPES, SMALLEST_SIDE = 1_000, 0.01


@dataclass(frozen=True)
class Bundle:
    """A model file that was read and found whole.

    Attributes:
        path: where it was read from.
        labels: class names in the order of the network's outputs.
        card: the whole card, as written by the training.
        litert: the LiteRT model.
    """

    path: Path
    labels: tuple[str, ...]
    card: Mapping[str, Any]
    litert: bytes

    @property
    def size(self) -> int:
        """Side of the square input in pixels."""
        return int(self.card["preprocessing"]["size"])

    @property
    def rule(self) -> UnknownRule:
        """When an answer counts as unknown; by the confidence alone where the card says no more."""
        return _rule(self.card)

    @property
    def threshold(self) -> float:
        """Score, 0 to 1, under which an answer counts as unknown."""
        return self.rule.threshold

    @property
    def calibration(self) -> Calibration | None:
        """How the probabilities were calibrated; None of models that were not."""
        from landmark_gui.core.calibration import Calibration

        told = self.card.get("calibration")
        return None if told is None else Calibration.from_dict(told)

    @property
    def crop_settings(self) -> CropSettings:
        """How the training cut what was in a box; just the box where the card does not say."""
        from landmark_gui.core.runs import TrainConfig

        try:
            told = dict(self.card["training"])
            return TrainConfig.from_dict({**told, "project": "", "out": ""}).crop_settings
        except (KeyError, TypeError, ValueError, LandmarkError):
            return CropSettings()

    @property
    def shapes(self) -> tuple[tuple[float, float], ...]:
        """Width and height, in shares of their photo, of boxes that it learned from; or none."""
        return _shapes(self.card)

    @property
    def learned_from_crops(self) -> bool:
        """Whether the training saw crops; whole photos are then harder for it."""
        training = self.card.get("training")
        return isinstance(training, Mapping) and training.get("use") == "crops"


def read_bundle(path: Path) -> Bundle:
    """Read a model file and verify all of it.

    Raises:
        BundleError: naming the file and the reason, if it is missing, not a zip, cut off, lacks
            a member, differs from its checksums, or comes from a newer version.
    """
    with _opened(path) as archive:
        card = _card(archive, path)
        _verify(archive, card, path)
        labels = _labels(archive, path)
        litert = content(archive, LITERT_MODEL, MAX_MODEL_BYTES)
    return Bundle(path, labels, card, litert)


def read_keras_form(bundle: Bundle) -> bytes:
    """The Keras form of a model file that was read, which only the training's side needs.

    Raises:
        BundleError: if the file is no longer what was read.
    """
    with _opened(bundle.path) as archive:
        model = content(archive, KERAS_MODEL, MAX_MODEL_BYTES)
    _check_sum([model], KERAS_MODEL, bundle.card, bundle.path)
    return model


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive, MAX_MEMBERS)
            yield archive
    except ArchiveRefused as error:
        raise refusal(path, str(error)) from error
    except FileNotFoundError as error:
        raise refusal(path, tr("there is no such file")) from error
    except zipfile.BadZipFile as error:
        reason = tr("it is not a model file, or it was cut off while being copied")
        raise refusal(path, reason) from error
    except DAMAGE as error:
        raise refusal(path, tr("it could not be read ({detail})", detail=error)) from error


def _json(archive: zipfile.ZipFile, name: str, path: Path) -> Any:
    try:
        return json.loads(content(archive, name, MAX_JSON_BYTES))
    except (ValueError, RecursionError) as error:
        raise refusal(path, tr("{member} in it is damaged", member=name)) from error


def _card(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    card = _json(archive, CARD, path)
    version = card.get("format_version") if isinstance(card, dict) else None
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise refusal(path, tr("it was made by a newer version; update Landmark GUI"))
    if version != FORMAT_VERSION or not _is_usable(card):
        raise refusal(path, tr("{member} in it is damaged", member=CARD))
    return dict(card)


def _is_usable(card: Mapping[str, Any]) -> bool:
    from landmark_gui.core.calibration import Calibration

    try:
        size, threshold = card["preprocessing"]["size"], float(card["threshold"])
        sums = card["sha256"]
        _shapes(card)
        return (
            isinstance(size, int)
            and 1 <= size <= 4096
            and 0 <= threshold <= 1
            and all(isinstance(sums[name], str) for name in CHECKED)
            and _rule(card).threshold == threshold
            and ("calibration" not in card or bool(Calibration.from_dict(card["calibration"])))
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return False


def _rule(card: Mapping[str, Any]) -> UnknownRule:
    if "unknown" in card:
        return UnknownRule.from_dict(card["unknown"])
    return UnknownRule(threshold=float(card["threshold"]))


def _shapes(card: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    told = card.get("shapes", ())
    if len(told) > MAX_SHAPES:
        raise ValueError(len(told))
    return tuple((number(w, SMALLEST_SIDE, 1), number(h, SMALLEST_SIDE, 1)) for w, h in told)


def _verify(archive: zipfile.ZipFile, card: Mapping[str, Any], path: Path) -> None:
    for name in CHECKED:
        _check_sum(chunks(archive, name, MAX_MODEL_BYTES), name, card, path)


def _check_sum(parts: Iterable[bytes], name: str, card: Mapping[str, Any], path: Path) -> None:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    if digest.hexdigest() != card["sha256"][name]:
        raise refusal(path, tr("{member} in it differs from what was written", member=name))


def _labels(archive: zipfile.ZipFile, path: Path) -> tuple[str, ...]:
    labels = _json(archive, LABELS, path)
    plain = isinstance(labels, list) and all(map(_is_label, labels))
    if not plain or not 2 <= len(labels) <= MAX_LABELS or len(set(labels)) != len(labels):
        raise refusal(path, tr("{member} in it is damaged", member=LABELS))
    return tuple(labels)


def _is_label(label: object) -> bool:
    named = isinstance(label, str) and 0 < len(label) <= MAX_LABEL_LENGTH
    return named and is_seen(str(label))


def refusal(path: Path, reason: str) -> BundleError:
    """Says that a model file cannot be used, and why."""
    return BundleError(tr("{path} cannot be used: {reason}.", path=path, reason=reason))
