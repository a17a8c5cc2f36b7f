import { getNamedType, isEnumType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { type Member, startPlatform } from './platform.ts';
import { drop, everyRun, type FullRun, ratiosOf } from './read-plainly.ts';
import { fillTeam, numbers } from './runs-data.ts';

type Order = { readonly by: string; readonly direction: 'ASC' | 'DESC' };
type Way = 'forwards' | 'backwards';

const VALUES: Readonly<Record<string, (run: FullRun) => number | string | null>> = {
  CREATED: ({ createdAt }) => createdAt.getTime(),
  TOP1: ({ result }) => result?.top1 ?? null,
  DROP: drop,
  SAVED_MACS: ({ result }) => result?.savedMacs ?? null,
  SAVED_PARAMS: ({ result }) => result?.savedParams ?? null,
  MACS: ({ result }) => (result ? Number(result.macs) : null),
  PARAMS: ({ result }) => (result ? Number(result.params) : null),
  LATENCY: ({ result }) => result?.latencyMs ?? null,
  THROUGHPUT: ({ result }) => result?.throughput ?? null,
  LOSS: ({ result }) => (Number.isFinite(result?.loss) ? (result?.loss ?? null) : null),
  BYTES: ({ result }) => (result?.artifact ? Number(result.artifact.bytes) : null),
  RATIO_PARAMS: (run) => ratiosOf(run).params ?? null,
  RATIO_MACS: (run) => ratiosOf(run).macs ?? null,
  RATIO_BYTES: (run) => ratiosOf(run).bytes ?? null,
  RATIO_LATENCY: (run) => ratiosOf(run).latency ?? null,
  RATIO_THROUGHPUT: (run) => ratiosOf(run).throughput ?? null,
  ENGINE: ({ engine }) => engine,
  FINISHED: ({ finishedAt }) => finishedAt?.getTime() ?? null,
};
const ORDERS: readonly Order[] = Object.keys(VALUES).flatMap((by) => [
  { by, direction: 'ASC' },
  { by, direction: 'DESC' },
]);

it('pages in every order go through everything once, from the beginning as from the end, unknown values last', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 31 });
  const all = await everyRun(prisma, viewer.teamId);
  for (const order of ORDERS) {
    const wanted = inOrder(all, order);
    for (const way of ['forwards', 'backwards'] as const) {
      const seen = await paged(viewer, order, way, 13);
      expect(seen, `${order.by} ${order.direction} ${way}`).toEqual(wanted);
    }
  }
  for (const [list, bys] of Object.entries({
    experiments: ['CREATED', 'NAME'],
    models: ['CREATED', 'NAME', 'MACS', 'PARAMS'],
    projects: ['CREATED', 'NAME'],
  })) {
    for (const by of bys) {
      const { data } = await viewer.ask(`{
        up: ${list}(order: { by: ${by}, direction: ASC }) { nodes { id } }
        down: ${list}(order: { by: ${by}, direction: DESC }) { nodes { id } }
        end: ${list}(last: 1, order: { by: ${by}, direction: ASC }) { edges { cursor node { id } } }
        page: ${list}(first: 1, order: { by: ${by}, direction: ASC }) { pageInfo { endCursor } }
      }`);
      expect(data.up.nodes).toEqual(data.down.nodes.toReversed());
      expect(data.end.edges[0].node).toEqual(data.up.nodes.at(-1));
      const next = await viewer.ask(
        `query ($after: String, $before: String) {
          page: ${list}(first: 1, after: $after, order: { by: ${by}, direction: ASC }) { nodes { id } }
          between: ${list}(after: $after, before: $before, order: { by: ${by}, direction: ASC }) { nodes { id } }
        }`,
        { after: data.page.pageInfo.endCursor, before: data.end.edges[0].cursor },
      );
      expect(next.data.page.nodes[0]).toEqual(data.up.nodes[1]);
      expect(next.data.between.nodes).toEqual(data.up.nodes.slice(1, -1));
    }
  }
});

