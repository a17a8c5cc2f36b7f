import { expect, it } from 'vitest';
import type { EventRow } from './event-row.ts';
import { warningsOf } from './read-run.ts';
import { provenanceFacts } from './words.ts';

it('says a warning once, however many attempts said it', () => {
  const of = { seq: 1, createdAt: '' };
  const said: EventRow = { ...of, __typename: 'WarningEvent', text: 'a' };
  const other: EventRow = { ...of, __typename: 'UnknownEvent', name: 'b' };
  expect(warningsOf({ events: [said, other, said] })).toEqual(['a']);
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
