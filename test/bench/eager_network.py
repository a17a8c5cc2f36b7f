"""A network that the benchmarks wrote, as eager PyTorch: graph.json (nodes in order) and weights.bin (float32)."""

import json

import numpy
import torch
import torch.nn.functional as F


def load(folder):
    with open(f"{folder}/graph.json") as file:
        graph = json.load(file)
    weights = numpy.fromfile(f"{folder}/weights.bin", dtype="<f4")
    tensors = {
        name: torch.from_numpy(weights[at : at + size].reshape(dims).copy())
        for name, (at, size, dims) in graph["constants"].items()
    }
    return graph, tensors


def apply(node, inputs, training=False):
    op, a = node["op"], node["attributes"]
    x = inputs[0]
    if op == "Conv":
        bias = inputs[2] if len(inputs) > 2 else None
        return F.conv2d(x, inputs[1], bias, a["strides"], a["pads"][:2], a["dilations"], a["group"])
    if op == "BatchNormalization":
        return F.batch_norm(x, inputs[3], inputs[4], inputs[1], inputs[2], training, 0.1, a["epsilon"])
    if op == "Relu":
        return F.relu(x)
    if op == "Add":
        return x + inputs[1]
    if op == "MaxPool":
        return F.max_pool2d(x, a["kernel_shape"], a["strides"], a["pads"][:2])
    if op == "AveragePool":
        return F.avg_pool2d(x, a["kernel_shape"], a["strides"], a["pads"][:2])
    if op == "GlobalAveragePool":
        return F.adaptive_avg_pool2d(x, 1)
    if op == "ReduceMean":
        return x.mean(dim=a["axes"], keepdim=bool(a["keepdims"]))
    if op == "Flatten":
        return torch.flatten(x, a["axis"])
    if op == "Reshape":
        return x.reshape([-1 if d == -1 else d for d in a["shape"]])
    if op == "Gemm":
        return F.linear(x, inputs[1] if a["transB"] else inputs[1].t(), inputs[2])
    raise SystemExit(f"eager PyTorch: unknown operation {op}")
