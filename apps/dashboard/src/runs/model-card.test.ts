import { expect, it } from 'vitest';
import { TOP1 } from '#src/format/quality.ts';
import { type CardRun, modelCard } from './model-card.ts';

const COSTS = { params: 272_000, macs: 40_800_000, bytes: 1_100_000, latencyMs: 2 };

const RUN: CardRun = {
  id: 'run_1',
  name: 'cie · l1 · 50% MACs · seed 0',
  allocation: 'cie',
  criterion: 'l1',
  metric: 'MACS',
  share: 0.5,
  targetMs: null,
  seed: 0,
  notes: 'Fits the *camera*.',
  finishedAt: '2026-01-02T03:04:05.000Z',
  shipped: { shippedAt: '2026-01-03T00:00:00.000Z', shippedBy: { name: 'Ada' } },
  experiment: {
    name: 'Half',
    repair: 2000,
    recipe: { epochs: 10 },
    qualityMetric: TOP1,
    model: { name: 'res_net | 20', networkHash: 'a1' },
    dataset: { name: 'cifar10', hash: 'd1' },
  },
  result: {
    ...{ params: 131_000, macs: 20_300_000, bytes: 530_000, latencyMs: 1.25 },
    ...{ sha256: 'f1', networkHash: 'b1', value: 0.911, valueDrop: 0.005, images: 10_000 },
    base: { ...COSTS, value: 0.916 },
    ratio: { params: 2.08, macs: 2.01, bytes: 2.08, latency: 1.6 },
    provenance: { engine: 'onnxruntime', cpu: 'Xeon' },
    usage: { python: 'print("```")\n', javascript: 'run();' },
  },
};

it('a card tells what the network is worth, how it was made and how it is used', () => {
  const card = modelCard(RUN);
  expect(card).toContain('# res\\_net \\| 20, pruned: cie · l1 · 50% MACs · seed 0\n');
  expect(card).toContain('Marked as shipped on 2026-01-03 by Ada.');
  expect(card).toContain(`| ${TOP1.label} | 91.60 % | 91.10 % | −0.50 pt |`);
  expect(card).toMatch(/\| MACs for one image \| 40\.8 M \| 20\.3 M \| 2\.01× smaller \|/);
  expect(card).toMatch(/\| Latency of one image \| 2\.00 ms \| 1\.25 ms \| 1\.60× as fast \|/);
  expect(card).toContain(
    'on 10000 images of the test split of cifar10. Latency was measured with onnxruntime',
  );
  expect(card).toContain('- Fine-tuning: 10 epochs');
  expect(card).toContain('- SHA-256 of the file: f1');
  // A fence is longer than any in the program.
  expect(card).toContain('````python\nprint("```")\n````');
  expect(card).toContain('## Notes\n\nFits the *camera*.\n');
});

it('what is not known is left out', () => {
  const none = { params: null, macs: null, bytes: null, latencyMs: null };
  const card = modelCard({
    ...RUN,
    ...{ shipped: null, notes: '' },
    result: {
      ...RUN.result,
      ...{ latencyMs: null, usage: null, provenance: null },
      ratio: { params: 2, macs: 2, bytes: null, latency: null },
      base: { ...none, value: 0.9 },
    },
  });
  expect(card).not.toMatch(/shipped|Latency|How to use|Notes/);
});
