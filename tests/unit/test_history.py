from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core import edits, scan
from landmark_gui.core.geometry import Rect
from landmark_gui.core.history import _TELLERS, Names, words
from landmark_gui.core.project import Change, Edit, Project
from tests.rows import box_edit, photo, small_project


class Story:
    """A project whose edits are told as they are made."""

    def __init__(self) -> None:
        self.project = small_project()
        self.made: list[Edit] = []
        self.names = Names(self.project, lambda: self.made)

    def tell(self, edit: Edit) -> str:
        self.made.append(edit)
        self.project.apply(edit)
        return self.told(len(self.made) - 1)

    def told(self, at: int) -> str:
        return str(words(self.made[at], self.names, at, len(self.made)))


@pytest.fixture
def story() -> Story:
    return Story()


def test_every_kind_of_edit_that_the_program_makes_has_words() -> None:
    source = Path(edits.__file__).parents[1]
    texts = [path.read_text("utf-8") for path in source.rglob("*.py")]
    kinds = {kind for text in texts for kind in re.findall(r'\bEdit\(\s*"(\w+)"', text)}
    assert {"add_box", "merge_landmarks", "import", "label_by_folder"} <= kinds
    named = set(re.findall(r'"(\w+)": tr\(', inspect.getsource(edits.describe)))
    assert kinds <= named == set(_TELLERS)
    assert all(edits.describe(Edit(kind, ())) != "edit" for kind in kinds)


def test_boxes(story: Story) -> None:
    assert story.tell(box_edit(photo_id=2)) == "Drew box “Tower” · IMG_2.jpg"
    (box,) = story.project.boxes_of(2)
    moved = edits.change_box(box, rect=replace(box.rect, x=50))
    assert story.tell(moved) == "Moved box “Tower” · IMG_2.jpg"
    resized = edits.change_box(box, rect=Rect(1, 2, 3, 4))
    assert story.tell(resized) == "Resized box “Tower” · IMG_2.jpg"
    became = edits.change_box(story.project.boxes[box.id], landmark_id=2)
    assert story.tell(became) == "Box “Tower” became “Dome” · IMG_2.jpg"
    deleted = edits.delete_boxes(story.project.boxes.values())
    assert story.tell(deleted) == "Deleted box “Dome” · IMG_2.jpg"


def test_several_boxes_on_several_photos(story: Story) -> None:
    drawn = [box_edit(photo_id=number).changes for number in (1, 2)]
    together = Edit("import", tuple(change for changes in drawn for change in changes))
    assert story.tell(together) == "Imported 2 boxes · 2 photos"
    boxes = list(story.project.boxes.values())
    both = [edits.change_box(box, landmark_id=2).changes[0] for box in boxes]
    assert story.tell(Edit("relabel_box", tuple(both))) == "Gave 2 boxes to “Dome” · 2 photos"
    assert story.tell(edits.delete_boxes(boxes)) == "Deleted 2 boxes · 2 photos"


def test_landmarks(story: Story) -> None:
    project = story.project
    assert story.tell(edits.add_landmark(project, "Gate")) == "Added “Gate”"
    renamed = edits.rename_landmark(project.landmarks[1], "Eiffel Tower")
    assert story.tell(renamed) == "Renamed “Tower” to “Eiffel Tower”"
    colored = edits.recolor_landmark(project.landmarks[2], "#000000")
    assert story.tell(colored) == "Changed the colour of “Dome”"
    keyed = edits.set_landmark_key(project, project.landmarks[3], "1")
    assert story.tell(keyed) == "Gave “Gate” the key 1"
    keyless = edits.set_landmark_key(project, project.landmarks[3], "")
    assert story.tell(keyless) == "Took the key from “Gate”"
    moved = edits.move_landmark(project, project.landmarks[1], 2)
    assert story.tell(moved) == "Moved “Eiffel Tower” to place 3"
    up = edits.move_landmark(project, project.landmarks[1], 1)
    assert story.tell(up) == "Moved “Eiffel Tower” to place 2"


