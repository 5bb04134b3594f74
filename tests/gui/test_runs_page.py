"""The Runs page: its table, what is said of chosen runs, and what can be done with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QToolButton

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.project_opening import open_folder, read_project
from landmark_gui.core.run_folder import RunFolder
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.runs import RunsPage
from landmark_gui.gui.pages.runs.table_model import Column
from landmark_gui.gui.pages.train import TrainPage
from landmark_gui.jobs.worker_process import WorkerOutcome

CONFIG = TrainConfig("p.landmarks", "m.landmark-model", recipe="scratch")
HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.8], "val_accuracy": [0.5, 0.75]}
FIRST, SECOND, THIRD = (
    "20260101-100000-000000",
    "20260102-100000-000000",
    "20260103-100000-000000",
)


@pytest.fixture
def context(qapp, tmp_path: Path) -> Iterator[AppContext]:
    made = AppContext(Settings(tmp_path / "settings.toml"))
    yield made
    made.shutdown()
    if made.document is not None:
        made.document.close()


@pytest.fixture
def document(qtbot, context, photo_folder) -> Document:
    folder = photo_folder(each=2)
    document = Document(open_folder(folder, folder.parent))
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
    context.set_document(document)
    return document


@pytest.fixture
def keep(document: Document) -> Callable[..., Path]:
    """Keeps a run, complete unless it is given a state."""

    def kept(
        id_: str, answers: str = "+++-", state: str = "", note: str = "", **values: Any
    ) -> Path:
        folder = document.data_folder / "runs" / (f"{id_}.tmp" if state else id_)
        folder.mkdir(parents=True)
        told = [
            {"photo": n, "box": None, "true": "A", "predicted": "A" if a == "+" else "B"}
            for n, a in enumerate(answers)
        ]
        documents: dict[str, Any] = {
            "config": replace(CONFIG, **values).to_dict(),
            "history": HISTORY,
            "data": {"hash": "abc"},
        }
        if state:
            documents["state"] = {"state": state, "message": "no memory"}
        else:
            accuracy = answers.count("+") / len(answers)
            figures = {"accuracy": accuracy, "examples": len(answers), "seconds": 75.0}
            documents["metrics"] = {**figures, "best_epoch": 2, "chance": 0.5}
            documents["answers"] = [{**answer, "confidence": 0.5} for answer in told]
            (folder / "model.landmark-model").write_bytes(b"a model")
        for name, value in documents.items():
            (folder / f"{name}.json").write_text(json.dumps(value))
        if note:
            (folder / "notes.txt").write_text(note)
        return folder

    return kept


@pytest.fixture
def show(qtbot, context) -> Callable[[int], RunsPage]:
    """The page, once it has read so many runs."""

    def shown(count: int) -> RunsPage:
        page = RunsPage(context)
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        qtbot.waitUntil(lambda: page.model.rowCount() == count)
        return page

    return shown


def row(page: RunsPage, number: int) -> list[str]:
    return [page.model.index(number, column).data() for column in Column]


def ids(page: RunsPage) -> list[str]:
    return [page.model.run(number).id for number in range(page.model.rowCount())]


def test_without_a_project_or_a_run_the_page_says_what_will_be_here(qtbot, context, document):
    page = RunsPage(context)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._empty)
    with qtbot.waitSignal(context.page_requested) as asked:
        page._empty.findChild(QPushButton, "empty_state_action").click()
    assert asked.args == ["train"]


def test_the_table_says_what_a_run_came_to(keep, show):
    keep(FIRST, "+" * 21 + "-" * 7, note="tighter boxes")
    keep(SECOND, state="cancelled")
    keep(THIRD, state="failed")
    page = show(3)
    assert row(page, 2)[1:7] == ["scratch, modern", "crops", "2", "75% (57–87)", "75%", "75 s"]
    assert row(page, 2)[Column.NOTE] == "tighter boxes"
    assert row(page, 1)[Column.ACCURACY] == "stopped after 2 epochs"
    assert row(page, 0)[Column.ACCURACY] == "failed: no memory"
    assert page.summary.text().startswith("3 runs")


def test_a_damaged_run_is_listed_and_hurts_nobody(keep, show):
    keep(FIRST)
    (keep(SECOND) / "metrics.json").write_text("{")
    page = show(2)
    assert row(page, 0)[Column.ACCURACY].startswith("damaged: metrics.json cannot be read")
    page.view.select([SECOND])
    assert not page.deeds.use.isEnabled() and page.deeds.delete.isEnabled()


def test_columns_are_sorted_with_what_has_no_value_last(keep, show):
    keep(FIRST, "++--")
    keep(SECOND, state="cancelled")
    keep(THIRD, "++++")
    page = show(3)
    assert ids(page) == [THIRD, SECOND, FIRST], "the newest first"
    page.view.sortByColumn(Column.ACCURACY, Qt.SortOrder.AscendingOrder)
    assert ids(page) == [FIRST, THIRD, SECOND]
    page.view.sortByColumn(Column.ACCURACY, Qt.SortOrder.DescendingOrder)
    assert ids(page) == [THIRD, FIRST, SECOND]


def test_the_filter_keeps_what_is_chosen(keep, show):
    keep(FIRST, note="with Mina's boxes")
    keep(SECOND)
    page = show(2)
    page.view.select([FIRST])
    page.search.setText("scratch MINA")
    assert ids(page) == [FIRST] and [run.id for run in page.view.selected()] == [FIRST]
    page.search.clear()
    assert len(ids(page)) == 2 and [run.id for run in page.view.selected()] == [FIRST]


def test_columns_and_order_are_remembered(qtbot, keep, show, context):
    keep(FIRST)
    page = show(1)
    page.view.horizontalHeader().resizeSection(Column.RECIPE, 222)
    hide = next(a for a in page.view.column_menu().actions() if a.text() == "Disk")
    hide.setChecked(False)
    page.view.sortByColumn(Column.NOTE, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: bool(context.settings.get("runs.columns", "")))
    again = show(1)
    header = again.view.horizontalHeader()
    assert header.sectionSize(Column.RECIPE) == 222 and header.isSectionHidden(Column.SIZE)
    assert header.sortIndicatorSection() == Column.NOTE


def test_a_note_is_written_in_place(qtbot, keep, show):
    folder = keep(FIRST)
    page = show(1)
    page.view.select([FIRST])
    page.view.setFocus()
    page.deeds.note.trigger()
    editor = page.view.findChild(type(page.search))
    assert editor is not None
    activated: list[object] = []
    page.view.activated_run.connect(activated.append)
    editor.setText("  the good one ")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row(page, 0)[Column.NOTE] == "the good one")
    assert not activated  # Enter ends the note; only the next one is for the run
    assert (folder / "notes.txt").read_text() == "the good one"


def test_a_note_is_written_in_peace_while_the_run_goes_on(qtbot, keep, show):
    folder = keep(FIRST, state="running")
    page = show(1)
    page.view.select([FIRST])
    page.view.setFocus()
    page.deeds.note.trigger()
    editor = page.view.findChild(type(page.search))
    editor.setText("half a sen")
    longer = {name: [*values, 0.25] for name, values in HISTORY.items()}
    (folder / "history.json").write_text(json.dumps(longer))
    page.refresh()
    qtbot.waitUntil(page._look_again.isActive)
    assert editor.text() == "half a sen" and row(page, 0)[Column.EPOCHS] == "2"
    finished = folder.rename(folder.with_suffix(""))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row(page, 0)[Column.NOTE] == "half a sen")
    assert row(page, 0)[Column.EPOCHS] == "3"
    assert finished.is_dir() and not folder.exists()


def test_a_note_that_cannot_be_written_is_told(qtbot, keep, show, monkeypatch):
    from landmark_gui.gui.pages.runs import actions

    def full(folder: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    keep(FIRST)
    page = show(1)
    monkeypatch.setattr(actions, "write_note", full)
    page.model.setData(page.model.index(0, Column.NOTE), "lost")
    qtbot.waitUntil(page.banner.isVisible)
    assert "No space left" in page.banner.text()
    assert row(page, 0)[Column.NOTE] == ""


def test_chosen_runs_are_drawn_and_compared(qtbot, keep, show):
    keep(FIRST, "+" * 20)
    keep(SECOND, "+" * 10 + "-" * 10, epochs=40)
    page = show(2)
    page.view.select([FIRST, SECOND])
    qtbot.waitUntil(lambda: "is better" in page.details.verdict.text())
    said = page.details.verdict.text()
    assert "the first alone is right on 0, the second alone on 10" in said
    assert "The second is better" in said, "the newer one stands above"
    table = page.details.differences
    assert [table.item(0, n).text() for n in range(3)] == ["Epochs", "40", "20"]
    assert table.rowCount() == 1
    drawn = page.details.loss._series
    assert [len(one.validation) for one in drawn] == [2, 2]
    assert len({one.color for one in drawn}) == 2
    assert len(page.details.intervals._runs) == 2
    page.view.select([FIRST])
    qtbot.waitUntil(lambda: "95%" not in page.details.verdict.text() and table.isHidden())
    qtbot.waitUntil(lambda: "between 84% and 100%" in page.details.verdict.text())


def test_the_differences_can_be_gone_through_by_key_and_are_read_out(qtbot, keep, show):
    keep(FIRST)
    keep(SECOND, epochs=40, dropout=0.5)
    page = show(2)
    page.view.select([FIRST, SECOND])
    table = page.details.differences
    qtbot.waitUntil(lambda: table.isVisible() and table.rowCount() == 2)
    assert table.focusPolicy() & Qt.FocusPolicy.TabFocus
    page.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.setCurrentCell(0, 0)
    without = table.viewport().grab().toImage()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(table, key)
    assert (table.currentRow(), table.currentColumn()) == (1, 1)
    said = table.item(1, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Epochs, 2026-01-02") and said.endswith(": 40")
    ring = table.visualItemRect(table.item(1, 1)).topLeft() + QPoint(1, 1)
    shown = table.viewport().grab().toImage()
    place = ring * shown.devicePixelRatio()
    assert shown.pixelColor(place) != without.pixelColor(place)
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus(), "Tab goes on"


@pytest.fixture
def second_window(context, document) -> Iterator[Document]:
    """The same project, which another window has open for writing."""
    second = Document(read_project(document.path))
    assert second.read_only
    context.set_document(second)
    yield second
    second.close()
    context.set_document(document)


def test_a_window_that_may_only_read_deletes_no_run_and_writes_no_note(
    qtbot, keep, show, second_window, monkeypatch
):
    asked: list[object] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box))
    folder = keep(FIRST, note="theirs")
    page = show(1)
    page.view.select([FIRST])
    page.view.setFocus()
    for deed in (page.deeds.delete, page.deeds.note):
        page.banner.hide()
        deed.trigger()
        assert "is open for reading only in this window" in page.banner.text()
        assert page.banner.isVisible() and not page.view.is_editing and not asked
    (run,) = page.view.selected()
    page.deeds.delete_runs([run])
    page.deeds.write_note(run, "mine")
    flags = page.model.flags(page.model.index(0, Column.NOTE))
    assert not flags & Qt.ItemFlag.ItemIsEditable
    page.refresh()
    qtbot.waitUntil(lambda: page._reading._running is None)
    assert folder.is_dir() and (folder / "notes.txt").read_text() == "theirs"


def test_a_run_that_diverged_is_no_run_to_go_on_with(qtbot, keep, show):
    keep(FIRST, state="cancelled")
    keep(SECOND, state="diverged")
    page = show(2)
    page.view.select([SECOND])
    assert not page.deeds.resume.isEnabled()
    page.view.select([FIRST])
    assert page.deeds.resume.isEnabled()


def test_the_charts_paint_in_both_themes_and_at_any_size(qtbot, keep, show):
    keep(FIRST)
    keep(SECOND, state="cancelled")
    page = show(2)
    page.view.select([FIRST, SECOND])
    for scheme in ("dark", "light"):
        theme.apply(scheme)
        for size in ((1100, 800), (420, 900)):
            page.resize(*size)
            assert not page.grab().isNull()
    colors = {page.model.index(n, Column.DATE).data(Qt.ItemDataRole.UserRole) for n in (0, 1)}
    assert len(colors) == 2 and None not in colors


def test_what_can_be_done_depends_on_the_run(keep, show):
    keep(FIRST)
    keep(SECOND, state="cancelled")
    page = show(2)
    enabled = {
        FIRST: (False, True, True, True, True),
        SECOND: (True, False, False, True, True),
    }
    for id_, wanted in enabled.items():
        page.view.select([id_])
        deeds = (page.deeds.resume, page.deeds.use, page.deeds.save, page.deeds.reuse)
        assert tuple(deed.isEnabled() for deed in (*deeds, page.deeds.delete)) == wanted
    page.view.select([FIRST, SECOND])
    assert not page.deeds.use.isEnabled() and page.deeds.delete.isEnabled()


def test_a_run_at_work_is_neither_deleted_nor_gone_on_with(qtbot, keep, show):
    held = RunFolder.reopen(keep(FIRST, state="running").parent, FIRST)
    page = show(1)
    page.view.select([FIRST])
    assert row(page, 0)[Column.ACCURACY] == "running"
    assert not page.deeds.resume.isEnabled() and not page.deeds.delete.isEnabled()
    page.deeds.delete_runs([page.model.run(0)])
    qtbot.waitUntil(page.banner.isVisible)
    assert "it is running" in page.banner.text() and held.path.is_dir()
    held.release()
    page.refresh()
    qtbot.waitUntil(page.deeds.resume.isEnabled)


def test_enter_uses_a_complete_run_and_goes_on_with_another(qtbot, keep, show, context):
    folder = keep(FIRST)
    keep(SECOND, state="cancelled")
    page = show(2)
    page.view.select([FIRST])
    with qtbot.waitSignals([context.model_ready, context.page_requested]):
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert context.last_model == folder / "model.landmark-model"
    page.view.select([SECOND])
    with qtbot.waitSignal(context.resume_requested) as asked:
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert asked.args[0].id == SECOND


def test_enter_is_about_the_current_one_of_several(qtbot, keep, show, context):
    keep(FIRST), keep(SECOND)
    page = show(2)
    page.view.select([SECOND])
    qtbot.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [run.id for run in page.view.selected()] == [SECOND, FIRST]
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert context.last_model is not None and context.last_model.parent.name == FIRST


def test_a_model_is_saved_elsewhere(qtbot, keep, show, tmp_path: Path, monkeypatch):
    keep(FIRST)
    page = show(1)
    page.view.select([FIRST])
    chosen = str(tmp_path / "mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, ""))
    page.deeds.save.trigger()
    saved = tmp_path / "mine.landmark-model"
    qtbot.waitUntil(saved.exists)
    assert saved.read_bytes() == b"a model"


def test_the_folder_is_opened(keep, show, monkeypatch):
    folder = keep(FIRST)
    page = show(1)
    page.view.select([FIRST])
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.deeds.open.trigger()
    assert opened == [str(folder)]


@pytest.fixture
def trash(monkeypatch, tmp_path: Path) -> Path:
    """A folder in place of the system's trash."""
    import send2trash

    folder = tmp_path / "trash"
    folder.mkdir()
    move = lambda path: Path(path).rename(folder / Path(path).name)  # noqa: E731
    monkeypatch.setattr(send2trash, "send2trash", move)
    return folder


