// npm run python:resnet18 [-- PYTHON]: docs/examples/prune_resnet18.py as a reader runs it, by a PyTorch and
// torchvision that are installed (default: python3), against a separate platform. The weights are random, since those
// that the example names are fetched from the internet. Ends with status 1 where the module that PyTorch cut computes
// anything else than the network that Espalier cuts, or the run is not there as it was told.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { floatTensor } from '@espalier/network';
import { withPlatform } from '../bench/api/platform.ts';
import { writePictures } from '../bench/latency/pictures.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/prune_resnet18.py', import.meta.url));
const WITHIN = 1e-4;
const [python = 'python3'] = process.argv.slice(2);

/** In place of the weights that torchvision would fetch. */
const WEIGHTS = `
import os, torch, torchvision
torch.manual_seed(1)
name = os.path.basename(torchvision.models.ResNet18_Weights.IMAGENET1K_V1.url)
os.makedirs("hub/checkpoints", exist_ok=True)
torch.save(torchvision.models.resnet18().state_dict(), "hub/checkpoints/" + name)
`;

/** Behind the example: what its module computes, and the network that Espalier cuts by the same structure. */
const AFTER = `
client.download(fewer.onnx, "espalier.onnx")
torch.manual_seed(2)
inputs = torch.randn(1, 3, 224, 224)
with torch.no_grad():
    outputs = pruned(inputs)
for name, values in {"inputs": inputs, "outputs": outputs}.items():
    open(name, "wb").write(values.numpy().tobytes())
`;

await withPlatform(async ({ address, key, ask, change }) => {
  const folder = await mkdtemp('/var/tmp/espalier-resnet18-');
  try {
    for (const name of ['a', 'b']) await writePictures(path.join(folder, 'images', name), { '.': 4 });
    const client = await fetch(`${address}/client/espalier.py`);
    await writeFile(path.join(folder, 'espalier.py'), await client.text());
    await writeFile(path.join(folder, 'prune.py'), (await readFile(EXAMPLE, 'utf8')) + AFTER);
    const env = { ...process.env, TORCH_HOME: folder, ESPALIER_ADDRESS: address, ESPALIER_KEY: key };
    const run = async (...args: string[]) => {
      const [status] = await once(spawn(python, args, { cwd: folder, env, stdio: 'inherit' }), 'exit');
      if (status !== 0) throw new Error(`${python} ${args[0]}: status ${status}`);
    };
    const { project } = await change('createProject', { name: 'Vision' }, 'project { id }');
    const splits = ['SEARCH', 'TEST'].map((name) => ({ name, images: 8, sha256: 'a'.repeat(64) }));
    const classes = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    const manifest = { key: 'images', name: 'images', classes, splits };
    const { dataset } = await change('registerDatasetManifest', manifest, 'dataset { id }');
    await run('-c', WEIGHTS);
    await run('prune.py', project.id, dataset.id, 'images');
    // Sent again it changes nothing.
    await run('espalier.py', 'sync', 'resnet18.ndjson');
    const { runs } = await ask(
      '{ runs(first: 10) { nodes { state origin allocation result { evidence params macs } } } }',
    );
    console.log(JSON.stringify(runs.nodes));
    const apart = await difference(folder);
    console.log(`the module and the network that Espalier cut: ${apart.toExponential(1)} apart`);
    const isThere = runs.nodes.length === 1 && runs.nodes[0].state === 'FINISHED';
    if (!(apart <= WITHIN) || !isThere) throw new Error('that is not as it should be');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
process.exit(0);

/** Of the outputs, as a share of the largest. */
async function difference(folder: string): Promise<number> {
  const read = async (name: string) => {
    const bytes = await readFile(path.join(folder, name));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice();
  };
  const { network } = await readNetwork(path.join(folder, 'espalier.onnx'));
  const engine = await openEngine('onnxruntime', { threads: 2 });
  const executable = await engine.compile(network);
  const [input] = network.inputs;
  const found = await executable.run({
    [input?.name ?? '']: floatTensor([1, 3, 224, 224], await read('inputs')),
  });
  const theirs = await read('outputs');
  const [ours] = Object.values(found);
  await executable.dispose();
  await engine.dispose();
  if (ours?.data.length !== theirs.length) return Number.POSITIVE_INFINITY;
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(ours.data[i]))), 0) / largest
  );
}
