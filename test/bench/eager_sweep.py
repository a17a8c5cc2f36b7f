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
from eager_network import apply, load


def load_images(folder, graph):
    images = numpy.fromfile(f"{folder}/images.bin", dtype="<f4").reshape(graph["images"])
    return torch.from_numpy(images)


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
    graph, tensors = load(folder)
    images = load_images(folder, graph)
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
