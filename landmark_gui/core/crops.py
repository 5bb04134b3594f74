"""Crops as derived data: first a plan, which is pure, then the files that the plan asks for.

A crop's file name carries its photo, its box and a hash of everything that shapes its pixels,
so a second run writes nothing, and what the plan no longer names is stale.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from landmark_gui.core import images
from landmark_gui.core.atomic import replacing, write_atomic
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    DatasetError,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside, safe_name, under
from landmark_gui.core.project import SPLITS, Photo, Project, Split

if TYPE_CHECKING:
    from PIL.Image import Image

    from landmark_gui.core.images import Pixels

Use = Literal["crops", "photos"]
MarginUnit = Literal["fraction", "pixels"]
Shape = Literal["free", "square"]
Edge = Literal["clamp", "pad"]
Resampling = Literal["area", "bicubic", "lanczos"]
FileForm = Literal["jpeg", "png"]
MANIFEST = "crops.json"
JPEG_QUALITY = 95
MAX_MARGIN = 4096
NAME_FIELDS = ("photo", "box", "landmark", "split", "number", "hash")
"""What a pattern of file names may hold in braces."""
PATTERN = "{photo}-{box}-{hash}"


@dataclass(frozen=True)
class CropSettings:
    """Which part of a photo becomes an example: for files, training and evaluation alike.

    Attributes:
        use: "crops" cuts each box (a photo without boxes counts whole if its landmark is
            known); "photos" takes each photo whole, once for each landmark on it.
        margin: added on each side of the box: a fraction of its width and height, 0 to 1, or
            pixels of the photo, 0 to 4096.
        margin_unit: "fraction" or "pixels".
        shape: "free" keeps the box's own shape, "square" lengthens its shorter sides.
        edge: what happens where a crop would leave its photo. "clamp" moves and cuts it so that
            it stays inside; "pad" fills what is outside.

    Raises:
        DatasetError: if `margin` is out of its range.
    """

    use: Use = "crops"
    margin: float = 0.0
    margin_unit: MarginUnit = "fraction"
    shape: Shape = "free"
    edge: Edge = "clamp"

    def __post_init__(self) -> None:
        if self.margin_unit == "fraction" and not 0 <= self.margin <= 1:
            raise DatasetError(tr("The margin must be from 0 to 1 of the box's sides."))
        if not 0 <= self.margin <= MAX_MARGIN:
            raise DatasetError(
                tr("The margin must be from 0 to {highest} pixels.", highest=MAX_MARGIN)
            )

    def rect(self, box: Rect, width: int, height: int) -> Rect:
        """The part of a photo of `width` × `height` pixels that a box becomes."""
        if self.margin_unit == "fraction":
            grown = box.expanded(self.margin)
        else:
            grown = Rect(
                box.x - self.margin,
                box.y - self.margin,
                box.w + 2 * self.margin,
                box.h + 2 * self.margin,
            )
        if self.shape == "square":
            side = max(grown.w, grown.h)
            if self.edge == "clamp":
                side = min(side, width, height)
            x, y = grown.center
            grown = Rect(x - side / 2, y - side / 2, side, side)
            if self.edge == "clamp":
                grown = grown.within(width, height)
        return grown if self.edge == "pad" else grown.clamped(width, height)


@dataclass(frozen=True)
class FileSettings:
    """How crops become files.

    Attributes:
        size: longest side in pixels; smaller crops are not enlarged. None keeps the photo's own
            resolution.
        resampling: "area" averages, as a network's input is made; the others are sharper.
        form: "jpeg" or "png".
        quality: of JPEG, 1 to 100.
        pattern: of the file names; see `NAME_FIELDS`.

    Raises:
        DatasetError: if a value is out of its range.
    """

    size: int | None = None
    resampling: Resampling = "area"
    form: FileForm = "jpeg"
    quality: int = JPEG_QUALITY
    pattern: str = PATTERN

    def __post_init__(self) -> None:
        if self.size is not None and self.size < 1:
            raise DatasetError(tr("The size of a crop must be 1 pixel or more."))
        if not 1 <= self.quality <= 100:
            raise DatasetError(tr("The quality of JPEG must be from 1 to 100."))


@dataclass(frozen=True)
class Crop:
    """One example: a rectangle of a photo, or all of it if `rect` is None.

    Attributes:
        photo_hash: of the content; of a large file that was not read yet, its size and date.
        photo_size: (width, height) in oriented pixels, the scale in which `rect` is meant.
    """

    photo_id: int
    box_id: str | None
    path: Path
    photo_hash: str
    photo_size: tuple[int, int]
    rect: Rect | None
    landmark: str
    split: Split


@dataclass
class CropReport:
    """What `export` did. `skipped` holds (photo, reason)."""

    written: int = 0
    kept: int = 0
    removed: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)


def plan(
    project: Project,
    photos_dir: Path,
    settings: CropSettings,
    splits: Mapping[int, Split],
) -> list[Crop]:
    """The examples of a project, photo by photo. Pure: reads no file.

    Photos without a split go to "train"; unreadable photos, skipped ones and excluded boxes give
    no example.
    """
    return [
        crop
        for photo in project.ordered_photos()
        if photo.state == "ok" and photo.review != "skipped" and is_inside(photo.path)
        for crop in _examples(project, photo, photos_dir, settings, splits.get(photo.id, "train"))
    ]


def _examples(
    project: Project,
    photo: Photo,
    photos_dir: Path,
    settings: CropSettings,
    split: Split,
) -> Iterator[Crop]:
    path = under(photos_dir, photo.path)
    content = photo.hash or f"{photo.size}-{photo.modified}"  # a large file may not be read yet

    def crop(landmark_id: int, rect: Rect | None = None, box_id: str | None = None) -> Crop:
        name = project.landmarks[landmark_id].name
        size = (photo.width, photo.height)
        return Crop(photo.id, box_id, path, content, size, rect, name, split)

    boxes = project.boxes_of(photo.id)
    if settings.use == "crops" and boxes:
        for box in boxes:
            rect = settings.rect(box.rect, photo.width, photo.height)
            if rect.w >= 1 and rect.h >= 1 and not box.excluded:
                yield crop(box.landmark_id, rect, box.id)
        return
    own = [] if photo.landmark_id is None else [photo.landmark_id]
    shown = [box.landmark_id for box in boxes if not box.excluded]
    for landmark_id in dict.fromkeys(shown if boxes else own):
        yield crop(landmark_id)


def render(crop: Crop, size: int) -> Pixels:
    """The network's input for one crop: what training and evaluation see.

    Args:
        size: side of the square input in pixels.

    Returns:
        uint8, shape (size, size, 3).

    Raises:
        ImageError: if the photo cannot be read.
    """
    shorter = min(_sides(crop))
    return _to_input(_cut(_decode(crop, 2 * size / shorter), crop), size)


def render_photo(path: Path, size: int) -> Pixels:
    """As `render` for a photo outside any project, taken whole: what the viewer classifies."""
    header = images.header(path)
    whole = Crop(-1, None, path, "", (header.width, header.height), None, "", "test")
    return render(whole, size)


def export(
    crops: Iterable[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> CropReport:
    """Make the folder `out` hold the planned crops as `SPLIT/LANDMARK/NAME.jpg`.

    Removes crops of an earlier run that are no longer planned, keeps what is there, and writes
    what is missing. A file that no manifest of ours names is never touched.

    Raises:
        Cancelled: between two photos; what was written stays and is kept by the next run.
        DatasetError: if `out` cannot be written.
    """
    targets = _targets(list(crops), settings)
    manifest = out / MANIFEST
    try:
        stale = _read_manifest(manifest) - targets.keys()
        # Removed first: where case does not count, Dome/1.jpg may stand in the way of dome/1.jpg.
        report = CropReport(removed=_remove_stale(out, stale))
        # Named before they are written, so that a run cut short leaves no file without an owner.
        write_atomic(manifest, _manifest_text(targets))
        missing = {name: crop for name, crop in targets.items() if not (out / name).is_file()}
        report.kept = len(targets) - len(missing)
        _write_missing(missing, settings, out, report, progress, cancel)
    except OSError as error:
        raise DatasetError(
            tr(
                "The crops could not be written to {out}: {detail}",
                out=out,
                detail=error,
            )
        ) from error
    return report


def _write_missing(
    missing: Mapping[str, Crop],
    settings: FileSettings,
    out: Path,
    report: CropReport,
    progress: Progress,
    cancel: Cancel,
) -> None:
    by_photo: dict[Path, dict[str, Crop]] = defaultdict(dict)
    for name, crop in missing.items():
        by_photo[crop.path][name] = crop
    done = 0
    progress(0, len(missing))

    def write(photo: Path) -> ImageError | int:
        if cancel():
            raise Cancelled
        return _write_photo(by_photo[photo], settings.size, out)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for photo, outcome in zip(by_photo, pool.map(write, by_photo), strict=True):
            if isinstance(outcome, ImageError):
                report.skipped.append((photo, outcome.reason))
            else:
                report.written += outcome
            done += len(by_photo[photo])
            progress(done, len(missing))


def _write_photo(crops: Mapping[str, Crop], size: int | None, out: Path) -> ImageError | int:
    """Decode a photo once for all its crops. A photo that cannot be read is an outcome."""
    first = next(iter(crops.values()))
    scale = 1.0 if size is None else max(2 * size / max(_sides(crop)) for crop in crops.values())
    try:
        photo = _decode(first, scale)
    except ImageError as error:
        return error
    for name, crop in crops.items():
        with replacing(out / name) as temporary:
            _fitted(_cut(photo, crop), size).save(temporary, "JPEG", quality=JPEG_QUALITY)
    return len(crops)


def _sides(crop: Crop) -> tuple[float, float]:
    return crop.photo_size if crop.rect is None else (crop.rect.w, crop.rect.h)


def _decode(crop: Crop, scale: float) -> Image:
    """The photo at `scale` of its size or larger, whatever is cheap to decode."""
    if scale >= 1:
        return images.decode(crop.path)
    return images.decode(crop.path, math.ceil(scale * max(crop.photo_size)))


def _cut(photo: Image, crop: Crop) -> Image:
    """The crop's pixels from its photo, which may have been decoded at a smaller scale."""
    if crop.rect is None:
        return photo
    across = photo.width / crop.photo_size[0]
    down = photo.height / crop.photo_size[1]
    left = min(round(crop.rect.x * across), photo.width - 1)
    top = min(round(crop.rect.y * down), photo.height - 1)
    right = max(round(crop.rect.right * across), left + 1)
    bottom = max(round(crop.rect.bottom * down), top + 1)
    return photo.crop((left, top, min(right, photo.width), min(bottom, photo.height)))


