import { expect, it } from 'vitest';
import { readTags } from './read-tags.ts';

it('reads each tag once, whatever blanks and commas are around it', () => {
  expect(readTags(' paper, best,,paper , to ship ')).toEqual(['paper', 'best', 'to ship']);
  expect(readTags(' , ')).toEqual([]);
});
