import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { networkHash } from '@espalier/network';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  drawAnew,
  type GraphModel,
  graphFiles,
  int32s,
  is,
  random,
  s,
  scaled,
  tfNode,
  type,
  writeGraph,
} from '../../test/graph-model.ts';
import { readNetwork } from '../index.ts';

drawAnew();

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-shards-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const conv = { strides: is(1, 1, 1, 1), padding: s('SAME') };
const w = random(3, 3, 4, 5);
const model: GraphModel = { nodes: [tfNode('Conv2D', ['x', 'w'], 'y', conv)], weights: { w } };

type Json = ReturnType<typeof graphFiles>['json'];

/** The message with which a file is refused that was changed like this. */
async function refusal(change: (json: Json) => object, of: GraphModel = model): Promise<string> {
  const path = await writeGraph(folder, of);
  const { json } = graphFiles(of);
  await writeFile(path, JSON.stringify(change(json)));
  return refused(path);
}

async function refused(path: string, options = {}): Promise<string> {
  const error = await readNetwork(path, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.message).toContain(path);
  expect(error.message).not.toContain('\n');
  return error.message;
}

/** The model with something else in its only group of weights. */
function withGroup(json: Json, change: object): object {
  return { ...json, weightsManifest: json.weightsManifest.map((group) => ({ ...group, ...change })) };
}

const withWeight = (change: object) => (json: Json) =>
  withGroup(json, { weights: json.weightsManifest[0]?.weights.map((weight) => ({ ...weight, ...change })) });

describe('a model is refused with what is wrong', () => {
  test('shards outside of its folder', async () => {
    await writeFile(join(folder, '..', 'secret.bin'), new Uint8Array(720));
    for (const path of ['../secret.bin', '/etc/hostname', 'a/../../secret.bin', '..']) {
      const message = await refusal((json) => withGroup(json, { paths: [path] }));
      expect(message).toContain(`shard "${path}" lies outside of the model's folder`);
    }
    await rm(join(folder, '..', 'secret.bin'));
  });

  test('a shard that is a link to another folder', async () => {
    const path = await writeGraph(join(folder, 'model'), model);
    await writeFile(join(folder, 'secret.bin'), new Uint8Array(720));
    await rm(join(folder, 'model', 'group1-shard1of1.bin'));
    await symlink(join(folder, 'secret.bin'), join(folder, 'model', 'group1-shard1of1.bin'));
    expect(await refused(path)).toContain("lies outside of the model's folder");
  });

  test('a shard that is missing, a folder, too long or too short', async () => {
    const paths = (path: string) => refusal((json) => withGroup(json, { paths: [path] }));
    expect(await paths('none.bin')).toContain('put it beside the model.json');
    await mkdir(join(folder, 'sub'));
    expect(await paths('sub')).toContain('shard "sub"');
    expect(await refusal(withWeight({ shape: [3, 3, 4, 4] }))).toContain(
      'has 720 bytes, and weightsManifest has a place for 576',
    );
    expect(await refusal(withWeight({ shape: [3, 3, 4, 6] }))).toContain(
      'its weights are 864 bytes, and "group1-shard1of1.bin" hold 720',
    );
  });

  test('weights that ask for more than there can be', async () => {
    const wide = (shape: number[]) => refusal(withWeight({ shape }));
    expect(await wide([2 ** 31, 2 ** 31])).toContain('weight "w" has shape');
    expect(await wide([1e6, 1e3])).toContain('at most 1.9 GB');
    expect(await wide([-1])).toContain('weightsManifest.0.weights.0.shape.0');
    expect(await wide(new Array<number>(40).fill(1))).toContain('weightsManifest.0.weights.0.shape');
  });

  test('a type that no network has', async () => {
    expect(await refusal(withWeight({ dtype: 'string' }))).toContain(
      'weight "w" is of type string; float32, int32 and bool are read',
    );
  });

  test('what is no graph model', async () => {
    expect(await refusal(() => ({}))).toContain('has no "modelTopology"');
    expect(await refusal(() => [])).toContain('has no "modelTopology"');
    expect(await refusal((json) => ({ ...json, format: 'layers-model' }))).toContain(
      'a layer has no "class_name"',
    );
    expect(await refusal((json) => ({ ...json, modelTopology: { node: [{ op: 3 }] } }))).toContain(
      'modelTopology: node.0.name',
    );
    const path = join(folder, 'model.json');
    await writeFile(path, '['.repeat(200_000));
    expect(await refused(path)).toContain('is not JSON');
  });

  test('its weights, where no other file is read', async () => {
    expect(await refused(await writeGraph(folder, model), { alone: true })).toContain(
      'give a zip of its folder, or all of its files together',
    );
  });

  test('attributes, operands and weights that are not there', async () => {
    const changed = (node: object) =>
      refusal((json) => {
        const nodes = json.modelTopology.node.map((each, at, all) =>
          at === all.length - 1 ? { ...each, ...node } : each,
        );
        return { ...json, modelTopology: { ...json.modelTopology, node: nodes } };
      });
    expect(await changed({ attr: { padding: s('SAME'), strides: is(1, 2) } })).toContain(
      'Conv2D "y": attribute "strides" is [1,2]',
    );
    expect(await changed({ attr: { padding: s('TWICE') } })).toContain('padding "TWICE" is not read');
    expect(await changed({ input: ['x'] })).toContain('Conv2D "y": input 1 is missing');
    expect(await changed({ input: ['x', 'v'] })).toContain('reads "v"');
    expect(await changed({ name: 'w' })).toContain('two nodes are called "w"');
    expect(await changed({ input: ['y', 'w'] })).toContain('it depends on its own output');
    expect(await changed({ op: 'Wonder' })).toContain(
      'Wonder "y": this operation is not read: end the network before it (--output',
    );
  });
});

