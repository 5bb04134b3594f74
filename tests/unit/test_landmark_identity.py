"""Whatever is done to landmarks, a box stays with its own: only a merge, or a new name given to
the box itself, moves it to another. Told by a model that keeps nothing but names of names.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.store import ProjectStore
from tests.rows import photo

Belongs = dict[str, int]  # box → landmark
WHICH = st.integers(0, 99)


class LandmarkMachine(RuleBasedStateMachine):
    """Edits a project in memory and in its file, and says for each what it may do to boxes."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "x.landmarks"
        self.store = ProjectStore.create(self.path, Path(self._folder.name))
        self.moments: list[tuple[Belongs, dict[int, str]]] = []
        self.position = 0

    def teardown(self) -> None:
        self.store.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        self.store.put_photos([photo(1), photo(2)])
        self.project = self.store.load()
        self.moments = [({}, {})]
        for name in ("Tower", "Dome", "Gate"):
            self.do(edits.add_landmark(self.project, name), {}, self.named(name=name))
        for which in range(6):
            self.draw_on(which, 1 + which % 2)

    # What may come of an edit

    def named(self, gone: int | None = None, mark_id: int = 0, name: str = "") -> dict[int, str]:
        names = dict(self.moments[self.position][1])
        if name:
            names[mark_id or max(self.project.landmarks, default=0) + 1] = name
        names.pop(gone or 0, None)
        return names

    def do(self, edit: Edit, moved: Belongs, names: dict[int, str] | None = None) -> None:
        """Make an edit of which the boxes `moved` may change their landmark; 0 is deleted."""
        if not edit.changes:
            return
        belongs = {**self.moments[self.position][0], **moved}
        belongs = {box: mark for box, mark in belongs.items() if mark}
        del self.moments[self.position + 1 :]
        self.moments.append((belongs, self.named() if names is None else names))
        self.position += 1
        self.project.apply(edit)
        self.store.commit(edit)

    def mark(self, which: int) -> int:
        return list(self.project.landmarks)[which % len(self.project.landmarks)]

    def box(self, which: int) -> str:
        return list(self.project.boxes)[which % len(self.project.boxes)]

    def of(self, mark: int) -> list[str]:
        return [box for box, its in self.moments[self.position][0].items() if its == mark]

    def some(self) -> bool:
        return len(self.project.landmarks) > 1

    # What a person does

    @precondition(some)
    @rule(which=WHICH, on=st.sampled_from((1, 2)))
    def draw(self, which: int, on: int) -> None:
        self.draw_on(which, on)

    def draw_on(self, which: int, on: int) -> None:
        edit = edits.add_box(on, self.mark(which), Rect(1, 1, 5, 5))
        self.do(edit, {str(edit.changes[0].row.id): self.mark(which)})

    @precondition(lambda self: self.project.boxes and self.some())
    @rule(which=WHICH, to=WHICH)
    def relabel(self, which: int, to: int) -> None:
        box, mark = self.box(which), self.mark(to)
        self.do(edits.change_box(self.project.boxes[box], landmark_id=mark), {box: mark})

    @precondition(some)
    @rule(which=WHICH, name=st.sampled_from(("Tower", "탑", "Old Gate", "x")))
    def rename(self, which: int, name: str) -> None:
        mark = self.mark(which)
        edit = edits.rename_landmark(self.project.landmarks[mark], name)
        self.do(edit, {}, self.named(mark_id=mark, name=name))

    @precondition(some)
    @rule(which=WHICH, place=st.integers(-1, 9))
    def reorder(self, which: int, place: int) -> None:
        mark = self.project.landmarks[self.mark(which)]
        self.do(edits.move_landmark(self.project, mark, place), {})

    @precondition(some)
    @rule(which=WHICH, key=st.sampled_from(("", "1", "2", "0")))
    def give_key(self, which: int, key: str) -> None:
        mark = self.project.landmarks[self.mark(which)]
        self.do(edits.set_landmark_key(self.project, mark, key), {})

    @precondition(some)
    @rule(which=WHICH, into=WHICH)
    def merge(self, which: int, into: int) -> None:
        gone, kept = self.mark(which), self.mark(into)
        if gone != kept:
            marks = self.project.landmarks
            edit = edits.merge_landmarks(self.project, marks[gone], marks[kept])
            self.do(edit, dict.fromkeys(self.of(gone), kept), self.named(gone=gone))

    @precondition(some)
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        gone = self.mark(which)
        edit = edits.delete_landmark(self.project, self.project.landmarks[gone])
        self.do(edit, dict.fromkeys(self.of(gone), 0), self.named(gone=gone))

    @rule()
    def add(self) -> None:
        self.do(edits.add_landmark(self.project, "New"), {}, self.named(name="New"))

    @rule(by=st.integers(-5, 5) | st.just(-99))
    def go_to(self, by: int) -> None:
        self.position = min(max(self.position + by, 0), len(self.moments) - 1)
        edit = self.store.go_to(self.position)
        if edit is not None:
            self.project.apply(edit)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = ProjectStore.open(self.path)
        self.project = self.store.load()

    # What must hold

    @invariant()
    def every_box_is_where_it_belongs(self) -> None:
        if self.moments:
            belongs, names = self.moments[self.position]
            for project in (self.project, self.store.load()):
                assert _belongs(project) == belongs
                assert {id_: mark.name for id_, mark in project.landmarks.items()} == names

    @invariant()
    def keys_and_places_are_unique(self) -> None:
        if self.moments:
            marks = self.project.landmarks.values()
            keys = [mark.key for mark in marks if mark.key]
            assert len(set(keys)) == len(keys)


def _belongs(project: Project) -> Belongs:
    return {box.id: box.landmark_id for box in project.boxes.values()}


TestLandmarkIdentity = LandmarkMachine.TestCase
TestLandmarkIdentity.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
