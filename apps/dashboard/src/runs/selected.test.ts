import { expect, it } from 'vitest';
import { asTheyStand, idsFor, type SelectableRun, withTicks } from './selected.ts';

const run = (id: string, state = 'FINISHED', origin = 'ESPALIER'): SelectableRun => ({ id, state, origin });
const PAGE = [
  ...[run('a', 'QUEUED'), run('b'), run('c', 'FAILED'), run('d', 'CANCELLED'), run('e', 'SAMPLING')],
  run('elsewhere', 'FAILED', 'EXTERNAL'),
];

it('ticks and unticks runs of the page, each once', () => {
  const two = withTicks([run('b')], ['a', 'b'], true, PAGE);
  expect(two.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(withTicks(two, ['a'], false, PAGE)).toEqual([run('b')]);
});

it('goes by the state that the page shows now, and keeps runs of other pages', () => {
  const ticked = [run('a', 'QUEUED'), run('other', 'FAILED')];
  expect(asTheyStand(ticked, [run('a', 'FINISHED')])).toEqual([run('a'), run('other', 'FAILED')]);
});

it('takes for each action only the runs that it is for', () => {
  expect(idsFor(PAGE)).toEqual({
    cancel: ['a', 'e'],
    retry: ['c', 'd'],
    download: ['b'],
    trash: ['b', 'c', 'd', 'elsewhere'],
  });
});
