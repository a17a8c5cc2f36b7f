"""Holds espalier.py against a real PyTorch; nothing is asked of any network or platform.

usage: python3 test/python/check.py FOLDER      where `npm run python:write -- FOLDER` wrote FOLDER

For each network of FOLDER: the module, masked and cut by the client, gives what Espalier computed with ONNX Runtime,
within 1e-4 of the largest output; and the module scored cell by cell gives a worker's contribution matrix. Ends with a count, and status 1 where something is not as it should be.
"""

import base64
import json
import math
import pathlib
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "packages" / "python")]

import torch  # noqa: E402

import espalier  # noqa: E402
from modules import MODULES  # noqa: E402

WITHIN = 1e-4
failed = []
passed = 0


def holds(what, is_so, told=""):
    global passed
    print(f"{'ok  ' if is_so else 'FAIL'} {what}  {told}", flush=True)
    passed += bool(is_so)
    if not is_so:
        failed.append(what)


def close(what, ours, theirs):
    apart = float((ours.detach().cpu().double() - theirs.double()).abs().max() / theirs.double().abs().max())
    holds(what, math.isfinite(apart) and apart <= WITHIN, f"{apart:.1e}")


def read_values(folder):
    """Tensors by name."""
    raw = torch.frombuffer(bytearray((folder / "values.f32").read_bytes()), dtype=torch.float32)
    values, at = {}, 0
    for entry in json.loads((folder / "values.json").read_text()):
        count = math.prod(entry["dims"])
        values[entry["name"]] = raw[at : at + count].reshape(entry["dims"]).clone()
        at += count
    return values


def refused(what, work, message):
    try:
        work()
    except espalier.EspalierError as error:
        holds(what, message in str(error), str(error))
    else:
        holds(what, False, "was not refused")


def check(folder, device):
    name = f"{folder.name} on {device}:"
    values = read_values(folder)
    module = MODULES[folder.name]().eval()
    weights = {key[7:]: value for key, value in values.items() if key.startswith("tensor/")}
    missing, unexpected = module.load_state_dict(weights, strict=False)
    assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing), (missing, unexpected)
    module = module.to(device)
    inputs = values["input"].to(device)
    plan = espalier.Plan.load(folder / "plan.json")
    structure = json.loads((folder / "structure.json").read_text())
    with torch.no_grad():
        before = module(inputs)
        close(f"{name} the module computes what the file does", before, values["output"])
        net = espalier.TorchNet(module, plan)
        for group in plan.groups:
            with net.without(group.name, group.cells[1].units) as masked:
                close(f"{name} masked, {group.name}", masked(inputs), values[f"masked/{group.name}"])
        holds(f"{name} the masks leave nothing behind", torch.equal(module(inputs), before))
        cut = net.cut(structure)
        close(f"{name} cut", cut(inputs), values["cut"])
        widths = sum(len(units) for units in espalier.kept_units(structure).values())
        holds(f"{name} it is smaller", count(cut) < count(module), f"{count(module)} -> {count(cut)}, {widths} units")
        holds(f"{name} the module itself stays whole", torch.equal(module(inputs), before))
    cut.train()
    cut(inputs).sum().backward()
    holds(f"{name} the cut module trains", all(p.grad is not None for p in cut.parameters()))


def check_matrix(folder, device):
    """Every cell of a worker's contribution matrix, measured again by masks on the same images."""
    name = f"{folder.name} on {device}:"
    values = read_values(folder)
    sweep = json.loads((folder / "sweep.json").read_text())
    module = MODULES["resnet20"]().eval()
    module.load_state_dict({key[7:]: value for key, value in values.items() if key.startswith("tensor/")}, strict=False)
    net = espalier.TorchNet(module.to(device), espalier.Plan.load(folder / "plan.json"))
    inputs, labels = values["input"].to(device), torch.tensor(sweep["labels"], device=device)
    cells = hits = apart = 0
    worst = 0.0
    with torch.no_grad():
        for g, group in enumerate(net.plan.groups):
            for k, cell in enumerate(group.cells):
                if sweep["origin"][g][k] != "measured":
                    continue
                with net.without(group.name, cell.units) as masked:
                    outputs = torch.cat([masked(part) for part in inputs.split(250)])
                right = (outputs.argmax(1) == labels).tolist()
                theirs = bits(sweep["hits"][g][k], len(right))
                loss = float(torch.nn.functional.cross_entropy(outputs.double(), labels))
                cells, hits = cells + 1, hits + len(right)
                apart += sum(a != b for a, b in zip(right, theirs))
                worst = max(worst, abs(loss - sweep["loss"][g][k]) / max(1.0, sweep["loss"][g][k]))
    holds(f"{name} at most 0.1 % of the hits differ", cells > 0 and apart <= hits / 1000, f"{apart} of {hits}")
    holds(f"{name} losses within 1e-4", worst <= 1e-4, f"{worst:.1e}, {cells} cells")


def bits(text, count):
    """As a sweep keeps them: base64, the first image in the lowest bit."""
    raw = base64.b64decode(text)
    return [bool(raw[i // 8] >> i % 8 & 1) for i in range(count)]


def check_refusals(folder):
    """What does not fit is refused, and says why."""
    plan = espalier.Plan.load(folder / "plan.json")
    other = MODULES[folder.name]().eval()
    refused("a module with other weights", lambda: espalier.TorchNet(other, plan), "is not in the module")
    net = espalier.TorchNet(other, plan, check_values=False)
    first = plan.groups[0]
    refused("a group that there is not", lambda: net.cut({"none": [0]}), 'no prunable group "none"')
    refused("a group that would be empty", lambda: net.cut({first.name: []}), "keep some of the units")
    refused("a unit that there is not", lambda: net.cut({first.name: [first.width]}), "keep some of the units")


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def main(folder):
    devices = ["cpu"] + (["cuda"] if torch.cuda.is_available() else [])
    # TF32 has 10 bits of a fraction: 1e-3.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    print(f"torch {torch.__version__}, {', '.join(devices)}")
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        for device in devices:
            try:
                (check_matrix if each.name == "matrix" else check)(each, device)
            except Exception:
                traceback.print_exc()
                holds(f"{each.name} on {device}", False)
    check_refusals(folder / "resnet20")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1])))
