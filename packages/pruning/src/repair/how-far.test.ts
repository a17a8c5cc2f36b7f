import { seededRandom } from '@espalier/datasets';
import { type Engine, openEngine } from '@espalier/engines';
import { floatTensor, type Network, namedNode } from '@espalier/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asFarAsItHelps } from './how-far.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

/** y = w x, z = v x */
function lines(w: number, v: number): Network {
  return {
    name: 'lines',
    inputs: [{ name: 'x', shape: [-1, 1] }],
    outputs: ['y', 'z'],
    nodes: [namedNode('MatMul', ['x', 'w'], 'y'), namedNode('MatMul', ['x', 'v'], 'z')],
    constants: new Map([
      ['w', floatTensor([1, 1], [w])],
      ['v', floatTensor([1, 1], [v])],
    ]),
  };
}

const images = {
  count: 10,
  async *batches(size: number) {
    const random = seededRandom(3);
    for (let from = 0; from < 10; from += size) {
      const n = Math.min(size, 10 - from);
      yield floatTensor([n, 1], Float32Array.from({ length: n }, random));
    }
  },
};

const judged = (cut: Network) => ({ base: lines(1, 1), cut, engine, images });
const weights = ({ constants }: Network) => ['w', 'v'].map((name) => constants.get(name)?.data[0]);

it('goes all the way where no output is worse for it', async () => {
  const repaired = lines(0.9, 0.5);
  const found = await asFarAsItHelps(judged(lines(0.5, 0.5)), repaired);
  expect(found).toEqual({ network: repaired, share: 1 });
});

it('goes as far as helps all outputs, where all the way is too far for one', async () => {
  // The second output is farther off behind 1 than it was before it.
  const found = await asFarAsItHelps(judged(lines(0.5, 0.5)), lines(1, 1.8));
  expect(found.share).toBe(0.5);
  expect(weights(found.network)[0]).toBeCloseTo(0.75, 6);
  expect(weights(found.network)[1]).toBeCloseTo(1.15, 6);
});

it('stays where it was where no part of the way helps', async () => {
  const cut = lines(1, 0.5);
  expect(await asFarAsItHelps(judged(cut), lines(3, 0))).toEqual({ network: cut, share: 0 });
});
