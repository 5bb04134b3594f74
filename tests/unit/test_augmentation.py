"""Keras' own source is the oracle for drawing and for warping."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats

from landmark_gui.core.augmentation import (
    FILL_MODES,
    AugmentationConfig,
    AugmentationParameters,
    augment,
    draw,
    generator,
    matrix,
    warp,
)
from landmark_gui.core.errors import FormatError

STRONG = AugmentationConfig(
    rotation_range=60.0,
    width_shift_range=0.3,
    height_shift_range=0.4,
    shear_range=30.0,
    zoom_range=(0.6, 1.6),
    horizontal_flip=True,
    vertical_flip=True,
)
SHAPES = [(48, 48), (40, 57), (33, 21)]


@pytest.fixture(scope="module")
def keras_image() -> Iterator[types.ModuleType]:
    """Keras' module `legacy.preprocessing.image`, run by itself: no TensorFlow, under a second.

    What it imports from the rest of Keras plays no part in drawing and warping, so stand-ins do.
    SciPy's `ndimage.interpolation` is a deprecated name of `ndimage`.
    """
    keras = importlib.util.find_spec("keras")
    assert keras is not None and keras.origin is not None
    path = Path(keras.origin).parent / "src/legacy/preprocessing/image.py"
    backend = types.SimpleNamespace(
        floatx=lambda: "float32", image_data_format=lambda: "channels_last"
    )
    old_name = types.SimpleNamespace(interpolation=scipy.ndimage)
    parts = {
        "keras.src": {"backend": backend},
        "keras.src.api_export": {"keras_export": lambda name: lambda thing: thing},
        "keras.src.trainers.data_adapters.py_dataset_adapter": {"PyDataset": object},
        "keras.src.utils": {"image_utils": None, "io_utils": None},
        "keras.src.utils.module_utils": {"scipy": types.SimpleNamespace(ndimage=old_name)},
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, contents in parts.items():
            stand_in = types.ModuleType(name)
            vars(stand_in).update(contents)
            patch.setitem(sys.modules, name, stand_in)
        spec = importlib.util.spec_from_file_location("keras_legacy_image", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    yield module


def keras_generator(module: types.ModuleType, config: AugmentationConfig):
    return module.ImageDataGenerator(**config.to_dict())


def keras_parameters(parameters: AugmentationParameters) -> dict:
    return {**vars(parameters), "channel_shift_intensity": None, "brightness": None}


def noise(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (*shape, 3), dtype=np.uint8)


# Keras keeps float results, ours are rounded to whole grey levels: half a level, and a rest for
# positions in float32 (1e-5 pixel at these sizes, times a step of 255 levels between neighbours).
TOLERANCE = 0.51


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_warp_is_keras_own(keras_image, fill_mode, shape):
    config = AugmentationConfig.from_dict(
        {**STRONG.to_dict(), "fill_mode": fill_mode, "cval": 90.0}
    )
    oracle, image = keras_generator(keras_image, config), noise(shape)
    for index in range(60):
        parameters = draw(config, *shape, generator(3, 0, index))
        expected = oracle.apply_transform(image.astype("float64"), keras_parameters(parameters))
        difference = np.abs(warp(image, parameters, config) - expected)
        assert difference.max() <= TOLERANCE, parameters


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize(
    "alone",
    [
        {"theta": 30.0},
        {"tx": 5.0},
        {"ty": -7.0},
        {"ty": 130.0},
        {"shear": 20.0},
        {"zx": 0.5},
        {"zy": 3.0},
        {"flip_horizontal": True},
        {"flip_vertical": True, "tx": 3.0},
        {},
    ],
    ids=str,
)
def test_each_parameter_alone_is_keras_own(keras_image, fill_mode, alone):
    config, image = AugmentationConfig(fill_mode=fill_mode, cval=200.0), noise((40, 57))
    parameters = AugmentationParameters(**alone)
    oracle = keras_generator(keras_image, config)
    expected = oracle.apply_transform(image.astype("float64"), keras_parameters(parameters))
    assert np.abs(warp(image, parameters, config) - expected).max() <= TOLERANCE


@pytest.mark.parametrize(
    "config",
    [
        STRONG,
        AugmentationConfig.log_preset(),
        AugmentationConfig(width_shift_range=12.5, height_shift_range=3, zoom_range=0.3),
        AugmentationConfig(width_shift_range=1, height_shift_range=1.0),
    ],
    ids=["strong", "log", "pixels", "one pixel"],
)
def test_draws_are_distributed_as_in_keras(keras_image, config):
    """Kolmogorov-Smirnov on 3000 draws of each; a wrong range or unit gives p below 1e-9."""
    oracle = keras_generator(keras_image, config)
    np.random.seed(1)
    theirs = [oracle.get_random_transform((80, 120, 3)) for _ in range(3000)]
    ours = [vars(draw(config, 80, 120, generator(1, 0, index))) for index in range(3000)]
    crossed = {"tx": "ty", "ty": "tx"}  # Keras' shifts move along the other axis: issue 17398
    for name in ours[0]:
        a = [float(drawn[name]) for drawn in ours]
        b = [float(drawn[crossed.get(name, name)]) for drawn in theirs]
        assert scipy.stats.ks_2samp(a, b).pvalue > 0.001, name


def test_the_width_shift_moves_sideways_and_the_height_shift_up_and_down():
    image = np.zeros((40, 40, 3), np.uint8)
    image[20, 20] = 255
    for setting, moved, still in [("width_shift_range", 1, 0), ("height_shift_range", 0, 1)]:
        config = AugmentationConfig.from_dict({setting: 6, "fill_mode": "constant"})
        places = [
            np.argwhere(augment(image, config, generator(0, 0, index)))[0] for index in range(20)
        ]
        assert {place[still] for place in places} == {20}
        assert len({place[moved] for place in places}) > 3


def test_an_integer_shift_is_whole_pixels_and_stays_below_it():
    config = AugmentationConfig(width_shift_range=4)
    shifts = {draw(config, 50, 50, generator(0, 0, index)).tx for index in range(300)}
    assert shifts == {-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0}


def test_the_default_leaves_the_image_as_it_is():
    image = noise((30, 44))
    config = AugmentationConfig()
    assert np.array_equal(augment(image, config, generator(0, 0, 0)), image)
    assert np.array_equal(matrix(AugmentationParameters(), 30, 44), [[1, 0, 0], [0, 1, 0]])


def test_the_same_seed_epoch_and_index_give_the_same_image():
    image = noise((48, 48))

    def result(seed: int, epoch: int, index: int) -> bytes:
        return augment(image, STRONG, generator(seed, epoch, index)).tobytes()

    assert result(1, 2, 3) == result(1, 2, 3)
    keys = [(1, 2, 3), (2, 2, 3), (1, 3, 3), (1, 2, 4), (3, 2, 1)]
    assert len({result(*key) for key in keys}) == len(keys)


def test_flips_happen_about_every_second_time_and_only_if_asked():
    both = [draw(STRONG, 9, 9, generator(5, 0, index)) for index in range(1000)]
    assert 430 < sum(p.flip_horizontal for p in both) < 570
    assert 430 < sum(p.flip_vertical for p in both) < 570
    log = [draw(AugmentationConfig.log_preset(), 9, 9, generator(5, 0, i)) for i in range(200)]
    assert not any(p.flip_vertical for p in log)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_the_smallest_images_keep_their_shape(shape, fill_mode):
    config = AugmentationConfig.from_dict({**STRONG.to_dict(), "fill_mode": fill_mode})
    for index in range(10):
        assert augment(noise(shape), config, generator(0, 0, index)).shape == (*shape, 3)


@pytest.mark.parametrize(
    "config", [STRONG, AugmentationConfig(), AugmentationConfig(width_shift_range=4, cval=12.5)]
)
def test_toml_and_dict_round_trip(config, tmp_path):
    assert AugmentationConfig.from_toml(config.to_toml()) == config
    assert AugmentationConfig.from_dict(config.to_dict()) == config
    config.save(tmp_path / "strong.toml")
    read = AugmentationConfig.load(tmp_path / "strong.toml")
    assert read == config
    assert type(read.width_shift_range) is type(config.width_shift_range)


def test_a_single_zoom_number_means_both_ways():
    assert AugmentationConfig.from_toml("zoom_range = 0.25").zoom_range == (0.75, 1.25)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rotation_range = -5", "rotation_range is -5, but must be a number from 0 to 360"),
        ("rotation_range = 'much'", "rotation_range is much"),
        ("rotation_range = nan", "rotation_range is nan"),
        ("width_shift_range = true", "width_shift_range is True"),
        ("shear_range = 90", "from 0 to 89"),
        ("zoom_range = 1", "zoom_range is 1"),
        ("zoom_range = [1.2, 0.8]", "put the smaller number first"),
        ("zoom_range = [1, 2, 3]", "a number or a pair"),
        ("zoom_range = [0, 1]", "from 0.01 to 100"),
        ("horizontal_flip = 'yes'", "horizontal_flip is yes"),
        ("fill_mode = 'mirror'", "must be one of: nearest, reflect, wrap, constant"),
        ("cval = 256", "from 0 to 255"),
        ("spin = 3", "no augmentation setting called spin"),
        ("rotation_range = ", "not valid TOML"),
    ],
)
def test_wrong_settings_are_refused_in_words(text, words, tmp_path):
    with pytest.raises(FormatError, match=words.replace("[", r"\[")):
        AugmentationConfig.from_toml(text)
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=r"wrong\.toml"):
        AugmentationConfig.load(path)


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"absent\.toml"):
        AugmentationConfig.load(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b"cval = '\xe9'")
    with pytest.raises(FormatError, match=r"latin\.toml"):
        AugmentationConfig.load(tmp_path / "latin.toml")
    (tmp_path / "file").touch()
    with pytest.raises(FormatError, match="could not be written"):
        STRONG.save(tmp_path / "file" / "strong.toml")
