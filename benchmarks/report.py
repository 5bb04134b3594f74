"""How figures are printed: minimum, median and maximum, and medians of paired ratios."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def spread(values: Sequence[float], unit: str = "s") -> str:
    """ "median 0.512 s (0.498 to 0.540, n=9)" """
    return (
        f"median {median(values):.3f} {unit} "
        f"({min(values):.3f} to {max(values):.3f}, n={len(values)})"
    )


def ratio(ours: Sequence[float], reference: Sequence[float]) -> str:
    """The median of the ratios of runs made in turn, so that a drifting machine cancels out."""
    ratios = [a / b for a, b in zip(ours, reference, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
