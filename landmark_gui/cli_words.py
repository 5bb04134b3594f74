"""What argparse says itself, in the language that we speak."""

from __future__ import annotations

import gettext

from landmark_gui.core.i18n import DOMAIN, tr
from landmark_gui.core.resources import resource


def translate_argparse() -> None:
    """Let the standard library take its words from our catalogue, as it does from any."""
    gettext.bindtextdomain(DOMAIN, str(resource("translations")))
    gettext.textdomain(DOMAIN)


def words_of_argparse() -> tuple[str, ...]:
    """Those that a person may come to see; named here for the catalogue."""
    return (
        tr("usage: "),
        tr("positional arguments"),
        tr("options"),
        tr("show this help message and exit"),
        tr("show program's version number and exit"),
        tr("%(prog)s: error: %(message)s\n"),
        tr("argument %(argument_name)s: %(message)s"),
        tr("the following arguments are required: %s"),
        tr("one of the arguments %s is required"),
        tr("not allowed with argument %s"),
        tr("expected one argument"),
        tr("expected at least one argument"),
        tr("unrecognized arguments: %s"),
        tr("ambiguous option: %(option)s could match %(matches)s"),
        tr("invalid %(type)s value: %(value)r"),
        tr("invalid choice: %(value)r (choose from %(choices)s)"),
    )
