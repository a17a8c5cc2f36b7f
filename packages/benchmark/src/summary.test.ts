import { packFlags } from '@espalier/engines';
import { describe, expect, it } from 'vitest';
import { curvesSvg } from './curves.ts';
import { itemName, itemsOf } from './items.ts';
import { markdown } from './markdown.ts';
import type { ItemResult } from './result.ts';
import { parseBenchmark } from './spec.ts';
import { summarise } from './summary.ts';

const benchmark = parseBenchmark({
  name: 'mine',
  dataset: 'cifar10',
  models: [{ name: 'net', file: 'net.onnx' }],
  sections: [
    {
      title: 'As cut',
      repair: 0,
      strategies: ['cie:l1', 'uniform:l1'],
      targets: ['macs=0.25', 'macs=0.5'],
      seeds: [0, 1],
      samples: 100,
      disjointSamples: true,
    },
  ],
});

const IMAGES = 100;

/** The first `right` of 100 images are right. */
function tested(right: number) {
  const hits = Buffer.from(packFlags(Uint8Array.from({ length: IMAGES }, (_, i) => Number(i < right))));
  return { top1: right / IMAGES, top5: null, loss: 1, n: IMAGES, hits: hits.toString('base64') };
}

function result(right: number, saved: number): ItemResult {
  return {
    ...{ params: 50, macs: 100 * (1 - saved), saved: { macs: saved, params: 0.5 } },
    ...{
      structure: [],
      pruned: tested(right),
      repaired: null,
      after: tested(right),
      engine: 'e',
      seconds: {},
    },
  };
}

/** cie: 80 and 70 right of 100 at a quarter, 60 and 62 at a half; uniform: 70 and 30. */
const RIGHT: Readonly<Record<string, readonly [right: number, saved: number]>> = {
  'cie:l1 macs=0.25 0': [80, 0.25],
  'cie:l1 macs=0.25 100': [70, 0.25],
  'cie:l1 macs=0.5 0': [60, 0.5],
  'cie:l1 macs=0.5 100': [62, 0.5],
  'uniform:l1 macs=0.25 -': [70, 0.25],
  'uniform:l1 macs=0.5 -': [30, 0.5],
};

const items = new Map(
  itemsOf(benchmark).map((item) => {
    const { strategy, target, sampling } = item;
    const key = `${strategy.allocation}:${strategy.criterion} ${target.metric}=${target.share} ${sampling?.skip ?? '-'}`;
    const [right = 0, saved = 0] = RIGHT[key] ?? [];
    return [itemName(item), result(right, saved)];
  }),
);
const bases = new Map([['net', { ...tested(90), params: 100, macs: 100 }]]);

describe('the summary of a section', () => {
  const [summary] = summarise(benchmark, { bases, items });
  if (!summary) throw new Error('there is a section');
  const [cie, uniform] = summary.rows;

  it('has means and deviations over replicates, and none where chance plays no part', () => {
    expect(cie?.cells[0]?.top1).toMatchObject({ mean: 0.75, n: 2 });
    expect(cie?.cells[0]?.top1.deviation).toBeCloseTo(Math.SQRT1_2 / 10, 10);
    expect(uniform?.cells[1]?.top1).toEqual({ mean: 0.3, deviation: null, n: 1 });
    expect(uniform?.cells[1]?.saved).toEqual({ macs: 0.5, params: 0.5 });
    expect(summary.missing).toBe(0);
  });

  it('has the mean accuracy under the curve, by hand', () => {
    // cie: 90 to 75 over the first quarter, 75 to 61 over the second.
    expect(cie?.meanAccuracy).toBeCloseTo((0.825 + 0.68) / 2, 10);
    expect(uniform?.meanAccuracy).toBeCloseTo((0.8 + 0.5) / 2, 10);
    expect([cie?.meanRank, uniform?.meanRank]).toEqual([1, 2]);
  });

  it('holds the first strategy against the others, replicate by replicate', () => {
    // The right images of the worse are among those of the better: 10 of 10 flips are one way (p = 0.002), none in
    // the second replicate (p = 1); 30 and 32 at a half.
    expect(summary.duels).toHaveLength(1);
    expect(summary.duels[0]?.cells).toMatchObject([
      { wins: 1, ties: 1, losses: 0, difference: { mean: expect.closeTo(0.05, 10), n: 2 } },
      { wins: 2, ties: 0, losses: 0, difference: { mean: expect.closeTo(0.31, 10), n: 2 } },
    ]);
  });

  it('is a page and a picture', () => {
    const page = markdown(benchmark, [summary], new Map([[summary, 'net.svg']]));
    expect(page).toContain('| cie:l1 | 75.00 ± 7.07 % | 61.00 ± 1.41 % | 75.25 % | 1.0 |');
    expect(page).toContain('| uniform:l1 | 70.00 % | 30.00 % | 65.00 % | 2.0 |');
    expect(page).toContain('(net.svg)');
    expect(page).not.toContain('missing');
    const svg = curvesSvg(summary);
    expect(svg?.match(/<circle/g)).toHaveLength(4);
    expect(svg).toContain('net: As cut');
  });
});

it('a summary of half of the results says what is missing', () => {
  const some = new Map([...items].filter(([name]) => !name.includes('uniform')));
  const [summary] = summarise(benchmark, { bases: new Map(), items: some });
  expect(summary?.missing).toBe(2);
  expect(summary?.rows[1]?.cells).toEqual([null, null]);
  expect(summary?.duels).toEqual([]);
  expect(markdown(benchmark, summary ? [summary] : [])).toContain('Not finished: 2 results are missing');
});
