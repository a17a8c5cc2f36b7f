"""Tell Espalier what was measured in Python: one file, with nothing but the standard library (Python 3.9 and newer).

Fetch it from your Espalier, at /client/espalier.py. A sweep of a PyTorch module, from a plan to matrices:

    client = espalier.Client()                  # ESPALIER_ADDRESS and ESPALIER_KEY, or Client(address, key)
    plan = client.plan(model_id)                # what to remove for each cell, and where it lies
    net = espalier.TorchNet(module, plan)       # finds the tensors of the plan in the module
    journal = espalier.Journal("sweep.ndjson")  # everything is written here first
    espalier.sweep(plan, net.scorer(evaluate), journal, key="my sweep", dataset=dataset_id, client=client)

`evaluate(module)` is yours and answers a `Score`. The resulting network, however it was found and trained:

    run = espalier.Recording(journal, plan.model, dataset_id, key="resnet18 30 %", experiment="ResNet-18",
                             allocation="mine", criterion="l1", share=0.3, structure=kept, training="sgd, 90 epochs",
                             source={"tool": "pytorch"},
                             evaluator=espalier.Evaluator("pytorch", "resize 256, crop 224"))
    run.base(score_of_the_unpruned_network)
    run.epoch(1, loss=0.9, learning_rate=0.1, images_per_second=800, seconds=1600)
    run.finish("pruned.onnx", score)
    espalier.sync(journal, client)

What could not be sent stays in the journal:

    python espalier.py sync sweep.ndjson

sends it later. Sending again does no harm, nor does sending from two processes at once: each write has a key, and the
same again changes nothing. A script that is killed and started again goes on where its journal ends.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import copy
import dataclasses
import hashlib
import http.client
import inspect
import json
import math
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

try:
    import fcntl
except ImportError:  # Windows: one process at a time writes a journal there.
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "Cell",
    "Client",
    "EspalierError",
    "Evaluator",
    "Group",
    "Journal",
    "Plan",
    "Recording",
    "Score",
    "Slice",
    "TorchNet",
    "Unreachable",
    "kept_units",
    "sweep",
    "sync",
]

DEFAULT_GRID = "0.1:0.9:0.1"
MOST_POINTS = 1000
#: Of the points of one request: the platform takes a million bytes, and hits of many images are long.
MOST_BYTES = 500_000
Json = Dict[str, Any]
PathLike = Union[str, "os.PathLike[str]"]


class EspalierError(Exception):
    """What can be put right, in one line. `code` and `path` are those of the API, where it said them."""

    def __init__(self, message: str, code: str = "", path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.path = tuple(path)


class Unreachable(EspalierError):
    """Nobody answers just now. What is in the journal can be sent later."""


# ── The platform ─────────────────────────────────────────────────────────────────────────────────────────────────


class _Unredirected(urllib.request.HTTPRedirectHandler):
    """Whoever answers with another address would be sent the key."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Unredirected)
_BUSY = (429, 502, 503, 504)


