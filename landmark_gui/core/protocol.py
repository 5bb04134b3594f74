"""The worker's language: one JSON object a line, on a pipe."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def encode(event: Mapping[str, Any]) -> str:
    """An event as one line without its newline.

    JSON has no NaN and no infinity: such a value becomes null, and `<key>_reason` says which.
    """
    return json.dumps(finite(event), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def decode(line: str) -> dict[str, Any] | None:
    """The event of a line, or None for a line that is not one (a stray print)."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and ("event" in event or "command" in event) else None


def finite(value: Any) -> Any:
    """`value` without NaN and infinity, as `encode` writes it."""
    if isinstance(value, Mapping):
        cleaned = {}
        for key, item in value.items():
            cleaned[key] = finite(item)
            if isinstance(item, float) and not math.isfinite(item):
                cleaned[f"{key}_reason"] = str(item)
        return cleaned
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
