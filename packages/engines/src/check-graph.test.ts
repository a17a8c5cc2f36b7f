import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArtifacts, readNetwork } from '@espalier/formats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawAnew, is, random, s, tfNode, writeGraph } from '../../formats/test/graph-model.ts';
import { smallLayersModel, writeLayers } from '../../formats/test/layers-model.ts';
import { checkGraph, compareGraph } from './check-graph.ts';

drawAnew();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-check-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const conv = {
  strides: is(1, 1, 1, 1),
  dilations: is(1, 1, 1, 1),
  data_format: s('NHWC'),
  padding: s('SAME'),
};
const graph = () =>
  writeGraph(join(folder, 'graph'), {
    nodes: [tfNode('Conv2D', ['x', 'w'], 'c', conv), tfNode('Relu', ['c'], 'y')],
    weights: { w: random(3, 3, 4, 6) },
  });

it.each([
  ['a graph model', graph],
  ['a LayersModel', async () => writeLayers(join(folder, 'layers'), await smallLayersModel())],
])('%s is what the network computes', async (_, make) => {
  const file = await make();
  const [model, { network }] = [await readArtifacts(file), await readNetwork(file)];
  expect(await checkGraph(model, network)).toBeUndefined();
  const [output] = (await compareGraph(model, network)) ?? [];
  expect(output?.share).toBeLessThan(1e-5);
  const [name = '', weight] = [...network.constants].find(([, { data }]) => data.length > 100) ?? [];
  if (!weight) throw new Error('no weight');
  const data = Float32Array.from(weight.data as Float32Array, (value) => value * 1.1);
  const other = { ...network, constants: new Map([...network.constants, [name, { ...weight, data }]]) };
  expect(await checkGraph(model, other)).toMatch(
    /^its output ".+" differs from the network's by 0\.\d+ of it$/,
  );
});

it('says what TensorFlow.js says of a model that it does not run', async () => {
  const file = await graph();
  const [model, { network }] = [await readArtifacts(file), await readNetwork(file)];
  const { modelTopology } = model.json as { modelTopology: { node: { op: string }[] } };
  const node = modelTopology.node.map((each) => (each.op === 'Relu' ? { ...each, op: 'Wonder' } : each));
  const broken = { ...model, json: { ...model.json, modelTopology: { ...modelTopology, node } } };
  expect(await checkGraph(broken, network)).toMatch(/Wonder/);
});

it('does not compare a network that begins inside of its model', async () => {
  const file = await graph();
  const { network } = await readNetwork(file, { input: [{ name: 'c', shape: [1, 8, 8, 6] }] });
  expect(await compareGraph(await readArtifacts(file), network)).toBeNull();
});