it('whatever rows come and go between pages: those that stay are read once and in order, and the page knows its neighbours', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { runIds } = await fillTeam(prisma, viewer.teamId, { runs: 36 });
  const draw = numbers(11);
  // Each third: unknown, equal and different values among them, both directions.
  for (const [turn, order] of ORDERS.filter((_, i) => i % 3 === 0).entries()) {
    const way: Way = turn % 4 < 2 ? 'forwards' : 'backwards';
    await prisma.run.updateMany({ data: { deletedAt: null } });
    const whole = inOrder(await everyRun(prisma, viewer.teamId), order);
    const gone = new Set<string>();
    const moved = new Set<string>();
    const seen = await paged(viewer, order, way, 7, async ({ ids, hasNextPage, hasPreviousPage }) => {
      const there = whole.filter((id) => !gone.has(id));
      const [begin, end] = [there.indexOf(ids[0] ?? ''), there.indexOf(ids.at(-1) ?? '')];
      expect(ids).toEqual(there.slice(begin, end + 1));
      expect([hasPreviousPage, hasNextPage]).toEqual([begin > 0, end < there.length - 1]);
      // The row of the cursor goes, too.
      const cursor = way === 'forwards' ? ids.at(-1) : ids[0];
      const some = [cursor ?? '', ...Array.from({ length: 6 }, () => runIds[draw(runIds.length)] ?? '')];
      for (const id of new Set(some)) {
        const goes = !gone.has(id);
        moved.add(id);
        if (goes) gone.add(id);
        else gone.delete(id);
        await prisma.run.update({ where: { id }, data: { deletedAt: goes ? new Date() : null } });
      }
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(whole.filter((id) => seen.includes(id)));
    expect(seen).toEqual(expect.arrayContaining(whole.filter((id) => !moved.has(id))));
  }
});

it('every list has edges, nodes and pages, and refuses both ends at once, bad lengths and cursors that are not its own', async () => {
  const platform = await startPlatform();
  const { userId } = await platform.member('admin');
  await platform.prisma.user.update({ where: { id: userId }, data: { operator: true } });
  const admin = await platform.signedIn(userId);
  const schema = await createSchema();
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter((field) => {
    const type = getNamedType(field.type);
    return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Connection');
  });
  expect(lists.length).toBeGreaterThan(14);
  const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ first: 1, last: 1 }, /^give either first or last$/],
    [{ first: 0 }, /^first is from 1 to 100, not 0$/],
    [{ last: 101 }, /^last is from 1 to 100, not 101$/],
    [{ last: -1 }, /^last is from 1 to 100, not -1$/],
    [{ after: 'nonsense' }, /^after is not a cursor/],
    [{ before: '' }, /^before is not a cursor/],
    [{ before: cursor('Other.created', 'desc', null, 'x') }, /^before is of another list or order/],
    [{ after: cursor('Other.created', 'desc', null, 'a\0b') }, /^after is not a cursor/],
    [{ after: cursor('Other.created', 'desc', 1, 'x') }, /^after is not a cursor/],
  ];
  for (const { name, type } of lists) {
    const ask = (args: object) =>
      admin.ask(
        `query ($first: Int, $after: String, $last: Int, $before: String) {
          list: ${name}(first: $first, after: $after, last: $last, before: $before) {
            totalCount edges { cursor node { __typename } } nodes { __typename }
            pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
          } }`,
        args as Record<string, unknown>,
      );
    const { data, errors } = await ask({});
    expect(errors, name).toBeUndefined();
    const { edges, nodes, pageInfo, totalCount } = data.list;
    expect(
      edges.map((edge: { node: object }) => edge.node),
      name,
    ).toEqual(nodes);
    expect(pageInfo, name).toEqual({
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: totalCount > 20,
      hasPreviousPage: false,
    });
    for (const [args, message] of refused) {
      const answer = await ask(args);
      const told = `${name} ${JSON.stringify(args)}`;
      expect(answer.errors?.[0]?.message, told).toMatch(message);
      expect(answer.errors[0].extensions.code, told).toBe('BAD_USER_INPUT');
    }
    const keys = schema.getType(getNamedType(type).name.replace(/Connection$/, 'OrderBy'));
    if (!isEnumType(keys)) throw new Error(`${name} has no order`);
    for (const by of keys.getValues()) {
      for (const direction of ['ASC', 'DESC']) {
        const order = `order: { by: ${by.name}, direction: ${direction} }`;
        const whole = await admin.ask(`{ list: ${name}(${order}) { edges { cursor } } }`);
        const told = `${name}(${order})`;
        expect(whole.errors, told).toBeUndefined();
        const [begin, ...rest] = whole.data.list.edges;
        if (!begin) continue;
        const { data: next } = await admin.ask(
          `{ list: ${name}(${order}, after: "${begin.cursor}") { edges { cursor } } }`,
        );
        expect(next.list.edges.slice(0, rest.length), told).toEqual(rest.slice(0, 20));
      }
    }
  }
  const order = { by: 'TOP1', direction: 'ASC' } as const;
  for (const value of ['0b11', '1e999', 'NaN', ' 1', '0x1p3', '']) {
    const after = cursor('Run.top1', 'asc', value, 'run_x');
    const { errors } = await admin.ask(PAGE, { first: 1, order, after });
    expect(errors[0].message, value).toMatch(/^after is not a cursor of this list/);
  }
  // The same place written otherwise.
  const spaced = Buffer.from('["Run.top1", "asc", "0.5", "run_x"]').toString('base64url');
  expect((await admin.ask(PAGE, { first: 1, order, after: spaced })).errors[0].message).toMatch(
    /^after is no/,
  );
});

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $order: RunOrder) {
  runs(first: $first, after: $after, last: $last, before: $before, order: $order) {
    nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`;

interface Page {
  readonly ids: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** All pages put together in the list's order; `between` is told of each. */
async function paged(
  member: Pick<Member, 'ask'>,
  order: Order,
  way: Way,
  size: number,
  between: (page: Page) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null, more = true; more; ) {
    const asked = way === 'forwards' ? { first: size, after: cursor } : { last: size, before: cursor };
    const { data } = await member.ask(PAGE, { ...asked, order });
    const { nodes, pageInfo } = data.runs;
    const page: string[] = nodes.map(({ id }: { id: string }) => id);
    if (way === 'forwards') ids.push(...page);
    else ids.unshift(...page);
    if (page.length > 0) await between({ ids: page, ...pageInfo });
    [cursor, more] =
      way === 'forwards'
        ? [pageInfo.endCursor, pageInfo.hasNextPage]
        : [pageInfo.startCursor, pageInfo.hasPreviousPage];
  }
  return ids;
}

function inOrder(runs: readonly FullRun[], { by, direction }: Order): string[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const value = (run: FullRun) => VALUES[by]?.(run) ?? null;
  const sorted = runs.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
    } else if (x !== y) return sign * (x < y ? -1 : 1);
    return sign * (a.id < b.id ? -1 : 1);
  });
  return sorted.map(({ id }) => id);
}
