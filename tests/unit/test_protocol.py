from __future__ import annotations

import json
import math

import pytest

from landmark_gui.core.protocol import decode, encode


def test_an_event_is_one_line_and_comes_back() -> None:
    event = {"event": "log", "message": "경복궁 ×\n2\r\u2028", "rows": [[1, 2], []], "best": True}
    line = encode(event)
    assert len(line.split("\n")) == 1
    assert decode(line) == event


@pytest.mark.parametrize(
    ("value", "reason"), [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf")]
)
def test_what_json_cannot_say_becomes_null_with_a_reason(value: float, reason: str) -> None:
    sent = {"event": "epoch", "loss": value, "metrics": {"f1": value, "history": [1.0, value]}}
    assert json.loads(encode(sent)) == {
        "event": "epoch",
        "loss": None,
        "loss_reason": reason,
        "metrics": {"f1": None, "f1_reason": reason, "history": [1.0, None]},
    }


@pytest.mark.parametrize("line", ["", "Epoch 1/5", "5", "null", "[1]", '{"event"', '{"x": 1}'])
def test_a_stray_line_is_no_event(line: str) -> None:
    assert decode(line) is None


def test_a_command_is_decoded_as_well() -> None:
    assert decode('{"command":"cancel"}\r\n') == {"command": "cancel"}
