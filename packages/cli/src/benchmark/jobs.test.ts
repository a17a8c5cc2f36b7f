import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { doJobs, type Job } from './jobs.ts';

function recorder() {
  const order: string[] = [];
  let [now, most] = [0, 0];
  const job = (name: string, needs: Job | null = null, fails = false): Job => ({
    name,
    needs,
    weight: 2,
    work: async (onPart) => {
      now += 1;
      most = Math.max(most, now);
      order.push(`+${name}`);
      onPart(0.5);
      await setTimeout(5);
      now -= 1;
      if (fails) throw new Error(`${name} failed`);
      order.push(`-${name}`);
    },
  });
  return { job, order, most: () => most };
}

describe('doJobs', () => {
  it('does what is needed before and once, and no more at a time than it may', async () => {
    const { job, order, most } = recorder();
    const sweep = job('sweep');
    const [a, b, c] = [job('a', sweep), job('b', sweep), job('c')];
    const seen: number[] = [];
    await doJobs([a, b, c], 2, ({ done, total }) => {
      expect(total).toBe(8);
      seen.push(done);
    });
    expect(order.filter((each) => each === '+sweep')).toHaveLength(1);
    expect(order.indexOf('-sweep')).toBeLessThan(order.indexOf('+a'));
    // Nothing waits for the sweep that does not need it.
    expect(order.indexOf('+c')).toBeLessThan(order.indexOf('-sweep'));
    expect(most()).toBe(2);
    expect(seen.at(0)).toBe(0);
    expect(seen.at(-1)).toBe(8);
    expect(seen).toEqual(seen.toSorted((x, y) => x - y));
  });

  it('ends what has begun, begins nothing more and throws the first error', async () => {
    const { job, order } = recorder();
    const bad = job('bad', null, true);
    await expect(doJobs([bad, job('beside'), job('later')], 2, () => {})).rejects.toThrow('bad failed');
    expect(order).toEqual(['+bad', '+beside', '-beside']);
  });
});
