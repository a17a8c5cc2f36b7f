import { describe, expect, it } from 'vitest';
import type { Better } from './better.ts';
import { rankTable, spreadOf } from './rank-table.ts';
import type { SettingResult } from './setting-result.ts';

/** Accuracies of a setting by operating point, seeds 0, 1, ... */
const runs = (setting: string, points: Record<string, number[]>): SettingResult[] =>
  Object.entries(points).flatMap(([point, accuracies]) =>
    accuracies.map((value, seed) => ({ setting, point, seed, value })),
  );

describe('rankTable', () => {
  it('ranks by the mean over seeds, and shares ranks among equals', () => {
    const table = rankTable(
      [
        ...runs('uniform', { '30 %': [0.8, 0.9], '50 %': [0.7, 0.7] }),
        ...runs('cie', { '30 %': [0.875, 0.875], '50 %': [0.75, 0.75] }),
        ...runs('global', { '30 %': [0.85], '50 %': [0.8] }),
      ],
      'higher',
    );
    expect(table.points).toEqual(['30 %', '50 %']);
    expect(table.shared).toEqual([true, true]);
    // 30 %: cie 0.875, uniform and global 0.85 share 2 and 3. 50 %: global, cie, uniform.
    expect(table.settings.map(({ setting, meanRank }) => [setting, meanRank])).toEqual([
      ['cie', 1.5],
      ['global', 1.75],
      ['uniform', 2.75],
    ]);
    const [cie, global, uniform] = table.settings;
    expect(uniform?.points[0]).toMatchObject({ rank: 2.5, n: 2 });
    expect(uniform?.points[0]?.mean).toBeCloseTo(0.85, 12);
    // Seeds 0.75 and 0.8 on average over the two points: deviation 0.05 / sqrt(2).
    expect(uniform?.overall).toMatchObject({ n: 2 });
    expect(uniform?.overall?.mean).toBeCloseTo(0.775, 12);
    expect(uniform?.overall?.deviation).toBeCloseTo(0.05 / Math.SQRT2, 12);
    expect(cie?.overall?.deviation).toBe(0);
    expect(global?.overall?.deviation).toBeNull();
  });

  it('counts only operating points that all settings have', () => {
    const table = rankTable(
      [...runs('a', { p: [0.9], q: [0.9], r: [0.9] }), ...runs('b', { p: [0.95] })],
      'higher',
    );
    expect(table.shared).toEqual([true, false, false]);
    expect(table.settings.map(({ setting, meanRank }) => [setting, meanRank])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(table.settings[0]?.points).toEqual([{ mean: 0.95, deviation: null, n: 1, rank: 1 }, null, null]);
  });

  it('has no mean rank where settings meet nowhere', () => {
    const table = rankTable([...runs('a', { p: [0.9] }), ...runs('b', { q: [0.8] })], 'higher');
    expect(table.settings.map(({ meanRank, overall }) => [meanRank, overall])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(rankTable([], 'higher')).toEqual({ points: [], shared: [], apart: [], settings: [] });
  });

  it('puts the smallest error first where less is better', () => {
    const errors = [...runs('a', { p: [0.3], q: [0.2] }), ...runs('b', { p: [0.1], q: [0.2] })];
    const order = (better: Better) => rankTable(errors, better).settings.map(({ setting }) => setting);
    expect([order('lower'), order('higher')]).toEqual([
      ['b', 'a'],
      ['a', 'b'],
    ]);
    expect(rankTable(errors, 'lower').settings[0]?.points.map((at) => at?.rank)).toEqual([1, 1.5]);
  });

  it('takes the same run once more for no further seed', () => {
    const [row] = rankTable([...runs('a', { p: [0.9] }), ...runs('a', { p: [0.7] })], 'higher').settings;
    expect(row?.points).toEqual([{ mean: 0.9, deviation: null, n: 1, rank: 1 }]);
  });

  it('takes the same network once, whatever seeds it has, and one that draws nothing for all seeds', () => {
    const of = (setting: string, point: string, seed: number, value: number, network: string) => {
      return { setting, point, seed, value, network, drawsNothing: setting === 'uniform' };
    };
    const table = rankTable(
      [
        ...[of('cie', 'p', 0, 0.9, 'a'), of('cie', 'p', 1, 0.9, 'a'), of('cie', 'p', 2, 0.8, 'b')],
        ...[of('cie', 'q', 0, 0.7, 'c'), of('cie', 'q', 1, 0.7, 'c'), of('cie', 'q', 2, 0.6, 'd')],
        ...[of('uniform', 'p', 0, 0.6, 'e'), of('uniform', 'q', 0, 0.5, 'f')],
      ],
      'higher',
    );
    const [cie, uniform] = table.settings;
    expect(cie?.points[0]).toMatchObject({ n: 2, mean: expect.closeTo(0.85) });
    expect(cie?.overall).toMatchObject({ n: 2, mean: expect.closeTo(0.75) });
    expect(uniform?.points[0]).toEqual({ n: 1, mean: 0.6, deviation: null, rank: 2 });
    expect(uniform?.overall).toMatchObject({ n: 1, mean: expect.closeTo(0.55), deviation: null });
  });

  it('ranks nothing where savings lie apart', () => {
    const saving = (rows: SettingResult[], saved: number) => rows.map((row) => ({ ...row, saved }));
    const gentle = runs('cie', { p: [0.9] });
    const [near, far] = [
      saving(runs('uniform', { p: [0.8] }), 0.07),
      saving(runs('uniform', { p: [0.8] }), 0.12),
    ];
    expect(rankTable([...saving(gentle, 0.05), ...near], 'higher')).toMatchObject({
      apart: [null],
      settings: [{ meanRank: 1 }, { meanRank: 2 }],
    });
    expect(rankTable([...saving(gentle, 0.051), ...far], 'higher')).toMatchObject({
      apart: [expect.closeTo(0.069)],
      settings: [
        { setting: 'cie', meanRank: null, overall: null, points: [{ mean: 0.9, rank: null }] },
        { setting: 'uniform', meanRank: null, overall: null, points: [{ mean: 0.8, rank: null }] },
      ],
    });
  });

  it('leaves a seed that lacks a point out of the mean over all points, not out of its own point', () => {
    const [row] = rankTable(runs('a', { p: [0.9, 0.8], q: [0.7] }), 'higher').settings;
    expect(row?.overall).toMatchObject({ n: 1, deviation: null });
    expect(row?.overall?.mean).toBeCloseTo(0.8, 12);
    expect(row?.points[0]?.n).toBe(2);
  });
});

it('spreadOf divides by n - 1', () => {
  // statistics.stdev([2, 4, 4, 4, 5, 5, 7, 9]) of Python.
  expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])?.deviation).toBeCloseTo(2.138089935299395, 14);
  expect(spreadOf([])).toBeNull();
});
