"""Learning with Keras. Imported by the worker process and by `train` on the command line only."""

from __future__ import annotations

import os

# Read once, when TensorFlow and Keras are imported, so they are set before any module here is.
os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever another program chose in ~/.keras
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
