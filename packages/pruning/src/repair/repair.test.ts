import { seededRandom } from '@espalier/datasets';
import { type Engine, openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import {
  buildArchitecture,
  channelMap,
  cutNetwork,
  floatTensor,
  foldBatchNorm,
  type KeptUnits,
  type Network,
  namedNode,
  networkCost,
  prunableGroups,
  type Tensor,
} from '@espalier/network';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RepairRequest, repair } from './repair.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
});
afterAll(() => engine.dispose());

const EXTENT = 16;

/** Smooth, as pictures are: noise has nothing that one channel tells of another. */
function pictures(count: number, seed: number): Tensor<Float32Array> {
  const random = seededRandom(seed);
  const waves = Array.from({ length: count * 3 }, () => [random() * 6, random() * 6, random() * 9] as const);
  const data = waves.flatMap(([a, b, phase]) =>
    Array.from({ length: EXTENT * EXTENT }, (_, i) =>
      Math.sin(phase + (a * Math.floor(i / EXTENT) + b * (i % EXTENT)) / EXTENT),
    ),
  );
  return floatTensor([count, 3, EXTENT, EXTENT], Float32Array.from(data));
}

const images = (count: number, seed = 1): RepairRequest['images'] => ({
  count,
  async *batches(size) {
    const { data } = pictures(count, seed);
    const each = 3 * EXTENT * EXTENT;
    for (let from = 0; from < count; from += size) {
      const own = data.subarray(from * each, Math.min(count, from + size) * each);
      yield floatTensor([own.length / each, 3, EXTENT, EXTENT], own);
    }
  },
});

/** Takes away every third unit of every group. */
function request(base: Network, share = 3): RepairRequest {
  const map = channelMap(base);
  const structure = prunableGroups(map).map(
    ({ id, width }): KeptUnits => ({
      group: id,
      kept: Array.from({ length: width }, (_, unit) => unit).filter((unit) => unit % share !== 1),
    }),
  );
  const cut = cutNetwork(base, map, structure).network;
  return { base, map, structure, cut, images: images(40), seed: 5, engine };
}

const built = (name: string) =>
  buildArchitecture(name, {
    classes: 5,
    input: { channels: 3, height: EXTENT, width: EXTENT },
    random: seededRandom(2),
  });

async function outputOf(network: Network): Promise<Float32Array> {
  const executable = await engine.compile(network);
  const result = await executable.run({ input: pictures(20, 99) });
  await executable.dispose();
  return result[network.outputs[0] ?? '']?.data ?? new Float32Array();
}

/** Relative to what it should be, on images that the repair has not seen. */
async function errorOf(network: Network, base: Network): Promise<number> {
  const [is, should] = [await outputOf(network), await outputOf(base)];
  const sum = (values: Float32Array) => values.reduce((all, value) => all + value ** 2, 0);
  return Math.sqrt(sum(is.map((value, i) => value - (should[i] ?? 0))) / sum(should));
}

