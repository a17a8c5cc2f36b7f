import { expect, it } from 'vitest';
import { metricNamed } from '#src/format/quality.ts';
import { sourceFacts } from './source-facts.ts';

it('tells where an imported run comes from, and what stands behind it; of our own nothing', () => {
  const source = {
    ...{ tool: 'pytorch', version: '2.4', commit: null, host: 'gpu-1', link: null },
    ...{ name: 'lr 0.1', finishedAt: null, import: 'import_1a2b' },
  };
  const told = { evidence: 'STRUCTURE_VERIFIED', evaluator: 'pytorch 1a2b', recomputed: null } as const;
  expect(sourceFacts(source, told, metricNamed('TOP1'))).toEqual([
    ['Imported from', 'pytorch 2.4'],
    ['Called there', 'lr 0.1'],
    ['Import', 'import_1a2b'],
    ['Host', 'gpu-1'],
    ['Evidence', 'the network was sent; MACs, params and widths were counted here'],
    ['Judged by (tool, preprocessing)', 'pytorch 1a2b'],
  ]);
  const own = { evidence: null, evaluator: null, recomputed: null };
  expect(sourceFacts(null, own, metricNamed('TOP1'))).toEqual([]);
});
