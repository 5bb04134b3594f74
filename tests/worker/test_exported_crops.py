"""Exported crops as Keras and TensorFlow read them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core import crops
from landmark_gui.core.crops import CropSettings, FileSettings, export_as, split_counts
from landmark_gui.core.crops.records import crc32c, example, record
from landmark_gui.core.dataset import load_project_examples
from landmark_gui.core.project import SPLITS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planned(project: Path) -> list[crops.Crop]:
    """Crops of three landmarks, of which one has none in the test split."""
    found = load_project_examples(project, CropSettings(margin=0.1)).crops
    return [crop for crop in found if (crop.split, crop.landmark) != ("test", "Iron Tower")]


def test_keras_finds_the_same_classes_and_counts(planned, tmp_path: Path) -> None:
    import keras

    export_as("folder", planned, FileSettings(size=48), tmp_path)
    classes = sorted({crop.landmark for crop in planned})
    counts = split_counts(planned, classes)
    assert counts["test"]["Iron Tower"] == 0
    for split in SPLITS:
        images = keras.utils.image_dataset_from_directory(
            tmp_path / split, image_size=(32, 32), batch_size=1, shuffle=False
        )
        assert images.class_names == classes
        labels = [int(label[0]) for _, label in images]
        assert [labels.count(number) for number in range(len(classes))] == list(
            counts[split].values()
        )


def test_tensorflow_reads_the_records(planned, tmp_path: Path) -> None:
    import tensorflow as tf

    export_as("tfrecord", planned, FileSettings(size=48), tmp_path / "records")
    export_as("folder", planned, FileSettings(size=48), tmp_path / "folder")
    names = (tmp_path / "records" / "labels.txt").read_text("utf-8").splitlines()
    features = {
        "image/encoded": tf.io.FixedLenFeature([], tf.string),
        "image/format": tf.io.FixedLenFeature([], tf.string),
        "image/filename": tf.io.FixedLenFeature([], tf.string),
        "image/class/text": tf.io.FixedLenFeature([], tf.string),
        "image/class/label": tf.io.FixedLenFeature([], tf.int64),
        "image/width": tf.io.FixedLenFeature([], tf.int64),
        "image/height": tf.io.FixedLenFeature([], tf.int64),
        "image/source": tf.io.FixedLenFeature([], tf.string),
        "image/source/rect": tf.io.FixedLenFeature([4], tf.float32),
    }
    for split in SPLITS:
        read = []
        for raw in tf.data.TFRecordDataset(str(tmp_path / "records" / f"{split}.tfrecord")):
            row = tf.io.parse_single_example(raw, features)
            name = row["image/filename"].numpy().decode()
            content = row["image/encoded"].numpy()
            assert content == (tmp_path / "folder" / name).read_bytes()
            height, width, _ = tf.io.decode_jpeg(content).shape
            assert (height, width) == (row["image/height"], row["image/width"])
            text = row["image/class/text"].numpy().decode()
            assert names[int(row["image/class/label"])] == text == name.split("/")[1]
            assert row["image/format"] == b"jpeg"
            read.append((row["image/source"].numpy().decode(), *row["image/source/rect"].numpy()))
        wanted = [crop for crop in planned if crop.split == split]
        assert [source for source, *_ in read] == [crop.source for crop in wanted]
        for (_, *rect), crop in zip(read, wanted, strict=True):
            assert crop.rect is not None
            sides = crop.rect.x, crop.rect.y, crop.rect.w, crop.rect.h
            np.testing.assert_allclose(rect, sides, rtol=1e-6)


def test_tensorflow_writes_the_same_bytes(tmp_path: Path) -> None:
    import tensorflow as tf

    rng = np.random.default_rng(0)
    values = {"b": rng.bytes(1000), "a": "경복궁", "d": [0.5, -1.25], "c": -3, "e": 2**40}
    kinds = {
        "a": tf.train.Feature(bytes_list=tf.train.BytesList(value=["경복궁".encode()])),
        "b": tf.train.Feature(bytes_list=tf.train.BytesList(value=[values["b"]])),
        "c": tf.train.Feature(int64_list=tf.train.Int64List(value=[-3])),
        "d": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5, -1.25])),
        "e": tf.train.Feature(int64_list=tf.train.Int64List(value=[2**40])),
    }
    theirs = tf.train.Example(features=tf.train.Features(feature=kinds))
    assert tf.train.Example.FromString(example(values)) == theirs
    assert theirs.SerializeToString(deterministic=True) == example(values)
    contents = [rng.bytes(length) for length in (0, 1, 63, 64, 65, 5000)]
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for content in contents:
            writer.write(content)
    assert (tmp_path / "theirs").read_bytes() == b"".join(map(record, contents))
    assert crc32c(b"123456789") == 0xE3069283
