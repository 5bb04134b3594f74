"""Writing a file so that a reader sees the old content or the new, never a part of it."""

from __future__ import annotations

import errno
import os
import shutil
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


@contextmanager
def creating(path: Path) -> Iterator[Path]:
    """Give a path in a temporary folder beside `path`; what is made there moves to `path`.

    It may be a file or a folder. What is at `path` already is never replaced.

    Raises:
        FileExistsError: if there is something at `path`, before or after the making.
        OSError: from any step; nothing is then left behind.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        made = Path(folder, path.name)
        yield made
        for file in [made] if made.is_file() else filter(Path.is_file, made.rglob("*")):
            _flush_to_disk(file)
            _apply_default_mode(file)
        _put(made, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(made: Path, path: Path) -> None:
    """Give `made` its name, unless somebody else has it."""
    if made.is_file():
        try:
            os.link(made, path)  # unlike a renaming it never replaces
            return
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            pass  # a disk without links, such as a memory stick
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    made.rename(path)


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
