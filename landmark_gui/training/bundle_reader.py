"""The Keras form of a model file, loaded so that nothing in the file can run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras

from landmark_gui.core.archives import ArchiveRefused
from landmark_gui.core.i18n import tr
from landmark_gui.inference.bundle import KERAS_MODEL, Bundle, read_keras_form, refusal
from landmark_gui.training.keras_file import check_keras_file


def load_keras(bundle: Bundle) -> keras.Model:
    """Load the Keras form of a model file that was read, not compiled.

    Raises:
        BundleError: if the file has changed since, its Keras form is of another kind than ours,
            Keras cannot load it in its safe mode, or its parts do not fit each other.
    """
    content = read_keras_form(bundle)
    try:
        check_keras_file(content)
    except ArchiveRefused as error:
        reason = tr("{member} in it is refused: {reason}", member=KERAS_MODEL, reason=error)
        raise refusal(bundle.path, reason) from error
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, KERAS_MODEL)
        path.write_bytes(content)
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        # A file from a stranger provokes anything from TypeError to KeyError.
        except Exception as error:
            reason = tr("Keras refuses {member} in it ({detail})", member=KERAS_MODEL, detail=error)
            raise refusal(bundle.path, reason) from error
    expected = (None, bundle.size, bundle.size, 3), (None, len(bundle.labels))
    if (model.input_shape, model.output_shape) != expected:
        raise refusal(bundle.path, tr("its parts do not fit each other"))
    # Saved with a list of one input, of which Keras would remind whoever gives it a tensor.
    return keras.Model(model.inputs[0], model.outputs[0], name=model.name)
