"""What happens when a slot fails: the person is told, the log keeps the traceback."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

LOG_BYTES = 500_000


def log_file(folder: Path) -> Path:
    """Where warnings and tracebacks of the window go."""
    return folder / "landmark-gui.log"


def watch(window: MainWindow, folder: Path) -> None:
    """Log to `folder`, and show failures that nobody caught as a banner of the window.

    A failed slot ends that one action: the document is consistent, since an edit is applied
    whole or not at all, and what was edited before is on disk.
    """
    path = log_file(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:  # no log is no reason not to start
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger(__name__).error("Not caught", exc_info=(kind, error, trace))
        text = tr(
            "That did not work ({detail}). Your boxes are saved. The details are in {path}.",
            detail=f"{kind.__name__}: {error}",
            path=path,
        )
        window.show_message(text, "danger")

    sys.excepthook = hook
