import type { ComparedResult } from '../src/comparability.ts';

/** A result of CIE, with what a test wants to be different. */
export function comparedResult(edits: Partial<ComparedResult> = {}): ComparedResult {
  return {
    ...{ name: 'cie', published: false, base: 'net', dataset: 'cifar', images: 10_000, recipe: 'r1' },
    ...{ recalibrated: null, allocation: 'cie', criterion: 'l1', seed: 0, metric: 'macs', share: 0.5 },
    ...{ params: 1000, macs: 2000, savedParams: 0.4, savedMacs: 0.5, top1: 0.9, top5: null, classes: 10 },
    ...{ device: 'onnxruntime on a machine' },
    ...edits,
  };
}
