import type { Prisma, PrismaClient } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { fillTeam, numbers, TAGS } from './runs-data.ts';

const ALL = {
  experiment: { include: { model: { include: { artifact: true } } } },
  result: { include: { artifact: true } },
} as const satisfies Prisma.RunInclude;
type FullRun = Prisma.RunGetPayload<{ include: typeof ALL }> & { baseTop1: number | null };

it('filters keep what a plain reading of them keeps', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 300 });
  const stranger = await member('viewer');
  await fillTeam(prisma, stranger.teamId, { runs: 20, seed: 2 });
  const all = await everyRun(prisma, viewer.teamId);
  const draw = numbers(7);
  const some = <T>(of: readonly T[]) => of.filter(() => draw(2) === 0);
  const range = (scale: number) => {
    const [a, b] = [draw(10) / 10, draw(10) / 10].map((x) => x * scale);
    return { min: draw(3) ? Math.min(a ?? 0, b ?? 0) : null, max: draw(3) ? Math.max(a ?? 0, b ?? 0) : null };
  };
  const choices: Readonly<Record<string, () => unknown>> = {
    ids: () => some(filled.runIds),
    projectIds: () => some(filled.projectIds),
    experimentIds: () => some(filled.experimentIds),
    modelIds: () => some(filled.modelIds),
    datasetIds: () => some(filled.datasetIds),
    states: () => some(['FINISHED', 'FAILED', 'QUEUED']),
    allocations: () => some(['cie', 'uniform', 'random']),
    criteria: () => some(['l1', 'l2']),
    metric: () => (draw(2) ? 'MACS' : 'PARAMS'),
    share: () => range(1),
    seeds: () => some([0, 1, 2]),
    tags: () => some(TAGS.slice(0, 2)),
    text: () => ['best', '0% O', 'd_n', 'net 1', 'EXPERIMENT 2', '%', 'no such'][draw(7)],
    created: () => ({ from: new Date(Date.UTC(2026, 0, 1, draw(4))).toISOString() }),
    top1: () => range(1),
    drop: () => range(0.5),
    savedMacs: () => range(1),
    savedParams: () => range(1),
  };
  const filters = [
    {},
    // Each by itself, then several at once.
    ...Object.entries(choices).map(([name, choose]) => ({ [name]: choose() })),
    ...Array.from({ length: 40 }, () =>
      Object.fromEntries(
        Object.entries(choices).flatMap(([name, choose]) => (draw(8) === 0 ? [[name, choose()]] : [])),
      ),
    ),
  ];
  let kept = 0;
  for (const filter of filters) {
    const wanted = all.filter((run) => matches(run, filter)).map(({ id }) => id);
    const { data, errors } = await viewer.ask(
      `query ($filter: RunFilter!) {
        runs(filter: $filter, first: 100) { totalCount nodes { id } }
        comparison(filter: $filter) { count columns { id } }
      }`,
      { filter },
    );
    expect(errors, JSON.stringify(filter)).toBeUndefined();
    expect(data.comparison.columns.id, JSON.stringify(filter)).toEqual(wanted.toReversed());
    expect(data.comparison.count).toBe(wanted.length);
    expect(data.runs.totalCount).toBe(wanted.length);
    expect(data.runs.nodes.map(({ id }: { id: string }) => id)).toEqual(wanted.toReversed().slice(0, 100));
    kept += wanted.length;
  }
  expect(kept).toBeGreaterThan(all.length);
});

