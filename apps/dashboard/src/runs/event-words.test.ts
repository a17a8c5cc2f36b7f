import { expect, it } from 'vitest';
import { metricNamed, TOP1 } from '#src/format/quality.ts';
import type { EventRow } from './event-row.ts';
import { eventWords } from './event-words.ts';

const of = { seq: 1, createdAt: '' };
const NONE = { top1: null, top5: null, loss: null, fidelity: null, agreement: null, kl: null, cosine: null };

it.each<[EventRow, readonly [string, string]]>([
  [
    { ...of, __typename: 'WarningEvent', text: 'the labels are in another order' },
    ['warning', 'the labels are in another order'],
  ],
  [{ ...of, __typename: 'ResumedEvent', step: 12, round: null }, ['resumed', 'step 12']],
  [{ ...of, __typename: 'ResumedEvent', step: 12, round: 1 }, ['resumed', 'step 12, behind round 1']],
  [
    {
      ...of,
      __typename: 'StateEvent',
      state: 'FAILED',
      reason: null,
      error: 'no room',
      top1: null,
      macs: null,
    },
    ['failed', 'no room'],
  ],
  [
    {
      ...of,
      __typename: 'StateEvent',
      state: 'FINISHED',
      reason: null,
      error: null,
      top1: 0.9,
      macs: 40_800_000,
    },
    ['done', 'top-1 90.00 %, 40.8 M MACs'],
  ],
  [
    { ...of, __typename: 'EpochEvent', epoch: 2.5, loss: null, top1: null, seconds: 3, round: null },
    ['epoch 2.5', 'loss –, top-1 –, 3.0 s'],
  ],
  [
    { ...of, __typename: 'RepairedEvent', images: 2000, layers: 12, left: 0 },
    ['repaired', '12 layers, by 2,000 images'],
  ],
  [
    { ...of, __typename: 'RepairedEvent', images: 50, layers: 1, left: 2 },
    ['repaired', '1 layer, 2 left as cut, by 50 images'],
  ],
  [{ ...of, __typename: 'UnknownEvent', name: 'shrunk' }, ['shrunk', '']],
])('an event is told in words: %j', (event, words) => {
  expect(eventWords(event, TOP1)).toEqual(words);
});

it.each([
  ['TOP1', { top1: 0.75, fidelity: 0.1 }, { top1: 0.5, fidelity: 0.2 }, 'top-1 75.00 % → 50.00 %'],
  ['FIDELITY', { fidelity: 0 }, { fidelity: 0.125 }, 'output error 0.0000 → 0.1250'],
  // Outputs of embeddings are compared, too: they are not judged by their error.
  [
    'COSINE',
    { fidelity: 0, cosine: 1 },
    { fidelity: 0.3, cosine: 0.96 },
    'cosine similarity 1.0000 → 0.9600',
  ],
] as const)('a round is told by the metric of its experiment: %s', (name, before, after, words) => {
  const event: EventRow = {
    ...{ ...of, __typename: 'RoundEvent' },
    cut: {
      ...{ round: 2, savedMacs: 0.25, savedParams: 0.125 },
      ...{ before: { ...NONE, ...before }, after: { ...NONE, ...after } },
    },
  };
  expect(eventWords(event, metricNamed(name))).toEqual([
    'round 2',
    `25.00 % of the MACs and 12.50 % of the params are gone, ${words} before any training`,
  ]);
});
