"""From an ONNX file to a pruned one over Espalier's API, with nothing but Python's standard library.

usage: ESPALIER_KEY=esp_... first_run.py ADDRESS MODEL.onnx OUT.onnx [SHARE [SAMPLES]]

ADDRESS is http://127.0.0.1:4000. Prunes SHARE (0.5) of the MACs on CIFAR-10 by CIE, prints the run's events as
they happen, and writes the pruned network to OUT.onnx.
"""

import json
import os
import pathlib
import sys
import time
import urllib.request

KEY = os.environ["ESPALIER_KEY"]
ADDRESS, MODEL, OUT = sys.argv[1:4]
SHARE = float(sys.argv[4]) if len(sys.argv) > 4 else 0.5
SAMPLES = int(sys.argv[5]) if len(sys.argv) > 5 else 1000


def request(path, data=None, method="GET", **headers):
    headers["Authorization"] = f"Bearer {KEY}"
    return urllib.request.urlopen(
        urllib.request.Request(ADDRESS + path, data=data, method=method, headers=headers)
    )


def ask(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    with request("/graphql", body, "POST", **{"Content-Type": "application/json"}) as response:
        answer = json.load(response)
    if answer.get("errors"):
        raise SystemExit(answer["errors"][0]["message"])
    return answer["data"]


def change(mutation, result, **variables):
    """A mutation's result, or the end with its error."""
    (payload,) = ask(mutation, **variables).values()
    if not payload["ok"]:
        raise SystemExit(payload["errors"][0]["message"])
    return payload[result]


def events(run_id):
    """Server-sent events, one after the other, until the run is over."""
    query = f'''subscription {{
      runEvents(runId: "{run_id}") {{ seq kind ... on StateEvent {{ state error }} ... on EpochEvent {{ epoch loss top1 }} }}
    }}'''
    body = json.dumps({"query": query}).encode()
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    with request("/graphql/stream", body, "POST", **headers) as stream:
        for line in stream:
            if line.startswith(b"data: {"):
                yield json.loads(line[6:])["data"]["runEvents"]


project = change(
    "mutation ($name: String!) { createProject(input: { name: $name }) { ok errors { message } project { id } } }",
    "project",
    name=f"first run {time.strftime('%Y-%m-%d %H:%M:%S')}",
)
upload = change(
    "mutation ($name: String!) { createUpload(input: { fileName: $name }) { ok errors { message } upload { id url } } }",
    "upload",
    name=pathlib.Path(MODEL).name,
)
request(upload["url"], pathlib.Path(MODEL).read_bytes(), "PUT").close()
model = change(
    """mutation ($project: ID!, $upload: ID!) {
      registerModel(input: { projectId: $project, uploadId: $upload, name: "network" }) { ok errors { message } model { id params macs } }
    }""",
    "model",
    project=project["id"],
    upload=upload["id"],
)
print(f"{model['macs'] / 1e6:.2f} M MACs, {model['params'] / 1e6:.3f} M params")
known = ask('{ datasets(filter: { text: "cifar10" }) { nodes { id name } } }')["datasets"]["nodes"]
dataset = next((one for one in known if one["name"] == "cifar10"), None) or change(
    'mutation { registerDataset(input: { name: "cifar10" }) { ok errors { message } dataset { id } } }', "dataset"
)
experiment = change(
    "mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { ok errors { message } experiment { id } } }",
    "experiment",
    input={"modelId": model["id"], "datasetId": dataset["id"], "name": "first", "samples": SAMPLES},
)
(run,) = change(
    """mutation ($experiment: ID!, $share: Float!) {
      startRuns(input: { experimentId: $experiment, strategies: [{ allocation: "cie" }], targets: [{ share: $share }] }) {
        ok errors { message } runs { id }
      }
    }""",
    "runs",
    experiment=experiment["id"],
    share=SHARE,
)
for event in events(run["id"]):
    print(*(value for value in event.values() if value is not None))
result = ask(
    "query ($id: ID!) { run(id: $id) { state error result { macs top1 prunedTop1 downloadUrl } } }", id=run["id"]
)["run"]
if result["state"] != "FINISHED":
    raise SystemExit(f"the run is {result['state']}: {result['error']}")
with request(result["result"]["downloadUrl"]) as response:
    pathlib.Path(OUT).write_bytes(response.read())
print(f"{result['result']['macs'] / 1e6:.2f} M MACs, top-1 {result['result']['top1']:.2%}, written to {OUT}")
