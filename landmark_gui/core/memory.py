"""Memory: how much is free, and giving that of large pictures back to the system."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

_M_MMAP_THRESHOLD = -3  # from <malloc.h>
_LARGE_BYTES = 1 << 20
_MEMINFO = Path("/proc/meminfo")
_STATM = Path("/proc/self/statm")


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


def free_memory() -> int:
    """Bytes that can be taken without another program being pushed out to the disk.

    Where the system does not say (macOS), half of what is built in.
    """
    if sys.platform == "win32":
        return _of_windows()
    try:
        lines = _MEMINFO.read_text("ascii").splitlines()
    except OSError:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    values = dict(line.split(":", 1) for line in lines)
    return int(values["MemAvailable"].split()[0]) * 1024


def used_memory() -> int:
    """Bytes of memory that this process holds; on macOS the most that it has held so far."""
    if sys.platform == "win32":
        return _held_on_windows()
    try:
        pages = int(_STATM.read_text("ascii").split()[1])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * os.sysconf("SC_PAGE_SIZE")


if sys.platform == "win32":

    def _of_windows() -> int:
        import ctypes

        class Status(ctypes.Structure):  # MEMORYSTATUSEX
            _fields_ = (
                ("length", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                ("total", ctypes.c_ulonglong),
                ("free", ctypes.c_ulonglong),
                *((f"other_{number}", ctypes.c_ulonglong) for number in range(5)),
            )

        status = Status(length=ctypes.sizeof(Status))
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.free)

    def _held_on_windows() -> int:
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):  # PROCESS_MEMORY_COUNTERS
            _fields_ = (
                ("length", wintypes.DWORD),
                ("faults", wintypes.DWORD),
                ("most", ctypes.c_size_t),
                ("held", ctypes.c_size_t),
                *((f"other_{number}", ctypes.c_size_t) for number in range(6)),
            )

        counters = Counters(length=ctypes.sizeof(Counters))
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        ask = kernel.K32GetProcessMemoryInfo
        ask.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
        ask(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.length)
        return int(counters.held)
