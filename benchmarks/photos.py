"""Real photos and weights beside the checkout, and projects of them."""

from __future__ import annotations

from pathlib import Path

from landmark_gui.core import scan
from landmark_gui.core.store import ProjectStore

SHARED = Path(__file__).resolve().parents[2] / "shared"
WEIGHTS = SHARED / "weights" / "mobilenet_v2_0.35_224_no_top.weights.h5"


def project_of(photos: Path, folder: Path) -> Path:
    """A project in `folder` of all photos, named after their folders; nobody has measured them."""
    path = folder / "photos.landmarks"
    with ProjectStore.create(path, photos) as store:
        for look in (scan.new_photos, scan.hashed_photos):
            for batch in look(store.load(), store.photos_dir):
                store.put_photos(batch)
        project = store.load()
        store.commit(scan.labels_from_folders(project, project.photos.values()))
    return path
