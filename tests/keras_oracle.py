"""Keras' own code, run by itself: no TensorFlow, under a second."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import scipy.ndimage


@contextmanager
def keras_image_module() -> Iterator[types.ModuleType]:
    """Keras' module `legacy.preprocessing.image`.

    What it imports from the rest of Keras plays no part in drawing, warping and changing tones,
    so stand-ins do, but for `image_utils`, which is Keras' own. SciPy's `ndimage.interpolation`
    is a deprecated name of `ndimage`.
    """
    keras = importlib.util.find_spec("keras")
    assert keras is not None and keras.origin is not None
    source = Path(keras.origin).parent / "src"
    backend = types.SimpleNamespace(
        floatx=lambda: "float32",
        image_data_format=lambda: "channels_last",
        standardize_data_format=lambda given: given or "channels_last",
    )
    old_name = types.SimpleNamespace(interpolation=scipy.ndimage)
    parts: dict[str, dict[str, object]] = {
        "keras.src": {"backend": backend},
        "keras.src.api_export": {"keras_export": lambda name: lambda thing: thing},
        "keras.src.trainers.data_adapters.py_dataset_adapter": {"PyDataset": object},
        "keras.src.utils": {"io_utils": None},
        "keras.src.utils.module_utils": {"scipy": types.SimpleNamespace(ndimage=old_name)},
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, contents in parts.items():
            stand_in = types.ModuleType(name)
            vars(stand_in).update(contents)
            patch.setitem(sys.modules, name, stand_in)
        vars(sys.modules["keras.src.utils"])["image_utils"] = _run(
            "keras_image_utils", source / "utils/image_utils.py"
        )
        yield _run("keras_legacy_image", source / "legacy/preprocessing/image.py")


def _run(name: str, path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
