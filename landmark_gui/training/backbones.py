"""Backbones as Keras models without their top, and what each wants pixels to be like."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers

from landmark_gui.core.backbones import Backbone

BUILDERS: dict[str, Callable[..., keras.Model]] = {
    "mobilenet_v2": keras.applications.MobileNetV2,
    "mobilenet_v3_small": keras.applications.MobileNetV3Small,
    "mobilenet_v3_large": keras.applications.MobileNetV3Large,
    "efficientnet_v2_b0": keras.applications.EfficientNetV2B0,
    "efficientnet_v2_b1": keras.applications.EfficientNetV2B1,
    "efficientnet_v2_b2": keras.applications.EfficientNetV2B2,
    "efficientnet_v2_b3": keras.applications.EfficientNetV2B3,
    "convnext_tiny": keras.applications.ConvNeXtTiny,
}


def built(known: Backbone, size: int) -> keras.Model:
    """A backbone with random weights, from pixels as `as_wanted` gives them to feature maps.

    Args:
        size: side of the input in pixels, at least 32.
    """
    width = {"alpha": known.alpha} if known.name == "mobilenet_v2" else {}
    return BUILDERS[known.name](
        input_shape=(size, size, 3), include_top=False, weights=None, **width
    )


def as_wanted(known: Backbone, pixels: keras.KerasTensor) -> keras.KerasTensor:
    """Pixels 0 to 255 in the range that a backbone was trained with.

    All but MobileNetV2 have layers of their own for it (Keras' `include_preprocessing`): dividing
    for them once more would feed them nearly black pictures.
    """
    if known.name == "mobilenet_v2":
        return layers.Rescaling(1 / 127.5, offset=-1, name="to_unit_range")(pixels)
    return pixels


def backbone_in(model: keras.Model) -> keras.Model | None:
    """The backbone of a model; None if it has none."""
    return next((layer for layer in model.layers if isinstance(layer, keras.Model)), None)


def freeze(backbone: keras.Model) -> None:
    """Let nothing in a backbone learn, batch normalisation included."""
    backbone.trainable = False


def free_top(backbone: keras.Model, first: str) -> None:
    """Let a backbone learn from its layer `first` on; batch normalisation stays as it is.

    Its statistics come from a million photos, and those of a few hundred would undo what was
    learned (https://keras.io/guides/transfer_learning/).
    """
    backbone.trainable = True
    names = [layer.name for layer in backbone.layers]
    top = names.index(first)
    for place, layer in enumerate(backbone.layers):
        frozen = isinstance(layer, layers.BatchNormalization)
        layer.trainable = place >= top and not frozen
