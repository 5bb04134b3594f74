"""Faults of examples as pictures: blurred, dark, overexposed, grey, tiny, of an odd shape."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality.measure import Look
from landmark_gui.core.quality.report import Case, Fault, Finding
from landmark_gui.core.quality.scope import Example, Scope

SHARP = 60.0
DARK = 0.12
BRIGHT = 0.5
COLOURED = 0.03
SMALL = 48
ODD = 3.0


def looks(scope: Scope) -> list[Finding]:
    """What can be seen in the pixels of one example."""
    return [
        _seen(scope, Fault.BLURRED, _blur),
        _seen(scope, Fault.DARK, _darkness),
        _seen(scope, Fault.OVEREXPOSED, _glare),
        _greyscale(scope),
    ]


def _seen(scope: Scope, fault: Fault, judge: Callable[[Look], float | None]) -> Finding:
    cases = [
        Case((example.subject,), "", severity)
        for example in scope.examples
        if example.look is not None and (severity := judge(example.look)) is not None
    ]
    return Finding(fault, tuple(cases), ("exclude",))


def _blur(look: Look) -> float | None:
    return SHARP - look.sharpness if look.sharpness < SHARP else None


def _darkness(look: Look) -> float | None:
    return DARK - look.brightness if look.brightness < DARK else None


def _glare(look: Look) -> float | None:
    return look.bright if look.bright > BRIGHT else None


def _greyscale(scope: Scope) -> Finding:
    """Grey ones, where most are in colour: a model would learn the colour instead of the shape."""
    measured = [(example, example.look) for example in scope.examples if example.look is not None]
    grey = [example for example, look in measured if look.colour < COLOURED]
    if 2 * len(grey) > len(measured):
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
    """Examples far wider or narrower than others of their landmark."""
    usual = {
        landmark_id: median(example.ratio for example in examples)
        for landmark_id, examples in scope.by_landmark.items()
        if examples
    }
    cases = [
        _odd(example, apart)
        for example in scope.examples
        if example.landmark_id is not None
        and (apart := _apart(example.ratio, usual[example.landmark_id])) >= ODD
    ]
    return Finding(Fault.ODD_ASPECT, tuple(cases), ("exclude",))


def _apart(ratio: float, usual: float) -> float:
    return max(ratio / usual, usual / ratio)


def _odd(example: Example, apart: float) -> Case:
    return Case((example.subject,), tr("ratio {ratio}", ratio=f"{example.ratio:.2f}"), apart)
