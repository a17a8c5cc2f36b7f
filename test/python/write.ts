// npm run python:write -- FOLDER: what Espalier makes of some networks, for check.py on a machine with PyTorch.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { writeNetwork } from '@espalier/formats';
import { channelMap, cutNetwork, type Network } from '@espalier/network';
import { samplingPlan } from '@espalier/pruning';
import { Random } from '../../packages/network/test/random.ts';
import { randomStructure } from '../generate/random-network.ts';
import { randomInputs, run, runMasked } from '../surgery/exactness.ts';
import { type Case, cases } from './cases.ts';
import { shown, type Values, writeValues } from './fixtures.ts';
import { writeMatrix } from './matrix.ts';

const GRID = [0.25, 0.5, 0.75];
const IMAGES = 4;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('npm run python:write -- FOLDER');
  process.exit(2);
}
const engine = await openEngine('onnxruntime', { threads: 1 });
for (const each of await cases()) {
  await writeCase(engine, each, path.join(folder, each.name));
  console.log(`${each.name} is written`);
}
await engine.dispose();
await writeMatrix(path.join(folder, 'matrix'));
console.log('the matrix is written');

async function writeCase(engine: Engine, { network, exported }: Case, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const random = new Random(1);
  const map = channelMap(exported);
  const structure = randomStructure(map, random);
  const { network: cut } = cutNetwork(exported, map, structure);
  await writeNetwork(path.join(to, 'model.onnx'), exported);
  await writeNetwork(path.join(to, 'cut.onnx'), cut);
  const plan = shown(await samplingPlan(exported, { criterion: 'l1', seed: 0, grid: GRID }));
  await writeFile(path.join(to, 'plan.json'), JSON.stringify(plan));
  await writeFile(path.join(to, 'structure.json'), JSON.stringify(structure));

  const inputs = randomInputs(exported, random, IMAGES);
  const outputOf = async (one: Network) => only(await run(engine, one, inputs));
  const masked: [string, Values[string]][] = [];
  for (const { name, width, cells, canZero } of plan.groups) {
    const { units = [] } = cells[1] ?? {};
    if (!canZero || units.length === 0) throw new Error(`nothing of "${name}" is masked`);
    const kept = Array.from({ length: width }, (_, unit) => unit).filter((unit) => !units.includes(unit));
    const values = await runMasked(engine, exported, map, [{ group: name, kept }], inputs);
    masked.push([`masked/${name}`, only(values)]);
  }
  const tensors = [...network.constants].map(([name, tensor]) => [`tensor/${name}`, tensor] as const);
  await writeValues(to, {
    ...Object.fromEntries(tensors),
    input: only(inputs),
    output: await outputOf(exported),
    cut: await outputOf(cut),
    ...Object.fromEntries(masked),
  } as Values);
}

function only<T>(values: Readonly<Record<string, T>>): T {
  const [value] = Object.values(values);
  if (value === undefined) throw new Error('there is no value');
  return value;
}
