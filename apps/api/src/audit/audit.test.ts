import { expect, it } from 'vitest';
import { changesOf, timesOf } from './changes.ts';
import { LONGEST, shortened } from './shortened.ts';
import { wordsOf } from './words.ts';

it('an entry keeps what fits, and of what does not enough to know it by', () => {
  const small = { name: 'Birds', tags: ['a', 'b'], nested: { a: 1 } };
  expect(shortened(small)).toBe(small);
  expect(shortened({ notes: 'x'.repeat(20_000) })).toEqual({
    notes: `${'x'.repeat(100)}… (20000 characters)`,
  });
  const runs = Array.from({ length: 500 }, (_, at) => `run_${at}`);
  expect(shortened({ runs })).toEqual({ runs: [...runs.slice(0, 10), '… (500 in all)'] });
  const wide = Object.fromEntries(runs.map((run) => [run, 'x'.repeat(200)]));
  expect(JSON.stringify(shortened(wide)).length).toBeLessThan(LONGEST);
  expect(JSON.stringify(shortened({ deep: { deeper: 'x'.repeat(5000) } })).length).toBeLessThan(LONGEST);
});

it.each([
  ['session.begin', { by: 'link', address: '10.0.0.7', times: 1 }, 'signed in by link from 10.0.0.7'],
  ['session.refuse', { address: '10.0.0.7', times: 3 }, 'was refused at signing in from 10.0.0.7, 3 times'],
  ['project.create', { name: 'Birds' }, 'created project “Birds”'],
  ['publishedresult.add', {}, 'added publishedresult'],
  ['member.role', { role: 'viewer' }, "changed a member's role (viewer)"],
  ['tags.remove', { tags: ['a'] }, 'removed tags'],
  ['purge', {}, 'purged'],
  ['something.odd', null, 'odd something'],
])('%s is told in words', (action, data, words) => {
  expect(wordsOf(action, data)).toBe(words);
});

it('whatever stands in an entry is told as fields with text', () => {
  expect(changesOf({ name: 'Birds', runs: 4, tags: ['a'], by: null, times: 3 })).toEqual([
    { field: 'name', value: 'Birds' },
    { field: 'runs', value: '4' },
    { field: 'tags', value: '["a"]' },
    { field: 'by', value: 'null' },
  ]);
  for (const data of [null, 'text', 7, {}, []]) {
    expect([changesOf(data).length === 0 || typeof data === 'string', timesOf(data)]).toEqual([true, 1]);
  }
  expect([timesOf({ times: 3 }), timesOf({ times: 'x' }), timesOf({ times: 1.5 })]).toEqual([3, 1, 1]);
});
