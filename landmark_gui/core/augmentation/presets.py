"""Settings with a name."""

from __future__ import annotations

from landmark_gui.core.augmentation.config import AugmentationConfig

GENTLE = AugmentationConfig(
    rotation_range=10.0,
    width_shift_range=0.05,
    height_shift_range=0.05,
    zoom_range=(0.9, 1.1),
    horizontal_flip=True,
)
STRONG = AugmentationConfig(
    rotation_range=45.0,
    width_shift_range=0.25,
    height_shift_range=0.25,
    shear_range=20.0,
    zoom_range=(0.6, 1.4),
    horizontal_flip=True,
    fill_mode="reflect",
)
BUILDINGS = AugmentationConfig(
    rotation_range=8.0,
    width_shift_range=0.08,
    height_shift_range=0.08,
    zoom_range=(0.8, 1.1),
    fill_mode="reflect",
    brightness_range=(0.7, 1.3),
    jitter_contrast=0.2,
    jitter_saturation=0.2,
    perspective=0.2,
)
"""What changes from photo to photo of a thing that stands still: the light, and where the
camera stands. Buildings do not turn over, and few look the same mirrored."""

PRESETS = {
    "log": AugmentationConfig.log_preset(),
    "gentle": GENTLE,
    "strong": STRONG,
    "buildings": BUILDINGS,
}
