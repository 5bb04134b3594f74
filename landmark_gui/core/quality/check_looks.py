"""Faults of examples as pictures: blurred, dark, overexposed, grey, tiny, of an odd shape.

Where the limits come from stands in docs/adr/0018.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality.measure import SIDE, Look
from landmark_gui.core.quality.report import Case, Fault, Finding
from landmark_gui.core.quality.scope import Example, Scope

SHARP = 0.36
"""Sharpness of an edge that is 2.8 pixels wide where the longest side has 256."""
DARK = 0.25
"""Grey value that the brightest pixels of a picture, all but 2 %, should pass."""
BURNT, PALE = 0.3, 0.6
"""Share of white, and median of all the rest, of a picture that lost its light tones."""
COLOURED = 0.05
SMALL = 64
"""Pixels of the longer side."""
ODD = 3.0
"""How many times as wide or as narrow as is usual for its landmark."""
TELLING = 5
"""Examples of a landmark, at least, that tell what is usual for it."""


def looks(scope: Scope) -> list[Finding]:
    """What can be seen in the pixels of one example.

    Of a picture that is dark or overexposed nothing else is said.
    """
    faults = (Fault.BLURRED, Fault.DARK, Fault.OVEREXPOSED)
    cases: dict[Fault, list[Case]] = {fault: [] for fault in faults}
    for example in scope.examples:
        if example.look is not None and (found := judged(example.look)) is not None:
            fault, severity = found
            cases[fault].append(Case((example.subject,), _detail(example.look, fault), severity))
    findings = [Finding(fault, tuple(found), ("exclude",)) for fault, found in cases.items()]
    return [*findings, _greyscale(scope)]


def judged(look: Look) -> tuple[Fault, float] | None:
    """The fault of a picture, and how bad it is from 0 to 1; None if it shows enough."""
    if look.highlights < DARK:
        return Fault.DARK, 1 - look.highlights / DARK
    if look.bright > BURNT and look.midtone > PALE:
        return Fault.OVEREXPOSED, look.bright
    if look.sharpness < SHARP:
        return Fault.BLURRED, 1 - look.sharpness / SHARP
    return None


def _detail(look: Look, fault: Fault) -> str:
    if fault is Fault.DARK:
        return tr("brightest parts at {percent} %", percent=round(100 * look.highlights))
    if fault is Fault.OVEREXPOSED:
        return tr("{percent} % white", percent=round(100 * look.bright))
    if not look.sharpness:
        return tr("no edges")
    return tr("edges {n} pixels wide of {side}", n=f"{1 / look.sharpness:.1f}", side=SIDE)


def _greyscale(scope: Scope) -> Finding:
    """Grey ones, where most are in colour: a model would learn the colour instead of the shape."""
    shown = [
        (example, example.look)
        for example in scope.examples
        if example.look is not None and example.look.highlights >= DARK
    ]
    grey = [example for example, look in shown if look.colour < COLOURED]
    if 2 * len(grey) > len(shown):
        grey = []
    cases = tuple(Case((example.subject,)) for example in grey)
    return Finding(Fault.GREYSCALE, cases, ("exclude",))


def tiny(scope: Scope) -> Finding:
    """Examples of so few pixels that they must be enlarged several times."""
    cases = [
        Case(
            (example.subject,),
            tr("{w} × {h} pixels", w=round(example.width), h=round(example.height)),
            1 / max(example.width, example.height),
        )
        for example in scope.examples
        if max(example.width, example.height) < SMALL
    ]
    return Finding(Fault.TINY, tuple(cases), ("exclude",))


def odd_aspect(scope: Scope) -> Finding:
    """Examples far wider or narrower than others of their landmark, boxes and photos apart."""
    ratios: dict[_Kind, list[float]] = defaultdict(list)
    for example in scope.examples:
        ratios[_kind(example)].append(example.ratio)
    usual = {kind: median(found) for kind, found in ratios.items() if len(found) >= TELLING}
    cases = [
        _odd(example, apart)
        for example in scope.examples
        if (kind := _kind(example)) in usual
        and (apart := _apart(example.ratio, usual[kind])) >= ODD
    ]
    return Finding(Fault.ODD_ASPECT, tuple(cases), ("exclude",))


_Kind = tuple[int | None, bool]


def _kind(example: Example) -> _Kind:
    return example.landmark_id, example.subject.box_id is None


def _apart(ratio: float, usual: float) -> float:
    return max(ratio / usual, usual / ratio)


def _odd(example: Example, apart: float) -> Case:
    return Case((example.subject,), tr("ratio {ratio}", ratio=f"{example.ratio:.2f}"), apart)
