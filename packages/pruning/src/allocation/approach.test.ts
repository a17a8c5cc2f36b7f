import { InputError } from '@espalier/errors';
import { expect, it } from 'vitest';
import { approach } from './approach.ts';

/** A search that meets what it is asked for, and a device on which it takes another time than predicted. */
function device(realOf: (predictedLeft: number) => number, least = 0.05) {
  const asked: number[] = [];
  const target = { metric: 'latency', share: 0.5 } as const;
  const search = ({ share }: { share: number }) => {
    asked.push(share);
    if (1 - share < least) throw new InputError('out of reach', 'target');
    return { made: 1 - share, achieved: { macs: 0, params: 0, latency: share } };
  };
  const found = approach(target, search, async (left) => realOf(left) / (1 - target.share));
  return { asked, found };
}

it('is content within 5 %', async () => {
  const { asked, found } = device((left) => left * 1.04);
  expect(await found).toBeCloseTo(0.5, 12);
  expect(asked).toHaveLength(1);
});

it('takes the prediction as wrong by the same ratio, and searches again', async () => {
  const slower = device((left) => left * 1.25);
  expect(await slower.found).toBeCloseTo(0.4, 12);
  expect(slower.asked).toHaveLength(2);
  // Faster than it has to be is a miss, too: more units could stay.
  const faster = device((left) => left * 0.8);
  expect(await faster.found).toBeCloseTo(0.625, 12);
});

it('searches twice more at most, and keeps what was nearest', async () => {
  // Half of the time is none that pruning could remove: the ratio grows as more is removed.
  const { asked, found } = device((left) => 0.3 + 0.5 * left);
  expect(await found).toBeCloseTo(0.5 / 1.1 / ((0.3 + 0.25 / 1.1) / 0.5), 12);
  expect(asked).toHaveLength(3);
  let measured = 0;
  const worse = device(() => [0.6, 0.7, 0.8][measured++] ?? 0);
  expect(await worse.found).toBeCloseTo(0.5, 12);
});

it('stays with what it has where the corrected target is out of reach, and where nothing tells', async () => {
  const { asked, found } = device((left) => left * 20);
  expect(await found).toBeCloseTo(0.5, 12);
  expect(asked).toHaveLength(2);
  const untold = await approach(
    { metric: 'latency', share: 0.5 },
    ({ share }) => ({
      made: share,
      achieved: { macs: 0, params: 0, latency: share },
    }),
    async () => null,
  );
  expect(untold).toBe(0.5);
});
