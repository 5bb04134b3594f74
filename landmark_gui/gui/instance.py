"""One window for each person and settings folder: a second start hands over what it was given.

The first holds a lock in the settings folder and listens; whoever cannot have the lock connects. A
lock alone is free at the start: what listens is made after the window is painted (docs/adr/0042).
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Qt, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket
    from PySide6.QtWidgets import QWidget

TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""By which the desktop knows that the person has asked for the window."""
START_SECONDS = 3.0
"""How long the other window may take to start or to end, until it is no longer reckoned with."""
ANSWER_MS = 2_000
"""How long it may take to answer; longer than any pause of a window that is well."""
_RETRY_SECONDS = 0.05
_MOST_BYTES = 1_000_000
_TAKEN = b"taken\n"
_log = logging.getLogger(__name__)


class Instance(QObject):
    """This process among those of the same settings folder.

    Signals:
        arrived(list[Path], str): a second start hands over files and its activation token.
    """

    arrived = Signal(object, str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._address = address_of(folder)
        self._server: QLocalServer | None = None
        with suppress(OSError):  # without a folder there is no lock, and each start is the first
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)  # by whether its process lives, however old it is

    def is_first(self) -> bool:
        """Whether no other window is open; this one then counts as open."""
        return self._lock.isLocked() or self._lock.tryLock(0)

    def hand_over(self, paths: Sequence[Path]) -> bool:
        """Give `paths` to the window that is open; False if there is none that takes them."""
        give_up = time.monotonic() + START_SECONDS
        while not self.is_first() and self._lock.error() == QLockFile.LockError.LockFailedError:
            taken = self._send(paths)
            if taken is not None:
                return taken
            if time.monotonic() > give_up:  # whoever wrote the lock is not on this machine
                self._lock.removeStaleLockFile()
                self.is_first()
                break
            time.sleep(_RETRY_SECONDS)
        return False

    def listen(self) -> None:
        """From now on take what later starts hand over, if this is the first one."""
        from PySide6.QtNetwork import QLocalServer

        if not self.is_first():
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._address)  # left behind by one that crashed
        server.newConnection.connect(self._connected)
        if server.listen(self._address):
            self._server = server
        else:
            _log.warning("Later starts cannot be heard: %s", server.errorString())

    def close(self) -> None:
        """Make room for the next window. What is being handed over goes to that one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _send(self, paths: Sequence[Path]) -> bool | None:
        """Whether the other window took it; None if nobody listens."""
        import json

        from PySide6.QtNetwork import QLocalSocket

        if not _is_ours(self._address):
            return None
        socket = QLocalSocket()
        socket.connectToServer(self._address)
        if not socket.waitForConnected(ANSWER_MS):
            return None
        _give_up_foreground()
        token = next(filter(None, map(os.environ.get, TOKENS)), "")
        message = {"paths": [str(path.absolute()) for path in paths], "token": token}
        socket.write(json.dumps(message).encode() + b"\n")
        answered = socket.waitForBytesWritten(ANSWER_MS) and socket.waitForReadyRead(ANSWER_MS)
        taken = answered and bytes(socket.readAll().data()) == _TAKEN
        socket.abort()
        if not taken:
            _log.warning("The open window does not answer.")
        return taken

    def _connected(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(_reader(socket, self._take))
            if socket.bytesAvailable():
                socket.readyRead.emit()

    def _take(self, line: bytes) -> None:
        import json

        try:
            message = json.loads(line)
            paths = [Path(str(path)) for path in message["paths"]]
            token = str(message.get("token") or "")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            _log.warning("What a second start said is not understood: %s", error)
            return
        self.arrived.emit(paths, token)


def _reader(socket: QLocalSocket, take: Callable[[bytes], None]) -> Callable[[], None]:
    """Answers a line and passes it on. Whoever says more than paths is not listened to."""
    said = bytearray()

    def read() -> None:
        said.extend(socket.readAll().data())
        if said.endswith(b"\n"):
            socket.write(_TAKEN)
            socket.flush()
            line = bytes(said)
            said.clear()
            take(line)
        elif len(said) > _MOST_BYTES:
            socket.abort()

    return read


def address_of(folder: Path) -> str:
    """Where the window of this person with this settings folder listens."""
    whose = f"{Path.home()}\0{folder.resolve()}".encode("utf-8", "surrogateescape")
    name = f"landmark-gui-{zlib.crc32(whose):08x}"
    if sys.platform == "win32":
        return name
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir(), name))


def bring_to_front(window: QWidget, token: str = "") -> None:
    """Show a window above the others, as far as the desktop lets us."""
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # where Qt looks for it on Wayland
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _is_ours(address: str) -> bool:
    """Whether the socket there is of this person: on a shared machine /tmp is everybody's."""
    if sys.platform == "win32":
        return True
    try:
        return Path(address).stat().st_uid == os.getuid()
    except OSError:
        return False


def _give_up_foreground() -> None:
    """Windows lets only the program in front bring another one there."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