describe('repair', () => {
  it.each(['resnet20', 'mobilenetv2'])(
    'brings the outputs of %s nearer to those of the unpruned network',
    async (name) => {
      const asked = request(built(name));
      const { network, layers, left } = await repair(asked);
      const [before, after] = [await errorOf(asked.cut, asked.base), await errorOf(network, asked.base)];
      expect(after).toBeLessThan(0.7 * before);
      expect(layers.length).toBeGreaterThan(left.length);
      for (const { before: cut, after: repaired } of layers) expect(repaired).toBeLessThan(cut);
      // New biases have found a place.
      expect(networkCost(network)).toEqual(networkCost(asked.cut));
    },
    60_000,
  );

  it('gives a layer without bias and BatchNorm a bias, which counts', async () => {
    const constants = new Map<string, Tensor>();
    const random = seededRandom(4);
    const weight = (name: string, dims: number[]) => {
      const size = dims.reduce((a, b) => a * b, 1);
      constants.set(
        name,
        floatTensor(
          dims,
          Float32Array.from({ length: size }, () => random() - 0.4),
        ),
      );
      return name;
    };
    const conv = { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 };
    const base: Network = {
      name: 'plain',
      inputs: [{ name: 'input', shape: [-1, 3, EXTENT, EXTENT] }],
      outputs: ['out'],
      nodes: [
        namedNode('Conv', ['input', weight('w1', [8, 3, 3, 3])], 'c1', conv),
        namedNode('Relu', ['c1'], 'r1'),
        namedNode('Conv', ['r1', weight('w2', [6, 8, 3, 3])], 'c2', conv),
        namedNode('Relu', ['c2'], 'r2'),
        namedNode('Transpose', ['r2'], 'last', { perm: [0, 2, 3, 1] }),
        namedNode('MatMul', ['last', weight('w3', [6, 4])], 'out'),
      ],
      constants,
    };
    const asked = request(base);
    const { network, layers, left } = await repair(asked);
    expect(layers.map(({ layer }) => layer)).toEqual(['c2', 'out']);
    expect(left).toEqual([]);
    expect(networkCost(network).params - networkCost(asked.cut).params).toBe(4 + 4);
    expect(await errorOf(network, base)).toBeLessThan(await errorOf(asked.cut, base));
  });

  it('is the same with folded BatchNorm, up to rounding', async () => {
    const [own, folded] = [request(built('resnet20')), request(foldBatchNorm(built('resnet20')))];
    const [a, b] = [await repair(own), await repair(folded)];
    // The ridge sees other weights, so that it is not the same to the last digit.
    expect(await errorOf(a.network, b.network)).toBeLessThan(0.05);
  }, 60_000);

  it('is the same where nothing can be kept in memory', async () => {
    const asked = request(built('resnet20'));
    const [kept, anew] = [await repair(asked), await repair({ ...asked, memory: 0 })];
    expect(await errorOf(anew.network, kept.network)).toBeLessThan(1e-3);
    expect(anew.layers.map(({ layer }) => layer)).toEqual(kept.layers.map(({ layer }) => layer));
  }, 60_000);

  it('is the same again, and other where other positions are drawn', async () => {
    // Of so many images not all positions are taken.
    const asked = { ...request(built('resnet20')), images: images(80) };
    const [first, second, other] = [
      await repair(asked),
      await repair(asked),
      await repair({ ...asked, seed: 6 }),
    ];
    expect(await outputOf(second.network)).toEqual(await outputOf(first.network));
    expect(await outputOf(other.network)).not.toEqual(await outputOf(first.network));
  }, 120_000);

  it('changes nothing where nothing was cut', async () => {
    const base = built('resnet20');
    const map = channelMap(base);
    const repaired = await repair({ ...request(base), structure: [], map, cut: base });
    expect(repaired).toEqual({ network: base, layers: [], left: [] });
  });

  it('names a layer whose weights another one has as well', async () => {
    const base = built('resnet20');
    const [first, second] = base.nodes.filter(
      ({ op, inputs }) => op === 'Conv' && base.constants.get(inputs[1] ?? '')?.dims.join() === '64,64,3,3',
    );
    const shared: Network = {
      ...base,
      nodes: base.nodes.map((node) =>
        node === second
          ? { ...node, inputs: [node.inputs[0] ?? '', first?.inputs[1] ?? '', ...node.inputs.slice(2)] }
          : node,
      ),
    };
    const { left } = await repair(request(shared));
    const reasons = new Map(left.map(({ layer, reason }) => [layer, reason]));
    expect(reasons.get(first?.name ?? '')).toBe(`"${second?.name}" has the same weights`);
    expect(reasons.get(second?.name ?? '')).toBe(`"${first?.name}" has the same weights`);
  }, 60_000);

  it('leaves a layer that computes numbers that are not finite, and names it', async () => {
    const base = built('resnet20');
    const [, second] = base.nodes.filter(({ op }) => op === 'Conv');
    const weight = base.constants.get(second?.inputs[1] ?? '');
    const broken = floatTensor(weight?.dims ?? [], new Float32Array(weight?.data.length ?? 0).fill(3e38));
    const constants = new Map([...base.constants, [second?.inputs[1] ?? '', broken] as const]);
    const seen: number[] = [];
    const asked = request({ ...base, constants });
    const onProgress = (done: number, total: number) => seen.push(done / total);
    const { left } = await repair({ ...asked, onProgress });
    expect(left.map(({ reason }) => reason)).toContain('it computes numbers that are not finite');
    expect(seen.at(-1)).toBe(1);
  }, 60_000);

  it('tells how far it is, and stops when told to', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const asked = request(built('resnet20'));
    const onProgress = (done: number, total: number) => {
      seen.push(done);
      expect(done).toBeLessThanOrEqual(total);
      if (done >= 100) stop.abort(new Error('stopped'));
    };
    await expect(repair({ ...asked, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThan(120);
  });

  it('refuses a single image', async () => {
    await expect(repair({ ...request(built('resnet20')), images: images(1) })).rejects.toThrow(InputError);
  });
});
