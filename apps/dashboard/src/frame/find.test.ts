import { expect, it } from 'vitest';
import { found, placesLike } from './find.ts';

const nothing = { experiments: { nodes: [] }, models: { nodes: [] }, datasets: { nodes: [] } };

it('finds pages and actions by a part of their names', () => {
  expect(placesLike('new exp').map(({ href }) => href)).toEqual(['/experiments/new']);
  expect(placesLike('trade-offs')).toMatchObject([
    { href: '/ratios', note: 'Loss against saving over all runs, models of any size together' },
  ]);
  expect(placesLike(' MODEL ').map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
    'Page: Models',
    'Action: Add a model',
  ]);
});

it('goes to a run by its id, and to the runs with any other words', () => {
  expect(found(nothing, 'run_k3v9').map(({ href }) => href)).toEqual(['/runs/run_k3v9', '/runs?q=run_k3v9']);
  expect(found(nothing, 'paper').map(({ href }) => href)).toEqual(['/runs?q=paper']);
  const pets = { ...nothing, datasets: { nodes: [{ id: 'data_1', name: 'pets' }] } };
  expect(found(pets, 'pets')[0]).toMatchObject({ kind: 'Data set', name: 'pets', href: '/datasets/data_1' });
});
