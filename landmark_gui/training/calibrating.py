"""Making a trained model's probabilities mean what they say, in the model itself.

The temperature goes into the weights of the last layer, so that both forms of the network, and
whoever loads either, give calibrated probabilities.
"""

from __future__ import annotations

import keras

from landmark_gui.core.calibration import (
    Calibration,
    expected_calibration_error,
    fit_temperature,
    with_temperature,
)
from landmark_gui.training.data import Labels, Probabilities

PRIOR = 5.0
"""How many examples it takes to be believed: a validation split may have a dozen, all named
rightly, which is no reason for certainty (docs/adr/0030)."""


def calibrated(model: keras.Model, probabilities: Probabilities, labels: Labels) -> Calibration:
    """Calibrate a model, in place; which class is the likeliest does not change.

    Args:
        model: whose last layer, "probabilities", is dense with a softmax.
        probabilities: what it said of photos not learned from, shape (n, classes), n at least 1.
        labels: their n true class indices.

    Returns:
        What was done, with the errors before and after on these photos.
    """
    temperature = fit_temperature(probabilities, labels, PRIOR)
    last = model.get_layer("probabilities")
    last.set_weights([weights / temperature for weights in last.get_weights()])
    right = probabilities.argmax(axis=1) == labels
    before, after = (
        expected_calibration_error(answers.max(axis=1), right)
        for answers in (probabilities, with_temperature(probabilities, temperature))
    )
    return Calibration(temperature, before, after, len(labels))
