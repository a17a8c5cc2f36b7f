import { expect, it } from 'vitest';
import { authorWords } from './author.ts';

it('names the person, the key that was used, or nobody', () => {
  const createdBy = { name: 'Ada' };
  expect(authorWords({ createdBy, createdByKey: null })).toBe('Ada');
  expect(authorWords({ createdBy, createdByKey: 'ci' })).toBe('Ada, key ci');
  expect(authorWords({ createdBy: null, createdByKey: 'ci' })).toBe('key ci');
  expect(authorWords({ createdBy: null, createdByKey: null })).toBeNull();
});
