import { expect, it } from 'vitest';
import { draftFrom } from '#src/new-experiment/from-address.ts';
import { exploreAddress, keptShares, readExploreView, startAddress, targetOf, targetText } from './view.ts';

it('reads what the address says, and what makes no sense as usual', () => {
  expect(readExploreView({})).toEqual({ metric: 'macs', percent: 50, profile: '' });
  expect(readExploreView({ target: 'params=0.3' })).toEqual({ metric: 'params', percent: 30, profile: '' });
  expect(readExploreView({ target: 'params=7' }).percent).toBe(50);
  expect(readExploreView({ target: 'flops=0.3' }).metric).toBe('macs');
  // Time is known by a profile only.
  expect(readExploreView({ target: 'latency=0.3' }).metric).toBe('macs');
  expect(readExploreView({ target: 'latency=0.3', profile: 'profile_1' }).metric).toBe('latency');
});

it('writes it again', () => {
  const view = { metric: 'latency', percent: 7, profile: 'profile_1' } as const;
  expect(targetText(view)).toBe('latency=0.07');
  expect(targetOf(view)).toEqual({ metric: 'LATENCY', share: 0.07 });
  const url = new URL(exploreAddress('sample_1', view), 'http://here');
  expect(url.pathname).toBe('/explore/sample_1');
  expect(readExploreView(Object.fromEntries(url.searchParams))).toEqual(view);
});

const groups = [
  { name: 'a', width: 16 },
  { name: 'b/c', width: 32 },
];
const sampled = {
  ...{
    modelId: 'model_1',
    datasetId: 'data_1',
    criterion: 'l1',
    grid: [0.25, 0.5],
    samples: 100,
    isShared: true,
  },
};
const structure = { allocation: 'cie', widths: [12, 32], share: 0.5231 };
const asked = (address: string) => Object.fromEntries(new URL(address, 'http://here').searchParams);

it('a run goes by the sampling where it can', () => {
  const view = { metric: 'macs', percent: 50, profile: '' } as const;
  expect(asked(startAddress(sampled, view, structure, groups))).toEqual({
    ...{ model: 'model_1', dataset: 'data_1', strategy: 'cie/l1', target: 'macs=0.5' },
    ...{ grid: '0.25,0.5', samples: '100' },
  });
});

it('and by the device, where times are of one', () => {
  const view = { metric: 'latency', percent: 30, profile: 'profile_1' } as const;
  const said = asked(startAddress(sampled, view, structure, groups));
  expect(said).toMatchObject({ strategy: 'cie/l1', target: 'latency=0.3', device: 'profile_1' });
  expect(draftFrom(said)).toMatchObject({ deviceProfileId: 'profile_1', metric: 'LATENCY', shares: [0.3] });
});

it('and else has the shares of the structure', () => {
  const view = { metric: 'macs', percent: 50, profile: '' } as const;
  expect(asked(startAddress({ ...sampled, isShared: false }, view, structure, groups))).toEqual({
    ...{ model: 'model_1', dataset: 'data_1', strategy: 'manual(a=0.25)/l1', target: 'macs=0.523' },
  });
});

it('tells widths as shares of what was there', () => {
  expect(keptShares([12, 32], groups)).toEqual([0.75, 1]);
});
