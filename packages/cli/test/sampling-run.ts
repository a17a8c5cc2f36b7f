import { contributionMatrix, dropMatrix, monotoneDrop, type SamplingRun } from '@espalier/pruning';

/** A made-up sweep of two groups at two ratios: the first group matters three times as much. */
export function samplingRun(changes: Partial<SamplingRun> = {}): SamplingRun {
  const accuracy = [
    [0.6, 0.3],
    [0.8, 0.7],
  ];
  const drop = dropMatrix(0.9, accuracy);
  const monotone = monotoneDrop(drop);
  const perCell = <T>(value: T): T[][] => accuracy.map((row) => row.map(() => value));
  return {
    format: 'espalier-sweep',
    version: 1,
    network: { name: 'net', hash: '00' },
    dataset: { name: 'cifar10', hash: '11', split: 'search', decoding: 2 },
    criterion: 'l1',
    seed: 0,
    skip: 0,
    samples: 1000,
    allowInexact: false,
    engine: 'onnxruntime',
    batchNorm: 'as-given',
    metric: { name: 'top1', label: 'top-1', direction: 'higher', unit: 'share', range: [0, 1] },
    ...{ outputs: [], weights: {}, values: { top1: accuracy } },
    grid: [0.25, 0.5],
    groups: [
      { id: 'stem', width: 8 },
      { id: '/blocks/<0>/conv & more', width: 16 },
    ],
    removed: [
      [2, 4],
      [4, 8],
    ],
    saving: { macs: perCell(0.1), params: perCell(0.1) },
    baseline: { top1: 0.9, top5: 0.99, loss: 0.3, n: 1000, hits: '', values: { top1: 0.9 } },
    origin: perCell('measured' as const),
    accuracy,
    top5: perCell(0.9),
    loss: perCell(1),
    drop,
    standardError: perCell(0.01),
    monotoneDrop: monotone,
    contribution: contributionMatrix(monotone),
    hits: perCell(''),
    ...changes,
  };
}
