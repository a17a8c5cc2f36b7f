import { supportedOperations } from '@espalier/network';
import { expect, test } from 'vitest';
import { blocks } from './blocks/index.ts';
import { heads } from './heads.ts';
import { networkOf } from './random-network.ts';

test('random networks use every supported operation', () => {
  const used = new Set<string>();
  for (const block of Object.keys(blocks)) {
    for (const [seed, head] of Object.keys(heads).entries()) {
      const network = networkOf({ seed, blocks: [block], head, extents: [5, 6], outputInTheMiddle: false });
      for (const { op } of network.nodes) used.add(op);
    }
  }
  const unused = supportedOperations.filter((op) => !used.has(op));
  expect(unused, 'in no block: see test/generate/blocks').toEqual([]);
});