@pytest.mark.parametrize("agreed", [True, False])
def test_runs_go_to_the_trash_if_the_person_agrees(
    qtbot, keep, show, trash, monkeypatch, agreed: bool
):
    keep(FIRST)
    keep(SECOND, state="cancelled")
    keep(THIRD)
    page = show(3)
    asked: list[str] = []

    def answer(box: QMessageBox) -> int:
        asked.append(f"{box.text()} {box.informativeText()}")
        roles = QMessageBox.ButtonRole
        wanted = roles.AcceptRole if agreed else roles.RejectRole
        next(b for b in box.buttons() if box.buttonRole(b) == wanted).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    page.view.select([FIRST, SECOND])
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    assert "2 runs" in asked[0] and "2026-01-01" in asked[0]
    if agreed:
        qtbot.waitUntil(lambda: ids(page) == [THIRD])
        assert sorted(path.name for path in trash.iterdir()) == [FIRST, f"{SECOND}.tmp"]
    else:
        assert len(ids(page)) == 3 and not list(trash.iterdir())


def test_runs_are_read_on_another_thread(keep, show, monkeypatch):
    from landmark_gui.gui.pages.runs import page as module

    read, threads = module.read_runs, []

    def noted(*given: Any) -> Any:
        threads.append(threading.current_thread())
        return read(*given)

    monkeypatch.setattr(module, "read_runs", noted)
    keep(FIRST)
    show(1)
    assert threads and threading.main_thread() not in threads


