import { expect, it } from 'vitest';
import { FIELDS, judgingOf, valueBy } from './fields.ts';

it.each([
  ['top1', '0.931', 0.931],
  ['top1', '93.1 %', 0.931],
  ['top1', '93.1%', 0.931],
  ['top1', '93.1', undefined],
  ['top1', 'nan', undefined],
  ['top1', '%', undefined],
  ['share', '50 %', 0.5],
  ['share', '0', undefined],
  ['share', '1', undefined],
  ['macs', '40813184', 40_813_184],
  ['macs', '40.8M', 40_800_000],
  ['macs', '4.1 G', 4_100_000_000],
  ['macs', '1,234,567', 1_234_567],
  ['macs', '-1', undefined],
  ['macs', '1e400', undefined],
  ['flops', '8.2G', 4_100_000_000],
  ['seed', '3', 3],
  ['seed', '3.5', undefined],
  ['metric', 'MACs', 'macs'],
  ['metric', 'energy', undefined],
  ['link', 'https://example.org/run/1', 'https://example.org/run/1'],
  ['link', 'javascript:alert(1)', undefined],
  ['finishedAt', '2026-11-01 12:00:00Z', '2026-11-01T12:00:00.000Z'],
  ['finishedAt', '11/01/2026', undefined],
] as const)('%s: %s', (field, text, value) => {
  const read = FIELDS[field].read(text);
  if (typeof value === 'number') expect(read).toBeCloseTo(value, 9);
  else expect(read).toBe(value);
});

it('a metric of another tool is called as on the platform', () => {
  expect(judgingOf('mAP:higher:share')).toMatchObject({ label: 'mAP', direction: 'higher', unit: 'share' });
  expect(judgingOf('Fidelity')).toMatchObject({ name: 'fidelity' });
  expect([judgingOf('mAP'), judgingOf('mAP:up:share')]).toEqual([null, null]);
  const metric = judgingOf('error:lower:ratio');
  expect(metric && [valueBy(metric, '-3.5'), valueBy(metric, 'x')]).toEqual([-3.5, undefined]);
  const share = judgingOf('mAP:higher:share');
  expect(share && [valueBy(share, '58 %'), valueBy(share, '58')]).toEqual([0.58, undefined]);
});
