"""Crops as a folder `SPLIT/LANDMARK/NAME.jpg` that is brought up to date, file by file."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from landmark_gui.core.crops import naming
from landmark_gui.core.crops.cutting import encode_all
from landmark_gui.core.crops.manifest import (
    Entry,
    Manifest,
    content_hash,
    entry_of,
    write_file,
)
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    DatasetError,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.parallel import in_order
from landmark_gui.core.paths import composed, is_same_file
from landmark_gui.core.project import SPLITS

Listing = Callable[[Mapping[str, Entry]], Mapping[str, str]]
"""From the crops that were written to the lists of them: both by path in the export."""

_HOPELESS = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))
"""After these no other file can be written either."""


@dataclass
class CropReport:
    """What an export did.

    Attributes:
        written, kept, removed: files. One that only got another name counts as written and removed.
        skipped: (photo or file, reason) of each that is not as it should be.
    """

    written: int = 0
    kept: int = 0
    removed: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)


def export(
    crops: Iterable[Crop],
    settings: FileSettings,
    out: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
    listing: Listing | None = None,
) -> CropReport:
    """Make the folder `out` hold the planned crops as `SPLIT/LANDMARK/NAME.jpg`.

    Removes crops of an earlier run that are no longer planned, keeps what is there and right, and
    writes what is missing or was changed. A file that no manifest of ours names is never touched;
    where it has the name of a crop, the crop takes another.

    Args:
        listing: makes files that list the crops, such as `train/metadata.jsonl`.

    Raises:
        Cancelled: between two photos; what was written stays and is kept by the next run.
        DatasetError: if `out` cannot be written, or the pattern of names cannot be obeyed.
    """
    planned = list(crops)
    naming.parsed(settings.pattern)
    with said_of(out):
        manifest = Manifest(out)
        with manifest.writing():
            return _Update(manifest, settings, listing, progress, cancel).run(planned)


class _Update:
    """One run over a folder, step by step; each can be cut short and the next run goes on."""

    def __init__(
        self,
        manifest: Manifest,
        settings: FileSettings,
        listing: Listing | None,
        progress: Progress,
        cancel: Cancel,
    ) -> None:
        self._manifest = manifest
        self._settings = settings
        self._listing = listing
        self._progress = progress
        self._cancel = cancel
        self.report = CropReport()

    def run(self, planned: Sequence[Crop]) -> CropReport:
        """Bring the folder up to date."""
        targets = naming.targets(planned, self._settings, self._strangers())
        moved = self._move(targets)
        crops_there = {n for n, entry in self._manifest.files.items() if not entry.is_list}
        self._remove(crops_there - targets.keys())
        tree = naming.tree(planned)
        self._remove_folders(self._manifest.folders - set(tree))
        blocked = self._make_folders(tree)
        self._write({n: c for n, c in targets.items() if n.rpartition("/")[0] not in blocked})
        self._write_lists()
        self.report.written += moved
        self.report.removed += moved
        self.report.kept -= moved  # as which they were found in their new place
        return self.report

    def _strangers(self) -> list[str]:
        """What lies where crops go and is not a file of ours."""
        found = []
        ours = {naming.key(name): name for name in self._manifest.files}
        for split in SPLITS:
            for place in sorted((self._manifest.out / split).glob("*/*")):
                name = place.relative_to(self._manifest.out).as_posix()
                known = ours.get(naming.key(name))
                if known is None or not self._is_called(known, name):
                    found.append(name)
                elif place.is_dir() or place.is_symlink():
                    self._manifest.forget(known)
                    found.append(name)
        return found

    def _is_called(self, known: str, name: str) -> bool:
        """Whether a file of ours is the one that lies there under a name much like it.

        Some disks decompose names, and some keep the case of a folder that was there before.
        """
        if composed(known) == composed(name):
            return True
        return is_same_file(self._manifest.path_of(known), self._manifest.path_of(name))

    def _move(self, targets: Mapping[str, Crop]) -> int:
        """Crops that only get another name need no cutting. Returns how many there were."""
        moved = 0
        known = self._manifest.files
        spare = {known[name].pixels: name for name in known.keys() - targets.keys()}
        for name, crop in targets.items() if spare else ():
            old = spare.get(naming.fingerprint(crop, self._settings))
            place = self._manifest.path_of(name)
            if old is None or place.exists() or not self._is_whole(old):
                continue
            if self._make_folders([str(folder) for folder in _above(name)]):
                continue
            del spare[known[old].pixels]
            self._manifest.note({name: self._renamed(known[old], crop)})
            try:
                self._manifest.path_of(old).replace(place)
            except OSError:  # it is open elsewhere: then it is cut anew
                self._manifest.forget(name)
                continue
            self._manifest.forget(old)
            moved += 1
        return moved

    def _remove(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            place = self._manifest.path_of(name)
            try:
                if self._is_whole(name):
                    place.unlink()
                    self.report.removed += 1
                elif place.exists():
                    self._skip(place, tr("it was changed since it was written, so it was left"))
                self._manifest.forget(name)
            except OSError as error:
                self._give_up_or_skip(place, error)

    def _remove_folders(self, names: Iterable[str]) -> None:
        for name in sorted(names, reverse=True):
            with suppress(OSError):  # it is gone, or others keep something in it
                self._manifest.path_of(name).rmdir()
            self._manifest.folders.discard(name)

    def _make_folders(self, names: Sequence[str]) -> set[str]:
        """Make what is missing. Returns those that cannot be made, since a file has their name."""
        missing = [name for name in names if not self._manifest.path_of(name).is_dir()]
        if missing:
            self._manifest.note({}, missing)
        blocked = set()
        for name in missing:
            place = self._manifest.path_of(name)
            try:
                place.mkdir(exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                self._manifest.folders.discard(name)
                blocked.add(name)
                if place.exists():
                    self._skip(place, tr("a file stands where a folder should be; move it away"))
        return blocked

    def _write(self, targets: Mapping[str, Crop]) -> None:
        by_photo: dict[Path, dict[str, Crop]] = defaultdict(dict)
        for name, crop in targets.items():
            by_photo[crop.path][name] = crop
        done, total = 0, len(targets)
        self._progress(done, total)
        for photo, outcome in zip(
            by_photo, in_order(self._write_photo, by_photo.values()), strict=True
        ):
            self._take(photo, outcome, by_photo[photo])
            done += len(by_photo[photo])
            self._progress(done, total)

    def _write_photo(self, crops: Mapping[str, Crop]) -> _Outcome:
        """Decode a photo once for all its crops. A photo that cannot be read is an outcome."""
        if self._cancel():
            raise Cancelled
        outcome = _Outcome()
        fresh = {name: crop for name, crop in crops.items() if not self._keep(name, crop)}
        outcome.kept = len(crops) - len(fresh)
        if not fresh:
            return outcome
        try:
            cut = encode_all(list(fresh.values()), self._settings)
        except ImageError as error:
            outcome.unreadable = error
            return outcome
        contents = {name: encoded.content for name, encoded in zip(fresh, cut, strict=True)}
        before = {name: self._manifest.files.get(name) for name in fresh}
        self._manifest.note(
            {name: entry_of(fresh[name], self._settings, contents[name]) for name in fresh}
        )
        for name, content in contents.items():
            try:
                write_file(self._manifest.path_of(name), content)
                outcome.written += 1
            except OSError as error:
                outcome.failed[name] = error
                self._manifest.take_back(name, before[name])
        return outcome

    def _keep(self, name: str, crop: Crop) -> bool:
        entry = self._manifest.files.get(name)
        same = entry and entry.pixels == naming.fingerprint(crop, self._settings)
        if not entry or not same or not self._is_whole(name):
            return False
        self._manifest.files[name] = self._renamed(entry, crop)
        return True

    def _take(self, photo: Path, outcome: _Outcome, crops: Mapping[str, Crop]) -> None:
        self.report.kept += outcome.kept
        self.report.written += outcome.written
        if outcome.unreadable:
            self._skip(photo, outcome.unreadable.reason)
            # Under a name without {hash} lies a crop of what the photo was before.
            ours = self._manifest.files.keys() & crops.keys()
            self._remove(name for name in ours if not self._keep(name, crops[name]))
        for name, error in outcome.failed.items():
            self._give_up_or_skip(self._manifest.path_of(name), error)

    def _write_lists(self) -> None:
        crops = {n: entry for n, entry in self._manifest.files.items() if not entry.is_list}
        lists = self._listing(crops) if self._listing else {}
        old = {n for n, entry in self._manifest.files.items() if entry.is_list}
        self._remove(old - lists.keys())
        for name, text in sorted(lists.items()):
            self._write_list(name, text.encode())

    def _write_list(self, name: str, content: bytes) -> None:
        place, ours = self._manifest.path_of(name), name in self._manifest.files
        if place.exists() and not ours:
            raise DatasetError(
                tr(
                    "{path} is not from an earlier export. Move it away, or choose another folder.",
                    path=place,
                )
            )
        entry = Entry(len(content), content_hash(content))
        if self._manifest.files.get(name) != entry or not self._is_whole(name):
            self._manifest.note({name: entry})
            write_file(place, content)

    def _is_whole(self, name: str) -> bool:
        """Whether a file of ours stands as it was written; an older version noted no hashes."""
        entry, place = self._manifest.files[name], self._manifest.path_of(name)
        with suppress(FileNotFoundError, NotADirectoryError):
            inside = place.parent.resolve().is_relative_to(self._manifest.out.resolve())
            return inside and place.is_file() and (not entry.hash or entry.is_content_of(place))
        return False

    def _renamed(self, entry: Entry, crop: Crop) -> Entry:
        """The same bytes for a crop that may be called otherwise."""
        new = entry_of(crop, self._settings, b"")
        return replace(new, size=entry.size, hash=entry.hash)

    def _skip(self, path: Path, reason: str) -> None:
        self.report.skipped.append((path, reason))

    def _give_up_or_skip(self, place: Path, error: OSError) -> None:
        if error.errno in _HOPELESS:
            raise error
        self._skip(place, tr("it could not be written: {detail}", detail=error.strerror or error))


@dataclass
class _Outcome:
    """What came of the crops of a photo."""

    kept: int = 0
    written: int = 0
    unreadable: ImageError | None = None
    failed: dict[str, OSError] = field(default_factory=dict)


def _above(name: str) -> list[PurePosixPath]:
    """The folders of a file in the export, outermost first."""
    return list(PurePosixPath(name).parents)[-2::-1]


@contextmanager
def said_of(out: Path) -> Iterator[None]:
    """Turn what the system says into a sentence about what is written."""
    try:
        yield
    except OSError as error:
        raise DatasetError(
            tr(
                "The crops could not be written to {out}: {detail}",
                out=out,
                detail=error.strerror or error,
            )
        ) from error
