"""Precision and recall of the checks of single photos, on a set with planted faults.

Each fault is planted in copies of some of the photos, the others stay as they are; then the folder
is read, measured and checked as the program does it. What is flagged and was not planted counts
against the precision, but for the photos of `BY_EYE` and copies of them.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.windows import LARGE
from landmark_gui.core import scan
from landmark_gui.core.project import Project
from landmark_gui.core.quality.checks import inspect
from landmark_gui.core.quality.facts import gather
from landmark_gui.core.quality.report import Fault
from landmark_gui.core.store import ProjectStore

WONDERS = LARGE.parent / "wonders"
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Plant:
    """One way to spoil a photo, and the fault that should be found then; None: none of them."""

    name: str
    fault: Fault | None
    spoil: Callable[[bytes], bytes]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks faults", description=__doc__)
    parser.add_argument("--photos", type=Path, default=WONDERS)
    parser.add_argument("--each", type=int, default=60, help="copies for each way (default: 60)")
    arguments = parser.parse_args(argv)
    originals = scan.find_photos(arguments.photos)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "photos"
        planted = _plant(originals, folder, arguments.each)
        flagged = _flagged(folder)
    print(f"{len(originals)} photos as they are, {len(planted)} spoilt copies")
    _tell(planted, flagged, originals)
    return 0


def _plant(originals: list[Path], folder: Path, each: int) -> dict[str, Plant]:
    """Copy all photos into `folder`, with spoilt ones beside them; by name what was planted."""
    folder.mkdir()
    for number, path in enumerate(originals):
        shutil.copyfile(path, folder / f"original {number:04} {path.name}")
    planted = {}
    for start, plant in enumerate(PLANTS):
        chosen = np.linspace(start, len(originals) - 1, min(each, len(originals))).astype(int)
        for number in dict.fromkeys(chosen.tolist()):
            name = f"{plant.name} {number:04}.jpg"
            (folder / name).write_bytes(plant.spoil(originals[number].read_bytes()))
            planted[name] = plant
    return planted


def _flagged(folder: Path) -> dict[Fault, set[str]]:
    """What the program finds, by name of the photo."""
    with ProjectStore.create(folder.with_suffix(".landmarks"), folder) as store:
        for look in (scan.new_photos, scan.hashed_photos):
            for batch in look(store.load(), folder):
                store.put_photos(batch)
        project = store.load()
    return _names(project, folder)


def _names(project: Project, folder: Path) -> dict[Fault, set[str]]:
    flagged: dict[Fault, set[str]] = defaultdict(set)
    for finding in inspect(project, gather(project, folder)).findings:
        for case in finding.cases:
            for subject in case.subjects:
                flagged[finding.fault].add(project.photos[subject.photo_id].path)
    return flagged


def _tell(planted: dict[str, Plant], flagged: dict[Fault, set[str]], originals: list[Path]) -> None:
    for plant in PLANTS:
        names = {name for name, its in planted.items() if its is plant}
        if plant.fault is None:
            wrong = {
                name
                for fault in FAULTS
                for name in names & flagged[fault]
                if not _by_eye(name, fault, originals)
            }
            print(f"  {plant.name}: {len(wrong)} of {len(names)} flagged, none should be")
        else:
            found = names & flagged[plant.fault]
            print(f"  {plant.name}: recall {len(found) / len(names):.3f} (n={len(names)})")
    for fault in FAULTS:
        meant = {name for name, plant in planted.items() if plant.fault is fault}
        truly = {name for name in flagged[fault] - meant if _by_eye(name, fault, originals)}
        wrong = flagged[fault] - meant - truly
        right = len(flagged[fault] & meant)
        untouched = [name for name in wrong | truly if name.startswith("original")]
        print(
            f"{fault}: precision {right / max(right + len(wrong), 1):.3f}, "
            f"recall {right / len(meant):.3f}; {len(untouched)} of the untouched flagged, "
            f"{len(set(untouched) & truly)} of them rightly"
        )
        for name in sorted(set(untouched) - truly):
            print(f"    {name}")


def _by_eye(name: str, fault: Fault, originals: list[Path]) -> bool:
    """Whether the photo had that fault before anybody spoilt it; its number stands in its name."""
    number = next(word for word in re.findall(r"\b[0-9]{4}\b", name))
    return originals[int(number)].name in BY_EYE.get(fault, ())


BY_EYE = {
    Fault.DARK: ("Train_Chichen_Itza_4.jpg",),
    Fault.GREYSCALE: (
        "Train_Chichen_Itza_2.jpg",
        "Train_The_Great_Wall_Of_China_4.jpg",
        "Train_The_Roman_Colosseum_9.jpg",
        "Train_The_Roman_Colosseum_40.jpg",
        "Train_The_Roman_Colosseum_45.jpg",
    ),
}
"""Photos among the wonders that a person calls that as well."""

FAULTS = (Fault.UNREADABLE, Fault.BLURRED, Fault.DARK, Fault.OVEREXPOSED, Fault.GREYSCALE)


# How photos are spoilt


def _redrawn(change: Callable[[Pixels], Pixels]) -> Callable[[bytes], bytes]:
    """Decode, change, and encode as a camera would."""

    def spoil(content: bytes) -> bytes:
        with Image.open(io.BytesIO(content)) as image:
            return _jpeg(change(np.asarray(image.convert("RGB"))))

    return spoil


def _jpeg(pixels: Pixels, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, **options)
    return out.getvalue()


def _gaussian(share: float) -> Callable[[Pixels], Pixels]:
    """Out of focus; `share` of the longest side is the standard deviation."""
    return lambda pixels: cv2.GaussianBlur(pixels, (0, 0), share * max(pixels.shape))


def _moved(share: float, degrees: float) -> Callable[[Pixels], Pixels]:
    """A camera that moved by `share` of the longest side."""

    def change(pixels: Pixels) -> Pixels:
        length = max(3, round(share * max(pixels.shape))) | 1
        line = np.zeros((length, length), np.float32)
        line[length // 2] = 1
        turn = cv2.getRotationMatrix2D((length // 2, length // 2), degrees, 1)
        line = cv2.warpAffine(line, turn, (length, length))
        return cv2.filter2D(pixels, -1, line / line.sum())

    return change


def _noisy(change: Callable[[Pixels], Pixels], levels: float) -> Callable[[Pixels], Pixels]:
    chance = np.random.default_rng(0)
    return lambda pixels: np.clip(
        change(pixels) + chance.normal(0, levels, pixels.shape), 0, 255
    ).astype(np.uint8)


def _exposed(stops: float) -> Callable[[Pixels], Pixels]:
    """As if the shutter had been open 2**stops times as long, by the curve of sRGB."""
    values = np.arange(256) / 255
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2.0**stops, 0, 1)
    shown = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    table = np.round(shown * 255).astype(np.uint8)
    return lambda pixels: table[pixels]


def _grey(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def _cut(share: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(share * len(content))]


def _emptied(share: float) -> Callable[[bytes], bytes]:
    """The space was set aside, and only the first part of the file came."""
    return lambda content: _cut(share)(content).ljust(len(content), b"\0")


def _closed(share: float) -> Callable[[bytes], bytes]:
    """Another program put an end behind what was there: the rest is painted grey."""
    whole = _redrawn(lambda pixels: pixels)
    return lambda content: _cut(share)(whole(content)) + b"\xff\xd9"


def _plants() -> Iterator[Plant]:
    for share in (0.004, 0.006, 0.01, 0.02, 0.04):
        yield Plant(f"blur {share:.1%}", Fault.BLURRED, _redrawn(_gaussian(share)))
    yield Plant("blur 1% and noise", Fault.BLURRED, _redrawn(_noisy(_gaussian(0.01), 8)))
    for degrees in (0, 30, 90):
        yield Plant(f"moved 2% at {degrees}", Fault.BLURRED, _redrawn(_moved(0.02, degrees)))
    for degrees in (20, 45):
        yield Plant(f"moved 4% at {degrees}", Fault.BLURRED, _redrawn(_moved(0.04, degrees)))
    for share in (0.3, 0.5, 0.7, 0.9, 0.95):
        yield Plant(f"cut at {share:.0%}", Fault.UNREADABLE, _cut(share))
    for share in (0.5, 0.9):
        yield Plant(f"emptied from {share:.0%}", Fault.UNREADABLE, _emptied(share))
        yield Plant(f"closed at {share:.0%}", Fault.UNREADABLE, _closed(share))
    for stops in (-4, -5, -6):
        yield Plant(f"dark {stops}", Fault.DARK, _redrawn(_exposed(stops)))
    for stops in (3, 4, 5):
        yield Plant(f"overexposed +{stops}", Fault.OVEREXPOSED, _redrawn(_exposed(stops)))
    yield Plant("grey", Fault.GREYSCALE, _redrawn(_grey))
    yield Plant("blur 0.15%", None, _redrawn(_gaussian(0.0015)))
    yield Plant("noise", None, _redrawn(_noisy(lambda pixels: pixels, 12)))
    for stops in (-2, 1):
        yield Plant(f"exposed {stops:+}", None, _redrawn(_exposed(stops)))


PLANTS = tuple(_plants())
