import { parseRecipe } from '@espalier/engines';
import type { ProfileIdentity } from '@espalier/latency';
import type { NetworkMetadata } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { baseKey, type Identity, resultKey, type SharedSampling, samplingKey } from './keys.ts';
import { type PlanInput, type PrunePlan, parsePlan } from './plan.ts';

const input: NetworkMetadata['input'] = {
  ...{ layout: 'NCHW', channels: 'RGB', size: [32, 32], resize: 36, scale: 1 / 255 },
  ...{ mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] },
};
const metadata: NetworkMetadata = { input, output: 'logits', classes: ['ant', 'cat'] };
const identity: Identity = { networkHash: 'network', metadata, datasetHash: 'images' };

const withInput = (changes: Partial<NetworkMetadata['input']>): Partial<Identity> => ({
  metadata: { ...metadata, input: { ...input, ...changes } },
});
const { resize: _, ...unscaled } = input;

/** Every way in which a network and what it sees can be another one. */
const OTHER_IDENTITIES: readonly Partial<Identity>[] = [
  { networkHash: 'other' },
  { datasetHash: 'other' },
  { metadata: null },
  { metadata: { file: 'a' } },
  { metadata: { file: 'b' } },
  { metadata: { ...metadata, output: 'probabilities' } },
  { metadata: { ...metadata, classes: ['cat', 'ant'] } },
  { metadata: { input, output: 'logits' } },
  { metadata: { ...metadata, input: unscaled } },
  withInput({ channels: 'BGR' }),
  withInput({ size: [32, 36] }),
  withInput({ resize: 40 }),
  withInput({ scale: 1 }),
  withInput({ mean: [0.4, 0.5, 0.3] }),
  withInput({ std: [0.2, 0.4, 0.3] }),
];
const others = OTHER_IDENTITIES.map((change) => ({ ...identity, ...change }));

/** The same in another order of its fields, as a database gives it back. */
const reordered: Identity = {
  datasetHash: 'images',
  metadata: {
    classes: ['ant', 'cat'],
    output: 'logits',
    input: Object.fromEntries(Object.entries(input).reverse()) as never,
  },
  networkHash: 'network',
};

function allDiffer(keys: readonly string[]): void {
  expect(keys.length - new Set(keys).size).toBe(0);
}

describe('a sampling', () => {
  const sampling: SharedSampling = {
    ...{ grid: [0.25, 0.5], samples: 1000, skip: 0, seed: 0, allowInexact: false },
    ...{ criterion: 'l1', engine: 'onnxruntime', groups: ['conv1', 'conv2'] },
  };
  it('an output of weight 1 counts as one that nobody named', () => {
    const key = (weights: Record<string, number>) =>
      samplingKey(identity, { ...sampling, metric: 'fidelity', weights });
    expect(key({ map: 1 })).toBe(key({}));
    expect(key({ map: 1, head: 3 })).toBe(key({ head: 3 }));
    expect(key({ map: 3 })).not.toBe(key({}));
  });

  const OTHERS: { readonly [K in keyof SharedSampling]: readonly SharedSampling[K][] } = {
    grid: [[0.5], [0.25, 0.75], [0.25, 0.5, 0.75]],
    samples: [999, 2000],
    skip: [100],
    seed: [1, -1],
    allowInexact: [true],
    criterion: ['l1:max', 'l2', 'taylor', 'taylor:max', 'random'],
    engine: ['tensorflow'],
    groups: [['conv1'], ['c1', 'c2']],
  };

  it('is another one as soon as anything differs that decides its numbers', () => {
    allDiffer([
      samplingKey(identity, sampling),
      ...others.map((other) => samplingKey(other, sampling)),
      ...Object.entries(OTHERS).flatMap(([field, values]) =>
        values.map((value) => samplingKey(identity, { ...sampling, [field]: value })),
      ),
    ]);
  });

  it('is the same under all names of a criterion, and in whatever order its fields come', () => {
    const key = samplingKey(identity, sampling);
    expect(samplingKey(identity, { ...sampling, criterion: 'l1:sum' })).toBe(key);
    const backwards = Object.fromEntries(Object.entries(sampling).reverse()) as unknown as SharedSampling;
    expect(samplingKey(reordered, backwards)).toBe(key);
  });

  it('does not depend on what else there is in a row', () => {
    const row = { ...sampling, id: 'exp_1', name: 'Experiment', recipe: null, adaptive: true };
    expect(samplingKey({ ...identity, ...{ name: 'tiny' } }, row)).toBe(samplingKey(identity, sampling));
  });
});

