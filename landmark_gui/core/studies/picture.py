"""A study as a picture: a dot with its interval for each variant, and the chance level."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from landmark_gui.core.i18n import tr
from landmark_gui.core.studies.result import Outcome, StudyResult
from landmark_gui.core.studies.texts import figure, sentence, variant_label

WIDTH, ROW, TOP, BOTTOM = 760, 34, 34, 64
LEFT, RIGHT = 210, 130
"""Of the axis: names stand on the left of it, figures on the right. All in pixels."""
LINE = 92
"""Characters of a line under the axis."""

_STYLE = """
    text { font-size: 14px;
      font-family: system-ui, "Segoe UI", "Noto Sans", "Noto Sans KR", sans-serif; }
    .paper { fill: #ffffff; } .ink { fill: #1f2328; } .faint { fill: #59636e; }
    .grid { stroke: #d8dee4; } .chance { stroke: #9a6700; stroke-dasharray: 5 4; }
    .chance-name { fill: #9a6700; }
    .dot { fill: #0969da; } .bar { stroke: #0969da; stroke-width: 2; }
    .won .dot { fill: #1a7f37; } .won .bar { stroke: #1a7f37; } .won text { font-weight: 600; }
    .harms .dot { fill: #cf222e; } .harms .bar { stroke: #cf222e; }
    .failed .ink { fill: #cf222e; }
    .small { font-size: 12px; }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #16191d; } .ink { fill: #e6edf3; } .faint { fill: #9aa4af; }
      .grid { stroke: #343b44; } .chance { stroke: #d29922; } .chance-name { fill: #d29922; }
      .dot { fill: #58a6ff; } .bar { stroke: #58a6ff; }
      .won .dot { fill: #3fb950; } .won .bar { stroke: #3fb950; }
      .harms .dot { fill: #ff7b72; } .harms .bar { stroke: #ff7b72; }
      .failed .ink { fill: #ff7b72; }
    }
"""


def chart_svg(result: StudyResult) -> str:
    """The result as an SVG document, light or dark as its reader is."""
    lines = list(_wrapped(sentence(result)))
    keys = list(dict.fromkeys([*result.outcomes, *result.failures]))
    bottom = TOP + ROW * max(1, len(keys))
    height = bottom + BOTTOM + 18 * len(lines)
    body = [
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
        *_axis(bottom),
        *_chance(result.chance, bottom),
        *(_row(result, key, place) for place, key in enumerate(keys)),
        _text(LEFT, bottom + 40, tr("Accuracy, with its 95 % interval"), "faint small"),
        *(_text(16, bottom + 66 + 18 * n, line, "ink") for n, line in enumerate(lines)),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">'
    )
    title = f"<title>{escape(sentence(result))}</title>"
    style = f"<style>{_STYLE}</style>"
    return "\n".join([head, title, style, *body, "</svg>", ""])


def _axis(bottom: int) -> Iterator[str]:
    for tenth in range(0, 11, 2):
        x = _x(tenth / 10)
        yield _line(x, TOP - 8, x, bottom, "grid")
        yield _text(x, bottom + 18, f"{tenth / 10:g}", "faint small", "middle")


def _chance(chance: float, bottom: int) -> Iterator[str]:
    x = _x(chance)
    yield _line(x, TOP - 8, x, bottom, "chance")
    yield _text(x, TOP - 14, tr("chance"), "chance-name small", "middle")


def _row(result: StudyResult, key: str, place: int) -> str:
    outcome, y = result.outcomes.get(key), TOP + ROW * place + ROW / 2
    failed = key in result.failures
    told = tr("failed") if failed or outcome is None else figure(outcome.accuracy)
    parts = [
        _text(LEFT - 12, y + 5, variant_label(key), "ink", "end"),
        *(() if outcome is None else _dot(outcome, y)),
        _text(WIDTH - RIGHT + 14, y + 5, told, "ink"),
    ]
    harms = outcome is not None and outcome.harms
    kind = "won" if key == result.winner else "harms" if harms else "tried"
    return f'<g class="{"failed" if failed else kind}">{"".join(parts)}</g>'


def _dot(outcome: Outcome, y: float) -> Iterator[str]:
    """A dot on its interval."""
    accuracy = outcome.accuracy
    low = _x(max(0.0, accuracy.value - accuracy.spread))
    high = _x(min(1.0, accuracy.value + accuracy.spread))
    yield _line(low, y, high, y, "bar")
    for end in (low, high):
        yield _line(end, y - 5, end, y + 5, "bar")
    yield f'<circle class="dot" cx="{_x(accuracy.value):.1f}" cy="{y:g}" r="5"/>'


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:g}" x2="{x2:.1f}" y2="{y2:g}"/>'


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def _wrapped(words: str) -> Iterator[str]:
    """Lines of at most `LINE` characters; a wide script has half as many."""
    line, room = "", LINE
    for word in words.split():
        width = sum(2 if ord(character) > 0x1100 else 1 for character in word) + 1
        if width > room and line:
            yield line
            line, room = "", LINE
        line, room = f"{line} {word}".strip(), room - width
    if line:
        yield line
