"""Preferences of the person, kept as TOML in the platform's settings folder."""

from __future__ import annotations

import logging
import os
import threading
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.paths import free_path

RECENT_LIMIT = 10
_log = logging.getLogger(__name__)


def settings_folder() -> Path:
    """The platform's folder for our settings; `LANDMARK_GUI_SETTINGS` overrides it."""
    override = os.environ.get("LANDMARK_GUI_SETTINGS")
    if override:
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path("Landmark GUI", appauthor=False)


@dataclass(frozen=True)
class Recent:
    """A project that was opened before.

    Attributes:
        opened: when that was last, as ISO 8601 to the minute; "" if it is not known.
    """

    path: Path
    opened: str = ""


def set_aside(path: Path) -> Path:
    """Rename the settings at `path`, so that there are none; returns what they are called now.

    Raises:
        OSError: if they cannot be renamed, or there are none.
    """
    backup = free_path(path.with_suffix(".backup.toml"))
    path.replace(backup)
    return backup


class Settings:
    """Dotted keys ("train.epochs") with TOML values, written when they change.

    A settings file that cannot be read is set aside as `settings.damaged.toml`; one that
    cannot be written costs only the memory of this session's preferences.

    Attributes:
        on_change: called after a change; `save` unless somebody wants to save later.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings_folder() / "settings.toml"
        self.on_change: Callable[[], Any] = self.save
        self._values = self._read()
        self._backup: Path | None = None
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`; the default also if the stored value has another type."""
        value = self._values.get(key, default)
        fits = default is None or isinstance(value, type(default))
        return value if fits else default

    def texts(self, key: str, default: Iterable[str] = ()) -> list[str]:
        """The strings of a list; what else somebody wrote into it is left out."""
        return [text for text in self.get(key, list(default)) if isinstance(text, str)]

    def set(self, key: str, value: Any) -> None:
        """Remember `value`: a str, bool, int, float or list of them; None forgets the key."""
        if self._values.get(key) == value:
            return
        if value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value
        self.on_change()

    def save(self) -> None:
        """Write what is remembered, unless it was reset; may be called from any thread."""
        import tomli_w

        with self._lock:
            if self._backup is not None:
                return
            try:
                write_atomic(self.path, tomli_w.dumps(dict(self._values)))
            except OSError as error:
                _log.warning("Settings could not be written to %s: %s", self.path, error)

    def reset(self) -> Path:
        """Let the next start begin with no settings; until then nothing changes.

        Returns:
            The copy that is kept of them.

        Raises:
            OSError: if there can be no copy; then nothing is reset.
        """
        self.save()
        with self._lock:
            backup = set_aside(self.path)
            self._backup = backup
        return backup

    def take_back_reset(self) -> None:
        """Remember again what `reset` would have forgotten."""
        self._backup = None
        self.save()

    def remember_project(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        now = datetime.now().astimezone().isoformat(timespec="minutes")
        others = [recent for recent in self.recent() if recent.path != path]
        self._set_recent([Recent(path, now), *others][:RECENT_LIMIT])

    def recent(self) -> list[Recent]:
        """Recently opened projects, newest first; some may be gone."""
        opened = dict(_split(text) for text in self.texts("recent.opened"))
        return [Recent(Path(name), opened.get(name, "")) for name in self.texts("recent") if name]

    def replace_project(self, path: Path, found: Path | None = None) -> None:
        """Forget a recent project, or put where it was `found` in its place."""
        others = [name for name in self.texts("recent") if name != str(found)]
        names = (str(found) if name == str(path) and found else name for name in others)
        self.set("recent", [name for name in names if found or name != str(path)])

    def recent_projects(self) -> Iterator[Path]:
        """Recently opened projects that still exist, newest first."""
        return (recent.path for recent in self.recent() if recent.path.is_file())

    def forget_recent(self) -> None:
        """Begin the list of recent projects anew; the projects stay where they are."""
        self._set_recent([])

    def _set_recent(self, recent: Sequence[Recent]) -> None:
        self.set("recent", [str(one.path) for one in recent])
        self.set("recent.opened", [f"{one.opened} {one.path}" for one in recent if one.opened])

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _log.warning("Settings in %s were set aside: %s", self.path, error)
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(".damaged.toml"))
        except OSError as error:
            _log.warning("%s: %s", self.path, error)


def _split(text: str) -> tuple[str, str]:
    when, _, name = text.partition(" ")
    return name, when
