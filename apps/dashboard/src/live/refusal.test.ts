import { expect, it } from 'vitest';
import { errorsAt } from './refusal.ts';

const shown = ['name', 'limits.align', 'strategies', 'strategies.recovery', 'targets'];
const places = (...fields: string[]) =>
  ['', 'limits', ...shown].filter((path) => errorsAt({ message: 'no', fields }, shown)(path) === 'no');

it('stands at the field of the path, or of the nearest one above it', () => {
  expect(places('limits.align')).toEqual(['limits.align']);
  expect(places('strategies.1.recovery.steps')).toEqual(['strategies.recovery']);
  expect(places('strategies.0.allocation')).toEqual(['strategies']);
  expect(places('targets.1')).toEqual(['targets']);
  expect(places('targets.0.align')).toEqual(['targets']);
});

it('stands on top where the form has no such field', () => {
  expect(places('limits.keep')).toEqual(['']);
  expect(places()).toEqual(['']);
  expect(errorsAt(null, shown)('')).toBe(undefined);
});
