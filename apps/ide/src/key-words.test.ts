import { expect, it } from 'vitest';
import { keyWords } from './key-words.ts';

it('says by which rights is asked, with a key and without one', () => {
  expect(keyWords('esp_a', 'EDITOR')).toBe('by this key: editor');
  expect(keyWords('esp_a', null)).toBe('this key is unknown, expired or revoked');
  expect(keyWords('', 'ADMIN')).toBe('no key needed: you are signed in as admin');
  expect(keyWords('', null)).toBe('give a key, or sign in to the dashboard with this browser');
});