it('pages in every order go through everything once, unknown values last', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 83 });
  const all = await everyRun(prisma, viewer.teamId);
  const values: Readonly<Record<string, (run: FullRun) => number | string | null>> = {
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
    BYTES: ({ result }) => (result ? Number(result.artifact.bytes) : null),
    RATIO_PARAMS: ({ result, experiment: { model } }) => ratio(model.params, result?.params),
    RATIO_MACS: ({ result, experiment: { model } }) => ratio(model.macs, result?.macs),
    RATIO_BYTES: ({ result, experiment: { model } }) => ratio(model.artifact.bytes, result?.artifact.bytes),
    RATIO_LATENCY: ({ result }) => ratio(result?.baseLatencyMs, result?.latencyMs),
    RATIO_THROUGHPUT: ({ result }) => ratio(result?.throughput, result?.baseThroughput),
    ENGINE: ({ engine }) => engine,
    FINISHED: ({ finishedAt }) => finishedAt?.getTime() ?? null,
  };
  for (const [by, reading] of Object.entries(values)) {
    for (const direction of ['ASC', 'DESC'] as const) {
      const sign = direction === 'ASC' ? 1 : -1;
      const wanted = all.toSorted((a, b) => {
        const [x, y] = [reading(a), reading(b)];
        if (x === null || y === null) {
          if (x !== y) return x === null ? 1 : -1;
        } else if (x !== y) return sign * (x < y ? -1 : 1);
        return sign * (a.id < b.id ? -1 : 1);
      });
      const seen = await paged(viewer, { by, direction }, 9);
      expect(seen, `${by} ${direction}`).toEqual(wanted.map(({ id }) => id));
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
        page: ${list}(first: 1, order: { by: ${by}, direction: ASC }) { pageInfo { endCursor } }
      }`);
      expect(data.up.nodes).toEqual(data.down.nodes.toReversed());
      const next = await viewer.ask(
        `query ($after: ID) { page: ${list}(first: 1, after: $after, order: { by: ${by}, direction: ASC }) { nodes { id } } }`,
        { after: data.page.pageInfo.endCursor },
      );
      expect(next.data.page.nodes[0]).toEqual(data.up.nodes[1]);
    }
  }
});

it('a page goes on where it ended, whatever comes or goes meanwhile', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { runIds } = await fillTeam(prisma, viewer.teamId, { runs: 30 });
  const order = { by: 'TOP1', direction: 'DESC' } as const;
  const whole = await paged(viewer, order, 100);
  const { data } = await viewer.ask(PAGE, { first: 10, order });
  const gone = whole[9];
  await prisma.run.update({ where: { id: gone ?? '' }, data: { deletedAt: new Date() } });
  const next = await viewer.ask(PAGE, { first: 10, order, after: data.runs.pageInfo.endCursor });
  expect(next.data.runs.nodes.map(({ id }: { id: string }) => id)).toEqual(whole.slice(10, 20));
  expect(runIds).toContain(gone);
  for (const [after, message] of [
    ['nonsense', /no endCursor/],
    [data.runs.pageInfo.endCursor, /another order/],
  ] as const) {
    const { errors } = await viewer.ask(PAGE, { first: 1, order: { by: 'MACS' }, after });
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
});

it('a list takes as many statements for fifty rows as for five', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 60 });
  const lists = [
    `runs(first: $first) { totalCount nodes { id notes tags state
      experiment { name model { name summary { groups { id } layers { name } } preprocessing { output } } dataset { name splits { name } } }
      result { top1 loss diverged groups { group after kept savedAlone { macs } } trace { saving } rounds { round } provenance { engine } } events { seq } sampling { matrix { groups accuracy } } } }`,
    'runs(first: $first, order: { by: DROP }) { totalCount nodes { id experiment { name } result { top1 } } }',
    'comparison(most: $first) { count truncated columns { id name model top1 drop } onFront }',
  ];
  for (const list of lists) {
    const query = `query ($first: Int!) { ${list} }`;
    const counts: number[] = [];
    for (const first of [5, 5, 50]) {
      const { result, count } = await statements(() => viewer.ask(query, { first }));
      expect(result.errors).toBeUndefined();
      counts.push(count);
    }
    // The first time notes when the key was used.
    expect(counts[2]).toBe(counts[1]);
  }
});

const PAGE = `query ($first: Int!, $after: ID, $order: RunOrder) {
  runs(first: $first, after: $after, order: $order) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

async function paged(member: Member, order: object, first: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await member.ask(PAGE, { first, after, order });
    ids.push(...data.runs.nodes.map(({ id }: { id: string }) => id));
    after = data.runs.pageInfo.hasNextPage ? data.runs.pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

async function everyRun(prisma: PrismaClient, teamId: string): Promise<FullRun[]> {
  const runs = await prisma.run.findMany({ where: { teamId }, include: ALL, orderBy: { id: 'asc' } });
  const bases = await prisma.baseEvaluation.findMany();
  const datasets = new Map((await prisma.dataset.findMany()).map(({ id, hash }) => [id, hash]));
  return runs.map((run) => {
    const hash = datasets.get(run.experiment.datasetId);
    const base = bases.find((one) => one.modelId === run.experiment.modelId && one.datasetHash === hash);
    return { ...run, baseTop1: base?.top1 ?? null };
  });
}

function drop({ baseTop1, result }: FullRun): number | null {
  const top1 = result?.top1 ?? null;
  return baseTop1 === null || top1 === null ? null : baseTop1 - top1;
}

function ratio(over: number | bigint | null | undefined, under: number | bigint | null | undefined) {
  return over && under ? Number(over) / Number(under) : null;
}

/** The same rules as the statement's, in the plainest words. */
// biome-ignore lint/suspicious/noExplicitAny: filters are drawn at random
function matches(run: FullRun, f: any): boolean {
  const among = (value: unknown, list?: unknown[]) => list === undefined || list.includes(value);
  const inside = (value: number | null, range?: { min: number | null; max: number | null }) => {
    const { min = null, max = null } = range ?? {};
    if (min === null && max === null) return true;
    return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  };
  const { experiment, result } = run;
  const texts = [run.notes, experiment.name, experiment.model.name].map((text) => text.toLowerCase());
  return (
    among(run.id, f.ids) &&
    among(experiment.projectId, f.projectIds) &&
    among(run.experimentId, f.experimentIds) &&
    among(experiment.modelId, f.modelIds) &&
    among(experiment.datasetId, f.datasetIds) &&
    among(run.state.toUpperCase(), f.states) &&
    among(run.allocation, f.allocations) &&
    among(run.criterion, f.criteria) &&
    (f.metric === undefined || run.metric.toUpperCase() === f.metric) &&
    inside(run.share, f.share) &&
    among(run.seed, f.seeds) &&
    (f.tags ?? []).every((tag: string) => run.tags.includes(tag)) &&
    (f.text === undefined || texts.some((text) => text.includes(f.text.toLowerCase()))) &&
    (f.created === undefined || run.createdAt >= new Date(f.created.from)) &&
    inside(result?.top1 ?? null, f.top1) &&
    inside(drop(run), f.drop) &&
    inside(result?.savedMacs ?? null, f.savedMacs) &&
    inside(result?.savedParams ?? null, f.savedParams)
  );
}
