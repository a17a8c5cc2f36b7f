import { METRICS } from '@espalier/engines';
import { channelMap, type Network, prunableGroups } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyDataset } from '../../../engines/test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { findCriterion, type Ranking, rank } from '../criteria/index.ts';
import { unitContext, unitKey } from './sample.ts';

const dataset = tinyDataset();
const metadata = tinyMetadata({ classes: dataset.classes });
const { input } = metadata;
const network: Network = { ...tinyResNet(), metadata };
const engine = { name: 'onnxruntime' } as const;
const request = { network, dataset, seed: 0, engine };
const context = unitContext(request);
const seen = (changes: object) =>
  unitContext({ ...request, network: { ...network, metadata: { ...metadata, ...changes } } });

const map = channelMap(network);
const [first, second] = prunableGroups(map).map((group) =>
  rank(findCriterion('l1'), group, { network, map, seed: 0 }),
) as [Ranking, Ranking];

it('is another one as soon as anything differs that decides its numbers', () => {
  const swapped = { ...first, order: first.order.toReversed() };
  const contexts = [
    context,
    unitContext({ ...request, metric: METRICS.fidelity }),
    unitContext({ ...request, network: { ...tinyResNet({ seed: 2 }), metadata } }),
    unitContext({ ...request, network: { ...tinyResNet({ softmax: true }), metadata } }),
    seen({ input: { ...input, mean: [0.5, 0.4, 0.4] } }),
    seen({ input: { ...input, std: [0.2, 0.3, 0.3] } }),
    seen({ input: { ...input, scale: 1 } }),
    seen({ input: { ...input, channels: 'BGR' } }),
    seen({ input: { ...input, resize: 8 } }),
    seen({ classes: dataset.classes.toReversed() }),
    unitContext({ ...request, dataset: { ...dataset, hash: 'other' } }),
    unitContext({ ...request, seed: 1 }),
    unitContext({ ...request, engine: { name: 'tensorflow' } }),
  ];
  const keys = [
    ...contexts.map((each) => unitKey(each, 0, first)),
    ...[first, undefined].map((ranking) => unitKey(context, 100, ranking)),
    ...[second, swapped, undefined].map((ranking) => unitKey(context, 0, ranking)),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

it('is the same for what decides nothing: names, scores, the criterion that came to the order', () => {
  expect(seen({ classes: undefined })).toBe(context);
  expect(unitContext({ ...request, network: { ...network, name: 'other' } })).toBe(context);
  expect(unitContext({ ...request, dataset: { ...dataset, name: 'other' } })).toBe(context);
  const scores = first.scores.map((score) => 2 * score);
  expect(unitKey(context, 0, { ...first, scores })).toBe(unitKey(context, 0, first));
});

it('is the same for all metrics that are told from the same outputs, and what it was for those by labels', () => {
  for (const name of ['top1', 'top5', 'loss'] as const) {
    expect(unitContext({ ...request, metric: METRICS[name] })).toBe(context);
  }
  const compared = unitContext({ ...request, metric: METRICS.fidelity });
  for (const name of ['agreement', 'kl', 'cosine'] as const) {
    expect(unitContext({ ...request, metric: METRICS[name] })).toBe(compared);
  }
});