def _fitted(picture: Image, size: int | None) -> Image:
    if size is None or max(picture.size) <= size:
        return picture
    scale = size / max(picture.size)
    fitted = (
        max(1, round(picture.width * scale)),
        max(1, round(picture.height * scale)),
    )
    return picture.resize(fitted, resample=3)  # bicubic, widened to average when shrinking


def _to_input(picture: Image, size: int) -> Pixels:
    import numpy as np

    from landmark_gui.core.preprocess import to_input

    return to_input(np.asarray(picture), size)


def _targets(crops: list[Crop], settings: FileSettings) -> dict[str, Crop]:
    """The relative POSIX path of each crop's file."""
    folders = _class_folders(crop.landmark for crop in crops)
    return {
        f"{crop.split}/{folders[crop.landmark]}/{_file_name(crop, settings)}": crop
        for crop in crops
    }


def _class_folders(landmarks: Iterable[str]) -> dict[str, str]:
    """A folder name for each landmark; names that would share one get a number."""
    folders: dict[str, str] = {}
    taken: set[str] = set()
    for landmark in sorted(set(landmarks)):
        name = safe_name(landmark)
        number = 2
        while name.casefold() in taken:
            name, number = f"{safe_name(landmark)} ({number})", number + 1
        taken.add(name.casefold())
        folders[landmark] = name
    return folders