def test_landmarks_that_go(story: Story) -> None:
    project = story.project
    story.tell(box_edit(landmark_id=1))
    merged = edits.merge_landmarks(project, project.landmarks[1], project.landmarks[2])
    assert story.tell(merged) == "Merged “Tower” into “Dome” · IMG_1.jpg"
    story.tell(edits.add_landmark(project, "Gate"))
    empty = edits.merge_landmarks(project, project.landmarks[3], project.landmarks[2])
    assert story.tell(empty) == "Merged “Gate”, which had no boxes"
    gone = edits.delete_landmark(project, project.landmarks[2])
    assert story.tell(gone) == "Deleted “Dome” with 1 box · IMG_1.jpg"
    assert story.told(0) == "Drew box “Tower” · IMG_1.jpg"


def test_an_older_edit_is_told_by_the_name_the_landmark_has_now(story: Story) -> None:
    drawn = box_edit()
    story.tell(drawn)
    story.tell(edits.rename_landmark(story.project.landmarks[1], "Eiffel Tower"))
    assert story.told(0) == "Drew box “Eiffel Tower” · IMG_1.jpg"


def test_a_box_that_brings_a_new_landmark(story: Story) -> None:
    mark = edits.new_landmark(story.project, "Gate")
    box = edits.add_box(1, mark.id, Rect(0, 0, 5, 5))
    both = Edit(box.kind, (Change(None, mark), *box.changes))
    assert story.tell(both) == "Drew box “Gate”, a new landmark · IMG_1.jpg"


def test_photos(story: Story) -> None:
    project = story.project
    named = edits.set_photos_landmark([project.photos[1]], 2)
    assert story.tell(named) == "The whole photo is “Dome” · IMG_1.jpg"
    taken = edits.set_photos_landmark([project.photos[1]], None)
    assert story.tell(taken) == "The whole photo is no longer “Dome” · IMG_1.jpg"
    done = edits.review_photos(project.photos.values(), "done")
    assert story.tell(done) == "Marked as done · 3 photos"
    again = edits.review_photos([project.photos[3]], "")
    assert story.tell(again) == "Marked as still to do · IMG_3.jpg"


def test_names_after_the_folders() -> None:
    project = Project.of([photo(1, "Tower/a.jpg"), photo(2, "Dome/b.jpg")])
    edit = scan.labels_from_folders(project, project.photos.values())
    told = words(edit, Names(project, lambda: [edit]), 0, 1)
    assert str(told) == "Named 2 photos after their folders · 2 photos"


def test_edits_of_another_version_are_told_by_their_rows(story: Story) -> None:
    drawn = box_edit()
    assert story.tell(Edit("paint_box", drawn.changes)) == "Changed 1 box · IMG_1.jpg"
    assert story.tell(Edit("rename_landmark", drawn.changes)) == "Changed 1 box · IMG_1.jpg"
    mark = story.project.landmarks[1]
    changed = (Change(mark, replace(mark, color="#111111")),)
    assert story.tell(Edit("paint", changed)) == "Changed 1 landmark"


def test_rows_that_the_project_does_not_have_are_told_all_the_same(story: Story) -> None:
    stray = edits.add_box(99, 98, Rect(0, 0, 1, 1))
    assert str(words(stray, story.names, 0, 0)) == "Drew box “?” · ?"


def test_an_id_that_was_used_again_does_not_rename_the_past(story: Story) -> None:
    story.tell(box_edit(landmark_id=2))
    story.tell(edits.delete_landmark(story.project, story.project.landmarks[2]))
    story.tell(edits.add_landmark(story.project, "Gate"))
    assert story.project.landmarks[2].name == "Gate"
    assert story.tell(box_edit(landmark_id=2)) == "Drew box “Gate” · IMG_1.jpg"
    assert story.told(0) == "Drew box “Dome” · IMG_1.jpg"


def test_undone_edits_know_landmarks_that_the_project_does_not_have(story: Story) -> None:
    story.tell(edits.add_landmark(story.project, "Gate"))
    story.tell(box_edit(landmark_id=3))
    for edit in reversed(story.made):
        story.project.apply(edit.inverse())
    assert str(words(story.made[1], story.names, 1, 0)) == "Drew box “Gate” · IMG_1.jpg"
