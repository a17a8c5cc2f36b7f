import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { expect, test } from 'vitest';
import { Random } from '../../../network/test/random.ts';
import { damagedJson } from '../../test/damaged-json.ts';
import {
  b,
  drawAnew,
  f,
  type GraphModel,
  graphFiles,
  i,
  int32s,
  is,
  random,
  s,
  ss,
  tfNode,
  type,
} from '../../test/graph-model.ts';
import { readNetwork } from '../index.ts';

drawAnew();

const conv = {
  strides: is(1, 2, 2, 1),
  padding: s('SAME'),
  dilations: is(1, 1, 1, 1),
  data_format: s('NHWC'),
};

/** A little of everything, so that damage hits every part of the reader. */
const whole: GraphModel = {
  nodes: [
    tfNode('_FusedConv2D', ['x', 'w', 'bias', 'slope'], 'c', {
      ...conv,
      fused_ops: ss('BiasAdd', 'Prelu'),
      num_args: i(2),
    }),
    tfNode('DepthwiseConv2dNative', ['c', 'd'], 'e', conv),
    tfNode('LeakyRelu', ['e'], 'l', { alpha: f(0.1) }),
    tfNode('Pad', ['l', 'pads'], 'p'),
    tfNode('StridedSlice', ['p', 'begin', 'end', 'strides'], 'g', {
      begin_mask: i(1),
      end_mask: i(9),
      ellipsis_mask: i(0),
    }),
    tfNode('ResizeBilinear', ['g', 'size'], 'r', { align_corners: b(true) }),
    tfNode('Shape', ['r'], 'shape', { out_type: type('DT_INT32') }),
    tfNode('StridedSlice', ['shape', 'zero', 'one', 'one'], 'batch', { shrink_axis_mask: i(1) }),
    tfNode('Pack', ['batch', 'rest'], 'target', { axis: i(0), N: i(2) }),
    tfNode('Reshape', ['r', 'target'], 'flat'),
    tfNode('MatMul', ['flat', 'm'], 'y', { transpose_b: b(true) }),
  ],
  weights: {
    ...{ w: random(3, 3, 4, 6), bias: random(6), slope: random(1, 1, 6), d: random(3, 3, 6, 2) },
    pads: int32s([0, 0, 1, 1, 0, 1, 0, 0], [4, 2]),
    ...{ begin: int32s([0, 1, 0, 2]), end: int32s([0, 3, 2, 0]), strides: int32s([1, 1, 1, 1]) },
    ...{ size: int32s([4, 4]), zero: int32s([0]), one: int32s([1]), rest: int32s([-1], []) },
    m: random(3, 160),
  },
};

test('whatever is wrong with a model, it is read or refused in a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-damage-'));
  try {
    const { json, shards } = graphFiles(whole);
    for (const [name, bytes] of shards) await writeFile(join(folder, name), bytes);
    const path = join(folder, 'model.json');
    const outcome = async (model: object) => {
      await writeFile(path, JSON.stringify(model));
      try {
        await readNetwork(path);
        return 'read';
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(error.message.slice(path.length)).toMatch(/^\P{Cc}{1,700}$/u);
        return 'refused';
      }
    };
    expect(await outcome(json)).toBe('read');
    const random = new Random(7);
    const outcomes = { read: 0, refused: 0 };
    for (let round = 0; round < 600; round++) {
      outcomes[await outcome(damagedJson(json, random))]++;
    }
    expect(outcomes.read).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(50);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
