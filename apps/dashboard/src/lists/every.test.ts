import { expect, it } from 'vitest';
import { everyNode, type Page } from './every.ts';

const ALL = Array.from({ length: 250 }, (_, at) => at);

function pageBehind(cursor: string): Page<number> {
  const from = Number(cursor);
  const nodes = ALL.slice(from, from + 100);
  const end = from + nodes.length;
  return { nodes, pageInfo: { hasNextPage: end < ALL.length, endCursor: String(end) } };
}

it('goes on behind the first page until there is none', async () => {
  const asked: string[] = [];
  const all = await everyNode(pageBehind('0'), async (cursor) => {
    asked.push(cursor);
    return pageBehind(cursor);
  });
  expect(all).toEqual(ALL);
  expect(asked).toEqual(['100', '200']);
});

it('asks for nothing more where the first page is all', async () => {
  const nodes = ['paper'];
  const whole = { nodes, pageInfo: { hasNextPage: false, endCursor: 'paper' } };
  expect(await everyNode(whole, () => Promise.reject(new Error('asked')))).toEqual(nodes);
});