class Client:
    """One platform, and a key for it: one with the scope PRODUCER appends to one project, and does no more.

    `address` and `key` are those of the environment (ESPALIER_ADDRESS, ESPALIER_KEY) where they are left out. A
    platform that is busy is asked again, `tries` times in all.
    """

    def __init__(
        self, address: Optional[str] = None, key: Optional[str] = None, *, timeout: float = 120, tries: int = 4
    ) -> None:
        self.address = (address or os.environ.get("ESPALIER_ADDRESS", "")).rstrip("/")
        self._key = key or os.environ.get("ESPALIER_KEY", "")
        self._timeout = timeout
        self._tries = tries
        if not self.address.startswith(("http://", "https://")):
            raise EspalierError("give the address of Espalier, or set ESPALIER_ADDRESS: http://127.0.0.1:4000")
        if not self._key:
            raise EspalierError("give a key, or set ESPALIER_KEY: the dashboard makes one under Team")

    def ask(self, query: str, **variables: Any) -> Json:
        """The `data` of a GraphQL query.

        Raises EspalierError with the message of the API, Unreachable where there is no answer.
        """
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = json.loads(self._request("POST", "/graphql", body, {"Content-Type": "application/json"}))
        if answer.get("errors"):
            first = answer["errors"][0]
            raise EspalierError(first["message"], first.get("extensions", {}).get("code", ""))
        return answer["data"]

    def change(self, mutation: str, given: Mapping[str, Any], wanted: str = "") -> Json:
        """What a mutation answers; its first error is raised. `wanted` is asked of the answer besides."""
        kind = mutation[0].upper() + mutation[1:] + "Input!"
        answer = f"ok errors {{ code path message }} {wanted}"
        query = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {answer} }} }}"
        payload = self.ask(query, input=given)[mutation]
        if payload["ok"]:
            return payload
        first = payload["errors"][0]
        where = "".join(f"{step}: " for step in [".".join(first["path"])] if step)
        raise EspalierError(where + first["message"], first["code"], first["path"])

    def upload(self, file: PathLike) -> str:
        """Sends a file whole, and answers the id of the upload: mutations that take a file take it.

        Nothing is sent of one that the platform has already.
        """
        file = pathlib.Path(file)
        content = file.read_bytes()
        given = {"fileName": file.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        upload = self.change("createUpload", given, "upload { id url isComplete }")["upload"]
        if not upload["isComplete"]:
            self._request("PUT", upload["url"], content, {"Content-Type": "application/octet-stream"})
        return upload["id"]

    def register_model(
        self,
        file: PathLike,
        *,
        project: str,
        name: str,
        preprocessing: Optional[Mapping[str, Any]] = None,
        read_as: Optional[Mapping[str, Any]] = None,
    ) -> str:
        """The id of the model of an ONNX file in a project; one of this name and file that is there is answered.

        `read_as` says how the file is read: {"input": [{"shape": [1, 3, 48, 192]}]} where it leaves sizes open,
        {"set": {"ratio": 1}} for inputs that have one number throughout, {"output": ["scores"]} for where it ends.
        """
        sha256 = hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()
        query = """query ($text: String, $project: ID!) {
          models(first: 100, filter: { text: $text, project: { in: [$project] } }) { nodes { id name sha256 } }
        }"""
        for model in self.ask(query, text=name, project=project)["models"]["nodes"]:
            if model["name"] == name and model["sha256"] == sha256:
                return model["id"]
        given: Json = {"projectId": project, "name": name, "uploadId": self.upload(file)}
        if preprocessing is not None:
            given["preprocessing"] = preprocessing
        if read_as is not None:
            given["readAs"] = read_as
        return self.change("registerModel", given, "model { id }")["model"]["id"]

    def register_dataset(
        self, *, key: str, name: str, classes: Sequence[str], splits: Mapping[str, Tuple[int, str]]
    ) -> str:
        """The id of a data set that stays where it is.

        `splits` has for "train", "search" or "test" the number of images and the hash that docs/guide/datasets.md
        describes ("Data sets without pixels").
        """
        told = [{"name": split.upper(), "images": n, "sha256": sha} for split, (n, sha) in splits.items()]
        given = {"key": key, "name": name, "classes": list(classes), "splits": told}
        return self.change("registerDatasetManifest", given, "dataset { id }")["dataset"]["id"]

    def plan(
        self,
        model: str,
        *,
        criterion: str = "l1",
        grid: str = DEFAULT_GRID,
        seed: int = 0,
        allow_inexact: bool = False,
    ) -> Plan:
        """What to remove of a model for each cell of a sampling. `grid` is first:last:step, or a list."""
        given = {"model": model, "criterion": criterion, "grid": grid, "seed": seed, "inexact": allow_inexact}
        answer = self.ask(_PLAN_QUERY, **given)["samplingPlan"]
        if answer is None:
            raise EspalierError(f"there is no model {model} within reach of this key")
        return Plan.of({**answer, "model": model, "seed": seed, "allowInexact": allow_inexact})

    def allocate(
        self,
        sampling: str,
        *,
        share: Optional[float] = None,
        metric: str = "macs",
        ms: Optional[float] = None,
        allocation: str = "cie",
        profile: Optional[str] = None,
    ) -> Structure:
        """The structure that an allocation finds for a target, by a sampling that is finished.

        The target is a `share` of the "macs", "params" or "latency" to remove, or the milliseconds (`ms`) to be left;
        time takes the id of a `profile`. Raises EspalierError where no structure meets it, with the reason.
        """
        target: Json = {"metric": "LATENCY", "ms": ms} if ms is not None else {"metric": metric.upper(), "share": share}
        given = {"sampling": sampling, "target": target, "allocations": [allocation], "profile": profile}
        answer = self.ask(_ALLOCATE_QUERY, **given)["allocate"]
        if answer is None:
            raise EspalierError(f"there is no sampling {sampling} within reach of this key")
        for refused in answer["refused"]:
            raise EspalierError(f"{refused['allocation']}: {refused['reason']}")
        found = answer["structures"][0]
        return Structure(
            kept=kept_units(found["groups"]), predicted_drop=found["predictedDrop"], onnx=found["onnx"], **found["cost"]
        )

    def download(self, address: str, file: PathLike) -> None:
        """Writes what lies at an address that an answer told, such as `Structure.onnx`, to a file."""
        # Of this platform, whatever host is told: nobody else gets the key.
        path = urllib.parse.urlsplit(address)._replace(scheme="", netloc="").geturl()
        pathlib.Path(file).write_bytes(self._request("GET", path, None, {}))

    def _request(self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str]) -> bytes:
        url = urllib.parse.urljoin(self.address + "/", path.lstrip("/"))
        sent = {**headers, "Authorization": f"Bearer {self._key}"}
        for attempt in range(1, self._tries + 1):
            request = urllib.request.Request(url, data=body, method=method, headers=sent)
            try:
                with _opener.open(request, timeout=self._timeout) as response:
                    return response.read()
            except urllib.error.HTTPError as error:
                said = error.read()
                if error.code not in _BUSY:
                    raise EspalierError(f"{self.address}: {error.code} {_reason(said)}", str(error.code)) from None
                why, pause = f"{error.code} {_reason(said)}", _seconds(error.headers.get("Retry-After"), attempt)
            except (OSError, http.client.HTTPException) as error:
                why, pause = str(getattr(error, "reason", error)), _seconds(None, attempt)
            if attempt < self._tries:
                time.sleep(pause)
        raise Unreachable(f"{self.address} does not answer: {why}")


def _seconds(told: Optional[str], attempt: int) -> float:
    """To wait before asking again."""
    return min(float(told), 60.0) if told and told.isdigit() else 0.25 * 2.0**attempt


def _reason(body: bytes) -> str:
    """One line of an answer that is not of GraphQL, or is an error of a whole request."""
    try:
        answer = json.loads(body)
        return answer["errors"][0]["message"] if "errors" in answer else answer["error"]
    except (ValueError, KeyError, TypeError, IndexError):
        return body[:200].decode(errors="replace").strip()


# ── What to remove ───────────────────────────────────────────────────────────────────────────────────────────────

_PLAN_QUERY = """query ($model: ID!, $criterion: String!, $grid: String!, $seed: Int!, $inexact: Boolean!) {
  samplingPlan(model: $model, criterion: $criterion, grid: $grid, seed: $seed, allowInexact: $inexact) {
    criterion grid tensors { name dims sha256 probe }
    groups { name width order canZero cells { ratio removed units } slices { tensor axis units zero } }
  }
}"""


_ALLOCATE_QUERY = """query ($sampling: ID!, $target: TargetInput!, $allocations: [String!]!, $profile: ID) {
  allocate(samplingRun: $sampling, target: $target, allocations: $allocations, profile: $profile) {
    structures { predictedDrop onnx cost { params macs } groups { group kept } }
    refused { allocation reason }
  }
}"""


@dataclasses.dataclass(frozen=True)
class Cell:
    """A channel group at one ratio of the grid."""

    ratio: float
    removed: int
    #: Which units, ascending.
    units: Tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Slice:
    """Where units of a group lie on an axis of a weight tensor."""

    tensor: str
    axis: int
    #: For each index of the axis the unit that it belongs to, -1 for none.
    units: Tuple[int, ...]
    #: Zeroing the indices here, and nowhere else, takes away what the units do.
    zero: bool


