"""Crops as derived data: first a plan, which is pure, then the pixels and files that it asks for.

settings.py   what of a photo becomes a crop, and how crops become files
planning.py   which crops a project asks for
cutting.py    their pixels, for the network and for files
naming.py     the names of the files
manifest.py   which files are ours
folder.py     a folder, brought up to date; archive.py, tfrecord.py, imagefolder.py: the others
"""

from __future__ import annotations

from landmark_gui.core.crops.cutting import FILL, encode_all, render, render_all, render_photo
from landmark_gui.core.crops.exports import (
    OF_FILES,
    ExportKind,
    among_photos,
    export_as,
    is_among_photos,
    refuse_among_photos,
)
from landmark_gui.core.crops.folder import CropReport, export
from landmark_gui.core.crops.manifest import MANIFEST
from landmark_gui.core.crops.naming import example_name
from landmark_gui.core.crops.planning import Crop, plan, split_counts
from landmark_gui.core.crops.settings import (
    JPEG_QUALITY,
    MAX_MARGIN,
    NAME_FIELDS,
    PATTERN,
    CropSettings,
    Edge,
    FileForm,
    FileSettings,
    MarginUnit,
    Resampling,
    Shape,
    Use,
)

__all__ = [
    "FILL",
    "JPEG_QUALITY",
    "MANIFEST",
    "MAX_MARGIN",
    "NAME_FIELDS",
    "OF_FILES",
    "PATTERN",
    "Crop",
    "CropReport",
    "CropSettings",
    "Edge",
    "ExportKind",
    "FileForm",
    "FileSettings",
    "MarginUnit",
    "Resampling",
    "Shape",
    "Use",
    "among_photos",
    "encode_all",
    "example_name",
    "export",
    "export_as",
    "is_among_photos",
    "plan",
    "refuse_among_photos",
    "render",
    "render_all",
    "render_photo",
    "split_counts",
]