describe('a result', () => {
  const recipe = parseRecipe({ epochs: 2 });
  const PLAN: PlanInput = {
    model: { file: '/a/model.onnx' },
    data: { spec: 'cifar10' },
    target: { metric: 'macs', share: 0.5 },
    rounds: 2,
    recovery: parseRecipe({ epochs: 1 }),
    recalibrate: 100,
    recipe: parseRecipe({ epochs: 2, distillation: {} }),
  };
  const plan = parsePlan(PLAN);
  const computed = { engine: 'onnxruntime', teacherHash: 'teacher' } as const;
  const key = resultKey(identity, plan, computed);

  type Decides = Omit<PrunePlan, 'model' | 'data' | 'teacher' | 'profile' | 'corrected'>;
  const PROFILE: ProfileIdentity = {
    ...{ hash: 'a', device: 'board', cpu: 'ARM', cores: 4, platform: 'linux arm64', measuredAt: 'today' },
    ...{ engine: 'onnxruntime', engineVersion: '1.30.0', threads: 2, batch: 1 },
  };
  const OTHER_DEVICES = { hash: 'b', device: 'other', threads: 1, batch: 32, engineVersion: '1.29.0' };
  const OTHERS: { readonly [K in keyof Decides]: readonly Decides[K][] } = {
    allocation: ['greedy', 'uniform', 'manual(a=0.5)', 'manual(a=0.25)'],
    criterion: ['l2', 'l1:max'],
    target: [
      null,
      { metric: 'params', share: 0.5 },
      { metric: 'macs', share: 0.4 },
      { metric: 'latency', share: 0.5 },
      { metric: 'latency', ms: 0.5 },
    ],
    limits: [
      { ...plan.limits, align: 2 },
      { ...plan.limits, align: 1 },
      { ...plan.limits, widths: [{ group: 'conv1', widths: [8, 4] }] },
      { ...plan.limits, minWidth: 2 },
      { ...plan.limits, maxRatio: 0.8 },
      { ...plan.limits, keep: ['conv1'] },
    ],
    sampling: [
      { ...plan.sampling, grid: [0.5] },
      { ...plan.sampling, samples: 999 },
      { ...plan.sampling, skip: 100 },
      { ...plan.sampling, seed: 1 },
      { ...plan.sampling, allowInexact: true },
      { ...plan.sampling, adaptive: true },
      { ...plan.sampling, metric: 'loss' },
      { ...plan.sampling, metric: 'fidelity' },
      { ...plan.sampling, metric: 'fidelity', weights: { map: 2 } },
    ],
    rounds: [null, 3],
    recovery: [null, parseRecipe({ epochs: 3 })],
    repair: [2, null],
    recalibrate: [null, 101],
    recipe: [null, recipe, { ...recipe, batch: 64 }, { ...recipe, learningRate: 0.1 }],
    seed: [1],
    tests: [
      { base: false, cut: true },
      { base: true, cut: false },
    ],
    timed: [true],
  };

  it('is another one as soon as anything of its plan, network, images or engine differs', () => {
    allDiffer([
      key,
      ...others.map((other) => resultKey(other, plan, computed)),
      ...Object.entries(OTHERS).flatMap(([field, values]) =>
        values.map((value) => resultKey(identity, { ...plan, [field]: value }, computed)),
      ),
      resultKey(identity, plan, { ...computed, engine: 'tensorflow' }),
      resultKey(identity, plan, { ...computed, teacherHash: null }),
      resultKey(identity, plan, { ...computed, teacherHash: 'other' }),
      resultKey(identity, { ...plan, corrected: false }, { ...computed, profile: PROFILE }),
      ...[
        PROFILE,
        ...Object.entries(OTHER_DEVICES).map(([key, value]) => ({ ...PROFILE, [key]: value })),
      ].map((profile) => resultKey(identity, plan, { ...computed, profile })),
    ]);
  });

  it('is the same wherever its files lie', () => {
    const elsewhere: PrunePlan = {
      ...plan,
      model: {
        ...plan.model,
        file: '/b/other-name.onnx',
        preprocessing: '/b/preprocessing.json',
        name: 'other',
      },
      data: { spec: '/b/cifar10.espalier-data', name: 'pictures', hashOfContent: true },
      teacher: '/b/teacher.onnx',
      profile: { file: '/b/device.json' },
    };
    expect(resultKey(identity, elsewhere, computed)).toBe(key);
    expect(resultKey(reordered, plan, computed)).toBe(key);
    // What a plan says in other words.
    const limits = { keep: ['b', 'a', 'b'] };
    const keeps = resultKey(identity, parsePlan({ ...PLAN, limits }), computed);
    expect(keeps).not.toBe(key);
    expect(resultKey(identity, parsePlan({ ...PLAN, limits: { keep: ['a', 'b'] } }), computed)).toBe(keeps);
    expect(resultKey(identity, parsePlan({ ...PLAN, criterion: 'l1:sum' }), computed)).toBe(key);
    // Results of before there was a metric to choose are by top-1.
    const named = parsePlan({ ...PLAN, sampling: { metric: 'top1' } });
    expect(resultKey(identity, named, computed)).toBe(key);
  });

  it('of before, when widths were as they fell, is found again', () => {
    const before = { networkHash: 'n', metadata: null, datasetHash: 'd' };
    const given = { model: { file: '/a.onnx' }, data: { spec: 'cifar10' }, limits: { align: 1 } };
    const target = { metric: 'macs', share: 0.5 } as const;
    expect(
      resultKey(before, parsePlan({ ...given, target }), { engine: 'onnxruntime', teacherHash: null }),
    ).toBe('a927033f40d48876add75f619e7d50e14b710a069620b3374e8ac46cba369058');
  });
});

it('the test of a network as given is another one for other images, preprocessing, classes or engines', () => {
  const key = baseKey(identity, 'onnxruntime');
  allDiffer([key, ...others.map((other) => baseKey(other, 'onnxruntime')), baseKey(identity, 'tensorflow')]);
  expect(baseKey(reordered, 'onnxruntime')).toBe(key);
});
