import { expect, it } from 'vitest';
import { overlayRows } from './overlay.ts';

it('lays structures over one another, also those of different networks', () => {
  const rows = overlayRows([
    { run: { id: 'a' }, groups: ['stem', 'wide'], before: [16, 64], after: [8, 32] },
    { run: { id: 'b' }, groups: ['stem', 'head'], before: [16, 32], after: [12, 32] },
  ]);
  expect(rows).toEqual([
    {
      group: 'stem',
      before: 16,
      beforeShare: 0.25,
      kept: [
        { after: 8, share: 0.125 },
        { after: 12, share: 0.1875 },
      ],
    },
    { group: 'wide', before: 64, beforeShare: 1, kept: [{ after: 32, share: 0.5 }, null] },
    { group: 'head', before: 32, beforeShare: 0.5, kept: [null, { after: 32, share: 0.5 }] },
  ]);
  expect(overlayRows([])).toEqual([]);
});
