"""What stands in a Keras file, looked at before Keras loads it.

Keras' safe mode refuses `Lambda` layers. What it looks up besides by the names in a file has been
more than once a way to run or read what the file's writer wanted (CVE-2025-1550, CVE-2025-8747,
CVE-2025-9905, CVE-2025-12058). So a file may name only what our own networks are made of.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import h5py

from landmark_gui.core.archives import DAMAGE, ArchiveRefused, check_members, content
from landmark_gui.core.i18n import tr

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
MAX_MEMBERS = 8
MAX_CONFIG_BYTES = 16 * 2**20
MAX_WEIGHT_BYTES = 2**30

KNOWN = {
    "keras": {"DTypePolicy", "Sequential"},
    "keras.initializers": {"GlorotUniform", "HeNormal", "Ones", "VarianceScaling", "Zeros"},
    "keras.layers": {
        *("Activation", "Add", "BatchNormalization", "Conv2D", "Dense", "DepthwiseConv2D"),
        *("Dropout", "Flatten", "GlobalAveragePooling2D", "InputLayer", "LayerNormalization"),
        *("MaxPooling2D", "Multiply", "Normalization", "PReLU", "ReLU", "Rescaling", "Reshape"),
        "ZeroPadding2D",
    },
    "keras.src.applications.convnext": {"LayerScale"},
    "keras.src.models.functional": {"Functional"},
    "keras.src.ops.numpy": {"Add", "Multiply"},
    None: {"__keras_tensor__"},
}
"""Module → classes that the networks of our recipes are saved with."""


def check_keras_file(file: bytes) -> None:
    """Refuse what none of our networks is saved as; runs nothing of it.

    Args:
        file: the content of a file in Keras' own format.

    Raises:
        ArchiveRefused: with the reason.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            check_members(archive, MAX_MEMBERS)
            config = content(archive, CONFIG, MAX_CONFIG_BYTES)
            weights = content(archive, WEIGHTS, MAX_WEIGHT_BYTES)
        _check_names(json.loads(config))
        _check_weights(weights)
    except RecursionError as error:
        raise ArchiveRefused(tr("{member} in it is damaged", member=CONFIG)) from error
    except DAMAGE as error:  # also of json and h5py
        raise ArchiveRefused(tr("it could not be read ({detail})", detail=error)) from error


def _check_names(value: Any) -> None:
    if isinstance(value, dict):
        if {"class_name", "module", "registered_name"} & value.keys() and not _is_known(value):
            raise ArchiveRefused(
                tr("it names {name}, which no model of ours has", name=value.get("class_name"))
            )
        for part in value.values():
            _check_names(part)
    elif isinstance(value, list):
        for part in value:
            _check_names(part)


def _is_known(value: dict[str, Any]) -> bool:
    module, name = value.get("module"), value.get("class_name")
    if not isinstance(module, str | None) or not isinstance(name, str):
        return False
    return name in KNOWN.get(module, ()) and value.get("registered_name") in (None, name)


def _check_weights(file: bytes) -> None:
    """Refuse links out of the file, and what would swell: HDF5 has both."""
    total = 0

    def look(group: h5py.Group) -> None:
        nonlocal total
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise ArchiveRefused(tr("it holds a link to another file"))
            item = group[name]
            if isinstance(item, h5py.Group):
                look(item)
            elif item.external or item.is_virtual:
                raise ArchiveRefused(tr("it holds a link to another file"))
            else:
                total += item.nbytes
            if total > MAX_WEIGHT_BYTES or total > len(file):
                raise ArchiveRefused(tr("{member} in it is too large", member=WEIGHTS))

    with h5py.File(io.BytesIO(file), "r") as opened:
        look(opened)
