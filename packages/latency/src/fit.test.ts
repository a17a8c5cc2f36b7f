import { seededRandom } from '@espalier/datasets';
import { buildArchitecture, channelMap, type Network, prunableGroups } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { fitKind, timeOf } from './fit-kind.ts';
import { fitProfile, type MeasuredStructure } from './fit-profile.ts';
import { fullKind, type TimedLayer, timedLayers } from './layers.ts';
import { nonNegative } from './least-squares.ts';
import { predictMs } from './predict.ts';
import { drawStructures, narrowed } from './structures.ts';

const resnet20 = buildArchitecture('resnet20', {
  classes: 10,
  input: { channels: 3, height: 32, width: 32 },
  random: seededRandom(1),
});
const map = channelMap(resnet20);
const groups = prunableGroups(map);
const structures = (count: number) =>
  drawStructures(groups, count, 3).map((kept) => narrowed(resnet20, map, groups, kept));

describe('nonNegative', () => {
  it('finds what made the targets', () => {
    const rows = [
      [1, 2],
      [3, 1],
      [2, 2],
    ];
    const [a, b] = nonNegative(rows, [5, 5, 6]);
    expect(a).toBeCloseTo(1, 6);
    expect(b).toBeCloseTo(2, 6);
  });

  it('keeps what would be negative at 0, and the rest as good as it can be then', () => {
    // Without the limit: 3 and -1. With it: the best w of 2 w = 1 and 2 w = 3.
    const [a, b] = nonNegative(
      [
        [2, 1],
        [2, 3],
      ],
      [3, 1],
    );
    expect(b).toBe(0);
    expect(a).toBeCloseTo(1, 6);
  });

  it('is drawn to its prior where nothing else tells', () => {
    const prior = { ridge: 1, towards: 7 };
    expect(nonNegative([[0]], [5], [prior])[0]).toBeCloseTo(7, 6);
    expect(nonNegative([[1]], [5], [prior])[0]).toBeCloseTo(6, 6);
  });
});

describe('fitKind', () => {
  const widths = [4, 8, 12, 20, 24, 32, 40, 48, 56, 64];
  const pairs = widths.flatMap((inputs) => widths.map((outputs) => ({ inputs, outputs })));
  const up = (x: number, step: number) => Math.ceil(x / step) * step;

  it.each([
    [1, 1],
    [4, 16],
    [8, 32],
  ])('finds a staircase of %i inputs and %i outputs', (i, o) => {
    const time = ({ inputs, outputs }: (typeof pairs)[number]) =>
      0.02 + 1e-4 * up(outputs, o) + 3e-6 * up(inputs, i) * up(outputs, o);
    const found = fitKind(pairs.map((pair) => ({ ...pair, milliseconds: time(pair) })));
    for (const pair of pairs) expect(timeOf(found, pair) / time(pair)).toBeCloseTo(1, 3);
  });

  it('predicts widths that were not measured, through noise', () => {
    const random = seededRandom(2);
    const time = ({ inputs, outputs }: (typeof pairs)[number]) => 0.01 + 2e-6 * inputs * up(outputs, 16);
    const measured = pairs.map((pair) => ({ ...pair, milliseconds: time(pair) * (0.95 + 0.1 * random()) }));
    const found = fitKind(measured.filter((_, i) => i % 3 === 0));
    for (const pair of pairs) expect(Math.abs(timeOf(found, pair) / time(pair) - 1)).toBeLessThan(0.06);
  });
});

