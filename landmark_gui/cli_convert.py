"""`landmark-gui convert`: a model in a form that other programs read."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from landmark_gui import cli_arguments
from landmark_gui.cli_output import Result, progress_of, refusing, tell_shortage
from landmark_gui.core.disk_space import of_model_export
from landmark_gui.core.i18n import tr
from landmark_gui.core.model_export import FORMS, ModelExport, form_of


def add_options(command: argparse.ArgumentParser) -> None:
    """MODEL, DEST, and what they become."""
    cli_arguments.add_model(command)
    command.add_argument(
        "dest",
        metavar="DEST",
        type=Path,
        help=tr("the file to write, or for savedmodel the folder"),
    )
    command.add_argument(
        "--format", choices=FORMS, help=tr("(default: what the ending of DEST says)")
    )
    command.add_argument(
        "--project",
        type=Path,
        metavar="PROJECT",
        help=tr("try it on the crops of this project; int8 needs them"),
    )


def convert(arguments: argparse.Namespace) -> Result:
    """Write a model in another form, tried against the original."""
    with refusing(arguments):
        asked = ModelExport(
            arguments.model,
            arguments.dest,
            arguments.format or form_of(arguments.dest),
            arguments.project,
        )
    from landmark_gui.training.exporting import export_model  # TensorFlow: once all is checked

    tell_shortage(of_model_export(asked.model, asked.dest))
    exported = export_model(asked, _Teller())
    return exported.to_dict(), "\n".join(exported.sentences())


class _Teller:
    """What goes on, on stderr."""

    def __init__(self) -> None:
        self._progress = progress_of(tr("photos"))

    def __call__(self, event: dict[str, Any]) -> None:
        if event["event"] == "preparing":
            self._progress(event["done"], event["total"])
        elif event["event"] == "state":
            words = {
                "exporting": tr("Exporting the model…"),
                "checking": tr("Trying it against the original…"),
            }
            if event["state"] in words:
                print(words[event["state"]], file=sys.stderr, flush=True)