def test_a_thousand_runs_are_listed_filtered_and_sorted(keep, show):
    for number in range(1000):
        keep(
            f"2026{1 + number // 100:02}{1 + number % 28:02}-100000-{number:06}", note=f"n{number}"
        )
    page = show(1000)
    page.view.selectAll()
    assert len(page.view.selected()) == 1000
    page.search.setText("n77")
    assert page.model.rowCount() == 11
    page.view.sortByColumn(Column.NOTE, Qt.SortOrder.AscendingOrder)
    assert row(page, 0)[Column.NOTE] == "n77"


# With the Train page


@pytest.fixture
def window(qtbot, context, document) -> Iterator[MainWindow]:
    window = MainWindow(context)
    window.opening.close_document = lambda: True  # type: ignore[method-assign]  # the fixture does
    qtbot.addWidget(window)
    window.show()
    yield window


def test_the_train_page_offers_to_go_on(qtbot, keep, context, document, monkeypatch):
    folder = keep(FIRST, state="cancelled", epochs=9)
    page = TrainPage(context)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.offer.isVisible)
    assert "2 epochs are done" in page.offer.text()
    with qtbot.waitSignal(context.resume_requested) as asked:
        page.offer.findChild(QPushButton, "banner_action").click()
    sent: list[tuple[TrainConfig, str]] = []
    monkeypatch.setattr(context.worker, "train", lambda *given: sent.append(given))
    page.resume(asked.args[0])
    qtbot.waitUntil(lambda: bool(sent))
    ((config, id_),) = sent
    assert (id_, config.epochs, config.project) == (FIRST, 9, str(document.path))
    assert page.offer.isHidden()
    page._finished(WorkerOutcome("failed", "The photos are others.", task="train"))
    qtbot.wait(100)
    assert page.offer.isHidden(), "it would fail again"
    page._finished(WorkerOutcome("cancelled", task="train"))
    qtbot.waitUntil(page.offer.isVisible)
    folder.rename(folder.with_suffix(""))
    page.offer.look()
    qtbot.waitUntil(page.offer.isHidden)