def _file_name(crop: Crop, settings: FileSettings) -> str:
    shape = repr((crop.photo_hash, crop.rect, settings.size, JPEG_QUALITY))
    digest = hashlib.blake2b(shape.encode(), digest_size=5).hexdigest()
    origin = f"{crop.photo_id}-{(crop.box_id or 'photo')[:8]}"
    return f"{safe_name(crop.path.stem)[:40]}-{origin}-{digest}.jpg"


def _read_manifest(manifest: Path) -> set[str]:
    """The files of an earlier run. Only names inside the folder are believed."""
    if not manifest.is_file():
        return set()
    try:
        names = json.loads(manifest.read_text("utf-8"))["files"]
        return {name for name in names if is_inside(name)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            tr(
                "{path} is damaged. Delete the folder it lies in, or choose another.",
                path=manifest,
            )
        ) from error


def _manifest_text(names: Iterable[str]) -> str:
    return json.dumps({"version": 1, "files": sorted(names)}, ensure_ascii=False, indent=1)


def _remove_stale(out: Path, names: Iterable[str]) -> int:
    removed = 0
    for name in names:
        path = out / name
        if path.is_file():
            path.unlink()
            removed += 1
        for folder in (path.parent, path.parent.parent):
            if folder != out and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return removed


def split_counts(crops: Iterable[Crop], classes: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many examples each split has of each class: {"train": {class: n}, …}."""
    names = list(classes)
    counts = {split: dict.fromkeys(names, 0) for split in SPLITS}
    for crop in crops:
        counts[crop.split][crop.landmark] += 1
    return {str(split): table for split, table in counts.items()}
