"""Crops as TFRecord files, one for each split, for `tf.data.TFRecordDataset`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.crops import naming
from landmark_gui.core.crops.folder import CropReport, said_of
from landmark_gui.core.crops.manifest import part_of
from landmark_gui.core.crops.naming import LABELS, label_text
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.records import Value, example, record
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.crops.stream import CutFile, cut_files
from landmark_gui.core.errors import Cancel, DatasetError, Progress, never_cancelled, no_progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS

OURS = "crops-tfrecord.json"
_FILES = (*(f"{split}.tfrecord" for split in SPLITS), LABELS)


def export_tfrecord(
    crops: Iterable[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> CropReport:
    """Write `SPLIT.tfrecord` for each split, perhaps empty, and `labels.txt` into the folder `out`.

    A label is the number of a line of `labels.txt`, from 0, in alphabetical order.

    Raises:
        Cancelled: what was there stays as it was.
        DatasetError: if `out` cannot be written, one of the files is not from an earlier export,
            or the pattern of names cannot be obeyed.
    """
    planned = list(crops)
    naming.parsed(settings.pattern)
    with said_of(out):
        _refuse_others(out)
        out.mkdir(parents=True, exist_ok=True)
        try:
            report = _write_parts(planned, settings, out, progress, cancel)
            write_atomic(out / OURS, json.dumps({"version": 1, "files": sorted(_FILES)}))
            for name in _FILES:
                part_of(out / name).replace(out / name)
        finally:
            for name in _FILES:
                with suppress(OSError):
                    part_of(out / name).unlink()
    return report


def _write_parts(
    crops: Sequence[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress,
    cancel: Cancel,
) -> CropReport:
    report = CropReport()
    names = sorted({crop.landmark for crop in crops})
    labels = {name: number for number, name in enumerate(names)}
    with ExitStack() as open_files:
        files = {
            split: open_files.enter_context(part_of(out / f"{split}.tfrecord").open("wb"))
            for split in SPLITS
        }
        for cut in cut_files(crops, settings, report, progress, cancel):
            files[cut.crop.split].write(record(example(_features(cut, labels))))
    part_of(out / LABELS).write_bytes(label_text(names).encode())
    return report


def _features(cut: CutFile, labels: Mapping[str, int]) -> dict[str, Value]:
    crop, rect = cut.crop, naming.shown_rect(cut.crop)
    width, height = cut.encoded.size
    return {
        "image/encoded": cut.encoded.content,
        "image/format": naming.form_of(cut.name),
        "image/width": width,
        "image/height": height,
        "image/class/label": labels[crop.landmark],
        "image/class/text": crop.landmark,
        "image/filename": cut.name,
        "image/source": crop.source or crop.path.name,
        "image/source/hash": crop.photo_hash,
        "image/source/box": crop.box_id or "",
        "image/source/rect": [rect.x, rect.y, rect.w, rect.h],
    }


def _refuse_others(out: Path) -> None:
    """Raises DatasetError if a file that no export of ours wrote would be replaced."""
    try:
        known = set(json.loads((out / OURS).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        known = set()  # then every file that stands there is another's, which is the safe way
    for name in _FILES:
        if (out / name).exists() and name not in known:
            raise DatasetError(
                tr(
                    "{path} is not from an earlier export. Move it away, or choose another folder.",
                    path=out / name,
                )
            )
