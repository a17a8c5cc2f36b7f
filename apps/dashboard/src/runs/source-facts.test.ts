import { expect, it } from 'vitest';
import { sourceFacts } from './source-facts.ts';

it('tells who computed a run elsewhere, and what stands behind it; of our own nothing', () => {
  const source = { tool: 'pytorch', version: '2.4', commit: null, host: 'gpu-1', link: null };
  expect(sourceFacts(source, { evidence: 'STRUCTURE_VERIFIED', evaluator: 'pytorch 1a2b' })).toEqual([
    ['Computed elsewhere by', 'pytorch 2.4'],
    ['Host', 'gpu-1'],
    ['Evidence', 'the network was sent; MACs, params and widths were counted here'],
    ['Judged by (tool, preprocessing)', 'pytorch 1a2b'],
  ]);
  expect(sourceFacts(null, { evidence: null, evaluator: null })).toEqual([]);
});
