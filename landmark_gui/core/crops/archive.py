"""Crops as one zip file that holds the same tree as the folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from landmark_gui.core.atomic import replacing
from landmark_gui.core.crops import naming
from landmark_gui.core.crops.folder import CropReport, said_of
from landmark_gui.core.crops.manifest import MANIFEST, Entry, entry_of, manifest_text
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.crops.stream import cut_files
from landmark_gui.core.errors import Cancel, DatasetError, Progress, never_cancelled, no_progress
from landmark_gui.core.i18n import tr

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can hold; the same export always gives the same bytes."""


def export_zip(
    crops: Iterable[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> CropReport:
    """Write the file `out` with `SPLIT/LANDMARK/NAME.jpg` and `crops.json` in it.

    Raises:
        Cancelled: nothing was written.
        DatasetError: if `out` cannot be written, is a file that no export of ours wrote, or the
            pattern of names cannot be obeyed.
    """
    planned = list(crops)
    with said_of(out):
        _refuse_others(out)
    report = CropReport()
    entries: dict[str, Entry] = {}
    tree = naming.tree(planned)
    with said_of(out), replacing(out) as temporary, ZipFile(temporary, "w", ZIP_STORED) as archive:
        for folder in tree:
            archive.writestr(_info(f"{folder}/"), b"")
        for file in cut_files(planned, settings, report, progress, cancel):
            archive.writestr(_info(file.name), file.encoded.content)
            entries[file.name] = entry_of(file.crop, settings, file.encoded.content)
        archive.writestr(_info(MANIFEST), manifest_text(entries, tree))
    return report


def _refuse_others(out: Path) -> None:
    """Raises DatasetError for a photo, a project, or whatever else is there already."""
    if not out.exists():
        return
    try:
        with ZipFile(out) as archive:
            ours = MANIFEST in archive.namelist()
    except BadZipFile:
        ours = False
    if not ours:
        raise DatasetError(
            tr(
                "{path} is not from an earlier export. Move it away, or choose another folder.",
                path=out,
            )
        )


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _TIME)
    info.create_system = 3  # the same on every system, with the rights below
    info.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
    return info
