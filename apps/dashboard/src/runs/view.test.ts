import { expect, it } from 'vitest';
import { filterOf, isFiltered, readView, runsExportUrl, viewParams } from './view.ts';

const whole = {
  q: 'half of',
  states: 'finished,failed',
  allocations: 'cie',
  criteria: 'l1,random',
  tags: 'paper',
  experiments: 'exp_a',
  models: 'model_a',
  devices: 'device_a',
  runs: 'run_a,run_b',
  order: '-top1',
  group: 'model',
  columns: 'top1,macs',
};

it('stands in the address, all of it, and comes back the same', () => {
  const view = readView(whole);
  expect(Object.fromEntries(viewParams(view))).toEqual(whole);
  expect(readView(Object.fromEntries(viewParams(view)))).toEqual(view);
});

it('knows what a state was called in an older address', () => {
  expect(readView({ states: 'pruning,failed,none' }).states).toEqual(['RECALIBRATING', 'FAILED']);
  expect(filterOf(readView({ origins: 'external,none' }))).toEqual({ origin: { in: ['EXTERNAL'] } });
});

it('is an empty address where nothing was chosen', () => {
  const view = readView({});
  expect(viewParams(view).toString()).toBe('');
  expect(view).toMatchObject({ by: 'created', direction: 'desc', group: null, columns: null });
  expect(isFiltered(view)).toBe(false);
  expect(isFiltered(readView({ tags: 'paper' }))).toBe(true);
});

it('leaves out what nobody knows', () => {
  const view = readView({ states: 'finished,sleeping', order: '-beauty', group: 'colour', q: ['a', 'b'] });
  expect(view).toMatchObject({
    states: ['FINISHED'],
    by: 'created',
    direction: 'desc',
    group: null,
    text: 'a',
  });
});

it('asks the API for what must hold, and for no empty list', () => {
  expect(filterOf(readView({ allocations: 'cie', runs: '' }))).toStrictEqual({ allocation: { in: ['cie'] } });
});

it('exports the whole view, not the page', () => {
  const url = new URL(runsExportUrl(readView({ tags: 'paper', order: 'valueDrop' }), 'csv'), 'http://x');
  expect(url.pathname).toBe('/files/export/runs.csv');
  expect(JSON.parse(url.searchParams.get('filter') ?? '')).toEqual({ tag: { all: ['paper'] } });
  expect(JSON.parse(url.searchParams.get('order') ?? '')).toEqual({ by: 'VALUE_DROP', direction: 'ASC' });
});
