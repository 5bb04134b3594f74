"""Crops as Hugging Face's `datasets.load_dataset("imagefolder", data_dir=…)` reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from landmark_gui.core.crops.folder import CropReport, export
from landmark_gui.core.crops.manifest import Entry
from landmark_gui.core.crops.naming import LABELS, label_text
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.errors import Cancel, Progress, never_cancelled, no_progress

LIST = "metadata.jsonl"


def export_imagefolder(
    crops: Iterable[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> CropReport:
    """As `export`, with `SPLIT/metadata.jsonl` for each split that has crops, and `labels.txt`.

    `datasets` takes no labels from folders where there is a list, and numbers those of a list anew
    for each split. So the lists hold numbers, which are the lines of `labels.txt`, from 0, in
    alphabetical order.
    """
    planned = list(crops)
    names = sorted({crop.landmark for crop in planned})
    return export(planned, settings, out, progress, cancel, lambda files: _lists(files, names))


def _lists(files: Mapping[str, Entry], names: Sequence[str]) -> dict[str, str]:
    labels = {name: number for number, name in enumerate(names)}
    lists: dict[str, str] = {LABELS: label_text(names)} if names else {}
    for name in sorted(files):
        entry = files[name]
        split, _, inside = name.partition("/")
        line = {
            "file_name": inside,
            "label": labels[entry.landmark],
            "landmark": entry.landmark,
            "photo": entry.photo,
            "box": entry.box or "",
            "rect": list(entry.rect),
        }
        path = f"{split}/{LIST}"
        lists[path] = lists.get(path, "") + json.dumps(line, ensure_ascii=False) + "\n"
    return lists
