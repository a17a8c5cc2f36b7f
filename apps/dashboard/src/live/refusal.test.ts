import { expect, it } from 'vitest';
import { errorsAt } from './refusal.ts';

const shown = ['name', 'limits.align', 'strategies', 'strategies.recovery', 'targets'];
const places = (...paths: string[]) => {
  const refusals = paths.map((path) => ({ message: `no ${path}`, path: path.split('.') }));
  const at = errorsAt(refusals.length > 0 ? refusals : [{ message: 'no' }], shown);
  return ['', 'limits', ...shown].filter((path) => at(path)?.startsWith('no'));
};

it('stands at the field of the path, or of the nearest one above it', () => {
  expect(places('limits.align')).toEqual(['limits.align']);
  expect(places('strategies.1.recovery.steps')).toEqual(['strategies.recovery']);
  expect(places('strategies.0.allocation')).toEqual(['strategies']);
  expect(places('targets.1')).toEqual(['targets']);
  expect(places('targets.0.align')).toEqual(['targets']);
});

it('of several each stands at its own field', () => {
  expect(places('name', 'targets.1')).toEqual(['name', 'targets']);
});

it('stands on top where the form has no such field', () => {
  expect(places('limits.keep')).toEqual(['']);
  expect(places()).toEqual(['']);
  expect(errorsAt([], shown)('')).toBe(undefined);
});
