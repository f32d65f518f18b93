"""The convolutional part of MoveNet multipose as an OpenVINO network, built node by node from the TensorFlow.js graph.

Six maps come out of it, one value (or more) per cell of four by four pixels: the chance of a person's middle, the size
of their box, its offset, where each joint is expected from the middle, how likely each joint is in a cell, and where in
the cell it lies. What the graph does with the maps afterwards is done in `pose_maps`, so that neither the size of the
picture nor the number of people is fixed in the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from commonbeat.record.video.models.inference import runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    import openvino

    from commonbeat.record.video.models.tfjs_graph import Graph, Node

ROOT: Final = "StatefulPartitionedCall/"
MAPS: Final = {
    "middle": ROOT + "Sigmoid",
    "box_size": ROOT + "box_scale_0/conv2d_5/BiasAdd",
    "box_offset": ROOT + "box_offset_0/conv2d_6/BiasAdd",
    "expected": ROOT + "kpt_regress_0/conv2d_8/BiasAdd",
    "joint": ROOT + "Sigmoid_1",
    "joint_offset": ROOT + "kpt_offset_0/conv2d_9/BiasAdd",
}
TO_CHANNELS_FIRST: Final = (0, 3, 1, 2)
TO_CHANNELS_LAST: Final = (0, 2, 3, 1)


def pose_network(graph: Graph, height: int, width: int) -> openvino.Model:
    """A network from (1, height, width, 3) uint8 RGB to the six maps, (1, height / 4, width / 4, n) float32, in the order of MAPS.

    height and width are multiples of 32. Raises ValueError for an operation that is not known here.
    """
    return _Builder(graph).build(height, width)


class _Builder:
    """Walks from the maps back to the picture; inside, channels come first, as OpenVINO's convolutions want them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ov = runtime()
        self._op: Any = self._ov.opset13
        self._made: dict[str, Any] = {}
        self._picture: Any = None

    def build(self, height: int, width: int) -> openvino.Model:
        self._picture = self._op.parameter([1, height, width, 3], np.uint8, name="picture")
        order = self._op.constant(np.array(TO_CHANNELS_LAST, np.int64))
        results = []
        for name, node in MAPS.items():
            result = self._op.result(self._op.transpose(self._make(node), order))
            result.output(0).get_tensor().set_names({name})
            results.append(result)
        return self._ov.Model(results, [self._picture], "movenet-multipose")

    def _make(self, name: str) -> Any:
        if name not in self._made:
            node = self._graph.nodes[name]
            rule = _RULES.get(node.operation)
            if rule is None:
                raise ValueError(f"{name}: the operation {node.operation} is not known here")
            self._made[name] = rule(self, node)
        return self._made[name]

    def placeholder(self, _node: Node) -> Any:
        order = self._op.constant(np.array(TO_CHANNELS_FIRST, np.int64))
        return self._op.transpose(self._picture, order)

    def cast(self, node: Node) -> Any:
        return self._op.convert(self._make(node.inputs[0]), "f32")

    def pairwise(self, node: Node) -> Any:
        make = {"AddV2": self._op.add, "Sub": self._op.subtract, "Mul": self._op.multiply}[node.operation]
        return make(*(self._operand(name) for name in node.inputs))

    def _operand(self, name: str) -> Any:
        if name not in self._graph.constants:
            return self._make(name)
        value = np.asarray(self._graph.constants[name], np.float32)
        return self._op.constant(value.transpose(TO_CHANNELS_FIRST) if value.ndim == 4 else value)

    def sigmoid(self, node: Node) -> Any:
        return self._op.sigmoid(self._make(node.inputs[0]))

    def convolution(self, node: Node) -> Any:
        kernel = self._graph.constants[node.inputs[1]].transpose(3, 2, 0, 1)
        return self._finish(node, self._op.convolution(*self._geometry(node, np.ascontiguousarray(kernel))))

    def depthwise(self, node: Node) -> Any:
        """One kernel per channel: TensorFlow's (height, width, channels, 1) as OpenVINO's (channels, 1, 1, height, width)."""
        kernel = self._graph.constants[node.inputs[1]].transpose(2, 3, 0, 1)[:, :, None]
        return self._finish(node, self._op.group_convolution(*self._geometry(node, np.ascontiguousarray(kernel))))

    def _geometry(self, node: Node, kernel: Any) -> tuple[Any, ...]:
        strides = node.settings["strides"][1:3]
        padding = {"SAME": "same_upper", "VALID": "valid"}[node.settings["padding"]]
        zeros = [0, 0]
        return self._make(node.inputs[0]), self._op.constant(kernel), strides, zeros, zeros, [1, 1], padding

    def _finish(self, node: Node, output: Any) -> Any:
        """What is fused into a convolution happens after it: the bias is added, then values are cut off."""
        for step in node.settings.get("fused_ops", ()):
            if step == "BiasAdd":
                bias = self._graph.constants[node.inputs[2]].reshape(1, -1, 1, 1)
                output = self._op.add(output, self._op.constant(bias))
            elif step == "Relu":
                output = self._op.relu(output)
            elif step == "Relu6":
                output = self._op.clamp(output, 0.0, 6.0)
            else:
                raise ValueError(f"{node.name}: {step} is not known after a convolution")
        return output

    def twice_the_size(self, node: Node) -> Any:
        """The graph's only resizing doubles height and width, between the middles of pixels."""
        return self._op.interpolate(
            self._make(node.inputs[0]),
            self._op.constant(np.array([2.0, 2.0], np.float32)),
            "linear_onnx",
            "scales",
            axes=self._op.constant(np.array([2, 3], np.int64)),
            coordinate_transformation_mode="half_pixel",
        )


_RULES: Final[dict[str, Callable[[_Builder, Node], Any]]] = {
    "Placeholder": _Builder.placeholder,
    "Cast": _Builder.cast,
    "AddV2": _Builder.pairwise,
    "Sub": _Builder.pairwise,
    "Mul": _Builder.pairwise,
    "Sigmoid": _Builder.sigmoid,
    "_FusedConv2D": _Builder.convolution,
    "DepthwiseConv2dNative": _Builder.depthwise,
    "FusedDepthwiseConv2dNative": _Builder.depthwise,
    "ResizeBilinear": _Builder.twice_the_size,
}
