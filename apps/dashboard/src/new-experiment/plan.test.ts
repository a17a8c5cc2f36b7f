import { expect, it } from 'vitest';
import { USUAL_LIMITS } from '#src/settings/limits.ts';
import {
  countRuns,
  type ExperimentDraft,
  fieldsOf,
  nameOf,
  onceWords,
  problemOf,
  reachOf,
  readMilliseconds,
  readPair,
  readSeeds,
  readShares,
  recipeOf,
  runsProblem,
  sharesByHand,
  stepsOf,
  strategiesOf,
  targetsOf,
  USUAL_RUNS,
  withSharesByHand,
  withSteps,
} from './plan.ts';

const draft: ExperimentDraft = {
  ...{
    name: 'n',
    modelId: 'model_1',
    deviceProfileId: '',
    datasetId: 'data_1',
    qualityMetric: null,
    outputWeights: {},
    samples: 1000,
    sampleSeed: 0,
    grid: '0.1:0.9:0.1',
  },
  ...{ ...USUAL_RUNS, limits: USUAL_LIMITS, allowInexact: false },
  ...{
    epochs: 10,
    learningRate: 0.05,
    repair: null,
    recalibrate: 0,
    distils: false,
    temperature: 4,
    weight: 0.5,
  },
};
const allocations = [
  { name: 'cie', sharesSampling: true, rounds: null },
  { name: 'cie-iterative', sharesSampling: false, rounds: 3 },
  { name: 'uniform', sharesSampling: false, rounds: null },
];
const criteria = ['l1', 'fpgm', 'taylor', 'random'].map((name, i) => ({ name, drawsBySeed: i > 1 }));
const methods = { allocations, criteria };

it('counts every combination, and a sampling run once for each criterion that needs one', () => {
  const strategies = ['cie/l1', 'cie/fpgm', 'uniform/l1', 'uniform/random'];
  const runs = { ...USUAL_RUNS, strategies, shares: [0.3, 0.5], seeds: [0, 1, 2] };
  expect(countRuns(runs, methods, null)).toEqual({ runs: 24, samplings: 2, once: 0 });
  expect(countRuns({ ...runs, rounds: 2 }, methods, null)).toEqual({ runs: 24, samplings: 0, once: 0 });
});

it('takes one seed where nothing is drawn, and a sampling run for each seed that draws one', () => {
  const strategies = ['cie/l1', 'cie/taylor', 'uniform/random'];
  const runs = { ...USUAL_RUNS, strategies, shares: [0.3, 0.5], seeds: [0, 1, 2] };
  const drawn = [false, true, true];
  expect(countRuns(runs, methods, drawn)).toEqual({ runs: 2 + 6 + 6, samplings: 4, once: 1 });
  expect(countRuns({ ...runs, seeds: [4] }, methods, drawn)).toEqual({ runs: 6, samplings: 2, once: 0 });
  expect(onceWords(1)).toBe('One strategy draws nothing by its seed: it runs once for each target.');
});

it('has rounds, and training between them, for strategies that sample alone', () => {
  const strategies = ['cie/l1', 'cie-iterative/l1', 'uniform/l1', 'manual(/a/b=0.5)/l1'];
  const of = (part: Partial<ExperimentDraft>) =>
    strategiesOf({ ...draft, strategies, ...part }, allocations, { learningRate: 0.1, steps: 7, epochs: 10 });
  const plain = strategies.map(readPair);
  expect(of({})).toEqual(plain);
  const inRounds = { rounds: 3, recovery: { learningRate: 0.1, epochs: 0.5 } };
  expect(of({ rounds: 3, recovery: 0.5, recoveryUnit: 'epochs' })).toEqual(
    plain.map((strategy, i) => (i < 2 ? { ...strategy, ...inRounds } : strategy)),
  );
  expect(of({ recovery: 50 })[1]).toEqual({
    ...plain[1],
    recovery: { learningRate: 0.1, epochs: 10, steps: 50 },
  });
});

it('is fine-tuned for some epochs, and learns from the unpruned network where that is asked for', () => {
  expect(recipeOf(draft)).toEqual({ epochs: 10, learningRate: 0.05 });
  expect(recipeOf({ ...draft, distils: true })).toMatchObject({
    distillation: { temperature: 4, weight: 0.5 },
  });
  expect(recipeOf({ ...draft, epochs: 0, distils: true })).toBe(null);
});

it('is filled by a recipe with a name, and says which one its fields are', () => {
  const distillation = { temperature: 4, weight: 0.5 };
  const recipes = [
    { name: 'a', description: '', recipe: { epochs: 2, learningRate: 0.02, warmup: 0.1, distillation } },
    { name: 'b', description: '', recipe: { epochs: 9, learningRate: 0.1, distillation: null } },
  ] as const;
  const [first, second] = recipes.map(({ recipe }) => ({ ...draft, ...fieldsOf(recipe) }));
  if (!first || !second) throw new Error('there are two');
  expect(recipeOf(first)).toEqual(recipes[0].recipe);
  expect(recipeOf(second)).toEqual({ epochs: 9, learningRate: 0.1 });
  expect([draft, first, second].map((each) => nameOf(each, recipes))).toEqual([undefined, 'a', 'b']);
  expect(nameOf({ ...first, epochs: 3 }, recipes)).toBe(undefined);
  expect(nameOf({ ...first, ...fieldsOf(recipes[1].recipe) }, recipes)).toBe('b');
});