test('several shards, and weights kept as integers with a scale or in half precision', async () => {
  const plain = await readNetwork(await writeGraph(join(folder, 'plain'), model));
  const parts = await readNetwork(await writeGraph(join(folder, 'parts'), { ...model, shardBytes: 100 }));
  expect(networkHash(parts.network)).toBe(networkHash(plain.network));
  for (const dtype of ['uint8', 'uint16'] as const) {
    const path = await writeGraph(join(folder, dtype), { ...model, weights: { w: scaled(w, dtype) } });
    const { network } = await readNetwork(path);
    const given = [...(plain.network.constants.values().next().value?.data ?? [])].map(Number);
    const read = [...(network.constants.values().next().value?.data ?? [])].map(Number);
    const step = (Math.max(...given) - Math.min(...given)) / (dtype === 'uint8' ? 255 : 65_535);
    expect(read).not.toEqual(given);
    read.forEach((value, at) => {
      expect(Math.abs(value - (given[at] ?? 0))).toBeLessThanOrEqual(step / 2 + 1e-6);
    });
  }
});

/** Adds one until there are ten. */
const loop: GraphModel = {
  nodes: [
    tfNode('Enter', ['x'], 'enter', { frame_name: s('loop') }),
    tfNode('Merge', ['enter', 'next'], 'merge'),
    tfNode('Less', ['merge', 'ten'], 'less'),
    tfNode('LoopCond', ['less'], 'condition'),
    tfNode('Switch', ['merge', 'condition'], 'switch'),
    tfNode('AddV2', ['switch:1', 'ten'], 'more'),
    tfNode('NextIteration', ['more'], 'next'),
    tfNode('Exit', ['switch'], 'exit'),
    tfNode('Conv2D', ['exit', 'w'], 'middle', conv),
    tfNode('Relu', ['middle'], 'y'),
  ],
  weights: { w, ten: int32s([10], []) },
};

