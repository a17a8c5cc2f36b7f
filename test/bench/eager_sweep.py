"""The same sweep the usual way: an eager PyTorch network, one full forward pass for every cell.

usage: eager_sweep.py FOLDER BATCH THREADS

FOLDER holds what bench-sweep writes: graph.json (nodes in order, cells as zeroed channels per value),
weights.bin and images.bin (float32, little endian). Prints one JSON line: seconds and hits per cell.
"""

import json
import sys
import time

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
    images = numpy.fromfile(f"{folder}/images.bin", dtype="<f4").reshape(graph["images"])
    return graph, tensors, torch.from_numpy(images)


def apply(node, inputs):
    op, a = node["op"], node["attributes"]
    x = inputs[0]
    if op == "Conv":
        bias = inputs[2] if len(inputs) > 2 else None
        return F.conv2d(x, inputs[1], bias, a["strides"], a["pads"][:2], a["dilations"], a["group"])
    if op == "BatchNormalization":
        return F.batch_norm(x, inputs[3], inputs[4], inputs[1], inputs[2], False, 0.0, a["epsilon"])
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
    raise SystemExit(f"eager_sweep.py does not know operation {op}")


def forward(graph, tensors, x, zeroed):
    """`zeroed`: (consumer, value) -> mask, multiplied into what the consumer reads."""
    values = dict(tensors)
    values[graph["input"]] = x
    for node in graph["nodes"]:
        inputs = [
            values[v] * zeroed[(node["name"], v)] if (node["name"], v) in zeroed else values[v]
            for v in node["inputs"]
        ]
        values[node["outputs"][0]] = apply(node, inputs)
    return values[graph["output"]]


def main():
    folder, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    graph, tensors, images = load(folder)
    labels = torch.tensor(graph["labels"])
    hits = []
    with torch.no_grad():
        forward(graph, tensors, images[:batch], {})
        started = time.perf_counter()
        for cell in graph["cells"]:
            zeroed = {}
            for node, value, shape, channels in cell:
                mask = torch.ones(shape)
                mask.reshape(-1)[channels] = 0
                zeroed[(node, value)] = mask
            count = 0
            for at in range(0, len(images), batch):
                out = forward(graph, tensors, images[at : at + batch], zeroed)
                count += int((out.argmax(1) == labels[at : at + batch]).sum())
            hits.append(count)
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "hits": hits, "torch": torch.__version__}))


main()
