"""A small project with photos on the disk, and a folder for its crops."""

from __future__ import annotations

from pathlib import Path

from landmark_gui.core import crops, edits, scan
from landmark_gui.core.crops import Crop, CropReport, CropSettings, ExportKind, FileSettings
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo, Split
from tests.conftest import draw_photo
from tests.rows import small_project

NATURAL, AS_IN_PHOTO = CropSettings(), FileSettings()


class Workshop:
    """Three drawn photos of 96 × 72 pixels, their project, and a folder for crops."""

    def __init__(self, folder: Path) -> None:
        self.photos_dir, self.out = folder / "photos", folder / "crops"
        for number in (1, 2, 3):
            draw_photo(self.photos_dir / f"{number}.jpg", "Red Tower", number)
        self.project = small_project()
        self.project.put_photos(self.describe(row) for row in small_project().photos.values())
        self.splits: dict[int, Split] = {1: "train", 2: "validation", 3: "test"}

    def describe(self, row: Photo) -> Photo:
        name = f"{row.id}.jpg"
        return scan.describe(row.id, self.photos_dir / name, name)

    def box(self, rect: Rect, photo_id: int = 1, landmark_id: int = 1) -> str:
        """Draw a box; its id."""
        self.project.apply(edits.add_box(photo_id, landmark_id, rect))
        return list(self.project.boxes)[-1]

    def plan(self, settings: CropSettings = NATURAL) -> list[Crop]:
        return crops.plan(self.project, self.photos_dir, settings, self.splits)

    def export(
        self, files: FileSettings = AS_IN_PHOTO, cut: CropSettings = NATURAL, **options: object
    ) -> CropReport:
        return crops.export(self.plan(cut), files, self.out, **options)  # type: ignore[arg-type]

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Content and time of each crop."""
        found = (path for path in self.out.rglob("*") if path.suffix == ".jpg" and path.is_file())
        return {
            path.relative_to(self.out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in found
        }

    def export_as(self, kind: ExportKind, out: Path, **options: object) -> CropReport:
        return crops.export_as(kind, self.plan(), AS_IN_PHOTO, out, **options)  # type: ignore[arg-type]

    def tree(self) -> dict[str, bytes | None]:
        """All of the folder: the content of each file, None for a folder."""
        return {
            path.relative_to(self.out).as_posix(): None if path.is_dir() else path.read_bytes()
            for path in self.out.rglob("*")
        }
