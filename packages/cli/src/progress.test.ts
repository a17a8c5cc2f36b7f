import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressLine } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('progress where nobody watches', () => {
  it('writes a plain line with rate and time left every ten seconds', () => {
    const stream = new PassThrough();
    const progress = new ProgressLine(stream as unknown as NodeJS.WriteStream, 'sampling', 'cells');
    for (let second = 0; second <= 21; second++) {
      progress.update(second * 50, 10_000);
      vi.advanceTimersByTime(1000);
    }
    progress.stop();
    expect(String(stream.read()).split('\n')).toEqual([
      'sampling: 5 % of 10,000 cells, 50 cells/s, 3 min 10 s left',
      'sampling: 10 % of 10,000 cells, 50 cells/s, 3 min 0 s left',
      '',
    ]);
  });
});
