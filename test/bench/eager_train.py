"""Training steps of a network in eager PyTorch: SGD with Nesterov momentum and weight decay, random images.

usage: eager_train.py FOLDER BATCH THREADS STEPS nchw|nhwc

Prints one JSON line: the seconds of every step but the first three.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from eager_network import apply, load


def forward(graph, tensors, x):
    values = dict(tensors)
    values[graph["input"]] = x
    for node in graph["nodes"]:
        values[node["outputs"][0]] = apply(node, [values[v] for v in node["inputs"]], training=True)
    return values[graph["output"]]


def main():
    folder, batch, threads, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    form = torch.channels_last if sys.argv[5] == "nhwc" else torch.contiguous_format
    torch.set_num_threads(threads)
    graph, tensors = load(folder)
    learnt = [tensors[name].requires_grad_() for name in graph["parameters"]]
    for tensor in learnt:
        if tensor.dim() == 4:
            tensor.data = tensor.data.contiguous(memory_format=form)
    optimiser = torch.optim.SGD(learnt, 0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    x = torch.randn(batch, *graph["image"]).contiguous(memory_format=form)
    y = torch.randint(0, graph["classes"], (batch,))
    seconds = []
    for _ in range(steps + 3):
        started = time.perf_counter()
        optimiser.zero_grad()
        F.cross_entropy(forward(graph, tensors, x), y).backward()
        optimiser.step()
        seconds.append(time.perf_counter() - started)
    print(json.dumps({"seconds": seconds[3:], "torch": torch.__version__}))


main()
