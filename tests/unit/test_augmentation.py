"""Keras' own source is the oracle for drawing and for warping."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from landmark_gui.core.augmentation import (
    FILL_MODES,
    PRESETS,
    AugmentationConfig,
    AugmentationParameters,
    apply,
    augment,
    batch_generator,
    draw,
    generator,
    matrix,
    standardize,
    warp,
)
from landmark_gui.core.errors import FormatError
from tests.keras_oracle import keras_image_module

STRONG = AugmentationConfig(
    rotation_range=60.0,
    width_shift_range=0.3,
    height_shift_range=0.4,
    shear_range=30.0,
    zoom_range=(0.6, 1.6),
    horizontal_flip=True,
    vertical_flip=True,
)
TONES = replace(STRONG, channel_shift_range=60.0, brightness_range=(0.4, 1.7))
EVERYTHING = replace(
    TONES,
    jitter_brightness=0.3,
    jitter_contrast=0.3,
    jitter_saturation=0.3,
    jitter_hue=0.1,
    perspective=0.4,
    blur=1.5,
    jpeg_quality=(30, 90),
    erasing=0.7,
    randaugment_count=2,
)
SHAPES = [(48, 48), (40, 57), (33, 21)]


@pytest.fixture(scope="module")
def keras_image() -> Iterator[types.ModuleType]:
    with keras_image_module() as module:
        yield module


def keras_generator(module: types.ModuleType, config: AugmentationConfig):
    return module.ImageDataGenerator(**config.to_keras())


def keras_parameters(parameters: AugmentationParameters) -> dict:
    """Keras has the same names, and passes over the ones that it does not know."""
    return dict(vars(parameters))


def noise(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (*shape, 3), dtype=np.uint8)


def smooth(shape: tuple[int, int]) -> np.ndarray:
    rows, columns = np.indices(shape)
    return np.stack([rows * 5, columns * 5, rows * 2 + columns * 3], axis=2).astype(np.uint8)


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


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("intensity", [-300.0, -40.0, 0.0, 17.0, 90.0])
def test_a_channel_shift_is_keras_own_to_the_last_bit(keras_image, shape, intensity):
    image = noise(shape) // 2 + 40  # so that its darkest and brightest level matter
    ours = apply(image, AugmentationParameters(channel_shift_intensity=intensity), STRONG)
    expected = keras_image.apply_channel_shift(image.astype("float64"), intensity, 2)
    assert np.array_equal(ours, expected)
    assert not np.shares_memory(ours, image)


@pytest.mark.parametrize("brightness", [0.0, 0.3, 0.77, 1.0, 1.2, 2.5, 9.9])
def test_brightness_is_keras_own_to_the_last_bit(keras_image, brightness):
    image = np.repeat(np.arange(256, dtype=np.uint8), 6).reshape(32, 16, 3)
    ours = apply(image, AugmentationParameters(brightness=brightness), STRONG)
    expected = keras_image.apply_brightness_shift(image.astype("float32"), brightness, False)
    assert np.array_equal(ours, expected)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize("shape", SHAPES)
def test_warp_and_tones_together_are_keras_own(keras_image, fill_mode, shape):
    """The tolerance, in grey levels.

    Ours has whole levels after each stage. Keras carries fractions through warp and shift, and
    its brightness cuts them off instead of rounding. So before the brightness we are off by half
    a level of the warp and half of the shift; its limits, darkest and brightest, by half too;
    then by the cut, one level at most. Brightness multiplies all that and cuts once more.
    """
    config = replace(TONES, fill_mode=fill_mode, cval=90.0)
    oracle, image = keras_generator(keras_image, config), noise(shape)
    for index in range(60):
        drawn = draw(config, *shape, generator(3, 0, index))
        for parameters, tolerance in [
            (replace(drawn, brightness=None), 2 * TOLERANCE),
            (replace(drawn, channel_shift_intensity=None), 1 * drawn.brightness + 1),
            (drawn, 2 * drawn.brightness + 1),
        ]:
            expected = oracle.apply_transform(image.astype("float64"), keras_parameters(parameters))
            difference = np.abs(apply(image, parameters, config) - expected)
            assert difference.max() <= tolerance, parameters


def test_rescaling_is_keras_own(keras_image):
    config, images = AugmentationConfig(rescale=1 / 255), noise((9, 7))[None]
    expected = keras_generator(keras_image, config).standardize(images.astype(np.float32))
    assert np.array_equal(standardize(images, config), expected)
    assert standardize(images, config).dtype == np.float32
    assert np.array_equal(standardize(images, AugmentationConfig()), images)


@pytest.mark.parametrize(
    "config",
    [
        STRONG,
        TONES,
        AugmentationConfig.log_preset(),
        AugmentationConfig(width_shift_range=12.5, height_shift_range=3, zoom_range=0.3),
        AugmentationConfig(width_shift_range=1, height_shift_range=1.0),
        AugmentationConfig(width_shift_range=(-0.2, 0.1, 0.3), height_shift_range=(2, 5, 9.5)),
        AugmentationConfig(width_shift_range=(-8, 0.5), height_shift_range=(), rotation_range=5),
    ],
    ids=["strong", "tones", "log", "pixels", "one pixel", "lists", "mixed list"],
)
def test_draws_are_distributed_as_in_keras(keras_image, config):
    """Kolmogorov-Smirnov on 3000 draws of each; a wrong range or unit gives p below 1e-9."""
    oracle = keras_generator(keras_image, config)
    np.random.seed(1)
    theirs = [oracle.get_random_transform((80, 120, 3)) for _ in range(3000)]
    ours = [vars(draw(config, 80, 120, generator(1, 0, index))) for index in range(3000)]
    crossed = {"tx": "ty", "ty": "tx"}  # Keras' shifts move along the other axis: issue 17398
    for name in theirs[0]:
        if theirs[0][name] is None:
            assert ours[0][name] is None
            continue
        a = [float(drawn[name]) for drawn in ours]
        b = [float(drawn[crossed.get(name, name)]) for drawn in theirs]
        assert scipy.stats.ks_2samp(a, b, method="asymp").pvalue > 0.001, name


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


def test_the_draws_of_the_geometric_settings_stay_what_they_were():
    """Numbers of the first version: a training that is run again sees the same variations."""
    drawn = draw(AugmentationConfig.log_preset(), 160, 224, generator(1, 2, 3))
    assert drawn == AugmentationParameters(
        theta=13.637781012133054,
        tx=-34.85308855442341,
        ty=0.7365812732719323,
        shear=-0.05752942953699022,
        zx=1.0818654034483357,
        zy=0.9918058288157673,
    )
    whole = AugmentationConfig(width_shift_range=9, height_shift_range=0.2, rotation_range=10.0)
    assert draw(whole, 160, 224, generator(1, 2, 3)) == AugmentationParameters(
        theta=3.4094452530332635, tx=-7.0, ty=0.7365812732719323
    )


def test_what_is_beyond_keras_leaves_keras_draws_alone():
    ours = draw(EVERYTHING, 48, 48, generator(1, 2, 3))
    assert ours.view and ours.steps
    assert replace(ours, view=None, steps=()) == draw(TONES, 48, 48, generator(1, 2, 3))


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


def test_images_are_the_same_in_any_order_and_on_any_thread():
    """Each thread keeps arrays of its own between images, also of different sizes."""
    images = [np.roll(noise((200 + index % 2, 200)), index, 0) for index in range(400)]

    def result(index: int) -> bytes:
        config = EVERYTHING if index % 40 == 0 else STRONG
        return augment(images[index], config, generator(1, 0, index)).tobytes()

    alone = {index: result(index) for index in range(400)}
    backwards = {index: result(index) for index in reversed(range(400))}
    with ThreadPoolExecutor(4) as pool:
        together = dict(enumerate(pool.map(result, range(400))))
    assert alone == backwards
    assert alone == together


def test_the_numbers_of_a_batch_are_not_those_of_an_image():
    numbers = {float(make(1, 2, 3).random()) for make in (generator, batch_generator)}
    assert len(numbers) == 2


@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_the_image_given_is_never_changed_nor_handed_back(fill_mode):
    image = noise((40, 57))
    before = image.copy()
    for config in (AugmentationConfig(), STRONG, TONES, EVERYTHING):
        for index in range(5):
            made = augment(image, replace(config, fill_mode=fill_mode), generator(0, 0, index))
            made[:] = 0
            assert np.array_equal(image, before)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
@given(
    theta=st.floats(-360, 360),
    tx=st.floats(-200, 200),
    ty=st.floats(-200, 200),
    shear=st.floats(-89, 89),
    zx=st.floats(0.01, 100),
    zy=st.floats(0.01, 100),
    mirrored=st.booleans(),
)
@example(theta=0.0, tx=0.0, ty=0.0, shear=0.0, zx=1.0, zy=6.0, mirrored=False)  # a row on a seam
def test_any_parameters_are_keras_own(
    keras_image, fill_mode, theta, tx, ty, shear, zx, zy, mirrored
):
    """Also where most of the result lies outside the image, and the padded copy is not used."""
    config = AugmentationConfig(fill_mode=fill_mode, cval=90.0)
    parameters = AugmentationParameters(theta, tx, ty, shear, zx, zy, mirrored)
    image = smooth((24, 31))
    oracle = keras_generator(keras_image, config)
    # At a jump (the seam of "wrap", the rim of "constant") the last bit of a position decides,
    # and a whole row may lie on it: what Keras makes of a position a hair aside is right as well.
    aside = (-0.01, 0.0, 0.01)
    expected = [
        oracle.apply_transform(
            image.astype("float64"),
            keras_parameters(replace(parameters, tx=tx + x, ty=ty + y)),
        )
        for x in aside
        for y in aside
    ]
    made = warp(image, parameters, config)
    assert (made >= np.min(expected, axis=0) - 1.5).all()
    assert (made <= np.max(expected, axis=0) + 1.5).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_the_smallest_images_keep_their_shape(shape, fill_mode):
    config = AugmentationConfig.from_dict({**EVERYTHING.to_dict(), "fill_mode": fill_mode})
    for index in range(10):
        assert augment(noise(shape), config, generator(0, 0, index)).shape == (*shape, 3)


@pytest.mark.parametrize(
    "config",
    [
        STRONG,
        EVERYTHING,
        AugmentationConfig(),
        AugmentationConfig(width_shift_range=4, cval=12.5, rescale=1 / 255),
        AugmentationConfig(width_shift_range=(-4, 0.5), mixup_alpha=0.2, cutmix_alpha=1.0),
        *PRESETS.values(),
    ],
)
def test_toml_and_dict_round_trip(config, tmp_path):
    assert AugmentationConfig.from_toml(config.to_toml()) == config
    assert AugmentationConfig.from_dict(config.to_dict()) == config
    config.save(tmp_path / "strong.toml")
    read = AugmentationConfig.load(tmp_path / "strong.toml")
    assert read == config
    assert type(read.width_shift_range) is type(config.width_shift_range)


def test_files_and_models_of_the_first_version_are_read():
    """Nine settings, and none of the later ones."""
    first = {
        "rotation_range": 40.0,
        "width_shift_range": 0.2,
        "height_shift_range": 0.2,
        "shear_range": 0.2,
        "zoom_range": [0.8, 1.2],
        "horizontal_flip": True,
        "vertical_flip": False,
        "fill_mode": "nearest",
        "cval": 0.0,
    }
    assert AugmentationConfig.from_dict(first) == AugmentationConfig.log_preset()
    assert AugmentationConfig.from_toml(tomli_w.dumps(first)) == AugmentationConfig.log_preset()


def test_what_a_model_keeps_is_json():
    for config in (AugmentationConfig(), EVERYTHING):
        kept = json.loads(json.dumps(config.to_dict()))
        assert AugmentationConfig.from_dict(kept) == config


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
        ("width_shift_range = ['far']", "width_shift_range is far"),
        ("height_shift_range = [20000]", "from -10000 to 10000"),
        ("brightness_range = 0.5", "a pair as"),
        ("brightness_range = [1.5, 0.5]", "put the smaller number first"),
        ("channel_shift_range = 256", "from 0 to 255"),
        ("rescale = 0", "rescale is 0"),
        ("jitter_hue = 0.6", "from 0 to 0.5"),
        ("perspective = 1", "from 0 to 0.9"),
        ("jpeg_quality = [50.5, 90]", "whole number"),
        ("jpeg_quality = [0, 90]", "from 1 to 100"),
        ("erasing = 2", "from 0 to 1"),
        ("erasing_area = [0.5, 0.1]", "put the smaller number first"),
        ("randaugment_count = 1.5", "whole number"),
        ("randaugment_count = 15", "from 0 to 14"),
        ("randaugment_magnitude = 11", "from 0 to 10"),
        ("mixup_alpha = -1", "mixup_alpha is -1"),
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
