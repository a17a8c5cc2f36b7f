import { expect, it } from 'vitest';
import { warningsOf } from './read-run.ts';
import { eventText, provenanceFacts } from './words.ts';

it('tells of warnings and rounds in words, and of the rest as it is', () => {
  expect(eventText('warning', { text: 'the labels are in another order' })).toBe(
    'the labels are in another order',
  );
  const round = {
    ...{ round: 2, target: { metric: 'macs', share: 0.5 }, structure: [{ group: 'a', before: 2, after: 1 }] },
    ...{ achieved: { macs: 0.25, params: 0.125 }, before: { top1: 0.75 }, after: { top1: 0.5 } },
  };
  expect(eventText('round', round)).toBe(
    'round 2: 25.00 % of the MACs and 12.50 % of the params are gone, top-1 75.00 % → 50.00 % as cut',
  );
  expect(eventText('resumed', { step: 12 })).toBe('step 12');
});

it('says a warning once, however many attempts said it', () => {
  const said = (kind: string, text: string) => ({ seq: 1, kind, data: { text }, createdAt: '' });
  expect(warningsOf({ events: [said('warning', 'a'), said('x', 'b'), said('warning', 'a')] })).toEqual(['a']);
});

it('names where a result comes from, without what is not known', () => {
  const provenance = {
    engine: 'onnxruntime',
    threads: 2,
    throughputBatch: null,
    version: '1.0',
    ...{ node: null, cpu: null, cores: null, worker: null },
  };
  expect(provenanceFacts(provenance)).toEqual([
    ['Espalier', '1.0'],
    ['Threads used', '2'],
    ['Engine', 'onnxruntime'],
  ]);
});
