"""The networks of `keras.applications` to build on: what is known of each without loading it.

Accuracies are the published ones of ImageNet-1k (top 1, https://keras.io/api/applications/ and the
tables of Keras' source); how well a network does there says a good deal of how well its features do
elsewhere (Kornblith, Shlens, Le, CVPR 2019). The weights were learned from ImageNet's photos, which
are for research; `licence` is that of the weights themselves.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.resources import resource


@dataclass(frozen=True)
class Backbone:
    """A network without its top.

    Attributes:
        name: as `TrainConfig.backbone` has it.
        alpha: its width; 1.0 where there is one alone.
        title: what it is called.
        side: of the pictures it was trained with, in pixels.
        parameters: numbers that its weights hold; no two networks have as many.
        operations: millions of multiplications with additions for a picture of that side.
        activations: millions of numbers that its layers give for such a picture.
        accuracy: of ImageNet, 0 to 1.
        file: name of its weights where Keras keeps them.
        place: folder of the file at its origin.
        hash: MD5 or SHA-256 of the file, as Keras has it; "" where Keras has none.
        top: the first layer of the part that "fine-tune" trains.
        licence: of the weights.
    """

    name: str
    alpha: float
    title: str
    side: int
    parameters: int
    operations: int
    activations: float
    accuracy: float
    file: str
    place: str
    hash: str
    top: str
    licence: str = "Apache 2.0"

    @property
    def key(self) -> tuple[str, float]:
        return self.name, self.alpha

    @property
    def megabytes(self) -> int:
        """About what its download takes: four bytes a parameter."""
        return max(1, round(self.parameters * 4 / 1e6))

    def operations_at(self, side: int) -> float:
        """Millions of multiplications with additions for a picture of another side."""
        return self.operations * (side / self.side) ** 2


def _mobilenet_v2(alpha: float, *figures: float) -> Backbone:
    parameters, operations, activations, accuracy = figures
    return Backbone(
        "mobilenet_v2",
        alpha,
        f"MobileNetV2 {alpha:g}",
        224,
        int(parameters),
        int(operations),
        activations,
        accuracy,
        f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_224_no_top.h5",
        "mobilenet_v2",
        "",
        "block_14_expand",
    )


def _mobilenet_v3(
    size: str, figures: tuple[int, int, float, float], md5: str, top: str
) -> Backbone:
    return Backbone(
        f"mobilenet_v3_{size}",
        1.0,
        f"MobileNetV3 {size.title()}",
        224,
        *figures,
        f"weights_mobilenet_v3_{size}_224_1.0_float_no_top_v2.h5",
        "mobilenet_v3",
        md5,
        top,
    )


def _efficientnet_v2(
    size: str, side: int, figures: tuple[int, int, float, float], md5: str, top: str
) -> Backbone:
    return Backbone(
        f"efficientnet_v2_{size}",
        1.0,
        f"EfficientNetV2 {size.upper()}",
        side,
        *figures,
        f"efficientnetv2-{size}_notop.h5",
        "efficientnet_v2",
        md5,
        top,
    )


ALL: tuple[Backbone, ...] = (
    _mobilenet_v2(0.35, 410_208, 58, 9.5, 0.603),
    _mobilenet_v2(0.5, 706_224, 96, 12.0, 0.654),
    _mobilenet_v2(0.75, 1_382_064, 208, 19.3, 0.698),
    _mobilenet_v2(1.0, 2_257_984, 299, 21.8, 0.718),
    _mobilenet_v2(1.3, 3_766_048, 508, 29.4, 0.744),
    _mobilenet_v2(1.4, 4_363_712, 580, 31.2, 0.750),
    _mobilenet_v3(
        "small",
        (939_120, 55, 5.4, 0.681),
        "d3e8ec802a04aa4fc771ee12a9a9b836",
        "expanded_conv_9_expand",
    ),
    _mobilenet_v3(
        "large",
        (2_996_352, 214, 15.4, 0.756),
        "07fb09a5933dd0c8eaafa16978110389",
        "expanded_conv_12_expand",
    ),
    _efficientnet_v2(
        "b0",
        224,
        (5_919_312, 717, 16.2, 0.787),
        "893217f2bb855e2983157299931e43ff",
        "block6e_expand_conv",
    ),
    _efficientnet_v2(
        "b1",
        240,
        (6_931_124, 1165, 24.6, 0.798),
        "0e80663031ca32d657f9caa404b6ec37",
        "block6e_expand_conv",
    ),
    _efficientnet_v2(
        "b2",
        260,
        (8_769_374, 1573, 31.2, 0.805),
        "1dfe2e7a5d45b6632553a8961ea609eb",
        "block6g_expand_conv",
    ),
    _efficientnet_v2(
        "b3",
        300,
        (12_930_622, 2885, 51.8, 0.820),
        "f6abf7b5849ac99a89b50dd3fd532856",
        "block6g_expand_conv",
    ),
    Backbone(
        "convnext_tiny",
        1.0,
        "ConvNeXt Tiny",
        224,
        27_820_128,
        4455,
        29.6,
        0.813,
        "convnext_tiny_notop.h5",
        "convnext",
        "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
        "convnext_tiny_stage_3_block_0_depthwise_conv",
        "MIT",
    ),
)

NAMES: tuple[str, ...] = tuple(dict.fromkeys(backbone.name for backbone in ALL))
ALPHAS: tuple[float, ...] = tuple(b.alpha for b in ALL if b.name == "mobilenet_v2")


def backbone(name: str, alpha: float) -> Backbone:
    """The network of a name; the width counts where there are several."""
    named = [known for known in ALL if known.name == name]
    return next((known for known in named if known.alpha == alpha), named[0])


def weights_folder() -> Path:
    """Where Keras keeps the weights that it downloads: where it cannot write, among files that
    are temporary."""
    named = os.environ.get("KERAS_HOME")
    home = Path(named) if named else Path.home() / ".keras"
    if home.exists() and not os.access(home, os.W_OK):
        shared = Path("/tmp")  # as in `keras.utils.get_file`
        home = (shared if shared.is_dir() else Path(tempfile.gettempdir())) / ".keras"
    return home / "models"


def shipped_names(known: Backbone) -> tuple[str, str]:
    """What a file of weights that comes with the program is called: Keras tells its two forms
    apart by the end of the name."""
    return known.file, Path(known.file).with_suffix(".weights.h5").name


def weights_files(known: Backbone) -> tuple[Path, ...]:
    """Where the weights of a network may lie. What came with the program is asked first: it is
    there without a network."""
    shipped = resource("weights")
    return (*(shipped / name for name in shipped_names(known)), weights_folder() / known.file)


def at_hand() -> frozenset[tuple[str, float]]:
    """The keys of the networks whose weights came with the program, or were downloaded already."""
    return frozenset(
        known.key for known in ALL if any(path.is_file() for path in weights_files(known))
    )
