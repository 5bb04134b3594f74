"""Leaves out of the built program what PyInstaller collects and nothing of ours ever loads."""

from __future__ import annotations

import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from PyInstaller.depend.bindepend import get_imports

from landmark_gui.core.i18n import LANGUAGES

Entry = tuple[str, str, str]
"""Of PyInstaller: where a file goes, where it comes from, and of what kind it is."""

UNUSED = (
    "*/tests/*",
    "*.dist-info/RECORD",
    "*.dist-info/sboms/*",
    "nvidia/*",
    "tensorflow/include/*",
    "tensorflow/compiler/mlir/stablehlo/stablehlo_extension.*",
    "tensorflow/compiler/tf2xla/ops/_xla_ops.*",
    # Screens without a window system, and pictures that Qt never reads: Pillow and OpenCV do.
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/generic/*",
    "*/plugins/platforms/*eglfs*",
    "*/plugins/platforms/*linuxfb*",
    "*/plugins/platforms/*vkkhrdisplay*",
    "*/plugins/platforms/*vnc*",
    *(
        f"*/plugins/imageformats/*q{kind}*"
        for kind in ("gif", "icns", "tga", "tiff", "wbmp", "webp")
    ),
    # The network is for talking to the window that is open already, and no more.
    "*/plugins/networkinformation/*",
    "*/plugins/tls/*",
    # It brings all of GTK; the desktop's dialogs come through its portal.
    "*/plugins/platformthemes/*gtk3*",
)
LIBRARIES = ("*.so", "*.so.*")
WITH_SYMBOLS = ("tensorflow/**/*.so*", "libpython*.so*")
"""Libraries with symbols that only a debugger reads. No others: `strip` damages those that were
patched to find each other (https://github.com/pypa/auditwheel/issues/716)."""


def without_unused(entries: list[Entry]) -> list[Entry]:
    """The files that are used, of those that PyInstaller has collected."""
    kept = [entry for entry in entries if not _is_unused(entry[0].replace("\\", "/"))]
    return _without_orphans(kept) if sys.platform.startswith("linux") else kept


def strip_symbols(folder: Path) -> None:
    """Take the tables of symbols out of libraries that were built with them, on Linux."""
    if not sys.platform.startswith("linux") or not shutil.which("strip"):
        return
    for pattern in WITH_SYMBOLS:
        for path in folder.glob(pattern):
            if not path.is_symlink():
                subprocess.run(["strip", "--strip-unneeded", path], check=True)


def _is_unused(name: str) -> bool:
    if "/translations/" in name and name.startswith("PySide6/"):
        return PurePosixPath(name).stem not in {f"qtbase_{code}" for code in LANGUAGES}
    return any(fnmatch(name, pattern) for pattern in UNUSED)


def _without_orphans(entries: list[Entry]) -> list[Entry]:
    """Without libraries that only something unused has wanted, and links to them."""
    plain = [entry for entry in entries if entry[2] == "BINARY" and _is_shared(entry[0])]
    roots = [
        source
        for name, source, kind in entries
        if kind in ("BINARY", "EXTENSION") and not _is_shared(name)
    ]
    wanted = {library for source in roots for library, _ in get_imports(source)}
    orphans = {name for name, _, _ in plain if PurePosixPath(name).name not in wanted}
    return [
        (name, source, kind)
        for name, source, kind in entries
        if name not in orphans and not (kind == "SYMLINK" and source in orphans)
    ]


def _is_shared(name: str) -> bool:
    """Whether a file is a library of the system or of Qt, there for others to link to."""
    path = PurePosixPath(name)
    among = str(path.parent) in (".", "PySide6/Qt/lib")
    return (
        among
        and any(fnmatch(path.name, pattern) for pattern in LIBRARIES)
        and not path.name.startswith("libpython")
    )
