"""PyTorch and ONNX Runtime: the layers themselves."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.bench.kernels.cells import Array, Cell
from tests.bench.kernels.peers.base import Arrays, Job, Peer

__all__ = ["onnx_peers", "torch_peers"]


def torch_peers() -> list[Peer]:
    import_module("torch").set_num_threads(1)
    return [Peer("torch", _torch), Peer("torch nhwc", partial(_torch, channels_last=True))]


def _torch(cell: Cell, x: Array, *, channels_last: bool = False) -> Job | None:
    torch = import_module("torch")
    if channels_last and (cell.layout != "HWC" or cell.kind == "median"):
        return None
    tensor = torch.from_numpy(np.ascontiguousarray(cell.planes(x)))[None]
    if channels_last:
        tensor = tensor.to(memory_format=torch.channels_last)

    def read(result: Any) -> Arrays:
        parts = result if isinstance(result, tuple) else (result,)
        return tuple(part[0].numpy() for part in parts)

    takes_bytes = cell.size is None and cell.kind != "avg" and not channels_last
    return Job(_torch_run(cell, tensor, takes_bytes), read)


def _torch_run(cell: Cell, tensor: Any, takes_bytes: bool) -> Callable[[], Any]:
    """The layer, by way of floats where it takes no integers."""
    torch = import_module("torch")
    pool = _torch_layer(cell)
    if cell.dtype == "float32":
        return (lambda: -pool(-tensor)) if cell.kind == "min" else lambda: pool(tensor)
    dtype = getattr(torch, cell.dtype)
    if takes_bytes and cell.dtype == "uint8":
        return (lambda: ~pool(~tensor)) if cell.kind == "min" else lambda: pool(tensor)

    def by_floats() -> Any:
        if cell.kind == "min":
            return (-pool(-tensor.float())).to(dtype)
        result = pool(tensor.float())
        if cell.indices:
            return result[0].to(dtype), result[1]
        return (result + 0.5 if cell.kind == "avg" else result).to(dtype)

    return by_floats


def _torch_layer(cell: Cell) -> Callable[[Any], Any]:
    layers = import_module("torch.nn.functional")
    kernel, stride = cell.kernel, cell.stride
    if cell.size is not None:
        return partial(getattr(layers, f"adaptive_{cell.kind}_pool2d"), output_size=cell.size)
    if cell.kind == "median":
        return lambda t: (
            t.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(-2).median(-1).values
        )
    if cell.kind == "avg":
        return partial(layers.avg_pool2d, kernel_size=kernel, stride=stride)
    return partial(
        layers.max_pool2d, kernel_size=kernel, stride=stride, return_indices=cell.indices
    )


def onnx_peers() -> list[Peer]:
    import_module("onnx")
    return [Peer("onnxruntime", _onnx)]


def _onnx(cell: Cell, x: Array) -> Job | None:
    """MaxPool of bytes and floats, AveragePool of floats; the minimum between two Negs."""
    takes_bytes = cell.kind == "max" and cell.dtype == "uint8"
    if cell.size is not None or cell.kind == "median":
        return None
    if not (cell.dtype == "float32" or takes_bytes):
        return None
    session = _session(cell)
    feed = {"x": np.ascontiguousarray(cell.planes(x))[None]}

    def read(result: list[Array]) -> Arrays:
        plane = cell.height * cell.width
        return result[0][0], *(flat[0] % plane for flat in result[1:])

    return Job(lambda: session.run(None, feed), read)


def _session(cell: Cell) -> Any:
    onnx, runtime = import_module("onnx"), import_module("onnxruntime")
    helper = import_module("onnx.helper")
    element = {"uint8": onnx.TensorProto.UINT8, "float32": onnx.TensorProto.FLOAT}[cell.dtype]
    window = {"kernel_shape": [cell.kernel] * 2, "strides": [cell.stride] * 2}
    outputs = ["y", "indices"] if cell.indices else ["y"]
    if cell.kind == "min":
        nodes = [
            helper.make_node("Neg", ["x"], ["a"]),
            helper.make_node("MaxPool", ["a"], ["b"], **window),
            helper.make_node("Neg", ["b"], ["y"]),
        ]
    else:
        layer = "MaxPool" if cell.kind == "max" else "AveragePool"
        nodes = [helper.make_node(layer, ["x"], outputs, **window)]
    shape = [1, cell.channels, cell.height, cell.width]
    shape_out = [1, cell.channels, *cell.output]
    elements = {"y": element, "indices": onnx.TensorProto.INT64}
    graph = helper.make_graph(
        nodes,
        "pool",
        [helper.make_tensor_value_info("x", element, shape)],
        [helper.make_tensor_value_info(name, elements[name], shape_out) for name in outputs],
    )
    opset = [helper.make_opsetid("", 13)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
