"""Prunes a torchvision ResNet-18 by an evaluation of your own, and sends the result to Espalier.

usage: ESPALIER_ADDRESS=... ESPALIER_KEY=esp_... prune_resnet18.py PROJECT_ID DATASET_ID IMAGES

IMAGES is a folder of images in a folder for each class, in the order of the 1,000 classes. Needs torch, torchvision and
espalier.py of your Espalier (/client/espalier.py) beside it.
"""

import sys

import torch
import torchvision

import espalier

PROJECT, DATASET, IMAGES = sys.argv[1:4]
weights = torchvision.models.ResNet18_Weights.IMAGENET1K_V1
images = torch.utils.data.DataLoader(torchvision.datasets.ImageFolder(IMAGES, weights.transforms()), 64)
device = "cuda" if torch.cuda.is_available() else "cpu"
module = torchvision.models.resnet18(weights=weights).eval().to(device)


@torch.no_grad()
def evaluate(network):
    hits, losses = [], []
    for inputs, labels in images:
        outputs, labels = network(inputs.to(device)), labels.to(device)
        hits += (outputs.argmax(1) == labels).tolist()
        losses += torch.nn.functional.cross_entropy(outputs, labels, reduction="none").tolist()
    return espalier.Score.of_hits(hits, sum(losses) / len(losses))


client, journal = espalier.Client(), espalier.Journal("resnet18.ndjson")
source = {"tool": "pytorch", "version": torch.__version__}
example = torch.zeros(1, 3, 224, 224, device=device)
espalier.export_onnx(module, example, "resnet18.onnx")
model = client.register_model("resnet18.onnx", project=PROJECT, name="ResNet-18")
plan = client.plan(model, grid="0.1,0.3,0.5")
net = espalier.TorchNet(module, plan)
said = {"key": "resnet18 l1", "dataset": DATASET, "client": client, "source": source}
sampling = espalier.sweep(plan, net.scorer(evaluate), journal, **said)

fewer = client.allocate(sampling, metric="macs", share=0.3)
pruned = net.cut(fewer.kept)
run = espalier.Recording(
    *(journal, model, DATASET),
    **{"key": "resnet18 cie", "experiment": "ResNet-18", "allocation": "cie", "criterion": "l1", "share": 0.3},
    **{"structure": fewer.kept, "source": source, "evaluator": espalier.Evaluator("pytorch", str(weights.transforms()))},
)
run.base(evaluate(module))
espalier.export_onnx(pruned, example, "pruned.onnx")
run.finish("pruned.onnx", evaluate(pruned))
espalier.sync(journal, client, tell=print)
