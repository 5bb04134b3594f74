"""An argument parser that says what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from landmark_gui.core.i18n import tr

_CHOICE = re.compile(r"invalid choice: '?(?P<word>[^' ]*)'? \(choose from (?P<choices>.*)\)")


class Parser(argparse.ArgumentParser):
    """As argparse's, with a suggestion after a slip of the pen; its sub-commands are such, too."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, rest = super().parse_known_args(args, namespace)
        slip = next((word for word in rest if word.startswith("-")), "")
        if slip:
            known = [*self._option_string_actions]
            self.error(tr("there is no option {word}", word=slip) + _suggestion(slip, known))
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with 2."""
        slip = _CHOICE.search(message)
        if slip is not None:
            choices = re.findall(r"[^\s',]+", slip["choices"])
            message += _suggestion(slip["word"], choices)
        super().error(message)


def _suggestion(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word.partition("=")[0], list(known), 1)
    return " " + tr("(did you mean {word}?)", word=near[0]) if near else ""
