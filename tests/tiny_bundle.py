"""A model file made without TensorFlow, whose answers can be reckoned by hand.

Its network averages each colour over the picture and takes the softmax of the three means,
divided by 64, so a red picture is "red" to it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

LABELS = ("red", "green", "blue")
TEMPERATURE = 64.0


def tiny_model(size: int = 8) -> bytes:
    """LiteRT: float32 pixels (1, size, size, 3) to probabilities (1, 3)."""
    graph = schema.SubGraphT()
    graph.tensors = [
        _tensor("pixels", [1, size, size, 3]),
        _tensor("axes", [2], schema.TensorType.INT32, buffer=1),
        _tensor("means", [1, 3]),
        _tensor("probabilities", [1, 3]),
    ]
    softmax = schema.SoftmaxOptionsT()
    softmax.beta = 1 / TEMPERATURE
    kinds = schema.BuiltinOptions
    graph.operators = [
        _operator(0, [0, 1], [2], kinds.ReducerOptions, schema.ReducerOptionsT()),
        _operator(1, [2], [3], kinds.SoftmaxOptions, softmax),
    ]
    graph.inputs, graph.outputs = [0], [3]
    axes = schema.BufferT()
    axes.data = np.frombuffer(np.array([1, 2], "<i4").tobytes(), np.uint8)
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes = [
        _code(schema.BuiltinOperator.MEAN),
        _code(schema.BuiltinOperator.SOFTMAX),
    ]
    model.subgraphs, model.buffers = [graph], [schema.BufferT(), axes]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def tiny_members(size: int = 8, threshold: float = 0.5, **card: Any) -> dict[str, bytes]:
    """The members of a model file; `card` replaces entries of its card."""
    members = {
        "model.keras": b"not read by the viewer",
        "model.tflite": tiny_model(size),
        "labels.json": json.dumps(LABELS).encode(),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    whole = {
        "format_version": 1,
        "preprocessing": {"size": size},
        "threshold": threshold,
        "training": {},
        "sha256": sums,
        **card,
    }
    return {**members, "card.json": json.dumps(whole).encode()}


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_tiny_bundle(path: Path, size: int = 8, threshold: float = 0.5, **card: Any) -> Path:
    return write_zip(path, tiny_members(size, threshold, **card))


def _tensor(
    name: str, shape: list[int], kind: int = schema.TensorType.FLOAT32, buffer: int = 0
) -> Any:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type, tensor.buffer = name.encode(), shape, kind, buffer
    return tensor


def _operator(
    code: int, inputs: list[int], outputs: list[int], options_type: int, options: Any
) -> Any:
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = code, inputs, outputs
    operator.builtinOptionsType, operator.builtinOptions = options_type, options
    return operator


def _code(builtin: int) -> Any:
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = builtin
    code.version = 1
    return code
