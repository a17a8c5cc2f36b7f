import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { beginWith, usualBaseline } from './begin.ts';

type Run = Parameters<typeof beginWith>[0][number];
const run = (
  id: string,
  allocation: string,
  share: number,
  value: number | null,
  more: Partial<Run> = {},
) => ({
  ...{ id, allocation, share, value, strategyKey: allocation, criterion: 'l1', networkHash: id, seed: 0 },
  ...{ modelId: 'm', datasetId: 'd', metric: 'MACS', judgedBy: TOP1, onFront: false },
  ...more,
});

it('shows few runs as they came', () => {
  expect(beginWith([run('b', 'uniform', 0.3, 0.8), run('a', 'cie', 0.5, 0.9)], 2)).toEqual(['b', 'a']);
});

it('of many takes one run of each strategy at the target where most of them meet, the best first', () => {
  const runs = [
    ...[0, 1, 2, 3].map((seed) => run(`u70${seed}`, 'uniform', 0.7, 0.1, { seed })),
    run('u50', 'uniform', 0.5, 0.6),
    run('u50again', 'uniform', 0.5, 0.6, { seed: 1, networkHash: 'u50' }),
    run('c50', 'cie', 0.5, 0.8, { seed: 1 }),
    run('c50first', 'cie', 0.5, 0.79),
    run('g50', 'global', 0.5, 0.7),
    run('lost', 'random', 0.5, null),
  ];
  const begun = beginWith(runs, 8);
  expect(begun).toEqual(['c50first', 'g50', 'u50']);
  expect(usualBaseline(runs.filter(({ id }) => begun.includes(id)))).toBe('u50');
});

it('of one strategy takes what no other run beats', () => {
  const runs = [0.1, 0.2, 0.3].map((share) =>
    run(`c${share}`, 'cie', share, 1 - share, { onFront: share < 0.3 }),
  );
  expect(beginWith(runs, 2)).toEqual(['c0.1', 'c0.2']);
});

it('measures against the plainest strategy that is there', () => {
  const [cie, random, global] = [
    run('c', 'cie', 0.5, 0.9),
    run('r', 'uniform', 0.5, 0.9, { criterion: 'random' }),
    run('g', 'global', 0.5, 0.9),
  ];
  expect(usualBaseline([cie, random, global])).toBe('g');
  expect(usualBaseline([cie, random])).toBe('c');
  expect(usualBaseline([])).toBe('');
});