def test_settings_of_a_run_go_into_the_form(qtbot, keep, window, context):
    varied = AugmentationConfig(rotation_range=33)
    keep(FIRST, epochs=77, dropout=0.5, learning_rate=0.02, augmentation=varied.to_dict())
    window.show_page("runs")
    page = window.page("runs")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    form = window.page("train").form
    form.set_values({**form.values(), "more": True})
    page.findChild(QToolButton, "runs_reuse_button").click()
    assert window.current_page == "train"
    values = form.values()
    assert values["more"], "the settings of experts are still to be seen"
    assert (values["recipe"], values["epochs"], values["dropout"]) == ("scratch", 77, 0.5)
    assert (values["learning_rate"], values["augment"]) == (0.02, True)
    assert context.augmentation == varied
    context.settings_requested.emit(replace(CONFIG, recipe="transfer", backbone="convnext_tiny"))
    values = window.page("train").form.values()
    assert (values["backbone"], values["learning_rate"]) == ("convnext_tiny", None)
    assert (values["augment"], context.augmentation) == (False, varied)


def test_another_project_shows_its_own_runs(qtbot, keep, show, context):
    keep(FIRST)
    page = show(1)
    document = context.document
    context.set_document(None)
    assert page.model.rowCount() == 0 and page._stack.currentWidget() is page._empty
    context.set_document(document)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
