import { expect, it } from 'vitest';
import { isOwnMetric, METRICS, metricBy, metricKey } from './metrics.ts';

it('a key says all of a metric of another tool', () => {
  const key = metricKey({ label: 'mIoU: val', direction: 'higher', unit: 'share' });
  expect(key).toBe('mIoU: val:higher:share');
  expect(metricBy(key)).toMatchObject({
    ...{ name: key, label: 'mIoU: val', direction: 'higher', unit: 'share', range: [0, 1], unchanged: null },
  });
  expect(metricBy('PSNR:higher:ratio').range).toEqual([null, null]);
  expect(metricBy('NLL:lower:nats')).toMatchObject({ direction: 'lower', range: [0, null] });
});

it('ours are called by their names, and nothing else is one', () => {
  expect(metricBy('fidelity')).toBe(METRICS.fidelity);
  expect([isOwnMetric('top1'), isOwnMetric('toString'), isOwnMetric('mAP:higher:share')]).toEqual([
    ...[true, false, false],
  ]);
  for (const wrong of ['mAP', 'mAP:best:share', ':higher:share', 'mAP:higher:dB', '']) {
    expect(() => metricBy(wrong), wrong).toThrow(/there is no metric .* has a name such as mAP:higher:share/);
  }
});
