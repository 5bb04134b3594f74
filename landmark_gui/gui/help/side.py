"""Beside a page of the manual: the contents, or what a search has found."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.manual import Hit, Manual, Place, excerpt
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import heading, search_field
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.rows import dress_list, paint_row

_PLACE = Qt.ItemDataRole.UserRole
_LINES = Qt.ItemDataRole.UserRole + 1
_MOST = 60
"""Hits that are listed."""
_ROW = 26


class Contents(QTreeWidget):
    """The pages under the headings of the index, each with its sections.

    Signals:
        chosen(Place)
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manual_contents")
        self.setAccessibleName(tr("Contents"))
        self.setHeaderHidden(True)
        self._items: dict[Place, QTreeWidgetItem] = {}
        self.setRootIsDecorated(False)
        self.setIndentation(theme.L)
        self.setUniformRowHeights(True)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_manual(self, manual: Manual) -> None:
        self.clear()
        self._items.clear()
        for title, pages in manual.contents:
            group = QTreeWidgetItem(self, [title])
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.setSizeHint(0, QSize(0, _ROW))
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for page in pages:
                item = self._add(group, page.title, Place(page.name))
                for section in page.sections[1:]:
                    if section.level == 2:
                        self._add(item, section.title, section.place)
            group.setExpanded(True)

    def show_place(self, place: Place) -> None:
        """Select a page, or the section of it that is meant, and open its sections alone."""
        for known, item in self._items.items():
            if not known.anchor:
                item.setExpanded(known.page == place.page)
        at = self._items.get(place) or self._items.get(Place(place.page))
        self.setCurrentItem(at)  # type: ignore[arg-type]  # None for the index, which is in no list
        if at is not None:
            self.scrollToItem(at)

    def _add(self, parent: QTreeWidgetItem, title: str, place: Place) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [title])
        item.setSizeHint(0, QSize(0, _ROW))
        item.setData(0, _PLACE, place)
        item.setToolTip(0, literal(title))
        self._items[place] = item
        return item

    def _choose(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, _PLACE)
        if place is None:
            item.setExpanded(not item.isExpanded())
        else:
            self.chosen.emit(place)


class Hits(QListWidget):
    """What a search has found: the section, and below it its page and the words round the hit.

    Signals:
        chosen(Place)
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        dress_list(self, "manual_hits", tr("What was found"))
        self.setItemDelegate(_HitDelegate(self))
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_hits(self, hits: list[Hit], words: str) -> None:
        self.clear()
        for hit in hits[:_MOST]:
            section = hit.section
            below = excerpt(section.text, words)
            title = section.title if section.level == 1 else f"{hit.page_title}: {section.title}"
            item = QListWidgetItem(title, self)
            item.setData(_PLACE, section.place)
            item.setData(_LINES, (title, below))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}. {below}")
            item.setToolTip(literal(below))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_PLACE))


class _HitDelegate(QStyledItemDelegate):
    """Paints the title of a section, and two lines of what stands there."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, option.fontMetrics.height() * 3 + 2 * theme.M)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        area = paint_row(painter, option).adjusted(theme.M, theme.S, -theme.M, -theme.S)
        title, below = index.data(_LINES)
        line = option.fontMetrics.height()
        painter.setPen(QColor(theme.colors().text))
        cut = option.fontMetrics.elidedText(title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, cut)
        painter.setPen(QColor(theme.colors().muted))
        rest = QRect(area.left(), area.top() + line, area.width(), 2 * line)
        painter.drawText(rest, int(Qt.TextFlag.TextWordWrap), below)
        painter.restore()


class Side(QWidget):
    """The field to search in, above the contents or the hits.

    Signals:
        chosen(Place): a page or section of the contents.
        found(Place): one of the hits.
    """

    chosen = Signal(object)
    found = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._manual: Manual | None = None
        self.field = search_field("manual_search", tr("Search the manual"))
        self.contents, self.hits = Contents(), Hits()
        self._count = heading("", "muted")
        self._stack = QStackedWidget()
        for part in (self.contents, self.hits):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, 0, theme.M)
        for widget in (self.field, self._count, self._stack):
            layout.addWidget(widget)
        self._count.hide()
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._first)
        self.contents.chosen.connect(self.chosen)
        self.hits.chosen.connect(self.found)

    def show_manual(self, manual: Manual) -> None:
        self._manual = manual
        self.contents.show_manual(manual)
        self._search(self.field.text())

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    def _search(self, text: str) -> None:
        words = text.strip()
        hits = self._manual.search(words) if self._manual is not None else []
        self.hits.show_hits(hits, words)
        said = ntr("{n} place", "{n} places", len(hits)) if hits else tr("Nothing found")
        self._count.setText(said)
        self._count.setVisible(bool(words))
        self._stack.setCurrentWidget(self.hits if words else self.contents)

    def _first(self) -> None:
        if self.hits.count():
            self.hits.setCurrentRow(0)
            self.hits.setFocus()
            self.found.emit(self.hits.item(0).data(_PLACE))
