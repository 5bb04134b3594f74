"""The names of crops' files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.crops import NAME_FIELDS, PATTERN, Crop, FileSettings, example_name, naming
from landmark_gui.core.crops.naming import targets, tree
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import safe_name


def crop(photo_id: int = 1, name: str = "IMG_1.jpg", **values: object) -> Crop:
    plain = Crop(
        photo_id,
        f"{photo_id:08x}-0000",
        Path("photos") / name,
        f"content {photo_id}",
        (100, 80),
        Rect(1, 2, 30, 40),
        "Tower",
        "train",
        name,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def names(crops: list[Crop], pattern: str, strangers: tuple[str, ...] = ()) -> list[str]:
    return list(targets(crops, FileSettings(pattern=pattern), strangers))


def test_an_example_shows_what_the_names_look_like() -> None:
    assert example_name(FileSettings()) == "IMG_1234-3f2b8c1a-0a1b2c3d4e.jpg"
    files = FileSettings(form="png", pattern="{split} {landmark} {number}")
    assert example_name(files) == "train Eiffel Tower 0001.png"
    assert (files.extension, FileSettings().extension) == (".png", ".jpg")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{photo}-{colour}", "no field {colour}"),
        ("{}", "no field {}"),
        ("{photo.stem}", "no field"),
        ("{number:04}", "no field {number:04}"),
        ("{photo!r}", "no field"),
        ("{photo", "brace"),
        ("photo}", "brace"),
        ("", "tells two crops apart"),
        ("crop", "tells two crops apart"),
        ("{landmark}-{split}", "tells two crops apart"),
        ("{split}/{photo}", "must not hold /"),
        ("..\\{photo}", "must not hold /"),
        ("x" * 80 + "{number}", "too long"),
        ("경복궁" * 25 + "{photo}", "too long"),
        ("{photo}" * 11, "too long"),
    ],
)
def test_a_pattern_that_cannot_be_obeyed_is_refused(pattern: str, said: str) -> None:
    for refuse in (example_name, lambda files: targets([crop()], files)):
        with pytest.raises(DatasetError) as caught:
            refuse(FileSettings(pattern=pattern))
        assert said in str(caught.value)


def test_the_fields_say_what_they_are_named_after() -> None:
    pattern = "{photo}_{box}_{landmark}_{split}_{number}"
    assert names([crop()], pattern) == ["train/Tower/IMG_1_00000001_Tower_train_0001.jpg"]
    whole = crop(box_id=None, rect=None)
    assert names([whole], "{photo}_{box}") == ["train/Tower/IMG_1_photo.jpg"]


def test_names_that_would_be_one_on_some_disk_get_a_number() -> None:
    crops = [crop(1, "a.jpg"), crop(2, "A.jpg"), crop(3, "b/a.jpg"), crop(4, "Ａ.jpg")]
    assert names(crops, "{photo}")[:3] == [
        "train/Tower/a.jpg",
        "train/Tower/A (2).jpg",
        "train/Tower/a (3).jpg",
    ]
    two_spellings = [crop(1, "caf\u00e9.jpg"), crop(2, "cafe\u0301.jpg")]
    assert names(two_spellings, "{photo}")[1] == "train/Tower/cafe\u0301 (2).jpg"


def test_a_new_photo_leaves_the_names_of_the_others() -> None:
    old = [crop(2, "b/x.jpg"), crop(3, "c/x.jpg")]
    before = targets(old, FileSettings(pattern="{photo}-{number}"))
    after = targets([crop(9, "a/x.jpg"), *old], FileSettings(pattern="{photo}-{number}"))
    assert before.items() <= after.items()


def test_thousands_of_one_name_are_not_all_tried_for_each(monkeypatch) -> None:
    tried = []
    monkeypatch.setattr(naming, "key", lambda name: tried.append(name) or name.casefold())
    whole = [crop(number, box_id=None, rect=None) for number in range(500)]
    found = names(whole, "{box}")
    assert found[0] == "train/Tower/photo.jpg" and found[-1] == "train/Tower/photo (500).jpg"
    assert len(set(found)) == 500 and len(tried) < 10 * 500


def test_strangers_keep_their_names() -> None:
    assert names([crop()], "{photo}", ("train/Tower/img_1.JPG",)) == ["train/Tower/IMG_1 (2).jpg"]


texts = st.text(max_size=60)


@given(
    st.lists(st.tuples(texts, texts), max_size=6),
    st.sampled_from([PATTERN, "{photo}", "{landmark}{number}", "{photo}{landmark}{hash} end."]),
)
def test_every_name_is_safe_and_different(rows: list[tuple[str, str]], pattern: str) -> None:
    crops = [
        crop(n, safe_name(photo) + ".jpg", landmark=mark) for n, (photo, mark) in enumerate(rows)
    ]
    found = names(crops, pattern)
    assert len({name.casefold() for name in found}) == len(crops)
    for name in found:
        split, folder, file = name.split("/")
        assert split == "train" and folder and file.endswith(".jpg")
        stem = file.removesuffix(".jpg")
        assert safe_name(stem) == stem or stem.endswith(")")
        assert len(file.encode()) <= 220
    assert names(crops, pattern) == found


def test_the_tree_has_every_landmark_in_every_split() -> None:
    assert tree([crop(), crop(2, landmark="Dome")]) == [
        *("train", "train/Dome", "train/Tower"),
        *("validation", "validation/Dome", "validation/Tower"),
        *("test", "test/Dome", "test/Tower"),
    ]
    assert tree([]) == []


def test_the_fields_are_those_that_are_declared() -> None:
    for field in NAME_FIELDS:
        assert "{" not in example_name(FileSettings(pattern=f"{{{field}}}{{hash}}"))
