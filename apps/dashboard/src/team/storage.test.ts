import { expect, it } from 'vitest';
import { storageWords } from './storage.ts';

it('says what is stored, of how much, and what is under way', () => {
  const usage = { bytes: 1_240_000_000, bytesUnderWay: 0, bytesLimit: 200e9 };
  expect(storageWords(usage)).toBe('1.24 GB of 200 GB stored, the trash included.');
  expect(storageWords({ ...usage, bytesLimit: null, bytesUnderWay: 2e6 })).toBe(
    '1.24 GB stored, the trash included; uploads and runs under way may bring 2.00 MB more.',
  );
});