describe('a loop', () => {
  test('is refused by name, with what to do', async () => {
    const path = await writeGraph(folder, loop);
    expect(await refused(path)).toMatch(
      /(Enter|NextIteration|Merge) "\w+": it is part of a loop.*--output.*--input/,
    );
  });

  test('does no harm in front of where the network begins', async () => {
    const path = await writeGraph(folder, loop);
    const { network } = await readNetwork(path, { input: [{ name: 'exit', shape: [1, 8, 8, 4] }] });
    expect(network.nodes.map(({ op }) => op)).toEqual(['Transpose', 'Conv', 'Transpose', 'Relu']);
  });

  test('does no harm behind where the network ends', async () => {
    const nodes = [
      tfNode('Conv2D', ['x', 'w'], 'before', conv),
      ...loop.nodes.map((node) => (node.name === 'enter' ? { ...node, input: ['before'] } : node)),
    ];
    const path = await writeGraph(folder, {
      ...loop,
      nodes,
      weights: { ...loop.weights, w: random(3, 3, 4, 4) },
    });
    const { network } = await readNetwork(path, { output: ['before'] });
    expect(network.outputs).toEqual(['before']);
  });
});

test('a switch goes by an input that is set', async () => {
  const path = await writeGraph(folder, {
    inputs: { x: { shape: [-1, 8, 8, 4] }, ratio: { shape: [], type: 'DT_FLOAT' } },
    nodes: [
      tfNode('Less', ['ratio', 'one'], 'less'),
      tfNode('Switch', ['x', 'less'], 'switch'),
      tfNode('Relu', ['switch:1'], 'smaller'),
      tfNode('Conv2D', ['switch', 'v'], 'whole', conv),
      tfNode('Merge', ['whole', 'smaller'], 'merge'),
      tfNode('Conv2D', ['merge', 'w'], 'y', conv),
    ],
    weights: {
      w,
      v: random(3, 3, 4, 4),
      one: { ...random(1), shape: [], bytes: new Uint8Array(Float32Array.of(1).buffer) },
    },
  });
  const ops = async (ratio: number) =>
    (await readNetwork(path, { set: { ratio } })).network.nodes.map(({ op }) => op);
  expect(await ops(0.5)).toEqual(['Relu', 'Transpose', 'Conv', 'Transpose']);
  expect(await ops(1)).toEqual(['Transpose', 'Conv', 'Conv', 'Transpose']);
});

test('a batch spelled out of a picture is refused by name', async () => {
  const path = await writeGraph(folder, {
    nodes: [
      tfNode('SpaceToBatchND', ['x', 'block', 'pads'], 'blocks', { T: type('DT_FLOAT') }),
      tfNode('Relu', ['blocks'], 'y'),
    ],
    weights: { block: int32s([2, 2]), pads: int32s([0, 0, 0, 0], [2, 2]) },
  });
  expect(await refused(path)).toContain('SpaceToBatchND "blocks": it makes several images of one');
});

test('names, metadata and outputs are those of the model', async () => {
  const { json, shards } = graphFiles({ ...model, outputs: ['y'] });
  const metadata = {
    input: { layout: 'NHWC', channels: 'gray', size: [8, 8], scale: 1, mean: [0], std: [1] },
    output: 'logits',
  };
  const gray = { ...json, userDefinedMetadata: { espalier: metadata } };
  for (const [name, bytes] of shards) await writeFile(join(folder, name), bytes);
  const path = join(folder, 'model.json');
  await writeFile(path, JSON.stringify(gray));
  expect(await refused(path)).toContain('do not fit the network');
  expect(JSON.parse(await readFile(path, 'utf8')).userDefinedMetadata).toEqual({ espalier: metadata });
  await writeFile(path, JSON.stringify(json));
  const { network } = await readNetwork(path);
  expect(network).toMatchObject({
    name: 'model',
    outputs: ['y'],
    inputs: [{ name: 'x', shape: [-1, 8, 8, 4] }],
  });
  expect(network.nodes.map(({ name }) => name)).toContain('y');
});
