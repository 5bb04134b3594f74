"""Writing a file so that a reader sees the old content or the new, never a part of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _umask() -> int:
    mask = os.umask(0o022)  # the only way to read it is to set it
    os.umask(mask)
    return mask


_UMASK = _umask()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on success it takes the place of `path`.

    Raises:
        OSError: from any step; the old file is then untouched and the temporary one gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        _flush_to_disk(temporary)
        _apply_default_mode(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_atomic(path: Path, content: bytes | str) -> None:
    """Replace the content of `path` (text as UTF-8) in one step.

    Raises:
        OSError: if any step fails; the old file is then untouched.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def _flush_to_disk(path: Path) -> None:
    # Without it a power cut may leave the new name with no content.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _apply_default_mode(path: Path) -> None:
    # mkstemp makes files private (0600); a saved file is as readable as any other.
    if os.name == "posix":
        path.chmod(0o666 & ~_UMASK)
