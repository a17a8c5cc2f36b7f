import type { ComparedResult } from '../src/comparability.ts';

/** A result of CIE, with what a test wants to be different. */
export function comparedResult(edits: Partial<ComparedResult> = {}): ComparedResult {
  const { allocation = 'cie', criterion = 'l1', metric = 'macs', share = 0.5 } = edits;
  return {
    ...{
      name: 'cie',
      published: false,
      base: 'net',
      baseValue: 0.95,
      dataset: 'cifar',
      images: 10_000,
      recipe: 'r1',
      decoding: 2,
    },
    ...{ recalibrated: null, allocation, criterion, seed: 0, metric, share },
    setting: [allocation, criterion, metric, share].join(' '),
    ...{ params: 1000, macs: 2000, savedParams: 0.4, savedMacs: 0.5, value: 0.9, top5: null, classes: 10 },
    ...{ device: 'onnxruntime on a machine' },
    ...edits,
  };
}
