import { readFile } from 'node:fs/promises';

const dir = process.argv[2];
const j = JSON.parse(await readFile(`${dir}/model.json`, 'utf8'));
const w = new Map(j.weightsManifest.flatMap((g) => g.weights).map((x) => [x.name, x.shape]));
for (const n of j.modelTopology.node)
  if (/Conv2D|Backprop/.test(n.op))
    console.log(
      n.op,
      n.name,
      n.input.map((x) => `${x.slice(-40)}${w.has(x) ? `[${w.get(x)}]` : ''}`).join(' | '),
    );