describe('timedLayers', () => {
  it('takes a convolution and what is element-wise behind it for one', () => {
    const { layers, layerOf } = timedLayers(resnet20);
    expect(layers.filter(({ kind }) => kind.startsWith('Conv'))).toHaveLength(21);
    expect(layers.map(({ kind }) => kind.split(' ')[0])).not.toContain('Relu');
    expect(layerOf.get('layer1.0.relu1')).toBe('layer1.0.conv1');
    expect(layerOf.get('layer1.0.relu2')).toBe('layer1.0.conv2');
    expect(layers.find(({ name }) => name === 'layer2.0.conv1')).toMatchObject({
      ...{ name: 'layer2.0.conv1', inputs: 16, outputs: 32 },
      kind: 'Conv 3x3/2x2 32x32 to 16x16',
    });
  });

  it('tells apart what a sum of two values joins', () => {
    const { layers } = timedLayers(resnet20);
    const joined = layers.filter(({ joins }) => joins !== '');
    expect(joined.map(({ joins }) => joins)).toEqual(Array(9).fill('Add'));
    const [first] = joined;
    const alike = layers.find(({ kind, joins }) => kind === first?.kind && joins === '');
    expect(first && fullKind(first)).not.toBe(alike && fullKind(alike));
  });

  it('tells depthwise convolutions by their channels alone', () => {
    const input = { channels: 3, height: 32, width: 32 };
    const net = buildArchitecture('mobilenetv2', { classes: 10, input, random: seededRandom(1) });
    const layer = timedLayers(net).layers.find(({ name }) => name === 'layers.1.conv2');
    expect(layer).toMatchObject({
      ...{ name: 'layers.1.conv2', inputs: 1, outputs: 96 },
      kind: 'Conv 3x3/1x1 depthwise 32x32 to 32x32',
    });
  });
});

describe('fitProfile', () => {
  /** A device that is known: its own rate for each kind, outputs in blocks of 16. */
  const rate = (kind: string) => 1 + (kind.length % 5) / 2;
  const layerMs = ({ kind, inputs, outputs }: TimedLayer) =>
    0.003 + 1e-5 * rate(kind) * inputs * Math.ceil(outputs / 16);
  const wholeMs = (network: Network, overhead: number) =>
    timedLayers(network).layers.reduce((sum, layer) => sum + layerMs(layer), overhead);
  const measuredOn = (network: Network, overhead: number, tell: (ms: number) => number | null) => {
    const nodes = new Map(timedLayers(network).layers.map((layer) => [layer.name, tell(layerMs(layer))]));
    const told = [...nodes].flatMap(([name, ms]) => (ms === null ? [] : [[name, ms] as const]));
    return { ...timedLayers(network), milliseconds: wholeMs(network, overhead), nodes: new Map(told) };
  };
  const worstOf = (measured: readonly MeasuredStructure[], overhead: number) => {
    const profile = { ...fitProfile(measured), network: { name: 'resnet20', hash: '' } };
    const others = structures(40).slice(20);
    return Math.max(
      ...others.map((each) => Math.abs(predictMs(profile, each) / wholeMs(each, overhead) - 1)),
    );
  };

  it('predicts structures that it has not seen', () => {
    const measured = structures(20).map((network) => measuredOn(network, 0.05, (ms) => ms));
    expect(worstOf(measured, 0.05)).toBeLessThan(0.01);
  });

  it('believes whole networks where nodes tell too much', () => {
    const measured = structures(20).map((network) => measuredOn(network, 0.02, (ms) => 1.3 * ms + 0.001));
    expect(worstOf(measured, 0.02)).toBeLessThan(0.03);
  });
});

it('refuses a network with a layer that was not measured', () => {
  const profile = { network: { name: 'other', hash: '' }, overheadMs: 0, kinds: [] };
  expect(() => predictMs(profile, resnet20)).toThrow(
    'the profile of "other" does not know the layer "conv1" of "resnet20" (Conv 3x3/1x1 32x32 to 32x32): profile this network',
  );
});

it('draws the whole network, the smallest one, and others of widths that engines run well', () => {
  const drawn = drawStructures(groups, 12, 0);
  expect(drawn[0]).toEqual(groups.map(({ width }) => width));
  expect(drawn[1]).toEqual(groups.map(({ width }) => (width >= 32 ? 8 : 4)));
  expect(drawStructures(groups, 12, 0)).toEqual(drawn);
  expect(drawStructures(groups, 12, 1)).not.toEqual(drawn);
  for (const [g, kept] of drawn.flatMap((widths) => [...widths.entries()])) {
    const { width } = groups[g] ?? { width: 0 };
    expect(kept === width || kept % (width >= 32 ? 8 : 4) === 0).toBe(true);
  }
});
