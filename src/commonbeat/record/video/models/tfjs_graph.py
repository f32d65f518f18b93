"""A TensorFlow.js graph read as it stands: nodes with their inputs and settings, and its numbers as arrays."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation. inputs: names of nodes, with ":1" and so on for a second output; settings: plain values."""

    name: str
    operation: str
    inputs: tuple[str, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The nodes by name, in an order in which each comes after its inputs, and the constants by name."""

    nodes: Mapping[str, Node]
    constants: Mapping[str, NDArray[Any]]


def read_graph(topology: Path, numbers: Path) -> Graph:
    """The graph of a file pair as TensorFlow.js keeps them: model.json and one file of weights; half floats become float32."""
    document = json.loads(topology.read_text(encoding="utf-8"))
    nodes = {
        raw["name"]: Node(
            raw["name"],
            raw["op"],
            tuple(raw.get("input", ())),
            {key: _value(value) for key, value in raw.get("attr", {}).items()},
        )
        for raw in document["modelTopology"]["node"]
    }
    return Graph(nodes, _constants(document["weightsManifest"][0]["weights"], numbers.read_bytes()))


def _constants(manifest: list[dict[str, Any]], content: bytes) -> dict[str, NDArray[Any]]:
    """Arrays stand one behind another in the order of the manifest."""
    constants: dict[str, NDArray[Any]] = {}
    place = 0
    for entry in manifest:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        array = np.frombuffer(content, stored, count, place).reshape(entry["shape"])
        constants[entry["name"]] = array.astype(entry["dtype"])
        place += count * stored.itemsize
    if place != len(content):
        raise ValueError(f"the weights have {len(content)} bytes, and the graph names {place}")
    return constants


def _value(setting: dict[str, Any]) -> Any:
    """The plain value of a setting; bytes are written in base 64 and whole numbers as text."""
    if not setting:
        return None
    kind, value = next(iter(setting.items()))
    if kind == "s":
        return base64.b64decode(value).decode()
    if kind == "i":
        return int(value)
    if kind == "list":
        inner = next(iter(value.items()), ("i", []))
        return [_value({inner[0]: each}) for each in inner[1]]
    return value
