import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapInOrder } from './in-order.ts';

describe('mapInOrder', () => {
  it('keeps the order and bounds what is under way', async () => {
    let underWay = 0;
    let most = 0;
    const items = Array.from({ length: 60 }, (_, i) => i);
    const results: number[] = [];
    const work = async (item: number) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < (item * 7) % 5; turn++) await setImmediate();
      underWay--;
      return item * 2;
    };
    for await (const result of mapInOrder(items, work)) results.push(result);
    expect(results).toEqual(items.map((item) => item * 2));
    expect(most).toBe(availableParallelism() + 2);
  });

  it('waits for what is under way before it reports an error', async () => {
    let finished = 0;
    const work = async (item: number) => {
      if (item === 0) throw new Error('no 0');
      await setImmediate();
      finished++;
      return item;
    };
    const all = async () => {
      for await (const _ of mapInOrder([0, 1, 2], work));
    };
    await expect(all()).rejects.toThrow('no 0');
    expect(finished).toBe(2);
  });
});
