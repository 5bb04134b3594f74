"""An evaluation as one HTML file: figures, matrix, diagram and the mistakes with their pictures.

The file asks for nothing from elsewhere, holds no script, and shows names letter by letter.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import Cancel, Progress, never_cancelled, no_progress
from landmark_gui.core.evaluation import texts
from landmark_gui.core.evaluation.answers import CropAnswer, Evaluation, Key
from landmark_gui.core.evaluation.calibration import Reliability, calibration_of
from landmark_gui.core.evaluation.changes import Changes
from landmark_gui.core.evaluation.figures import Figures, figures_of
from landmark_gui.core.evaluation.html_style import STYLE
from landmark_gui.core.evaluation.mistakes import mistakes
from landmark_gui.core.evaluation.pictures import crop_pictures
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.shares import percent

MOST_PICTURES = 300
"""Mistakes that are shown; a report of more would take a browser long to open."""
_DIAGRAM = 260
"""Side of the reliability diagram in CSS pixels."""


@dataclass(frozen=True)
class About:
    """What a report says besides the evaluation.

    Attributes:
        project: its name.
        made: when the model was asked.
        earlier: the name of the model that it is compared with; "" for none.
    """

    project: str
    made: datetime
    earlier: str = ""
    changes: Changes | None = field(default=None, repr=False)


def write_html(
    path: Path,
    evaluation: Evaluation,
    about: About,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> None:
    """Write the report.

    Raises:
        OSError: if the file cannot be written; an older one is then untouched.
        Cancelled: while pictures are cut; nothing is written then.
    """
    shown = mistakes(evaluation.answers)[:MOST_PICTURES]
    pictures = crop_pictures(shown, progress, cancel)
    write_atomic(path, html_of(evaluation, about, pictures))


def html_of(evaluation: Evaluation, about: About, pictures: Mapping[Key, bytes]) -> str:
    """The report as text.

    Args:
        pictures: JPEG of the crops of mistakes, by the key of the answer.
    """
    figures = figures_of(evaluation)
    title = tr("Evaluation of {model}", model=evaluation.model.name)
    parts = [
        _head(evaluation, about, figures),
        _changes(about),
        _classes(figures),
        _matrix(figures),
        _reliability(evaluation),
        _mistakes(evaluation, pictures),
        _left_out(evaluation),
    ]
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{_text(tr("en"))}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(filter(None, parts))}\n</main></body></html>\n"
    )


def _head(evaluation: Evaluation, about: About, figures: Figures) -> str:
    calibration = calibration_of(evaluation)
    facts = (
        (tr("Model"), evaluation.model.name),
        (tr("Project"), about.project),
        (tr("Asked about"), texts.part_name(evaluation.part)),
        (tr("Date"), f"{about.made:%Y-%m-%d %H:%M}"),
    )
    lines = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts)
    cards = "".join(
        f'<div class="card" title="{_text(meaning)}"><b>{_text(value)}</b>{_text(name)}</div>'
        for name, value, meaning in texts.figure_lines(figures, calibration)
    )
    return (
        f"<header><h1>{_text(texts.headline(figures))}</h1>"
        f"<p>{_text(texts.meaning(figures, evaluation.part))}</p>"
        f'<dl>{lines}</dl><div class="cards">{cards}</div></header>'
    )


def _changes(about: About) -> str:
    if about.changes is None:
        return ""
    title = tr("What changed since {model}", model=about.earlier)
    return _section(title, f"<p>{_text(texts.changes_text(about.changes))}</p>")


def _classes(figures: Figures) -> str:
    titles = (tr("Landmark"), tr("Precision"), tr("Recall"), tr("F1"), tr("Examples"))
    head = "".join(f"<th>{_text(title)}</th>" for title in titles)
    rows = "".join(
        f"<tr><th>{_text(of.name)}</th><td>{texts.share_text(of.precision)}</td>"
        f"<td>{texts.share_text(of.recall)}</td>"
        f"<td>{'–' if of.f1 is None else f'{of.f1:.2f}'}</td><td>{of.support}</td></tr>"
        for of in figures.classes
    )
    table = f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return _section(tr("Landmark by landmark"), table)


def _matrix(figures: Figures) -> str:
    names = [of.name for of in figures.classes]
    head = "".join(f"<th><span>{_text(name)}</span></th>" for name in names)
    rows = []
    for given, counts in enumerate(figures.matrix):
        total = sum(counts)
        made = (_cell(names, given, said, count, total) for said, count in enumerate(counts))
        rows.append(f"<tr><th>{_text(names[given])}</th>{''.join(made)}</tr>")
    note = tr("Rows: what it is. Columns: what the model says.")
    table = f'<table class="matrix"><tr><td></td>{head}</tr>{"".join(rows)}</table>'
    return _section(tr("What was taken for what"), f"<p>{_text(note)}</p>{table}")


def _cell(names: Sequence[str], given: int, said: int, count: int, total: int) -> str:
    share = count / total if total else 0.0
    kind = "hit" if given == said else "miss"
    told = f"{names[given]} → {names[said]}: {count}"
    strength = f"{0.12 + 0.88 * share if count else 0:.2f}"
    dark = " strong" if share > 0.55 else ""
    return (
        f'<td class="{kind}{dark}" style="--share:{strength}" title="{_text(told)}">'
        f"{count or ''}</td>"
    )


def _reliability(evaluation: Evaluation) -> str:
    calibration = calibration_of(evaluation)
    if calibration is None:
        return ""
    diagrams = [_diagram(calibration.now, tr("as the model answers"))]
    if calibration.before is not None:
        diagrams.insert(0, _diagram(calibration.before, tr("before temperature scaling")))
    words = f"<p>{_text(texts.calibration_text(calibration))}</p>"
    return _section(
        tr("Whether it is right as often as it is sure"),
        f'{words}<div class="diagrams">{"".join(diagrams)}</div>',
    )


def _diagram(reliability: Reliability, name: str) -> str:
    side = _DIAGRAM
    bars = "".join(
        f'<rect x="{part.low * side + 1:.1f}" y="{(1 - part.accuracy) * side:.1f}" '
        f'width="{(part.high - part.low) * side - 2:.1f}" height="{part.accuracy * side:.1f}">'
        f"<title>{part.confidence:.0%} → {part.accuracy:.0%} ({part.count})</title></rect>"
        for part in reliability.bins
        if part.count
    )
    axes = (
        f'<line x1="0" y1="{side}" x2="{side}" y2="0"/>'
        f'<text x="0" y="{side + 16}">{_text(tr("confidence"))} 0%</text>'
        f'<text x="{side}" y="{side + 16}" text-anchor="end">100%</text>'
    )
    return (
        f'<figure><svg viewBox="-4 -4 {side + 8} {side + 26}" width="{side}" role="img">'
        f'<rect class="ground" width="{side}" height="{side}"/>{bars}{axes}</svg>'
        f"<figcaption>{_text(name)}: {reliability.error:.1%}</figcaption></figure>"
    )


def _mistakes(evaluation: Evaluation, pictures: Mapping[Key, bytes]) -> str:
    wrong = mistakes(evaluation.answers)
    if not wrong:
        return _section(tr("Mistakes"), f"<p>{_text(tr('There is none.'))}</p>")
    count = ntr("{n} mistake, the surest first", "{n} mistakes, the surest first", len(wrong))
    figures = "".join(
        _mistake(answer, pictures.get(answer.key)) for answer in wrong[:MOST_PICTURES]
    )
    rest = ""
    if len(wrong) > MOST_PICTURES:
        more = tr("… and {n} more", n=len(wrong) - MOST_PICTURES)
        rest = f"<p>{_text(more)}</p>"
    return _section(count, f'<div class="gallery">{figures}</div>{rest}')


def _mistake(answer: CropAnswer, picture: bytes | None) -> str:
    name = PurePosixPath(answer.crop.source).name
    shown, sure = '<div class="missing"></div>', percent(answer.confidence)
    if picture is not None:
        data = base64.b64encode(picture).decode("ascii")
        shown = f'<img src="data:image/jpeg;base64,{data}" alt="{_text(answer.true)}">'
    return (
        f"<figure>{shown}<figcaption>"
        f'<b class="said">{_text(answer.predicted)}</b> {sure}<br>'
        f"{_text(tr('is {landmark}', landmark=answer.true))}<br>"
        f'<small title="{_text(answer.crop.source)}">{_text(name)}</small>'
        "</figcaption></figure>"
    )


def _left_out(evaluation: Evaluation) -> str:
    lines = [_text(line) for line in texts.left_out_lines(evaluation)]
    lines += [f"{_text(path)}: {_text(reason)}" for path, reason in evaluation.skipped]
    if not lines:
        return ""
    return _section(tr("Left out"), _list(lines))


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def _section(title: str, content: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{content}</section>"


def _text(text: str) -> str:
    """As HTML shows it letter by letter; names of files that are no text have marks in them."""
    return html.escape(text.encode("utf-8", "replace").decode("utf-8"))
