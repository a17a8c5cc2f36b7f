import { expect, it } from 'vitest';
import { draftFrom } from './from-address.ts';

it('takes what the address says, and nothing that makes no sense', () => {
  const said = { model: 'model_1', dataset: 'data_1', strategy: 'cie/l1', target: 'params=0.3' };
  expect(draftFrom({ ...said, grid: '0.25,0.5', samples: '100' })).toEqual({
    ...{ modelId: 'model_1', datasetId: 'data_1', strategies: ['cie/l1'], metric: 'PARAMS', shares: [0.3] },
    ...{ grid: '0.25,0.5', samples: 100 },
  });
  expect(draftFrom({ target: 'flops=2', samples: 'x' })).toEqual({});
  // Time is known by a device only.
  expect(draftFrom({ target: 'latency=0.3' })).toEqual({});
  expect(draftFrom({ target: 'latency=0.3', device: 'profile_1' })).toEqual({
    ...{ deviceProfileId: 'profile_1', metric: 'LATENCY', shares: [0.3] },
  });
});
