"""The files of crops one after the other, in an order that does not depend on the threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.crops import naming
from landmark_gui.core.crops.cutting import Encoded, encode_all
from landmark_gui.core.crops.folder import CropReport
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.errors import Cancel, Cancelled, ImageError, Progress
from landmark_gui.core.parallel import in_order


@dataclass(frozen=True)
class CutFile:
    """A crop and what its file holds.

    Attributes:
        name: "SPLIT/LANDMARK/NAME.jpg".
    """

    name: str
    crop: Crop
    encoded: Encoded


def cut_files(
    crops: Sequence[Crop],
    settings: FileSettings,
    report: CropReport,
    progress: Progress,
    cancel: Cancel,
) -> Iterator[CutFile]:
    """Cut on all cores, photo by photo; what cannot be read is noted in the report.

    Raises:
        Cancelled: between two photos.
    """
    by_photo: dict[Path, list[tuple[str, Crop]]] = defaultdict(list)
    for name, crop in naming.targets(crops, settings).items():
        by_photo[crop.path].append((name, crop))

    def work(named: list[tuple[str, Crop]]) -> list[CutFile] | ImageError:
        if cancel():
            raise Cancelled
        try:
            cut = encode_all([crop for _, crop in named], settings)
        except ImageError as error:
            return error
        return [CutFile(*pair, encoded) for pair, encoded in zip(named, cut, strict=True)]

    done, total = 0, len(crops)
    progress(done, total)
    for photo, files in zip(by_photo, in_order(work, by_photo.values()), strict=True):
        if isinstance(files, ImageError):
            report.skipped.append((photo, files.reason))
        else:
            report.written += len(files)
            yield from files
        done += len(by_photo[photo])
        progress(done, total)
