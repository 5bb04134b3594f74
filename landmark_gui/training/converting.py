"""A model in the forms that other programs read, and its answers in each of them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.inference.rendering import Pixels
from landmark_gui.training.data import Probabilities

INPUT, OUTPUT = "pixels", "probabilities"
ONNX_OPSET = 17
"""Of ONNX 1.12 (2022): old enough for most programs, and it has all that our networks need."""

Answer = Callable[[Pixels], Probabilities]
"""From uint8, shape (n, size, size, 3), to probabilities, shape (n, classes)."""


def quantized(model: keras.Model, examples: Pixels) -> bytes:
    """A LiteRT model that reckons with whole numbers of 8 bits; its input and output are float32.

    Args:
        examples: what the model will be asked about, uint8, shape (n, size, size, 3). The ranges
            of all values in between are taken from these.
    """
    size = model.input_shape[1]
    signature = tf.TensorSpec((1, size, size, 3), tf.float32, name=INPUT)
    traced = tf.function(lambda pixels: model(pixels, training=False), autograph=False)
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [traced.get_concrete_function(signature)], model
    )
    converter.experimental_lower_to_saved_model = False  # as in `bundle_writer.to_litert`
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]

    def inputs() -> Iterator[list[Any]]:
        for image in examples:
            yield [image[np.newaxis].astype(np.float32)]

    converter.representative_dataset = inputs
    with warnings.catch_warnings():
        # It warns of inputs without ranges, which those of float32 do not need.
        warnings.simplefilter("ignore", UserWarning)
        return bytes(converter.convert())


def litert_answer(content: bytes, classes: int) -> tuple[Answer, list[str]]:
    """How a LiteRT model is asked, and the names of its input and of its probabilities."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    shape = [1, classes]
    told = next(out for out in interpreter.get_output_details() if list(out["shape"]) == shape)

    def answer(images: Pixels) -> Probabilities:
        answers = np.empty((len(images), classes), np.float32)
        for row, image in zip(answers, images, strict=True):
            interpreter.set_tensor(given["index"], image[np.newaxis].astype(np.float32))
            interpreter.invoke()
            row[:] = interpreter.get_tensor(told["index"])[0]
        return answers

    return answer, [given["name"], told["name"]]


def as_onnx(model: keras.Model) -> bytes:
    """A model in the ONNX format, for any number of pictures at a time.

    Keras' own export to it goes the same way, but leaves input and output without names.

    Raises:
        TrainingError: if what it takes is not installed.
    """
    try:
        import tf2onnx
    except ImportError as error:
        raise _without_onnx(error) from error
    size = model.input_shape[1]
    signature = tf.TensorSpec((None, size, size, 3), tf.float32, name=INPUT)
    traced = tf.function(lambda pixels: model(pixels, training=False), autograph=False)
    # tf2onnx would take constants that a function has captured, as `Normalization` has, for inputs.
    function = traced.get_concrete_function(signature)
    frozen = convert_variables_to_constants_v2(function, aggressive_inlining=True)
    (given,), (told,) = frozen.inputs, frozen.outputs
    proto, _ = tf2onnx.convert.from_graph_def(
        frozen.graph.as_graph_def(),
        input_names=[given.name],
        output_names=[told.name],
        opset=ONNX_OPSET,
        tensors_to_rename={given.name: INPUT, told.name: OUTPUT},
        custom_op_handlers={"Erfc": (_erfc, [])},
    )
    return bytes(proto.SerializeToString())


def onnx_answer(content: bytes) -> Answer:
    """How an ONNX model is asked, by a runtime that shares nothing with TensorFlow.

    Raises:
        TrainingError: if the runtime is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise _without_onnx(error) from error
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])

    def answer(images: Pixels) -> Probabilities:
        (answers,) = session.run([OUTPUT], {INPUT: images.astype(np.float32)})
        return np.asarray(answers, np.float32)

    return answer


def save_savedmodel(model: keras.Model, folder: Path) -> None:
    """Write a model as TensorFlow serves it, with the signature `serving_default`."""
    model.export(folder, format="tf_saved_model", verbose=False)


def savedmodel_answer(folder: Path) -> tuple[Answer, list[str]]:
    """How a SavedModel is asked, and the names of its input and output."""
    loaded = tf.saved_model.load(folder)
    serve = loaded.signatures["serving_default"]
    (given,), (told,) = serve.structured_input_signature[1], serve.structured_outputs

    def answer(images: Pixels) -> Probabilities:
        assert loaded is not None  # its variables live as long as it does
        said = serve(**{given: tf.constant(images, tf.float32)})
        return np.asarray(said[told], np.float32)

    return answer, [given, told]


def _erfc(graph: Any, node: Any, name: str, arguments: list[Any]) -> None:
    """What Keras' GELU takes, and tf2onnx does not know: erfc(x) = 1 − erf(x)."""
    told = node.output[0]
    shape, kind = graph.get_shape(told), graph.get_dtype(told)
    graph.remove_node(name)
    erf = graph.make_node("Erf", [node.input[0]])
    one = graph.make_const(f"{name}/one", np.array(1, np.float32))
    graph.make_node(
        "Sub",
        [one.output[0], erf.output[0]],
        name=name,
        outputs=[told],
        shapes=[shape],
        dtypes=[kind],
    )


def _without_onnx(error: ImportError) -> TrainingError:
    return TrainingError(
        tr(
            "ONNX needs the packages tf2onnx, onnx and onnxruntime, of which one is not installed "
            "({detail}).",
            detail=error,
        )
    )
