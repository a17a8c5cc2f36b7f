import { DECODING_VERSION } from '@espalier/datasets';
import { InputError, MisfitError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { samplingRunSchema } from '@espalier/pruning';
import { describe, expect, it } from 'vitest';
import { samplingRun } from '../../cli/test/sampling-run.ts';
import { tinyMetadata, tinyResNet } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { checkPlan, type PlanData, unrankedAnalysis } from './check.ts';
import { type PlanInput, parsePlan } from './plan.ts';

const network: Network = { ...tinyResNet(), metadata: tinyMetadata() };
const data: PlanData = {
  ...{ name: 'pictures', hash: 'images', classes: [...'0123456789'], image: null },
  splits: { train: { n: 200 }, search: { n: 50 }, test: { n: 50 } },
};
const SAMPLING = { samples: 50, grid: [0.25, 0.5, 0.75] };
const PLAN: PlanInput = {
  model: { file: 'tiny.onnx' },
  data: { spec: 'pictures' },
  target: { metric: 'macs', share: 0.5 },
  sampling: SAMPLING,
};
const OUT_OF_REACH =
  /^target macs=\S+ cannot be reached: the largest reachable saving is 0\.\d{4} of the macs; lower/;

function check(changes: object, on = network, images: PlanData = data) {
  const plan = parsePlan({ ...PLAN, ...changes });
  return checkPlan(plan, { network: on, analysis: unrankedAnalysis(on, false), data: plan.data && images });
}

/** What is refused, and how. */
function refusal(changes: object, on = network, images = data): { field: string | undefined; says: string } {
  try {
    check(changes, on, images);
  } catch (error) {
    if (error instanceof InputError) {
      const { field, others, message } = error;
      return { field: field && [field, ...others].join(', '), says: message };
    }
    throw error;
  }
  throw new Error(`it is not refused: ${JSON.stringify(changes)}`);
}

it('a plan that can be carried out is not refused, and says what it removes', () => {
  expect(check({})).toEqual({ metric: 'macs', share: 0.5 });
  const recipe = { epochs: 1, distillation: {} };
  const all = { rounds: 2, recovery: recipe, recalibrate: 200, recipe, teacher: 't.onnx', seed: 7 };
  expect(
    check({
      ...all,
      limits: { align: 2, minWidth: 2, maxRatio: 0.8, keep: ['conv2'] },
      target: { metric: 'params', share: 0.1 },
    }),
  ).toEqual({ metric: 'params', share: 0.1 });
  // Manual shares say it themselves.
  const { metric, share } = check({ allocation: 'manual(conv2=0.25)', target: null, data: null });
  expect([metric, share > 0 && share < 0.5]).toEqual(['macs', true]);
  // An allocation that uses nothing needs no images.
  expect(check({ allocation: 'uniform', data: null }).share).toBe(0.5);
});

const WHOLE = 'give a whole number from 1 to 1,000,000, not';

it.each<[string, object, string | undefined, string | RegExp]>([
  // Numbers.
  ['no recalibration', { recalibrate: 0 }, 'recalibrate', `recalibrate: ${WHOLE} 0`],
  ['a negative recalibration', { recalibrate: -5 }, 'recalibrate', `recalibrate: ${WHOLE} -5`],
  ['half an image', { recalibrate: 1.5 }, 'recalibrate', `recalibrate: ${WHOLE} 1.5`],
  ['years of recalibration', { recalibrate: 1e9 }, 'recalibrate', `recalibrate: ${WHOLE} 1000000000`],
  [
    'years of steps',
    { recipe: { steps: 1e6, batch: 65_536 } },
    'recipe.steps',
    'training on 65,536 million images: at most 1,000 million; give fewer steps',
  ],
  [
    'years of training between rounds',
    { rounds: 100, recovery: { steps: 1e6, batch: 128 } },
    'recovery.steps',
    'training on 12,800 million images: at most 1,000 million; give fewer steps',
  ],
  [
    'more recalibration than there are images',
    { recalibrate: 201 },
    'recalibrate',
    'recalibration on 201 images: the training split of pictures has only 200 images',
  ],
  [
    'all removed',
    { target: { metric: 'macs', share: 1 } },
    'target.share',
    'target.share: give a number above 0 and below 1, not 1',
  ],
  [
    'another metric',
    { target: { metric: 'flops', share: 0.5 } },
    'target.metric',
    'target.metric: give one of macs, params, latency, not "flops"',
  ],
  ['no target', { target: null }, 'target', 'allocation cie needs a target, such as half of the MACs'],
  ['rounds of none', { rounds: 0 }, 'rounds', 'rounds: give a whole number from 1 to 100, not 0'],
  // Recipes.
  ['no epochs', { recipe: { epochs: 0 } }, 'recipe.epochs', 'recipe.epochs: give a number above 0, not 0'],
  [
    'many epochs',
    { recipe: { epochs: 1e9 } },
    'recipe.epochs',
    'recipe.epochs: give a number up to 10,000, not 1000000000',
  ],
  [
    'half an image a batch',
    { recipe: { batch: 1.5 } },
    'recipe.batch',
    'recipe.batch: give a whole number, not 1.5',
  ],
  [
    'a negative rate',
    { rounds: 2, recovery: { learningRate: -1 } },
    'recovery.learningRate',
    'recovery.learningRate: give a number above 0, not -1',
  ],
  [
    'an unknown optimiser',
    { recipe: { optimiser: { kind: 'lion' } } },
    'recipe.optimiser.kind',
    'recipe.optimiser.kind: give sgd or adam',
  ],
  ['a slip in a name', { recipe: { epoch: 3 } }, 'recipe', 'recipe: there is no "epoch"'],
  [
    'a text for a number',
    { recipe: { epochs: 'many' } },
    'recipe.epochs',
    'recipe.epochs: give a number, not "many"',
  ],
  [
    'nothing for a text',
    { model: { file: '' } },
    'model.file',
    'model.file: give a text that is not empty, not ""',
  ],
  [
    'two mistakes',
    { recalibrate: 0, rounds: 0 },
    'rounds',
    `rounds: give a whole number from 1 to 100, not 0; recalibrate: ${WHOLE} 0`,
  ],
  // Names.
  [
    'an unknown allocation',
    { allocation: 'best' },
    'allocation',
    /^there is no allocation "best"; the allocations are cie, /,
  ],
  [
    'an unknown criterion',
    { criterion: 'l3' },
    'criterion',
    /^there is no criterion "l3"; the criteria are l1, /,
  ],
  [
    'an unknown reduction',
    { criterion: 'l1:median' },
    'criterion',
    /^there is no reduction "median"; give the criterion as l1:sum, /,
  ],
  [
    'an unknown group to keep',
    { limits: { keep: ['conv9'] } },
    'limits.keep',
    'there is no prunable group "conv9"; there are conv1, conv2',
  ],
  [
    'a group that cannot be pruned, to keep',
    { limits: { keep: ['head'] } },
    'limits.keep',
    'there is no prunable group "head"; there are conv1, conv2',
  ],
  [
    'an unknown group by hand',
    { allocation: 'manual(conv9=0.5)' },
    'allocation',
    'manual: "conv9" matches no prunable group of this network; there are conv1, conv2',
  ],
  [
    'shares above one by hand',
    { allocation: 'manual(conv1=2)' },
    'allocation',
    '"conv1=2" in manual(GROUP=SHARE;...): give a group and a ratio from 0 to below 1',
  ],
  // The sample.
  [
    'more samples than there are images',
    { sampling: { samples: 51 } },
    'sampling.samples',
    'sampling on 51 images: the search split of pictures has only 50 images',
  ],
  [
    'samples behind the last image',
    { sampling: { samples: 10, skip: 100 } },
    'sampling.samples',
    'sampling on 10 images after the first 100: the search split of pictures has only 50 images',
  ],
  [
    'nothing left behind what is skipped',
    { sampling: { samples: null, skip: 100 } },
    'sampling.skip',
    'sampling on 1 images after the first 100: the search split of pictures has only 50 images',
  ],
  [
    'half a block to skip',
    { sampling: { skip: 7 } },
    'sampling.skip',
    'sampling.skip: give a multiple of 100, not 7',
  ],
  ['an empty grid', { sampling: { grid: [] } }, 'sampling.grid', 'sampling.grid: give at least one share'],
  [
    'a grid in disorder',
    { sampling: { grid: [0.5, 0.25] } },
    'sampling.grid',
    'sampling.grid: give the shares in ascending order',
  ],
  [
    'a grid with everything',
    { sampling: { grid: [0.5, 1] } },
    'sampling.grid.1',
    'sampling.grid.1: give a number above 0 and below 1, not 1',
  ],
])('%s is refused, by the field and in plain words', (_, changes, field, says) => {
  expect(refusal(changes)).toEqual({
    field,
    says: typeof says === 'string' ? says : expect.stringMatching(says),
  });
});

describe('a target out of reach', () => {
  it.each<[string, object, string, string | undefined]>([
    ['by its own', { target: { metric: 'macs', share: 0.99 } }, 'target', undefined],
    [
      'the usual alignment',
      { target: { metric: 'macs', share: 0.8 } },
      'limits.align',
      'widths in the usual multiples prevent it: --align 1 allows any width',
    ],
    ['alignment', { limits: { align: 7 } }, 'limits.align', 'widths in multiples of 7 prevent it'],
    [
      'an alignment above all widths',
      { limits: { align: 16 } },
      'limits.align',
      'widths in multiples of 16 prevent it',
    ],
    ['the minimum width', { limits: { minWidth: 7 } }, 'limits.minWidth', 'a minimum width of 7 prevents it'],
    [
      'the groups to keep',
      { limits: { keep: ['conv2', 'conv1'] } },
      'limits.keep',
      'keeping conv1, conv2 whole prevents it',
    ],
    [
      'the largest ratio',
      { limits: { maxRatio: 0.25 } },
      'limits.maxRatio',
      'removing at most 0.25 of a group prevents it',
    ],
    [
      'the minimum width among other limits',
      { limits: { minWidth: 7, align: 1, keep: ['conv1'] } },
      'limits.minWidth',
      'a minimum width of 7 prevents it',
    ],
    [
      'the grid',
      { sampling: { ...SAMPLING, grid: [0.13] } },
      'sampling.grid',
      'sampling at most 0.13 of a group prevents it',
    ],
    // Each of them alone would be enough.
    [
      'alignment and the minimum width',
      { limits: { align: 7, minWidth: 7 } },
      'limits.align, limits.minWidth',
      'widths in multiples of 7 and a minimum width of 7 prevent it',
    ],
    [
      'alignment and the groups to keep',
      { limits: { align: 7, keep: ['conv1', 'conv2'] } },
      'limits.align, limits.keep',
      'widths in multiples of 7 and keeping conv1, conv2 whole prevent it',
    ],
    [
      'alignment and the largest ratio',
      { limits: { align: 7, maxRatio: 0.25 } },
      'limits.align, limits.maxRatio',
      'widths in multiples of 7 and removing at most 0.25 of a group prevent it',
    ],
    [
      'alignment and the grid',
      { limits: { align: 7 }, sampling: { ...SAMPLING, grid: [0.13] } },
      'limits.align, sampling.grid',
      'widths in multiples of 7 and sampling at most 0.13 of a group prevent it',
    ],
    [
      'the minimum width and the groups to keep',
      { limits: { minWidth: 7, keep: ['conv1', 'conv2'] } },
      'limits.minWidth, limits.keep',
      'a minimum width of 7 and keeping conv1, conv2 whole prevent it',
    ],
    [
      'the minimum width and the largest ratio',
      { limits: { minWidth: 7, maxRatio: 0.25 } },
      'limits.minWidth, limits.maxRatio',
      'a minimum width of 7 and removing at most 0.25 of a group prevent it',
    ],
    [
      'the groups to keep and the largest ratio',
      { limits: { maxRatio: 0.25, keep: ['conv1', 'conv2'] } },
      'limits.keep, limits.maxRatio',
      'keeping conv1, conv2 whole and removing at most 0.25 of a group prevent it',
    ],
    [
      'the minimum width and the grid',
      { limits: { minWidth: 7 }, sampling: { ...SAMPLING, grid: [0.13] } },
      'limits.minWidth, sampling.grid',
      'a minimum width of 7 and sampling at most 0.13 of a group prevent it',
    ],
    [
      'the groups to keep and the grid',
      { limits: { keep: ['conv1', 'conv2'] }, sampling: { ...SAMPLING, grid: [0.13] } },
      'limits.keep, sampling.grid',
      'keeping conv1, conv2 whole and sampling at most 0.13 of a group prevent it',
    ],
    [
      'the largest ratio and the grid',
      { limits: { maxRatio: 0.25 }, sampling: { ...SAMPLING, grid: [0.13] } },
      'limits.maxRatio, sampling.grid',
      'removing at most 0.25 of a group and sampling at most 0.13 of a group prevent it',
    ],
    [
      'all limits',
      { limits: { align: 7, minWidth: 7, maxRatio: 0.25, keep: ['conv1', 'conv2'] } },
      'limits.align, limits.minWidth, limits.keep, limits.maxRatio',
      'widths in multiples of 7, a minimum width of 7, keeping conv1, conv2 whole and removing at most 0.25 of a group prevent it',
    ],
  ])('for %s says so', (_, changes, field, culprit) => {
    const { field: named, says } = refusal(changes);
    expect(named).toBe(field);
    expect(says).toMatch(OUT_OF_REACH);
    const [, , blamed] = says.split('; ');
    expect(blamed).toBe(culprit);
  });

  it('is none for allocations that go by no samples, whatever the grid', () => {
    const sampling = { ...SAMPLING, grid: [0.13] };
    expect(check({ allocation: 'uniform', sampling }).share).toBe(0.5);
    expect(refusal({ allocation: 'uniform', limits: { align: 7 } }).field).toBe('limits.align');
  });
});

/** Settings that do not go together, whatever the network: a command calls that misuse. */
it.each<[string, object, string, string]>([
  [
    'another seed than the sampling’s, at random',
    { criterion: 'random', seed: 1 },
    'seed',
    'the sampling ranks units randomly with seed 0: give seed 0, not 1',
  ],
  [
    'rounds without samples',
    { allocation: 'uniform', rounds: 2 },
    'rounds',
    'allocation uniform needs no samples, and rounds sample again: give cie',
  ],
  [
    'rounds by hand',
    { allocation: 'manual(conv1=0.5)', rounds: 2 },
    'rounds',
    'allocation manual(conv1=0.5) needs no samples, and rounds sample again: give cie',
  ],
  [
    'recovery without rounds',
    { recovery: { epochs: 1 } },
    'recovery',
    'recovery trains between rounds: give two rounds or more, or a recipe for the training after the cut',
  ],
  [
    'recovery in one round',
    { rounds: 1, recovery: { epochs: 1 } },
    'recovery',
    'recovery trains between rounds: give two rounds or more, or a recipe for the training after the cut',
  ],
  [
    'a teacher and no recipe',
    { teacher: 't.onnx' },
    'teacher',
    'only a recipe with distillation uses a teacher: add distillation to the recipe, or leave the teacher out',
  ],
  [
    'a teacher and a recipe that does not distil',
    { teacher: 't.onnx', recipe: {} },
    'teacher',
    'only a recipe with distillation uses a teacher: add distillation to the recipe, or leave the teacher out',
  ],
  [
    'samples without images',
    { data: null },
    'dataset',
    'allocation cie needs samples: give a data set, or a sweep',
  ],
  [
    'rounds without images',
    { data: null, rounds: 2 },
    'dataset',
    'rounds make their own samples: give a data set',
  ],
  [
    'an allocation in rounds without images',
    { data: null, allocation: 'cie-iterative' },
    'dataset',
    'allocation cie-iterative makes its own samples: give a data set',
  ],
  [
    'a criterion without its images',
    { data: null, allocation: 'uniform', criterion: 'taylor' },
    'dataset',
    'criterion taylor needs training images: give a data set',
  ],
  [
    'recalibration without images',
    { data: null, allocation: 'uniform', recalibrate: 5 },
    'dataset',
    'recalibration needs training images: give a data set',
  ],
  [
    'fine-tuning without images',
    { data: null, allocation: 'uniform', recipe: {} },
    'dataset',
    'fine-tuning needs training images: give a data set',
  ],
])('%s is a misfit', (_, changes, field, says) => {
  expect(() => check(changes)).toThrow(MisfitError);
  expect(refusal(changes)).toEqual({ field, says });
});

it('the seed of a run is its own where nothing is drawn for a sampling that others share', () => {
  for (const changes of [
    { criterion: 'l1', seed: 1 },
    { criterion: 'random', allocation: 'uniform', seed: 1 },
    { criterion: 'random', rounds: 2, seed: 1 },
  ]) {
    expect(check(changes).share).toBe(0.5);
  }
});

it('a network without BatchNorm has none to recalibrate', () => {
  const b = new NetworkBuilder('plain', 1);
  const plain = { ...b.build(b.head(b.relu(b.conv(b.input([3, 6, 6]), 8)), 10)), metadata: tinyMetadata() };
  expect(refusal({ recalibrate: 10 }, plain)).toEqual({
    field: 'recalibrate',
    says: 'network "plain" has no BatchNorm to recalibrate (it may be folded into the convolutions)',
  });
  expect(check({}, plain).share).toBe(0.5);
});

it('a sweep of images that other rules decoded is to be sampled again', () => {
  const sweep = (decoding?: number) => {
    const { dataset, ...rest } = samplingRun();
    const { decoding: _, ...before } = dataset;
    return samplingRunSchema.parse({ ...rest, dataset: { ...before, ...(decoding ? { decoding } : {}) } });
  };
  const plan = parsePlan({ ...PLAN, data: null });
  const subject = { network, analysis: unrankedAnalysis(network, false), data: null };
  // What does not say so is of the first version.
  for (const decoding of [undefined, 1, DECODING_VERSION + 1]) {
    const found = sweep(decoding).dataset.decoding;
    expect(found).toBe(decoding ?? 1);
    expect(() => checkPlan(plan, { ...subject, sweep: sweep(decoding) })).toThrow(
      `decoded by other rules (version ${found}, here ${DECODING_VERSION}), so their pixels differ: sample again`,
    );
  }
  expect(() => checkPlan(plan, { ...subject, sweep: sweep(DECODING_VERSION) })).not.toThrow('decoded');
});

it('images that do not fit the network are refused, without its weights', () => {
  const constants = new Map(
    [...network.constants].map(([name, { dims }]) => [name, { dims, data: new Float32Array(0) }]),
  );
  const hollow = { ...network, constants };
  const plan = parsePlan(PLAN);
  const subject = (images: PlanData) => ({
    ...{ network: hollow, analysis: unrankedAnalysis(network, false), data: images },
  });
  expect(checkPlan(plan, subject(data)).share).toBe(0.5);
  const two = { ...data, classes: ['cat', 'dog'] };
  expect(() => checkPlan(plan, subject(two))).toThrow(
    'network "tiny-resnet" has 10 classes, pictures has 2: give a data set with the network\'s classes',
  );
  expect(refusal({}, network, two).field).toBe('dataset');
});

it('work is refused that takes years by numbers which are each all right', () => {
  const imagenet: PlanData = {
    ...data,
    splits: { train: { n: 1_281_167 }, search: { n: 1_000_000 }, test: { n: 50 } },
  };
  expect(check({ recipe: { epochs: 600 } }, network, imagenet).share).toBe(0.5);
  expect(refusal({ recipe: { epochs: 1000 } }, network, imagenet)).toEqual({
    field: 'recipe.epochs',
    says: 'training on 1,281 million images: at most 1,000 million; give fewer epochs',
  });
  const grid = Array.from({ length: 900 }, (_, i) => (i + 1) / 1000);
  const { field, says } = refusal({ sampling: { samples: 1_000_000, grid } }, network, imagenet);
  expect(field).toBe('sampling.samples');
  expect(says).toMatch(
    /^sampling \d+ groups at 900 ratios on 1000000 images is [\d,]+ million images: at most/,
  );
});

it('a network that no ONNX file holds is refused before anything is computed', () => {
  const [name = '', ...others] = network.constants.keys();
  const constants = new Map(network.constants);
  // Of such extents; their values are not looked at.
  constants.set(name, { dims: [3, 2 ** 28], data: new Float32Array(0) });
  const analysis = unrankedAnalysis(network, false);
  const check = (changes: object, data: PlanData | null) =>
    checkPlan(parsePlan({ ...PLAN, allocation: 'uniform', ...changes }), {
      network: { ...network, constants },
      analysis,
      data,
    });
  expect(others.length).toBeGreaterThan(0);
  expect(() => check({}, data)).toThrow(
    'the tensors of network "tiny-resnet": 3.0 GB, and networks are run and written as one ONNX file, which holds 1.9 GB of them: remove some of its parameters first; this works without a data set (allocation uniform)',
  );
  const params = (share: number) => ({ data: null, target: { metric: 'params', share } });
  expect(() => check(params(0.1), null)).toThrow(
    'the rest of network "tiny-resnet": 2.7 GB, and networks are run and written as one ONNX file, which holds 1.9 GB of them: remove more',
  );
  expect(() => check(params(0.6), null)).not.toThrow();
});

it('a split without images cannot be trained on', () => {
  const none = { ...data, splits: { ...data.splits, train: { n: 0 } } };
  expect(refusal({ recipe: {} }, network, none)).toEqual({
    field: 'dataset',
    says: 'the training split of pictures has no images to train on',
  });
});
