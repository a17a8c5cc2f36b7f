import { readFile } from 'node:fs/promises';
import { encodeOnnx, type GraphArtifacts } from '@espalier/formats';
import { type FloatTensor, type Network, withoutTail } from '@espalier/network';
import { openBackend } from '../../../packages/engines/src/measure/page-backends.ts';
import { artifactsOf } from '../../../packages/formats/src/tfjs/artifacts.ts';
import { readTfjs } from '../../../packages/formats/src/tfjs/read-files.ts';
import { runGraph } from '../../../packages/formats/test/graph-model.ts';
import { loadLayers, runLayers } from '../../../packages/formats/test/layers-model.ts';
import { randomInputs, runOnnx } from '../../../packages/formats/test/runtime.ts';

/** Of the outputs that are judged: how many are within, and the largest difference, as a share of an output's norm. */
export interface Agreement {
  readonly outputs: number;
  readonly within: number;
  readonly worst: number;
}

/** How far TensorFlow.js is with the file from ONNX Runtime with the network, on one random image. */
export async function agreement(
  file: string,
  network: Network,
  { set = {} }: { set?: Readonly<Record<string, number>> | undefined },
): Promise<Agreement> {
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
  await openBackend('wasm');
  const run = (backend: 'cpu' | 'wasm') =>
    artifacts.layers
      ? runModel(artifacts, Object.values(inputs), network.outputs, backend)
      : runGraph(artifacts, given, network.outputs, whole, backend);
  // WebAssembly does not have every operation.
  const expected = await run('wasm').catch(() => run('cpu'));
  const actual = await runOnnx(encodeOnnx(withoutTail(network)), inputs);
  let [within, worst] = [0, 0];
  for (const name of network.outputs) {
    const difference = differenceOf(expected.get(name), actual.get(name));
    if (difference.isWithin) within++;
    worst = Math.max(worst, difference.share);
  }
  return { outputs: network.outputs.length, within, worst };
}

async function runModel(
  artifacts: GraphArtifacts,
  inputs: readonly FloatTensor[],
  names: readonly string[],
  backend: string,
): Promise<Map<string, FloatTensor>> {
  const outputs = await runLayers(await loadLayers(artifacts, backend), inputs);
  return new Map(outputs.map((output, i) => [names[i] ?? '', output]));
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
