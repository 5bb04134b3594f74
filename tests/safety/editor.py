"""Programs to be killed: each works on a project and tells through a pipe how far it is."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Change, Edit, Project
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from tests.rows import photo

Step = tuple[Callable[[ProjectStore], Any], "State"]


@dataclass
class State:
    """What a person has before them, kept without a file: the reference."""

    project: Project = field(default_factory=Project)
    done: list[Edit] = field(default_factory=list)
    undone: list[Edit] = field(default_factory=list)
    settings: Any = None
    splits: dict[int, str] = field(default_factory=dict)

    def copy(self) -> State:
        rows = Project.of(self.project.rows())
        return replace(self, project=rows, done=[*self.done], undone=[*self.undone])

    def do(self, edit: Edit) -> None:
        self.project.apply(edit)
        self.done.append(edit)
        self.undone.clear()

    def go_to(self, position: int) -> None:
        while len(self.done) > position:
            self.project.apply(self.done[-1].inverse())
            self.undone.append(self.done.pop())
        while len(self.done) < position:
            self.project.apply(self.undone[-1])
            self.done.append(self.undone.pop())

    def is_in(self, store: ProjectStore) -> bool:
        done, undone = store.history()
        return (
            store.load() == self.project
            and [entry.edit for entry in done] == self.done
            and [entry.edit for entry in undone] == self.undone[::-1]
            and store.setting("pages") == self.settings
            and store.split_assignments() == self.splits
        )


def steps(seed: int, count: int) -> Iterator[Step]:
    """A session of editing: what is done to the file, and the state after it."""
    dice, state = random.Random(seed), State()
    for number in range(count):
        write = _step(state, dice, number)
        yield write, state.copy()


def _step(state: State, dice: random.Random, number: int) -> Callable[[ProjectStore], Any]:
    project = state.project
    if number < 3 or not project.landmarks:
        rows = [photo(n + 1) for n in range(number * 5, number * 5 + 5)]
        if number % 2 == 0 and len(project.photos) < 30:
            project.put_photos(rows)
            return lambda store: store.put_photos(rows)
        return _edit(state, edits.add_landmark(project, f"Landmark {number}"))
    chance = dice.random()
    total = len(state.done) + len(state.undone)
    if chance < 0.08:
        state.settings = {"crops": {"size": number}}
        settings = dict(state.settings)
        return lambda store: store.set_setting("pages", settings)
    if chance < 0.12:
        state.splits = {n: dice.choice(("train", "test")) for n in project.photos}
        splits = state.splits
        return lambda store: store.set_split_assignments(splits)
    if chance < 0.3:
        position = dice.choice((len(state.done) - 1, len(state.done) + 1, dice.randrange(total)))
        position = min(max(position, 0), total)
        state.go_to(position)
        return lambda store: store.go_to(position)
    return _edit(state, _some_edit(project, dice, number))


def _some_edit(project: Project, dice: random.Random, number: int) -> Edit:
    boxes, marks = list(project.boxes.values()), list(project.landmarks.values())
    photos, mark = list(project.photos.values()), dice.choice(marks)
    kinds: list[Callable[[], Edit]] = [
        lambda: Edit("import", tuple(_boxes(dice, photos, mark.id, number))),
        lambda: edits.rename_landmark(mark, f"Name {number}"),
        lambda: edits.set_photos_landmark([dice.choice(photos)], mark.id),
        lambda: edits.add_landmark(project, f"Landmark {number}"),
    ]
    if boxes:
        kinds += [
            lambda: edits.change_box(dice.choice(boxes), rect=Rect(number, 1, 2, 3)),
            lambda: edits.delete_boxes(dice.sample(boxes, min(3, len(boxes)))),
            lambda: edits.delete_landmark(project, mark),
        ]
    return dice.choice(kinds)()


def _boxes(dice: random.Random, photos: list[Any], mark: int, number: int) -> Iterator[Change]:
    for index in range(dice.choice((1, 1, 4, 60))):
        rect = Rect(index, number, 5, 5)
        yield Change(None, Box(f"box-{number}-{index}", dice.choice(photos).id, mark, rect))


def _edit(state: State, edit: Edit) -> Callable[[ProjectStore], Any]:
    if edit.changes:
        state.do(edit)
    return lambda store: store.commit(edit)


def edit_for_ever(pipe: Connection, path: Path, seed: int, count: int) -> None:
    """Edit, and tell the number of each step once it is saved."""
    with ProjectStore.open(path) as store:
        pipe.send(-1)
        for number, (write, _) in enumerate(steps(seed, count)):
            write(store)
            pipe.send(number)
    pipe.recv()  # until it is killed


def back_up_for_ever(pipe: Connection, path: Path, seed: int, count: int) -> None:
    """Make a backup after each of the first steps."""
    with ProjectStore.open(path) as store:
        pipe.send(-1)
        for number, (write, _) in enumerate(steps(seed, count)):
            write(store)
            store.backup()
            pipe.send(number)
    pipe.recv()


def migrate_for_ever(pipe: Connection, old: Path, seed: int, count: int) -> None:
    """Open copies of a project of version 1, one after the other."""
    pipe.send(-1)
    for number in range(count):
        ProjectStore.open(_copied(old, number)).close()
        pipe.send(number)
    pipe.recv()


def restore_for_ever(pipe: Connection, damaged: Path, seed: int, count: int) -> None:
    """Restore copies of a damaged project, one after the other."""
    pipe.send(-1)
    for number in range(count):
        restore(_copied(damaged, number))
        pipe.send(number)
    pipe.recv()


def _copied(path: Path, number: int) -> Path:
    part = Path(shutil.copy(path, path.with_name("part")))
    return part.rename(path.with_name(f"copy-{number}.landmarks"))
