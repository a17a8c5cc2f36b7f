import { expect, it } from 'vitest';
import { roughSeconds } from './rough-time.ts';

const past = {
  ...{ modelId: 'm', datasetId: 'd', rounds: 0, epochs: 2, macs: 100, trainImages: 1000 },
  // 20 of 30 seconds for 2 x 1000 images of 100 MACs: a ten-thousandth of a second each.
  ...{ seconds: 30, trainSeconds: 20 },
};

it('scales what another network took: training by its images and epochs, the rest by the network', () => {
  expect(roughSeconds([past], { macs: 200, trainImages: 500, epochs: 1 }, 1, 1)).toBeCloseTo(20 + 10);
  expect(roughSeconds([past], { macs: 200, trainImages: 500, epochs: 0 }, 3, 2)).toBeCloseTo(40);
});

it('knows no training where none was seen, and nothing where nothing was', () => {
  const untrained = { ...past, epochs: 0, trainSeconds: 0, seconds: 10 };
  expect(roughSeconds([untrained], { macs: 100, trainImages: 10, epochs: 1 }, 1, 1)).toBeNull();
  expect(roughSeconds([untrained], { macs: 100, trainImages: 10, epochs: 0 }, 1, 1)).toBeCloseTo(10);
  expect(roughSeconds([], { macs: 100, trainImages: 10, epochs: 0 }, 1, 1)).toBeNull();
});
