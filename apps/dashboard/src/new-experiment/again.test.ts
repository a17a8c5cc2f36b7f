import { expect, it } from 'vitest';
import { USUAL_LIMITS } from '#src/settings/limits.ts';
import { draftOfExperiment, draftOfRuns, fineTuned } from './again.ts';

type Conditions = Parameters<typeof draftOfExperiment>[0];
type Asked = Parameters<typeof draftOfRuns>[0][number];

const experiment: Conditions = {
  ...{ name: 'Half', samples: 500, grid: [0.25, 0.5], seed: 3, repair: null, recalibrate: null },
  ...{ allowInexact: false, limits: { ...USUAL_LIMITS, align: 8 }, recipe: null },
  ...{ qualityMetric: { name: 'TOP1' }, outputWeights: [{ output: 'logits', weight: 3 }] },
  ...{ model: { id: 'model_1' }, dataset: { id: 'data_1' }, deviceProfile: null },
};
const run = (part: Partial<Asked> = {}): Asked => ({
  ...{ allocation: 'cie', criterion: 'l1', metric: 'MACS', share: 0.5, targetMs: null, seed: 0 },
  ...{ rounds: null, recovery: null },
  ...part,
});

it('begins as the experiment was: also its sample, its limits, and that it was neither repaired nor trained', () => {
  expect(draftOfExperiment(experiment)).toEqual({
    ...{ name: 'Half (copy)', modelId: 'model_1', datasetId: 'data_1', deviceProfileId: '' },
    ...{ samples: 500, sampleSeed: 3, grid: '0.25,0.5', allowInexact: false, limits: experiment.limits },
    ...{ qualityMetric: 'TOP1', outputWeights: { logits: 3 }, repair: 0, recalibrate: 0, epochs: 0 },
  });
});

it('takes every strategy, target and seed of its runs once, in order', () => {
  const runs = [
    run({ share: 0.5, seed: 1 }),
    run({ share: 0.3 }),
    run({ allocation: 'uniform' }),
    run({ metric: 'PARAMS', share: 0.9 }),
    run({ rounds: 3, recovery: { epochs: 0.1, steps: 150 } }),
  ];
  expect(draftOfRuns(runs)).toEqual({
    ...{ strategies: ['cie/l1', 'uniform/l1'], metric: 'MACS', shares: [0.3, 0.5], milliseconds: [] },
    ...{ seeds: [0, 1], rounds: 3, recovery: 150, recoveryUnit: 'steps' },
  });
  expect(draftOfRuns([run({ metric: 'LATENCY', targetMs: 2.5 })])).toMatchObject({
    ...{ metric: 'LATENCY', shares: [], milliseconds: [2.5] },
  });
  expect(draftOfRuns([])).toEqual({});
});

it('leaves the training of the fine-tuned one to what is usual', () => {
  const draft = fineTuned(run({ seed: 7 }), experiment);
  expect(draft).toMatchObject({ name: 'Half, fine-tuned', strategies: ['cie/l1'], seeds: [7], repair: 0 });
  expect(draft).not.toHaveProperty('epochs');
});
