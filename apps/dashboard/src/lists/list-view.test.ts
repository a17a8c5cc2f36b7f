import { expect, it } from 'vitest';
import { isListFiltered, listFilter, listParams, readListView } from './list-view.ts';

const ORDERS = ['created', 'name', 'macs'] as const;

it('is all in the address, both ways', () => {
  for (const address of [
    '',
    'q=res',
    'tags=a%2Cb',
    'projects=proj_a%2Cproj_b',
    'people=user_a',
    'order=name',
    'order=-macs',
    'q=x&tags=a&order=created',
  ]) {
    const view = readListView(Object.fromEntries(new URLSearchParams(address)), ORDERS, true);
    expect(listParams(view).toString()).toBe(address);
  }
});

it('leaves out what it does not know, and what does not filter', () => {
  const view = readListView({ order: '-colour', tags: ',', q: ['one', 'two'] }, ORDERS);
  expect(view).toEqual({ text: 'one', tags: [], projects: [], people: [], by: 'created', direction: 'desc' });
  expect(listFilter(view)).toEqual({ text: 'one' });
  const ofOne = readListView({ projects: 'proj_a' }, ORDERS);
  expect(listFilter(ofOne)).toEqual({ project: { in: ['proj_a'] } });
  const ofAda = readListView({ people: 'user_a' }, ORDERS, true);
  expect(listFilter(ofAda)).toEqual({ createdBy: { in: ['user_a'] } });
  // Nobody is known to have made models.
  expect(isListFiltered(readListView({ people: 'user_a' }, ORDERS))).toBe(false);
  expect(isListFiltered(view) && isListFiltered(ofOne)).toBe(true);
  expect(isListFiltered(readListView({}, ORDERS))).toBe(false);
});