@dataclasses.dataclass(frozen=True)
class Group:
    """Channels that can only go together."""

    name: str
    width: int
    #: Its units, the most important first.
    order: Tuple[int, ...]
    cells: Tuple[Cell, ...]
    slices: Tuple[Slice, ...]
    #: Whether zeroing computes what cutting does.
    can_zero: bool


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A weight tensor of the file; told by its values where another program calls it otherwise."""

    name: str
    dims: Tuple[int, ...]
    sha256: str
    #: Some of its values, at floor(i * count / len(probe)).
    probe: Tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class Plan:
    """All that is needed to sample a network of which one knows the tensors alone."""

    model: str
    criterion: str
    grid: Tuple[float, ...]
    seed: int
    allow_inexact: bool
    groups: Tuple[Group, ...]
    tensors: Tuple[Tensor, ...]
    #: Whether the units were ranked here, not by the platform.
    own_order: bool = False

    @staticmethod
    def of(answer: Mapping[str, Any]) -> Plan:
        """Of the JSON that the API answers to `samplingPlan`, or of a file that `save` wrote."""
        groups = tuple(
            Group(
                name=group["name"],
                width=group["width"],
                order=tuple(group["order"]),
                cells=tuple(Cell(c["ratio"], c["removed"], tuple(c["units"])) for c in group["cells"]),
                slices=tuple(Slice(s["tensor"], s["axis"], tuple(s["units"]), s["zero"]) for s in group["slices"]),
                can_zero=group["canZero"],
            )
            for group in answer["groups"]
        )
        tensors = tuple(
            Tensor(t["name"], tuple(t["dims"]), t["sha256"], tuple(t["probe"])) for t in answer["tensors"]
        )
        return Plan(
            model=answer["model"],
            criterion=answer["criterion"],
            grid=tuple(answer["grid"]),
            seed=answer["seed"],
            allow_inexact=answer["allowInexact"],
            groups=groups,
            tensors=tensors,
            own_order=answer.get("ownOrder", False),
        )

    @staticmethod
    def load(file: PathLike) -> Plan:
        """Of a file that `save`, or `python espalier.py plan`, wrote."""
        return Plan.of(json.loads(pathlib.Path(file).read_text(encoding="utf-8")))

    def save(self, file: PathLike) -> None:
        """Keeps it for a machine that cannot reach the platform."""
        pathlib.Path(file).write_text(json.dumps(self.json()), encoding="utf-8")

    def json(self) -> Json:
        """What `Plan.of` takes."""
        told = dataclasses.asdict(self)
        told["allowInexact"], told["ownOrder"] = told.pop("allow_inexact"), told.pop("own_order")
        for group in told["groups"]:
            group["canZero"] = group.pop("can_zero")
        return told

    def group(self, name: str) -> Group:
        """Raises EspalierError for one that there is not."""
        for group in self.groups:
            if group.name == name:
                return group
        raise EspalierError(f'there is no prunable group "{name}"')

    def ordered_by(self, criterion: str, order: Mapping[str, Sequence[int]]) -> Plan:
        """The same plan by units that another tool ranked: of each group all units, the most important first."""
        groups = []
        for group in self.groups:
            units = tuple(order.get(group.name, ()))
            if sorted(units) != list(range(group.width)):
                raise EspalierError(f'the order of "{group.name}" has to name each of its {group.width} units once')
            cells = tuple(
                dataclasses.replace(cell, units=tuple(sorted(units[group.width - cell.removed :])))
                for cell in group.cells
            )
            groups.append(dataclasses.replace(group, order=units, cells=cells))
        return dataclasses.replace(self, criterion=criterion, groups=tuple(groups), own_order=True)


def kept_units(structure: Union[Mapping[str, Any], Sequence[Mapping[str, Any]]]) -> Dict[str, List[int]]:
    """The units that each group keeps, by its name.

    Takes that itself, a list of objects with `group` (or `name`) and `kept`, and what `espalier prune --json` prints.
    """
    if isinstance(structure, Mapping) and not isinstance(structure.get("structure"), (list, tuple)):
        return {name: [int(unit) for unit in units] for name, units in structure.items()}
    rows = structure["structure"] if isinstance(structure, Mapping) else structure
    return {row["group"] if "group" in row else row["name"]: [int(unit) for unit in row["kept"]] for row in rows}


@dataclasses.dataclass(frozen=True)
class Structure:
    """What an allocation found: cut by it with `TorchNet.cut`, or fetch the network that Espalier cuts (`onnx`)."""

    #: The units that each group keeps; groups that stay whole are left out.
    kept: Dict[str, List[int]]
    #: The sum of what the cut of each group by itself costs: no result. None beyond what was sampled.
    predicted_drop: Optional[float]
    #: The address of the ONNX file.
    onnx: str
    params: int
    macs: int


# ── What was measured ────────────────────────────────────────────────────────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class Score:
    """What an evaluation says of a network."""

    #: By the metric of the sweep: top1 and top5 are shares, 0..1.
    value: float
    #: That it was measured on.
    images: int
    #: Mean cross-entropy, nats.
    loss: Optional[float] = None
    #: Of each image whether it is right, in the same order each time: errors of drops are paired by it.
    hits: Optional[Sequence[bool]] = None
    #: Of the value, where it is no share of images.
    standard_error: Optional[float] = None

    @staticmethod
    def of_hits(hits: Sequence[bool], loss: Optional[float] = None) -> Score:
        """A top-1 accuracy, by image."""
        right = [bool(hit) for hit in hits]
        if not right:
            raise EspalierError("there are no images to score by")
        return Score(sum(right) / len(right), len(right), loss, right)

    def json(self) -> Json:
        """As the API takes it. Raises EspalierError for what is no number."""
        for name in ("value", "loss", "standard_error"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise EspalierError(f"the {name} is {number}: leave out a loss that is none, and score what can be")
        told: Json = {"value": self.value, "images": self.images}
        if self.loss is not None:
            told["loss"] = self.loss
        if self.standard_error is not None:
            told["standardError"] = self.standard_error
        if self.hits is not None:
            told["hits"] = _packed(self.hits)
        return told


def _packed(hits: Sequence[bool]) -> str:
    """A bit each, the first one in the lowest bit of the first byte; base64."""
    packed = bytearray((len(hits) + 7) // 8)
    for i, hit in enumerate(hits):
        if hit:
            packed[i // 8] |= 1 << (i % 8)
    return base64.b64encode(bytes(packed)).decode()


# ── The journal ──────────────────────────────────────────────────────────────────────────────────────────────────


class Journal:
    """A file of lines of JSON that everything is written to before it is sent.

    A line is whole or is not there: one that a dying process left half is dropped by the next that writes. Several
    processes may write to one journal (not on Windows).
    """

    def __init__(self, file: PathLike) -> None:
        self.file = pathlib.Path(file)

    def append(self, *entries: Mapping[str, Any]) -> None:
        """Raises OSError where the disk does not take it."""
        lines = b"".join(json.dumps(entry, allow_nan=False).encode() + b"\n" for entry in entries)
        with open(self.file, "ab+") as out:
            with _locked(out):
                _drop_torn_line(out)
                out.write(lines)
                out.flush()
                os.fsync(out.fileno())

    def entries(self) -> Iterator[Json]:
        """What is in it, in order. A last line that is not whole is left out."""
        return (entry for entry, _ in self.since(0))

    def since(self, start: int) -> Iterator[Tuple[Json, int]]:
        """The entries from a place in the file on, each with the place behind it."""
        if not self.file.exists():
            return
        with open(self.file, "rb") as lines:
            lines.seek(start)
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                try:
                    entry = json.loads(line)
                    entry["kind"]
                except (ValueError, KeyError, TypeError):
                    raise EspalierError(f"{self.file}: the line at byte {start} is not one of a journal") from None
                start += len(line)
                yield entry, start

    def begun(self, key: str) -> Optional[Json]:
        """How a sampling of it began; None for one that did not."""
        inputs = (entry["input"] for entry in self.entries() if entry["kind"] == "sampling")
        return next((given for given in inputs if given["key"] == key), None)

    def measured(self, key: str) -> Dict[Tuple[Optional[str], int], Json]:
        """The points of a sampling that are in it, by group and removed units."""
        points = (e["point"] for e in self.entries() if e["kind"] == "point" and e["sampling"] == key)
        return {(point.get("group"), point["removed"]): point for point in points}


@contextlib.contextmanager
def _locked(file: Any) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _drop_torn_line(file: Any) -> None:
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return
    file.seek(end - 1)
    if file.read(1) == b"\n":
        return
    file.seek(0)
    whole = file.read().rfind(b"\n") + 1
    file.truncate(whole)


def sync(
    journal: Journal, client: Client, *, batch: int = MOST_POINTS, tell: Optional[Callable[[str], None]] = None
) -> int:
    """Sends all that is in a journal, and answers how many writes the platform took.

    Sent again it changes nothing. Raises EspalierError for what is refused, Unreachable where nobody answers.
    """
    if not 1 <= batch <= MOST_POINTS:
        raise EspalierError(f"send 1 to {MOST_POINTS} points at once")
    sender = _Sender(journal, client, batch, tell or (lambda _line: None))
    sender.catch_up()
    return sender.writes


class _Sender:
    """Sends entries of a journal in their order, points of a sampling many at once."""

    def __init__(self, journal: Journal, client: Client, batch: int, tell: Callable[[str], None]) -> None:
        self._journal = journal
        #: Where in the journal it is.
        self._place = 0
        self._client = client
        self._batch = batch
        self._tell = tell
        #: The id of each sampling, and of each run, by its key.
        self._samplings: Dict[str, str] = {}
        self._runs: Dict[str, str] = {}
        self._waiting: Dict[str, Dict[Tuple[Optional[str], int], Json]] = {}
        #: Of the points that wait, by the key of their sampling.
        self._bytes: Dict[str, int] = {}
        self.writes = 0

    def sampling(self, key: str) -> str:
        """The id of one that was sent."""
        return self._samplings[key]

    def catch_up(self) -> None:
        """Sends what came since; what fails is sent when it is called again."""
        for entry, behind in self._journal.since(self._place):
            self._take(entry)
            self._place = behind
        for key in self._waiting:
            self._send(key)

    def _take(self, entry: Json) -> None:
        kind = entry["kind"]
        if kind == "sampling":
            self._begin(entry["input"])
        elif kind == "point":
            self._put(entry["sampling"], entry["point"])
        elif kind == "finish":
            self._finish(entry["sampling"])
        elif kind == "run":
            self._record(entry["input"])
        elif kind == "evaluation":
            self._write("recordEvaluation", _under_own_key("evaluation", entry["input"]))
        elif kind == "epochs":
            given = {"runId": self._run(entry["run"]), "epochs": entry["epochs"]}
            self._write("recordEpochs", _under_own_key("epochs", given))
        elif kind == "end":
            self._end(entry["run"], entry)
        else:
            raise EspalierError(f'this espalier.py knows no entry "{kind}": fetch the one of your platform')

    def _begin(self, given: Json) -> None:
        key = given["key"]
        answer = self._write("createSampling", given, "samplingRun { id }")
        self._samplings[key] = answer["samplingRun"]["id"]
        self._waiting.setdefault(key, {})
        self._tell(f"{key}: {self._samplings[key]}")

    def _put(self, key: str, point: Json) -> None:
        waiting = self._waiting_of(key)
        # Measured twice: what came later counts.
        waiting[(point.get("group"), point["removed"])] = point
        self._bytes[key] = self._bytes.get(key, 0) + len(json.dumps(point))
        if len(waiting) >= self._batch or self._bytes[key] >= MOST_BYTES:
            self._send(key)

    def _finish(self, key: str) -> None:
        self._waiting_of(key)
        self._send(key)
        self._write("finishSampling", {"samplingRunId": self._samplings[key]})
        self._tell(f"{key}: finished")

    def _send(self, key: str) -> None:
        points = list(self._waiting[key].values())
        if not points:
            return
        # Of what it holds: the same points are known again, however many are sent at once.
        content = json.dumps([key, points], sort_keys=True).encode()
        given = {
            "key": f"points {hashlib.sha256(content).hexdigest()}",
            "samplingRunId": self._samplings[key],
            "points": points,
        }
        self._write("putSamplePoints", given)
        self._waiting[key] = {}
        self._bytes[key] = 0
        self._tell(f"{key}: {len(points)} points")

    def _record(self, given: Json) -> None:
        key = given["key"]
        self._runs[key] = self._write("recordRun", given, "run { id }")["run"]["id"]
        self._tell(f"{key}: {self._runs[key]}")

    def _run(self, key: str) -> str:
        if key not in self._runs:
            raise EspalierError(f'{self._journal.file} has more of "{key}", but not the line that begins it')
        return self._runs[key]

    def _end(self, key: str, entry: Json) -> None:
        file = pathlib.Path(entry["file"])
        if not file.exists():
            raise EspalierError(f'the network of "{key}" is not at {file} any more: put it there again')
        if hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
            raise EspalierError(f'{file} is another file than when "{key}" ended: put the one of then there again')
        run = self._run(key)
        # The key is that of the content: the upload has another id each time.
        content = {"runId": run, "sha256": entry["sha256"], **entry["input"]}
        given = {**_under_own_key("end", content), **entry["input"], "uploadId": self._client.upload(file)}
        del given["sha256"]
        self._write("finishRun", given)
        self._tell(f"{key}: finished")

    def _waiting_of(self, key: str) -> Dict[Tuple[Optional[str], int], Json]:
        if key not in self._waiting:
            raise EspalierError(f'{self._journal.file} has points of "{key}", but not the line that begins it')
        return self._waiting[key]

    def _write(self, mutation: str, given: Mapping[str, Any], wanted: str = "") -> Json:
        answer = self._client.change(mutation, given, wanted)
        self.writes += 1
        return answer


def _under_own_key(kind: str, given: Json) -> Json:
    """With a key that is made of what it says: the same again is known again."""
    content = json.dumps(given, sort_keys=True).encode()
    return {**given, "key": f"{kind} {hashlib.sha256(content).hexdigest()}"}


# ── A run ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class Evaluator:
    """By what networks are judged: results of equal ones compare, of others where both score the unpruned one alike."""

    tool: str
    #: How images became inputs, in any words or as a hash.
    preprocessing: str


@dataclasses.dataclass(frozen=True)
class Metric:
    """By what networks are judged: top1, top5, loss, fidelity, agreement, kl or cosine, as the platform has them, or any other."""

    name: str
    #: Which way is better: "higher" or "lower".
    direction: str = "higher"
    #: "share" (0 to 1), "nats" (0 or more) or "ratio" (any number).
    unit: str = "share"

    def json(self) -> Json:
        return {"name": self.name, "direction": self.direction.upper(), "unit": self.unit.upper()}


class Recording:
    """A run that is computed here, written to a journal step by step; `sync` sends it.

    `structure` has the units that each group keeps (see `kept_units`), `training` says in words how the network is
    trained behind the cut (None for not at all), `experiment` names what its runs have in common. `metric` is what
    `share` is a share of: "macs" or "params". `judged_by` is what the value of a `Score` is by (None for top1).
    """

    def __init__(
        self,
        journal: Journal,
        model: str,
        dataset: str,
        *,
        key: str,
        experiment: str,
        allocation: str,
        criterion: str,
        share: float,
        structure: Any,
        source: Mapping[str, str],
        evaluator: Evaluator,
        training: Optional[str] = None,
        metric: str = "macs",
        seed: int = 0,
        judged_by: Optional[Metric] = None,
    ) -> None:
        self._journal = journal
        self._key = key
        self._judged_by = judged_by
        self._subject = {"modelId": model, "datasetId": dataset}
        self._evaluator = dataclasses.asdict(evaluator)
        kept = [{"group": name, "kept": sorted(units)} for name, units in kept_units(structure).items()]
        given: Json = {
            "key": key,
            **self._subject,
            "experiment": experiment,
            "allocation": allocation,
            "criterion": criterion,
            "metric": metric.upper(),
            "share": share,
            "seed": seed,
            "training": training,
            "structure": kept,
            "source": dict(source),
        }
        if judged_by is not None:
            given["qualityMetric"] = judged_by.json()
        inputs = (entry["input"] for entry in journal.entries() if entry["kind"] == "run")
        begun = next((before for before in inputs if before["key"] == key), None)
        if begun is None:
            journal.append({"kind": "run", "input": given})
        else:
            _check_same(begun, given, journal)

    def base(self, score: Score) -> None:
        """What the unpruned network has on the test split: once for a model and an evaluator."""
        self._journal.append({"kind": "evaluation", "input": {**self._subject, "evaluation": self._evaluation(score)}})

    def epoch(
        self,
        epoch: float,
        *,
        loss: float,
        learning_rate: Optional[float] = None,
        images_per_second: Optional[float] = None,
        seconds: Optional[float] = None,
        top1: Optional[float] = None,
        value: Optional[float] = None,
    ) -> None:
        """An epoch of the training behind the cut; one that is told again takes the values of now.

        `loss` is the mean over its steps, in nats; what was not kept besides is left out. `value` is by the metric of
        the run, where that is another one than top1.
        """
        told = {
            "epoch": epoch,
            "loss": loss,
            "top1": top1,
            "learningRate": learning_rate,
            "imagesPerSecond": images_per_second,
            "seconds": seconds,
        }
        if value is not None:
            told["value"] = value
        self._journal.append({"kind": "epochs", "run": self._key, "epochs": [told]})

    def finish(
        self,
        file: PathLike,
        score: Score,
        *,
        pruned_top1: Optional[float] = None,
        pruned_value: Optional[float] = None,
    ) -> None:
        """Ends it with the network as an ONNX file, which has to stay where it is until it is sent.

        What it was worth right after the cut is `pruned_top1`, or `pruned_value` by another metric of the run.
        """
        file = pathlib.Path(file).resolve()
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        given: Json = {"evaluation": self._evaluation(score), "prunedTop1": pruned_top1}
        if pruned_value is not None:
            given["prunedValue"] = pruned_value
        self._journal.append({"kind": "end", "run": self._key, "file": str(file), "sha256": sha256, "input": given})

    def _evaluation(self, score: Score) -> Json:
        if self._judged_by is not None and self._judged_by.name.lower() != "top1":
            told = score.json()
            if told.pop("hits", None) is not None:
                raise EspalierError("hits tell of top1: leave them out of a score by another metric")
            told.pop("standardError", None)
            return {"evaluator": self._evaluator, "qualityMetric": self._judged_by.json(), **told}
        if score.loss is None:
            raise EspalierError("an evaluation on the test split has a loss, too: the mean cross-entropy, in nats")
        told = score.json()
        told["top1"] = told.pop("value")
        return {"evaluator": self._evaluator, **told}


# ── A sweep ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: Scores the network without the units of a group; group and units are None and () for the unpruned one.
Scorer = Callable[[Optional[Group], Tuple[int, ...]], Score]


def sweep(
    plan: Plan,
    score: Scorer,
    journal: Journal,
    *,
    key: str,
    dataset: str,
    client: Optional[Client] = None,
    metric: str = "top1",
    higher_is_better: bool = True,
    source: Optional[Mapping[str, str]] = None,
    groups: Optional[Iterable[str]] = None,
    send_every: float = 60,
    tell: Optional[Callable[[str], None]] = None,
) -> Optional[str]:
    """Scores the unpruned network and every cell of a plan, each once, and tells the platform.

    Answers the id of the sampling, or None while it waits in the journal.

    What is in the journal under `key` is not scored again. Without a `client`, and where the platform does not answer,
    everything waits in the journal for `python espalier.py sync`. `groups` names those to be scored (default: all);
    the cells of others are inferred. `source` says what measured: tool, version, commit, host, link. `tell` hears of
    progress in lines of text (default: on stderr).
    """
    progress = _Progress(tell)
    wanted = [plan.group(name) for name in groups] if groups is not None else list(plan.groups)
    cells: List[Tuple[Optional[Group], Cell]] = [(None, Cell(0.0, 0, ()))]
    for group in wanted:
        # Several ratios of a narrow group remove the same units.
        cells += [(group, cell) for cell in {c.removed: c for c in group.cells if c.removed > 0}.values()]

    def beginning(images: int) -> Json:
        return _sampling(plan, key, dataset, images, metric, higher_is_better, source)

    begun = journal.begun(key)
    if begun is not None:
        _check_same(begun, beginning(begun["samples"]), journal)
    known = journal.measured(key)
    waiting = [(group, cell) for group, cell in cells if (group.name if group else None, cell.removed) not in known]
    progress.begin(len(cells), len(cells) - len(waiting))
    sender = None if client is None else _Sender(journal, client, MOST_POINTS, lambda _line: None)
    sent = time.monotonic()
    for group, cell in waiting:
        name = group.name if group else None
        scored = score(group, cell.units)
        entries: List[Json] = []
        if begun is None:
            # How many images there are is known once some were scored.
            begun = beginning(scored.images)
            entries.append({"kind": "sampling", "input": begun})
        point = {"group": name, "removed": cell.removed, **scored.json()}
        journal.append(*entries, {"kind": "point", "sampling": key, "point": point})
        progress.step(f"{name or 'unpruned'} -{cell.removed}", scored.value)
        if sender is not None and time.monotonic() - sent > send_every:
            _try_to_send(sender, journal, progress)
            sent = time.monotonic()
    if not any(entry["kind"] == "finish" and entry["sampling"] == key for entry in journal.entries()):
        journal.append({"kind": "finish", "sampling": key})
    is_sent = sender is not None and _try_to_send(sender, journal, progress)
    progress.end()
    return sender.sampling(key) if sender is not None and is_sent else None


def _sampling(
    plan: Plan,
    key: str,
    dataset: str,
    images: int,
    metric: str,
    higher_is_better: bool,
    source: Optional[Mapping[str, str]],
) -> Json:
    given: Json = {
        "key": key,
        "modelId": plan.model,
        "datasetId": dataset,
        "criterion": plan.criterion,
        "grid": ",".join(repr(ratio) for ratio in plan.grid),
        "seed": plan.seed,
        "allowInexact": plan.allow_inexact,
        "samples": images,
        "metric": {"name": metric, "direction": "HIGHER" if higher_is_better else "LOWER"},
        "source": dict(source) if source else {"tool": "python", "version": sys.version.split()[0]},
    }
    if plan.own_order:
        given["order"] = [{"group": group.name, "units": list(group.order)} for group in plan.groups]
    return given


def _check_same(before: Json, now: Json, journal: Journal) -> None:
    for field, value in before.items():
        if now.get(field) != value:
            raise EspalierError(
                f'{journal.file} has "{before["key"]}" with another {field} ({value}): take another key or journal'
            )


def _try_to_send(sender: _Sender, journal: Journal, progress: _Progress) -> bool:
    """What is refused ends the script; what finds nobody waits in the journal, and the answer is False."""
    try:
        sender.catch_up()
    except Unreachable as error:
        progress.say(f"{error}. It is kept: python espalier.py sync {journal.file}")
        return False
    return True


class _Progress:
    """How far, how fast, and how long it still takes: on a terminal one line that is written anew."""

    def __init__(self, tell: Optional[Callable[[str], None]]) -> None:
        self._tell = tell
        self._is_terminal = tell is None and sys.stderr.isatty()
        self._told = -math.inf

    def begin(self, total: int, done: int) -> None:
        self._total, self._done, self._scored = total, done, 0
        self._started = time.monotonic()

    def step(self, name: str, value: float) -> None:
        self._done += 1
        self._scored += 1
        now = time.monotonic()
        rate = self._scored / max(now - self._started, 1e-9)
        left = round((self._total - self._done) / rate)
        time_left = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
        line = f"{self._done}/{self._total} points, {rate:.2g} a second, {time_left} left: {name} {value:.4f}"
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        elif self._tell is not None or now - self._told >= 10 or self._done == self._total:
            self._told = now
            self.say(line)

    def say(self, line: str) -> None:
        """On a line of its own."""
        if self._tell is not None:
            self._tell(line)
        else:
            sys.stderr.write(f"\n{line}\n" if self._is_terminal else f"{line}\n")

    def end(self) -> None:
        if self._is_terminal:
            sys.stderr.write("\n")


# ── PyTorch ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class _Axis:
    """Units of a group on the channels that a module reads ("in") or makes ("out")."""

    module: str
    side: str
    group: str
    units: Tuple[int, ...]


@dataclasses.dataclass(frozen=True, eq=False)
class _Place:
    """A parameter or buffer of a module."""

    module: str
    name: str
    value: Any
    #: A Linear that the file multiplies by the other way round.
    transposed: bool = False


class TorchNet:
    """A PyTorch module whose weights are those of a plan: masks it and cuts it.

    Conv2d (also grouped and depthwise), BatchNorm2d and Linear are cut. Tensors are found by their names; those that
    the exporter called otherwise by their values, also where it folded a BatchNorm2d into the Conv2d before it. With
    `check_values=False` names are believed without looking at the values: for a module that was trained on after it was
    exported. Raises EspalierError for a tensor that is not found.
    """

    def __init__(self, module: Any, plan: Plan, *, check_values: bool = True) -> None:
        self.module = module
        self.plan = plan
        places = _places(module)
        self._modules = dict(module.named_modules())
        found = _find(plan.tensors, places, self._modules, check_values)
        axes: Dict[_Axis, bool] = {}
        for group in plan.groups:
            for one in group.slices:
                # Of a folded BatchNorm2d only what the Conv2d makes is known.
                for place in found.get(one.tensor, ())[: 2 if one.axis == 0 else 1]:
                    side = _side(self._modules[place.module], place, one.axis)
                    if one.zero and side == "out":
                        raise EspalierError(f'"{one.tensor}" is summed over an axis that "{place.module}" makes')
                    axis = _Axis(place.module, side, group.name, one.units)
                    axes[axis] = axes.get(axis, False) or one.zero
        self._axes = tuple(axes)
        self._zeros = tuple(axis for axis, zero in axes.items() if zero)
        _check_found(plan, found, self._axes)

    def scorer(self, evaluate: Callable[[Any], Score]) -> Scorer:
        """For `sweep`: by an evaluation function that takes a module."""

        def score(group: Optional[Group], units: Tuple[int, ...]) -> Score:
            if group is None:
                return evaluate(self.module)
            with self.without(group.name, units) as module:
                return evaluate(module)

        return score

    @contextlib.contextmanager
    def without(self, group: str, units: Sequence[int]) -> Iterator[Any]:
        """A module that computes what the cut one does: the module itself, zeroed meanwhile, or a cut copy."""
        planned = self.plan.group(group)
        if not planned.can_zero:
            gone = set(units)
            yield self.cut({group: [unit for unit in range(planned.width) if unit not in gone]})
            return
        torch = _torch()
        gone = set(units)
        kept: List[Tuple[Any, Any]] = []
        try:
            with torch.no_grad():
                for axis in self._zeros:
                    if axis.group != group:
                        continue
                    weight = self._modules[axis.module].weight
                    kept.append((weight, weight.detach().clone()))
                    at = [i for i, unit in enumerate(axis.units) if unit in gone]
                    weight.index_fill_(1, torch.tensor(at, dtype=torch.long, device=weight.device), 0)
            yield self.module
        finally:
            with torch.no_grad():
                for weight, before in reversed(kept):
                    weight.copy_(before)

    def cut(self, structure: Any) -> Any:
        """A copy of the module without the units that `structure` does not keep (see `kept_units`)."""
        kept = {name: set(units) for name, units in kept_units(structure).items()}
        for name, units in kept.items():
            width = self.plan.group(name).width
            if not units or not units <= set(range(width)):
                raise EspalierError(f'keep some of the units 0 to {width - 1} of "{name}"')
        smaller = copy.deepcopy(self.module)
        modules = dict(smaller.named_modules())
        sides: Dict[Tuple[str, str], List[_Axis]] = {}
        for axis in self._axes:
            if axis.group in kept:
                sides.setdefault((axis.module, axis.side), []).append(axis)
        for (name, side), axes in sides.items():
            indices = [
                i
                for i in range(len(axes[0].units))
                if all(axis.units[i] < 0 or axis.units[i] in kept[axis.group] for axis in axes)
            ]
            _take(modules[name], side, indices)
        return smaller


def export_onnx(module: Any, inputs: Any, file: PathLike) -> None:
    """Writes a PyTorch module as an ONNX file by tracing it on `inputs`: weights keep the names of the module."""
    torch = _torch()
    # Newer exporters rewrite the graph unless they are told not to; older ones do not know the argument.
    by_tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(module, inputs, str(file), **by_tracing)


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise EspalierError("this takes PyTorch: pip install torch") from None
    return torch


def _places(module: Any) -> List[_Place]:
    """All parameters and buffers, in the order of the modules."""
    return [
        _Place(owner, name, value)
        for owner, part in module.named_modules()
        for name, value in [*part.named_parameters(recurse=False), *part.named_buffers(recurse=False)]
    ]


def _sha256(value: Any) -> str:
    values = value.detach().to("cpu").float().contiguous()
    return hashlib.sha256(values.numpy().astype("<f4").tobytes()).hexdigest()


def _find(
    tensors: Sequence[Tensor], places: Sequence[_Place], modules: Mapping[str, Any], check_values: bool
) -> Dict[str, Tuple[_Place, ...]]:
    """Where each tensor of a plan lies: one place; with a BatchNorm2d that was folded into it, two; or none."""
    nn = _torch().nn
    by_name = {f"{place.module}.{place.name}".lstrip("."): place for place in places}
    by_values: Dict[Tuple[str, Tuple[int, ...]], List[_Place]] = {}
    for place in places:
        by_values.setdefault((_sha256(place.value), tuple(place.value.shape)), []).append(place)
        if isinstance(modules[place.module], nn.Linear) and place.name == "weight":
            turned = _Place(place.module, place.name, place.value.t(), True)
            by_values.setdefault((_sha256(turned.value), tuple(turned.value.shape)), []).append(turned)
    found: Dict[str, Tuple[_Place, ...]] = {}
    for tensor in tensors:
        same = by_values.get((tensor.sha256, tensor.dims), [])
        named = by_name.get(tensor.name)
        if named is not None and (
            any(named is place for place in same) or (not check_values and tuple(named.value.shape) == tensor.dims)
        ):
            found[tensor.name] = (named,)
        elif len(same) == 1:
            found[tensor.name] = (same[0],)
        elif not same and len(tensor.dims) == 4:
            folded = _folded(tensor, places, modules)
            if folded:
                found[tensor.name] = folded
    return found


def _folded(tensor: Tensor, places: Sequence[_Place], modules: Mapping[str, Any]) -> Optional[Tuple[_Place, ...]]:
    """A Conv2d and the BatchNorm2d whose product a tensor is: the nearest one behind it, where several would do."""
    torch = _torch()
    norms = [(name, part) for name, part in modules.items() if isinstance(part, torch.nn.BatchNorm2d)]
    order = {name: i for i, name in enumerate(modules)}
    largest = max((abs(value) for value in tensor.probe), default=0.0)
    fits: List[Tuple[int, _Place, str]] = []
    for place in places:
        if not isinstance(modules[place.module], torch.nn.Conv2d) or tuple(place.value.shape) != tensor.dims:
            continue
        values = place.value.detach().to("cpu").double().flatten()
        at = [i * values.numel() // len(tensor.probe) for i in range(len(tensor.probe))]
        rows = [i // (values.numel() // tensor.dims[0]) for i in at]
        for name, norm in norms:
            if norm.num_features != tensor.dims[0] or norm.running_var is None:
                continue
            gain = 1.0 if norm.weight is None else norm.weight.detach().to("cpu").double()
            scale = gain / torch.sqrt(norm.running_var.to("cpu").double() + norm.eps)
            ours = [float(values[i] * scale[row]) for i, row in zip(at, rows)]
            if all(abs(a - b) <= 1e-4 * largest for a, b in zip(ours, tensor.probe)):
                behind = order[name] - order[place.module]
                fits.append((behind if behind > 0 else len(order) - behind, place, name))
    if not fits or len({place.module for _, place, _ in fits}) > 1:
        return None
    _, conv, name = min(fits, key=lambda fit: fit[0])
    norm = next(place for place in places if place.module == name)
    return (conv, norm)


def _side(part: Any, place: _Place, axis: int) -> str:
    """Whether an axis of a tensor is of the channels that its module reads or makes."""
    nn = _torch().nn
    if isinstance(part, nn.BatchNorm2d):
        return "out"
    if isinstance(part, (nn.Conv2d, nn.Linear)):
        if place.name == "bias":
            return "out"
        return ("out", "in")[1 - axis if place.transposed else axis]
    kind = type(part).__name__
    raise EspalierError(f'"{place.module}" is a {kind}: Conv2d, BatchNorm2d and Linear can be masked and cut')


def _check_found(plan: Plan, found: Mapping[str, Tuple[_Place, ...]], axes: Sequence[_Axis]) -> None:
    """A tensor may be missing only where all that it says is known of others: the shift of a folded BatchNorm2d."""
    covered = {(axis.group, axis.units) for axis in axes if axis.side == "out"}
    dims = {tensor.name: tensor.dims for tensor in plan.tensors}
    for group in plan.groups:
        for one in group.slices:
            told = len(dims[one.tensor]) == 1 and (group.name, one.units) in covered
            if one.tensor not in found and not told:
                raise EspalierError(
                    f'"{one.tensor}" of the model is not in the module, neither by its name nor by its values: '
                    "export the file of this very module, with the weights that it has now"
                )


def _take(part: Any, side: str, indices: Sequence[int]) -> None:
    """Leaves a module the channels of these indices; of a grouped Conv2d's inputs those of each of its groups."""
    torch = _torch()
    axis = 0 if side == "out" else 1
    names = ("weight",) if side == "in" else ("weight", "bias", "running_mean", "running_var")
    for name in names:
        value = getattr(part, name, None)
        if value is None:
            continue
        at = torch.tensor(indices, dtype=torch.long, device=value.device)
        smaller = value.detach().index_select(axis, at).clone()
        if isinstance(value, torch.nn.Parameter):
            smaller = torch.nn.Parameter(smaller, requires_grad=value.requires_grad)
        setattr(part, name, smaller)
    if isinstance(part, torch.nn.BatchNorm2d):
        part.num_features = len(indices)
    elif isinstance(part, torch.nn.Linear):
        part.out_features, part.in_features = part.weight.shape
    else:
        outputs, inputs = part.weight.shape[:2]
        if part.groups > 1 and inputs == 1:
            # Depthwise: whole groups go.
            part.groups = outputs * part.groups // part.out_channels
        part.out_channels, part.in_channels = outputs, inputs * part.groups


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Answers the exit status: 0, 1 for what was refused, 3 where nobody answers."""
    parser = argparse.ArgumentParser(
        prog="espalier.py",
        description="Sends what a script wrote to a journal. The key is taken from ESPALIER_KEY.",
    )
    parser.add_argument("--address", help="of Espalier; default: ESPALIER_ADDRESS")
    commands = parser.add_subparsers(dest="command", required=True)
    sending = commands.add_parser("sync", help="send a journal; again does no harm")
    sending.add_argument("journal")
    sending.add_argument("--batch", type=int, default=MOST_POINTS, help="points at once (default: %(default)s)")
    planning = commands.add_parser("plan", help="write what to remove, for a machine without a connection")
    planning.add_argument("model", help="its id")
    planning.add_argument("file", help="where to: plan.json")
    planning.add_argument("--criterion", default="l1", help="default: %(default)s")
    planning.add_argument("--grid", default=DEFAULT_GRID, help="first:last:step, or a list (default: %(default)s)")
    given = parser.parse_args(arguments)
    try:
        client = Client(given.address)
        if given.command == "plan":
            client.plan(given.model, criterion=given.criterion, grid=given.grid).save(given.file)
            print(f"written to {given.file}")
            return 0
        journal = Journal(given.journal)
        if not journal.file.exists():
            raise EspalierError(f"there is no journal {journal.file}")
        writes = sync(journal, client, batch=given.batch, tell=lambda line: print(line, flush=True))
        print(f"{writes} writes are on {client.address}")
        return 0
    except EspalierError as error:
        print(f"espalier.py: {error}", file=sys.stderr)
        return 3 if isinstance(error, Unreachable) else 1


if __name__ == "__main__":
    sys.exit(main())
