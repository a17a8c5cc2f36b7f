import { expect, it } from 'vitest';
import { TERMS, termOf } from './terms.ts';

it('each word is explained once, in the order of the alphabet', () => {
  const names = TERMS.flatMap(({ name, also = [] }) => [name, ...also]).map((name) => name.toLowerCase());
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  const order = TERMS.map(({ name }) => name);
  expect(order).toEqual([...order].sort((a, b) => a.localeCompare(b, 'en')));
  expect(new Set(TERMS.map(({ id }) => id)).size).toBe(TERMS.length);
});

it('a text is a term by any of its names', () => {
  expect(termOf('macs')?.id).toBe('macs');
  expect(termOf('Unpruned')?.id).toBe('base');
  expect(termOf('run')).toBeUndefined();
  expect(termOf('something else')).toBeUndefined();
});