it('takes manual shares once, whatever the names of groups are', () => {
  expect(sharesByHand(withSharesByHand(['cie/l1'], '*/a=0.2', 'l1'))).toBe('*/a=0.2');
  expect(sharesByHand(['cie/l1'])).toBe('');
  const first = withSharesByHand(['cie/l1'], ' /a/b=0.5 ', 'l1:max');
  expect(first).toEqual(['cie/l1', 'manual(/a/b=0.5)/l1:max']);
  expect(first.map(readPair)[1]).toEqual({ allocation: 'manual(/a/b=0.5)', criterion: 'l1:max' });
  expect(withSharesByHand(first, '*=0.1', 'l1')).toEqual(['cie/l1', 'manual(*=0.1)/l1']);
  expect(withSharesByHand(first, '', 'l1')).toEqual(['cie/l1']);
  expect(countRuns({ ...draft, strategies: first, seeds: [0, 1] }, methods, null)).toEqual({
    ...{ runs: 4, samplings: 1, once: 0 },
  });
});

it('names the first thing that is missing', () => {
  expect(problemOf(draft, 0.9)).toBe(null);
  expect(problemOf({ ...draft, modelId: '' }, null)).toBe('Choose a model.');
  expect(problemOf({ ...draft, strategies: [] }, null)).toBe('Tick at least one strategy.');
  expect(problemOf({ ...draft, shares: [0.3, 1] }, null)).toBe('A share to remove lies between 0 and 100 %.');
  expect(problemOf({ ...draft, shares: [0.95] }, 0.9)).toBe(
    '95 % is out of reach: at most 90.0 % of the MACs can go.',
  );
});

it('reads lists as people write them', () => {
  expect(readSeeds('0, 1,2  2')).toEqual({ values: [0, 1, 2], wrong: null });
  expect(readShares('30 %, 50%; 12.5')).toEqual({ values: [0.3, 0.5, 0.125], wrong: null });
  expect(readShares('')).toEqual({ values: [], wrong: null });
});

it.each([
  [readSeeds('0, -1'), [0], 'Seeds are whole numbers from 0, not “-1”.'],
  [readSeeds('1.5'), [], 'Seeds are whole numbers from 0, not “1.5”.'],
  [readShares('30, abc'), [0.3], 'Shares are percentages such as 30, 50, not “abc”.'],
  [readMilliseconds('3ms 0'), [3], 'Times are milliseconds such as 2.5, 3, not “0”.'],
])('what is no number is said, not dropped: %o', (read, values, wrong) => {
  expect(read).toEqual({ values, wrong });
  expect(runsProblem({ ...USUAL_RUNS, unread: { seeds: read.wrong } }, null)).toBe(wrong);
});

it('asks for milliseconds of latency beside shares, and of nothing else', () => {
  const asked = { ...USUAL_RUNS, shares: [0.5], milliseconds: readMilliseconds('2.5 ms, 3').values };
  expect(targetsOf({ ...asked, metric: 'LATENCY' })).toEqual([
    { metric: 'LATENCY', share: 0.5 },
    { metric: 'LATENCY', ms: 2.5 },
    { metric: 'LATENCY', ms: 3 },
  ]);
  expect(targetsOf({ ...asked, metric: 'MACS' })).toEqual([{ metric: 'MACS', share: 0.5 }]);
  expect(runsProblem({ ...asked, metric: 'LATENCY', shares: [] }, null)).toBeNull();
});

it('knows the reach of what is counted, and not of time', () => {
  const reachable = { macs: 0.9, params: 0.8 };
  expect((['MACS', 'PARAMS', 'LATENCY'] as const).map((metric) => reachOf(reachable, metric))).toEqual([
    0.9,
    0.8,
    null,
  ]);
});

it('a recipe by steps says so in the form, and goes back to epochs', () => {
  const { rest } = fieldsOf({ epochs: 10, learningRate: 0.01, distillation: null, steps: 300, batch: 64 });
  expect(stepsOf(rest)).toBe(300);
  const by = { ...draft, epochs: 10, rest: withSteps(rest, 150) };
  expect(recipeOf(by)).toMatchObject({ steps: 150, batch: 64 });
  expect(stepsOf(withSteps(rest, 0))).toBe(null);
  expect(recipeOf({ ...by, rest: withSteps(rest, 0) })).not.toHaveProperty('steps');
  expect(stepsOf(undefined)).toBe(null);
});
