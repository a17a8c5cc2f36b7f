import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { chosenRuns } from './chosen.ts';
import type { CompressionBest, CompressionRow } from './compression-query.ts';

const costs = { params: 1, macs: 1, bytes: 1, latency: 1, throughput: 1, predicted: 1 };
const best = (id: string): CompressionBest => ({
  run: { id, origin: 'ESPALIER', source: null, result: { evidence: null } },
  ...{ name: id, allocation: 'cie', device: null },
  ...{ latencyInterval: null, throughputInterval: null, measured: null },
  ...{ baseValue: 0.9, value: 0.9, drop: 0, before: costs, after: costs, ratio: costs },
});
const row = (model: string, runs: readonly (string | null)[]): CompressionRow => ({
  ...{
    model: { id: model, name: model },
    dataset: { id: 'd', name: 'd' },
    qualityMetric: TOP1,
    outputWeights: null,
    recipe: null,
    recalibrate: null,
    repair: 0,
    profiledDevice: null,
  },
  ...{
    images: 100,
    networks: 9,
    evaluators: [],
    reservation: null,
    best: runs.map((id) => id && best(id)) as CompressionRow['best'],
  },
});

it('names each run once, with all budgets that it is the best of', () => {
  const rows = [row('a', [null, 'r1', 'r1', 'r2']), row('b', ['r3', 'r3', 'r3', 'r3']), row('c', [null])];
  const chosen = chosenRuns(rows, [0.005, 0.01, 0.02, 0.05]);
  expect(chosen.map(({ row: { model }, best: { run }, budgets }) => [model.id, run.id, budgets])).toEqual([
    ['a', 'r1', [0.01, 0.02]],
    ['a', 'r2', [0.05]],
    ['b', 'r3', [0.005, 0.01, 0.02, 0.05]],
  ]);
});
