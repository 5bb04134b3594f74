"""Giving the memory of large pictures back to the system."""

from __future__ import annotations

import sys
from functools import cache

_M_MMAP_THRESHOLD = -3  # from <malloc.h>
_LARGE_BYTES = 1 << 20


@cache
def return_large_blocks() -> None:
    """Let the C library return blocks of a megabyte or more as soon as they are free.

    glibc raises that bound by itself to 32 MB and keeps what lies below for later, in each thread
    for itself: paging through photos of 18 megapixels then takes twice the memory. Elsewhere
    nothing is done, nor needed.
    """
    if sys.platform != "linux":
        return
    import ctypes

    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    except (AttributeError, OSError):  # another C library, as musl
        return
