"""How a page of the manual looks: Markdown in the type and colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QImageReader,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from landmark_gui.gui import theme

_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_HEADINGS = ((1.85, 0.0), (1.35, 1.6), (1.1, 1.2))
"""Size and space above of each level of heading, in times the size of the text."""
_PICTURE = "\ufffc"
"""How a picture stands in the text of a document."""
_GAP = 0.75
"""The space below a paragraph, in times the size of the text."""


@dataclass(frozen=True)
class Look:
    """In which size and width a page is shown.

    Attributes:
        size: of the letters of the text, in pixels.
        points: in a pixel.
        width: of the column, which no picture exceeds.
        ratio: pixels of the screen in one of ours.
    """

    size: float
    points: float
    width: int
    ratio: float


@dataclass
class DressedPage:
    """A page as it is shown.

    Attributes:
        headings: where the headings begin in the document, in their order.
    """

    document: QTextDocument
    headings: list[int]


def dress(markdown: str, folder: Path, look: Look) -> DressedPage:
    """Make the document of a page, with its pictures; on any thread. It then belongs to the GUI's.

    Args:
        folder: where the pictures lie.
    """
    document = QTextDocument()
    font = document.defaultFont()
    font.setPointSizeF(look.size * look.points)
    document.setDefaultFont(font)
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    document.setDocumentMargin(0)
    for block in _blocks(document):
        _dress_block(block, look)
        _dress_pieces(block, folder, look)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame, look)
    headings = [b.position() for b in _blocks(document) if b.blockFormat().headingLevel()]
    application = QCoreApplication.instance()
    if application is not None:
        document.moveToThread(application.thread())
    return DressedPage(document, headings)


def set_margins(document: QTextDocument, side: int, above: int, below: int) -> None:
    """Leave the column of the text its place in the middle."""
    form = document.rootFrame().frameFormat()
    form.setLeftMargin(side)
    form.setRightMargin(side)
    form.setTopMargin(above)
    form.setBottomMargin(below)
    document.rootFrame().setFrameFormat(form)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _dress_block(block: QTextBlock, look: Look) -> None:
    form, level = block.blockFormat(), block.blockFormat().headingLevel()
    is_code, is_picture = _is_code(block), block.text() == _PICTURE
    in_table = QTextCursor(block).currentTable() is not None
    form.setLineHeight(100 if is_code or is_picture else 130 if in_table else 140, _PROPORTIONAL)
    form.setTopMargin(0)
    form.setBottomMargin(0 if in_table or is_code else look.size * _GAP)
    if level:
        form.setTopMargin(look.size * _heading(level)[1])
        form.setLineHeight(115, _PROPORTIONAL)
    elif is_code:
        form.setBackground(QColor(theme.colors().raised))
        form.setNonBreakableLines(False)
        form.setBottomMargin(0 if _is_code(block.next()) else look.size)
    elif block.textList() is not None:
        form.setBottomMargin(look.size * _GAP / 2)
    elif form.hasProperty(QTextFormat.Property.BlockQuoteLevel):
        form.setLeftMargin(look.size * 1.5)
    QTextCursor(block).setBlockFormat(form)


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _heading(level: int) -> tuple[float, float]:
    return _HEADINGS[min(level, len(_HEADINGS)) - 1]


def _dress_pieces(block: QTextBlock, folder: Path, look: Look) -> None:
    """What stands in a line and looks otherwise: headings, code, pictures."""
    level, places, walk = block.blockFormat().headingLevel(), [], block.begin()
    while not walk.atEnd():  # first read, then changed: a change makes other pieces of them
        piece = walk.fragment()
        places.append((piece.position(), piece.length(), piece.charFormat()))
        walk += 1
    for start, length, form in places:
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        if form.isImageFormat():
            cursor.setCharFormat(_picture(block.document(), form.toImageFormat(), folder, look))
        elif level:
            cursor.setCharFormat(_heading_format(form, look, level))
        elif form.fontFixedPitch() or _is_code(block):
            cursor.mergeCharFormat(_code_format(look.size * look.points, _is_code(block)))


def _picture(
    document: QTextDocument, form: QTextImageFormat, folder: Path, look: Look
) -> QTextImageFormat:
    """Load a picture in its size, or as large as the column lets it be."""
    picture = QImageReader(str(folder / form.name())).read()
    shown = picture.size()
    if shown.width() > look.width:
        shown = shown.scaled(look.width, 10_000, Qt.AspectRatioMode.KeepAspectRatio)
    fine = picture.scaled(
        shown * look.ratio,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    kind = QTextDocument.ResourceType.ImageResource.value
    document.addResource(kind, QUrl(form.name()), fine)
    fitted = QTextImageFormat(form)
    fitted.setWidth(shown.width())
    fitted.setHeight(shown.height())
    return fitted


def _heading_format(form: QTextCharFormat, look: Look, level: int) -> QTextCharFormat:
    ours = QTextCharFormat(form)
    ours.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    ours.setFontPointSize(look.size * look.points * _heading(level)[0])
    ours.setFontWeight(QFont.Weight.DemiBold)
    return ours


def _code_format(size: float, is_block: bool) -> QTextCharFormat:
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    form = QTextCharFormat()
    form.setFontFamilies([fixed.family(), "monospace"])
    form.setFontPointSize(size * 0.92)
    if not is_block:
        form.setBackground(QColor(theme.colors().raised))
    return form


def _dress_table(table: QTextTable, look: Look) -> None:
    """A line below each row, and nothing else."""
    form = QTextTableFormat(table.format())
    form.setBorder(0)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
    form.setBorderCollapse(True)
    form.setCellSpacing(0)
    form.setCellPadding(look.size * 0.4)
    form.setBottomMargin(look.size)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(form)
    line = QBrush(QColor(theme.colors().border))
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            cell_form = QTextTableCellFormat(cell.format().toTableCellFormat())
            cell_form.setBottomBorder(1)
            cell_form.setBottomBorderBrush(line)
            cell_form.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            cell.setFormat(cell_form)
