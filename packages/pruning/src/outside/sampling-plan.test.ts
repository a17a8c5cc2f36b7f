import { createHash } from 'node:crypto';
import { channelMap, prunableGroups } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyResNet } from '../../../engines/test/tiny-networks.ts';
import { analyse } from '../analysis.ts';
import { samplingPlan } from './sampling-plan.ts';

const grid = [0.1, 0.5, 0.9];
const options = { criterion: 'l1', seed: 0, grid };

it('names each group’s units in the order of the criterion, and how many each ratio takes from its end', async () => {
  const network = tinyResNet();
  const plan = await samplingPlan(network, options);
  const { rankings } = await analyse(network, options);
  expect(plan.groups.map(({ id, order }) => ({ id, order }))).toEqual(
    rankings.map(({ group, order }) => ({ id: group.id, order })),
  );
  expect(plan.groups).toHaveLength(prunableGroups(channelMap(network)).length);
  for (const { width, removed, slices } of plan.groups) {
    expect(removed).toEqual(grid.map((ratio) => Math.floor(ratio * width + 1e-9)));
    expect(slices.length).toBeGreaterThan(1);
    for (const { units } of slices) expect(new Set(units).has(width - 1)).toBe(true);
  }
});

it('tells tensors by their values', async () => {
  const network = tinyResNet();
  const { tensors } = await samplingPlan(network, options);
  const [first] = tensors;
  const tensor = network.constants.get(first?.name ?? '');
  const bytes = Buffer.alloc((tensor?.data.length ?? 0) * 4);
  tensor?.data.forEach((value: number | bigint, i: number) => {
    bytes.writeFloatLE(Number(value), 4 * i);
  });
  expect(first?.dims).toEqual(tensor?.dims);
  expect(first?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(first?.probe).toHaveLength(16);
  first?.probe.forEach((value, i) => {
    expect(value).toBe(bytes.readFloatLE(4 * Math.floor((i * bytes.length) / 4 / 16)));
  });
});

it.each(['taylor', 'hrank', 'reconstruction'])(
  'leaves ranking by images to whoever has them: %s',
  async (criterion) => {
    await expect(samplingPlan(tinyResNet(), { ...options, criterion })).rejects.toThrow(/send their order/);
  },
);
