"""The whole graph of MoveNet multipose, all 602 nodes, evaluated slowly and plainly in NumPy, as TensorFlow.js would.

It knows nothing of the package's own networks: it reads the file pair by itself and takes each operation at its word.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def evaluate(topology: Path, numbers: Path, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """The output of the graph, (6, 56), for one picture, and the value of every node by name."""
    document = json.loads(topology.read_text())
    nodes = {node["name"]: node for node in document["modelTopology"]["node"]}
    values: dict[str, Any] = _weights(document["weightsManifest"][0]["weights"], numbers.read_bytes())
    values["input"] = picture[None].astype(np.int32)

    def value(name: str) -> Any:
        base, _, place = name.partition(":")
        if base not in values:
            node = nodes[base]
            inputs = [value(each) for each in node.get("input", ())]
            values[base] = OPERATIONS[node["op"]](node.get("attr", {}), *inputs)
        found = values[base]
        return found[int(place or 0)] if isinstance(found, list) else found

    return value("Identity")[0], values


def _weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Any]:
    values, place = {}, 0
    for entry in manifest:
        kind = np.dtype(entry["quantization"]["dtype"] if "quantization" in entry else entry["dtype"])
        count = int(np.prod(entry["shape"]))
        part = np.frombuffer(content[place : place + count * kind.itemsize], kind)
        values[entry["name"]] = part.reshape(entry["shape"]).astype(entry["dtype"])
        place += count * kind.itemsize
    return values


def _number(settings: dict[str, Any], key: str, default: int = 0) -> int:
    return int(settings.get(key, {}).get("i", default))


def _numbers(settings: dict[str, Any], key: str) -> list[int]:
    return [int(value) for value in settings.get(key, {}).get("list", {}).get("i", [])]


def _padded(x: NDArray[Any], size: int, stride: int, padding: bytes, fill: float = 0.0) -> NDArray[Any]:
    if padding != b"SAME":
        return x
    pads = []
    for length in x.shape[1:3]:
        total = max((-(-length // stride) - 1) * stride + size - length, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=fill)


def _windows(settings: dict[str, Any], x: NDArray[Any], size: int, fill: float = 0.0) -> NDArray[Any]:
    stride = _numbers(settings, "strides")[1]
    padding = base64.b64decode(settings["padding"]["s"])
    padded = _padded(x, size, stride, padding, fill)
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::stride, ::stride]


def _fused(settings: dict[str, Any], x: NDArray[Any], bias: NDArray[Any] | None) -> NDArray[Any]:
    for raw in settings.get("fused_ops", {}).get("list", {}).get("s", []):
        step = base64.b64decode(raw)
        if step == b"BiasAdd":
            x = x + bias
        elif step == b"Relu":
            x = np.maximum(x, 0)
        elif step == b"Relu6":
            x = np.clip(x, 0, 6)
        else:
            raise NotImplementedError(step)
    return x.astype(np.float32)


def _convolution(
    settings: dict[str, Any], x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any] | None = None
) -> NDArray[Any]:
    windows = _windows(settings, x, kernel.shape[0])
    return _fused(settings, np.einsum("bhwcij,ijco->bhwo", windows, kernel, optimize=True), bias)


def _depthwise(
    settings: dict[str, Any], x: NDArray[Any], kernel: NDArray[Any], bias: NDArray[Any] | None = None
) -> NDArray[Any]:
    windows = _windows(settings, x, kernel.shape[0])
    return _fused(settings, np.einsum("bhwcij,ijc->bhwc", windows, kernel[..., 0], optimize=True), bias)


def _pool(settings: dict[str, Any], x: NDArray[Any]) -> NDArray[Any]:
    return _windows(settings, x, _numbers(settings, "ksize")[1], -np.inf).max(axis=(-2, -1))


def _resize(_settings: dict[str, Any], x: NDArray[Any], size: NDArray[Any]) -> NDArray[Any]:
    for axis, wanted in ((1, int(size[0])), (2, int(size[1]))):
        length = x.shape[axis]
        at = np.clip((np.arange(wanted) + 0.5) * length / wanted - 0.5, 0, length - 1)
        low = np.floor(at).astype(int)
        share = (at - low).astype(np.float32)
        share = share[:, None, None] if axis == 1 else share[:, None]
        x = np.take(x, low, axis) * (1 - share) + np.take(x, np.minimum(low + 1, length - 1), axis) * share
    return x.astype(np.float32)


def _slice(settings: dict[str, Any], x: NDArray[Any], begin: Any, end: Any, step: Any) -> Any:
    masks = {
        name: _number(settings, f"{name}_mask") for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
    }
    index: list[Any] = []
    for place in range(len(begin)):
        bit = 1 << place
        if masks["new_axis"] & bit:
            index.append(None)
        elif masks["ellipsis"] & bit:
            index.append(Ellipsis)
        elif masks["shrink_axis"] & bit:
            index.append(int(begin[place]))
        else:
            first = None if masks["begin"] & bit else int(begin[place])
            last = None if masks["end"] & bit else int(end[place])
            index.append(slice(first, last, int(step[place])))
    return x[tuple(index)]


def _top(_settings: dict[str, Any], x: NDArray[Any], k: Any) -> list[NDArray[Any]]:
    order = np.argsort(-x, axis=-1, kind="stable")[..., : int(k)]
    return [np.take_along_axis(x, order, -1), order.astype(np.int32)]


def _cast(settings: dict[str, Any], x: Any) -> NDArray[Any]:
    return np.asarray(x).astype({"DT_FLOAT": np.float32, "DT_INT32": np.int32}[settings["DstT"]["type"]])


def _unpack(settings: dict[str, Any], x: NDArray[Any]) -> list[NDArray[Any]]:
    return [np.take(x, place, _number(settings, "axis")) for place in range(_number(settings, "num"))]


def _squeeze(settings: dict[str, Any], x: NDArray[Any]) -> NDArray[Any]:
    return np.squeeze(x, axis=tuple(_numbers(settings, "squeeze_dims")) or None)


OPERATIONS: dict[str, Any] = {
    "_FusedConv2D": _convolution,
    "FusedDepthwiseConv2dNative": _depthwise,
    "DepthwiseConv2dNative": _depthwise,
    "MaxPool": _pool,
    "ResizeBilinear": _resize,
    "StridedSlice": _slice,
    "TopKV2": _top,
    "Cast": _cast,
    "Unpack": _unpack,
    "Squeeze": _squeeze,
    "Sub": lambda _s, a, b: a - b,
    "Mul": lambda _s, a, b: a * b,
    "AddV2": lambda _s, a, b: a + b,
    "AddN": lambda _s, *all_of: sum(all_of),
    "RealDiv": lambda _s, a, b: a / b,
    "FloorDiv": lambda _s, a, b: a // b,
    "Maximum": lambda _s, a, b: np.maximum(a, b),
    "Minimum": lambda _s, a, b: np.minimum(a, b),
    "Less": lambda _s, a, b: a < b,
    "Greater": lambda _s, a, b: a > b,
    "GreaterEqual": lambda _s, a, b: a >= b,
    "Equal": lambda _s, a, b: a == b,
    "LogicalAnd": lambda _s, a, b: a & b,
    "Select": lambda _s, which, a, b: np.where(which, a, b),
    "SquaredDifference": lambda _s, a, b: np.square(a - b),
    "Abs": lambda _s, x: np.abs(x),
    "Exp": lambda _s, x: np.exp(x),
    "Reciprocal": lambda _s, x: np.float32(1) / x,
    "Sigmoid": lambda _s, x: (1 / (1 + np.exp(-x.astype(np.float64)))).astype(np.float32),
    "Identity": lambda _s, x: x,
    "Shape": lambda _s, x: np.array(x.shape, np.int32),
    "Size": lambda _s, x: np.int32(x.size),
    "Fill": lambda _s, size, x: np.full(tuple(size), x, np.float32),
    "Range": lambda _s, first, last, step: np.arange(first, last, step, dtype=np.asarray(first).dtype),
    "Tile": lambda _s, x, times: np.tile(x, tuple(times)),
    "Pack": lambda s, *parts: np.stack(parts, axis=_number(s, "axis")),
    "Reshape": lambda _s, x, shape: np.reshape(x, tuple(int(each) for each in shape)),
    "ExpandDims": lambda _s, x, axis: np.expand_dims(x, int(axis)),
    "GatherNd": lambda _s, x, at: x[tuple(np.moveaxis(at, -1, 0))],
    "ConcatV2": lambda _s, *parts: np.concatenate(parts[:-1], axis=int(parts[-1])),
    "Split": lambda s, axis, x: np.split(x, _number(s, "num_split"), axis=int(axis)),
    "Max": lambda _s, x, axis: x.max(axis=int(np.asarray(axis).ravel()[0])),
    "Sum": lambda _s, x, axis: x.sum(axis=int(np.asarray(axis).ravel()[0])),
    "ArgMax": lambda _s, x, axis: x.argmax(axis=int(axis)).astype(np.int32),
}
