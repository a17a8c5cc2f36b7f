import { expect, it } from 'vitest';
import { latencyFacts, latencyHeadline } from './latency-words.ts';
import type { Latency } from './result-fields.ts';

const device = {
  ...{ name: 'board', cpu: 'Cortex-A76', cores: 4, platform: 'linux arm64', engine: 'ONNXRUNTIME' as const },
  ...{ engineVersion: '1.30.0', threads: 4, batch: 1, measuredAt: '2026-11-01T10:00:00.000Z' },
};
const predicted = { milliseconds: 2, baseMilliseconds: 4 };
const OTHER: Latency = {
  ...{ device, predicted, measured: null, corrections: 0 },
  differences: ['on another machine (Cortex-A76, 4 cores, linux arm64)'],
};

it('tells of another machine what was predicted, whose the profile is, and why nothing was measured', () => {
  expect(latencyFacts(OTHER)).toEqual([
    ['Time on the device, predicted', '4.00 ms → 2.00 ms, 2.00× as fast'],
    [
      'Time on the device, measured',
      'no: the profile was made on another machine (Cortex-A76, 4 cores, linux arm64)',
    ],
    ['Device of the profile', 'board (onnxruntime 1.30.0, 4 threads, 1 image a run)'],
  ]);
  expect(latencyFacts(null)).toEqual([]);
});

it('puts predicted beside measured, with intervals, and says what is slower', () => {
  const facts = new Map(
    latencyFacts({
      ...OTHER,
      ...{ differences: [], corrections: 1, predicted: { milliseconds: 5, baseMilliseconds: 4 } },
      measured: {
        ...{ milliseconds: 5.2, baseMilliseconds: 4.1, speedup: { ratio: 0.79, low: 0.75, high: 0.83 } },
        check: { ratio: 1.01, low: 0.99, high: 1.03 },
      },
    }),
  );
  expect(facts.get('Time on the device, predicted')).toBe(
    '4.00 ms → 5.00 ms, 0.800× as fast: slower than the model',
  );
  expect(facts.get('Time on the device, measured')).toBe(
    '4.10 ms → 5.20 ms, 0.790× as fast (0.75 to 0.83): slower than the model',
  );
  expect(facts.get('Searched again by what was measured')).toBe('1 time');
});

it('is told in the headline as measured, and else as predicted', () => {
  expect(latencyHeadline(OTHER)).toEqual({
    ...{ name: 'Time on board', values: ['4.00 ms', '2.00 ms'] },
    note: 'predicted; 2.00× as fast',
  });
  const measured = {
    ...{ milliseconds: 2.1, baseMilliseconds: 4.1, speedup: { ratio: 1.95, low: 1.9, high: 2 } },
    check: { ratio: 1, low: 0.99, high: 1.01 },
  };
  expect(latencyHeadline({ ...OTHER, measured })).toEqual({
    ...{ name: 'Time on board', values: ['4.10 ms', '2.10 ms'] },
    note: 'measured; 1.95× as fast (1.90 to 2.00)',
  });
});

it('says how the profile was made otherwise also where its result was measured', () => {
  const facts = new Map(
    latencyFacts({
      ...OTHER,
      differences: ['with 2 threads, not 1'],
      measured: {
        ...{ milliseconds: 5.2, baseMilliseconds: 4.1, speedup: { ratio: 0.79, low: 0.75, high: 0.83 } },
        check: { ratio: 1.01, low: 0.99, high: 1.03 },
      },
    }),
  );
  expect(facts.get('The profile was made')).toBe('with 2 threads, not 1');
});
