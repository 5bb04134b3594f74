"""Which crops a project asks for: pure, reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.crops.settings import CropSettings
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import is_inside, under
from landmark_gui.core.project import SPLITS, Photo, Project, Split


@dataclass(frozen=True)
class Crop:
    """One example: a rectangle of a photo, or all of it if `rect` is None.

    Attributes:
        photo_hash: of the content; of a large file that was not read yet, its size and date.
        photo_size: (width, height) in oriented pixels, the scale in which `rect` is meant.
        rect: may reach beyond the photo; what is outside is filled with grey.
        source: the photo's path as the project has it, POSIX, relative to the photo folder.
    """

    photo_id: int
    box_id: str | None
    path: Path
    photo_hash: str
    photo_size: tuple[int, int]
    rect: Rect | None
    landmark: str
    split: Split
    source: str = ""

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height in pixels of the photo."""
        return self.photo_size if self.rect is None else (self.rect.w, self.rect.h)


def plan(
    project: Project,
    photos_dir: Path,
    settings: CropSettings,
    splits: Mapping[int, Split],
) -> list[Crop]:
    """The examples of a project, photo by photo. Pure: reads no file.

    Photos without a split go to "train"; unreadable photos, skipped ones, excluded boxes and boxes
    outside their photo give no example.
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
        return Crop(photo.id, box_id, path, content, size, rect, name, split, photo.path)

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


def split_counts(crops: Iterable[Crop], classes: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many examples each split has of each class: {"train": {class: n}, …}."""
    names = list(classes)
    counts = {split: dict.fromkeys(names, 0) for split in SPLITS}
    for crop in crops:
        counts[crop.split][crop.landmark] += 1
    return {str(split): table for split, table in counts.items()}
